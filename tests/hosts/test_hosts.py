"""Two hosts with one database: one is cut off, or one has a wrong clock.

Nothing that a caller was told is lost, nobody is claimed twice, and the other host goes on. Times are printed. How long
the same takes before a cut is no part of them, because the machine may be busy.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from gateway.phone.emulator import Switches
from gateway.phone.receipts import When
from helpline.store import exclusive
from helpline.store.connection import connect
from tests.faults.events import STORY
from tests.faults.phones import says
from tests.faults.service import HOP_SECONDS, ROOT, a_copy
from tests.faults.test_storm import a_seed
from tests.faults.wrong_clock import CAN, wrong_clock
from tests.hosts.callers import Crowd, crowd
from tests.hosts.cluster import DATABASE, FIRST, SECOND, Cluster, cluster
from tests.hosts.network import network
from tests.hosts.servers import servers
from tests.others import until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(3600)]
PATIENCE_SECONDS = 240.0
ANSWERED_SECONDS, OFFERED_SECONDS = 3.0, 15.0
"""How long callers may be without an answer, and services without an offer, after a host was cut off."""
BUSY = 3
"""On a busy machine, as by day, all may take three times as long. The bars themselves hold at night."""
SLOW_SECONDS = 4.0
"""How long the gateway takes for a text. A worker holds the row of the text meanwhile."""
APART = timedelta(seconds=90)
TRIES = 5
LOST_TEXT = '"event": "lease_lost", "about": "send"'


@dataclass(frozen=True, slots=True)
class Cut:
    """What followed the cut of a host, in seconds more than the same took before."""

    silence: float
    """The longest time in which a balancer had no answer for somebody who dialled."""
    offer: float
    """How long there was no offer."""
    faults: list[str]


def cut_off(hosts: Cluster, callers: int) -> Cut:
    """Pull the cable of a host in the middle of the load, and plug it in again after all others were saved."""
    with crowd(hosts, a_seed(), callers) as people:
        began = time.monotonic()
        people.call(callers // 3)
        until(lambda: people.saved() >= callers // 5 and people.offers(), "requests before the cut", PATIENCE_SECONDS)
        usual, silent = time.monotonic() - began, people.longest_silence(began)
        hosts.net.cut(SECOND)
        cut, saved, offers = time.monotonic(), people.saved(), people.offers()
        people.call(callers - callers // 3)
        until(lambda: people.saved() > saved, "a request after the cut", PATIENCE_SECONDS)
        until(lambda: people.offers() > offers, "an offer after the cut", PATIENCE_SECONDS)
        offered = time.monotonic() - cut
        people.wait()
        silence = people.longest_silence(cut)
        hosts.net.heal(SECOND)
        made = Cut(silence - silent, offered - usual, people.faults())
    print(f"{made} after the cut; before it: {silent:.1f} s without an answer, {usual:.1f} s to the first offers")
    return made


@pytest.mark.alone
@pytest.mark.parametrize(("callers", "busy"), [(24, BUSY), pytest.param(40, 1, marks=pytest.mark.nightly)])
def test_a_host_that_is_cut_off_costs_seconds_and_no_request(tmp_path: Path, callers: int, busy: int) -> None:
    """Callers are answered again within three seconds, services are asked within fifteen, and nothing is lost."""
    with cluster(tmp_path) as hosts:
        cut = cut_off(hosts, callers)
    assert cut.faults == [], "\n".join(cut.faults)
    assert cut.silence < busy * ANSWERED_SECONDS
    assert cut.offer < busy * OFFERED_SECONDS


@pytest.mark.alone
@pytest.mark.nightly
def test_behind_a_balancer_that_waits_long_for_a_lost_host_callers_wait(tmp_path: Path) -> None:
    """The control."""
    with cluster(tmp_path, connect_seconds=HOP_SECONDS) as hosts:
        assert cut_off(hosts, 24).silence > ANSWERED_SECONDS


HOLD = """
import sys
import threading
import time
from helpline.store import exclusive
from helpline.store.connection import connect
with connect(sys.argv[1]).write() as tx:
    print("begun", flush=True)
    exclusive.desks(tx, sys.argv[2])
    print("held", flush=True)
    time.sleep(3600)
"""
"""A worker in the middle of its work: nobody asks these services until its transaction ends."""
DESKS = "ab"
WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


@contextmanager
def locks_of_a_lost_host(tree: Path = ROOT) -> Iterator[str]:
    """Cut a host off while one of its workers holds the locks of services, by the code of `tree`, and another one waits.

    Yield the database's address.
    """
    with network(DATABASE, SECOND) as net, servers(net, DATABASE) as (url, _), ExitStack() as stack:
        url = url.replace("postgresql://", "postgresql+psycopg://")
        for last in ("held", "begun"):
            worker = subprocess.Popen(
                [*net.inside(SECOND), sys.executable, "-c", HOLD, url, DESKS],
                cwd=tree,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(worker.communicate)
            stack.callback(worker.kill)
            assert worker.stdout is not None
            while worker.stdout.readline() != f"{last}\n":
                assert worker.poll() is None
        until(lambda: waits_for_a_lock(url), "a worker that waits for a lock")
        net.cut(SECOND)
        yield url


def waits_for_a_lock(url: str) -> bool:
    """Whether somebody waits for a lock of the database."""
    db = connect(url)
    with db.read() as tx:
        waiting = bool(tx.exec_driver_sql(WAITING).scalar())
    db.dispose()
    return waiting


def lock(url: str, seconds: float) -> None:
    """Wait so long for the same locks. Raise `OperationalError` if they are still held then."""
    db = connect(url, seconds)
    try:
        with db.write() as tx:
            tx.exec_driver_sql(f"set local lock_timeout = '{seconds:.0f}s'")
            exclusive.desks(tx, DESKS)
    finally:
        db.dispose()


@pytest.mark.alone
def test_the_locks_of_a_host_that_is_cut_off_end_within_fifteen_seconds() -> None:
    """Then other hosts go on with the same services. PostgreSQL measures the time, so a busy machine changes little.

    No worker of that host that waited for them gets them next: it would keep them for ten seconds more.
    """
    with locks_of_a_lost_host() as url:
        lock(url, OFFERED_SECONDS)


@pytest.mark.alone
@pytest.mark.nightly
def test_without_the_limits_of_the_server_a_lost_host_keeps_its_locks(tmp_path: Path) -> None:
    """The control."""
    with (
        locks_of_a_lost_host(a_copy(tmp_path / "tree", "patient_server.patch")) as url,
        pytest.raises(OperationalError, match="timeout"),
    ):
        lock(url, 2 * OFFERED_SECONDS)


def sent_twice(hosts: Cluster, people: Crowd) -> list[str]:
    """Ask for some calls while the gateway is slow. Return each offer that went out more than once.

    Return, too, each text that a worker had passed to the gateway when another worker took it.
    """
    hosts.gateway.gateway.switches = Switches(receipts=When.NEVER, timeout_after_taking=SLOW_SECONDS)
    people.call(8)
    people.wait()
    until(lambda: people.offers() >= people.saved(), "all offers", PATIENCE_SECONDS)
    hosts.gateway.gateway.switches = Switches(receipts=When.NEVER)
    assert [each for each in people.faults() if not each.startswith(("unfinished", STORY))] == []
    shown = ((text.to, says(people.callers.book, "to_ngo.offer", text.text)) for text in hosts.gateway.phones.taken)
    times = Counter((to, slots["offer"]) for to, slots in shown if slots)
    lost = (line for host in hosts.hosts.values() for line in host.output("errors").splitlines() if LOST_TEXT in line)
    return [f"{many} times to {to}" for (to, _), many in times.items() if many > 1] + list(lost)


@CAN
@pytest.mark.alone
@pytest.mark.nightly
def test_hosts_whose_clocks_differ_send_no_text_twice(tmp_path: Path) -> None:
    """Also by a slow gateway. The log of the second host says that its clock is wrong."""
    clock = wrong_clock(tmp_path / "clock", APART)
    with (
        cluster(tmp_path, second=clock.environ) as hosts,
        crowd(hosts, a_seed(), 8) as people,
    ):
        assert sent_twice(hosts, people) == []
        until(lambda: '"clock_skew"' in hosts.hosts[SECOND].output("errors"), "the alarm", PATIENCE_SECONDS)
        assert '"clock_skew"' not in hosts.hosts[FIRST].output("errors")


@CAN
@pytest.mark.alone
@pytest.mark.nightly
def test_if_leases_went_by_each_hosts_own_clock_texts_would_go_out_twice(tmp_path: Path) -> None:
    """The control. The other host must have a free worker just while a text is at the gateway, so it has some tries."""
    clock, tree = wrong_clock(tmp_path / "clock", APART), a_copy(tmp_path / "tree", "own_leases.patch")
    with (
        cluster(tmp_path, tree=tree, second=clock.environ) as hosts,
        crowd(hosts, a_seed(), 8 * TRIES) as people,
    ):
        assert any(sent_twice(hosts, people) for _ in range(TRIES))
