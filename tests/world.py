"""A whole service in memory with a clock that tests move: the real engine, domain, store and worker code.

Only three things are stand-ins: the time, the gateway that takes texts (a list), and the queue of jobs (`run` does the
work of the workers). Everything else is what runs in production, on SQLite or PostgreSQL.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gateway.app import public_service
from helpline.caller.hop import PublicService
from helpline.content import loading
from helpline.content.loading import Content
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Hop, IncomingSms, Reply, Sender, SendFailed
from helpline.core.waiting import may_wait
from helpline.directory import pending_phones, replace_directory
from helpline.directory.sample import sample
from helpline.directory.service import Service
from helpline.keys.keyring import new_keys
from helpline.messaging.routes import Route
from helpline.operations.retention import EVERY
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store import backlogs
from helpline.store.engine import Database, Tx
from helpline.store.schema import outbox as outbox_table
from workers.effects import Work
from workers.wiring import CallChannel, work_of

MORNING = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""Ten in the morning in Bishkek, nine in Dushanbe."""
HOME, EN_HOME = ("2",), ("4",)
"""The keys to the first menu of Kyrgyzstan in Russian and in English. Below are the paths of most tests."""
CALL_ME, EN_CALL_ME = (*HOME, "2"), (*EN_HOME, "2")
SEE, EN_SEE = (*HOME, "9", "2", "1"), (*EN_HOME, "9", "2", "1")
WITHDRAW, EN_WITHDRAW = (*HOME, "9", "2", "3"), (*EN_HOME, "9", "2", "3")
STOPPED, EN_STOPPED = (*HOME, "9", "3"), (*EN_HOME, "9", "3")
CALLER = "+996000111001"
OTHER = "+996000111002"


@dataclass(slots=True)
class Clock:
    """A clock that stands still until a test moves it."""

    at: datetime = MORNING
    sure: bool = True
    """Whether the time is beyond doubt."""

    def __call__(self) -> datetime:
        """Return its time."""
        return self.at

    def is_sure(self) -> bool:
        """Whether its time is beyond doubt."""
        return self.sure


@dataclass(slots=True)
class Gateway:
    """Takes texts and makes calls, and records both."""

    clock: Callable[[], datetime]
    sent: list[tuple[str, str]] = field(default_factory=list)
    sent_at: list[datetime] = field(default_factory=list)
    """When each text was taken."""
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    """The called phone, the line it was called from, and the session of each call."""
    call_failures: list[SendFailed] = field(default_factory=list)
    """What the coming calls raise, one each."""
    fails: list[SendFailed | None] = field(default_factory=list)
    """What the coming texts raise, one each."""
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        """Take a text, or fail as told. With an unknown outcome it takes the text *and* fails."""
        failure = self.fails.pop(0) if self.fails else None
        if failure is None or failure.unknown:
            self.sent.append((to.reveal(), text))
            self.sent_at.append(self.clock())
        if failure is not None:
            raise failure
        return f"gw-{next(self.ids)}"

    def call(self, to: Msisdn, trunk: str) -> str:
        """Call a phone, or fail as told. The session id has AT's form."""
        if self.call_failures:
            raise self.call_failures.pop(0)
        session = f"ATVId_{next(self.ids):032x}"
        self.calls.append((to.reveal(), trunk, session))
        return session


def contents(config: Config) -> Content:
    """Read the content once for each country, its languages and retention period."""
    return _contents(config.country, config.languages, config.keep_days)


@lru_cache
def _contents(country: str, languages: tuple[str, ...], keep_days: int) -> Content:
    return loading.load(Config(country=country, languages=languages, keep_days=keep_days))


@lru_cache
def listed(country: str, zone: str, today: date) -> tuple[list[Service], list[Contact]]:
    """Read the sample directory once for each day on which tests begin."""
    return sample(country, zone, today)


Rows = dict[str, Sequence[tuple[Any, ...]]]
LISTED: dict[tuple[str, ...], Rows] = {}
"""The rows of sample directories, by all that they depend on."""


def list_services(tx: Tx, config: Config, zone: str, today: date) -> None:
    """Save the sample directory. Into an empty SQLite database its rows are copied: 2 ms instead of 9."""
    key = (config.country, zone, str(today), config.contact_key.get_secret_value())
    empty = tx.dialect.name == "sqlite" and not any(rows_of(tx, "service", "term", "contact", "lost_phone").values())
    if empty and key in LISTED:
        for name, rows in LISTED[key].items():
            tx.exec_driver_sql(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
        return
    replace_directory.replace_all(tx, config.country, *listed(config.country, zone, today))
    if empty:
        LISTED[key] = rows_of(tx, "service", "term", "contact")


def rows_of(tx: Tx, *tables: str) -> Rows:
    """Return all rows of some tables as the driver gives them."""
    return {name: [tuple(row) for row in tx.exec_driver_sql(f"select * from {name}")] for name in tables}


@lru_cache
def keys() -> dict[str, str]:
    """Return one set of keys for all tests of a process."""
    return new_keys()


def routes_of(sender: Sender, first: str = "at") -> tuple[Route, ...]:
    """Return routes by which every text goes to `sender`. Texts to services leave by the `first`."""
    names = (first, *({"at", "africastalking"} - {first}))
    return tuple(
        Route(ChannelSettings(name=name, kind="africastalking", sends=name == first), sender) for name in names
    )


@dataclass(slots=True, repr=False)
class World:
    """The service. `public` is the public process, `work` a worker. They share only the database."""

    config: Config
    db: Database
    public: PublicService
    work: Work
    clock: Clock
    gateway: Gateway
    sessions: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Keep hypothesis from printing all texts and places for each example: that took longer than the example."""
        del cycle
        printer.text("World")

    @classmethod
    def on(
        cls,
        db: Database,
        sender: Sender | None = None,
        clock: Clock | None = None,
        channel: str = "at",
        sweep_every: timedelta = EVERY,
        **settings: object,
    ) -> "World":
        """Return a service on an empty, migrated database, with the sample directory.

        Texts leave by `channel`. What is due is erased as often as in production, or as rarely as told.
        """
        config = Config.model_validate({**keys(), "data": Path("nowhere"), **settings})
        db = db.with_contact_key(config.contact_key.get_secret_value())
        texts, clock = contents(config), clock or Clock()
        gateway = Gateway(clock)
        db = db.watched_by(clock).reporting(bool(config.events_url))
        public = public_service(config, texts, replace(db, contacts=None, before=may_wait))
        work = work_of(config, texts, db, routes_of(sender or gateway, channel), CallChannel("africastalking", gateway))
        work = replace(work, db=db, now=clock, erasure=replace(work.erasure, every=sweep_every))
        dialogue = replace(work.inbound.dialogue, ctx=replace(work.inbound.dialogue.ctx, db=db))
        work = replace(work, inbound=replace(work.inbound, dialogue=dialogue))
        zone = texts.country.zone
        with db.write() as tx:
            list_services(tx, config, zone, clock().date())
        return cls(config, db, public, work, clock, gateway)

    @property
    def zone(self) -> ZoneInfo:
        """The country's zone."""
        return ZoneInfo(self.public.ctx.country.zone)

    def send_by(self, sender: Sender) -> None:
        """Send texts through another gateway."""
        self.work = replace(self.work, outgoing=replace(self.work.outgoing, routes=routes_of(sender)))

    def dial(self, caller: str = CALLER, session: str = "") -> "Call":
        """Start a call."""
        call = Call(self, caller, session or f"s{next(self.sessions)}")
        call.show()
        return call

    def ask(self, caller: str = CALLER, window: str = "1", language: str = "2", last: bool = True) -> "Call":
        """Ask for a call by the shortest path. `last` also presses *End*."""
        call = self.dial(caller).press(language, "2").agree()
        call.press(window)
        return call.press("0") if last else call

    def text(self, sender: str, text: str, id: str = "") -> None:
        """Receive a text and read it."""
        self.public.sms("at", IncomingSms(id or f"in{next(self.sessions)}", msisdn(sender), Hidden(text)))
        self.run()

    def run(self) -> int:
        """Do all due work. Return the number of rows."""
        done = 0
        while self.work.step():
            done += 1
            assert done < 10_000, "work without end"
        return done

    def wait(self, by: timedelta = timedelta(), **spans: float) -> None:
        """Move the time on and do each row of work when it is due."""
        end = self.clock.at + (by or timedelta(**spans))
        while (due := self.next_due()) is not None and due <= end:
            self.clock.at = max(self.clock.at, due)
            if not self.run():
                break
        self.clock.at = end
        self.run()

    def next_due(self) -> datetime | None:
        """Return when the next row is due."""
        with self.db.read() as tx:
            ready = outbox_table.c.state == "ready"
            return tx.execute(sa.select(sa.func.min(outbox_table.c.due)).where(ready)).scalar()

    def set_local(self, hour: int, minute: int = 0) -> None:
        """Move the clock to the next time that it is this hour in the country."""
        here = self.clock.at.astimezone(self.zone)
        then = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        self.wait((then if then > here else then + timedelta(days=1)) - here)

    def inbox(self, phone: str) -> list[str]:
        """Return the texts that were sent to a phone."""
        return [text for to, text in self.gateway.sent if to == phone]

    def phone(self, service: str) -> str:
        """Return the phone of a service or coordinator of the sample directory."""
        with self.db.read() as tx:
            found = contacts.get(tx, service)
        assert found is not None
        return found.phone

    def contacts_are(self, **values: Any) -> None:
        """Set fields of every service and coordinator, as the directory would."""
        with self.db.write() as tx:
            for kind in ("service", "coordinator"):
                for who in contacts.of_kind(tx, kind, self.config.country):
                    pending_phones.admit(tx, self.config.country, replace(who, **values))

    def offered(self) -> tuple[str, str]:
        """Return the telephone and the code of the newest offer."""
        for to, text in reversed(self.gateway.sent):
            codes = re.findall(r"\b[0-9]{5}\b", text)
            if codes and re.search(r"\b(?:YES|ДА)\b", text):
                return to, codes[-1]
        raise AssertionError("nobody was offered anything")

    def claimed(self, window: str = "1") -> tuple[str, str]:
        """Ask, offer and claim. Return the phone and the code."""
        self.ask(window=window)
        self.run()
        to, code = self.offered()
        self.text(to, f"ДА {code}")
        return to, code

    def rows(self, table: sa.Table) -> Sequence[sa.Row[tuple[object, ...]]]:
        """Return all rows of a table, numbered ones in order."""
        order = [table.c.seq] if "seq" in table.c else []
        with self.db.read() as tx:
            return tx.execute(sa.select(table).order_by(*order)).all()

    def state(self) -> str:
        """Return the state of the only request."""
        from helpline.store.schema import request

        (row,) = self.rows(request)
        return str(row.state)

    def backlog(self) -> int:
        """Return how many rows are due."""
        with self.db.read(self.clock()) as tx:
            return backlogs.backlog(tx).rows


@dataclass(slots=True)
class Call:
    """One USSD call."""

    world: World
    caller: str
    session: str
    keys: tuple[str, ...] = ()
    reply: Reply = field(default_factory=lambda: Reply("", last=False))
    seen: list[str] = field(default_factory=list)
    hop: Callable[[Hop], Reply] | None = None

    def show(self) -> Reply:
        """Send the present hop, perhaps again."""
        hop = Hop(self.session, msisdn(self.caller), self.keys)
        self.reply = self.hop(hop) if self.hop else self.world.public.hop("at", hop)
        self.seen.append(self.reply.text)
        return self.reply

    def press(self, *pressed: str) -> "Call":
        """Press keys, one per hop."""
        for key in pressed:
            assert not self.reply.last, "the call is over"
            self.keys = (*self.keys, key)
            self.show()
        return self

    def find(self, label: str) -> "Call":
        """Show the next pages of a list until one has `label`, then press the digit beside it."""
        for _ in range(20):
            lines = dict(line.split(" ", 1)[::-1] for line in self.text.split("\n") if line[:2].rstrip().isdigit())
            if label in lines:
                return self.press(lines[label])
            self.press("9")
        raise AssertionError(f"no page has {label!r}")

    def agree(self) -> "Call":
        """Press the key that continues from the first consent screen, as it is printed there."""
        return self.press(self.reply.text.split("\n")[-1][0])

    def ahead(self, *keys: str) -> "Call":
        """Send several keys in one hop, as a handset does that dials ahead."""
        self.keys = (*self.keys, *keys)
        self.show()
        return self

    @property
    def text(self) -> str:
        """What the screen shows."""
        return self.reply.text
