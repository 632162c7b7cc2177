"""A coordinator finds a request by what somebody names on the telephone.

A service names the five digits in its SMS, another coordinator the short code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from gateway.console.access import Endpoints, Form
from gateway.console.context import Visit
from gateway.console.coordination.open_requests import HERE as REQUESTS
from gateway.console.pages import draw, first_of, go
from helpline.casework import find_request
from helpline.oversight import most_urgent_first, open_requests
from helpline.oversight.open_requests import ListedRequest, listed_request
from helpline.request.offers import IS_HELD
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = f"{REQUESTS}/find"
DIGITS, SHORT = re.compile("[0-9]{5}"), re.compile("[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Match:
    """A request, and the service that has the digits."""

    service: str
    """Its name; empty if the request was found by its short code."""
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
    """Show the form, or the requests whose code was typed; the only one with a short code at once."""
    typed = re.sub(r"[\s№]", "", first_of(request.form, "code", 20)).lower()
    is_code, is_short = DIGITS.fullmatch(typed) is not None, SHORT.fullmatch(typed) is not None
    found = list[Match]()
    if is_code or is_short:
        ctx, by = visit.console.case_context.cases.ctx, visit.person.id
        with visit.console.db.write(visit.console.now()) as tx:
            if is_code:
                offers = find_request.by_digits(ctx, tx, by, typed)
                wanted = [(each.request, each.service, each.state.value in IS_HELD) for each in offers]
            else:
                wanted = [(id, "", True) for id in find_request.by_short_code(ctx, tx, by, typed)]
            found = _found(tx, visit, wanted)
    if is_short and len(found) == 1:
        return go(f"{REQUESTS}/{found[0].watched.row.id}")
    values: dict[str, Any] = {"found": found, "looked": typed[:6], "is_code": is_code or is_short}
    return draw(visit, "requests/find.html", **values)


def _found(tx: Tx, visit: Visit, wanted: Sequence[tuple[str, str, bool]]) -> list[Match]:
    """Return the requests with these ids, each with the service that has the digits and whether it holds it now."""
    context, now, ids = visit.console.case_context, visit.console.now(), [id for id, _, _ in wanted]
    rows, about = open_requests.rows(tx, ids), open_requests.full_requests(tx, ids)
    desks = open_requests.desks(tx, visit.language)
    names = {id: desk.name for id, desk in desks.items()}
    return [
        Match(
            names.get(service, service),
            holds,
            names.get(rows[id].holder, rows[id].holder),
            listed_request(rows[id], most_urgent_first.part_of(tx, id), now),
            context.words(visit.console.texts, about[id], visit.language, now),
        )
        for id, service, holds in wanted
        if id in rows and id in about
    ]
