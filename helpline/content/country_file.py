"""One country as data: `content/countries/<cc>.yaml`, checked as it is read.

The rows of a country's file: lines, codes, places, a legal duty. Each checks itself as it is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from helpline.content.country import Country, Trunk
from helpline.core.languages import LANGUAGES, base_of
from menus.gsm7 import USSD, fits, fold
from menus.tree import OPTION_KEYS

UNVERIFIED = "?"
"""Stands behind a number that nobody has verified yet, in the demo and in tests (R19)."""
NOT_THERE = "-"
"""Stands where a struck-out line would."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"there is no zone {name!r}") from None
    return name


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"there is no language {code!r}; there are {', '.join(LANGUAGES)}")
    return code


Zone = Annotated[str, AfterValidator(_zone)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Dialled = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,15}$")]
"""A telephone number or a short code, without blanks."""


class Row(BaseModel):
    """Something that cannot be changed, and takes no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Verified(Row):
    """Who rang a number to see that it is right, when, and how."""

    by: str
    on: date
    how: str


class Line(Row):
    """A number that callers are shown: an emergency number or the direct line (R19).

    `struck_out` says why a line is not to be shown after all; it then counts as absent.
    """

    number: Dialled
    what: str
    source: str
    on: date
    verified: Verified | None
    struck_out: str = ""

    @property
    def shown(self) -> str:
        """The number as a screen has it, marked while it is not verified; `-` where it is struck out."""
        if self.struck_out:
            return NOT_THERE
        return self.number if self.verified else f"{self.number}{UNVERIFIED}"


class ShortCode(Row):
    """What callers dial to reach this service. `assigned`: by which operator or regulator; null for a placeholder."""

    dial: Annotated[str, StringConstraints(pattern=r"^\*[0-9]+(\*[0-9]+)*#$")]
    assigned: Verified | None


class BridgeLine(Row):
    """The number rented from a gateway that calls are made from where it joins two telephones.

    `shows`: what her telephone shows then, as seen on a call by hand (R10).
    """

    number: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
    shows: Literal["number", "hidden"]
    verified: Verified | None


class Signed(Row):
    """Which lawyer has read a text, and when."""

    by: str
    on: date


class LegalDuty(Row):
    """What the law makes us pass on, said before a caller tells anything, signed off by a lawyer (R22)."""

    text: Mapping[str, str]
    signed: Signed


class Region(Row):
    """An admin-1 region: its ISO 3166-2 code, a point in it (latitude, longitude), its short name by language."""

    code: str
    at: tuple[Latitude, Longitude]
    name: Mapping[str, str]


class Abroad(Row):
    """A country where people of this one work: ISO 3166-1 alpha-2, one zone for each hour of the clock there."""

    code: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    zones: Annotated[tuple[Zone, ...], Field(min_length=1)]
    name: Mapping[str, str]


class Holiday(Row):
    """A public holiday on a fixed day of the year (`03-21`): services are closed unless they say otherwise."""

    on: Annotated[str, StringConstraints(pattern="^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
    name: str
    verified: Verified | None


NEXT = "\n1 Next..."
"""What the key that goes on takes below a text, at most: its word has seven letters."""


class CountryData(Row):
    """One `content/countries/<cc>.yaml`.

    `zones`: all that are in use in it. `made_up`: how numbers begin that exist nowhere; six digits follow.
    `short_codes`: what may be dialled in it without being a telephone number, each with what it is. `holidays`: the
    public ones that fall on the same day every year. `bridge`: what calls are made from that join two telephones.
    """

    code: str
    zone: Zone
    zones: tuple[Zone, ...]
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1, max_length=len(OPTION_KEYS))]
    capital: str
    made_up: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{3,8}$")]
    short_code: ShortCode
    bridge: BridgeLine | None = None
    short_codes: Mapping[Annotated[str, StringConstraints(pattern="^[0-9]{2,6}$")], str]
    emergency: tuple[Line, ...]
    direct_line: Line
    legal_duty: LegalDuty | None
    abroad: tuple[Abroad, ...]
    regions: tuple[Region, ...]
    holidays: tuple[Holiday, ...] = ()

    @field_validator("emergency")
    @classmethod
    def _without_the_struck_out(cls, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        left = tuple(line for line in lines if not line.struck_out)
        if not left:
            raise ValueError("emergency needs at least one number (R19)")
        return left

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Raise `ValueError` with everything that does not go together, each fault once."""
        if faults := [*self._faults_of_lines(), *self._faults_of_places(), *self._faults_of_duty()]:
            raise ValueError("; ".join(faults))
        return self

    def _faults_of_lines(self) -> Iterator[str]:
        for line in (*self.emergency, self.direct_line):
            if line.number not in self.short_codes and not _exists(line.number):
                yield f"{line.number} is neither in short_codes nor a telephone number that can exist"

    def _faults_of_places(self) -> Iterator[str]:
        bases = [base_of(language) for language in self.languages]
        places: tuple[Region | Abroad, ...] = (*self.regions, *self.abroad)
        codes = [place.code for place in places]
        yield from (f"{code} is there twice" for code in _twice(codes))
        yield from (f"{language} is there twice" for language in _twice(self.languages))
        for place in places:
            yield from (
                f"{place.code} has no name in {base}" for base in dict.fromkeys(bases) if not place.name.get(base)
            )
        for region in self.regions:
            if not re.fullmatch(f"{self.code}-[A-Z0-9]{{1,3}}", region.code):
                yield f"{region.code} is no region of {self.code} (ISO 3166-2)"
        if self.capital not in {region.code for region in self.regions}:
            yield f"the capital {self.capital} is no region"
        if self.zone not in self.zones:
            yield f"the zone {self.zone} is not among zones"
        if self.code in codes:
            yield f"{self.code} cannot be abroad"

    def _faults_of_duty(self) -> Iterator[str]:
        for language in self.languages if self.legal_duty else ():
            text = fold(self.legal_duty.text.get(base_of(language), ""), language) if self.legal_duty else ""
            if not text:
                yield f"legal_duty has no text in {base_of(language)} (R22)"
            elif not fits(text + NEXT, USSD):
                yield f"legal_duty does not fit one screen in {language}: shorten it (R22)"

    @property
    def unverified(self) -> list[str]:
        """The numbers that production must not show."""
        lines = (*self.emergency, self.direct_line)
        return [line.number for line in lines if line.verified is None and not line.struck_out]

    @property
    def for_matching(self) -> Country:
        """What the directory needs to know of it."""
        regions, abroad = {each.code: each.at for each in self.regions}, {each.code: each.zones for each in self.abroad}
        line = self.bridge
        trunk = Trunk(line.number, line.shows, line.verified is not None) if line else None
        return Country(self.code, self.zone, self.capital, regions, abroad=abroad, trunk=trunk)


def _exists(number: str) -> bool:
    """Tell whether a number with its `+` is one that a network can have."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False


def _twice(codes: Iterable[str]) -> list[str]:
    seen = list(codes)
    return sorted({code for code in seen if seen.count(code) > 1})
