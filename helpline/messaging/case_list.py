"""What LIST answers: the codes of a desk with what to do and when, most urgent first, in at most two parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpline.content.sms_fit import most
from helpline.core.call_windows import NOW
from helpline.messaging.wording import Wording
from helpline.referral import pass_on
from helpline.referral.context import Context
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx
from menus.gsm7 import weigh

LIST = "to_ngo.list"
WORDS: Mapping[OfferState, str] = {
    OfferState.OPEN: "list_open",
    OfferState.CALLED: "list_open",
    OfferState.CLAIMED: "list_claimed",
    OfferState.FOLLOWED: "list_reached",
}
"""What is to be done about an offer, first what waits for an answer."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Makes the words at the moment they are sent."""

    ctx: Context
    wording: Wording

    def listed(self, tx: Tx, desk: str, language: str) -> str:
        """Give all that a desk holds in one line; empty where that is nothing."""
        known = [(offer, request) for offer in offers.held(tx, desk) if (request := requests.get(tx, offer.request))]
        ordered = sorted(known, key=lambda row: self._urgency(row[0], row[1], tx.now))
        return self._fitting([self._line(offer, request, language, tx.now) for offer, request in ordered], language)

    def _urgency(self, offer: Offered, request: CallbackRequest, now: datetime) -> tuple[bool, int, datetime]:
        span = pass_on.call_window_of(request, now)
        return request.risk != NOW, list(WORDS).index(offer.state), span.start if span else request.expires

    def _line(self, offer: Offered, request: CallbackRequest, language: str, now: datetime) -> str:
        """Say of one request: its code, what to do, her next hour where she is still to be rung."""
        code = self.ctx.offer_code(offer.id, offer.draws)
        said = self.wording.book.notice(language, f"to_ngo.{WORDS[offer.state]}")
        rung = offer.state is OfferState.FOLLOWED
        return (
            f"{code} {said}"
            if rung
            else f"{code} {said} {self.wording.hour(language, pass_on.call_window_of(request, now))}"
        )

    def _fitting(self, lines: Sequence[str], language: str) -> str:
        """Give as many lines as fit, and how many more there are."""
        for count in range(len(lines), 0, -1):
            left = len(lines) - count
            more = [self.wording.book.notice(language, "to_ngo.list_more", count=str(left))] if left else []
            text = "; ".join([*lines[:count], *more])
            if weigh(text) <= most(LIST, text):
                return text
        return ""
