"""DRILL: a practice request from end to end, for one desk alone, so that the first real one is not the first.

It is of a kind of its own, is marked in every text, is asked of nobody else, calls no coordinator, is not counted,
and ends by itself after a day. Its number rings nobody: a made-up one, or the desk's own.

The daily drill: a marked practice request for every desk that rings people, once a day, at one hour.

It comes by turns each way on which the desk takes requests: by SMS, and at the console where it has accounts. So over
the days each way is proven, and no desk practises twice a day.

So each knows its own way to the end, and coordinators see whose telephone is dead before somebody in need does.

It gives way to everything real: it goes to one desk after the other, never to one that holds a real request, never
while work is late or the raid lock is on, and it takes no place that a real request needs.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from helpline.casework import claims, drill_results
from helpline.core.call_windows import NOW, instant
from helpline.core.languages import base_of
from helpline.core.phone_numbers import Msisdn, msisdn
from helpline.directory import services
from helpline.keys.sealing import Sealing
from helpline.matching import candidates
from helpline.referral import ending, offer_next
from helpline.referral.context import Context
from helpline.request import offers, requests, sealed_numbers
from helpline.request.model import DRILL, NGO, State, Way
from helpline.staff import contacts, people, raid_lock
from helpline.staff.contact import Contact
from helpline.store import outbox
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.draft import NOT_SAID, PERMISSIONS, YES
from menus.salt import CALLER_WORDS

LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drills:
    """Its fields are all it needs. `languages`: those whose words it can show; `made_up`: what no real number is."""

    ctx: Context
    sealing: Sealing
    languages: tuple[str, ...]
    made_up: str

    def begin(self, tx: Tx, who: Contact, *, daily: Way | None = None) -> None:
        """Offer a practice request to a desk; one that runs already is over. `daily`: nobody asked for it.

        One at the console has no text, so that whoever finds it has looked there.
        """
        if who.kind != "service":
            return claims.answer(tx, who, "to_ngo.help", "")
        self._end_earlier(tx, who)
        id, line = new_id(), new_id()
        requests.add(tx, self._practice(id, who, tx.now) | ({"content": daily.value} if daily else {}))
        sealed_numbers.put(tx, id, self.sealing.seal(id, self._number(who)))
        sealed_numbers.set_line(tx, id, line)
        offer, draws = offer_next.new_offer_code(self.ctx, tx, who.desk)
        offers.add(tx, id, line, who.desk, draws, offer)
        outbox.wake(tx, "expire", id, tx.now + LASTS)
        made = offers.get(tx, offer) if daily is not Way.ACCOUNT else None
        return ending.tell_service(tx, made, "to_ngo.offer", who) if made else None

    def _end_earlier(self, tx: Tx, who: Contact) -> None:
        for offer in offers.live_of_service(tx, who.desk):
            request = requests.get(tx, offer.request)
            if request and request.kind == DRILL:
                ending.end_drill(tx, request)

    def _number(self, who: Contact) -> Msisdn:
        """Give a number that is nobody's; in production, where none is, that of whoever practises."""
        return msisdn(self.made_up.ljust(len(who.phone), "0") if self.made_up else who.phone)

    def _practice(self, id: str, who: Contact, now: datetime) -> dict[str, Any]:
        """Give a request as somebody might have made it, who may be rung at once."""
        base = base_of(who.language)
        language = base if base in self.languages else self.languages[0]
        word = int(id[:4], 16) % CALLER_WORDS
        return {
            "id": id, "session": None, "keys_seen": 0, "state": State.OFFERED.value, "due": now, "created": now,
            "updated": now, "expires": now + LASTS, "content": "", "language": language, "short_form": False,
            "window": NOW, "days": "", "zone": self.ctx.country.zone, "hour": "", "since": now,
            "place": self.ctx.country.capital, "need": "talk", **dict.fromkeys(PERMISSIONS, YES),
            "age_band": "adult", "risk": "", "kind": DRILL, "cover": "", "operator_sex": "", "operator_language": "",
            "felt": "", "word": word, "ours": word, "draws": 0, "reveals": 0, "code_mac": None, "sex": NOT_SAID,
        }  # fmt: skip


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


def start_daily_round(ctx: Context, tx: Tx) -> datetime | None:
    """Give each desk its time within the hour; give when the next round is, None where there are none any more."""
    config, country = ctx.config, ctx.country
    if config.drill_hour is None:
        return None
    if _is_within(ctx, MOST_LATE, tx.now):
        listed = services.services(tx, country.code)
        fit = [each.id for each in listed if each.kind == NGO and each.callback and each.status != services.GONE]
        for at, id in enumerate(fit):
            outbox.wake(tx, ONE, id, tx.now + ROUND * at / len(fit))
    return next_time(tx.now, country.zone, config.drill_hour)


def run_daily_drill(drills: Drills, tx: Tx, service: str) -> datetime | None:
    """Have one desk practise; give when to try again, None where it is done, or today is over."""
    who = contacts.on_duty(tx, service)
    full = candidates.full_until(tx, service)
    if who is None or (full is not None and full > tx.now) or not _is_within(drills.ctx, ROUND + MOST_LATE, tx.now):
        return None
    if raid_lock.is_locked(tx) or outbox.backlog(tx).oldest > LATE_SECONDS or _is_busy(tx, service):
        return tx.now + AGAIN
    drills.begin(tx, who, daily=_turn(tx, service))
    return None


def _is_within(ctx: Context, span: timedelta, now: datetime) -> bool:
    """Tell whether the hour of today was no longer ago than that."""
    hour = ctx.config.drill_hour
    if hour is None:
        return False
    here = ZoneInfo(ctx.country.zone)
    return timedelta(0) <= now - instant(now.astimezone(here).date(), time(hour), here) < span


def _is_busy(tx: Tx, service: str) -> bool:
    held = (requests.get(tx, offer.request) for offer in offers.live_of_service(tx, service))
    return any(each is not None and each.kind != DRILL for each in held)


def _turn(tx: Tx, service: str) -> Way:
    """Give the way that a desk has practised longest ago, by SMS first."""
    ways = [Way.TEXT, Way.ACCOUNT] if people.has_active_account(tx, service) else [Way.TEXT]
    last = drill_results.last_by_way(tx, service)
    return min(ways, key=lambda way: last[way].timestamp() if way in last else 0)
