"""PostgreSQL falls silent while calls go on: the menus continue, also in a web that was restarted, and nothing is lost.

One control is a caller's request before and after: the same keys are saved, so the path is a true one. The other is a
web whose hops wait for each answer without end.
"""

import http.client
import math
import os
import signal
import statistics
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import request
from tests.conftest import Databases
from tests.faults.events import tell
from tests.faults.phones import book, outside, shows
from tests.faults.relay import relay
from tests.faults.service import ROOT, Service, a_copy, running
from tests.faults.storm import to_the_morning
from tests.faults.test_degraded import ask, service_text
from tests.others import until
from tests.world import HOME

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(3600),
    pytest.mark.nightly,
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]
ASKING = 6
"""More callers at once than the web has threads."""
SILENT_SECONDS = 4.0
MENU_SECONDS = 0.05
DIAL = {"phoneNumber": "+996000111009", "text": "", "serviceCode": "*500#", "networkCode": "99999"}


def saved(service: Service) -> int:
    """Count the requests in the database."""
    db = service.database()
    with db.read() as tx:
        found = tx.execute(sa.select(sa.func.count()).select_from(request)).scalar()
    db.dispose()
    return found or 0


def test_a_restarted_web_shows_its_menus_while_the_database_is_silent(tmp_path: Path, new_postgres: Databases) -> None:
    """Every hop is answered with a screen. What could not be saved is said, and later the same call is saved."""
    own = new_postgres()
    with (
        outside() as gateway,
        relay(own.engine.url) as (network, address),
        running(tmp_path, gateway_url=gateway.url, database_url=address) as service,
    ):
        to_the_morning(service)
        assert shows(book(), "callback.kept", ask(service, "before").partition(" ")[2])
        network.silence()
        assert ask(service, "silent") == f"END {service_text('start.not_stored')}"
        (web,) = service.pids()["web"]
        os.kill(web, signal.SIGKILL)
        until(lambda: service.pids().get("web", [web]) != [web], "another web")
        assert service.hop("menus", "+996000111009", "*".join(HOME)).startswith("CON ")
        assert ask(service, "restarted") == f"END {service_text('start.not_stored')}"
        network.speak()

        def is_saved() -> bool:
            with suppress(OSError, http.client.HTTPException):
                return shows(book(), "callback.kept", ask(service, "after").partition(" ")[2]) is not None
            return False

        until(is_saved, "a saved request")
        with own.read() as tx:
            assert tx.execute(sa.select(sa.func.count()).select_from(request)).scalar() == 2


def median_hop(service: Service, hops: int) -> float:
    """Dial some times while others ask for a call. Return the median of the seconds; without an answer, infinity."""
    over, times = threading.Event(), list[float]()

    def asks(lane: int) -> None:
        for number in range(10**9):
            with suppress(OSError, http.client.HTTPException, IndexError, AssertionError):
                ask(service, f"{lane} asks {number} {id(over)}")
            if over.is_set():
                return

    lanes = [threading.Thread(target=asks, args=(lane,), daemon=True) for lane in range(ASKING)]
    for lane in lanes:
        lane.start()
    time.sleep(SILENT_SECONDS)  # those who ask have met the silence by now
    for number in range(hops):
        began = time.monotonic()
        try:
            status, answer = service.post("ussd", {**DIAL, "sessionId": f"dial {number} {began}"})
        except (OSError, http.client.HTTPException):
            status, answer = 0, ""
        times.append(time.monotonic() - began if status == 200 and answer.startswith("CON ") else math.inf)
    over.set()
    return statistics.median(times)


def medians(folder: Path, own: Database, tree: Path, hops: int) -> tuple[float, float]:
    """Return the median time of a menu, in a service whose callers ask all the time: before the silence, and in it."""
    with (
        outside() as gateway,
        relay(own.engine.url) as (network, address),
        running(folder, tree=tree, gateway_url=gateway.url, database_url=address) as service,
    ):
        to_the_morning(service)
        before = median_hop(service, hops)
        network.silence()
        during = median_hop(service, hops)
    print(tell(own))  # it is shown if the test fails
    print(f"a menu while others ask: {before * 1000:.0f} ms; while the database is silent: {during * 1000:.0f} ms")
    return before, during


def test_menus_go_on_while_those_who_ask_wait_for_a_silent_database(tmp_path: Path, new_postgres: Databases) -> None:
    """They should take 50 ms. On a busy machine they take three times as long, or as long as before."""
    before, during = medians(tmp_path, new_postgres(), ROOT, 40)
    assert during < 3 * max(MENU_SECONDS, before)


def test_if_each_hop_waited_for_the_database_there_would_be_no_menus(tmp_path: Path, new_postgres: Databases) -> None:
    """The control: nothing is answered in the loop, and all threads of the web hang."""
    _, during = medians(tmp_path / "run", new_postgres(), a_copy(tmp_path / "tree", "endless_wait.patch"), 3)
    assert during == math.inf
