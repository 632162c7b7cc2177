"""The benchmarks run to their end and print what they promise. How fast it was is not judged here."""

import sys

import pytest

from tests.bench import hop, start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks read /proc")


def test_hop_measures_every_kind_and_finds_no_wrong_answer(capsys: pytest.CaptureFixture[str]) -> None:
    readings, memory = hop.measure(sessions=16, rounds=2)
    hop.report(readings, memory)
    said = capsys.readouterr().out
    assert all(kind in said for kind in (hop.BARE, hop.WALK, hop.LOOK, hop.SHOW, hop.AGREE, hop.KEEP))
    assert sum(reading.wrong for reading in readings.values()) == 0
    assert all(memory.values())


def test_start_says_when_each_part_was_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["--rounds", "1"]) in {0, 1}
    said = capsys.readouterr().out
    assert f"{start.FIRST}: ready after" in said
    assert f"{start.LATER}: ready after" in said
