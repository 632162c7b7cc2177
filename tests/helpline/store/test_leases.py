"""Leases on several machines whose clocks differ: they begin and end by the clock of the database's server."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from helpline.core.clock import real
from helpline.core.watched_clock import STEADY
from helpline.store import backlogs, outbox
from helpline.store.database_clock import ASK_SECONDS, DatabaseClock
from helpline.store.engine import Database
from helpline.store.outbox import LEASE
from tests.conftest import Databases

pytestmark = pytest.mark.postgres
APART = timedelta(seconds=90)


@pytest.fixture
def here(new_postgres: Databases) -> Database:
    """The database as the workers of a machine use it whose clock is right."""
    return new_postgres().timed_by(real)


def ahead(here: Database) -> Database:
    """Return the database as a machine uses it whose clock is ahead."""
    return here.timed_by(lambda: real() + APART)


def test_a_machine_whose_clock_is_ahead_takes_no_row_that_another_one_has_just_begun(here: Database) -> None:
    """Otherwise the text of that row goes out twice. Both clocks find the row due."""
    mine, theirs = here.leasing_by(DatabaseClock()), ahead(here).leasing_by(DatabaseClock())
    with mine.write() as tx:
        outbox.wake(tx, "send", "text", tx.now)
    with mine.write() as tx:
        assert outbox.claim(tx) is not None
    with theirs.write() as tx:
        assert outbox.claim(tx) is None
        assert backlogs.jobs_due(tx) == []
        assert backlogs.backlog(tx).rows == 0


def test_without_the_clock_of_the_server_it_would_be_taken(here: Database) -> None:
    """The same with the machines' own clocks: what is to be prevented."""
    with here.write() as tx:
        outbox.wake(tx, "send", "text", tx.now)
    with here.write() as tx:
        assert outbox.claim(tx) is not None
    with ahead(here).write() as tx:
        assert outbox.claim(tx) is not None


def test_a_row_whose_worker_died_is_taken_when_its_lease_has_ended_by_the_clock_of_the_server(here: Database) -> None:
    """A machine whose clock is behind takes it as well."""
    behind = here.timed_by(lambda: real() - APART)
    with behind.write() as tx:
        outbox.wake(tx, "send", "text", tx.now)
    with here.leasing_by(lambda _: real() - LEASE - timedelta(seconds=1)).write() as tx:
        assert outbox.claim(tx) is not None
    with behind.leasing_by(DatabaseClock()).write() as tx:
        assert outbox.claim(tx) is not None


@pytest.mark.parametrize(("ahead", "alarms"), [(90, 2), (3, 2), (-3, 2), (1, 0)])
def test_the_server_is_asked_now_and_then_and_a_difference_is_logged(
    here: Database, caplog: pytest.LogCaptureFixture, ahead: float, alarms: int
) -> None:
    """From two seconds of difference on."""
    clock = DatabaseClock()
    clock.wall = lambda: clock.asked + clock.ahead + ahead  # however busy the machine is
    with here.read() as tx:
        first = clock(tx.connection)
        asked = clock.asked
        assert clock(tx.connection) >= first
        assert clock.asked == asked
        clock.asked = time.clock_gettime(STEADY) - ASK_SECONDS
        clock(tx.connection)
    assert abs(first - datetime.now(UTC)) < timedelta(seconds=60)
    assert round(clock.skew) == ahead
    assert caplog.messages == ["clock_skew"] * alarms
