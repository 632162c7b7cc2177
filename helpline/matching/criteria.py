"""What is looked for: a request, and all that a fit depends on. Pure.

Nothing unsaid is guessed: half a draft is read as the rules say (no need is *talk*, no place is the whole country, then
the capital).

When a service is open and she may be rung: the first stretch in which both hold. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter

from helpline.content.country import Country
from helpline.core.call_windows import AHEAD_DAYS, LAST_MINUTES, Span, windows
from helpline.directory.service import Service
from helpline.matching.nearest import Point
from helpline.request.model import CallbackRequest
from menus.draft import NO

OF_AGE = 18
"""Years. Younger people go only to services that are prepared for children (R23)."""
CHILD, ADULT = "under_18", "adult"
GROUP = {"woman": "women", "man": "men"}
"""What `service.serves` calls somebody of this sex."""
SEXES_SERVED = frozenset(GROUP.values())


@dataclass(frozen=True)
class Criteria:
    """What is looked for: a request with all that a fit depends on, worked out once for all services.

    `fresh_days`: how long a check of a service counts (R40). `full`: ids of services whose desk is full.
    """

    request: CallbackRequest
    country: Country
    now: datetime
    fresh_days: int
    full: frozenset[str] = frozenset()

    @cached_property
    def speaks(self) -> str:
        """The language that somebody there must speak."""
        return self.request.speaks

    @cached_property
    def here(self) -> Point:
        """Where she is; without a place, the capital."""
        return self.country.point_of(self.request.place or self.country.capital)

    @cached_property
    def hers(self) -> tuple[Span, ...]:
        """When she may be rung, in order."""
        return tuple(windows(self.request.hours, self.now))

    @cached_property
    def state_line(self) -> str:
        """Her yes to a line of the state. The short form of consent is for one NGO, whatever else was said (R28)."""
        return NO if self.request.short_form else self.request.state_line

    @cached_property
    def groups(self) -> frozenset[str]:
        """What is known of who she is, in the words of `service.serves`. Most is never asked (R2)."""
        request = self.request
        said = (GROUP.get(request.sex, ""), "children" if request.age_band == CHILD else "")
        return frozenset({*said, "foreigners" if self.country.is_abroad(request.place) else ""} - {""})


def hours(service: Service, wanted: Criteria) -> Span | None:
    """Give when a service could first ring her, whether or not it fits otherwise."""
    return meeting(service, wanted.request, wanted.now, wanted.hers)


def meeting(
    service: Service, request: CallbackRequest, now: datetime, hers: Sequence[Span] | None = None
) -> Span | None:
    """Give the first stretch in which it is open and she may be rung, within the days ahead and the consent.

    `hers`: her windows, where somebody has them already. One in its last minutes does not count: no number would be
    sent in it.
    """
    hers = tuple(windows(request.hours, now)) if hers is None else hers
    for some in filter(None, (hers[:1], hers[1:])):  # mostly they meet in the first, and a week need not be looked at
        ahead = min(AHEAD_DAYS, (some[-1].end - now).days + 2)
        opened = sorted(service.open_spans(now, ahead), key=attrgetter("start"))
        for both in (both for window in some for span in opened if (both := window.overlap(span))):
            if both.start < request.expires and now < both.end - LAST_MINUTES:
                return both
    return None
