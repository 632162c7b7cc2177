"""The benchmark of matching runs to its end. These tests do not judge speed."""

from random import Random

import pytest

from helpline.core.config import Config
from tests.bench import matching
from tests.world import contents

ROWS = (
    "all read and parsed",
    "all read again",
    "candidates read",
    "decide",
    "explain all",
)


def test_bench_matching_prints_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert matching.main(["--services", "60", "--requests", "20"]) in {0, 1}
    output = capsys.readouterr().out
    assert all(f"\n{row} " in output for row in ROWS)


def test_two_runs_measure_the_same_services() -> None:
    """So the figures of two machines are about the same work."""
    country = contents(Config()).matching
    one, two = (
        [matching.service_of(chance, country, "s") for _ in range(50)] + [matching.request_of(chance, country)]
        for chance in (Random(matching.SEED), Random(matching.SEED))
    )
    assert one == two
