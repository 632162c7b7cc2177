"""What each page is for, in three sentences, and what a person does first. Only the pages that the person may open."""

from collections.abc import Sequence

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.menu import MENU, menu_of
from gateway.console.pages import draw
from helpline.staff.roles import Permission

HERE = "/help"
BELOW: Sequence[tuple[Permission, str, str, str]] = (
    (Permission.OWN_CASES, "/cases/<id>", "case", "help.one_case"),
    (Permission.REVEAL, "/cases/<id>/number", "number", "cases.number"),
    (Permission.OWN_CASES, "/cases/<id>/hand", "hand", "cases.hand"),
    (Permission.OWN_CASES, "/cases/shift", "shift", "shift.title"),
    (Permission.ALL_CASES, "/requests/<id>", "request", "help.one_request"),
    (Permission.ALL_CASES, "/requests/tonight", "tonight", "requests.tonight"),
    (Permission.ALL_CASES, "/requests/blocks", "blocks", "blocks.title"),
    (Permission.DIRECTORY, "/directory/<id>", "service", "help.one_service"),
    (Permission.DIRECTORY, "/directory/<id>/edit", "edit", "help.changing"),
    (Permission.DIRECTORY, "/directory/new", "new", "add.title"),
    (Permission.DIRECTORY, "/directory/lost", "lost", "lost.title"),
)
"""Pages below those of the menu: the permission, the route, the part of the help, and the text that names the page."""
PARTS = {place: place[1:] for _, place, _ in MENU} | {route: part for _, route, part, _ in BELOW}
"""The part of the help for each route."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page, and the function with which every page links to its part of it."""
    endpoints.add(HERE, show, Permission.ACCOUNT)
    endpoints.app.jinja_env.globals["help_part"] = lambda: part_of(request.url_rule.rule if request.url_rule else "")


def show(visit: Visit) -> Response:
    """Show the help of a person's pages."""
    below = [
        (route, part, text, f"help.on_{part}")
        for permission, route, part, text in BELOW
        if visit.person.may(permission)
    ]
    pages = [
        (place, text, f"help.on_{place[1:]}", [each[1:] for each in below if each[0].startswith(f"{place}/")])
        for place, text in menu_of(visit.person)
    ]
    return draw(visit, "help.html", pages=pages, practises=visit.person.may(Permission.OWN_CASES))


def part_of(route: str) -> str:
    """Return the part of the help about a route: its own, else that of the page above it. Empty if there is none."""
    while route and route not in PARTS:
        route = route.rpartition("/")[0]
    return PARTS.get(route, "")
