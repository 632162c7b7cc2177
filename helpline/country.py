"""One country as data: `content/countries/<cc>.yaml`, checked as it is read."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from helpline.directory import Country
from helpline.languages import LANGUAGES, base_of

UNVERIFIED = "?"
"""Stands behind a number that nobody has verified yet, in the demo and in tests (R19)."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Verified(_Strict):
    """Who rang a number to see that it is right, when, and how."""

    by: str
    on: date
    how: str


class Line(_Strict):
    """A number that callers are shown: an emergency number or the direct line (R19)."""

    number: str
    what: str
    source: str
    on: date
    verified: Verified | None

    @property
    def shown(self) -> str:
        """The number as a screen has it, marked while it is not verified."""
        return self.number if self.verified else f"{self.number}{UNVERIFIED}"


class Region(_Strict):
    """An admin-1 region: its ISO 3166-2 code, a point in it, its name by language."""

    code: str
    at: tuple[float, float]
    name: Mapping[str, str]


class CountryData(_Strict):
    """One `content/countries/<cc>.yaml`."""

    code: str
    zone: str
    languages: tuple[str, ...]
    capital: str
    made_up: str
    emergency: tuple[Line, ...]
    direct_line: Line
    legal_duty: None
    regions: tuple[Region, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Every language is one we know, every region has a name in each, the capital is a region."""
        faults = [f"no such language: {each}" for each in self.languages if each not in LANGUAGES]
        for region in self.regions:
            faults += [
                f"{region.code} has no name in {each}" for each in self.languages if base_of(each) not in region.name
            ]
        if self.capital not in {region.code for region in self.regions}:
            faults.append(f"the capital {self.capital} is no region")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def unverified(self) -> list[str]:
        """The numbers that production must not show."""
        return [line.number for line in (*self.emergency, self.direct_line) if line.verified is None]

    @property
    def for_matching(self) -> Country:
        """What the directory needs to know of it."""
        return Country(self.code, self.zone, self.capital, {region.code: region.at for region in self.regions})
