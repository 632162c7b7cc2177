"""A text from the phone of a service or a coordinator: the order in it, and the one request that it is about.

Nothing is done by half an order, and nothing about a request that could be another: the answer then says what to
write. Every text gets an answer that names the next step.

The raid lock by SMS: LOCK from a coordinator's telephone, at once; UNLOCK with the digits sent to that telephone.

A sender can be forged. So locking needs the telephone alone, and unlocking what only that telephone was sent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from helpline.casework import claims, desk, escalated_requests, freeze, handover, outcomes, undo
from helpline.casework.claims import LATE_ANSWER
from helpline.casework.drills import Drills
from helpline.content.sms_fit import CODES
from helpline.referral.context import Context
from helpline.request import attempts, offers
from helpline.request.offers import LIVE, MOST_TRIES, Offered, OfferState
from helpline.staff import raid_lock
from helpline.staff.contact import Contact
from helpline.staff.on_call import in_turn
from helpline.staff.raid_lock import TOLD, Way
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
"""The menus of `to_ngo.menu_…`: what a digit after a code means, as the request stands."""
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
"""Which requests a verb without a code could mean. One that claims, passes or lifts always needs its code."""

Does = Callable[[Tx, Contact, str], None]
"""What is done about one request by its code."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Its fields are all it needs; its method is all it does."""

    keywords: Keywords
    ctx: Context
    drills: Drills

    def obey(self, tx: Tx, who: Contact, text: str) -> None:
        """Do what one text orders, or answer what to write instead."""
        order = self.keywords.order(text)
        if order is None:
            return self._unclear(tx, who, codes(text))
        if not order.verb and is_hers(self.ctx, tx, who, order.code):
            return raid_lock.tell(tx, who.id, raid_lock.TOLD)
        about_desk = self._about_desk(tx, who, order)
        if order.verb in about_desk:
            return about_desk[order.verb]()
        held = desk.held_by_code(self.ctx, tx, who)
        code = order.code or self._only(tx, who, held, order.verb)
        if not code:
            return self._which(tx, who, held, order.verb)
        return self._about_request(tx, who, code, order, held.get(code))

    def _unclear(self, tx: Tx, who: Contact, found: Iterable[str]) -> None:
        """Answer what is no order: with the menu of its code, or with how to get one."""
        match list(found):
            case []:
                claims.answer(tx, who, "to_ngo.help", "")
            case [code]:
                desk.send_menu(self.ctx, tx, who, code)
            case _:
                claims.answer(tx, who, "to_ngo.two_codes", "")

    def _about_desk(self, tx: Tx, who: Contact, order: Order) -> Mapping[str, Callable[[], None]]:
        return {
            "list": lambda: desk.send_list(self.ctx, tx, who),
            "guide": lambda: desk.send_menu(self.ctx, tx, who, order.code) if order.code else desk.send_help(tx, who),
            "full": lambda: desk.mark_full(self.ctx, tx, who, order.digit),
            "open": lambda: desk.open_desk(tx, who),
            "duty_on": lambda: desk.duty_on(self.ctx, tx, who),
            "duty_off": lambda: desk.duty_off(self.ctx, tx, who),
            "drill": lambda: self.drills.begin(tx, who),
            "undo": lambda: undo.undo(self.ctx, tx, who, order.code),
            "lock": lambda: lock_by_sms(self.ctx, tx, who),
            "unlock": lambda: unlock_by_sms(self.ctx, tx, who, order.code),
        }

    def _only(self, tx: Tx, who: Contact, held: Mapping[str, Offered], verb: str) -> str:
        """Give the code of the only request that an order without one can mean; empty where there is not just one.

        One that ended while somebody was ringing can be meant as well: she said *do not ring*, it went to another desk.
        """
        if any(_unreported(tx, offer) for offer in offers.ended_of_service(tx, who.desk, tx.now - LATE_ANSWER)):
            return ""
        could = [code for code, offer in held.items() if offer.state in MEANT.get(verb, ())]
        return could[0] if len(could) == 1 else ""

    def _which(self, tx: Tx, who: Contact, held: Mapping[str, Offered], verb: str) -> None:
        """Ask which one is meant."""
        could = [code for code, offer in held.items() if offer.state in MEANT.get(verb, ANY)] or list(held)
        notice = "to_ngo.which" if could else "to_ngo.none"
        claims.answer(tx, who, notice, "", need=" ".join(could[:CODES]))

    def _about_request(self, tx: Tx, who: Contact, code: str, order: Order, offer: Offered | None) -> None:
        verb = order.verb or (DIGITS[offer.state].get(order.digit, "") if offer else "")
        if order.unsure and offer and offer.state is not OfferState.OPEN:
            verb = ""  # "no, nobody answered" gives nothing back
        does = self._by_verb(who, order, offer).get(verb)
        if does:
            return does(tx, who, code)
        if verb in OUTCOMES:
            return outcomes.record(self.ctx, tx, who, code, OUTCOMES[verb])
        return desk.send_menu(self.ctx, tx, who, code)

    def _by_verb(self, who: Contact, order: Order, offer: Offered | None) -> Mapping[str, Does]:
        """Give what is done for each verb about one request. A coordinator may also be called about it."""
        person = who.kind == "coordinator"
        called = person and (offer is None or offer.state is OfferState.CALLED)
        take = partial(escalated_requests.take, self.ctx) if called else partial(claims.claim, self.ctx)
        return {
            "yes": take,
            "take": take,
            "no": partial(escalated_requests.decline_call, self.ctx) if called else partial(claims.decline, self.ctx),
            "number": partial(claims.ask_number, self.ctx),
            "again": partial(desk.send_again, self.ctx),
            "done": partial(outcomes.finish_following, self.ctx),
            "handed": lambda tx, who, code: handover.hand_over(self.ctx, tx, who, code, order.rest),
            **({"lift": partial(freeze.unfreeze, self.ctx)} if person else {}),
        }


def _unreported(tx: Tx, offer: Offered) -> bool:
    """Tell whether an offer ended after its number was shown, and nobody has said how the call went."""
    over = offer.state not in {*(OfferState(each) for each in LIVE), OfferState.FOLLOWED, OfferState.CALLED}
    return over and offer.shown_in is not None and not attempts.told(tx, offer)


OFF, MORE = "to_ngo.raid_off", "to_ngo.raid_more"
WRONG = "wrong_unlock"


def lock_by_sms(ctx: Context, tx: Tx, who: Contact) -> None:
    """Put the lock on, and tell every coordinator; who says it once more is told again."""
    if who.kind != "coordinator":
        return claims.answer(tx, who, "to_ngo.help", "")
    if not raid_lock.lock(tx, who.id, ctx.audit_key, ctx.country.code, Way.TEXT):
        raid_lock.tell(tx, who.id, TOLD)
    return None


def unlock_by_sms(ctx: Context, tx: Tx, who: Contact, code: str) -> None:
    """Agree to take the lock off. Without the digits they are sent again; five wrong ones end it."""
    on = raid_lock.since(tx)
    if who.kind != "coordinator":
        return claims.answer(tx, who, "to_ngo.help", "")
    if on is None:
        return raid_lock.tell(tx, who.id, OFF)
    if not code:
        return raid_lock.tell(tx, who.id, TOLD)
    tries = audit_log.count(tx, WRONG, who.id, on[0])
    if tries >= MOST_TRIES or not is_hers(ctx, tx, who, code):
        if tries < MOST_TRIES:
            audit_log.append(tx, ctx.audit_key, tx.now, who.id, WRONG, raid_lock.RAID)
        return claims.answer(tx, who, "to_ngo.not_open", code)
    if not raid_lock.unlock(tx, who.id, ctx.audit_key, Way.TEXT):
        return claims.answer(tx, who, MORE, code)
    for each in in_turn(tx, ctx.country.code):
        raid_lock.tell(tx, each.id, OFF)
    return None


def is_hers(ctx: Context, tx: Tx, who: Contact, code: str) -> bool:
    """Tell whether five digits are those that this telephone was sent for the lock that is on."""
    on = raid_lock.since(tx)
    if on is None or who.kind != "coordinator":
        return False
    return ctx.codes.offer_code(raid_lock.digits_of(on[0], who.id), 0) == code
