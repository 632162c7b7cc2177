"""One request, and a process that dies at its k-th step, for every k: each statement, each commit, each sent text.

Random kills find races; these find gaps. The control is a database that keeps the half of a transaction that was done.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from helpline.store.connection import connect
from helpline.store.engine import Database
from tests.conftest import Databases
from tests.faults.one_request import Runs, Trouble
from tests.world import World

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
PIECES = 6


@pytest.fixture
def runs(new_sqlite: Databases) -> Runs:
    """A service with the sample directory, whose database is copied for each run."""
    world = World.on(new_sqlite())
    path = world.db.engine.url.database
    assert path is not None
    world.db.scrub()
    world.db.dispose()
    return Runs(world, Path(path), Path(path).parent)


def die_at_every(runs: Runs, step: int, *, returns: bool, first: int = 1) -> None:
    """Die at every `step`-th point from the `first` on. If the call drops by it, only before the caller has asked."""
    _, whole = runs(0)
    texts = len(whole.world.gateway.sent)
    assert whole.faults(texts) == []
    points = range(first, (whole.fuse.steps if returns else whole.asked) + 1, step)
    found = {at: runs(at, texts, returns=returns)[0] for at in points}
    print(f"{len(found)} of {whole.fuse.steps} points")
    assert {at: faults for at, faults in found.items() if faults} == {}


def test_a_crash_at_many_steps_loses_and_doubles_nothing(runs: Runs) -> None:
    """Request, offer, no, next offer, yes, yes again, number. A death at any step changes nothing in the end."""
    die_at_every(runs, 48, returns=True)


def test_a_crash_that_drops_a_call_loses_no_request_whose_code_was_shown(runs: Runs) -> None:
    """Before the caller has asked, they saw no code and nothing is stored, or all continues without them."""
    die_at_every(runs, 1, returns=False)


def keeps_half(url: str) -> Database:
    """Connect to a database that undoes nothing: what a transaction has done stays when its process dies."""
    db = connect(url)
    db.engine.dialect.do_rollback = db.engine.dialect.do_commit  # type: ignore[method-assign]
    return db


def test_a_crash_in_a_transaction_that_is_not_undone_is_noticed_and_its_story_told(runs: Runs) -> None:
    """The control. What was done of the offer or the claim stays, and the rest is missing."""
    careless = replace(runs, trouble=Trouble(opens=keeps_half))
    _, whole = careless(0)
    texts = len(whole.world.gateway.sent)
    assert whole.faults(texts) == []
    found = [careless(at, texts)[0] for at in range(24, whole.fuse.steps + 1, 7)]
    print(*filter(None, found), sep="\n")
    assert any(found)
    assert any(line.endswith("request saved") for faults in found for line in faults)


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(1, PIECES + 1))
def test_a_crash_at_every_step_loses_and_doubles_nothing(runs: Runs, first: int) -> None:
    """The same at each step, in pieces that can run beside each other."""
    die_at_every(runs, PIECES, returns=True, first=first)
