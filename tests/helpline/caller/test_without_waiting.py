"""A hop that must not wait: it shows its screen as always, or it has done nothing when it says that it would wait."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.caller.gate import Gate
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Hop
from helpline.core.waiting import WouldWait, may_wait, without_waiting
from helpline.store import schema
from helpline.store.connection import connect, connect_for_hops
from helpline.store.migrate import upgrade
from tests.world import CALL_ME, CALLER, SEE, STOPPED, World

KEYS = st.lists(st.sampled_from([*"0123456789", "00", "99", "123456"]), max_size=7) | st.sampled_from(
    [CALL_ME, SEE, STOPPED, (*SEE, "123456"), (*SEE, "123456", "1"), (*CALL_ME, "1"), (*CALL_ME, "2", "1")]
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    db = connect(f"sqlite:///{tmp_path_factory.mktemp('without-waiting') / 'komek.sqlite3'}")
    upgrade(db)
    made = World.on(db)
    made.public.begun.look(made.public.ctx)
    return made


def everything(world: World) -> object:
    """Return all that a hop may have changed: the rows, the counts of codes, and what the gate knows."""
    rows = {table.name: len(world.rows(table)) for table in schema.metadata.sorted_tables}
    day, gate = world.public.limits.day, world.public.gate
    wrong = {caller: tries for caller, tries in day.wrong.items() if tries}
    return rows, wrong, dict(+day.wrong_by_hour), len(world.public.saved.calls), (gate.known, gate.look_at)


@given(KEYS)
def test_r49_a_hop_that_would_wait_has_stored_and_counted_nothing(world: World, keys: Sequence[str]) -> None:
    """It is answered again, by a thread that may wait: otherwise a wrong code would count twice."""
    hop = Hop(f"{'-'.join(keys)}-{next(world.sessions)}", msisdn(CALLER), tuple(keys))
    world.public.hop("africastalking", replace(hop, keys=()))  # the dial
    before = everything(world)
    try:
        with without_waiting:
            reply = world.public.hop("africastalking", hop)
    except WouldWait:
        assert everything(world) == before
    else:
        assert everything(world) == before
        assert reply == world.public.hop("africastalking", hop)


def test_the_database_of_hops_is_not_asked_where_nobody_may_wait(tmp_path: Path) -> None:
    db = connect_for_hops(f"sqlite:///{tmp_path / 'komek.sqlite3'}")
    for begin in (db.read, db.glance, db.write, db.snapshot):
        with pytest.raises(WouldWait), without_waiting, begin():
            pass
        with begin() as tx:
            assert tx.exec_driver_sql("select 1").scalar() == 1


def test_what_only_shows_a_screen_need_not_wait(world: World) -> None:
    """So a caller reads the menus while all threads wait for a silent database."""
    for keys in ((), ("1",), ("2", "3"), ("2", "8")):
        with without_waiting:
            world.public.hop("africastalking", Hop("s", msisdn(CALLER), keys))


@pytest.mark.parametrize("keys", [(*CALL_ME,), STOPPED, (*SEE, "123456", "1")], ids=["ask", "stop", "my request"])
def test_what_stores_or_looks_up_would_wait(world: World, keys: tuple[str, ...]) -> None:
    with pytest.raises(WouldWait), without_waiting:
        world.public.hop("africastalking", Hop("s", msisdn(CALLER), keys))


def test_the_gate_asks_the_database_only_where_it_may_wait(world: World) -> None:
    """A question that was not asked must not count as asked: a closed line would answer for half a minute."""
    gate = Gate(world.db, always_open=False, rehearsal=())
    with pytest.raises(WouldWait), without_waiting:
        gate.is_closed()
    assert not gate.known
    gate.is_closed()
    assert gate.known


def test_only_the_thread_that_must_not_wait_may_not() -> None:
    may_wait()
    with pytest.raises(WouldWait), without_waiting:
        may_wait()
    may_wait()
