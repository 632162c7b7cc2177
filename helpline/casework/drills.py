"""Drills: a marked practice request for one desk, from offer to end, so that its first real request is not its first.

A drill has a kind of its own and is marked in every text. It is offered to nobody else, calls no coordinator, is not
counted, and ends by itself after a day. Its number reaches nobody: it is made up, or by SMS in
production the desk's own.

Every service that calls people gets a drill once a day, at one hour. Drills take turns between SMS and the console, if
the service has accounts, so each way is proved and no desk practises twice a day. Coordinators see which services do
not answer before somebody in need is offered to them.

Drills give way to real work. They are spread over an hour, and none is made for a desk with a real request, while work
is late, or while the raid lock is on. They take no place that a real request needs.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from helpline.casework import drill_results
from helpline.casework.answers import Answer, DrillOffered, Notice
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
from helpline.request.offers import Offered
from helpline.staff import contacts, locks, people
from helpline.staff.contact import Contact
from helpline.store import backlogs, exclusive, outbox
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.draft import NOT_SAID, PERMISSIONS, YES
from menus.salt import CALLER_WORDS

LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drills:
    """Makes practice requests. Workers have one: it seals made-up numbers."""

    ctx: Context
    sealing: Sealing
    languages: tuple[str, ...]
    """The languages that have words for the caller and for us."""
    nobody: str
    """The first digits of numbers that belong to nobody. Six digits follow."""
    is_demo: bool

    def begin(self, tx: Tx, contact: Contact) -> Answer:
        """Offer a practice request to the desk that asks for one, in place of an earlier one."""
        if contact.kind != "service":
            return Notice.HELP
        return DrillOffered(self._make(tx, contact, "", self._number_by_sms(contact)))

    def begin_daily(self, tx: Tx, contact: Contact, way: Way) -> None:
        """Offer a daily drill. At the console no text goes out, so answering it proves that somebody looks there."""
        if way is Way.ACCOUNT:
            self.begin_at_console(tx, contact, way.value)
        else:
            offer = self._make(tx, contact, way.value, self._number_by_sms(contact))
            ending.tell_service(tx, offer, "to_ngo.offer", contact)

    def begin_at_console(self, tx: Tx, contact: Contact, way: str = "") -> None:
        """Offer a practice request without a text. Its number belongs to nobody: a screen may be seen by others."""
        self._make(tx, contact, way, self._number_of_nobody())

    def _make(self, tx: Tx, contact: Contact, way: str, number: Msisdn) -> Offered:
        exclusive.desks(tx, [contact.desk])  # before any row is changed: the order of all locks
        self._end_earlier(tx, contact)
        id, line = new_id(), new_id()
        requests.add(tx, self._practice(id, contact, tx.now) | {"content": way})
        sealed_numbers.put(tx, id, self.sealing.seal(id, number))
        sealed_numbers.set_line(tx, id, line)
        offer, draws = offer_next.new_offer_code(self.ctx, tx, contact.desk)
        offers.add(tx, id, line, contact.desk, draws, offer)
        outbox.wake(tx, "expire", id, tx.now + LASTS)
        made = offers.get(tx, offer)
        if made is None:
            raise LookupError(offer)
        return made

    def _end_earlier(self, tx: Tx, contact: Contact) -> None:
        for offer in offers.live_of_service(tx, contact.desk):
            request = requests.get(tx, offer.request)
            if request and request.kind == DRILL:
                ending.end_drill(tx, request)

    def _number_of_nobody(self) -> Msisdn:
        return msisdn(f"{self.nobody}000000")

    def _number_by_sms(self, contact: Contact) -> Msisdn:
        """Return the number of a drill by SMS. In production it is the desk's own, so that it can be called."""
        return self._number_of_nobody() if self.is_demo else msisdn(contact.phone)

    def _practice(self, id: str, contact: Contact, now: datetime) -> dict[str, Any]:
        """Return a request like that of a caller who may be called at once."""
        base = base_of(contact.language)
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
"""Kinds of the outbox: the daily round, and the drill of one service."""
ROUND = timedelta(hours=1)
"""The drills of a country are spread over this time."""
AGAIN = timedelta(minutes=20)
LATE_SECONDS = 5.0
"""While work is late by more, there are no drills."""
MOST_LATE = timedelta(hours=2)
"""A round or a drill that is later than this waits for the next day."""


def next_time(now: datetime, zone: str, hour: int) -> datetime:
    """Return the next time after `now` at which a round begins."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    return next(at for day in (0, 1, 2) if (at := instant(today + timedelta(days=day), time(hour), here)) > now)


def start_daily_round(ctx: Context, tx: Tx) -> datetime | None:
    """Schedule the drill of each service within the hour. Return when the next round is; None if drills are off."""
    config, country = ctx.config, ctx.country
    if config.drill_hour is None:
        return None
    if _is_within(ctx, MOST_LATE, tx.now):
        listed = services.services(tx, country.code)
        ids = [each.id for each in listed if each.kind == NGO and each.callback and each.status != services.GONE]
        for at, id in enumerate(ids):
            outbox.wake(tx, ONE, id, tx.now + ROUND * at / len(ids))
    return next_time(tx.now, country.zone, config.drill_hour)


def run_daily_drill(drills: Drills, tx: Tx, service: str) -> datetime | None:
    """Offer a service its drill. Return when to try again; None if it has begun, or is left out today."""
    contact, full = contacts.on_duty(tx, service), candidates.full_until(tx, service)
    paused = full is not None and full > tx.now
    if contact is None or paused or not _is_within(drills.ctx, ROUND + MOST_LATE, tx.now):
        return None
    if locks.is_raid_on(tx) or backlogs.backlog(tx).oldest > LATE_SECONDS or _is_busy(tx, service):
        return tx.now + AGAIN
    drills.begin_daily(tx, contact, _next_way(tx, service))
    return None


def _is_within(ctx: Context, span: timedelta, now: datetime) -> bool:
    """Whether today's round began less than `span` ago."""
    hour = ctx.config.drill_hour
    if hour is None:
        return False
    here = ZoneInfo(ctx.country.zone)
    return timedelta(0) <= now - instant(now.astimezone(here).date(), time(hour), here) < span


def _is_busy(tx: Tx, service: str) -> bool:
    held = (requests.get(tx, offer.request) for offer in offers.live_of_service(tx, service))
    return any(request is not None and request.kind != DRILL for request in held)


def _next_way(tx: Tx, service: str) -> Way:
    """Return the way that a service has practised longest ago, SMS first."""
    ways = [Way.TEXT, Way.ACCOUNT] if people.has_active_account(tx, service) else [Way.TEXT]
    last = drill_results.last_by_way(tx, service)
    return min(ways, key=lambda way: last[way].timestamp() if way in last else 0)
