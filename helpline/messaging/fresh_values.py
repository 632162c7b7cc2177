"""The values of a text to a service or a coordinator, read when it leaves: is it still true, and what does it say?"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpline.casework import next_contact
from helpline.content.sms_fit import MOST_NAME, brief
from helpline.core.call_windows import Span, next_window
from helpline.keys.sealing import CannotOpen, Opening
from helpline.messaging.case_list import LISTS, case_list
from helpline.messaging.wording import Wording
from helpline.referral.context import Context
from helpline.referral.ending import NUMBER
from helpline.referral.timeouts import REMIND_OWNER
from helpline.request import case_owners, offers, requests
from helpline.request.free_windows import as_callable, call_window_of, next_free_window
from helpline.request.model import DRILL, HELD_ON, CallbackRequest, State
from helpline.request.offers import Offered, OfferState
from helpline.reveal.revealing import revealed
from helpline.staff import contacts, desk_codes, raid_lock
from helpline.store.engine import Tx
from helpline.store.texts_out import Message

OFFER, TAKE_OVER, HANDING = "to_ngo.offer", "to_ngo.take_over", "to_ngo.handing"
COLLEAGUE = "to_ngo.colleague"
WHILE_CLAIMED = frozenset(
    f"to_ngo.{name}"
    for name in (
        "card", "not_now", "not_yet", "used", "no_hour", "remind", "silent", "locked", "noted", "last", "last_danger",
        "remind_owner",
    )
)  # fmt: skip
"""Texts to the holder of a claim, or about them. They do not go once the claim is over. Of the text with the number,
`revealed` decides that."""
WHILE_HELD = frozenset(f"to_ngo.{name}" for name in ("card_more", "details", "hour", "permissions"))
"""Texts about what the caller has changed. A service that reached the caller must know it as well."""
WHILE_CALLED: Mapping[str, State] = {
    "to_ngo.stranded": State.STRANDED,
    "to_ngo.stranded_limit": State.STRANDED,
    "to_ngo.frozen": State.FROZEN,
}
"""Texts to coordinators with a code, and the state in which the request must still be."""
NAMES_A_WINDOW = frozenset({"to_ngo.not_now", "to_ngo.used", "to_ngo.noted"})
"""Texts that name the next window in which the number may be shown."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a text says."""

    values: Mapping[str, str] = field(repr=False)
    practice: bool
    """Whether it is about a practice request."""


@dataclass(frozen=True, slots=True)
class FreshValues:
    """Reads the values of texts."""

    ctx: Context
    wording: Wording
    opening: Opening
    stop_waits: Callable[[Tx, Collection[str]], Collection[str]]
    """Return the requests whose caller's stop is not yet read."""

    def of(self, tx: Tx, message: Message, language: str, desk: str) -> Fresh | None:
        """Return what a text to a desk says, or None if it is no longer true."""
        values = {name: str(value) for name, value in message.values.items()}
        if message.notice == NUMBER:
            return self._with_number(tx, message, desk, values)
        request = requests.get(tx, message.request) if message.request else None
        found = self._values(tx, message, request, language, values)
        return None if found is None else Fresh(found, practice=request is not None and request.kind == DRILL)

    def _values(
        self, tx: Tx, message: Message, request: CallbackRequest | None, language: str, values: dict[str, str]
    ) -> Mapping[str, str] | None:
        """Return the stored `values` of a text with the fresh ones. `request`: what it is about."""
        offer = offers.get(tx, message.offer) if message.offer else None
        if offer is not None:
            values["offer"] = self.ctx.offer_code(offer.id, offer.draws)
        if message.notice in (raid_lock.TOLD, raid_lock.TOLD_HOUR):
            return self._of_lock(tx, values["phone"])
        if message.notice == COLLEAGUE:
            return _of_colleague(tx, values["colleague"], language)
        if message.notice in LISTS:
            items = case_list(self.ctx, self.wording, tx, message.notice, values["desk"], language, self.stop_waits)
            return {"need": items} if items else None
        if request is None:
            return values
        if not _is_true(message.notice, offer, request.state):
            return None
        fresh = self._of_offer(tx, message.notice, request, offer, language, values.get("desk", ""))
        return None if fresh is None else {**fresh, **values}

    def _of_lock(self, tx: Tx, phone: str) -> Mapping[str, str] | None:
        """Return the digits that unlock from a coordinator's telephone, or None if number access is not locked."""
        on, until = raid_lock.since(tx), raid_lock.until(tx)
        ends = {"to": self.wording.clock(until)} if until else {}
        return ends | {"offer": self.ctx.offer_code(*desk_codes.of_lock(tx, on[0], phone))} if on else None

    def _of_offer(
        self, tx: Tx, notice: str, request: CallbackRequest, offer: Offered | None, language: str, asked: str
    ) -> Mapping[str, str] | None:
        """Return what a text says of a request and its holder, or None if it has nothing to say."""
        if notice == next_contact.REMINDER:
            agreed = next_contact.known(tx, offer, request) if offer else None
            is_near = agreed and next_contact.is_near(agreed[0], tx.now)
            return {"to": self.wording.clock(agreed[0])} if agreed and is_near else None
        if notice in next_contact.SAVED:
            agreed = next_contact.known(tx, offer, request) if offer else None
            return self.wording.day_and_clock(language, agreed[0]) if agreed else None
        if notice in NAMES_A_WINDOW:
            promised = request.promised if notice == "to_ngo.not_now" else None
            span = next_free_window(tx, offer.line, request, promised) if offer else None
            return span.local_texts(self.wording.zone) if span else None
        if notice == "to_ngo.card_more" and not request.has_wishes:
            return None
        span = call_window_of(tx, offer, request) if offer else None
        if offer and offer.state is OfferState.FOLLOWED:
            span = next_window(request.hours, tx.now)  # the limits of calls end when the caller is reached
        elif offer:
            request = as_callable(tx, offer.line, request)
        return self._holder(tx, notice, offer, language, asked) | self._about(notice, request, language, span, tx.now)

    def _holder(self, tx: Tx, notice: str, offer: Offered | None, language: str, desk: str) -> dict[str, str]:
        """Return who must act: the holder of a silent claim, its colleague, or who is asked to take over."""
        if notice == HANDING:
            asked = contacts.on_duty(tx, desk)
            return {"number": asked.phone} if asked else {}
        if offer is None or notice not in ("to_ngo.silent", "to_ngo.unreached", REMIND_OWNER):
            return {}
        if notice == REMIND_OWNER and (owner := case_owners.of_case(tx, offer)):
            return {"name": brief(owner.name, MOST_NAME)}
        holder = contacts.get(tx, offer.service)
        return {"name": brief(holder.name(language), MOST_NAME) if holder else offer.service[:MOST_NAME]}

    def _about(
        self, notice: str, request: CallbackRequest, language: str, span: Span | None, now: datetime
    ) -> dict[str, str]:
        """Describe a request as far as a text does. `span`: when its holder should call."""
        match notice:
            case "to_ngo.offer" | "to_ngo.details":
                return self.wording.offer(request, language, now)
            case "to_ngo.take_over":
                return self.wording.take_over(request, language, now)
            case "to_ngo.card" | "to_ngo.permissions":
                return self.wording.card(request, language, span)
            case "to_ngo.card_more":
                return self.wording.wishes(request, language)
            case "to_ngo.hour" | "to_ngo.next_outside":
                return {"window": self.wording.hours(request, language, span)}
            case _:
                return self.wording.about(request, language, now)

    def _with_number(self, tx: Tx, message: Message, desk: str, values: dict[str, str]) -> Fresh | None:
        """Open the number for the holder of the claim, or return None if it may not leave any more (R3, R32)."""
        try:
            found = revealed(self.ctx, tx, self.opening, message.offer or "", desk)
        except CannotOpen:
            self.ctx.log("cannot_open", message.request or "")
            return None
        if found is None:
            return None
        number = found.number.reveal()
        code = self.ctx.offer_code(found.claim.id, found.claim.draws)
        values |= {"offer": code, "number": number, "to": self.wording.clock(found.until)}
        return Fresh(values, practice=found.practice)


def _of_colleague(tx: Tx, id: str, language: str) -> Mapping[str, str] | None:
    """Return a colleague's name and work telephone, or None if they are not in the directory any more (R26)."""
    contact = contacts.get(tx, id)
    return {"name": brief(contact.name(language), MOST_NAME), "number": contact.phone} if contact else None


def _is_true(notice: str, offer: Offered | None, state: State) -> bool:
    """Whether a text is still true: its offer is still open, its claim held, its call not answered."""
    if notice == OFFER:
        return offer is not None and offer.state is OfferState.OPEN
    if notice == TAKE_OVER:
        return offer is not None and offer.state is OfferState.PROPOSED
    if notice in WHILE_CLAIMED:
        return offer is not None and offer.state is OfferState.CLAIMED and state is State.CLAIMED
    if notice in WHILE_HELD:
        followed = offer is not None and offer.state is OfferState.FOLLOWED and state in HELD_ON
        return followed or (offer is not None and offer.state is OfferState.CLAIMED and state is State.CLAIMED)
    if notice in WHILE_CALLED:
        return offer is not None and offer.state is OfferState.CALLED and state is WHILE_CALLED[notice]
    return True
