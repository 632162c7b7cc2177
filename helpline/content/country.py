"""What matching and bridged calls need to know about a country."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from helpline.core.config import Config


@dataclass(frozen=True, slots=True)
class Trunk:
    """The rented number from which the gateway calls when it connects a caseworker to a caller."""

    number: str
    shows: str
    """What the caller's phone shows when this number calls: `number` or `hidden` (R10)."""
    verified: bool
    """Whether a person has made a test call and seen what the phone shows."""


def in_use(trunk: Trunk | None, config: Config) -> Trunk | None:
    """Return the trunk if the deployment uses it: bridging is on, and the trunk is verified (not in the demo)."""
    return trunk if trunk and config.bridge and (trunk.verified or config.demo) else None


ISO_COUNTRY = 2
"""The length of a country's code (ISO 3166-1 alpha-2). Codes of places at home are longer."""
ABROAD = "abroad"
"""The code for a foreign country that is not known yet."""


class Places(Protocol):
    """Districts and towns in the regions."""

    def region_of(self, code: str) -> str:
        """Return the region of a place, or "" if it is not known."""

    def at(self, code: str) -> tuple[float, float] | None:
        """Return the latitude and longitude of a place in degrees, if they are known."""


@dataclass(frozen=True, slots=True)
class Country:
    """What matching needs to know about a country."""

    code: str
    zone: str
    capital: str
    """The code of the region that is the capital."""
    regions: Mapping[str, tuple[float, float]]
    """The code of each region → its latitude and longitude."""
    places: Places | None = None
    """Without it, only regions are known."""
    abroad: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The countries where its people work → their time zones."""
    trunk: Trunk | None = None
    """Without it, calls cannot be bridged."""

    def is_abroad(self, place: str) -> bool:
        """Whether a place is a foreign country, known or not known yet."""
        return place == ABROAD or (len(place) == ISO_COUNTRY and place != self.code)

    def region_of(self, place: str) -> str:
        """Return the region of a place. A region and an unknown code are returned as they are."""
        found = self.places.region_of(place) if self.places and place not in self.regions else ""
        return found or place

    def point_of(self, place: str) -> tuple[float, float]:
        """Return the position of a place, or else of its region, or else of the capital."""
        own = self.places.at(place) if self.places and place not in self.regions else None
        return own or self.regions.get(self.region_of(place)) or self.regions[self.capital]
