"""500 ask to be called while web, worker, clock and Valkey are killed at random: nobody is lost, claimed twice, given away."""

import os
import sys
from pathlib import Path
from random import SystemRandom

import pytest

from tests.faults.phones import outside
from tests.faults.service import running
from tests.faults.storm import Plan, storm

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc, and die with their parent"),
]
SETTINGS = {"grace_seconds": 1, "grace_most_seconds": 2, "offer_minutes": 1, "reveals_a_day": 9999, "workers": 2}


@pytest.mark.timeout(400)
def test_500_requests_through_a_storm_and_none_is_lost_claimed_twice_or_given_away(tmp_path: Path) -> None:
    seed = int(os.environ.get("KOMEK_FAULT_SEED", "") or SystemRandom().randrange(10**6))
    print(f"KOMEK_FAULT_SEED={seed}")
    with outside() as gateway, running(tmp_path, africastalking_url=gateway.url, **SETTINGS) as service:
        after = storm(Plan(seed, 500), service, gateway)
        print(after.figures)
        assert after.faults == []
        assert service.stop() == 0
    assert after.states["claimed"] > 250
