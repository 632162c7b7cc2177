"""Claimed, but nothing is heard: the holder is reminded and a person is told, then the next one is asked.

A claim is a promise to a person who waits beside a telephone. Its holder shows life by asking for the number and by
telling how the call went; the hours count from when she could be rung.

Her consent has ended: nobody may ring any more (R30).
"""

from datetime import datetime, timedelta

from helpline.matching import next_step
from helpline.matching.next_step import heard_last
from helpline.referral import ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, phone_lines, requests, sealed_numbers
from helpline.request.model import DRILL, HELD_ON, MAY_FOLLOW, OVER, Outcome, State
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx


def remind_or_release(ctx: Context, tx: Tx, id: str) -> datetime | None:
    """Look whether anything is heard of a claim; give when to look again, None where it is over.

    After `silent_hours` its holder is reminded and a coordinator told; `silent_more_hours` later it gives back.
    Somebody in danger waits minutes instead: as long as an offer may, then as long as an urgent one.
    """
    offer = offers.get(tx, id)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None or offer.claimed is None:
        return None
    if offer.state is not OfferState.CLAIMED or request.state is not State.CLAIMED:
        return None
    heard = heard_last(request.hours, offer.claimed, offer.shown_in, attempts.last_report(tx, id))
    first, more = next_step.for_a_sign(ctx.config, request.risk)
    if tx.now < heard + first:
        return heard + first
    if offer.reminded is None or offer.reminded < heard:
        _remind(ctx, tx, offer)
        return tx.now + more
    if tx.now < offer.reminded + more:
        return offer.reminded + more
    _give_back(ctx, tx, offer)
    return None


def _remind(ctx: Context, tx: Tx, offer: Offered) -> None:
    offers.remind(tx, offer.id)
    ending.tell_service(tx, offer, "to_ngo.remind")
    pass_on.tell_coordinator(ctx, tx, "to_ngo.silent", request=offer.request, offer=offer.id, but_not=offer.service)


def _give_back(ctx: Context, tx: Tx, offer: Offered) -> None:
    ctx.log("silent_claim", offer.request)
    pass_on.pass_on(ctx, tx, offer, OfferState.LAPSED)
    ending.tell_service(tx, offer, "to_ngo.stop")


UNHEARD = frozenset({State.WAITING, State.OFFERED, State.STRANDED, State.CLAIMED, State.FROZEN})
"""Where a person must know that her consent ended and nobody has talked to her."""


def expire(ctx: Context, tx: Tx, id: str) -> None:
    """Her consent has ended: nobody may ring any more. That nobody answered is told to a person."""
    request = requests.hold(tx, id)
    if request is None or request.state in OVER or tx.now < request.expires:
        return None
    if request.kind == DRILL:
        return ending.end_drill(tx, request)
    if request.state in HELD_ON and tx.now < request.created + timedelta(days=ctx.config.keep_days):
        return None  # she was reached in time; how long she is helped on is another clock (`follow`)
    if request.state in UNHEARD:
        pass_on.tell_coordinator(ctx, tx, "to_ngo.expired", request=id)
    if request.frozen_at and (line := sealed_numbers.line_of(tx, id)):
        phone_lines.hand_on_freeze(tx, line, request.frozen_at)
    if request.state is State.OFFERED:
        for offer in offers.live_of_request(tx, id):
            ending.end_offer(tx, offer, OfferState.VOID)
        requests.move(tx, id, State.OFFERED, State.WAITING)
        request = requests.get(tx, id) or request
    end = State.EXPIRED if State.EXPIRED in MAY_FOLLOW[request.state] else State.CLOSED
    ending.stop(tx, request, end, Outcome.UNREACHABLE if request.state is State.CLAIMED else None)
