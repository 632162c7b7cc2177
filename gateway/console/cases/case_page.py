"""What the page of one case says: who called when, when to call, the card, what can be reported, who does it.

It only reads. `one_case` answers the forms.
"""

from dataclasses import replace
from typing import Any

from flask import request

from gateway.console.cases.case_list import WAIT_FOR_ANSWER, lines_of, report_by
from gateway.console.cases.contact_form import contact_of
from gateway.console.cases.live import beside, mark_of_case, mark_of_list, whole
from gateway.console.cases.said import said_after
from gateway.console.context import Visit
from gateway.console.pages import first_of
from helpline.casework import assignment, call_hours, handover, next_contact, outcomes
from helpline.casework.console_actions import WHY
from helpline.casework.freeze import FOR_SAFETY
from helpline.casework.notes import MOST_LETTERS
from helpline.core.call_windows import EARLIEST, LATER, LATEST, Span, times_of, why_no_window
from helpline.oversight import worklist_rows
from helpline.oversight.desk_list import When
from helpline.request import attempts, free_windows, offers
from helpline.request.attempts import MET, NOT_FOR_US, has_outcome
from helpline.request.model import ABOUT_SOMEONE, DRILL, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts, locks
from helpline.staff.contact import Contact
from helpline.store.engine import Tx

OUTCOMES = (
    "reached", "no_answer", "busy", "off", "number_invalid", "not_safe_now", "hung_up", "someone_else_answered",
    "wrong_code_word", NOT_FOR_US,
)  # fmt: skip


def values_of(tx: Tx, visit: Visit, offer: Offered, about: CallbackRequest) -> dict[str, Any]:
    """Return the values of a page about a case.

    Before a claim it has the time window, as an SMS has, but nothing that the caller said (R32).
    """
    now, context = visit.console.now(), visit.console.case_context
    wording, tongue = context.wording, context.wording.tongue(visit.language)
    span, ours = free_windows.call_window_of(tx, offer, about), offer.state not in WAIT_FOR_ANSWER
    held, followed = ours and about.state is State.CLAIMED, offer.state is OfferState.FOLLOWED
    written, among = has_outcome(tx, offer), others_beside(tx, visit, offer.id)
    leaves = outcomes.leaving(context.cases.ctx, tx, [about.id]).get(about.id) if followed else None
    ends = outcomes.closes_at(context.cases.ctx, tx, about) if followed else None
    return {
        "offer": offer, "about": about, "said": said_after(), "ours": ours, **_passing_on(tx, offer, about),
        "what": context.words(
            visit.console.texts, free_windows.as_callable(tx, offer.line, about), visit.language, now
        ),
        "leaves": leaves, "hours": _hours(tx, offer, about) if (held or followed) and not leaves else None,
        "card": _card(visit, about, span) if held or followed else None, "held": held, "followed": followed,
        "joins": held and context.joins(tx, offer, about),
        "wishes": wording.rare(about, tongue) if held or followed else "",
        "free": free_windows.next_call(tx, offer.line, about) if held else None,
        "no_time": why_no_window(about.hours, now).value,
        "span": span, "family": about.kind == ABOUT_SOMEONE, "drill": about.kind == DRILL, "why": WHY,
        "outcomes": _outcomes(tx, offer, about, written=written),
        "undoable": context.cases.undoable(tx, visit.person, offer), "missed": about.misses_promise(now),
        "closes": ends, "contact": contact_of(tx, visit, offer, about, ends) if followed else None,
        "written": written and held, "unsaid": held and bool(offer.shown_in) and not written,
        "history": worklist_rows.outcomes(tx, offer.id),
        "notes": context.notes.read(tx, visit.person, offer), "most": MOST_LETTERS,
        "mark": mark_of_case(visit, offer, about, handed=offer.id in worklist_rows.being_handed(tx, offer.service)),
        "locked": locks.is_raid_on(tx), "tongue": tongue,
        "urgent": about.in_danger, **among,
        "report_by": report_by(visit, about, among["placed"]) if held and among["placed"] else None,
        "code": context.cases.ctx.offer_code(offer.id, offer.draws), **_owner(tx, visit, offer),
    }  # fmt: skip


def _outcomes(tx: Tx, offer: Offered, about: CallbackRequest, *, written: bool) -> list[str]:
    """Return what can be reported now: how the call went, then how each contact after it went, and harm at any time."""
    if offer.state is OfferState.FOLLOWED:
        reports = [each for each in next_contact.REPORTS if each != MET or next_contact.known(tx, offer, about)]
        return reports + [each for each in OUTCOMES if offer.shown_in and each in FOR_SAFETY | {NOT_FOR_US}]
    return [each for each in OUTCOMES if offer.shown_in and (not written or each in FOR_SAFETY)]


def others_beside(tx: Tx, visit: Visit, id: str) -> dict[str, Any]:
    """Return the place of a case in the list, and the most urgent ones, which a wide screen shows beside it.

    Every screen says how many cases except this one are in danger.
    """
    everything = whole(visit, tx)
    shown = beside(everything)
    return {
        "beside": lines_of(visit, tx, shown.lines, shown.owners), "beside_mark": mark_of_list(visit, shown, 1),
        "in_danger": sum(each.when is When.DANGER and each.id != id for each in everything.lines),
        "practice": DRILL, "placed": next((each for each in everything.lines if each.id == id), None),
    }  # fmt: skip


def _owner(tx: Tx, visit: Visit, offer: Offered) -> dict[str, Any]:
    """Return who does a case, and the colleagues who could."""
    known = assignment.colleagues(tx, visit.person.service) if offer.state in assignment.HELD else {}
    assigned = first_of(request.args, "assigned", 20)
    return {
        "colleagues": list(known.values()), "owner": known.get(offer.owner or ""),
        "assigned": assigned if assigned in set(assignment.Assigned) else "",
    }  # fmt: skip


def _hours(tx: Tx, offer: Offered, about: CallbackRequest) -> dict[str, Any] | None:
    """Return when the caller may be called, by their clock, what they chose themselves, and whether it can be more.

    None if they chose the two hours of `now` alone: then there is nothing that a service could set.
    """
    own, wide = about.own_hours, call_hours.may_widen(tx, offer)
    chosen, present = (times_of(LATER.get(hours.window, hours.window)) for hours in (own, about.hours))
    if chosen is None and not wide:
        return None
    whole = EARLIEST, LATEST
    first, last = present or whole
    since, until = whole if wide or chosen is None else chosen
    return {
        "first": first.hour, "last": last.hour, "days": about.hours.weekdays, "own": own,
        "own_times": f"{chosen[0]:%H:%M}–{chosen[1]:%H:%M}" if chosen else "", "wide": wide,
        "choices": range(since.hour, until.hour + 1),
    }  # fmt: skip


def _card(visit: Visit, about: CallbackRequest, span: Span | None) -> dict[str, Any]:
    """Return what must be known during a call: both words, the time window, the permissions, who to say one is (R5)."""
    context, wording = visit.console.case_context, visit.console.case_context.wording
    tongue = wording.tongue(visit.language)
    window = context.card_window(visit.console.texts, about, tongue, span)
    may = (
        ("name", about.may_name_us), ("others", about.others_may_answer), ("message", about.may_leave_message),
        ("sms", about.may_sms),
    )  # fmt: skip
    return {
        **wording.words(about.language, about.word, about.ours), "window": window,
        "cover": wording.cover(about, tongue), "may": may, "language": about.language.replace("_", "-"),
        "speaks": about.speaks,
    }  # fmt: skip


def _passing_on(tx: Tx, offer: Offered, about: CallbackRequest) -> dict[str, Any]:
    """Return the other side of a case that is passed on: which service asks this one, or was asked, and until when.

    Both sides read the telephone of the other, to call it at once.
    """
    if offer.state is OfferState.PROPOSED:
        giver = handover.holder(tx, about)
        return {"giver": _desk_of(tx, giver.service) if giver else None}
    before = attempts.handed_by(tx, offer.id)
    former = _desk_of(tx, before[0]) if before else None
    asked = next(iter(offers.proposed(tx, about.id)), None) if offer.state in handover.HOLDS else None
    asked_in_vain = handover.asked_in_vain(tx, offer)
    return {
        "asked_in_vain": [(_desk_of(tx, service), state) for service, state in asked_in_vain.items()],
        "asked": asked, "receiver": _desk_of(tx, asked.service) if asked else None,
        "asked_at": worklist_rows.handings(tx, [about.id])[about.id].asked if asked else None,
        "former": former, "handed_at": before[1] if before else None,
    }  # fmt: skip


def _desk_of(tx: Tx, service: str) -> Contact | None:
    """Return the telephone on duty of a service, with the service's name."""
    first, on_duty = contacts.get(tx, service), contacts.on_duty(tx, service)
    return replace(on_duty, names=first.names) if first and on_duty else on_duty
