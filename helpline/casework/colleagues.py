"""PRO: a colleague of the directory asks for a call of a coordinator, or for a text about their work (R26).

Only work telephones of the verified directory come here, and only that very telephone is called. Any other telephone
that writes PRO is a caller's, and PRO means nothing there.
"""

from collections.abc import Mapping
from datetime import timedelta

from helpline.casework.answers import Answer, ForColleague
from helpline.referral.context import Context
from helpline.staff import on_call
from helpline.staff.contact import Contact
from helpline.store import texts_out
from helpline.store.engine import Tx

CALL, ASKED, CHOICE = "to_ngo.colleague", "to_ngo.pro_asked", "to_ngo.pro"
TEXTS: Mapping[str, str] = {
    "1": "to_pro.teacher",
    "2": "to_pro.doctor",
    "3": "to_pro.officer",
    "4": "to_pro.employer",
}
"""The texts of `to_ngo.pro`, by their digits."""
AN_HOUR = timedelta(hours=1)
"""A coordinator is told of the same telephone once in this time: a sender can be forged."""


def ask(ctx: Context, tx: Tx, contact: Contact, digit: str) -> Answer:
    """Send the text of a digit. Without one, have a coordinator call this telephone, and say which texts there are."""
    if digit:
        return ForColleague((TEXTS.get(digit, CHOICE),))
    others = [each for each in on_call.in_turn(tx, ctx.country.code) if each.id != contact.id]
    if not others:  # no call is promised that nobody makes
        return ForColleague((CHOICE,))
    if contact.id not in texts_out.colleagues_named(tx, CALL, tx.now - AN_HOUR):
        on_call.tell_first(tx, ctx.country.code, CALL, ctx.log, but_not=contact.id, values={"colleague": contact.id})
    return ForColleague((ASKED, CHOICE))
