"""The benchmark of places runs to its end. This test does not judge speed."""

import pytest

from helpline.authoring.places_build.publishers import COUNTRIES
from tests.bench import places


def test_bench_places_prints_every_country(capsys: pytest.CaptureFixture[str]) -> None:
    assert places.main(["--rounds", "1"]) in {0, 1}
    output = capsys.readouterr().out
    assert all(f"\n{country} " in output for country in COUNTRIES)
