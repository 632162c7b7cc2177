"""A PostgreSQL server that does not answer costs one caller one wait, and callers who need no database nothing."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from helpline.store import connection
from helpline.store.connection import connect, connect_for_hops
from helpline.store.engine import Database, Unavailable
from helpline.store.schema import request
from helpline.store.silence import Silence, Silent
from tests.conftest import Databases
from tests.faults.relay import Relay, relay
from tests.others import PATIENCE_SECONDS
from tests.world import CALL_ME, HOME, World

pytestmark = pytest.mark.postgres
NOT_STORED = "Сбой. Наберите снова. Опасно: 102?, 103?. Поговорить: 189?."


@dataclass(slots=True)
class Seconds:
    """A monotonic clock that a test moves."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass(slots=True)
class Away:
    """A service whose hops reach the database through a network that can fall silent."""

    world: World
    relay: Relay
    seconds: Seconds
    database: Database

    def silence_passes(self) -> None:
        """Move the clock past the time in which nothing is asked."""
        self.seconds.at += 1000


@pytest.fixture
def away(new_postgres: Databases) -> Iterator[Away]:
    own = new_postgres()
    with relay(own.engine.url) as (network, address):
        world, seconds = World.on(own), Seconds()
        hops = connect_for_hops(address).timed_by(world.clock)
        assert hops.silence is not None
        hops.silence.now, hops.silence.seconds = seconds, 0.5
        world.public = replace(world.public, ctx=replace(world.public.ctx, db=hops))
        yield Away(world, network, seconds, hops)
        hops.dispose()


def test_a_silent_database_is_asked_once_and_the_menus_continue_without_it(away: Away) -> None:
    """The first hop waits in vain. After that no hop sends the database anything, and each shows its screen."""
    call = away.world.dial().press(*CALL_ME)
    away.relay.silence()
    call.agree()  # here the database is asked in vain
    asked = away.relay.asked
    assert call.press("1").text == NOT_STORED
    menus = away.world.dial("+996000111009").press(*HOME)
    assert not menus.reply.last
    assert menus.press(*CALL_ME[1:]).agree().text.startswith("Стоп звонкам: в меню.")
    assert away.relay.asked == asked, "the database was asked again"
    assert away.world.rows(request) == []


def test_after_the_pause_one_caller_tries_and_the_request_is_saved(away: Away) -> None:
    call = away.world.dial().press(*CALL_ME).agree()
    away.relay.silence()
    assert call.press("1").text == NOT_STORED
    away.relay.speak()
    assert call.show().text == NOT_STORED, "within the pause nothing is asked"
    away.silence_passes()
    assert "Помните" in call.show().text
    assert len(away.world.rows(request)) == 1


def test_a_process_that_starts_during_the_silence_shows_its_menus_and_stores_nothing(away: Away) -> None:
    """It has no connection yet, so that it waits for a new one."""
    away.database.dispose()
    away.relay.silence()
    call = away.world.dial().press(*CALL_ME).agree()
    assert call.text.startswith("Стоп звонкам: в меню.")
    assert call.press("1").text == NOT_STORED
    assert away.world.rows(request) == []


def test_only_one_caller_tries_after_the_pause() -> None:
    seconds = Seconds()
    silence = Silence(2.0, seconds)
    silence.check()
    silence.noticed()
    seconds.at = 1.5
    silence.check()
    with pytest.raises(Silent):
        silence.check()
    silence.answered()
    silence.check()


def test_no_late_answer_is_taken_for_another(away: Away) -> None:
    """What arrives after the wait belongs to a question that was given up: its connection is closed."""
    with away.database.read() as tx:
        assert tx.execute(sa.text("select 1")).scalar() == 1
    away.relay.silence()
    with pytest.raises(Unavailable), away.database.read() as tx:
        tx.execute(sa.text("select 2"))
    away.relay.speak()
    away.silence_passes()
    with away.database.read() as tx:
        assert tx.execute(sa.text("select 3")).scalar() == 3


def test_a_transaction_of_a_host_that_was_cut_off_loses_its_locks(
    new_postgres: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends a transaction that hears nothing from its host. Here after half a second, not after ten."""
    monkeypatch.setattr(connection, "GONE", connection.GONE.replace("session_timeout=10000", "session_timeout=500"))
    own = new_postgres()
    with relay(own.engine.url) as (network, address):
        cut, locks = connect(address), threading.Event()
        over = threading.Event()

        def hold() -> None:
            with suppress(Unavailable), cut.write() as tx:
                tx.execute(sa.text("lock table request in access exclusive mode"))
                network.silence()
                locks.set()
                over.wait(PATIENCE_SECONDS)

        holder = threading.Thread(target=hold, daemon=True)
        holder.start()
        assert locks.wait(PATIENCE_SECONDS)
        with own.write() as tx:  # waits for ten seconds at most
            assert tx.execute(sa.select(sa.func.count()).select_from(request)).scalar() == 0
        network.speak()
        over.set()
        holder.join()
        cut.dispose()


def limits(own: Database) -> tuple[object, dict[str, object]]:
    """Return when the server ends an idle transaction, and what our side was told about the network.

    The server says it itself. A unix socket has no such limits, so only a network shows them.
    """
    with relay(own.engine.url) as (_, address):
        db = connect(address)
        with db.read() as tx:
            shown = tx.execute(sa.text("show idle_in_transaction_session_timeout")).scalar()
            raw = tx.connection.connection.dbapi_connection
            told = {each.keyword.decode(): each.val for each in raw.pgconn.info}  # type: ignore[union-attr]
        db.dispose()
    return shown, {name: told[name] for name in ("tcp_user_timeout", "keepalives_idle")}


def test_both_sides_give_up_a_connection_without_a_sign_of_life(new_postgres: Databases) -> None:
    assert limits(new_postgres()) == ("10s", {"tcp_user_timeout": b"10000", "keepalives_idle": b"4"})


def test_without_our_limits_neither_side_gives_up_a_connection(
    new_postgres: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what a server and a driver do that nobody told."""
    monkeypatch.setattr(connection, "NETWORK", {})
    monkeypatch.setattr(connection, "GONE", "")
    assert limits(new_postgres()) == ("0", {"tcp_user_timeout": None, "keepalives_idle": None})
