"""Numbers as gateways write them: with `+`, with 00, with the calling code alone, or as people dial them at home."""

import re
from collections.abc import Mapping

import phonenumbers

E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
SHORTEST_FOREIGN = 10
"""A number of more digits without a `+` is taken for an international one."""
WHOLE = phonenumbers.ValidationResult.IS_POSSIBLE
ANY = frozenset(phonenumbers.PhoneNumberType.values()) - {phonenumbers.PhoneNumberType.UNKNOWN}
MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})


def international(number: str, code: str, trunk: str) -> str:
    """Return a number with its `+`, as far as it can be told. A number without one is a short code otherwise.

    `code` is the calling code of the country (`996`), and `trunk` what numbers at home begin with in its place (`0`).
    """
    if not (number.isascii() and number.isdecimal()):
        return number
    if code and number.startswith(code) and _is_possible(f"+{number}"):
        return f"+{number}"
    foreign = bool(code) and _is_valid(f"+{number}")
    national = f"+{code}{number.removeprefix(trunk)}"
    if code and trunk and number.startswith(trunk) and _is_possible(national) and not foreign:
        return national
    if number.startswith("00"):
        return f"+{number[2:]}"
    if code and not foreign and _is_valid(f"+{code}{number}", MOBILE):  # else a stranger could be called
        return f"+{code}{number}"
    return f"+{number}" if len(number) > SHORTEST_FOREIGN else number


def options_of(channel: str, options: Mapping[str, object], code: str, trunk: str) -> tuple[str, str]:
    """Return the calling code and the trunk prefix of a channel's options. Raise `ValueError`."""
    found = {name: str(options.get(name, "")) for name in (code, trunk)}
    for name, value in found.items():
        if not re.fullmatch("[0-9]{0,4}", value, re.ASCII):
            raise ValueError(f"{channel}: options.{name} is digits, such as 996 or 0")
    if found[trunk] and not found[code]:
        raise ValueError(f"{channel}: options.{trunk} needs options.{code}")
    return found[code], found[trunk]


def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, None) if E164.fullmatch(number) else None
    except phonenumbers.NumberParseException:
        return None


def _is_valid(number: str, types: frozenset[int] = ANY) -> bool:
    """Whether a number is in a range that its country has given out, to these types of telephones."""
    parsed = _parsed(number)
    return parsed is not None and phonenumbers.number_type(parsed) in types


def _is_possible(number: str) -> bool:
    """Whether a number has the length of a whole telephone number of its country, not that of a short code."""
    parsed = _parsed(number)
    return parsed is not None and phonenumbers.is_possible_number_with_reason(parsed) == WHOLE
