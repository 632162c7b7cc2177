"""Telephone numbers and private words: types that hide what they hold.

A caller's number in a log line, a job, an error report or a URL can get her killed. So it is not a `str`
here: it cannot be printed, formatted, pickled, put in JSON or opened by `dataclasses.asdict`. One verb opens
it, `reveal()`, which can be searched for. Rules R32, R35.
"""

import hmac
import re
from typing import NewType, NoReturn

import phonenumbers

SHOWN_INSTEAD = "(hidden)"


class Hidden:
    """A text that only `reveal()` shows: a caller's number, what she wrote, a code with its word.

    Equality compares in constant time; a hidden value is not hashable, so it cannot become a dictionary key
    that ends up printed.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # a key in a dict is a leak waiting for a debugger

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the text in clear. Each call is a place to look at in a review."""
        return self._value

    def __repr__(self) -> str:
        return SHOWN_INSTEAD

    def __format__(self, spec: str) -> str:
        return SHOWN_INSTEAD

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hidden):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a hidden value is not to be pickled or copied")


Msisdn = NewType("Msisdn", Hidden)
"""The number of a phone as a gateway gave it: `+` and digits when it is one, anything else when withheld."""


def msisdn(number: str) -> Msisdn:
    """Hide `number` (E.164 with its `+`, or whatever a gateway writes for a withheld one)."""
    return Msisdn(Hidden(number))


_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def can_be_rung(number: Msisdn, country: str, made_up: str = "") -> bool:
    """Tell whether an NGO in `country` (ISO 3166-1 alpha-2) could ring this number.

    Withheld, impossible and foreign numbers cannot (R19: they still get the menus). KZ and RU share +7, so
    the region is asked of the library and never read off the prefix. In the demo, numbers that begin with
    `made_up` count too: they exist nowhere.
    """
    digits = number.reveal()
    if not _E164.fullmatch(digits):
        return False
    if made_up and digits.startswith(made_up):
        return True
    try:
        parsed = phonenumbers.parse(digits, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.region_code_for_number(parsed) == country.upper() and phonenumbers.is_valid_number(parsed)
