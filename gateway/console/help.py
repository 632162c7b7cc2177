"""What each page is for, in three sentences, and what a person does first. Only the pages that the person may open."""

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.menu import menu_of
from gateway.console.pages import draw
from helpline.staff.roles import Permission

HERE = "/help"


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page."""
    endpoints.add(HERE, show, Permission.ACCOUNT)


def show(visit: Visit) -> Response:
    """Show the help of a person's pages."""
    pages = [(place, text, f"help.on_{place[1:]}") for place, text in menu_of(visit.person)]
    return draw(visit, "help.html", pages=pages, practises=visit.person.may(Permission.OWN_CASES))
