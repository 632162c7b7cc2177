"""The simulated day runs to its end, is the same for the same seed, and draws what it found."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.bench import day

ARGUMENTS = ["--requests", "25", "--services", "12"]


def figures(said: str) -> str:
    """Leave out how long it took."""
    return said.partition("seed")[0]


def test_a_day_tells_how_long_each_step_took_and_draws_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert day.main([*ARGUMENTS, "--svg", str(tmp_path / "day.svg")]) == 0
    said = capsys.readouterr().out
    assert all(f"| {name} |" in said for name in (day.OFFERED, day.CLAIMED, day.REACHED))
    assert "left to a person" in said
    drawn = ET.parse(tmp_path / "day.svg").getroot()  # noqa: S314  # our own
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 3


def test_the_same_seed_is_the_same_day(capsys: pytest.CaptureFixture[str]) -> None:
    day.main(ARGUMENTS)
    first = figures(capsys.readouterr().out)
    day.main(ARGUMENTS)
    assert figures(capsys.readouterr().out) == first
    day.main([*ARGUMENTS, "--seed", "2"])
    assert figures(capsys.readouterr().out) != first
