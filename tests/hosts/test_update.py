"""Two hosts are updated one after the other while people call: no wrong screen, and "not saved" for a second at most."""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.store.migrate import newest
from tests.faults.people import Ended, not_saved_seconds
from tests.faults.phones import shows
from tests.faults.service import a_copy
from tests.faults.test_storm import a_seed
from tests.hosts.callers import crowd
from tests.hosts.cluster import FIRST, SECOND, cluster

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(3600)]
MOST_CALLERS, PAUSE_SECONDS = 300, 0.5
"""Three people call, then the next three after a pause, until the update is over."""
NOT_SAVED_SECONDS = 1.0
MIGRATION = '''"""What the next version may do to tables in use: a column, and an index."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only add."""
    op.add_column("request", sa.Column("next_version", sa.String(8), nullable=False, server_default=""))
    with op.get_context().autocommit_block():
        op.create_index("ix_next_version", "request", ["next_version"], postgresql_concurrently=True)


def downgrade() -> None:
    """Nothing goes back."""
'''


LOCKS = '''

def upgrade() -> None:
    """Keep everybody from the table for a while, as a change of all its rows would."""
    op.execute("lock table request in access exclusive mode")
    op.execute("select pg_sleep(8)")
'''
"""Added to the other one, it takes its place."""


def not_saved_while_updated(tmp_path: Path, migration: str) -> float:
    """Update two hosts while people call. Return for how long callers were not saved, in seconds. Nothing else may be wrong."""
    tree = a_copy(tmp_path / "tree")
    file = tree / "helpline" / "store" / "migrations" / "versions" / "9999_the_next_version.py"
    file.write_text(migration.format(before=newest()))
    with cluster(tmp_path) as hosts, crowd(hosts, a_seed(), MOST_CALLERS) as people:

        def calls() -> None:
            while not over.is_set() and len(people.calls) < MOST_CALLERS:
                people.call(3)
                people.wait()
                over.wait(PAUSE_SECONDS)

        began, over = time.monotonic(), threading.Event()
        with ThreadPoolExecutor(1) as thread:
            calling = thread.submit(calls)
            try:
                for name in (SECOND, FIRST):
                    hosts.stop(name)
                    hosts.start(name, tree=tree)  # in this thread: what a thread has started ends with it
            finally:
                over.set()
            calling.result()
        silence = people.longest_silence(began)
        found = people.faults()
        with people.db.read() as tx:
            assert tx.execute(sa.text("select version_num from alembic_version")).scalar() == "9999"
        refused, seconds = people.callers.refusals, not_saved_seconds(people.callers.ends)
        print(
            f"{people.saved()} saved; {len(refused)} not saved, for {seconds:.1f} s; without an answer {silence:.1f} s"
        )
        assert found == [], "\n".join(found)
        assert people.wrong == []
        assert [end for end in refused if not shows(people.callers.book, "start.not_stored", end.screen)] == []
    return seconds


@pytest.mark.alone
@pytest.mark.nightly
def test_hosts_are_updated_one_after_the_other_while_people_call(tmp_path: Path) -> None:
    """The first to be updated changes the tables. Then the other one still runs the version before, and is updated.

    All that callers read is right. Nobody is refused for longer than a second, even if the two restarts are taken as one.
    """
    assert not_saved_while_updated(tmp_path, MIGRATION) <= NOT_SAVED_SECONDS


@pytest.mark.alone
@pytest.mark.nightly
def test_an_update_that_locks_a_table_for_seconds_is_noticed(tmp_path: Path) -> None:
    """The control: callers read "not saved" meanwhile, and call again."""
    assert not_saved_while_updated(tmp_path, MIGRATION + LOCKS) > NOT_SAVED_SECONDS


@pytest.mark.parametrize(
    ("ends", "seconds"),
    [
        ([(1, 2, True)], 0),
        ([(1, 3, False), (2, 3, False), (3, 4, True)], 3),
        ([(1, 2, False), (2, 3, True), (5, 6, False), (6, 7, True)], 6),
        ([(1, 3, False), (2, 2.5, True), (2, 4, True)], 3),
        ([(1, 3, False), (1, 2, True)], math.inf),
    ],
    ids=["all saved", "three seconds", "twice", "another meanwhile", "for good"],
)
def test_the_time_of_not_saved_ends_when_somebody_is_saved(
    ends: list[tuple[float, float, bool]], seconds: float
) -> None:
    """It begins when the first refused hop is sent, not when it is answered."""
    assert not_saved_seconds(Ended(sent, answered, "", saved) for sent, answered, saved in ends) == seconds
