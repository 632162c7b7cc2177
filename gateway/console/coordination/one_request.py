"""One request as a coordinator sees it: its card without number and words, what happened, why not X, what to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from sqlalchemy.engine import Connection

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.coordination.open_requests import HERE, OpenRequestPages
from gateway.console.pages import draw, explain, first_of, go
from helpline.casework.reassign import STEERABLE, WHY, NotThere, Steering
from helpline.core.call_windows import NOW
from helpline.matching.ranking import Candidate
from helpline.oversight import history, most_urgent_first, open_requests
from helpline.oversight.open_requests import Part, Row, line_of
from helpline.request import requests
from helpline.request.model import ABOUT_SOMEONE, OVER, State
from helpline.staff.roles import Permission

SAID = frozenset({
    "given", "choose", "rests", "over", "wait", "same", "unfit", "said_no", "taken", "not_stranded", "no_telephone",
    "gave_back", "not_yours", "one_only", "lifted", "lift_more", "not_frozen",
})  # fmt: skip
"""What the page may say after a form: a text of `console.requests.said` each."""
MOST = 20
"""So many services that fit, and so many that do not, stand on the page; a search finds the others."""


@dataclass(frozen=True, slots=True)
class ReassignPages:
    """The page of one request, and what is done there."""

    watch: OpenRequestPages

    @property
    def steering(self) -> Steering:
        """Give what does it."""
        return Steering(self.watch.context.cases)

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Put these pages behind their endpoints."""
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
            what = self.watch.context.words(about, visit.language)
            values |= {"about": about, "what": what, "family": about.kind == ABOUT_SOMEONE}
            if row.state in STEERABLE:
                found = self.steering.candidates(tx, about, visit.console.now())
                values |= self._matching(found, values["names"], row)
        return draw(visit, "requests/one.html", **values)

    def _values(self, tx: Connection, visit: Visit, row: Row) -> dict[str, Any]:
        now, steering, desks = visit.console.now(), self.steering, open_requests.desks(tx, visit.language)
        part = most_urgent_first.part_of(tx, row.id, now)
        watched, contact = line_of(row, part, now), steering.contact(tx, visit.person)
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
            "agreed": len(steering.lifting.agreed(tx, row.id, now)) if watched.part is Part.FROZEN else 0,
            "events": history.events(open_requests.asked(tx, row.id), open_requests.said(tx, row.id), people),
        }  # fmt: skip

    def _matching(self, found: Sequence[Candidate], names: Mapping[str, str], row: Row) -> dict[str, Any]:
        """Give whom one may ask, and why not the others, as far as the search goes."""
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
        """Give it to another service, with a reason."""
        to, why = first_of(request.form, "to", 40), first_of(request.form, "why", 20)
        again = request.form.get("again") == "yes"
        now = visit.console.now()
        return _act(visit, id, lambda tx: self.steering.give(tx, visit.person, id, to, why, now, again=again))

    def take(self, visit: Visit, id: str) -> Response:
        """Take what nobody took."""
        return _act(visit, id, lambda tx: self.steering.take(tx, visit.person, id, visit.console.now()))

    def give_back(self, visit: Visit, id: str) -> Response:
        """Give back what one has taken."""
        return _act(visit, id, lambda tx: self.steering.give_back(tx, visit.person, id, visit.console.now()))

    def lift(self, visit: Visit, id: str) -> Response:
        """Say that a slip froze it."""
        if request.form.get("sure") != "yes":
            return go(f"{HERE}/{id}")
        return _act(visit, id, lambda tx: self.steering.lift(tx, visit.person, id, visit.console.now()))


def _act(visit: Visit, id: str, does: Callable[[Connection], str]) -> Response:
    with visit.console.db.write() as tx:
        try:
            said = does(tx)
        except NotThere:
            return explain(visit, "missing", 404)
    return go(f"{HERE}/{id}?said={said}")
