"""Part of the system is unavailable: menus still work, the last screen is honest, and every promise is kept later."""

import resource
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.caller.intake import Saved
from helpline.caller.repeated_hops import MOST, SavedCall, SavedCalls
from helpline.store.connection import HOP_BUSY_SECONDS, connect
from helpline.store.engine import Database
from helpline.store.schema import request
from tests.faults.phones import Outside, book, outside, says, shows
from tests.faults.service import Service, running
from tests.faults.storm import to_the_morning
from tests.others import PATIENCE_SECONDS, until
from tests.steps.unreachable import unreachable
from tests.world import CALL_ME, CALLER, Call, World

pytestmark = [pytest.mark.faults, pytest.mark.engines, pytest.mark.timeout(1800)]
BOOK = book()
Trouble = Callable[[World], AbstractContextManager[None]]


@pytest.fixture
def gateway() -> Iterator[Outside]:
    """The gateway that takes outgoing texts."""
    with outside() as gateway:
        yield gateway


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Hold a write lock on the database until the end of the block."""
    with world.db.write() as tx:
        if world.db.engine.dialect.name != "sqlite":  # on SQLite the first writer holds the lock
            tx.execute(sa.text("LOCK TABLE request, talk IN ACCESS EXCLUSIVE MODE"))
        tx.execute(sa.text("SELECT 1"))
        yield
        tx.rollback()


@contextmanager
def locked_rows(world: World) -> Iterator[None]:
    """Keep everybody from writing requests until the end of the block. Reading goes on."""
    with world.db.write() as tx:
        if world.db.engine.dialect.name != "sqlite":
            tx.execute(sa.text("LOCK TABLE request, talk IN SHARE ROW EXCLUSIVE MODE"))
        yield
        tx.rollback()


@pytest.fixture
def hasty(db: Database) -> Iterator[World]:
    """A service whose hops use a connection of their own and wait for it as long as in production."""
    world = World.on(db)
    own = connect(db.engine.url.render_as_string(hide_password=False), HOP_BUSY_SECONDS).timed_by(world.clock)
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=own))
    yield world
    own.dispose()


@pytest.mark.parametrize("trouble", [locked, unreachable])
def test_a_call_during_a_database_failure_is_honest_and_the_same_call_later_is_saved(
    hasty: World, trouble: Trouble
) -> None:
    """Each screen is as usual, but the last says that nothing could be stored. The same hops are stored later.

    Then consent is shown once more, because it could not be recorded while the database was unavailable (R28).
    """
    call = hasty.dial(session="one")
    with trouble(hasty):
        call.press(*CALL_ME)
        assert shows(hasty.public.ctx.book, "callback.consent", call.text)
        call.agree()
        assert shows(hasty.public.ctx.book, "callback.when", call.text)
        call.press("1")
        assert is_not_stored(hasty, call)
    assert hasty.rows(request) == []
    call.show()
    assert shows(hasty.public.ctx.book, "callback.consent", call.text)
    call.agree().press("1")
    assert shows(hasty.public.ctx.book, "callback.kept", call.text)
    hasty.wait(minutes=5)
    assert hasty.state() == "offered"


@pytest.mark.parametrize("trouble", [locked, unreachable])
def test_the_next_hop_saves_a_request_that_could_not_be_saved(hasty: World, trouble: Trouble) -> None:
    """The database fails in the middle of the call and returns. The next hop, whichever it is, saves the request."""
    call = hasty.dial().press(*CALL_ME).agree()
    with trouble(hasty):
        call.press("1")
        assert is_not_stored(hasty, call)
    call.ahead("1")
    assert shows(hasty.public.ctx.book, "callback.how_old", call.text)
    hasty.wait(minutes=5)
    assert hasty.state() == "offered"


@pytest.mark.parametrize("trouble", [locked, unreachable])
def test_r19_a_repeated_hop_never_says_not_saved_where_the_request_is_saved(hasty: World, trouble: Trouble) -> None:
    """The gateway repeats a hop whose first copy was saved: it shows the same screen, with code and words."""
    call = hasty.ask(last=False)
    assert shows(hasty.public.ctx.book, "callback.kept", call.text)
    with trouble(hasty):
        assert call.show().text == call.seen[-2]
        assert not call.reply.last
    call.press("1")
    with trouble(hasty):
        assert call.show().text == call.seen[-2]
    assert len(hasty.rows(request)) == 1


def test_r19_another_process_answers_a_repeated_hop_truly_from_the_database(hasty: World) -> None:
    """A copy may come to another web, or after a restart. While others write, reading still tells what is saved."""
    call = hasty.ask()
    hasty.public = replace(hasty.public, saved=SavedCalls())
    with locked_rows(hasty):
        assert call.show().text == call.seen[-2]


def test_r19_a_failed_hop_that_dialled_ahead_does_not_say_that_a_request_remains(hasty: World) -> None:
    """Time and one more answer come in one hop, so the keys alone look as if a request were saved already."""
    call = hasty.dial().press(*CALL_ME).agree()
    with locked_rows(hasty):
        call.ahead("1", "1")
        assert is_not_stored(hasty, call)
    assert hasty.rows(request) == []


def test_the_calls_that_a_process_remembers_are_limited_and_a_late_copy_changes_none() -> None:
    """The oldest is forgotten first."""
    calls = SavedCalls()
    for number in range(MOST + 1):
        calls.remember(f"{number}", SavedCall(4, {}, Saved("id", 0)))
    calls.remember("7", SavedCall(3, {}, Saved("id", 1)))
    assert len(calls.calls) == MOST
    assert "0" not in calls.calls
    assert calls.calls["7"][1].keys == 4


def test_what_a_process_remembers_of_calls_is_dropped_at_the_next_call_after_45_minutes() -> None:
    now = [0.0]
    calls = SavedCalls(seconds=lambda: now[0])
    for minute, session in ((0, "old"), (1, "new"), (45, "last")):
        now[0] = minute * 60.0
        calls.remember(session, SavedCall(4, {}, Saved("id", 0)))
    assert list(calls.calls) == ["new", "last"]
    now[0] = 90 * 60.0
    calls.forget("another")
    assert list(calls.calls) == []


def is_not_stored(world: World, call: Call) -> bool:
    """Whether a screen ends the call and says that nothing is stored, with the emergency number and the direct line."""
    truth = world.public.ctx.book.page("ru", "start.not_stored", 0).text
    return call.text == truth and call.reply.last and "102" in truth and "189" in truth


@pytest.mark.parametrize(
    ("settings", "without"),
    [
        pytest.param({"redis_url": "unix:///nowhere/at/all.sock"}, "", marks=pytest.mark.nightly),
        pytest.param({}, "worker", marks=pytest.mark.nightly),
        ({"redis_url": "redis://127.0.0.1:1"}, "worker"),
    ],
    ids=["no Valkey", "no workers", "neither"],
)
def test_without_valkey_and_workers_the_clock_alone_processes_a_request(
    tmp_path: Path, gateway: Outside, settings: dict[str, Any], without: str
) -> None:
    """Asked, offered, declined, offered to the next, claimed, number shown: only slower."""
    with running(tmp_path, without=without, gateway_url=gateway.url, grace_seconds=0, **settings) as service:
        to_the_morning(service)
        assert shows(BOOK, "callback.kept", ask(service).partition(" ")[2])
        first, code = text_of(gateway, "offer")
        service.sms("sms1", first, f"НЕТ {code}")
        second, code = text_of(gateway, "offer", but_not=first)
        service.sms("sms2", second, f"YES {code}")
        assert text_of(gateway, "card") == (second, code)
        service.sms("sms3", second, f"НОМЕР {code}")
        assert text_of(gateway, "number") == (second, code)
        assert service.stop() == 0
    assert [text.to for text in gateway.phones.taken if CALLER in text.text] == [second]


@contextmanager
def held(service: Service) -> Iterator[None]:
    """Hold the lock of a running service's database."""
    with closing(sqlite3.connect(service.data / "komek.sqlite3", isolation_level=None)) as holder:
        holder.execute(f"PRAGMA busy_timeout = {int(PATIENCE_SECONDS * 1000)}")  # workers may write row after row
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@contextmanager
def full(service: Service) -> Iterator[None]:
    """Make every write of the web process to the disk fail."""
    webs = service.pids()["web"]
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)) for pid in webs]
    yield
    for pid, limits in zip(webs, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@pytest.mark.skipif(sys.platform != "linux", reason="only there another process can be limited")
def test_a_lock_or_a_full_disk_is_shown_to_the_caller_and_the_next_call_is_saved(
    tmp_path: Path, gateway: Outside
) -> None:
    """Each hop is answered, the last with the truth, and nothing remains that would disturb the next caller."""
    with running(tmp_path, gateway_url=gateway.url, grace_seconds=0) as service:
        to_the_morning(service)
        for name, trouble in (("locked", held), ("full", full)):
            with trouble(service):
                assert ask(service, f"{name} 1") == f"END {service_text('start.not_stored')}"
            assert shows(BOOK, "callback.kept", ask(service, f"{name} 2").partition(" ")[2])
        text_of(gateway, "offer")
        assert service.stop() == 0
    assert '"hop_failed"' not in service.output("errors")


def ask(service: Service, session: str = "s1") -> str:
    """Take the shortest path to a saved request over the wire. Return the answer to the last hop."""
    keys, answer = list[str](), ""
    for pressed in (*CALL_ME, "drawn", "1"):
        drawn = answer.split("\n")[-1][0] if pressed == "drawn" else pressed
        keys.append(drawn)
        answer = service.hop(session, CALLER, "*".join(keys))
    return answer


def service_text(screen: str) -> str:
    """Return a screen in the first language."""
    return BOOK.page("ru", screen, 0).text


def text_of(gateway: Outside, notice: str, but_not: str = "") -> tuple[str, str]:
    """Wait for a text. Return the phone it went to and the code in it."""

    def found() -> tuple[str, str] | None:
        taken = ((text.to, says(BOOK, f"to_ngo.{notice}", text.text)) for text in gateway.phones.taken)
        return next(((to, slots["offer"]) for to, slots in taken if slots and to != but_not), None)

    return until(found, notice)
