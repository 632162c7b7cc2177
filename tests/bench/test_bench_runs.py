"""The benchmarks run to their end and print their tables. These tests do not judge speed."""

import shutil
import sys
from dataclasses import replace
from random import Random

import pytest

from tests.bench import codes, fair, hop, moves, peers, slow, sms, start, tail, view
from tests.helpline.caller.test_withdrawal import ACTS
from tests.steps.browser import CHROMIUM

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks read /proc")


@pytest.mark.nightly
def test_bench_hop_measures_every_kind_and_finds_no_wrong_answer(capsys: pytest.CaptureFixture[str]) -> None:
    bench, memory = hop.measure(sessions=16, rounds=2)
    hop.report(bench.readings, memory)
    output = capsys.readouterr().out
    assert all(kind in output for kind in (hop.BARE, hop.WALK, hop.LOOK, hop.SHOW, hop.AGREE, hop.KEEP))
    assert sum(reading.wrong for reading in bench.readings.values()) == 0
    assert bench.ratios.keys() >= hop.BARS.keys()
    assert all(memory.values())


@pytest.mark.nightly
@pytest.mark.skipif(not shutil.which("npm"), reason="ussd-builder needs node and npm")
def test_bench_peers_finds_no_wrong_answer_of_either(capsys: pytest.CaptureFixture[str]) -> None:
    assert peers.main(["--sessions", "40", "--rounds", "1"]) in {0, 1}
    output = capsys.readouterr().out
    rows = [line.split() for line in output.splitlines() if line.startswith((peers.KOMEK, peers.EACH, peers.SHARED))]
    assert [row[-1] for row in rows] == ["0", "0", "0"]


@pytest.mark.nightly
def test_bench_tail_finds_no_wrong_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert tail.main(["--hops", "90", "--rounds", "2"]) in {0, 1}
    output = capsys.readouterr().out
    assert "wrong answers: 0" in output
    assert output.count("\nround ") == 2


@pytest.mark.nightly
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: there is none on the PATH")
def test_bench_view_prints_when_each_page_is_first_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert view.main(["--rounds", "1"]) in {0, 1}
    output = capsys.readouterr().out
    assert all(f"\n{path} " in output for path in view.PAGES)


@pytest.mark.nightly
def test_bench_start_prints_when_each_part_was_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["--rounds", "1"]) in {0, 1}
    output = capsys.readouterr().out
    assert f"{start.FIRST}: ready after" in output
    assert f"{start.LATER}: ready after" in output


@pytest.mark.nightly
def test_bench_fair_counts_who_was_saved(capsys: pytest.CaptureFixture[str]) -> None:
    assert fair.main(["--rows", "20", "--callers-a-second", "4", "--seconds", "2"]) in {0, 1}
    output = capsys.readouterr().out
    assert "20 rows were due at the start" in output
    assert 'callers saved, 0 read "not saved", 0 saw something else' in output


@pytest.mark.nightly
def test_bench_sms_prints_the_time_until_all_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert sms.main(["--texts", "20"]) == 0
    output = capsys.readouterr().out
    assert "20 texts taken after" in output
    assert "20 answered after" in output
    assert "faults: none" in output


@pytest.mark.nightly
def test_bench_sms_fails_if_a_text_is_answered_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """The control: two of 40 texts come again under another id."""
    assert sms.main(["--texts", "40", "--copies"]) == 1
    assert "faults: 2 answered twice" in capsys.readouterr().out


def test_bench_sms_calls_a_refused_a_lost_and_a_second_answer_faults() -> None:
    found = sms.Measured(3, 5, 5.0, {"first": 1, "second": 2}, 6.0, {})
    assert found.faults == ["5 refused", "1 not answered", "1 answered twice"]
    assert replace(found, refused=0, answers=dict.fromkeys("abc", 1)).faults == []


@pytest.mark.nightly
def test_bench_codes_prints_an_interval_for_each_action(capsys: pytest.CaptureFixture[str]) -> None:
    assert codes.main(["--rounds", "20"]) in {0, 1}
    output = capsys.readouterr().out
    assert all(f"\n{act} " in output for act in ACTS)


def test_bench_codes_finds_a_real_difference_in_time() -> None:
    """A millisecond more on one side of each pair is found. No difference is found if both are drawn alike."""
    chance = Random(24)
    base = [(chance.gauss(900, 40), chance.gauss(900, 40)) for _ in range(400)]
    found = codes.compared([(wrong + 1000, unknown) for wrong, unknown in base], chance)
    assert 900 < found.low < found.middle < found.high < 1100
    alike = codes.compared(base, chance)
    assert alike.low < 0 < alike.high


def test_bench_moves_follows_every_path_and_none_exceeds_its_bar_by_far(capsys: pytest.CaptureFixture[str]) -> None:
    assert moves.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 13
    assert all(any(line.startswith(way) for line in lines) for way in moves.BARS)


@pytest.mark.nightly
def test_bench_slow_asks_before_and_during_the_attack(capfd: pytest.CaptureFixture[str]) -> None:
    few = ["--idle", "20", "--headers", "20", "--bodies", "10", "--seconds", "1"]
    assert slow.main(few) in {0, 1}
    output = capfd.readouterr().out
    assert all(
        f"{name}, {when}" in output for name in ("a hop", "the raid-lock page") for when in ("before", "attacked")
    )
    assert ": 0, 0, 0 reopened" in output
