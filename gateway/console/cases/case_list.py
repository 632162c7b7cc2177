"""The list of the cases of a service: the most urgent first, or narrowed to what somebody looks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlencode

from flask import Response, request

from gateway.console.access import Endpoints, Form
from gateway.console.cases import live
from gateway.console.cases.live import Shown, mark_of_list
from gateway.console.cases.said import HERE, said_after
from gateway.console.context import Visit
from gateway.console.pages import draw, first_of, go, page_number, page_of, pages
from helpline.casework import claims, handover, order_digits, outcomes, practice_case
from helpline.casework.practice_case import Started
from helpline.core.call_windows import next_window, why_no_window
from helpline.core.clock import instant
from helpline.core.languages import LANGUAGES
from helpline.matching import candidates
from helpline.matching.next_step import for_a_sign
from helpline.oversight import ended_cases, open_requests, worklist_rows
from helpline.oversight.desk_list import Placed, When
from helpline.oversight.ended_cases import Ended
from helpline.oversight.narrowing import ORDERS, SHOWS, WHOSE, Narrowing, is_shown
from helpline.oversight.worklist_rows import Caller, Handing
from helpline.request.model import DRILL, CallbackRequest
from helpline.request.offers import CONTACT_MISSED, Offered, OfferState, is_in_hours
from helpline.staff import people
from helpline.staff.roles import Permission, Person
from helpline.store.engine import Tx

WAIT_FOR_ANSWER = (OfferState.OPEN, OfferState.PROPOSED)

ENDED_LINES = 10
"""How many of the cases that ended lately the list shows. Any other is found by its digits."""
NEW_FOR = timedelta(days=14)
"""How long the list invites somebody with a new account to practise."""
PARTS = {
    When.DANGER: "part_danger", When.REMINDED: "part_reminded", When.CALL_NOW: "part_ring_now",
    When.OUTCOME: "outcome_missing", When.AGREED: "part_agreed", When.ANSWER: "part_answer", When.LATER: "part_later",
    When.HELPED_ON: "part_helped_on",
}  # fmt: skip
"""The heading of each part of the list."""


Step = Literal[
    "answer", "answer_until", "answer_handing", "ring_from", "ring_until", "no_hour", "no_hour_over", "no_hour_left",
    "outcome_missing", "report", "help_on", "agreed_we_call", "agreed_calls", "agreed_comes", "agreed_meet",
    "agreed_missed", "agreed_outside", "leaves",
]  # fmt: skip
"""What can be next about a case. The page of components shows each."""
CONTACTS: Mapping[str, Step] = {
    "we_call": "agreed_we_call", "calls": "agreed_calls", "comes": "agreed_comes", "meet": "agreed_meet",
}  # fmt: skip
"""What is next, by the way of the next contact (`next_contact.WAYS`)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list of cases."""

    offer: Offered
    request: CallbackRequest
    placed: Placed
    about: dict[str, str]
    code: str
    """The digits that an SMS about it needs, so that both sides mean the same case."""
    missed: bool
    """Whether a call that the caller was promised did not come."""
    step: Step
    """What to do next."""
    by: datetime | None
    """When that must be done, or can be done at the earliest."""
    owner: str = ""
    """The name of the colleague who does it; empty if nobody in particular."""
    handing: Handing | None = None
    """That the service has asked another one to take it over, and waits for the answer."""
    receiver: str = ""
    """The name of that other service."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register the list. A person sees offers of their own service only.

    The digits to look for come in a form, because an address stays in the history of a browser (R35). That address
    shows the list, too: a page loads itself again when its session has ended.
    """
    live.add_endpoints(endpoints)
    endpoints.add(HERE, inbox, Permission.OWN_CASES)
    endpoints.add(f"{HERE}/find", inbox, Permission.OWN_CASES, ("GET", "POST"), form=Form.OURS)
    endpoints.add(f"{HERE}/now", inbox, Permission.OWN_CASES, quiet=True)
    endpoints.add(f"{HERE}/practise", practise, Permission.OWN_CASES, ("POST",))


def inbox(visit: Visit) -> Response:
    """Show the service's open cases, the most urgent first, page by page."""
    now, number, looked = visit.console.now(), page_number(), first_of(request.form, "code", 5)
    with visit.console.db.read(now) as tx:
        if looked and (place := _by_code(tx, visit, looked)):
            return go(place)
        service = visit.person.service
        everything = live.whole(visit, tx)
        shown = live.narrowed(visit, tx, everything, worklist_rows.callers(tx, service))
        lines = lines_of(visit, tx, page_of(shown.lines, number), shown.owners)
        ended = _ended(visit, tx)
        until = candidates.full_until(tx, service)
        digits = order_digits.new_since(tx, service)
        joined = people.joined(tx, visit.person.id)
        new = joined is not None and now - joined < NEW_FOR
    return draw(
        visit, "cases/list.html", parts=_parts(visit, lines, shown), number=number, last=pages(len(shown.lines)),
        said=said_after(), full=until if until and until > now else None, drill=DRILL, new=new,
        mark=mark_of_list(visit, shown, number), looked=looked,
        narrowing=shown.narrowing, hidden=len(everything.lines) - len(shown.lines), whose=WHOSE, orders=ORDERS,
        counts=_counts(visit, everything, shown), here=partial(address, shown.narrowing), ended=ended,
        query=urlencode(shown.narrowing.choices), digits=digits if everything.lines or ended else None,
        **_choices(visit, shown.callers.values()),
    )  # fmt: skip


def practise(visit: Visit) -> Response:
    """Start a practice case, or open the one that the service has."""
    with visit.console.db.write(visit.console.now()) as tx:
        begun = practice_case.ask(tx, visit.person.service)
    return go(f"{HERE}?said={begun}" if isinstance(begun, Started) else f"{HERE}/{begun.id}")


def lines_of(visit: Visit, tx: Tx, placed: Sequence[Placed], owners: Mapping[str, Person]) -> list[Line]:
    """Return lines of the list with what is next and who does it."""
    by_id = {each.id: each for each in placed}
    found = worklist_rows.with_requests(tx, list(by_id))
    handings = worklist_rows.handings(tx, [about.id for offer, about in found if offer.state in handover.HOLDS])
    followed = [about.id for offer, about in found if offer.state is OfferState.FOLLOWED]
    leaving = outcomes.leaving(visit.console.case_context.cases.ctx, tx, followed) if followed else {}
    names = open_requests.desks(tx, visit.language, {each.service for each in handings.values()}) if handings else {}
    return [
        replace(
            leaving_line(line_of(visit, offer, about, by_id[offer.id]), leaving.get(about.id)),
            owner=owners_name(owners, offer),
            handing=(asked := handings.get(about.id) if offer.state in handover.HOLDS else None),
            receiver=names[asked.service].name if asked and asked.service in names else "",
        )
        for offer, about in found
    ]


def leaving_line(line: Line, ends: datetime | None) -> Line:
    """Return a line that says when the request ends, if its service reported that it is not for them."""
    return replace(line, step="leaves", by=ends) if ends else line


def _parts(visit: Visit, lines: Iterable[Line], shown: Shown) -> list[tuple[str, list[Line]]]:
    """Return the lines under the names of their headings."""

    def heading(line: Line) -> str:
        when, owner = line.placed.when, shown.owners.get(line.offer.id)
        if when is not When.DANGER and shown.narrowing.order != "urgent":
            return "part_oldest"
        if line.step == "leaves":
            return "part_leaves"
        is_own = when is When.REMINDED and owner is not None and owner.id == visit.person.id
        return "part_reminded_you" if is_own else PARTS[when]

    last = sorted(lines, key=lambda line: line.step == "leaves")  # nothing is to be done about them
    return [(name, list(group)) for name, group in groupby(last, heading)]


def _ended(visit: Visit, tx: Tx) -> list[tuple[str, Ended]]:
    """Return the cases that ended lately with their digits, so that nobody wonders where one has gone."""
    digits = visit.console.case_context.cases.ctx.offer_code
    found = ended_cases.lately(tx, visit.person.service, tx.now - claims.LATE_ANSWER, ENDED_LINES)
    return [(digits(each.offer.id, each.offer.draws), each) for each in found]


def _counts(visit: Visit, everything: Shown, shown: Shown) -> dict[str, int]:
    """Return how many lines each filter of `SHOWS` has, among what the other filters leave."""
    others = replace(shown.narrowing, show="all")
    owners, callers, midnight = shown.owners, shown.callers, live.midnight(visit)
    left = [each for each in everything.lines if others.has(each, owners.get(each.id), visit.person, callers, midnight)]
    return {show: sum(is_shown(each, show, midnight) for each in left) for show in SHOWS}


def _choices(visit: Visit, callers: Iterable[Caller]) -> dict[str, Any]:
    """Return the languages and places to choose from: those of the callers whose cases the service has."""
    found = set(callers)
    wording = visit.console.case_context.wording
    tongue = wording.tongue(visit.language)
    places = {each.place: wording.place(each.place, tongue) for each in found if each.place}
    languages = {each.language: LANGUAGES[each.language].name for each in found if each.language in LANGUAGES}
    return {"places": _by_name(places), "languages": _by_name(languages), "tongue": tongue.replace("_", "-")}


def _by_name(named: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(named.items(), key=lambda each: each[1])


def address(narrowing: Narrowing, **other: str) -> str:
    """Return the address of the list with some filters changed."""
    query = urlencode(replace(narrowing, **other).choices)
    return f"{HERE}?{query}" if query else HERE


def _by_code(tx: Tx, visit: Visit, code: str) -> str:
    """Return the address of the case of the person's service that five digits belong to, or an empty string.

    The page of a case that ended lately says so. A caseworker who names it on the telephone must not doubt the digits.
    Digits on a sheet that was printed before they were redrawn find their case, too.
    """
    ctx, service = visit.console.case_context.cases.ctx, visit.person.service
    known = claims.known_to(tx, service)
    if found := next((each for each in known if ctx.offer_code(each.id, each.draws) == code), None):
        return f"{HERE}/{found.id}"
    was = order_digits.renewed(ctx, tx, service, code)
    return f"{HERE}/{was.id}?said=old_digits" if was else ""


def owners_name(owners: Mapping[str, Person], offer: Offered) -> str:
    """Return the name of the colleague who does a case, or an empty string."""
    owner = owners.get(offer.id)
    return owner.name if owner else ""


def report_by(visit: Visit, about: CallbackRequest, placed: Placed) -> datetime | None:
    """Return until when a service that was reminded must report, or None if it was not."""
    _, more = for_a_sign(visit.console.case_context.cases.ctx.config, about.risk)
    return instant(placed.reminded) + more if placed.reminded else None


def line_of(visit: Visit, offer: Offered, about: CallbackRequest, placed: Placed) -> Line:
    """Return a line with what to do next."""
    context, now = visit.console.case_context, visit.console.now()
    by = offer.until if offer.state in WAIT_FOR_ANSWER else placed.at
    step: Step
    match offer.state:
        case OfferState.PROPOSED:
            step = "answer_handing"
        case OfferState.OPEN:
            step = "answer_until" if by else "answer"
        case OfferState.FOLLOWED:
            step = _followed_step(offer, about, by, now)
        case _ if placed.reminded:
            step, by = "report", report_by(visit, about, placed)
        case _ if placed.silent:
            step, by = "outcome_missing", None
        case _:
            step = "ring_from" if by else why_no_window(about.hours, now).value
            if (span := next_window(about.hours, now)) and span.contains(now) and span.end == by:
                step = "ring_until"
    code = context.cases.ctx.offer_code(offer.id, offer.draws)
    words, missed = context.words(visit.console.texts, about, visit.language, now), about.misses_promise(now)
    return Line(offer, about, placed, words, code, missed, step, by)


def _followed_step(offer: Offered, about: CallbackRequest, by: datetime | None, now: datetime) -> Step:
    """Return what is next for a reached caller. `by`: when the contact is that they agreed on, if it is shown."""
    if by:
        return contact_step(offer.agreed_how, by, now)
    is_outside = offer.agreed_at and not is_in_hours(offer.agreed_how, about.hours, offer.agreed_at)
    return "agreed_outside" if is_outside else "help_on"


def contact_step(how: str | None, at: datetime, now: datetime) -> Step:
    """Return what is next for a reached caller who has agreed on a contact."""
    return "agreed_missed" if at + CONTACT_MISSED <= now else CONTACTS.get(how or "", "agreed_we_call")
