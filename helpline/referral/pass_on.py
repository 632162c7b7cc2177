"""Pass a request on: to the next service, to the next request of the same phone line, or to a coordinator.

Each function runs inside one transaction and moves rows only by compare-and-set. So it may run twice or be cut off
anywhere, and nothing is lost or done twice. It sends nothing: texts are rows of the outbox.
"""

from helpline.core.call_windows import NOW, lacks_hour
from helpline.matching import next_step
from helpline.referral import ending, line_turn
from helpline.referral.context import Context
from helpline.referral.own_hours import restore
from helpline.request import offers, phone_lines, requests
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.staff import on_call
from helpline.store import outbox
from helpline.store.engine import Tx


def pass_on(ctx: Context, tx: Tx, offer: Offered, to: OfferState) -> bool:
    """End an offer or a claim, and have the next service asked at once. Return False if it has changed meanwhile."""
    if not ending.end_offer(tx, offer, to):
        return False
    ending.end_proposals(tx, offer.request)
    since = State.CLAIMED if offer.state is OfferState.CLAIMED else State.OFFERED
    if not requests.move(tx, offer.request, since, State.WAITING, due=tx.now):
        return True
    request = requests.get(tx, offer.request)
    request = restore(tx, request) if request else None
    if request and on_call.is_coordinator(tx, offer.service):  # services were asked before them
        strand(ctx, tx, request)
    else:
        outbox.wake(tx, "attend", offer.request, tx.now, requests.queue_of(tx, offer.request))
    return True


def strand(ctx: Context, tx: Tx, request: CallbackRequest) -> None:
    """Mark a waiting request as stranded: no service is left to ask, and coordinators are called again and again."""
    if requests.move(tx, request.id, State.WAITING, State.STRANDED):
        ctx.log("stranded", request.id)
        if lacks_hour(request.window, request.zone):
            ctx.log("no_hour", request.id)
        outbox.wake(tx, "page", request.id, tx.now, request.queue)


def next_on_line(ctx: Context, tx: Tx, line: str) -> None:
    """Attend to the next waiting request of a line that is free now. Its last holder is asked first (R27)."""
    waiting, holder = line_turn.next_waiting(ctx, tx, line), phone_lines.last_holder(tx, line)
    if waiting is None:
        return
    if holder:
        requests.ask_first(tx, waiting, holder)
    outbox.wake(tx, "attend", waiting, tx.now, requests.queue_of(tx, waiting))


def make_way(ctx: Context, tx: Tx, line: str, danger: CallbackRequest) -> None:
    """End the open offer or the claim of another request of a telephone that is in danger now: danger waits for nobody.

    A claim in danger stays, and so does an offer that ends as soon as one in danger: so a telephone that cries again
    and again takes back no more than a service can answer. A request that was made on another telephone takes nothing
    from one that was made on this telephone (R49). Who held the claim may have called already, so it is asked first
    (R27), and is told not to call for what it held: two services must not call one telephone (R30).
    """
    soon = tx.now + next_step.for_an_answer(ctx.config, NOW)
    for request in phone_lines.of_state(tx, line, State.OFFERED, State.CLAIMED):
        if request.id == danger.id or (danger.other and not request.other):
            continue
        for offer in offers.live_of_request(tx, request.id):
            if offer.state is OfferState.CLAIMED and request.risk != NOW:
                if pass_on(ctx, tx, offer, OfferState.VOID):  # else it may just have reached the caller
                    ending.tell_service(tx, offer, "to_ngo.overtaken")
                    requests.ask_first(tx, danger.id, offer.service)
            elif offer.state is OfferState.OPEN and not (offer.until is not None and offer.until <= soon):
                pass_on(ctx, tx, offer, OfferState.VOID)
                ending.say_gone(tx, offer)


def tell_coordinator(
    ctx: Context, tx: Tx, notice: str, *, request: str | None = None, offer: str | None = None,
    but_not: str = "",
) -> None:  # fmt: skip
    """Send a text to the first coordinator on call. `but_not` is the id of the one that it is about."""
    on_call.tell_first(tx, ctx.country.code, notice, ctx.log, request=request, offer=offer, but_not=but_not)
