"""The data of one country: `content/countries/<cc>.yaml`. Each class checks its values when it is created."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers.shortnumberinfo import is_emergency_number
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    field_validator,
    model_validator,
)

from helpline.content.country import Country, Trunk
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.gsm7 import USSD, fits, fold
from menus.tree import OPTION_KEYS

UNVERIFIED = "?"
"""Shown after a number that is not verified yet. This happens only in the demo and in tests (R19)."""
NO_NUMBER = "-"
"""Shown in place of a number that is struck out."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"there is no time zone {name!r}") from None
    return name


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"there is no language {code!r}; use one of: {', '.join(LANGUAGES)}")
    return code


Zone = Annotated[str, AfterValidator(_zone)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Dialled = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,15}$")]
"""A phone number or a short code, without spaces."""


class Row(BaseModel):
    """The base of all classes here: frozen, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # most starts read no file


class Verified(Row):
    """Who checked a number, when, and how."""

    by: str
    on: date
    how: str


class HelplineNumber(Row):
    """A number that is shown to callers: an emergency number or the direct line (R19)."""

    number: Dialled
    also: Dialled | None = Field(None, description="Another number of the same, shown where there is room.")
    brief: bool = Field(True, description="False: shown only where there is room for all numbers.")
    what: str
    kind: Literal["police", "doctor", "fire", "any", "talk", "women", "children", "home", "migrants", "embassy"] = "any"
    country: str = Field("", description="For an embassy: the country that it is in, a code of `abroad`.")
    label: str = Field("", description="What it is in two or three languages, for callers who have chosen none yet.")
    source: str
    on: date
    verified: Verified | None
    struck_out: str = Field("", description="Why the number must not be shown. It then counts as absent.")

    @property
    def shown(self) -> str:
        """The number as a screen shows it, with a mark if it is not verified, or `-` if it is struck out."""
        if self.struck_out:
            return NO_NUMBER
        return self.number if self.verified else f"{self.number}{UNVERIFIED}"

    @property
    def shown_both(self) -> str:
        """The number as `shown`, then the other number of the same service if there is one."""
        also = f" {self.also}{'' if self.verified else UNVERIFIED}" if self.also and not self.struck_out else ""
        return self.shown + also


class ShortCode(Row):
    """The USSD code that callers dial."""

    dial: Annotated[str, StringConstraints(pattern=r"^\*[0-9]+(\*[0-9]+)*#$")]
    assigned: Verified | None = Field(description="Which operator or regulator assigned it. Null for a placeholder.")


class BridgeLine(Row):
    """The rented number from which the gateway calls when it connects two phones."""

    number: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
    shows: Literal["number", "hidden"] = Field(
        description="What the caller's phone shows, as seen in a test call (R10)."
    )
    verified: Verified | None


class Signed(Row):
    """Which lawyer approved a text, and when."""

    by: str
    on: date


class LegalDuty(Row):
    """What the law obliges us to report. Callers read it before they tell anything; a lawyer approved it (R22)."""

    text: Mapping[str, str]
    signed: Signed


class Region(Row):
    """An admin-1 region."""

    code: str = Field(description="ISO 3166-2.")
    at: tuple[Latitude, Longitude]
    name: Mapping[str, str] = Field(description="The short name in each language.")


class Abroad(Row):
    """A foreign country where people of this country work."""

    code: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] = Field(description="ISO 3166-1 alpha-2.")
    zones: Annotated[tuple[Zone, ...], Field(min_length=1)] = Field(
        description="One time zone for each UTC offset in use there."
    )
    emergency: tuple[HelplineNumber, ...] = Field((), description="What is dialled there in danger.")
    name: Mapping[str, str]

    @property
    def numbers(self) -> tuple[HelplineNumber, ...]:
        """The emergency numbers there that may be shown."""
        return tuple(line for line in self.emergency if not line.struck_out)


class Holiday(Row):
    """A public holiday on a fixed day of the year (`03-21`). Services are closed then unless they say otherwise."""

    on: Annotated[str, StringConstraints(pattern="^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
    name: str
    verified: Verified | None


NEXT = "\n1 Next..."
"""The longest line for the *next* key below a text: its label has at most seven letters."""


class CountryData(Row):
    """The content of one `content/countries/<cc>.yaml`."""

    code: str
    zone: Zone
    zones: tuple[Zone, ...] = Field(description="All time zones in use in the country.")
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1, max_length=len(OPTION_KEYS))] = Field(
        description="Those of the first screen, in order. Behind English: those of people who come from next door."
    )
    capital: str
    made_up: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{3,8}$")] = Field(
        description="The prefix of numbers that no operator assigns, for the demo, tests and practice cases."
        " Six digits follow."
    )
    short_code: ShortCode
    bridge: BridgeLine | None = Field(None, description="The number from which the gateway connects two phones.")
    short_codes: Mapping[Annotated[str, StringConstraints(pattern="^[0-9]{2,6}$")], str] = Field(
        description="Numbers that can be dialled in the country but are not phone numbers → what they are."
    )
    emergency: tuple[HelplineNumber, ...]
    emergency_abroad: HelplineNumber = Field(description="What callers are shown whose number is of another country.")
    direct_line: HelplineNumber | None = Field(description="A number to talk, for everybody; null if there is none.")
    more_lines: tuple[HelplineNumber, ...] = Field((), description="Other lines, each for the people it says.")
    embassies: tuple[HelplineNumber, ...] = Field((), description="Embassies and consulates, for families to read.")
    legal_duty: LegalDuty | None
    front: bool = Field(False, description="Whether callers first see a neutral screen, menus/front.yaml.")
    sms_topics: bool = Field(False, description="Whether callers may read the topics of menus/sms.yaml by SMS.")
    abroad: tuple[Abroad, ...]
    regions: tuple[Region, ...]
    _in_file: tuple[str, ...] = PrivateAttr(())
    """The languages of the file, if fewer are offered."""
    holidays: tuple[Holiday, ...] = Field((), description="The public holidays that are on the same day every year.")

    @field_validator("emergency")
    @classmethod
    def _without_struck_out(cls, lines: tuple[HelplineNumber, ...]) -> tuple[HelplineNumber, ...]:
        shown = tuple(line for line in lines if not line.struck_out)
        if not shown:
            raise ValueError("emergency needs at least one number (R19)")
        return shown

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        """Raise `ValueError` with all contradictions between fields."""
        if faults := [*self._faults_of_numbers(), *self._faults_of_places(), *self._faults_of_duty()]:
            raise ValueError("; ".join(faults))
        return self

    def _faults_of_numbers(self) -> Iterator[str]:
        places = {place.code for place in self.abroad}
        yield from (
            f"the embassy in {line.country or '?'} is in no country of abroad"
            for line in self.embassies
            if line.country not in places
        )
        if self.direct_line and self.direct_line.kind != "talk":
            yield f"direct_line is of the kind {self.direct_line.kind}: it must be for everybody (R19); use more_lines"
        for line in (*self.emergency, *self.lines, *self.embassies):
            if line.number not in self.short_codes and not _exists(line.number):
                yield f"{line.number} is neither in short_codes nor a possible phone number"
        for place in self.abroad:
            for line in place.emergency:
                if not is_emergency_number(line.number, place.code):
                    yield f"{line.number} is no emergency number of {place.code}"

    @property
    def own_languages(self) -> tuple[str, ...]:
        """The languages up to English, in which the country's services have names."""
        whole = self._in_file or self.languages
        until = whole.index(SOURCE) + 1 if SOURCE in whole else len(whole)
        return tuple(each for each in whole[:until] if each in self.languages)

    def offering(self, languages: Collection[str]) -> Self:
        """Return the same country in some of its languages."""
        fewer = self.model_copy(update={"languages": tuple(each for each in self.languages if each in languages)})
        fewer._in_file = self.languages  # noqa: SLF001  # a copy of this very class
        return fewer

    def _faults_of_places(self) -> Iterator[str]:
        bases = [base_of(language) for language in self.languages]
        places: tuple[Region | Abroad, ...] = (*self.regions, *self.abroad)
        codes = [place.code for place in places]
        yield from (f"{code} is listed twice" for code in _repeated(codes))
        yield from (f"{language} is listed twice" for language in _repeated(self.languages))
        for place in places:
            yield from (
                f"{place.code} has no name in {base}" for base in dict.fromkeys(bases) if not place.name.get(base)
            )
        for region in self.regions:
            if not re.fullmatch(f"{self.code}-[A-Z0-9]{{1,3}}", region.code):
                yield f"{region.code} is not a region of {self.code} (ISO 3166-2)"
        if self.capital not in {region.code for region in self.regions}:
            yield f"the capital {self.capital} is not in regions"
        if self.zone not in self.zones:
            yield f"the zone {self.zone} is not in zones"
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
        """The numbers that are not verified, which production must not show."""
        return self._not_verified(also=False)

    def _not_verified(self, *, also: bool) -> list[str]:
        there = (line for place in self.abroad for line in place.emergency)
        lines = (*self.emergency, *self.lines, *self.embassies, self.emergency_abroad, *there)
        waiting = [line for line in lines if line.verified is None and not line.struck_out]
        numbers = [line.number for line in waiting] + [line.also for line in waiting if also and line.also]
        return list(dict.fromkeys(numbers))

    @property
    def marked_numbers(self) -> dict[str, str]:
        """Every number that is not verified, as screens show it with its mark → without the mark."""
        return {f"{number}{UNVERIFIED}": number for number in self._not_verified(also=True)}

    @property
    def lines(self) -> tuple[HelplineNumber, ...]:
        """The direct line, if there is one, and all other lines."""
        return (*([self.direct_line] if self.direct_line else []), *self.more_lines)

    @property
    def for_matching(self) -> Country:
        """The part of the data that matching needs."""
        regions, abroad = {each.code: each.at for each in self.regions}, {each.code: each.zones for each in self.abroad}
        line = self.bridge
        trunk = Trunk(line.number, line.shows, line.verified is not None) if line else None
        return Country(self.code, self.zone, self.capital, regions, abroad=abroad, trunk=trunk)


def _exists(number: str) -> bool:
    """Whether a number with its `+` is a possible phone number."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False


def _repeated(codes: Iterable[str]) -> list[str]:
    seen = list(codes)
    return sorted({code for code in seen if seen.count(code) > 1})
