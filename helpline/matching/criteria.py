"""Criteria: a request with everything that eligibility depends on. Pure.

A missing answer is not guessed. It is read as the rules say ("Half a draft"): no need is *talk*, no place is the whole
country and then the capital.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter

from helpline.content.country import Country
from helpline.core.call_windows import AHEAD_DAYS, LAST_MINUTES, Span, windows, windows_in_turn
from helpline.directory.service import Service
from helpline.request.model import NGO, STATE, CallbackRequest, covers
from menus.draft import NO

OF_AGE = 18
"""Years. Younger people are referred only to services that are prepared for children (R23)."""
CHILD, ADULT = "under_18", "adult"
GROUP = {"woman": "women", "man": "men"}
"""The caller's sex → its group in `service.serves`."""
SEXES_SERVED = frozenset(GROUP.values())

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Criteria:
    """What a service must meet. What follows from a request is computed once, for all services."""

    request: CallbackRequest
    country: Country
    now: datetime
    fresh_days: int
    """How many days a check of a service counts (R40)."""
    full: frozenset[str] = frozenset()
    """The ids of the services that take no more requests."""
    free: tuple[Span, ...] | None = None
    """The windows in which the caller was not called yet, in order. None: nobody has called, so all are free."""

    @cached_property
    def speaks(self) -> str:
        """The language that somebody at the service must speak."""
        return self.request.speaks

    @cached_property
    def here(self) -> Point:
        """Where the caller is; without a place, the capital."""
        return self.country.point_of(self.request.place or self.country.capital)

    @cached_property
    def windows(self) -> tuple[Span, ...]:
        """When the caller may be called, in order: in the two hours of `now` only then."""
        return windows_in_turn(self.request.hours, self.now, self.free)

    @cached_property
    def state_line(self) -> str:
        """Whether the caller agreed to a line of the state. The short form of consent is for one NGO only (R28)."""
        return NO if self.request.short_form else self.request.state_line

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of recipient that the consent covers now (R20, R30)."""
        return frozenset(k for k in (NGO, STATE) if covers(k, self.request.expires, self.now, self.state_line))

    @cached_property
    def groups(self) -> frozenset[str]:
        """The groups that the caller is known to be in, in the words of `service.serves`. Most are not asked (R2)."""
        request = self.request
        known = (GROUP.get(request.sex, ""), "children" if request.age_band == CHILD else "")
        return frozenset({*known, "foreigners" if self.country.is_abroad(request.place) else ""} - {""})


def first_window(service: Service, criteria: Criteria) -> Span | None:
    """Return when a service could first call, whether or not it is eligible otherwise."""
    return first_common_window(service, criteria.request, criteria.now, criteria.windows)


def first_common_window(
    service: Service, request: CallbackRequest, now: datetime, may_call: Sequence[Span] | None = None
) -> Span | None:  # fmt: skip
    """Return the first period in which a service is open and the caller may be called, within the consent.

    `may_call` are the caller's windows, if they are already computed. A window in its last minutes does not count: no
    number would be sent in it.
    """
    may_call = tuple(windows(request.hours, now)) if may_call is None else may_call
    for some in filter(None, (may_call[:1], may_call[1:])):  # mostly the first one fits, so a week need not be computed
        ahead = min(AHEAD_DAYS, (some[-1].end - now).days + 2)
        opened = sorted(service.open_spans(now, ahead), key=attrgetter("start"))
        for both in (both for window in some for span in opened if (both := window.overlap(span))):
            if both.start < request.expires and now < both.end - LAST_MINUTES:
                return both
    return None
