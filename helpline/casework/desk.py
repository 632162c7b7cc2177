"""What a desk does for itself: its list, a text once more, a menu, a pause, who is on duty."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.casework import undo
from helpline.casework.answers import Answer, Notice, NotOpen, Paused, PauseEnded, Repeated
from helpline.casework.sms_answers import card, tell
from helpline.core.call_windows import instant
from helpline.matching import candidates
from helpline.referral import pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.model import State
from helpline.request.offers import Offered, OfferState
from helpline.reveal.may_reveal import was_shown
from helpline.staff import contacts, openings
from helpline.staff.contact import Actor, Contact
from helpline.store import outbox
from helpline.store.engine import Tx

MOST_DAYS = 14
"""The longest pause of a desk."""
OPENS = time(8)
"""When a pause ends, in the country's time zone."""
MENUS: Mapping[OfferState, tuple[str, ...]] = {
    OfferState.OPEN: ("to_ngo.menu_open",),
    OfferState.PROPOSED: ("to_ngo.menu_open",),
    OfferState.CLAIMED: ("to_ngo.menu_claimed", "to_ngo.menu_more"),
    OfferState.FOLLOWED: ("to_ngo.menu_reached", "to_ngo.menu_next"),
    OfferState.CALLED: ("to_ngo.menu_called",),
}
"""The texts that list the digits which may follow a code."""
LAST: Mapping[OfferState, str] = {
    OfferState.OPEN: "to_ngo.offer",
    OfferState.PROPOSED: "to_ngo.menu_open",
    OfferState.FOLLOWED: "to_ngo.menu_reached",
    OfferState.CALLED: "to_ngo.stranded",
}
"""The text that a desk had last about an offer, unless it has the card."""


def held_by_code(ctx: Context, tx: Tx, desk: str) -> dict[str, Offered]:
    """Return the offers of a desk that are open, claimed, followed or called about, by their digits, oldest first."""
    return {ctx.offer_code(offer.id, offer.draws): offer for offer in offers.held(tx, desk)}


def repeat(ctx: Context, tx: Tx, actor: Actor, offer: Offered) -> Answer:
    """Repeat the last text about a request."""
    if offer.service != actor.desk:
        return NotOpen()
    if offer.state is OfferState.CLAIMED:
        openings.record(tx, ctx.audit_key, actor.id, offer.request)
        request = requests.get(tx, offer.request)
        return Repeated(offer, card(wishes=request is not None and request.has_wishes))
    if _is_frozen(tx, offer):
        return Repeated(offer, ("to_ngo.frozen",))
    return Repeated(offer, (LAST[offer.state],)) if offer.state in LAST else NotOpen()


def menu(_ctx: Context, tx: Tx, actor: Actor, offer: Offered) -> Answer:
    """Return the menu of a code that was sent alone."""
    if offer.service != actor.desk:
        return NotOpen()
    if _is_frozen(tx, offer):
        return Repeated(offer, ("to_ngo.frozen",))
    if offer.state is OfferState.CLAIMED and not was_shown(tx, actor, offer):
        return Repeated(offer, ("to_ngo.menu_number",))
    return Repeated(offer, MENUS[offer.state]) if offer.state in MENUS else NotOpen()


def _is_frozen(tx: Tx, offer: Offered) -> bool:
    """Whether a coordinator is called about a frozen request."""
    request = requests.get(tx, offer.request) if offer.state is OfferState.CALLED else None
    return request is not None and request.state is State.FROZEN


def pause(ctx: Context, tx: Tx, actor: Actor, days: str) -> Answer:
    """Offer nothing more to a service for some days, or until the next morning. Its open offers go to the next.

    Zero days end the pause.
    """
    if days and not int(days):
        return end_pause(ctx, tx, actor)
    until = pause_ends(ctx, tx, days)
    candidates.set_full(tx, actor.desk, until)
    for offer in offers.live_of_service(tx, actor.desk):
        if offer.state is OfferState.OPEN:
            attempts.add(tx, offer, actor.id, attempts.FULL, State.OFFERED)
            pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
    outbox.wake(tx, "waitlist", actor.desk, tx.now)
    return Paused(until)


def pause_ends(ctx: Context, tx: Tx, days: str) -> datetime:
    """Return when a pause of some days ends that begins now; without a number, one until the next morning."""
    zone = ZoneInfo(ctx.country.zone)
    last = tx.now.astimezone(zone).date() + timedelta(days=min(int(days or 1), MOST_DAYS))
    return instant(last, OPENS, zone)


def end_pause(ctx: Context, tx: Tx, actor: Actor) -> Answer:
    """End the pause of a service. If it has just begun, what it passed on comes back."""
    if actor.is_coordinator:
        return Notice.HELP
    candidates.set_full(tx, actor.desk, None)
    passed, back = undo.undo_full(ctx, tx, actor.desk)
    outbox.wake(tx, "waitlist", actor.desk, tx.now)
    return PauseEnded(passed, back)


def go_on_duty(ctx: Context, tx: Tx, contact: Contact) -> Answer:
    """Put a telephone on duty for the texts of its service, and tell the one before. A coordinator is called first."""
    others = _colleagues(ctx, tx, contact)
    contacts.put_on_duty(tx, contact.id, [other.id for other in others])
    for other in others:
        if other.on_duty and contact.kind == "service":
            tell(tx, other, "to_ngo.duty_other")
    return Notice.ON_DUTY


def go_off_duty(ctx: Context, tx: Tx, contact: Contact) -> Answer:
    """Put the other telephone on duty, and tell it."""
    others = _colleagues(ctx, tx, contact)
    if contact.on_duty and others:
        contacts.put_on_duty(tx, others[0].id, [contact.id])
        tell(tx, others[0], "to_ngo.duty_on")
    return Notice.OFF_DUTY


def refusal(ctx: Context, tx: Tx, contact: Contact, verb: str) -> Answer | None:
    """Return why a telephone cannot order this of its desk, or None if it can."""
    if verb == "full" and contact.kind == "coordinator":
        return Notice.HELP
    return Notice.NO_OTHER_TELEPHONE if verb == "duty_off" and not _colleagues(ctx, tx, contact) else None


def _colleagues(ctx: Context, tx: Tx, contact: Contact) -> list[Contact]:
    """Return the other telephones of a service, or the other coordinators."""
    all_of_them = contacts.of_service(tx, contact.desk) or contacts.of_kind(tx, "coordinator", ctx.country.code)
    return [other for other in all_of_them if other.id != contact.id]
