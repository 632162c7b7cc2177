"""The one place where a caller's number is opened for the holder of a claim: a text, a page, a bridged call (R3, R32).

It is opened only for a claim that a worker or the console has made, for the desk that holds it, and after the row that
says so was added to the audit log. Rows that anybody else has written do not count.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.core.call_windows import Span, may_show_number
from helpline.core.phone_numbers import Hidden
from helpline.directory import services
from helpline.keys.sealing import Opening
from helpline.referral.context import Context
from helpline.request import offers, requests, sealed_numbers
from helpline.request.model import DRILL, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import locks, people
from helpline.staff.contact import Actor
from helpline.store import audit_log
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Revealed:
    """The number of a claim, and the end of the window in which it may be called."""

    claim: Offered
    number: Hidden
    until: datetime
    practice: bool
    """Whether it is the number of a practice request."""


def may_be_shown(tx: Tx, actor: Actor) -> bool:
    """Whether somebody may get a number now: a coordinator, or a service that may still be asked (R32).

    A coordinator whose account was disabled may not, although their telephone is still in the directory.
    """
    if actor.is_coordinator:
        return not people.is_disabled(tx, actor.id)
    return services.is_active(tx, actor.desk)


def revealed(ctx: Context, tx: Tx, opening: Opening, offer: str, desk: str) -> Revealed | None:
    """Return the number of a claim for the desk that holds it; None if it may not leave now.

    It never leaves while the raid lock is on, even if it was asked for before. Raise `CannotOpen` if no key fits.
    """
    claim = offers.get(tx, offer)
    request = requests.get(tx, claim.request) if claim else None
    if claim is None or request is None or request.state is not State.CLAIMED or locks.is_raid_on(tx):
        return None
    span, sealed = may_show_number(request.hours, tx.now), sealed_numbers.sealed_of(tx, request.id)
    if span is None or sealed is None or not _is_held(ctx, tx, claim, desk) or not _is_logged(ctx, tx, claim, span):
        return None
    return Revealed(claim, opening.open(request.id, sealed), span.end, practice=request.kind == DRILL)


def _is_held(ctx: Context, tx: Tx, claim: Offered, desk: str) -> bool:
    """Whether a desk holds a claim that is genuine, and no older than a consent can be.

    Somebody who kept a copy of an old claim could write it back, with its code.
    """
    if tx.contacts is None or claim.state is not OfferState.CLAIMED or claim.service != desk or claim.claimed is None:
        return False
    return tx.now < claim.claimed + timedelta(days=ctx.config.consent_days)


def _is_logged(ctx: Context, tx: Tx, claim: Offered, span: Span) -> bool:
    """Whether the audit log has the row of this claim, this desk and this window: the number leaves after it."""
    at = claim.shown_at
    if at is None or claim.claimed is None or not max(span.start, claim.claimed) <= at < span.end:
        return False
    return audit_log.is_logged(tx, ctx.audit_key, claim.request, people.ids_of_desk(tx, claim.service), at)
