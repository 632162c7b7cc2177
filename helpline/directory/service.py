"""Services that could ring, who works there, and what matching needs to know of a country.

Names of fields follow HSDS 3.0 (`schedule.byday`, `assured_date`, `status`) and our profile (`after_contact`,
`child_safeguarding`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpline.core.call_windows import AHEAD_DAYS, Span
from helpline.core.languages import base_of
from helpline.directory.opening_hours import NO_HOLIDAYS, Opening, open_spans

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
        return any(span.contains(now) for span in self.open_spans(now, 1))

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
