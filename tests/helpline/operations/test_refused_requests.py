"""The counts of refused requests: whole over several processes, and by channel and kind of fault alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpline.core import job_queue
from helpline.operations import refused_requests
from helpline.operations.refused_requests import Fault, Refused, RefusedRequests
from tests.workers.conftest import Server

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def of(server: Server, now: datetime = NOW) -> RefusedRequests:
    return RefusedRequests(lambda: job_queue.connect(server.url, seconds=10), lambda: now)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.begin()
    yield server
    server.end()


def test_the_counts_of_two_processes_add_up(server: Server) -> None:
    later = NOW + timedelta(minutes=5)
    for now in (NOW, later):
        refused = of(server, now)
        refused.add("operator-a", Fault.FORM)
        refused.add("operator-a", Fault.SECRET)
        assert refused.flush()
        assert not refused.flush(), "each is added once"
    assert refused_requests.read(server.url) == [
        Refused("operator-a", Fault.FORM, 2, later), Refused("operator-a", Fault.SECRET, 2, later),
    ]  # fmt: skip


def test_without_valkey_the_counts_wait_and_nothing_is_read(server: Server) -> None:
    away = RefusedRequests(lambda: job_queue.connect("redis://127.0.0.1:1"), lambda: NOW)
    away.add("a", Fault.BODY)
    assert not away.flush()
    assert refused_requests.read("redis://127.0.0.1:1") == []
    away.connect = of(server).connect
    away.add("a", Fault.BODY)
    assert away.flush()
    assert [each.count for each in refused_requests.read(server.url)] == [2]


@pytest.mark.parametrize(
    ("fault", "ago", "news"),
    [(Fault.FORM, 59, True), (Fault.NETWORK, 1, True), (Fault.BODY, 61, False), (Fault.SECRET, 1, False)],
)
def test_operators_hear_for_an_hour_of_what_a_gateway_sent(fault: Fault, ago: int, news: bool) -> None:
    """A stranger without the secret is no news: anybody can send that, at any time."""
    assert Refused("a", fault, 1, NOW - timedelta(minutes=ago)).is_news(NOW) is news


def test_what_another_version_counted_is_left_out() -> None:
    assert list(refused_requests.refused({b"a odd": b"1", b"a form": b"2"}, {})) == [Refused("a", Fault.FORM, 2, None)]
