"""What a text to a service or a coordinator tells, worked out when it leaves: is it still true, and how is it now?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from helpline.content.sms_fit import MOST_NAME, brief
from helpline.core.call_windows import next_window
from helpline.keys.sealing import CannotOpen, Opening
from helpline.messaging.case_list import LIST, Listing
from helpline.messaging.wording import Wording
from helpline.referral import pass_on
from helpline.referral.context import Context
from helpline.referral.ending import NUMBER
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.reveal.revealing import revealed
from helpline.staff import contacts, raid_lock
from helpline.store.engine import Tx
from helpline.store.texts_out import Message

OFFER = "to_ngo.offer"
WHILE_CLAIMED = frozenset(
    f"to_ngo.{name}"
    for name in (
        "card", "card_more", "number", "not_now", "used", "no_hour", "hour", "permissions",
        "remind", "silent", "locked",
        "noted",
    )
)  # fmt: skip
WHILE_CALLED: Mapping[str, State] = {"to_ngo.stranded": State.STRANDED, "to_ngo.frozen": State.FROZEN}
"""Texts to coordinators with a code of theirs, and where the request must stand that they may go."""
NAMES_AN_HOUR = frozenset({"to_ngo.not_now", "to_ngo.used", "to_ngo.noted"})
AFTER_A_CALL = frozenset({"to_ngo.used", "to_ngo.noted"})


@dataclass(frozen=True, slots=True)
class Telling:
    """Its fields are all it needs; its method is all it does."""

    ctx: Context
    wording: Wording
    opening: Opening
    log: Callable[[str, str], None]

    def values(self, tx: Tx, message: Message, language: str) -> Mapping[str, str] | None:
        """Give what the notice needs, None where it is overtaken by what happened since it was written down."""
        said = {name: str(value) for name, value in message.values.items()}
        request = requests.get(tx, message.request) if message.request else None
        offer = offers.get(tx, message.offer) if message.offer else None
        if offer is not None:
            said["offer"] = self.ctx.offer_code(offer.id, offer.draws)
        if message.notice == raid_lock.TOLD:
            return self._of_the_lock(tx, said["phone"])
        if message.notice == LIST:
            listed = Listing(self.ctx, self.wording).listed(tx, said["desk"], language)
            return {"need": listed} if listed else None
        if request is None:
            return said
        if not _still_true(message.notice, offer, request.state):
            return None
        if message.notice == NUMBER:
            return self._number(tx, message, said)
        found = self._of_offer(tx, message.notice, request, offer, language)
        return None if found is None else {**found, **said}

    def _of_the_lock(self, tx: Tx, phone: str) -> Mapping[str, str] | None:
        """Give the digits by which a coordinator's telephone unlocks; None where it is not locked any more."""
        on = raid_lock.since(tx)
        return {"offer": self.ctx.offer_code(raid_lock.digits_of(on[0], phone), 0)} if on else None

    def _of_offer(
        self, tx: Tx, notice: str, request: CallbackRequest, offer: Offered | None, language: str
    ) -> Mapping[str, str] | None:
        """Give what a notice tells of a request and whoever holds it; None where there is nothing of it to tell."""
        if notice in NAMES_AN_HOUR:
            span = pass_on.call_window_of(request, tx.now)
            if notice in AFTER_A_CALL and offer is not None:
                span = next_window(request.hours, tx.now, but_not=offer.shown_in)
            return span.local_texts(self.wording.zone) if span else None
        if notice == "to_ngo.card_more" and not request.has_wishes:
            return None
        return self._holder(tx, notice, offer, language) | self._about(notice, request, language, tx.now)

    def _holder(self, tx: Tx, notice: str, offer: Offered | None, language: str) -> dict[str, str]:
        """Name whoever holds a claim of which nothing is heard, so that a person knows where to ring."""
        if offer is None or notice != "to_ngo.silent":
            return {}
        holder = contacts.get(tx, offer.service)
        return {"name": brief(holder.name(language), MOST_NAME) if holder else offer.service[:MOST_NAME]}

    def _about(self, notice: str, request: CallbackRequest, language: str, now: datetime) -> dict[str, str]:
        """Describe a request as far as a notice tells of it."""
        match notice:
            case "to_ngo.offer":
                return self.wording.offer(request, language)
            case "to_ngo.card" | "to_ngo.permissions":
                return self.wording.card(request, language, pass_on.call_window_of(request, now))
            case "to_ngo.card_more":
                return self.wording.wishes(request, language)
            case "to_ngo.hour":
                return {"window": self.wording.hours(request, language, pass_on.call_window_of(request, now))}
            case "to_ngo.stop" | "to_ngo.remind" | "to_ngo.silent" | "to_ngo.frozen":
                return {}
            case _:
                return self.wording.about(request, language)

    def _number(self, tx: Tx, message: Message, said: dict[str, str]) -> Mapping[str, str] | None:
        """Open the number for the service that holds the claim, if its window is still open now (R3, R32).

        Never while the raid lock is on, though it was asked for before.
        """
        id = message.request or ""
        try:
            found = revealed(tx, self.opening, id)
        except CannotOpen:
            self.log("cannot_open", id)
            return None
        if found is None:
            return None
        return said | {"number": found.number.reveal(), "to": self.wording.clock(found.until)}


def _still_true(notice: str, offer: Offered | None, state: State) -> bool:
    """A text that was overtaken before it left is not sent: an offer that is void, a card of a claim that is gone."""
    if notice == OFFER:
        return offer is not None and offer.state is OfferState.OPEN
    if notice in WHILE_CLAIMED:
        return offer is not None and offer.state is OfferState.CLAIMED and state is State.CLAIMED
    if notice in WHILE_CALLED:
        return offer is not None and offer.state is OfferState.CALLED and state is WHILE_CALLED[notice]
    return True
