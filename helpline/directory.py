"""Services that could ring, who works there, and what matching needs to know of a country.

Names of fields follow HSDS 3.0 (`schedule.byday`, `assured_date`, `status`) and our profile (`after_contact`,
`child_safeguarding`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from helpline.contact import AHEAD_DAYS, Span
from helpline.languages import base_of
from helpline.schedule import NO_HOLIDAYS, Opening, open_spans
from helpline.trunk import Trunk

ISO_COUNTRY = 2
"""Letters of a country's code (ISO 3166-1 alpha-2); codes of places at home are longer."""
ABROAD = "abroad"
"""In place of a country abroad that is not known yet."""
ACTIVE = "active"
"""HSDS `service.status` of a service that may be asked."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of an organization, as far as matching needs it. `phone` is a work telephone, not a caller's.

    `regions`: codes of regions, districts and towns that it serves; empty means the whole country. `abroad`:
    countries in which it serves people of this one. `sexes`: who can answer there; empty where nobody can say.
    `shows`: what a phone shows when it rings, `number` or `hidden` (R10). `public_phone`: its entry telephone, if it
    may be told to anybody.
    `accepts_numbers_by_sms`: agreed to in writing (R32). `assured`: when somebody last checked that it answers (R40).
    `serves`: women, men, children, lgbt, foreigners, undocumented; empty means everybody. `documents`: papers that it
    wants to see. `minimum_age`, `maximum_age`: years, inclusive. `after_contact`: what follows a call to it
    (reports_to_police, may_contact_offender, registers_identity, needs_official_status, anonymous_ok), None where
    nobody has said (R21). `capacity`: requests that it can hold at once, None where it has set no limit (HSDS 3.1
    `service_capacity.maximum`, else `available`). `holidays`: month and day (`03-21`) of days on which it is closed
    whatever its schedule says. `callback`: whether it rings people at all; else it can only be rung or gone to.
    `reached`: whether it has a telephone that counts; else it cannot be asked.
    """

    id: str
    names: Mapping[str, str]
    kind: str
    phone: str
    languages: tuple[str, ...]
    needs: frozenset[str]
    regions: frozenset[str]
    at: tuple[float, float]
    zone: str
    schedule: tuple[Opening, ...]
    assured: date
    status: str = ACTIVE
    child_safeguarding: bool = False
    accepts_numbers_by_sms: bool = False
    language: str = "ru"
    abroad: frozenset[str] = frozenset()
    sexes: frozenset[str] = frozenset()
    shows: str = "number"
    public_phone: str = ""
    serves: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    minimum_age: int | None = None
    maximum_age: int | None = None
    after_contact: frozenset[str] | None = None
    capacity: int | None = None
    holidays: frozenset[str] = NO_HOLIDAYS
    callback: bool = True
    reached: bool = True

    def open_spans(self, now: datetime, ahead: int = AHEAD_DAYS) -> Iterator[Span]:
        """Give the stretches in which it is open that have not ended, over the next `ahead` days."""
        yield from open_spans(self.schedule, self.zone, now, ahead, self.holidays)

    def is_open(self, now: datetime) -> bool:
        """Tell whether somebody answers there now."""
        return any(span.holds(now) for span in self.open_spans(now, 1))

    def is_fresh(self, now: datetime, fresh_days: int) -> bool:
        """Tell whether it was checked in the last `fresh_days` days (R40)."""
        return now.date() - self.assured <= timedelta(days=fresh_days)

    def name(self, language: str) -> str:
        """Give its name in a language, else in its own."""
        return self.names.get(base_of(language)) or self.names.get(self.language) or next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at work whom we may write to: a service or a coordinator."""

    id: str
    kind: str
    phone: str
    names: Mapping[str, str]
    language: str
    accepts_numbers_by_sms: bool
    service: str = ""
    on_duty: bool = True

    @property
    def desk(self) -> str:
        """The id that offers are made to: the service whose phone this is; a coordinator stands for itself."""
        return self.service or self.id

    def name(self, language: str) -> str:
        """Give the name in a language, else in its own."""
        return self.names.get(base_of(language)) or self.names.get(self.language) or next(iter(self.names.values()))


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
