"""The texts that list the codes of a desk, what to do about each and when, in at most two parts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from helpline.content.sms_fit import most
from helpline.core.call_windows import Span
from helpline.messaging.wording import Wording
from helpline.referral.context import Context
from helpline.request import offers, requests
from helpline.request.free_windows import call_window_of
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx
from menus.gsm7 import weigh

ASKED_FOR = "to_ngo.list"
LISTS = frozenset({ASKED_FOR, "to_ngo.redrawn"})
"""What answers LIST, and what names the new codes after the earlier ones were guessed at."""
WORDS: Mapping[OfferState, str] = {
    OfferState.OPEN: "list_open",
    OfferState.PROPOSED: "list_open",
    OfferState.CALLED: "list_open",
    OfferState.CLAIMED: "list_claimed",
    OfferState.FOLLOWED: "list_reached",
}
"""What to do about an offer. Offers that wait for an answer come first."""


def case_list(
    ctx: Context, wording: Wording, tx: Tx, notice: str, desk: str, language: str,
    stop_waits: Callable[[Tx, Collection[str]], Collection[str]],
) -> str:  # fmt: skip
    """Return all that a desk holds in one line, the most urgent first.

    If there is nothing, LIST is answered with the text for that, and for another text this is an empty string. It fits
    into the text `notice`. A case whose caller has sent a stop is left out, although no worker has read it yet: the
    desk might call (R18).
    """
    held = offers.held(tx, desk)
    stopped = stop_waits(tx, {each.request for each in held})
    left = [each for each in held if each.request not in stopped]
    found = [(offer, request) for offer in left if (request := requests.get(tx, offer.request))]
    known = [(offer, request, call_window_of(tx, offer, request)) for offer, request in found]
    known.sort(key=lambda row: _urgency(*row))
    items = []
    for offer, _, span in known:
        action = wording.book.notice(language, f"to_ngo.{WORDS[offer.state]}")
        item = f"{ctx.offer_code(offer.id, offer.draws)} {action}"
        reached = offer.state is OfferState.FOLLOWED
        items.append(item if reached else f"{item} {wording.hour(language, span)}")
    if not items and notice == ASKED_FOR:
        return wording.book.notice(language, "to_ngo.none")
    return _fitting(wording, notice, items, language)


def _urgency(offer: Offered, request: CallbackRequest, span: Span | None) -> tuple[bool, int, datetime]:
    return not request.in_danger, list(WORDS).index(offer.state), span.start if span else request.expires


def _fitting(wording: Wording, notice: str, items: Sequence[str], language: str) -> str:
    """Return as many items as fit, and how many more there are."""
    for count in range(len(items), 0, -1):
        left = len(items) - count
        more = [wording.book.notice(language, "to_ngo.list_more", count=str(left))] if left else []
        need = "; ".join([*items[:count], *more])
        text = wording.book.notice(language, notice, need=need)
        if weigh(text) <= most(notice, text):
            return need
    return ""
