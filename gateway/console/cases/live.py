"""Live updates: server-sent events tell a browser that its page has changed, but not what has changed.

Each response is one event and ends. The browser asks again by itself after `retry`. An open stream would hold one of
the process's four threads for each browser: with four colleagues nobody else got a page (decision 0013).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import A_PAGE, explain, first_of, page_number, page_of, pages
from helpline.casework import assignment
from helpline.casework.console_actions import NotTheirs
from helpline.oversight import desk_list
from helpline.oversight.desk_list import DUE, Placed
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered
from helpline.staff.roles import Permission, Person
from helpline.store.engine import Tx

EVERY_SECONDS = 10
LETTERS = 8
"""Letters of an id that are sent: enough to tell one due case from another."""
MOST = 2 * A_PAGE
"""How many due cases are named, the most urgent ones. Of the rest only the count is sent."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register the endpoint that browsers poll. Polling does not keep a session alive."""
    endpoints.add("/cases/bell", changes, Permission.OWN_CASES, quiet=True)


def changes(visit: Visit) -> Response:
    """Return a mark that changes with a page of the list (`?page=`) or a case (`?case=`), and what is due."""
    id, number = request.args.get("case", ""), page_number()
    with visit.console.db.read() as tx:
        lines = desk_list.held(tx, visit.person.service)
        try:
            mark = (
                mark_of_case(visit, *visit.console.case_context.case(tx, visit.person, id))
                if id
                else mark_of_list(visit, *narrowed(visit, tx, lines), number)
            )
        except NotTheirs:
            return explain(visit, "missing", 404)
    due = [each.id[:LETTERS] for each in lines if each.when in DUE]
    event = json.dumps({"mark": mark, "count": len(due), "due": due[:MOST]})
    return Response(f"retry: {EVERY_SECONDS}000\ndata: {event}\n\n", content_type="text/event-stream; charset=utf-8")


def narrowed(visit: Visit, tx: Tx, lines: Sequence[Placed]) -> tuple[list[Placed], Mapping[str, Person]]:
    """Return the lines that are shown (`?whose=`), and who does which case."""
    whose = desk_list.whose_of(first_of(request.args, "whose", 10))
    owners = assignment.owners(tx, visit.person.service, assignment.colleagues(tx, visit.person.service))
    return [each for each in lines if desk_list.is_of(each, owners.get(each.id), visit.person, whose)], owners


def mark_of_list(visit: Visit, lines: Sequence[Placed], owners: Mapping[str, Person], number: int) -> str:
    """Return a mark that changes with a page of the list, with an owner on it, and with the number of pages."""
    placed = ((each, owners.get(each.id)) for each in page_of(lines, number))
    said = (f"{each.id} {each.when} {each.at} {owner.id if owner else ''}" for each, owner in placed)
    return visit.console.sign_in.key.mark("\n".join((f"{pages(len(lines))}", *said)))


def mark_of_case(visit: Visit, offer: Offered, about: CallbackRequest) -> str:
    """Return a mark that changes with a case.

    It is keyed: before a claim nobody may find out by trying values what the caller said (R32).
    """
    said = replace(about, due=about.created, reveals=0)
    return visit.console.sign_in.key.mark(f"{offer.id} {offer.state} {offer.until} {offer.owner} {said}")
