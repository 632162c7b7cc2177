"""A service as matching needs it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpline.content.country import ABROAD, Country
from helpline.core.call_windows import AHEAD_DAYS, Span
from helpline.core.languages import base_of
from helpline.directory.opening_hours import NO_HOLIDAYS, Opening, open_spans

ACTIVE = "active"
"""HSDS `service.status` of a service that may get offers."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of an organization, as far as matching needs it.

    Names of fields follow HSDS 3.0 (`schedule.byday`, `assured_date`, `status`) and our profile (`after_contact`,
    `child_safeguarding`).
    """

    id: str
    names: Mapping[str, str]
    kind: str
    phone: str
    """A work telephone, never a caller's."""
    languages: tuple[str, ...]
    needs: frozenset[str]
    regions: frozenset[str]
    """Codes of the regions, districts and towns that it serves; empty means the whole country."""
    at: tuple[float, float]
    """Latitude and longitude."""
    zone: str
    schedule: tuple[Opening, ...]
    assured: date
    """The day on which somebody last checked that it answers (R40)."""
    status: str = ACTIVE
    child_safeguarding: bool = False
    accepts_numbers_by_sms: bool = False
    """It agreed to this in writing (R32)."""
    language: str = "ru"
    abroad: frozenset[str] = frozenset()
    """Countries in which it serves people of this one."""
    sexes: frozenset[str] = frozenset()
    """Who can answer there; empty if nobody knows."""
    shows: str = "number"
    """What a caller's phone shows when it calls: `number` or `hidden` (R10)."""
    public_phone: str = ""
    """Its entry telephone, if callers may be told it."""
    serves: frozenset[str] = frozenset()
    """Women, men, children, lgbt, foreigners, undocumented; empty means everybody."""
    documents: frozenset[str] = frozenset()
    """Papers that it wants to see."""
    minimum_age: int | None = None
    """In years, inclusive."""
    maximum_age: int | None = None
    """In years, inclusive."""
    after_contact: frozenset[str] | None = None
    """What follows when somebody turns to it; None if nobody has said (R21).

    The codes are reports_to_police, may_contact_offender, registers_identity, needs_official_status and
    anonymous_ok."""
    capacity: int | None = None
    """How many requests it can hold at once (HSDS 3.1 `service_capacity.maximum`, else `available`); None for no
    limit."""
    holidays: frozenset[str] = NO_HOLIDAYS
    """Month and day (`03-21`) of days on which it is closed, whatever its schedule says."""
    callback: bool = True
    """Whether it calls people back. Otherwise people can only call or visit it."""
    hides_place: bool = False
    """Whether its row says that nobody may learn where it is (R41)."""
    reached: bool = True
    """Whether it has a telephone that counts. Otherwise it gets no offers."""

    @property
    def is_shelter(self) -> bool:
        """Whether nobody may learn where it is: it is a shelter or a safe place, or its row says so (R41)."""
        return self.hides_place or "safe_place" in self.needs

    def open_spans(self, now: datetime, ahead: int = AHEAD_DAYS) -> Iterator[Span]:
        """Return the spans in which it is open over the next `ahead` days and that have not ended."""
        return open_spans(self.schedule, self.zone, now, ahead, self.holidays)

    def is_open(self, now: datetime) -> bool:
        """Whether somebody answers there now."""
        return any(span.contains(now) for span in self.open_spans(now, 1))

    def is_fresh(self, now: datetime, fresh_days: int) -> bool:
        """Whether it was checked in the last `fresh_days` days (R40)."""
        return now.date() - self.assured <= timedelta(days=fresh_days)

    def name(self, language: str) -> str:
        """Return its name in a language, else in its own."""
        return self.names.get(base_of(language)) or self.names.get(self.language) or next(iter(self.names.values()))

    def serves_place(self, country: Country, place: str) -> bool:
        """Whether it serves people in a place: at home by its region, abroad by its country (R3).

        Without a place, services of the whole country and of the capital count.
        """
        if country.is_abroad(place):
            return bool(self.abroad) if place == ABROAD else place in self.abroad
        there = place or country.capital
        return not self.regions or bool({there, country.region_of(there)} & self.regions)
