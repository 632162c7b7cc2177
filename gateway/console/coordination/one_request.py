"""One request as a coordinator sees it: its card without number and free text, its history, matching, and actions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.case_context import CaseContext
from gateway.console.context import Visit
from gateway.console.coordination.open_requests import HERE
from gateway.console.pages import draw, explain, first_of, go
from helpline.casework import freeze
from helpline.casework.reassign import STEERABLE, WHY, NotThere, Steering
from helpline.core.call_windows import NOW
from helpline.matching.ranking import Candidate
from helpline.oversight import history, most_urgent_first, open_requests
from helpline.oversight.open_requests import Part, Row, listed_request
from helpline.request import requests
from helpline.request.model import ABOUT_SOMEONE, OVER, State
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

SAID = frozenset({
    "given", "choose", "rests", "over", "wait", "same", "unfit", "said_no", "taken", "not_stranded", "no_telephone",
    "gave_back", "not_yours", "one_only", "lifted", "lift_more", "not_frozen",
})  # fmt: skip
"""The names of texts in `console.requests.said` that the page may show after a form."""
MOST = 20
"""How many eligible services, and how many others, the page lists. A search finds the rest."""


@dataclass(frozen=True, slots=True)
class ReassignPages:
    """The page of one request, and its actions."""

    context: CaseContext

    @property
    def steering(self) -> Steering:
        """The actions of coordinators."""
        return Steering(self.context.cases)

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register these pages."""
        post = ("POST",)
        endpoints.add(f"{HERE}/<id>", self.one, Permission.ALL_CASES)
        for name, view in (("give", self.give), ("take", self.take), ("back", self.give_back), ("lift", self.lift)):
            endpoints.add(f"{HERE}/<id>/{name}", view, Permission.ALL_CASES, post)

    def one(self, visit: Visit, id: str) -> Response:
        """Show one request."""
        with visit.console.db.read() as tx:
            row, about = open_requests.row(tx, id), requests.get(tx, id)
            if row is None or about is None:
                return explain(visit, "missing", 404)
            values = self._values(tx, visit, row)
            what = self.context.words(about, visit.language)
            values |= {"about": about, "what": what, "family": about.kind == ABOUT_SOMEONE}
            if row.state in STEERABLE:
                found = self.steering.candidates(tx, about)
                values |= self._matching(found, values["names"], row)
        return draw(visit, "requests/one.html", **values)

    def _values(self, tx: Tx, visit: Visit, row: Row) -> dict[str, Any]:
        now, steering, desks = visit.console.now(), self.steering, open_requests.desks(tx, visit.language)
        part = most_urgent_first.part_of(tx, row.id)
        watched, contact = listed_request(row, part, now), steering.contact(tx, visit.person)
        names = {id: desk.name for id, desk in desks.items()}
        people = {id for id, desk in desks.items() if desk.coordinator}
        said, answered = request.args.get("said", ""), steering.answered(tx, row.id)
        return {
            "row": row, "watched": watched, "now": now, "danger": NOW, "names": names,
            "over": row.state in OVER, "steerable": row.state in STEERABLE,
            "holder": names.get(row.holder, row.holder), "telephone": contact is not None,
            "said": said if said in SAID else "", "reasons": WHY, "could": (), "answered": answered,
            "can_take": row.state == State.STRANDED, "freeze": watched.part is Part.FROZEN,
            "yours": bool(contact and contact.id == row.holder and row.state == State.CLAIMED),
            "agreed": len(freeze.approved(steering.ctx, tx, row.id)) if watched.part is Part.FROZEN else 0,
            "events": history.events(
                open_requests.contacted_desks(tx, row.id), open_requests.reports(tx, row.id), people
            ),
        }  # fmt: skip

    def _matching(self, found: Sequence[Candidate], names: Mapping[str, str], row: Row) -> dict[str, Any]:
        """Return the eligible services, and the others that the search matches, with the reasons why not."""
        query = first_of(request.args, "q", 60).strip()
        named = [each for each in found if query.casefold() in names.get(each.id, each.id).casefold()]
        fitting, unfit = [each for each in found if not each.why], [each for each in named if each.why]
        could = [each for each in fitting if each.id != row.holder]
        return {
            "query": query, "fitting": fitting[:MOST], "more_fitting": max(0, len(fitting) - MOST),
            "unfit": unfit[:MOST], "more_unfit": max(0, len(unfit) - MOST),
            "could": sorted(could, key=lambda each: names.get(each.id, each.id)),
        }  # fmt: skip

    def give(self, visit: Visit, id: str) -> Response:
        """Reassign the request to another service, with a reason."""
        to, why = first_of(request.form, "to", 40), first_of(request.form, "why", 20)
        again = request.form.get("again") == "yes"
        return _act(visit, id, lambda tx: self.steering.give(tx, visit.person, id, to, why, again=again))

    def take(self, visit: Visit, id: str) -> Response:
        """Take a stranded request."""
        return _act(visit, id, lambda tx: self.steering.take(tx, visit.person, id))

    def give_back(self, visit: Visit, id: str) -> Response:
        """Release a request that the coordinator has taken."""
        return _act(visit, id, lambda tx: self.steering.give_back(tx, visit.person, id))

    def lift(self, visit: Visit, id: str) -> Response:
        """Agree that the caller's phone line was frozen by mistake."""
        if request.form.get("sure") != "yes":
            return go(f"{HERE}/{id}")
        return _act(visit, id, lambda tx: self.steering.lift(tx, visit.person, id))


def _act(visit: Visit, id: str, action: Callable[[Tx], str]) -> Response:
    with visit.console.db.write() as tx:
        try:
            said = action(tx)
        except NotThere:
            return explain(visit, "missing", 404)
    return go(f"{HERE}/{id}?said={said}")
