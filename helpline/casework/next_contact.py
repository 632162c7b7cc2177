"""The next contact that a service and a caller it reached have agreed on: when, and who calls or comes.

There is never a number or an address in it: after *reached* the number is not shown again (R34), and what was agreed on
in words is in the notes. It is deleted as soon as the service no longer holds the case.

The code of an offer does not cover it (`offer_seal`): it opens no number, and the public process cannot write it.
Somebody who writes into the database as its owner could set a wrong time, but can change the caller's hours as well,
which no code covers either (docs/threats.md).
"""

from datetime import datetime

from helpline.casework import claims
from helpline.casework.answers import Answer, NextContact, NotOpen
from helpline.casework.outcomes import closes_at
from helpline.referral import ending
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.attempts import AGREED, MET, NOT_MET
from helpline.request.model import DRILL, HELD_ON, CallbackRequest
from helpline.request.offers import WE_CALL, Offered, OfferState
from helpline.staff import locks
from helpline.staff.contact import Actor
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx

WAYS = (WE_CALL, "calls", "comes", "meet")
"""The service calls, the caller calls, the caller comes to the service, or they meet elsewhere."""
REPORTS = (MET, NOT_MET)
REMINDER = "to_ngo.remind_contact"
SAVED = frozenset({"to_ngo.next_saved", "to_ngo.next_soon"})
"""The texts that say what was saved."""


def agree(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered | None, *, at: datetime | None, how: str
) -> Answer | NextContact:  # fmt: skip
    """Store when the next contact is, and which of `WAYS` it is. It takes the place of an earlier one."""
    held = _helped(ctx, tx, actor, offer)
    if held is None:
        return NotOpen()
    offer, request = held
    if locks.is_raid_on(tx):
        return NextContact.LOCKED
    refused = _refusal(ctx, tx, request, at, how)
    if at is None or refused:
        return refused or NextContact.UNCLEAR
    _set(ctx, tx, actor, offer, request, AGREED, (at, how))
    return NextContact.SAVED


def report(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None, *, outcome: str) -> Answer | NextContact:
    """Store whether the contact took place. Contacts in vain count here only, not among the calls of R11."""
    held = _helped(ctx, tx, actor, offer)
    if held is None:
        return NotOpen()
    offer, request = held
    if outcome == MET and offer.agreed_at is None:
        return NextContact.NONE
    _set(ctx, tx, actor, offer, request, outcome, None)
    return NextContact.MET if outcome == MET else NextContact.NOT_MET


def known(tx: Tx, offer: Offered, request: CallbackRequest) -> tuple[datetime, str] | None:
    """Return the next contact of a case, or None if there is none or it is not shown (`why_hidden`)."""
    if offer.state is not OfferState.FOLLOWED or offer.agreed_at is None or why_hidden(tx, offer, request):
        return None
    return offer.agreed_at, offer.agreed_how or WE_CALL


def why_hidden(tx: Tx, offer: Offered, request: CallbackRequest) -> NextContact | None:
    """Return why the next contact that was agreed on is not shown, or None if it is shown or there is none.

    `LOCKED` while number access is locked: somebody may wait for the caller there. `OUTSIDE` if the service would call
    at a time that is not among the caller's hours any more (R3).
    """
    if offer.agreed_at is None:
        return None
    if locks.is_raid_on(tx):
        return NextContact.LOCKED
    how = offer.agreed_how or WE_CALL
    return None if offers.is_in_hours(how, request.hours, offer.agreed_at) else NextContact.OUTSIDE


def remind(tx: Tx, id: str) -> datetime | None:
    """Text the service that a contact is near: nobody there may be at the console. Return when to look again.

    While number access is locked it waits. Nothing is sent if the contact was reported, is over for so long that the
    list asks whether it took place, or may not be at that time any more (`why_hidden`), nor in practice.
    """
    offer = offers.get(tx, id)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None or request.kind == DRILL or offer.agreed_at is None:
        return None
    if not is_near(offer.agreed_at, tx.now):
        ahead = offer.agreed_at - offers.CONTACT_AHEAD
        return ahead if tx.now < ahead else None
    if locks.is_raid_on(tx):
        return tx.now + ending.A_MINUTE
    if known(tx, offer, request):
        ending.tell_service(tx, offer, REMINDER)
    return None


def remind_again(tx: Tx, id: str) -> None:
    """Send a reminder once more that could not leave because number access was locked meanwhile."""
    if locks.is_raid_on(tx):
        outbox.wake(tx, ending.REMIND, id, tx.now + ending.A_MINUTE)


def is_near(at: datetime, now: datetime) -> bool:
    """Whether a reminder of a contact is of use: it is near, and not over for so long that the list asks about it."""
    return at - offers.CONTACT_AHEAD <= now < at + offers.CONTACT_MISSED


def _helped(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered | None
) -> tuple[Offered, CallbackRequest] | None:  # fmt: skip
    """Return a case whose caller was reached, as it is now; None if the actor's service does not hold such a one."""
    found = claims.current(ctx, tx, actor, offer)
    request, now = (requests.hold(tx, found[1].id), offers.get(tx, found[0].id)) if found else (None, None)
    if request is None or now is None or now.state is not OfferState.FOLLOWED or request.state not in HELD_ON:
        return None
    return now, request


def _refusal(
    ctx: Context, tx: Tx, request: CallbackRequest, at: datetime | None, how: str
) -> NextContact | None:  # fmt: skip
    """Return why nothing is stored, or None. The service calls only in the caller's hours, which it may change (R3)."""
    if at is None or how not in WAYS:
        return NextContact.UNCLEAR
    ends = closes_at(ctx, tx, request)
    if at <= tx.now:
        return NextContact.PAST
    if ends is None or at >= ends:
        return NextContact.TOO_LATE
    return None if offers.is_in_hours(how, request.hours, at) else NextContact.OUTSIDE


def _set(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, what: str,
    agreed: tuple[datetime, str] | None,
) -> None:  # fmt: skip
    offers.agree(tx, offer.id, *(agreed or (None, None)))
    outbox.drop(tx, ending.REMIND, offer.id)
    if agreed and (near := agreed[0] - offers.CONTACT_AHEAD) > tx.now:
        outbox.wake(tx, ending.REMIND, offer.id, near)
    attempts.add(tx, offer, actor.id, what, request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, what, request.id)
