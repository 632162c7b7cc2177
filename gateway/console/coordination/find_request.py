"""A coordinator finds a request by the five digits that a service has in its SMS, for example when it telephones."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from gateway.console.access import Endpoints, Form
from gateway.console.context import Visit
from gateway.console.coordination.open_requests import HERE as REQUESTS
from gateway.console.pages import draw, first_of
from helpline.casework import find_request
from helpline.oversight import most_urgent_first, open_requests
from helpline.oversight.open_requests import ListedRequest, listed_request
from helpline.request.offers import IS_HELD
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = f"{REQUESTS}/find"
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Match:
    """A request, and the service that has the digits."""

    service: str
    holds: bool
    """Whether that service is asked about it, or holds it, now."""
    holder: str
    """The name of the service that has it now."""
    watched: ListedRequest
    what: dict[str, str]


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page. The digits come in a form, because an address stays in the history of a browser (R35)."""
    endpoints.add(HERE, find, Permission.ALL_CASES, ("GET", "POST"), form=Form.OURS)


def find(visit: Visit) -> Response:
    """Show the form, or the requests whose digits were typed, each with the service that has these digits."""
    typed = first_of(request.form, "code", 20).replace(" ", "")
    is_code = len(typed) == DIGITS and typed.isascii() and typed.isdecimal()
    found = list[Match]()
    if is_code:
        with visit.console.db.write(visit.console.now()) as tx:
            found = _found(tx, visit, typed)
    values: dict[str, Any] = {"found": found, "looked": typed[:DIGITS], "is_code": is_code}
    return draw(visit, "requests/find.html", **values)


def _found(tx: Tx, visit: Visit, digits: str) -> list[Match]:
    context, now = visit.console.case_context, visit.console.now()
    offers = find_request.by_digits(context.cases.ctx, tx, visit.person.id, digits)
    ids = [each.request for each in offers]
    rows, about = open_requests.rows(tx, ids), open_requests.full_requests(tx, ids)
    desks = open_requests.desks(tx, visit.language)
    names = {id: desk.name for id, desk in desks.items()}
    return [
        Match(
            names.get(each.service, each.service),
            each.state.value in IS_HELD,
            names.get(rows[each.request].holder, rows[each.request].holder),
            listed_request(rows[each.request], most_urgent_first.part_of(tx, each.request), now),
            context.words(visit.console.texts, about[each.request], visit.language, now),
        )
        for each in offers
        if each.request in rows and each.request in about
    ]
