"""The line that the gateway rings from where it joins a caseworker to a caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from helpline.core.config import Config
from helpline.directory.service import Service


@dataclass(frozen=True, slots=True)
class Trunk:
    """A rented number. `shows`: what her telephone shows when it rings from it, `number` or `hidden` (R10)."""

    number: str
    shows: str
    verified: bool


def in_use(trunk: Trunk | None, config: Config) -> Trunk | None:
    """Give the line where a deployment has switched it on, and somebody has seen what it shows; else None."""
    return trunk if trunk and config.bridge and (trunk.verified or config.demo) else None


ISO_COUNTRY = 2
"""Letters of a country's code (ISO 3166-1 alpha-2); codes of places at home are longer."""
ABROAD = "abroad"
"""In place of a country abroad that is not known yet."""


class Places(Protocol):
    """Districts and towns below the regions."""

    def region_of(self, code: str) -> str:
        """Give the region that a place lies in; empty where it is not known."""

    def at(self, code: str) -> tuple[float, float] | None:
        """Give its latitude and longitude in degrees, if they are known."""


@dataclass(frozen=True, slots=True)
class Country:
    """What matching needs to know of a country: where its places lie, which region is the capital.

    `abroad`: the countries where its people work, with their zones. Without `places` it knows regions only; without a
    `trunk` nobody is joined to a caller.
    """

    code: str
    zone: str
    capital: str
    regions: Mapping[str, tuple[float, float]]
    places: Places | None = None
    abroad: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trunk: Trunk | None = None

    def is_abroad(self, place: str) -> bool:
        """Tell whether a place is another country, known or not yet."""
        return place == ABROAD or (len(place) == ISO_COUNTRY and place != self.code)

    def region_of(self, place: str) -> str:
        """Give the region that a place lies in; a region, and what nobody knows, stands for itself."""
        found = self.places.region_of(place) if self.places and place not in self.regions else ""
        return found or place

    def point_of(self, place: str) -> tuple[float, float]:
        """Give where a place lies: its own point, else its region's, else the capital's."""
        own = self.places.at(place) if self.places and place not in self.regions else None
        return own or self.regions.get(self.region_of(place)) or self.regions[self.capital]

    def serves(self, service: Service, place: str) -> bool:
        """Tell whether a service is there for people in a place: at home by its region, abroad by its country (R3).

        Without a place: those for the whole country, and those of the capital.
        """
        if self.is_abroad(place):
            return bool(service.abroad) if place == ABROAD else place in service.abroad
        there = place or self.capital
        return not service.regions or bool({there, self.region_of(there)} & service.regions)
