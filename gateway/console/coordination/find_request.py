"""A coordinator finds a request by what somebody names on the telephone.

A service names the five digits in its SMS, another coordinator the short code. A caller's own code finds nothing: only
the caller uses it, with the word (R27).
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
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = f"{REQUESTS}/find"
DIGITS, SHORT, CALLERS = re.compile("[0-9]{5}"), re.compile("[0-9a-f]{6}"), re.compile("[0-9]{6}")
"""Five digits of a service, the short code, and the six digits that a caller has; a short code may be all digits."""


@dataclass(frozen=True, slots=True)
class Found:
    """A request, and the service that has the digits."""

    service: str
    """Its name; empty if the request was found by its short code."""
    holds: bool
    """Whether that service is asked about it, or holds it, now."""
    redrawn: bool
    """Whether that service has other digits for it now."""
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
    found = list[Found]()
    if is_code or is_short:
        ctx, by = visit.console.case_context.cases.ctx, visit.person.id
        with visit.console.db.write(visit.console.now()) as tx:
            if is_code:
                matches = find_request.by_digits(ctx, tx, by, typed)
                wanted = [(each.offer.request, each.offer.service, each.is_held, each.redrawn) for each in matches]
            else:
                wanted = [(id, "", True, False) for id in find_request.by_short_code(ctx, tx, by, typed)]
            found = _found(tx, visit, wanted)
    if is_short and len(found) == 1:
        return go(f"{REQUESTS}/{found[0].watched.row.id}")
    said = "" if found or not typed else _said(typed)
    values: dict[str, Any] = {"found": found, "looked": typed[:6], "said": said}
    return draw(visit, "requests/find.html", **values)


def _said(typed: str) -> str:
    """Return the name of the text about a code that found nothing: which of the three codes it looks like."""
    if CALLERS.fullmatch(typed):
        return "find_callers"
    if DIGITS.fullmatch(typed):
        return "find_none_digits"
    return "find_none_short" if SHORT.fullmatch(typed) else "find_digits"


def _found(tx: Tx, visit: Visit, wanted: Sequence[tuple[str, str, bool, bool]]) -> list[Found]:
    """Return the requests with these ids, each with the service that has the digits, and what is true of them now."""
    context, now, ids = visit.console.case_context, visit.console.now(), [each[0] for each in wanted]
    rows, about = open_requests.rows(tx, ids), open_requests.full_requests(tx, ids)
    desks = open_requests.desks(tx, visit.language)
    names = {id: desk.name for id, desk in desks.items()}
    return [
        Found(
            names.get(service, service),
            holds,
            redrawn,
            names.get(rows[id].holder, rows[id].holder),
            listed_request(rows[id], most_urgent_first.part_of(tx, id), now),
            context.words(visit.console.texts, about[id], visit.language, now),
        )
        for id, service, holds, redrawn in wanted
        if id in rows and id in about
    ]
