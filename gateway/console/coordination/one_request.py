"""One request as a coordinator sees it: its card without number and free text, its history, matching, and actions."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.coordination.open_requests import HERE
from gateway.console.pages import draw, explain, first_of, go, refuse
from helpline.casework import block_number, freeze, handover, outcomes, reassign, undo_reassign
from helpline.casework.console_actions import Cases
from helpline.casework.escalated_requests import needs_reason
from helpline.casework.reassign import REASSIGNABLE, WHY, NotThere, Reassigned
from helpline.core.call_windows import NOW
from helpline.matching.ranking import Candidate
from helpline.oversight import history, most_urgent_first, open_requests, why_waiting, worklist_rows
from helpline.oversight.open_requests import Part, Row, listed_request
from helpline.request.model import ABOUT_SOMEONE, HELD_ON, OVER, CallbackRequest, State
from helpline.staff import contacts, openings
from helpline.staff.roles import Permission, Person
from helpline.store.engine import Tx

DONE = frozenset({
    *(each.value for each in (Reassigned.GIVEN, Reassigned.TAKEN, Reassigned.GIVEN_BACK, Reassigned.UNFROZEN,
                              Reassigned.ONE_MORE, Reassigned.TAKEN_BACK)), "blocked",
})  # fmt: skip
"""Texts after a form that did something. The others are refusals, and must not look like a success."""
SAID = frozenset(answer.value for answer in Reassigned) | {"blocked", "block_choose", "block_not", "tick"}
"""The names of texts in `console.requests.said` that the page may show after a form."""
NAMED = (Reassigned.GIVEN, Reassigned.TAKEN_BACK, Reassigned.UNDO_FULL, Reassigned.UNDO_UNFIT)
"""Answers that name the service which is asked next, or cannot be asked."""
MOST = 20
"""How many eligible services, and how many others, the page lists. A search finds the rest."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register the page of one request, and its actions."""
    acts = (("give", give), ("undo", take_back), ("take", take), ("back", give_back), ("lift", lift))
    post = ("POST",)
    endpoints.add(f"{HERE}/<id>", one, Permission.ALL_CASES)
    for name, view in acts:
        endpoints.add(f"{HERE}/<id>/{name}", view, Permission.ALL_CASES, post)


def one(visit: Visit, id: str) -> Response:
    """Show one request."""
    key = visit.console.sign_in.audit_key
    values = openings.reading(visit.console.db, key, lambda tx: _one(tx, visit, id))
    return draw(visit, "requests/one.html", **values) if values else explain(visit, "missing", 404)


def _one(tx: Tx, visit: Visit, id: str) -> dict[str, Any]:
    context = visit.console.case_context
    opened = open_requests.opened(tx, visit.console.sign_in.audit_key, visit.person.id, id)
    if opened is None:
        return {}
    row, about = opened
    values = _values(tx, visit, row)
    what = context.words(visit.console.texts, about, visit.language, visit.console.now())
    values |= {"about": about, "what": what, "family": about.kind == ABOUT_SOMEONE}
    if row.state in HELD_ON:
        values["closes"] = outcomes.closes_at(context.cases.ctx, tx, about)
    if row.state == State.WAITING:
        values["waits"] = why_waiting.why(tx, about)
    if row.state in REASSIGNABLE:
        found = handover.candidates(context.cases.ctx, tx, about)
        values |= _matching(found, values["names"], row)
        values["phones"] = _phones(tx, visit.console.country)
        actor = reassign.actor_of(tx, visit.person)
        values |= _undo(tx, visit, about)
        values["needs_reason"] = bool(actor and needs_reason(context.cases.ctx, tx, actor, about))
    return values


def _values(tx: Tx, visit: Visit, row: Row) -> dict[str, Any]:
    now, desks = visit.console.now(), open_requests.desks(tx, visit.language)
    said, ctx = request.args.get("said", ""), visit.console.case_context.cases.ctx
    part = most_urgent_first.part_of(tx, row.id)
    watched, actor = listed_request(row, part, now), reassign.actor_of(tx, visit.person)
    names = {id: desk.name for id, desk in desks.items()}
    people = {id for id, desk in desks.items() if desk.coordinator}
    contacted = open_requests.contacted_desks(tx, row.id)
    agreed = freeze.approved(ctx, tx, row.id) if watched.part is Part.FROZEN else ()
    handing = worklist_rows.handings(tx, [row.id]).get(row.id)
    return {
        "row": row, "watched": watched, "now": now, "danger": NOW, "names": names,
        "over": row.state in OVER, "steerable": row.state in REASSIGNABLE,
        "holder": names.get(row.holder, row.holder), "handing": handing,
        "receiver": names.get(handing.service, handing.service) if handing else "", "telephone": actor is not None,
        "said": said if said in SAID else "", "succeeded": DONE, "to": names.get(request.args.get("to", ""), "–"),
        "reasons": WHY, "could": (),
        "block_reasons": block_number.REASONS, "block_days": ctx.config.block_days,
        "keep_days": ctx.config.keep_days, "heard": any(each.claimed for each in contacted),
        "stopped": watched.part is Part.RESTING and not row.ended_by,
        "answered": reassign.said_no(tx, row.id), "can_take": row.state == State.STRANDED,
        "freeze": watched.part is Part.FROZEN,
        "yours": bool(actor and actor.id == row.holder and row.state == State.CLAIMED),
        "agreed": len(agreed), "has_agreed": bool(actor and actor.id in agreed),
        "events": history.events(
            contacted, open_requests.reports(tx, row.id), people,
            reassign.choices(tx, row.id), undo_reassign.times(tx, row.id),
        ),
    }  # fmt: skip


def _undo(tx: Tx, visit: Visit, about: CallbackRequest) -> dict[str, Any]:
    """Return what this person gave to another service just now, and why they cannot take it back, if they cannot."""
    ctx = visit.console.case_context.cases.ctx
    ended = undo_reassign.withdrawn(ctx, tx, visit.person, about.id)
    return {"withdrawn": ended, "kept": undo_reassign.why_not(ctx, tx, about, ended) if ended else None}


def _matching(found: Sequence[Candidate], names: Mapping[str, str], row: Row) -> dict[str, Any]:
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


def _phones(tx: Tx, country: str) -> dict[str, str]:
    """Return the telephone on duty of each service by its id, or its first one: who does not answer can be called."""
    listed = contacts.of_kind(tx, "service", country)
    return {each.desk: each.phone for each in sorted(listed, key=lambda each: (each.on_duty, each.id == each.desk))}


def give(visit: Visit, id: str) -> Response:
    """Reassign the request to another service, with a reason."""
    to, why = first_of(request.form, "to", 40), first_of(request.form, "why", 20)
    return _do(visit, id, partial(reassign.give, to=to, why=why, again=request.form.get("again") == "yes"), to)


def take_back(visit: Visit, id: str) -> Response:
    """Take back that the request was given to another service: the service before is asked again."""
    with visit.console.db.read() as tx:
        ended = undo_reassign.withdrawn(visit.console.case_context.cases.ctx, tx, visit.person, id)
    return _do(visit, id, undo_reassign.undo, ended.offer.service if ended else "")


def take(visit: Visit, id: str) -> Response:
    """Take a stranded request, with a reason if no more services may get the number."""
    return _do(visit, id, partial(reassign.take, why=first_of(request.form, "why", 20)))


def give_back(visit: Visit, id: str) -> Response:
    """Release a request that the coordinator has taken."""
    return _do(visit, id, reassign.give_back)


def lift(visit: Visit, id: str) -> Response:
    """Agree that the caller's phone line was frozen by mistake."""
    return _do(visit, id, reassign.lift) if request.form.get("sure") == "yes" else refuse(f"{HERE}/{id}?said=tick")


def _do(visit: Visit, id: str, command: Callable[[Cases, Tx, Person, str], Reassigned], to: str = "") -> Response:
    """Run a command about the request, and show its answer, which may name the service `to`, on the request's page."""
    with visit.console.db.write() as tx:
        try:
            answer = command(visit.console.case_context.cases, tx, visit.person, id)
        except NotThere:
            return explain(visit, "missing", 404)
    place = f"{HERE}/{id}?{urlencode({'said': answer.value} | ({'to': to} if answer in NAMED else {}))}"
    return go(place) if answer.value in DONE else refuse(place)
