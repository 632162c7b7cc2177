"""When part of the system is down, the caller can continue, is told the truth, and promises are still kept."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpline.store.connection import connect
from helpline.store.schema import request
from tests.conftest import Databases
from tests.running import Service, running
from tests.world import CALL_ME, CALLER, SEE, STOPPED, WITHDRAW, World

pytestmark = pytest.mark.engines

NOT_STORED = "Сбой. Наберите снова. Опасно: 102?, 103?. Поговорить: 189?."


@pytest.fixture
def locked(new_sqlite: Databases) -> Iterator[tuple[World, sqlite3.Connection]]:
    """A service whose hops wait a tenth of a second for the database, and a transaction that holds its lock."""
    world = World.on(new_sqlite())
    name = world.db.engine.url.database
    assert name is not None
    hasty = connect(f"sqlite:///{name}", busy_seconds=0.1).timed_by(world.clock)
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=hasty))
    holder = sqlite3.connect(name, isolation_level=None)
    yield world, holder
    holder.close()
    hasty.dispose()


def test_with_a_locked_database_menus_work_and_saving_reports_the_failure(
    locked: tuple[World, sqlite3.Connection],
) -> None:
    """Up to the choice of a time all is as usual. Then the screen says that nothing was stored, with other numbers."""
    world, holder = locked
    holder.execute("BEGIN IMMEDIATE")
    call = world.dial().press(*CALL_ME).agree()
    assert call.text.startswith("Стоп звонкам: в меню.")
    assert call.press("1").text == NOT_STORED
    holder.execute("ROLLBACK")
    assert world.rows(request) == []


def test_the_repeated_hop_is_saved_once_the_lock_is_released(locked: tuple[World, sqlite3.Connection]) -> None:
    """A gateway that repeats the hop finds the database free, and the caller gets their code."""
    world, holder = locked
    call = world.dial().press(*CALL_ME).agree()
    holder.execute("BEGIN IMMEDIATE")
    call.press("1")
    holder.execute("ROLLBACK")
    assert "Помните" in call.show().text
    assert len(world.rows(request)) == 1


def test_a_lock_after_saving_undoes_nothing(locked: tuple[World, sqlite3.Connection]) -> None:
    """The later answer is lost and the caller is told so. A saved request is offered with what was known."""
    world, holder = locked
    call = world.ask(last=False)
    holder.execute("BEGIN IMMEDIATE")
    assert call.press("1").text.startswith("Не вышло, простите. Прежняя просьба осталась.")
    holder.execute("ROLLBACK")
    world.wait(minutes=5)
    assert world.state() == "offered"


@pytest.mark.parametrize("keys", [STOPPED, (*SEE, "123456", "1"), (*WITHDRAW, "123456", "1")])
def test_a_missing_database_never_causes_an_error_page(world: World, keys: tuple[str, ...], tmp_path: Path) -> None:
    """*Do not call*, *status* and *never call me* say that they did not work, with the emergency number."""
    gone = connect(f"sqlite:///{tmp_path / 'no such folder' / 'x.sqlite3'}")
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=gone))
    call = world.dial(CALLER).press(*keys)
    assert call.text == NOT_STORED
    assert call.reply.last


@pytest.mark.faults
def test_without_valkey_from_the_start_a_request_is_still_offered_and_claimed(tmp_path: Path) -> None:
    """Redis is unreachable: the clock does all the work, from the dial to the card."""
    with running(tmp_path / "data", KOMEK_REDIS_URL=f"unix://{tmp_path / 'nobody.sock'}") as service:
        words = ask(service)
        offer = service.text_with("НЕТ/ДА ")
        offered = re.search("[0-9]{5}", offer["text"])
        assert offered is not None
        service.send(offer["to"], f"ДА {offered[0]}")
        card = service.text_with("ваша")
        assert all(word in card["text"] for word in words)


def ask(service: Service) -> list[str]:
    """Ask for a call in Bishkek over the wire. Return the caller's word and ours."""
    keys = [*CALL_ME]
    keys += [service.hop("one", keys).split("\n")[-1][0]]
    service.hop("one", keys)  # the second consent screen, which must be shown, too
    keys.append("1")
    shown = re.search("скажем ([А-ЯЁ]+), вы ([А-ЯЁ]+)", service.hop("one", keys))
    assert shown is not None
    for more in ("1", "0", "1", "0", "1", "0", "0", "0", "0", "1", "0"):
        keys.append(more)
        service.hop("one", keys)
    return [shown[2], shown[1]]
