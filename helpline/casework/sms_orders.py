"""Orders by SMS from the telephone of a service or a coordinator: find the request that is meant, run the command.

Half an order does nothing, and nothing is done about a request if it could be another. Every text gets an answer that
names the next step. A sender can be forged, so an order needs digits that only that telephone was sent. Only LOCK does
not: it needs the telephone alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from helpline.casework import claims, desk, escalated_requests, freeze, handover, outcomes, undo
from helpline.casework.answers import AlreadyTold, Answer, Guide, NothingToUndo, Notice, NotOpen, Which
from helpline.casework.drills import Drills
from helpline.casework.sms_answers import answer_by_sms
from helpline.referral.context import Context
from helpline.request import attempts, offers
from helpline.request.offers import LIVE, MOST_TRIES, Offered, OfferState
from helpline.staff import raid_lock
from helpline.staff.actor import Actor
from helpline.staff.contact import Contact
from helpline.staff.on_call import in_turn
from helpline.staff.raid_lock import Way
from helpline.store import audit_log
from helpline.store.engine import Tx
from menus.keywords import Keywords
from menus.orders import Order, codes

OUTCOMES: Mapping[str, str] = {
    "reached": "reached", "no_answer": "no_answer", "busy": "busy", "turned_off": "off", "hung_up": "hung_up",
    "bad_number": "number_invalid", "stranger": "someone_else_answered", "wrong": "wrong_code_word",
    "unsafe": "not_safe_now",
}  # fmt: skip
"""Verb → outcome of the rules ("attempt.outcome")."""
DIGITS: Mapping[OfferState, Mapping[str, str]] = {
    OfferState.OPEN: {"1": "yes", "2": "no"},
    OfferState.CALLED: {"1": "take", "2": "no"},
    OfferState.FOLLOWED: {"1": "done", "2": "handed"},
    OfferState.CLAIMED: dict(zip("1234567890", (
        "reached", "no_answer", "busy", "turned_off", "stranger", "unsafe", "number", "hung_up", "bad_number", "wrong",
    ), strict=True)),
}  # fmt: skip
"""The menus of `to_ngo.menu_…`: the verb of a digit after a code, by the state of the offer."""
HELD = frozenset({OfferState.CLAIMED, OfferState.FOLLOWED})
ANY = frozenset(DIGITS)
MEANT: Mapping[str, frozenset[OfferState]] = {
    **dict.fromkeys(
        ("reached", "no_answer", "busy", "turned_off", "bad_number", "number"), HELD - {OfferState.FOLLOWED}
    ),
    **dict.fromkeys(("stranger", "wrong", "unsafe", "hung_up", "handed"), HELD),
    "done": HELD - {OfferState.CLAIMED},
    **dict.fromkeys(("again", ""), ANY),
}
"""The offers that a verb without a code could be about. Verbs that claim, decline or unfreeze always need a code."""

Command = Callable[[Context, Tx, Actor, Offered], Answer]
COMMANDS: Mapping[str, Command] = {
    "yes": claims.claim,
    "take": claims.claim,
    "no": claims.decline,
    "number": claims.ask_number,
    "again": desk.repeat,
    "done": outcomes.finish_following,
}
"""What each verb does about an offer of a desk."""
OF_COORDINATORS: Mapping[str, Command] = {
    "yes": escalated_requests.take,
    "take": escalated_requests.take,
    "no": escalated_requests.decline_call,
}
"""What these verbs do about a call to a coordinator."""
WRONG = "wrong_unlock"
"""In the audit log: wrong digits after UNLOCK."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Reads orders and answers them."""

    keywords: Keywords
    ctx: Context
    drills: Drills

    def obey(self, tx: Tx, contact: Contact, text: str) -> None:
        """Do what a text orders, or answer what to write instead."""
        order = self.keywords.order(text)
        if order is None:
            answer, code = self._unclear(tx, contact, list(codes(text)))
        elif not order.verb and unlocks(self.ctx, tx, contact, order.code):
            answer, code = Notice.LOCKED, order.code
        elif order.verb in ABOUT_DESK:
            answer, code = ABOUT_DESK[order.verb](self, tx, contact, order), order.code
        else:
            answer, code = self._about_request(tx, Actor.by_sms(contact), order)
        answer_by_sms(self.ctx, tx, contact, answer, code)

    def _unclear(self, tx: Tx, contact: Contact, typed: Sequence[str]) -> tuple[Answer, str]:
        """Answer a text that is no order with the menu of its code, or with how to write orders."""
        match typed:
            case []:
                return Notice.HELP, ""
            case [code]:
                return self.menu(tx, contact, code), code
            case _:
                return Notice.TWO_CODES, ""

    def menu(self, tx: Tx, contact: Contact, code: str) -> Answer:
        """Return the menu of a code."""
        actor = Actor.by_sms(contact)
        offer = claims.find(self.ctx, tx, actor, code)
        return desk.menu(self.ctx, tx, actor, offer) if offer else claims.wrong_code(self.ctx, tx, actor)

    def undo(self, tx: Tx, contact: Contact, code: str) -> Answer:
        """Undo this telephone's last action; with a code, only if it was about that offer."""
        actor = Actor.by_sms(contact)
        only = claims.find(self.ctx, tx, actor, code) if code else None
        if code and only is None:
            return NothingToUndo(self.ctx.config.undo_minutes)
        return undo.undo(self.ctx, tx, actor, only)

    def _about_request(self, tx: Tx, actor: Actor, order: Order) -> tuple[Answer, str]:
        held = desk.held_by_code(self.ctx, tx, actor.desk)
        code = order.code or self._only(tx, actor, held, order.verb)
        if not code:
            return _which(held, order.verb), ""
        offer = held.get(code)
        verb = order.verb or (DIGITS[offer.state].get(order.digit, "") if offer else "")
        if order.unsure and offer and offer.state is not OfferState.OPEN:
            verb = ""  # "no, nobody answered" gives nothing back
        offer = offer or claims.find(self.ctx, tx, actor, code)
        if offer is None:
            return claims.wrong_code(self.ctx, tx, actor), code
        return _command(actor, offer, verb, order.rest)(self.ctx, tx, actor, offer), code

    def _only(self, tx: Tx, actor: Actor, held: Mapping[str, Offered], verb: str) -> str:
        """Return the code of the only offer that an order without one can be about, or an empty string.

        An offer can also be meant that ended during the call: the caller stopped it, or it went to another desk.
        """
        if any(_is_unreported(tx, offer) for offer in claims.ended_lately(tx, actor.desk)):
            return ""
        could = [code for code, offer in held.items() if offer.state in MEANT.get(verb, ())]
        return could[0] if len(could) == 1 else ""


def _which(held: Mapping[str, Offered], verb: str) -> Answer:
    """Ask which offer is meant."""
    could = [code for code, offer in held.items() if offer.state in MEANT.get(verb, ANY)] or list(held)
    return Which(tuple(could)) if could else Notice.NO_CASES


def _command(actor: Actor, offer: Offered, verb: str, rest: str) -> Command:
    """Return what a verb does about an offer. A verb that does nothing there is answered with the menu."""
    if offer.state is OfferState.CALLED and verb in OF_COORDINATORS:
        return OF_COORDINATORS[verb]
    if verb == "lift" and actor.is_coordinator:
        return freeze.unfreeze
    if verb == "handed":
        return lambda ctx, tx, actor, offer: handover.hand_over(ctx, tx, actor, offer, rest)
    if verb in OUTCOMES:
        return lambda ctx, tx, actor, offer: outcomes.record(ctx, tx, actor, offer, OUTCOMES[verb])
    return COMMANDS.get(verb, desk.menu)


def _is_unreported(tx: Tx, offer: Offered) -> bool:
    """Whether an offer ended after its number was shown, and nobody has reported how the call went."""
    over = offer.state not in {*(OfferState(each) for each in LIVE), OfferState.FOLLOWED, OfferState.CALLED}
    return over and offer.shown_in is not None and not attempts.has_outcome(tx, offer)


def lock_by_sms(ctx: Context, tx: Tx, contact: Contact) -> Answer:
    """Lock number access, and text every coordinator. If it is locked already, only the sender gets the text again."""
    if contact.kind != "coordinator":
        return Notice.HELP
    fresh = raid_lock.lock(tx, contact.id, ctx.audit_key, ctx.country.code, Way.TEXT)
    return AlreadyTold() if fresh else Notice.LOCKED


def unlock_by_sms(ctx: Context, tx: Tx, contact: Contact, code: str) -> Answer:
    """Agree to unlock number access. Without the digits, they are sent again. Five wrong ones end it."""
    on = raid_lock.since(tx)
    if contact.kind != "coordinator":
        return Notice.HELP
    if on is None:
        return Notice.UNLOCKED
    if not code:
        return Notice.LOCKED
    tries = audit_log.count(tx, WRONG, contact.id, on[0])
    if tries >= MOST_TRIES or not unlocks(ctx, tx, contact, code):
        if tries < MOST_TRIES:
            audit_log.append(tx, ctx.audit_key, tx.now, contact.id, WRONG, raid_lock.RAID)
        return NotOpen()
    if not raid_lock.unlock(tx, contact.id, ctx.audit_key, Way.TEXT):
        return Notice.ONE_MORE_UNLOCKS
    for coordinator in in_turn(tx, ctx.country.code):
        raid_lock.tell(tx, coordinator.id, Notice.UNLOCKED.value)
    return AlreadyTold()


def unlocks(ctx: Context, tx: Tx, contact: Contact, code: str) -> bool:
    """Whether five digits are those that this telephone was sent for the present lock."""
    on = raid_lock.since(tx)
    if on is None or contact.kind != "coordinator":
        return False
    return ctx.offer_code(raid_lock.digits_of(on[0], contact.id), 0) == code


AboutDesk = Callable[[Orders, Tx, Contact, Order], Answer]
ABOUT_DESK: Mapping[str, AboutDesk] = {
    "list": lambda _, tx, contact, __: Notice.CASES if offers.held(tx, contact.desk) else Notice.NO_CASES,
    "guide": lambda orders, tx, contact, order: orders.menu(tx, contact, order.code) if order.code else Guide(),
    "full": lambda orders, tx, contact, order: desk.pause(orders.ctx, tx, Actor.by_sms(contact), order.digit),
    "open": lambda _, tx, contact, __: desk.end_pause(tx, Actor.by_sms(contact)),
    "duty_on": lambda orders, tx, contact, _: desk.go_on_duty(orders.ctx, tx, contact),
    "duty_off": lambda orders, tx, contact, _: desk.go_off_duty(orders.ctx, tx, contact),
    "drill": lambda orders, tx, contact, _: orders.drills.begin(tx, contact),
    "undo": lambda orders, tx, contact, order: orders.undo(tx, contact, order.code),
    "lock": lambda orders, tx, contact, _: lock_by_sms(orders.ctx, tx, contact),
    "unlock": lambda orders, tx, contact, order: unlock_by_sms(orders.ctx, tx, contact, order.code),
}
"""The verbs about the desk itself, and about number access."""
