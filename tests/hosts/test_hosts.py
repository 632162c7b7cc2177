"""Two hosts with one database: one is cut off, one has a wrong clock, one after the other is updated.

Nothing that a caller was told is lost, nobody is claimed twice, and the other host goes on. Times are printed. A test
fails only if one is three times as long as it may be, because the machine may be busy.
"""

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.phone.emulator import Switches
from gateway.phone.receipts import When
from helpline.store.migrate import newest
from tests.conftest import Databases
from tests.faults.phones import says, shows
from tests.faults.service import a_copy
from tests.faults.test_storm import a_seed
from tests.faults.wrong_clock import CAN, wrong_clock
from tests.hosts.callers import Crowd, crowd
from tests.hosts.cluster import FIRST, SECOND, Cluster, cluster, cluster_on_a_network
from tests.others import until
from tests.workers.conftest import Server

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(1500)]
PATIENCE_SECONDS = 240.0
ANSWERED_SECONDS, OFFERED_SECONDS, NOT_SAVED_SECONDS = 3.0, 15.0, 1.0
"""How long callers may be without an answer, and services without an offer, after a host was cut off. How long callers
may read "not saved" while hosts are updated."""
BUSY = 3
SLOW_SECONDS = 4.0
"""How long the gateway takes for a text. A worker holds the row of the text meanwhile."""
APART = timedelta(seconds=90)
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


@pytest.mark.alone
@pytest.mark.parametrize("callers", [24, pytest.param(60, marks=pytest.mark.nightly)])
def test_a_host_that_is_cut_off_costs_seconds_and_no_request(tmp_path: Path, callers: int) -> None:
    """In the middle of the load its cable is pulled, and plugged in again after all others were offered."""
    with cluster_on_a_network(tmp_path) as hosts, crowd(hosts, a_seed(), callers) as people:
        assert hosts.net
        people.call(callers // 3)
        until(lambda: people.saved() >= callers // 5, "requests before the cut", PATIENCE_SECONDS)
        hosts.net.cut(SECOND)
        cut, saved, offers = time.monotonic(), people.saved(), people.offers()
        people.call(callers - callers // 3)
        until(lambda: people.saved() > saved, "a request after the cut", PATIENCE_SECONDS)
        until(lambda: people.offers() > offers, "an offer after the cut", PATIENCE_SECONDS)
        offered = time.monotonic() - cut
        people.wait()
        silence = people.longest_silence(cut)
        hosts.net.heal(SECOND)
        found = people.faults()
    print(f"without an answer for {silence:.1f} s, the next offer after {offered:.1f} s, {people.saved()} saved")
    assert found == [], "\n".join(found)
    assert silence < BUSY * ANSWERED_SECONDS
    assert offered < BUSY * OFFERED_SECONDS


def sent_twice(hosts: Cluster, people: Crowd) -> list[str]:
    """Ask for some calls while the gateway is slow. Return each offer that went out more than once."""
    hosts.gateway.gateway.switches = Switches(receipts=When.NEVER, timeout_after_taking=SLOW_SECONDS)
    people.call(8)
    people.wait()
    until(lambda: people.offers() >= people.saved(), "all offers", PATIENCE_SECONDS)
    hosts.gateway.gateway.switches = Switches(receipts=When.NEVER)
    assert [each for each in people.faults() if not each.startswith("unfinished")] == []
    shown = ((text.to, says(people.callers.book, "to_ngo.offer", text.text)) for text in hosts.gateway.phones.taken)
    times = Counter((to, slots["offer"]) for to, slots in shown if slots)
    return [f"{many} times to {to}" for (to, _), many in times.items() if many > 1]


@CAN
@pytest.mark.nightly
def test_hosts_whose_clocks_differ_send_no_text_twice(tmp_path: Path, new_postgres: Databases, server: Server) -> None:
    """Also by a slow gateway. The log of the second host says that its clock is wrong."""
    clock = wrong_clock(tmp_path / "clock", APART)
    with (
        cluster(tmp_path, urls(new_postgres, server), second=clock.environ) as hosts,
        crowd(hosts, a_seed(), 8) as people,
    ):
        assert sent_twice(hosts, people) == []
        until(lambda: '"clock_skew"' in hosts.hosts[SECOND].output("errors"), "the alarm", PATIENCE_SECONDS)
        assert '"clock_skew"' not in hosts.hosts[FIRST].output("errors")


@CAN
@pytest.mark.nightly
def test_if_leases_went_by_each_hosts_own_clock_texts_would_go_out_twice(
    tmp_path: Path, new_postgres: Databases, server: Server
) -> None:
    """The control."""
    clock, tree = wrong_clock(tmp_path / "clock", APART), a_copy(tmp_path / "tree", "own_leases.patch")
    with (
        cluster(tmp_path, urls(new_postgres, server), tree=tree, second=clock.environ) as hosts,
        crowd(hosts, a_seed(), 8) as people,
    ):
        assert sent_twice(hosts, people) != []


@pytest.mark.alone
@pytest.mark.nightly
def test_hosts_are_updated_one_after_the_other_while_people_call(
    tmp_path: Path, new_postgres: Databases, server: Server
) -> None:
    """The first to be updated changes the tables. Then the other one still runs the version before, and is updated."""
    tree = a_copy(tmp_path / "tree")
    migration = tree / "helpline" / "store" / "migrations" / "versions" / "9999_the_next_version.py"
    migration.write_text(MIGRATION.format(before=newest()))
    with cluster(tmp_path, urls(new_postgres, server)) as hosts, crowd(hosts, a_seed(), 80) as people:
        began = time.monotonic()
        people.call(80)
        for name in (SECOND, FIRST):
            hosts.stop(name)
            hosts.start(name, tree=tree)
        people.wait()
        silence = people.longest_silence(began)
        found = people.faults()
    screens = {screen for _, screen in people.callers.refusals}
    times = [at for at, _ in people.callers.refusals]
    not_saved = max(times, default=0) - min(times, default=0)
    print(f"{people.saved()} saved; not saved: {len(times)} in {not_saved:.1f} s; without an answer {silence:.1f} s")
    assert found == [], "\n".join(found)
    assert [screen for screen in screens if not shows(people.callers.book, "start.not_stored", screen)] == []
    assert not_saved < BUSY * NOT_SAVED_SECONDS


def urls(new_postgres: Databases, server: Server) -> tuple[str, str]:
    """Return the addresses of an empty database and of Valkey on this machine."""
    return new_postgres().engine.url.render_as_string(hide_password=False), server.url
