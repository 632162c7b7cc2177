"""Phone numbers and other private texts, in types that hide their value.

A caller's number in a log line, a job, an error report or a URL can get them killed. So it is not a `str` here: it
cannot be printed, formatted, pickled, put in JSON or opened by `dataclasses.asdict`. Only `reveal()` returns it, and
every call of `reveal()` can be found by a search (R32, R35).

    >>> msisdn("+996700000001")
    (hidden)
"""

import hmac
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NewType, NoReturn

import phonenumbers

SHOWN_INSTEAD = "(hidden)"


class Hidden:
    """A text that only `reveal()` returns: a caller's number, a caller's message, a code with its word.

    Equality compares in constant time. A hidden value is not hashable, so it cannot become a dictionary key that is
    printed later.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # a key in a dict is a leak waiting for a debugger

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text in clear. A review checks each call of this method."""
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
        raise TypeError("a hidden value must not be pickled or copied")


Msisdn = NewType("Msisdn", Hidden)
"""A phone number as the gateway sent it: `+` and digits. If it was withheld, it can be any text."""


def msisdn(number: str) -> Msisdn:
    """Hide `number`: E.164 with its `+`, or the gateway's text for a withheld number."""
    return Msisdn(Hidden(number))


_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def is_withheld(number: Msisdn) -> bool:
    """Whether a number is withheld or impossible, so that it does not tell its telephone from others."""
    return not _E164.fullmatch(number.reveal())


def is_possible(number: Msisdn, made_up: str = "") -> bool:
    """Whether a number has as many digits as telephones of its country have. A short code with a prefix has too few."""
    digits = number.reveal()
    if is_withheld(number):
        return False
    if made_up and digits.startswith(made_up):
        return True
    try:
        found = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(digits, None))
    except phonenumbers.NumberParseException:
        return False
    return found == phonenumbers.ValidationResult.IS_POSSIBLE


def can_be_called(number: Msisdn, country: str, made_up: str = "", abroad: Collection[str] = ()) -> bool:
    """Whether a service in `country` (ISO 3166-1 alpha-2) can call this number, at home or in one of `abroad`.

    Withheld, impossible and other foreign numbers cannot be called; their callers still get the menus (R19). In the
    demo, fictional numbers that begin with `made_up` count as callable too.
    """
    digits = number.reveal()
    if made_up and digits.startswith(made_up) and _E164.fullmatch(digits):
        return True
    return country_of(number) in {country.upper(), *abroad}


def home_prefix(country: str, abroad: Collection[str]) -> str:
    """Return the prefix of all numbers of `country` (`+996`), or "" if a country of `abroad` shares it.

    A USSD hop compares the prefix and need not parse the number.
    """
    codes = {code: phonenumbers.country_code_for_region(code) for code in (country, *abroad)}
    shared = any(codes[code] == codes[country] for code in abroad)
    return "" if shared else f"+{codes[country]}"


def country_of(number: Msisdn) -> str | None:
    """Return the country (ISO 3166-1 alpha-2) of a number, or None if it is withheld or impossible.

    KZ and RU share +7, so the library decides and not the prefix.
    """
    digits = number.reveal()
    try:
        parsed = phonenumbers.parse(digits, None) if _E164.fullmatch(digits) else None
    except phonenumbers.NumberParseException:
        return None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.region_code_for_number(parsed)


def foreign_country_of(number: Msisdn, country: str, home: Collection[str] = ()) -> str:
    """Return the foreign country that a number belongs to; "" for a number of `country` or of no known country.

    `home` holds the prefixes of numbers at home, if they are known. Such numbers need not be parsed.
    """
    found = "" if number.reveal().startswith(tuple(filter(None, home))) else country_of(number) or ""
    return "" if found == country.upper() else found


def zones_of(number: Msisdn, abroad: Mapping[str, tuple[str, ...]], home: Collection[str] = ()) -> tuple[str, ...]:
    """Return the time zones of the country of work (in `abroad`) that a number belongs to; none at home (R3).

    `home` holds the prefixes of numbers at home, if they are known. Such numbers need not be parsed.
    """
    if not abroad or number.reveal().startswith(tuple(filter(None, home))):
        return ()
    return abroad.get(country_of(number) or "", ())


def parse_typed(digits: str, country: str, made_up: str = "", abroad: Collection[str] = ()) -> Msisdn | None:
    """Parse a number as people type it: national or international, with or without `00` or the trunk digit.

    Return the first interpretation that `can_be_called`, or None.
    """
    if not (digits.isascii() and digits.isdigit()):
        return None
    readings = map(msisdn, _readings(digits, country, made_up))
    return next((number for number in readings if can_be_called(number, country, made_up, abroad)), None)


def _readings(digits: str, country: str, made_up: str) -> Iterator[str]:
    try:
        home = phonenumbers.parse(digits, country.upper())
        yield phonenumbers.format_number(home, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    yield f"+{digits.removeprefix('00')}"
    code = f"+{phonenumbers.country_code_for_region(country.upper())}"
    if made_up:  # the library does not know fictional numbers; 0 is the trunk digit, as in most countries
        yield f"{code}{digits.removeprefix('0')}"
        yield f"{code}{digits}"
