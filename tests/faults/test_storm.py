"""Many callers ask for a call while processes are killed at random. No request is lost or claimed twice.

The killed processes are web, worker, clock and Valkey. The same run without the guards must fail the same checks: a
checker that cannot fail proves nothing.
"""

import os
import sys
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest

from tests.conftest import Databases
from tests.faults.phones import outside
from tests.faults.service import a_copy, running
from tests.faults.storm import Plan, storm

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc, and die with their parent"),
]
SETTINGS: dict[str, Any] = {
    "grace_seconds": 1,
    "grace_most_seconds": 2,
    "offer_minutes": 1,
    "reveals_a_day": 9999,
    "workers": 2,
}


@pytest.mark.alone
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("requests", "kills"), [(40, 4), pytest.param(200, 24, marks=pytest.mark.nightly)])
def test_requests_survive_a_storm_of_crashes(requests: int, kills: int, tmp_path: Path) -> None:
    """After the storm each request is with one service or with a person, and no number has leaked. 40 requests by day, 200 at night."""
    seed = a_seed()
    with outside() as gateway, running(tmp_path, gateway_url=gateway.url, **SETTINGS) as service:
        after = storm(Plan(seed, requests, faults=kills), service, gateway)
        print(after.figures)
        assert after.faults == []
        assert service.stop() == 0
    assert after.states["claimed"] > requests / 2, "a storm in which few are claimed shows little"


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_the_checks_notice_a_double_claim_when_the_guards_are_removed(tmp_path: Path) -> None:
    """Yes and no at the same instant from one service: with nothing compared and nothing locked, both count.

    The run removes the comparison in `move`, the index behind it, and SQLite's single writer, so that two workers
    really work at once. Nothing is killed here: it needs no kills.
    """
    tree = a_copy(tmp_path / "tree", "unguarded.patch")
    plan = Plan(1, 120, faults=0, habits={"both": 1}, calm_seconds=60)
    with outside() as gateway, running(tmp_path, tree=tree, gateway_url=gateway.url, **SETTINGS) as service:
        after = storm(plan, service, gateway)
    print(after.figures, *after.faults, sep="\n")
    twice = [fault for fault in after.faults if fault.startswith("claimed twice")]
    assert twice, "how many races happen depends on the machine"


@pytest.mark.alone
@pytest.mark.nightly
@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_requests_survive_the_same_storm_on_postgresql(tmp_path: Path, new_postgres: Databases) -> None:
    """On PostgreSQL two workers really write at once. There are fewer requests and the same checks."""
    seed, url = a_seed(), new_postgres().engine.url.render_as_string(hide_password=False)
    with (
        outside() as gateway,
        running(tmp_path, gateway_url=gateway.url, database_url=url, **SETTINGS) as service,
    ):
        after = storm(Plan(seed, 100, faults=20), service, gateway)
        print(after.figures)
        assert after.faults == []
        assert service.stop() == 0


def a_seed() -> int:
    """Return the requested seed, or a random one, and print it, so that a failure can be repeated."""
    seed = int(os.environ.get("KOMEK_FAULT_SEED", "") or SystemRandom().randrange(10**6))
    print(f"KOMEK_FAULT_SEED={seed}")
    return seed
