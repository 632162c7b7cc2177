"""The digits of orders by SMS: those of a desk for orders about itself, and what happens when digits are wrong.

A sender can be forged. What an order does needs five digits that only the telephone of the desk was sent (R32). Five
wrong ones in an hour redraw the codes of that desk, and it gets the new ones. Nothing is taken away (R49): somebody who
forges a sender must not lose a caller their service.
"""

from datetime import datetime, timedelta
from itertools import count

from helpline.casework import claims
from helpline.casework.answers import AlreadyTold, Answer, Notice, NotOpen
from helpline.casework.sms_answers import tell
from helpline.referral.context import Context
from helpline.request import offers
from helpline.request.offers import Offered
from helpline.staff import contacts, desk_codes, locks, raid_lock
from helpline.staff.audit_report import BY
from helpline.staff.contact import Actor, Contact
from helpline.store import audit_log, exclusive
from helpline.store.engine import Tx

WRONG_CODE = "wrong_code"
"""In the audit log: so many wrong digits came from a telephone that the codes of its desk were redrawn."""
REDRAWN = "redrawn"
"""In the audit log: the codes of a desk were redrawn, because a telephone of it was disabled."""
TOLD_FOR = timedelta(days=2)
"""How long the console says that digits are new: as long as digits of ended requests are known."""
EARLIER = 3
"""Digits of so many earlier draws are known: their desk sent them, so they are no guess. They do nothing."""
DAYS = (timedelta(), timedelta(days=1))
"""The digits of a desk count on the day on which they are sent and on the next."""


def of_desk(ctx: Context, tx: Tx, contact: Contact, verb: str, ago: timedelta = DAYS[0]) -> str:
    """Return the digits with which a telephone orders `verb` of its desk. They are the code of no request."""
    taken = {ctx.offer_code(*each) for each in offers.held_codes(tx, contact.desk)}
    draw, day = desk_codes.draws(tx, contact.desk), (tx.now - ago).date()
    drawn = (ctx.offer_code(f"{verb} {contact.id} {day} {at}", draw) for at in count())
    return next(code for code in drawn if code not in taken)


def are_of_desk(ctx: Context, tx: Tx, contact: Contact, verb: str, code: str) -> bool:
    """Whether digits are those of a desk for this order: of today or yesterday."""
    return any(of_desk(ctx, tx, contact, verb, ago) == code for ago in DAYS)


def renewed(ctx: Context, tx: Tx, desk: str, code: str) -> Offered | None:
    """Return the offer of a desk that had these digits before its codes were redrawn."""
    return next((each for each in claims.known_to(tx, desk) if code in earlier(ctx, each.id, each.draws)), None)


def wrong(ctx: Context, tx: Tx, actor: Actor) -> Answer:
    """Count digits that open nothing for this desk. After too many, redraw its codes."""
    exclusive.desks(tx, [actor.desk])  # first, as in `_redraw`
    if not desk_codes.count_wrong(tx, actor.desk):
        return NotOpen()
    ctx.log("offer_guessed", actor.desk)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, WRONG_CODE, actor.desk)
    renew(ctx, tx, actor.desk, actor.id)
    if actor.is_coordinator and locks.is_raid_on(tx):
        raid_lock.tell(tx, actor.id, raid_lock.TOLD if raid_lock.until(tx) is None else raid_lock.TOLD_HOUR)
    return AlreadyTold() if offers.held(tx, actor.desk) else NotOpen()


def after_loss(ctx: Context, tx: Tx, desk: str) -> None:
    """Redraw the codes of a desk, because somebody may have a telephone that was sent them."""
    renew(ctx, tx, desk)
    audit_log.append(tx, ctx.audit_key, tx.now, BY, REDRAWN, desk)


def new_since(tx: Tx, desk: str) -> datetime | None:
    """Return when the codes of a desk were last redrawn within the last two days, or None."""
    rows = audit_log.search(tx, ref=desk, since=tx.now - TOLD_FOR)
    return max((row.at for row in rows if row.action in (REDRAWN, WRONG_CODE)), default=None)


def renew(ctx: Context, tx: Tx, desk: str, wrote: str = "") -> None:
    """Redraw the codes of a desk, and text the new ones to its telephone on duty and to the one that wrote."""
    _redraw(ctx, tx, desk)
    on_duty = contacts.on_duty(tx, desk)
    told = {each.id: each for each in (contacts.get(tx, wrote), on_duty) if each} if offers.held(tx, desk) else {}
    for contact in told.values():
        tell(tx, contact, Notice.REDRAWN.value, desk=desk)


def _redraw(ctx: Context, tx: Tx, desk: str) -> None:
    """Draw other digits for all that a desk may send digits for. No two have the same, and none has an earlier one."""
    exclusive.desks(tx, [desk])
    known = claims.known_to(tx, desk)
    taken = {ctx.offer_code(*each) for each in offers.held_codes(tx, desk)}
    for each in known:
        taken |= {*earlier(ctx, each.id, each.draws), ctx.offer_code(each.id, each.draws)}
    for each in known:
        draw = next(draw for draw in count(each.draws + 1) if ctx.offer_code(each.id, draw) not in taken)
        taken.add(ctx.offer_code(each.id, draw))
        offers.set_draws(tx, each.id, draw)
    desk_codes.redraw(tx, desk)


def earlier(ctx: Context, offer: str, draws: int) -> frozenset[str]:
    """Return the digits that an offer had before its codes were redrawn."""
    return frozenset(ctx.offer_code(offer, draw) for draw in range(max(0, draws - EARLIER), draws))
