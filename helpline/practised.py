"""How the desks did in their daily drills: who answered, how fast, and who has not for days. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

from helpline.request import Way
from helpline.store.drills import Drilled

SILENT = timedelta(days=3)
"""Whoever has not answered for so long, on a way on which it was asked, is rung by a coordinator."""


@dataclass(frozen=True, slots=True)
class Practised:
    """One desk. `took`: the usual time until it answered; `last`: when it last did each way; `silent`: on which not."""

    service: str
    asked: int
    answered: int
    whole: int
    took: timedelta | None
    last: Mapping[Way, datetime]
    silent: frozenset[Way]


def practised(drills: Iterable[Drilled], now: datetime) -> Sequence[Practised]:
    """Give how each desk did, whoever is silent first, then whoever answered least."""
    by_desk = groupby(sorted(drills, key=lambda each: (each.service, each.asked)), key=lambda each: each.service)
    found = [_of(service, list(rows), now) for service, rows in by_desk]
    return sorted(found, key=lambda each: (not each.silent, each.answered / each.asked, each.service))


def _of(service: str, rows: Sequence[Drilled], now: datetime) -> Practised:
    claims = [(each, each.claimed) for each in rows if each.claimed]
    times = [(at - each.asked).total_seconds() for each, at in claims]
    last = {Way.ACCOUNT if each.by_account else Way.TEXT: at for each, at in sorted(claims, key=lambda one: one[1])}
    silent = frozenset(way for way in Way if _is_silent([each.asked for each in rows if each.way is way],
                                                        last.get(way), now))  # fmt: skip
    return Practised(
        service, len(rows), len(claims), sum(each.ended is not None for each in rows),
        timedelta(seconds=median(times)) if times else None, last, silent,
    )  # fmt: skip


def _is_silent(asked: Sequence[datetime], last: datetime | None, now: datetime) -> bool:
    """Tell whether a way was asked in vain since it was last proven, and for so long that somebody must ring."""
    in_vain = [at for at in asked if last is None or at > last]
    return bool(in_vain) and now - (last or in_vain[0]) >= SILENT
