"""The rows of a country's file: lines, codes, places, a legal duty. Each checks itself as it is read."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from helpline.languages import LANGUAGES

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
