"""When a service is open and she may be rung: the first stretch in which both hold. Pure."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from helpline.contact import AHEAD_DAYS, LAST_MINUTES, Span, windows
from helpline.directory import Service
from helpline.request import CallbackRequest
from helpline.wanted import Wanted


def hours(service: Service, wanted: Wanted) -> Span | None:
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
        for both in (both for window in some for span in opened if (both := window.meets(span))):
            if both.start < request.expires and now < both.end - LAST_MINUTES:
                return both
    return None
