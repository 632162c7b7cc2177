"""Calls by Africa's Talking (AT): parses the steps of a call and formats our instructions. It makes no decisions.

AT posts to one address at each step of a call, and follows the XML in the answer. The numbers, the length and the price
in its forms are dropped unread (R35).
"""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from gateway.channels.africastalking import read_id
from helpline.core.ports import Ask, BadForm, CallAnswer, CallStep, HangUp, Join

ASK_SECONDS = 20
MOST_SECONDS = 1800
"""The longest connection of two telephones."""
_CAUSE = re.compile("[A-Z_]{1,40}")
NO_CAUSE = "UNSPECIFIED"


def read_call(form: Mapping[str, str]) -> CallStep:
    """Read one step. `isActive` is 1 while the call lasts. A call with another `direction` was not made by us."""
    if "isActive" not in form:
        raise BadForm("isActive is missing")
    outbound, active = form.get("direction", "").casefold() == "outbound", form["isActive"] == "1"
    cause, keys = form.get("hangupCause", ""), form.get("dtmfDigits")
    known = cause if _CAUSE.fullmatch(cause) else NO_CAUSE
    return CallStep(read_id(form, "sessionId"), outbound, active, keys, "" if active else known)


def write_call(answer: CallAnswer) -> str:
    """Format an instruction. `Reject` must be alone. After `GetDigits` without a key the call ends by itself."""
    match answer:
        case Ask(text):
            return _written(f'<GetDigits numDigits="1" timeout="{ASK_SECONDS}"><Say>{escape(text)}</Say></GetDigits>')
        case Join(number, trunk):
            to, by = quoteattr(number.reveal()), quoteattr(trunk)
            return _written(f'<Dial phoneNumbers={to} callerId={by} record="false" maxDuration="{MOST_SECONDS}"/>')
        case HangUp():
            return _written("<Reject/>")


def _written(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
