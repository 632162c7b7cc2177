"""Live updates: server-sent events tell a browser that its page has changed, but not what has changed.

Each response is one event and ends. The browser asks again by itself after `retry`. An open stream would hold one of
the process's four threads for each browser: with four colleagues nobody else got a page (decision 0013).
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import A_PAGE, explain, page_number, page_of, pages
from helpline.casework.console_actions import NotTheirs
from helpline.oversight import desk_list
from helpline.oversight.desk_list import DUE, Placed
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered
from helpline.staff.roles import Permission

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
                else mark_of_list(visit, page_of(lines, number), pages(len(lines)))
            )
        except NotTheirs:
            return explain(visit, "missing", 404)
    due = [each.id[:LETTERS] for each in lines if each.when in DUE]
    event = json.dumps({"mark": mark, "count": len(due), "due": due[:MOST]})
    return Response(f"retry: {EVERY_SECONDS}000\ndata: {event}\n\n", content_type="text/event-stream; charset=utf-8")


def mark_of_list(visit: Visit, placed: Sequence[Placed], last: int) -> str:
    """Return a mark that changes whenever the page of the list or the number of pages changes."""
    return visit.console.sign_in.key.mark(
        "\n".join((f"{last}", *(f"{each.id} {each.when} {each.at}" for each in placed)))
    )


def mark_of_case(visit: Visit, offer: Offered, about: CallbackRequest) -> str:
    """Return a mark that changes with a case.

    It is keyed: before a claim nobody may find out by trying values what the caller said (R32).
    """
    said = replace(about, due=about.created, reveals=0)
    return visit.console.sign_in.key.mark(f"{offer.id} {offer.state} {offer.until} {said}")
