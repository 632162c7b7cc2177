"""Outgoing texts: who may be texted, in which words, and what a gateway's answer means for a text (R12, R13, R18).

compose   in a transaction: is it still true and allowed? If so, the words and the telephone
send      outside of any transaction: the one network call (`sending`)
settle    in a transaction: taken, failed, or to be tried again
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial

from helpline.caller.sms_starts import hours_said_back
from helpline.caller.stops import WorkerStops
from helpline.casework import handover, next_contact
from helpline.content.reviews import Reviews
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Delivery, Receipt, SendFailed
from helpline.keys import message_ids
from helpline.keys.sealing import CannotOpen, Opening, Words
from helpline.messaging.fresh_values import OFFER, TAKE_OVER, FreshValues
from helpline.messaging.in_flight import InFlight
from helpline.messaging.routes import Route, Way, reply_by, way_to
from helpline.messaging.wording import Wording
from helpline.referral import ending, offer_next, pass_on
from helpline.referral.context import Context
from helpline.referral.ending import NUMBER
from helpline.request import offers, requests
from helpline.request.model import DRILL
from helpline.request.offers import OfferState
from helpline.reveal.may_reveal import is_claimed_later
from helpline.reveal.revealing import may_be_shown
from helpline.staff import contacts, locks
from helpline.staff.contact import Actor, Contact
from helpline.staff.on_call import TOLD_ONCE, tell_next
from helpline.store import channel_states, outbox, texts_out
from helpline.store.engine import Tx
from helpline.store.group_commit import GroupCommit
from helpline.store.texts_out import Message
from menus.book import fill
from menus.gsm7 import fold

TO_CALLER = "to_caller"
RETRIES_UNKNOWN = 3
"""So often a text to a service is sent again if the gateway's answer was lost. A text to a caller never is (R12)."""
RETRIES_SAFE = 6
"""So often any text is sent again if the gateway takes a text with the same id of ours only once."""
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))


class Unsent(Enum):
    """Why a text does not go."""

    NOT_ALLOWED = auto()
    """It may not leave, or is no longer true."""
    NO_PHONE = auto()
    """Its receiver is not in the directory any more."""
    NO_CHANNEL = auto()
    """No channel sends to the telephone of its receiver."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a text goes, and how. Read once for each text."""

    contact: Contact | None
    """The telephone of a service or coordinator. None if it is not in the directory any more, and for a caller, whose
    number is opened when the words are made."""
    way: Way | None
    """None if no channel sends there."""


NOWHERE = Address(None, None)


@dataclass(frozen=True, slots=True)
class Letter:
    """A text that is ready to go. It is made for this moment and never stored."""

    to: Msisdn
    text: Hidden
    way: Way


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Composes texts, and settles what became of them."""

    routes: Sequence[Route]
    """The channels that texts can go by, the first choice first."""
    words: Words
    wording: Wording
    ctx: Context
    opening: Opening
    stops: WorkerStops
    reviews: Reviews
    in_flight: InFlight = field(default_factory=InFlight)
    together: GroupCommit = field(default_factory=GroupCommit)

    def settled(self, tx: Tx, id: str) -> Message | None:
        """Apply the stops of the caller that a text is to or about (R18, R48). Return the text as it is then, if any.

        Nothing is changed before: a transaction that applies a stop has its telephone locked, and then changes texts.
        """
        about = texts_out.about(tx, id)
        if about and about.to == "caller" and about.sealed:
            self.stops.settle_row(tx, id, about.sealed)
        elif about and about.request:
            self.ctx.settle_stops(tx, about.request)
        return texts_out.get(tx, id) if about else None

    def compose(self, tx: Tx, message: Message, address: Address) -> Letter | Unsent:
        """Return the words of a text and its telephone, or why it does not go.

        Stops of its caller that have come in were applied before (`settled`).
        """
        if not message.genuine:
            self.ctx.log("text_not_genuine", message.id)
            return Unsent.NOT_ALLOWED
        if message.to == "caller":
            return self._to_caller(message, address.way) or Unsent.NOT_ALLOWED
        contact, way = address.contact, address.way
        if contact is None:
            return Unsent.NO_PHONE
        if message.notice == NUMBER and not _may_get_number(tx, contact):
            return Unsent.NOT_ALLOWED
        language = self.wording.tongue(contact.language)
        if message.notice not in self.wording.book.notices[language]:
            self.ctx.log("text_without_words", message.notice)  # queued by an older version
            return Unsent.NOT_ALLOWED
        values = FreshValues(self.ctx, self.wording, self.opening, self.stops.waiting)
        fresh = values.of(tx, message, language, contact.desk)
        if fresh is None:
            return Unsent.NOT_ALLOWED
        text = self.wording.book.notice(language, message.notice, **fresh.values)
        if fresh.practice:
            text = f"{self.wording.book.notice(language, 'to_ngo.practice')}. {text}"
        return Letter(msisdn(contact.phone), Hidden(text), way) if way else Unsent.NO_CHANNEL

    def address_of(self, tx: Tx, message: Message) -> Address:
        """Return where a text goes: to the telephone that it names, else to the one on duty."""
        if message.to == "caller":
            return Address(None, reply_by(self.routes, message.values))
        phone = str(message.values.get("phone", ""))
        contact = contacts.get(tx, phone) if phone else contacts.on_duty(tx, message.recipient)
        if contact is None:
            return NOWHERE
        resting = partial(channel_states.resting, tx)
        return Address(contact, way_to(self.routes, msisdn(contact.phone), resting, message.refused_by))

    def _to_caller(self, message: Message, way: Way | None) -> Letter | None:
        """Return a neutral reply, in reviewed words, to a text that the caller has sent (R12, R13)."""
        if not may_go_to_caller(message, self.wording.book.tree.sms_safe) or message.sealed is None:
            self.ctx.log("not_allowed_to_caller", message.id)
            return None
        if way is None:
            self.ctx.log("no_channel_to_caller", message.id)
            return None
        language, given = message.language, message.values
        if language not in self.wording.book.languages:
            self.ctx.log("text_without_words", message.notice)  # it was queued while more languages were offered
            return None
        page, wrong = given.get("page", 0), given.get("wrong", False)
        words = self.wording.reply(language, message.notice, given.get("screen", ""), page, wrong)
        if not self.reviews.allow_sent(message.notice, language, words):
            self.ctx.log("unreviewed_text_refused", message.id)
            return None
        hours = hours_said_back(self.wording.book.tree.screens.get(given.get("screen", "")))
        said = self.wording.words(language, given.get("word", 0), given.get("ours", 0)) | hours
        text = fold(fill(words, said), language)
        try:
            return Letter(Msisdn(self.opening.open(message.id, message.sealed)), Hidden(text), way)
        except CannotOpen:
            self.ctx.log("cannot_open", message.id)
            return None

    def may_have_gone(self, message: Message) -> bool:
        """Whether a worker died sending a text to a caller, so that another attempt could be a second text (R12).

        A gateway that takes a text with the same id of ours only once is asked again.
        """
        if message.to != "caller" or message.state is not Delivery.SENDING:
            return False
        way = reply_by(self.routes, message.values)
        return way is None or not way.route.deduplicates or message.attempts >= RETRIES_SAFE

    def unsent(self, tx: Tx, message: Message, why: Unsent) -> None:
        """Settle a text that was not composed. An offer whose text cannot go passes to the next service."""
        if why is Unsent.NO_CHANNEL:
            self.ctx.log("no_channel", message.id)
            self.give_up(tx, message)
            return
        texts_out.drop(tx, message.id)
        if not message.genuine:
            return
        self._settle_unsent(tx, message)
        if why is Unsent.NO_PHONE:
            self.ctx.log("no_phone", message.id)
        if why is Unsent.NO_PHONE and message.notice in texts_out.ON_SAFETY:
            self._tell_undelivered(tx, message)
        if message.notice in TOLD_ONCE and why is Unsent.NO_PHONE:
            tell_next(tx, self.ctx.country.code, message, self.ctx.log)

    def _settle_unsent(self, tx: Tx, message: Message) -> None:
        """Settle what a text was for that was not sent."""
        if message.notice == OFFER and message.offer:
            offer_next.undeliverable(self.ctx, tx, message.offer)
        if message.notice == NUMBER:
            self._number_unsent(tx, message)
        if message.notice == next_contact.REMINDER and message.offer:
            next_contact.remind_again(tx, message.offer)

    def _number_unsent(self, tx: Tx, message: Message) -> None:
        """Free the window of a number that was not sent, and say when it may be asked for again.

        Once it was tried and its claim is over, it counts as sent.
        """
        offer = offers.get(tx, message.offer or "")
        held = offer is not None and offer.state is OfferState.CLAIMED
        if message.state is Delivery.QUEUED and (held or not message.attempts):
            ending.not_shown(tx, message)
        if offer is not None and locks.is_raid_on(tx):
            ending.tell_service(tx, offer, "to_ngo.locked")
        elif offer is not None and held:
            soon = "to_ngo.not_yet" if is_claimed_later(tx, offer) else "to_ngo.not_now"
            ending.tell_service(tx, offer, soon, phone=str(message.values.get("phone", "")))

    def settle(self, tx: Tx, message: Message, route: Route, gateway_id: str) -> None:
        """Settle a text that the gateway took. The answer clock of an offer starts here."""
        channel = route.channel.name
        key = message_ids.key(self.words, channel, gateway_id) if gateway_id else ""
        texts_out.advance(tx, message.id, Delivery.SENT, key, channel)
        if gateway_id and message.to != "caller" and route.poller:
            texts_out.keep_poll_id(tx, message.id, gateway_id)
        if gateway_id:
            channel_states.note_success(tx, channel)
        if message.notice == OFFER and message.offer:
            offer_next.taken(self.ctx, tx, message.offer)

    def fail(self, tx: Tx, message: Message, way: Way, error: SendFailed, attempt: int) -> datetime | None:
        """Settle a failure. Return when to try again, or None if the text is given up."""
        if channel_states.note_failure(tx, way.route.name, fault=error.retry or error.unknown):
            outbox.forget_channel(tx, way.route.name)
        again = tx.now + RETRY_AFTER[min(attempt, len(RETRY_AFTER)) - 1]
        if error.unknown:
            texts_out.advance(tx, message.id, Delivery.UNKNOWN)
            most = RETRIES_SAFE if way.route.deduplicates else RETRIES_UNKNOWN
            if (message.to != "caller" or way.route.deduplicates) and attempt < most:
                return again
            self.settle(tx, message, way.route, "")  # it has probably gone, so an offer waits for its answer
            return None
        if error.retry and (message.to != "caller" or attempt == 1) and attempt < outbox.DEAD_AFTER:
            self._requeue(tx, message, message.refused_by)
            return tx.now if self._goes_elsewhere(tx, message, way) else again
        if message.to != "caller" and self._another(tx, message, way):
            self._requeue(tx, message, (*message.refused_by, way.route.name))
            return tx.now
        self.give_up(tx, message)
        return None

    def _requeue(self, tx: Tx, message: Message, refused_by: Sequence[str]) -> None:
        """Queue a text again. If an earlier try may have arrived, that is not forgotten (R30)."""
        texts_out.requeue(tx, message.id, refused_by)
        if message.state is Delivery.UNKNOWN:
            texts_out.advance(tx, message.id, Delivery.UNKNOWN)

    def _goes_elsewhere(self, tx: Tx, message: Message, way: Way) -> bool:
        """Whether the next attempt goes by another channel, because this one rests now."""
        following = self.address_of(tx, message).way
        return following is not None and following.route.name != way.route.name

    def _another(self, tx: Tx, message: Message, way: Way) -> Way | None:
        """Return another way of a text to a service that this one has certainly refused, even if its channel rests."""
        refused = replace(message, refused_by=(*message.refused_by, way.route.name))
        return self.address_of(tx, refused).way

    def give_up(self, tx: Tx, message: Message) -> None:
        """Settle a text that cannot be delivered: an offer passes on, a number may be asked for again."""
        first = texts_out.advance(tx, message.id, Delivery.FAILED)  # a receipt may come twice
        self.ctx.log("text_failed", message.id)
        if message.notice == OFFER and message.offer:
            offer_next.undeliverable(self.ctx, tx, message.offer)
        if message.notice == TAKE_OVER and message.offer and (proposal := offers.get(tx, message.offer)):
            handover.end(tx, proposal, OfferState.UNDELIVERABLE)
        if message.notice == NUMBER and first:
            ending.not_shown(tx, message)
        if message.notice in TOLD_ONCE and first:
            tell_next(tx, self.ctx.country.code, message, self.ctx.log)
        if message.notice in texts_out.ON_SAFETY and first:
            self._tell_undelivered(tx, message)

    def _tell_undelivered(self, tx: Tx, message: Message) -> None:
        """Ask a coordinator to call a service that a text has not reached, unless it was practice."""
        request = requests.get(tx, message.request) if message.request else None
        if request is None or request.kind != DRILL:
            pass_on.tell_coordinator(self.ctx, tx, "to_ngo.undelivered", offer=message.offer)

    def answered(self, tx: Tx, channel: str, receipt: Receipt) -> None:
        """Apply what a gateway has answered to the question what became of a text."""
        if receipt.status is not None:
            self.receipt(tx, message_ids.key(self.words, channel, receipt.id), receipt.status)

    def receipt(self, tx: Tx, gateway_id: str, status: Delivery) -> bool:
        """Apply a delivery receipt. Return False if no such text is known yet: it may come before our own commit."""
        message = texts_out.by_gateway_id(tx, gateway_id)
        if message is None:
            return False
        if status is Delivery.FAILED:
            if message.state is not Delivery.DELIVERED:
                self.give_up(tx, message)
        else:
            texts_out.advance(tx, message.id, status)
        return True


def may_go_to_caller(message: Message, topics: Collection[str]) -> bool:
    """Whether a text may go to a caller: a neutral one that answers a text of theirs (R12).

    `topics` are the screens that an author has marked as safe and the country has switched on (R13).
    """
    is_topic = message.notice in topics and message.values.get("screen") == message.notice
    return (message.notice.startswith(f"{TO_CALLER}.") or is_topic) and bool(message.values.get("earned"))


def _may_get_number(tx: Tx, contact: Contact) -> bool:
    """Whether a telephone may get a number by SMS now, whatever held when it asked for one (R32)."""
    return contact.accepts_numbers_by_sms and may_be_shown(tx, Actor.by_sms(contact))
