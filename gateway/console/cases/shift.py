"""Whose case it is, and the page with which one shift tells the next what is open."""

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.case_list import lines_of
from gateway.console.cases.said import HERE
from gateway.console.context import Visit
from gateway.console.pages import draw, explain, first_of, go, refuse
from helpline.casework import assignment
from helpline.casework.assignment import Assigned
from helpline.casework.console_actions import NotTheirs
from helpline.oversight import worklist_rows
from helpline.oversight.desk_list import When
from helpline.request.model import DRILL
from helpline.request.offers import OfferState
from helpline.staff.roles import Permission

MOST = 40
"""Lines of the sheet: what fits on two pages of A4 if each takes two lines. The most urgent ones."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages, about cases of the person's own service."""
    endpoints.add(f"{HERE}/shift", shift, Permission.OWN_CASES)
    endpoints.add(f"{HERE}/<id>/assign", assign, Permission.OWN_CASES, ("POST",))


def assign(visit: Visit, id: str) -> Response:
    """Take a case, give it to a colleague, or give it back to the whole service."""
    with visit.console.db.write(visit.console.now()) as tx:
        try:
            done = assignment.assign(
                visit.console.case_context.cases, tx, visit.person, id, first_of(request.form, "to", 40)
            )
        except NotTheirs:
            return explain(visit, "missing", 404)
    place = f"{HERE}/{id}?assigned={done.value}"
    return refuse(place) if done in (Assigned.NOT_HELD, Assigned.NO_COLLEAGUE) else go(place)


def shift(visit: Visit) -> Response:
    """Show what the next shift must know, to print on a sheet or two: five digits, what is next, when, and who does it.

    A sheet may lie on a table for days. So it has no number, no need, no place and no word of a caller, nor that one is
    in danger: such a case is on top, and to be done first.
    """
    now, service = visit.console.now(), visit.person.service
    with visit.console.db.read(now) as tx:
        placed = visit.console.case_context.held(tx, service)
        silent, promised = sum(each.silent for each in placed), worklist_rows.promised(tx, service)
        owners = assignment.owners(tx, service, assignment.colleagues(tx, service))
        lines = lines_of(visit, tx, placed[:MOST], owners)
    return draw(
        visit, "shift.html", lines=lines, count=len(placed), more=len(placed) - len(lines), silent=silent,
        promised=promised, now=now, danger=When.DANGER, followed=OfferState.FOLLOWED, drill=DRILL,
    )  # fmt: skip
