"""End or resume a request, its offers and its claim: offers become void, and the claimant is told to stop.

The public process runs parts of this for a caller. It may write no text, so it asks a worker to (`ask_to_tell`).
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from helpline.core.jobs import Queue
from helpline.core.ports import Delivery
from helpline.request import coordinator_calls, forged_offers, offers, requests, reveals, sealed_numbers
from helpline.request.model import MAY_FOLLOW, OVER, CallbackRequest, Outcome, State
from helpline.request.offers import HAS_CODE, Offered, OfferState
from helpline.staff.contact import Contact
from helpline.store import outbox, texts_out
from helpline.store.engine import Tx
from helpline.store.texts_out import Message
from menus.draft import PERMISSIONS

NUMBER = "to_ngo.number"
REMIND = "agreed"
"""In the outbox: remind the service of an offer of the next contact. The row says when that is, so it ends with it."""
TELL = "tell"
"""In the outbox: text the service of an offer. `ref` says what (`News`) and about which offer."""
A_MINUTE = timedelta(minutes=1)
HOURS = frozenset({"window", "days", "hour", "zone"})
"""The columns of a request that say when the caller may be called."""
NOT_ON_CARD = frozenset({"place", "need", "age_band"})
"""The columns that a service reads in the offer, and not on its card."""


class News(StrEnum):
    """What the service of an offer must know, because the caller has changed something."""

    STOP = "stop"
    CARD = "card"
    HOUR = "hour"
    PERMISSIONS = "may"
    DETAILS = "details"
    """The place, the need or who should call. A service that has only claimed the request gets the card instead."""
    GONE = "gone"
    """The service was asked, and need not answer any more."""


SAYS: Mapping[str, str] = {News.STOP: "to_ngo.stop", News.GONE: "to_ngo.gone", News.HOUR: "to_ngo.hour"}
"""The text of each news that is one text without values."""


def stop(tx: Tx, request: CallbackRequest, to: State, outcome: Outcome | None = None) -> bool:
    """Pause, freeze, expire or close a request, even if its state has changed since it was read.

    Return False if the transition does not exist. A stop takes effect even if a service claims or an offer lapses at
    the same instant (R33, R48). A claim turns to "do not call": its service is told, in neutral words. The number of a
    closed request is erased.
    """
    held = requests.hold(tx, request.id)
    if held is None or to not in MAY_FOLLOW[held.state]:
        return False
    requests.move(tx, request.id, held.state, to, outcome=outcome)
    for offer in offers.live_of_request(tx, request.id):
        if offer.state is OfferState.OPEN:
            take_back(tx, offer)
        else:
            end_offer(tx, offer, OfferState.VOID)
            ask_to_tell(tx, offer, News.STOP, texts_out.queue_of("to_ngo.stop", held.queue))
    coordinator_calls.end_all(tx, request.id)
    end_proposals(tx, request.id)
    for kind in ("attend", "page", "follow", *(("expire",) if to in OVER else ())):
        outbox.drop(tx, kind, request.id)
    if to in OVER:
        outbox.wake(tx, "forget", request.id, tx.now)
    else:
        plan_end(tx, held)
    return True


def plan_end(tx: Tx, request: CallbackRequest) -> None:
    """Make sure that a request ends with its consent (R30).

    Whoever stores a request wakes only `attend`, which calls this: the row would change six more pages of SQLite's log
    while the caller waits. A stop before that calls it, too.
    """
    if request.state not in OVER:
        outbox.ensure(tx, "expire", request.id, request.expires)


def withdraw(tx: Tx, request: CallbackRequest) -> bool:
    """Close a request and erase its number at once; a worker later removes the deleted bytes (R33).

    Return False if it is over.
    """
    if request.state in OVER or not stop(tx, request, State.CLOSED, Outcome.WITHDREW):
        return False
    sealed_numbers.drop(tx, request.id)
    return True


def end_offer(tx: Tx, offer: Offered, to: OfferState) -> bool:
    """End an offer. Return False if it has changed since it was read.

    Its unsent texts are no longer true, so they are not sent. Its line and a place at its desk are then free. A worker
    finds what waits for these (`next`, `place`): the public process cannot.
    """
    if not offers.move(tx, offer.id, offer.state, to):
        return False
    reveals.void_bridges(tx, offer.id)
    outbox.drop(tx, "lapse", offer.id)
    outbox.drop(tx, "silent", offer.id)
    outbox.drop(tx, REMIND, offer.id)
    outbox.wake(tx, "next", offer.line, tx.now)
    outbox.wake(tx, "place", offer.id, tx.now)
    return True


def take_back(tx: Tx, offer: Offered) -> bool:
    """Take an open offer back, and tell its service that it need not answer. Return False if it has changed."""
    if not end_offer(tx, offer, OfferState.VOID):
        return False
    say_gone(tx, offer)
    return True


def say_gone(tx: Tx, offer: Offered) -> None:
    """Ask a worker to tell the service of an offer that it need not answer any more.

    An offer without a time limit has not been sent: there is nobody to tell.
    """
    if offer.until is not None:
        ask_to_tell(tx, offer, News.GONE, requests.queue_of(tx, offer.request))


def end_proposals(tx: Tx, request: str) -> bool:
    """Stop asking another service to take a request over, and tell it. Return whether one was asked."""
    asked = offers.proposed(tx, request)
    for offer in asked:
        offers.move(tx, offer.id, OfferState.PROPOSED, OfferState.VOID)
        outbox.drop(tx, "lapse", offer.id)
        ask_to_tell(tx, offer, News.GONE, requests.queue_of(tx, request))
    return bool(asked)


def not_shown(tx: Tx, text: Message) -> None:
    """Free the window of a text with a number that did not arrive: it may be asked for again (R11, R32).

    A stranded request may have been stranded only because this window was used: services are asked at once.
    A receipt may be wrong. So the service of a text that the gateway took, or may have taken, still counts as one that
    has the number (R30).
    """
    window = text.values.get("shown_in")
    if not (text.offer and text.request and window):
        return
    left = text.state not in (Delivery.QUEUED, Delivery.VOID)
    if reveals.unmark(tx, text.offer, text.request, datetime.fromisoformat(window), left=left):
        request = requests.get(tx, text.request)
        if request and request.state is State.STRANDED:
            outbox.wake(tx, "page", request.id, tx.now, request.queue)


def free_line(tx: Tx, offer: Offered) -> bool:
    """Keep the claim of a caller who was reached, and free the line for the next request of that telephone (R27).

    Return False if the claim has changed since it was read.
    """
    if not offers.move(tx, offer.id, OfferState.CLAIMED, OfferState.FOLLOWED):
        return False
    outbox.drop(tx, "silent", offer.id)
    outbox.wake(tx, "next", offer.line, tx.now)
    outbox.wake(tx, "place", offer.id, tx.now)
    return True


def end_drill(tx: Tx, request: CallbackRequest, outcome: Outcome | None = None) -> None:
    """End a practice request without any text: nobody else is asked, and no number belongs to it."""
    for offer in offers.live_of_request(tx, request.id):
        end_offer(tx, offer, OfferState.VOID)
    request = requests.get(tx, request.id) or request
    if request.state not in OVER:
        stop(tx, request, State.CLOSED, outcome)


def ask_to_tell(tx: Tx, offer: Offered, news: News, queue: Queue) -> None:
    """Ask a worker to text the service of an offer. Several news of one kind become one text."""
    outbox.wake(tx, TELL, f"{news}:{offer.id}", tx.now, queue)


def tell(tx: Tx, ref: str) -> datetime | None:
    """Text the service of an offer what `ask_to_tell` has stored, if it is true: anybody may have stored it.

    Return when to look again if the offer must be settled first.
    """
    news, _, id = ref.partition(":")
    if forged_offers.waits(tx, id):
        return tx.now + A_MINUTE
    offer = offers.get(tx, id)
    request = requests.get(tx, offer.request) if offer else None
    is_over = news in (News.STOP, News.GONE)
    if offer is None or request is None or is_over is (offer.state.value in HAS_CODE):
        return None
    match news:
        case News.STOP | News.GONE | News.HOUR:
            tell_service(tx, offer, SAYS[news])
        case News.CARD:
            _tell_changed_card(tx, offer)
        case News.PERMISSIONS | News.DETAILS:
            tell_service(tx, offer, f"to_ngo.{'permissions' if news == News.PERMISSIONS else 'details'}")
            if request.is_covered:
                tell_service(tx, offer, "to_ngo.card_more")
    return None


def _tell_changed_card(tx: Tx, offer: Offered) -> None:
    """Send the card again. A card asks to call: once the caller was reached, send all that may have changed instead."""
    if offer.state is OfferState.CLAIMED:
        return tell_card(tx, offer)
    for notice in ("hour", "permissions", "details"):
        tell_service(tx, offer, f"to_ngo.{notice}")
    return None


def tell_card(tx: Tx, offer: Offered, to: Contact | None = None) -> None:
    """Send the card to the service of an offer, and a second text if the caller has wishes."""
    tell_service(tx, offer, "to_ngo.card", to)
    request = requests.get(tx, offer.request)
    if request and request.has_wishes:
        tell_service(tx, offer, "to_ngo.card_more", to)


def tell_service(tx: Tx, offer: Offered, notice: str, to: Contact | None = None, **values: str) -> None:
    """Send a text to the service of an offer: to the telephone that asked (`to`), else to the one on duty."""
    values |= {"phone": to.id} if to else {}
    about, queue = offer.request, requests.queue_of(tx, offer.request)
    texts_out.add(tx, "service", offer.service, notice, "", offer=offer.id, request=about, values=values, queue=queue)


def resume(tx: Tx, request: CallbackRequest, due: datetime) -> None:
    """Make a paused, frozen or stranded request wait for a service again."""
    if requests.move(tx, request.id, request.state, State.WAITING, due=due):
        coordinator_calls.end_all(tx, request.id)
        outbox.drop(tx, "page", request.id)
        outbox.wake(tx, "attend", request.id, due, requests.queue_of(tx, request.id))


def tell_holder(tx: Tx, request: CallbackRequest, changed: Collection[str], queue: Queue) -> None:
    """Ask a worker to text the service that holds a request which columns of it the caller has changed (R3, R23, R44).

    A service that reached the caller gets no card: it asks the service to fetch the number, which is not shown again
    (R34). The text of each change is enough for one that works by SMS only.
    """
    for offer in holders(tx, request):
        for news in _news_of_claim(changed) if offer.state is OfferState.CLAIMED else _news_of(changed):
            ask_to_tell(tx, offer, news, queue)


def _news_of_claim(changed: Collection[str]) -> Iterator[News]:
    """Yield the texts that say the same to a service that has yet to call."""
    if not NOT_ON_CARD.issuperset(changed):
        yield News.CARD
    if not NOT_ON_CARD.isdisjoint(changed):
        yield News.DETAILS


def _news_of(changed: Collection[str]) -> Iterator[News]:
    """Yield the texts that say which columns have changed."""
    if not HOURS.isdisjoint(changed):
        yield News.HOUR
    if not frozenset(PERMISSIONS).isdisjoint(changed):
        yield News.PERMISSIONS
    if not HOURS.union(PERMISSIONS).issuperset(changed):
        yield News.DETAILS


def holders(tx: Tx, request: CallbackRequest) -> list[Offered]:
    """Return the offer of the service that holds a request: it claimed it, or reached the caller and helps on."""
    held = (OfferState.CLAIMED, OfferState.FOLLOWED)
    return [offer for offer in offers.live_of_request(tx, request.id) if offer.state in held]


def claims(tx: Tx, request: CallbackRequest) -> list[Offered]:
    """Return the claims of a request: one or none."""
    return [offer for offer in offers.live_of_request(tx, request.id) if offer.state is OfferState.CLAIMED]
