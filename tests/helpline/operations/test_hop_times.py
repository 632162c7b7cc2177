"""The histogram of hops: whole over several processes, and never so fine that one call can be seen."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gateway.webhooks import IS_HOP, timed
from helpline.core import job_queue
from helpline.operations.hop_times import BOUNDS, FEWEST, NAME, HopTimes, histogram
from tests.workers.conftest import Server

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


def of(server: Server) -> HopTimes:
    return HopTimes(lambda: job_queue.connect(server.url, seconds=10))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.begin()
    yield server
    server.end()


def stored(server: Server) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = server.client().hgetall(NAME)  # type: ignore[assignment]  # not the asynchronous client
    return found


def test_the_hops_of_two_processes_add_up(server: Server) -> None:
    for times, seconds in ((of(server), 0.004), (of(server), 0.3)):
        for _ in range(FEWEST):
            times.add(seconds)
        assert times.flush()
    found = histogram(stored(server))
    assert dict(found.buckets)["0.005"] == FEWEST
    assert dict(found.buckets)["0.25"] == FEWEST
    assert dict(found.buckets)["0.5"] == 2 * FEWEST
    assert found.buckets[-1] == ("+Inf", 2 * FEWEST)
    assert found.seconds == pytest.approx(FEWEST * 0.304, rel=0.01)


def test_r36_few_hops_wait_until_there_are_more(server: Server) -> None:
    """Otherwise the figure would say that somebody is on the line now."""
    times = of(server)
    for _ in range(FEWEST - 1):
        times.add(0.01)
    assert not times.flush()
    assert stored(server) == {}
    times.add(0.01)
    assert times.flush()
    assert histogram(stored(server)).buckets[-1] == ("+Inf", FEWEST)


def test_without_valkey_the_counts_wait(server: Server) -> None:
    away = HopTimes(lambda: job_queue.connect("redis://127.0.0.1:1"))
    for _ in range(FEWEST):
        away.add(9.0)
    assert not away.flush()
    away.connect = of(server).connect
    assert away.flush()
    assert histogram(stored(server)).buckets[len(BOUNDS) - 1 :] == (("2.5", 0), ("+Inf", FEWEST))


def test_a_hop_that_fails_is_timed_too() -> None:
    seen: list[float] = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        del start_response
        environ[IS_HOP] = True
        raise RuntimeError

    with pytest.raises(RuntimeError):
        timed(app, seen.append)({}, lambda *_: lambda _: None)
    assert len(seen) == 1
