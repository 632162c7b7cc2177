"""The digits and the words that order something about a request, and the lines that a telephone is told to send."""

import re
from collections.abc import Mapping

from helpline.casework.answers import Answer, Notice, Refused, Which, Why
from helpline.request import attempts
from helpline.request.offers import Offered, OfferState
from menus.orders import NEXT, Order

OUTCOMES: Mapping[str, str] = {
    "reached": "reached", "no_answer": "no_answer", "busy": "busy", "turned_off": "off", "hung_up": "hung_up",
    "bad_number": "number_invalid", "stranger": "someone_else_answered", "wrong": "wrong_code_word",
    "unsafe": "not_safe_now", "not_ours": attempts.NOT_FOR_US,
}  # fmt: skip
"""Verb → outcome of the rules ("attempt.outcome")."""
OF_CLAIM: Mapping[str, str] = dict(zip("1234567890", (
    "reached", "no_answer", "busy", "turned_off", "stranger", "unsafe", "number", "hung_up", "bad_number", "wrong",
), strict=True))  # fmt: skip
"""The verb of a digit after the code of a claim."""
DIGITS: Mapping[OfferState, Mapping[str, str]] = {
    OfferState.OPEN: {"1": "yes", "2": "no"},
    OfferState.PROPOSED: {"1": "yes", "2": "no"},
    OfferState.CALLED: {"1": "take", "2": "no"},
    OfferState.CLAIMED: OF_CLAIM,
    OfferState.FOLLOWED: OF_CLAIM,
}
"""The menus of `to_ngo.menu_…`: the verb of a digit after a code, by the state of the offer.

The digits of a claim keep their meaning after *reached*: a report that a network delivers twice closes nothing.
"""
BY_WORD: Mapping[OfferState, frozenset[str]] = {OfferState.FOLLOWED: frozenset({"done", "handed", "next", "not_ours"})}
"""The verbs of a state that have no digit."""
TWICE: Mapping[tuple[str, OfferState], Why] = {
    ("no", OfferState.CLAIMED): Why.SAY_TWICE,  # it may be meant for the offer that comes after a colleague's "yes"
    ("done", OfferState.FOLLOWED): Why.DONE_TWICE,
}
"""What a verb must be typed twice for, in a state of the offer, and the text that says so."""
LONGEST_WORD = 18
"""The most letters of a word that a line to send repeats."""


def lines_for(held: Mapping[str, Offered], order: Order, text: str) -> Answer:
    """Return the lines that an order without valid digits could mean: each the digits and a key, or the typed word."""
    if order.verb == "handed" and len(held) == 1:
        return Refused(next(iter(held.values())), Why.NAME_MISSING)
    reached = [offer for offer in held.values() if offer.state is OfferState.FOLLOWED]
    if order.verb == NEXT and len(reached) == 1:
        return Refused(reached[0], Why.NEXT_UNCLEAR)
    word = "" if order.unsure or (order.rest and order.verb != "handed") else text
    could = [found for code, offer in held.items() if (found := _line_of(code, offer, order, word))]
    lines = could or [line(code, word) for code in held]
    return Which(tuple(lines)) if lines else Notice.NO_CASES


def _line_of(code: str, offer: Offered, order: Order, word: str) -> str:
    """Return the line that gives an order about an offer, or an empty string if the order means nothing there."""
    if key := _key(offer, order):
        return f"{code} {key}"
    return line(code, word) if order.verb in BY_WORD.get(offer.state, ()) else ""


def menu_of(offer: Offered) -> Mapping[str, str]:
    """Return the verbs of the keys after its digits. An offer that ended during a call keeps those of a claim."""
    return DIGITS.get(offer.state, DIGITS[OfferState.CLAIMED])


def _key(offer: Offered, order: Order) -> str:
    """Return the key of a menu that stands for an order, or an empty string."""
    menu = menu_of(offer)
    if not order.verb:
        return order.digit if order.digit in menu else ""
    return next((key for key, verb in menu.items() if verb == order.verb), "")


def line(code: str, text: str) -> str:
    """Return digits with the word that somebody typed without them."""
    word = " ".join(re.sub(r"[\d:.]+", " ", text).split())
    return f"{word} {code}" if 0 < len(word) <= LONGEST_WORD else code
