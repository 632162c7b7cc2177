"""Orders by SMS from the telephone of a service or a coordinator: find the request that is meant, run the command.

Half an order does nothing, and nothing is done about a request if it could be another. Every text gets an answer that
names the next step. A sender can be forged, so an order needs digits that only that telephone was sent, also if its
desk has one request only (`order_digits`). LIST, HELP, OPEN, PRO, DRILL, FIGURES and LOCK need none: they claim,
reveal, report and end nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from helpline.casework import (
    claims,
    colleagues,
    desk,
    escalated_requests,
    freeze,
    handover,
    order_digits,
    outcomes,
    own_figures,
    undo,
)
from helpline.casework.answers import (
    AlreadyTold,
    Answer,
    Guide,
    NothingToUndo,
    Notice,
    NotOpen,
    Over,
    Refused,
    Which,
)
from helpline.casework.contact_by_sms import agree_by_sms
from helpline.casework.drills import Drills
from helpline.casework.order_lines import DIGITS, OUTCOMES, TWICE, line, lines_for, menu_of
from helpline.casework.sms_answers import answer_by_sms
from helpline.directory.phone_changes import PhoneChanges
from helpline.referral.context import Context
from helpline.request import attempts, offers
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts, desk_codes, raid_lock
from helpline.staff.contact import Actor, Contact
from helpline.staff.on_call import in_turn
from helpline.staff.raid_lock import Way
from helpline.store.engine import Tx
from menus import orders
from menus.keywords import Keywords
from menus.orders import Order, codes

OF_DESK: Mapping[str, Callable[[Context, Tx, Contact, str], Answer]] = {
    "full": lambda ctx, tx, contact, days: desk.pause(ctx, tx, Actor.by_sms(contact), days),
    "duty_on": lambda ctx, tx, contact, _: desk.go_on_duty(ctx, tx, contact),
    "duty_off": lambda ctx, tx, contact, _: desk.go_off_duty(ctx, tx, contact),
}
"""The orders that take a desk or a telephone off duty. They need digits of the desk."""
SHORTEST_NUMBER = 7
"""The fewest digits that name a lost telephone."""
Command = Callable[[Context, Tx, Actor, Offered], Answer]
COMMANDS: Mapping[str, Command] = {
    "yes": handover.take,
    "take": handover.take,
    "no": handover.decline,
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
            answer, code = _locked(tx), order.code
        elif order.verb in ABOUT_DESK:
            answer, code = ABOUT_DESK[order.verb](self, tx, contact, order, text), order.code
        else:
            answer, code = self._about_request(tx, contact, order, text), order.code
        answer_by_sms(self.ctx, tx, contact, answer, code)

    def _unclear(self, tx: Tx, contact: Contact, typed: Sequence[str]) -> tuple[Answer, str]:
        """Answer a text that is no order with the menu of its code, or with how to write orders."""
        match typed:
            case []:
                return Notice.UNCLEAR, ""
            case [code]:
                return self.menu(tx, contact, code), code
            case _:
                return Notice.TWO_CODES, ""

    def menu(self, tx: Tx, contact: Contact, code: str) -> Answer:
        """Return the menu of a code."""
        actor = Actor.by_sms(contact)
        offer = claims.find(self.ctx, tx, actor, code)
        if offer is None:
            return self._not_found(tx, contact, Order("", code), "")
        return _or_over(tx, offer, desk.menu(self.ctx, tx, actor, offer))

    def _about_request(self, tx: Tx, contact: Contact, order: Order, text: str) -> Answer:
        actor = Actor.by_sms(contact)
        if not order.code:
            known = self._unreported(tx, actor) | desk.held_by_code(self.ctx, tx, actor.desk)
            return lines_for(known, order, text)
        offer = claims.find(self.ctx, tx, actor, order.code)
        if offer is None:
            return self._not_found(tx, contact, order, text)
        verb = order.verb or menu_of(offer).get(order.digit, "")
        if order.unsure and offer.state in DIGITS and offer.state not in (OfferState.OPEN, OfferState.PROPOSED):
            verb = ""  # "no, nobody answered" gives nothing back
        unsaid = None if order.twice else TWICE.get((verb, offer.state))
        if unsaid:
            return Refused(offer, unsaid)
        return _or_over(tx, offer, _command(actor, offer, verb, order)(self.ctx, tx, actor, offer))

    def _unreported(self, tx: Tx, actor: Actor) -> dict[str, Offered]:
        """Return, by their digits, the offers that ended during a call that nobody has reported about."""
        ended = [each for each in claims.ended_lately(tx, actor.desk) if each.state not in DIGITS and each.shown_in]
        return {self.ctx.offer_code(each.id, each.draws): each for each in ended if not attempts.has_outcome(tx, each)}

    def _not_found(self, tx: Tx, contact: Contact, order: Order, text: str) -> Answer:
        """Return what follows digits that belong to no offer: they are the desk's own, earlier ones, or wrong."""
        for verb in OF_DESK:
            if order.verb in ("", verb) and order_digits.are_of_desk(self.ctx, tx, contact, verb, order.code):
                complete = order.verb or order.digit
                return self.about_desk(tx, contact, replace(order, verb=verb, code=order.code if complete else ""))
        offer = order_digits.renewed(self.ctx, tx, contact.desk, order.code)
        if offer is None:
            return order_digits.wrong(self.ctx, tx, Actor.by_sms(contact))
        return lines_for({self.ctx.offer_code(offer.id, offer.draws): offer}, order, text)

    def about_desk(self, tx: Tx, contact: Contact, order: Order) -> Answer:
        """Take a desk or a telephone off duty, if the order has digits of that desk. Else return the line to send."""
        if order.verb == "full" and order.digit and not int(order.digit):
            return desk.end_pause(self.ctx, tx, Actor.by_sms(contact))
        refused = desk.refusal(self.ctx, tx, contact, order.verb)
        if refused:
            return refused
        if not order.code:
            code = order_digits.of_desk(self.ctx, tx, contact, order.verb)
            until = desk.pause_ends(self.ctx, tx, order.digit) if order.verb == "full" else None
            return Which((f"{code} {order.digit or 1}",), order.verb, until)
        if not order_digits.are_of_desk(self.ctx, tx, contact, order.verb, order.code):
            return self._not_found(tx, contact, order, "")
        return OF_DESK[order.verb](self.ctx, tx, contact, order.digit)

    def guide(self, tx: Tx, contact: Contact, order: Order) -> Answer:
        """Answer HELP: with the menu of a code, with the line to send for an order, or with all words."""
        if order.code:
            return self.menu(tx, contact, order.code)
        if order.rest in OF_DESK:
            return self.about_desk(tx, contact, Order(order.rest))
        if order.rest and order.rest not in ABOUT_DESK:
            return self._about_request(tx, contact, Order(order.rest), "")
        return Guide()

    def undo(self, tx: Tx, contact: Contact, order: Order, text: str) -> Answer:
        """Undo this telephone's last action, if it was about the offer of these digits."""
        actor = Actor.by_sms(contact)
        if not order.code:
            last = undo.last_offer(self.ctx, tx, actor)
            code = self.ctx.offer_code(last.id, last.draws) if last else ""
            return Which((line(code, text),)) if last else NothingToUndo(self.ctx.config.undo_minutes)
        only = claims.find(self.ctx, tx, actor, order.code)
        return undo.undo(self.ctx, tx, actor, only) if only else self._not_found(tx, contact, order, text)


def _or_over(tx: Tx, offer: Offered, answer: Answer) -> Answer:
    """Return an answer, or that the offer is over for its desk, which says more than that it is not open."""
    now = offers.get(tx, offer.id) if isinstance(answer, NotOpen) else None
    return Over(now.left_at is not None) if now and now.state.value not in offers.IS_HELD else answer


def _command(actor: Actor, offer: Offered, verb: str, order: Order) -> Command:
    """Return what a verb does about an offer. A verb that does nothing there is answered with the menu."""
    if offer.state is OfferState.CALLED and verb in OF_COORDINATORS:
        return OF_COORDINATORS[verb]
    if verb == "lift" and actor.is_coordinator:
        return freeze.unfreeze
    if verb == "handed":
        return lambda ctx, tx, actor, offer: handover.hand_over(ctx, tx, actor, offer, order.rest)
    if verb == orders.NEXT:
        return lambda ctx, tx, actor, offer: agree_by_sms(ctx, tx, actor, offer, order.when)
    if verb in OUTCOMES:
        return lambda ctx, tx, actor, offer: outcomes.record(ctx, tx, actor, offer, OUTCOMES[verb])
    return COMMANDS.get(verb, desk.menu)


def lock_by_sms(ctx: Context, tx: Tx, contact: Contact, code: str) -> Answer:
    """Lock number access: with the digits of the present lock for good, without them for an hour.

    If it is locked already, only the sender gets the text again.
    """
    if contact.kind != "coordinator":
        return Notice.HELP
    if code and unlocks(ctx, tx, contact, code):
        fresh = raid_lock.lock(tx, contact.id, ctx.audit_key, ctx.country.code, Way.TEXT)
    else:
        fresh = raid_lock.lock_for_an_hour(tx, contact.id, ctx.audit_key, ctx.country.code)
        if code and not fresh:
            order_digits.wrong(ctx, tx, Actor.by_sms(contact))
    return AlreadyTold() if fresh else _locked(tx)


def _locked(tx: Tx) -> Notice:
    return Notice.LOCKED if raid_lock.until(tx) is None else Notice.LOCKED_FOR_AN_HOUR


def unlock_by_sms(ctx: Context, tx: Tx, contact: Contact, code: str) -> Answer:
    """Agree to unlock number access. Without the digits, they are sent again."""
    on = raid_lock.since(tx)
    if contact.kind != "coordinator":
        return Notice.HELP
    if on is None:
        return Notice.UNLOCKED
    if not code:
        return _locked(tx)
    if not unlocks(ctx, tx, contact, code):
        return order_digits.wrong(ctx, tx, Actor.by_sms(contact))
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
    return ctx.offer_code(*desk_codes.of_lock(tx, on[0], contact.id)) == code


def lost_by_sms(ctx: Context, tx: Tx, contact: Contact, order: Order) -> Answer:
    """Disable a lost telephone of a service, at once. Without digits, answer with the line to send."""
    if contact.kind != "coordinator":
        return Notice.HELP
    listed = [each for each in contacts.of_kind(tx, "service", ctx.country.code) if _is_number_of(each, order.rest)]
    if len(listed) != 1:
        return Guide() if not order.rest else NotOpen()
    if not order.code:
        return Which((f"LOST {listed[0].phone[1:]} {order_digits.of_desk(ctx, tx, contact, order.verb)}",))
    if not order_digits.are_of_desk(ctx, tx, contact, order.verb, order.code):
        return order_digits.wrong(ctx, tx, Actor.by_sms(contact))
    PhoneChanges.of(ctx.config, ctx.audit_key).take_out(tx, listed[0].id, contact.id)
    return Notice.PHONE_OFF


def _is_number_of(contact: Contact, typed: str) -> bool:
    """Whether somebody typed a contact's number, with or without the country's prefix."""
    return len(typed) >= SHORTEST_NUMBER and contact.phone.endswith(typed.lstrip("0"))


AboutDesk = Callable[[Orders, Tx, Contact, Order, str], Answer]
ABOUT_DESK: Mapping[str, AboutDesk] = {
    "list": lambda _, tx, contact, *__: Notice.CASES if offers.held(tx, contact.desk) else Notice.NO_CASES,
    "guide": lambda orders, tx, contact, order, _: orders.guide(tx, contact, order),
    **dict.fromkeys(OF_DESK, lambda orders, tx, contact, order, _: orders.about_desk(tx, contact, order)),
    "open": lambda orders, tx, contact, *_: desk.end_pause(orders.ctx, tx, Actor.by_sms(contact)),
    "pro": lambda orders, tx, contact, order, _: colleagues.ask(orders.ctx, tx, contact, order.digit),
    "figures": lambda _, tx, contact, *__: own_figures.of_month(tx, contact),
    "drill": lambda orders, tx, contact, *_: orders.drills.begin(tx, contact),
    "undo": lambda orders, tx, contact, order, text: orders.undo(tx, contact, order, text),
    "lost": lambda orders, tx, contact, order, _: lost_by_sms(orders.ctx, tx, contact, order),
    "lock": lambda orders, tx, contact, order, _: lock_by_sms(orders.ctx, tx, contact, order.code),
    "unlock": lambda orders, tx, contact, order, _: unlock_by_sms(orders.ctx, tx, contact, order.code),
}
"""The verbs about the desk itself, and about number access."""
