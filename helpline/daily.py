"""The daily drill: a marked practice request for every desk that rings people, once a day, at one hour.

It comes by turns each way on which the desk takes requests: by SMS, and at the console where it has accounts. So over
the days each way is proven, and no desk practises twice a day.

So each knows its own way to the end, and coordinators see whose telephone is dead before somebody in need does.

It gives way to everything real: it goes to one desk after the other, never to one that holds a real request, never
while work is late or the raid lock is on, and it takes no place that a real request needs.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from helpline import locks
from helpline.consent import NGO
from helpline.contact import instant
from helpline.drills import Drills
from helpline.request import DRILL, Way
from helpline.store import desks, directory, drills, offers, outbox, people, requests

ALL, ONE = "drills", "drill"
"""Kinds of the outbox: the round of a day, and the drill of one desk."""
ROUND = timedelta(hours=1)
"""Over so long the desks of a country are spread."""
AGAIN = timedelta(minutes=20)
LATE_SECONDS = 5.0
"""Work that is late by more has no room for practice."""
MOST_LATE = timedelta(hours=2)
"""A round or a drill that could not be held until so long after its hour waits for tomorrow."""


def next_time(now: datetime, zone: str, hour: int) -> datetime:
    """Give the next time after `now` at which a round begins."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    return next(at for day in (0, 1, 2) if (at := instant(today + timedelta(days=day), time(hour), here)) > now)


@dataclass(frozen=True, slots=True)
class Daily:
    """Its field is all it needs."""

    drills: Drills

    def round(self, tx: Connection, now: datetime) -> datetime | None:
        """Give each desk its time within the hour; give when the next round is, None where there are none any more."""
        referral = self.drills.claims.referral
        config, country = referral.config, referral.country
        if config.drill_hour is None:
            return None
        if self._is_within(MOST_LATE, now):
            listed = directory.services(tx, country.code)
            fit = [each.id for each in listed if each.kind == NGO and each.callback and each.status != directory.GONE]
            for at, id in enumerate(fit):
                outbox.wake(tx, ONE, id, now + ROUND * at / len(fit))
        return next_time(now, country.zone, config.drill_hour)

    def one(self, tx: Connection, service: str, now: datetime) -> datetime | None:
        """Have one desk practise; give when to try again, None where it is done, or today is over."""
        who = desks.on_duty(tx, service)
        full = desks.full_until(tx, service)
        if who is None or (full is not None and full > now) or not self._is_within(ROUND + MOST_LATE, now):
            return None
        if locks.is_locked(tx) or outbox.backlog(tx, now)[1] > LATE_SECONDS or self._is_busy(tx, service):
            return now + AGAIN
        self.drills.begin(tx, who, now, daily=_turn(tx, service))
        return None

    def _is_within(self, span: timedelta, now: datetime) -> bool:
        """Tell whether the hour of today was no longer ago than that."""
        referral = self.drills.claims.referral
        hour = referral.config.drill_hour
        if hour is None:
            return False
        here = ZoneInfo(referral.country.zone)
        return timedelta(0) <= now - instant(now.astimezone(here).date(), time(hour), here) < span

    def _is_busy(self, tx: Connection, service: str) -> bool:
        held = (requests.get(tx, offer.request) for offer in offers.live_of_service(tx, service))
        return any(each is not None and each.kind != DRILL for each in held)


def _turn(tx: Connection, service: str) -> Way:
    """Give the way that a desk has practised longest ago, by SMS first."""
    ways = [Way.TEXT, Way.ACCOUNT] if people.work_for(tx, service) else [Way.TEXT]
    last = drills.last_by_way(tx, service)
    return min(ways, key=lambda way: last[way].timestamp() if way in last else 0)
