"""The bell: that something has changed for a desk, told to browsers as server-sent events, without a word of what.

Each answer is one event and ends; the browser asks again by itself after `retry`. A stream that stayed open would
hold one of the process's four threads for each browser: with four colleagues nobody else got a page (decision 0013).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Response, request
from sqlalchemy.engine import Connection

from gateway.console.access import Doors
from gateway.console.cases.case_context import CaseRoom
from gateway.console.context import Visit
from gateway.console.pages import explain, page_number
from helpline.casework.console_actions import NotTheirs
from helpline.oversight import desk_list
from helpline.oversight.desk_list import A_PAGE, DUE, Placed, before, page_of, pages
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered
from helpline.staff.roles import Permission

EVERY_SECONDS = 10
LETTERS = 8
"""Of an id: enough to tell one thing that is due from another."""
MOST = 2 * A_PAGE
"""So many things that are due are told apart, the most urgent ones; of more only how many there are."""


@dataclass(frozen=True, slots=True)
class BellPages:
    """Its field is all it needs."""

    room: CaseRoom

    def open_doors(self, doors: Doors) -> None:
        """Put it behind a door that nobody's session is kept alive by."""
        doors.open("/cases/bell", self.bell, Permission.OWN_CASES, quiet=True)

    def bell(self, visit: Visit) -> Response:
        """Tell a mark that changes with a page of the list (`?page=`), or a case (`?case=`), and what is due."""
        id, number = request.args.get("case", ""), page_number()
        with visit.desk.db.read() as tx:
            first, count, due = desk_list.held(tx, visit.who.service, visit.desk.now(), self.room.kinds, many=MOST)
            try:
                mark = (
                    mark_of_case(visit, *self.room.case(tx, visit.who, id))
                    if id
                    else mark_of_list(visit, self._page(tx, visit, first, number), pages(count))
                )
            except NotTheirs:
                return explain(visit, "missing", 404)
        told = json.dumps(
            {"mark": mark, "count": due, "due": [each.id[:LETTERS] for each in first if each.when in DUE]}
        )
        return Response(f"retry: {EVERY_SECONDS}000\ndata: {told}\n\n", content_type="text/event-stream; charset=utf-8")

    def _page(self, tx: Connection, visit: Visit, first: Sequence[Placed], number: int) -> Sequence[Placed]:
        held = (tx, visit.who.service, visit.desk.now(), self.room.kinds)
        return page_of(first, number) or desk_list.held(*held, before(number)).lines


def mark_of_list(visit: Visit, placed: Sequence[Placed], last: int) -> str:
    """Give what changes whenever a page of the list does, or how many pages there are."""
    return visit.desk.entrance.key.mark(
        "\n".join((f"{last}", *(f"{each.id} {each.when} {each.at}" for each in placed)))
    )


def mark_of_case(visit: Visit, offer: Offered, about: CallbackRequest) -> str:
    """Give what changes with a case: keyed, since before a claim nobody may find out by trying what she said (R32)."""
    said = replace(about, due=about.created, reveals=0)
    return visit.desk.entrance.key.mark(f"{offer.id} {offer.state} {offer.until} {said}")
