"""How the desks did in their daily drills: who answered, how fast, and who has not for days. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

from helpline.store.drills import Drilled

SILENT = timedelta(days=3)
"""Whoever has not answered for so long is rung by a coordinator."""


@dataclass(frozen=True, slots=True)
class Practised:
    """One desk. `took`: the usual time until it answered; `by_text`, `by_account`: when it last did each way."""

    service: str
    asked: int
    answered: int
    whole: int
    took: timedelta | None
    by_text: datetime | None
    by_account: datetime | None
    silent: bool

    @property
    def last(self) -> datetime | None:
        """When it last answered."""
        return max((at for at in (self.by_text, self.by_account) if at), default=None)


def practised(drills: Iterable[Drilled], now: datetime) -> Sequence[Practised]:
    """Give how each desk did, whoever is silent first, then whoever answered least."""
    by_desk = groupby(sorted(drills, key=lambda each: (each.service, each.asked)), key=lambda each: each.service)
    found = [_of(service, list(rows), now) for service, rows in by_desk]
    return sorted(found, key=lambda each: (not each.silent, each.answered / each.asked, each.service))


def _of(service: str, rows: Sequence[Drilled], now: datetime) -> Practised:
    claims = [(each, each.claimed) for each in rows if each.claimed]
    times = [(at - each.asked).total_seconds() for each, at in claims]
    ways = {way: max((at for each, at in claims if each.by_account is way), default=None) for way in (False, True)}
    since = max((at for _, at in claims), default=rows[0].asked)
    return Practised(
        service, len(rows), len(claims), sum(each.ended is not None for each in rows),
        timedelta(seconds=median(times)) if times else None, ways[False], ways[True],
        silent=len(claims) < len(rows) and now - since >= SILENT,
    )  # fmt: skip
