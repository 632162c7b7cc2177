"""What a worker runs before it forks leaves nothing behind, and its children need not compile the same again."""

import gc
import sys

import pytest

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import Delivery, IncomingSms, Receipt
from helpline.store.fixed import Fixed
from helpline.store.schema import metadata
from tests.world import World
from workers.warm_up import warm_up


def counts(world: World) -> dict[str, int]:
    """Return how many rows each table has."""
    return {table.name: len(world.rows(table)) for table in metadata.sorted_tables}


def statements() -> set[Fixed]:
    """Return all fixed statements. The collector does not show those of modules that were frozen for forks."""
    modules = [vars(module) for name, module in sorted(sys.modules.items()) if name.startswith("helpline.")]
    named = (each for module in modules for each in module.values())
    return {each for each in (*named, *gc.get_objects()) if isinstance(each, Fixed)}


@pytest.mark.engines
def test_warming_up_leaves_nothing_behind(world: World) -> None:
    before = counts(world)
    warm_up(world.work.db)
    assert counts(world) == before


def test_callers_may_write_after_every_few_statements(world: World) -> None:
    """A worker that starts keeps SQLite's lock no longer than one row of work does, so that no hop waits for it."""
    said = list[str]()
    with world.work.db.read() as tx:
        tx.driver.raw.set_trace_callback(said.append)
    warm_up(world.work.db)
    begun, spans = 0, list[int]()
    for number, statement in enumerate(said):
        if statement == "BEGIN IMMEDIATE":
            begun = number
        if statement == "ROLLBACK":
            spans.append(number - begun)
    assert len(spans) > 20
    assert max(spans) <= 8


@pytest.mark.engines
def test_after_it_hardly_anything_is_compiled_for_a_text_and_its_answer(world: World) -> None:
    """The first text of a child costs little more than the next."""
    world.public.sms("at", IncomingSms("in1", msisdn("+996000112001"), Hidden("help")))
    world.db.engine.clear_compiled_cache()
    world.public.receipt("at", Receipt("gw-1", Delivery.DELIVERED))  # the web stores it, and no worker
    fixed = statements()
    for each in fixed:
        each.prepared.clear()
    warm_up(world.work.db)
    compiled, known = len(world.db.engine._compiled_cache or ()), {each for each in fixed if each.prepared}
    for job in (Job.READ_MESSAGES, Job.SEND_MESSAGES):
        world.work.drain(90.0, job)
    assert len(world.gateway.sent) == 1
    world.work.drain(90.0, Job.RECORD_RECEIPTS)
    assert len(world.db.engine._compiled_cache or ()) - compiled <= 8
    assert known
    assert [str(each.statement) for each in fixed if each.prepared and each not in known] == []
