"""Calls that ended without a request: counted by last screen and month, and nothing else (R34, R36)."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from helpline.caller.conversations import TO_THE_END
from helpline.content.sources import ROOT, load_country
from helpline.core.config import Config
from helpline.core.ports import Ended
from helpline.oversight import published
from helpline.oversight.monthly import SCREEN
from helpline.oversight.small_numbers import OTHER
from helpline.store.connection import connect
from helpline.store.schema import departure, metadata
from tests.world import EN_CALL_ME, EN_HOME, EN_STOPPED, Call, World

DECEMBER = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)


def hang_up(world: World, call: Call) -> None:
    """Report the end of the call as the gateway does."""
    world.public.ended("at", Ended(call.session, tuple(call.keys)))


def counts(world: World) -> dict[str, int]:
    return {str(row.screen): row.calls for row in world.rows(departure)}


def test_a_call_without_a_request_is_counted_by_its_last_screen(world: World) -> None:
    for keys in ((), EN_HOME, EN_HOME, EN_CALL_ME, EN_STOPPED):
        hang_up(world, world.dial().press(*keys))
    assert counts(world) == {"start.language": 1, "start.home": 2, "callback.consent": 1, TO_THE_END: 1}
    assert {row.month for row in world.rows(departure)} == {"2026-11"}


def test_r36_a_caller_with_a_request_is_not_counted_as_having_left(world: World) -> None:
    """This includes consent withdrawn in the same call. Two counts of the same people would give a third."""
    hang_up(world, world.ask(last=False))
    hang_up(world, world.ask())
    refused = world.ask(last=False, language="4").press("00", "2", "0")
    assert refused.reply.last
    hang_up(world, refused)
    assert counts(world) == {}
    call = world.ask("+996000111002", last=False)
    world.public.ended("at", Ended(call.session, EN_HOME))  # keys that do not show it, as can happen from abroad
    assert counts(world) == {}


def test_r34_only_a_count_remains_of_a_call_without_a_request(world: World) -> None:
    before = contents(world)
    call = world.dial().press(*EN_HOME, "1", "1")
    hang_up(world, call)
    after = contents(world)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"departure"}
    ((month, screen, calls),) = after["departure"]
    assert (month, calls) == ("2026-11", 1)
    assert screen in world.public.ctx.book.tree.screens


def contents(world: World) -> dict[str, list[tuple[object, ...]]]:
    with world.db.read() as tx:
        return {name: [tuple(row) for row in tx.execute(sa.select(t))] for name, t in metadata.tables.items()}


@pytest.mark.engines
def test_the_counts_are_deleted_with_the_month_and_shown_from_five_on(world: World) -> None:
    for _ in range(6):
        hang_up(world, world.dial().press(*EN_HOME))
    for keys in ((), (), EN_CALL_ME, EN_CALL_ME, EN_CALL_ME, EN_STOPPED):
        hang_up(world, world.dial().press(*keys))
    region_of = load_country(ROOT, world.config.country).for_matching.region_of
    with world.db.write(DECEMBER) as tx:
        uncounted = published.uncounted(tx)
        world.work.erasure.erase(tx)
    assert counts(world) != {}
    for each in uncounted:
        published.count_month(world.db, each, region_of)
    with world.db.write(DECEMBER) as tx:
        world.work.erasure.erase(tx)
    assert counts(world) == {}
    month = published.months(world.db, ["2026-11"], region_of, DECEMBER)["2026-11"]
    assert month.left.by == {SCREEN: {"start.home": 6, OTHER: 6}}
    own = published.months(world.db, ["2026-11"], region_of, DECEMBER, "ngo-1")["2026-11"]
    assert own.left.total is None


def test_if_nothing_can_be_stored_the_gateway_is_not_asked_to_repeat_it(world: World, tmp_path: object) -> None:
    call = world.dial().press(*EN_HOME)
    world.db.dispose()
    gone = connect(Config(data=f"{tmp_path}/nowhere").sql_url)
    object.__setattr__(world.public.ctx, "db", gone)
    hang_up(world, call)
