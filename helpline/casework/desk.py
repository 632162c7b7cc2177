"""What a desk asks for itself: its list, a text once more, the menu of a code, a pause, who is on duty, help."""

from collections.abc import Mapping
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from helpline.casework import claims
from helpline.core.call_windows import instant
from helpline.matching import candidates
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import offers, requests
from helpline.request.model import State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store import outbox
from helpline.store.engine import Tx

MOST_DAYS = 14
"""So long may a desk be full; then somebody must say so again."""
OPENS = time(8)
"""When a pause ends, on the clock of the country."""
MENUS: Mapping[OfferState, tuple[str, ...]] = {
    OfferState.OPEN: ("to_ngo.menu_open",),
    OfferState.CLAIMED: ("to_ngo.menu_claimed", "to_ngo.menu_more"),
    OfferState.FOLLOWED: ("to_ngo.menu_reached",),
    OfferState.CALLED: ("to_ngo.menu_called",),
}


def held_by_code(ctx: Context, tx: Tx, who: Contact) -> dict[str, Offered]:
    """Give all whose code means something to a contact, by these codes, the oldest first."""
    return {ctx.codes.offer_code(each.id, each.draws): each for each in offers.held(tx, who.desk)}


def send_list(ctx: Context, tx: Tx, who: Contact) -> None:
    """Answer with every code, what to do about it and when. The words are made when they are sent."""
    held = held_by_code(ctx, tx, who)
    claims.answer(tx, who, "to_ngo.list" if held else "to_ngo.none", "", desk=who.desk)


def send_again(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """Send the last text about a request once more: the offer, the card, or what comes next."""
    offer = held_by_code(ctx, tx, who).get(code)
    if offer is None:
        return claims.wrong_code(ctx, tx, who, code)
    if offer.state is OfferState.CLAIMED:
        return ending.tell_card(tx, offer, who)
    notice = {OfferState.OPEN: "to_ngo.offer", OfferState.CALLED: _called(tx, offer)}
    return ending.tell_service(tx, offer, notice.get(offer.state, "to_ngo.menu_reached"), who)


def _called(tx: Tx, offer: Offered) -> str:
    request = requests.get(tx, offer.request)
    return "to_ngo.frozen" if request and request.state is State.FROZEN else "to_ngo.stranded"


def send_menu(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """Answer a code that stands alone with the digits that it may be followed by."""
    offer = held_by_code(ctx, tx, who).get(code)
    if offer is None:
        return claims.wrong_code(ctx, tx, who, code)
    frozen = offer.state is OfferState.CALLED and _called(tx, offer) == "to_ngo.frozen"
    for notice in ("to_ngo.frozen",) if frozen else MENUS[offer.state]:
        ending.tell_service(tx, offer, notice, who)
    return None


def send_help(tx: Tx, who: Contact) -> None:
    """Say how to get a menu, and the words that need no code."""
    claims.answer(tx, who, "to_ngo.help", "")
    claims.answer(tx, who, "to_ngo.help_more", "")


def mark_full(ctx: Context, tx: Tx, who: Contact, days: str) -> None:
    """Let nothing more be asked of this desk for so many days, until the next morning where none are said.

    What it was asked and has not answered goes on to the next.
    """
    if who.kind != "service":
        return claims.answer(tx, who, "to_ngo.help", "")
    if days and not int(days):
        return open_desk(tx, who)
    zone = ZoneInfo(ctx.country.zone)
    last = tx.now.astimezone(zone).date() + timedelta(days=min(int(days or 1), MOST_DAYS))
    until = instant(last, OPENS, zone)
    candidates.set_full(tx, who.desk, until)
    for offer in offers.live_of_service(tx, who.desk):
        if offer.state is OfferState.OPEN:
            pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
    outbox.wake(tx, "waitlist", who.desk, tx.now)
    there = until.astimezone(zone)
    return claims.answer(tx, who, "to_ngo.full", "", **{"day": f"{there:%d.%m}", "from": f"{there:%H:%M}"})


def open_desk(tx: Tx, who: Contact) -> None:
    """End the pause of this desk."""
    if who.kind != "service":
        return claims.answer(tx, who, "to_ngo.help", "")
    candidates.set_full(tx, who.desk, None)
    outbox.wake(tx, "waitlist", who.desk, tx.now)
    return claims.answer(tx, who, "to_ngo.opened", "")


def duty_on(ctx: Context, tx: Tx, who: Contact) -> None:
    """Let this phone get the texts of its service, which the others are told; a coordinator is first in turn."""
    others = _others(ctx, tx, who)
    contacts.put_on_duty(tx, who.id, [each.id for each in others])
    claims.answer(tx, who, "to_ngo.duty_on", "")
    for each in others:
        if each.on_duty and who.kind == "service":
            claims.answer(tx, each, "to_ngo.duty_other", "")


def duty_off(ctx: Context, tx: Tx, who: Contact) -> None:
    """Hand the texts to the other phone, which is told; refused where there is none."""
    others = _others(ctx, tx, who)
    if not others:
        return claims.answer(tx, who, "to_ngo.duty_alone", "")
    if who.on_duty:
        contacts.put_on_duty(tx, others[0].id, [who.id])
        claims.answer(tx, others[0], "to_ngo.duty_on", "")
    return claims.answer(tx, who, "to_ngo.duty_off", "")


def _others(ctx: Context, tx: Tx, who: Contact) -> list[Contact]:
    country = ctx.country.code
    colleagues = contacts.of_service(tx, who.desk) or contacts.of_kind(tx, "coordinator", country)
    return [each for each in colleagues if each.id != who.id]
