"""The machine's clock is set, goes wrong, comes back, or the machine was off: what Komek takes for the time."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from helpline.cli import komek
from helpline.core.watched_clock import (
    FILE,
    FOLLOW_SECONDS,
    JUMP_SECONDS,
    SURE_SECONDS,
    Reading,
    Watch,
    WatchedClock,
    beside,
    look,
)

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86400.0
STEADY = Reading("first", NOON, 5000.0)


def run(*steps: tuple[float, float], watch: Watch | None = None) -> Watch:
    """Look after each step. A step is (seconds that pass, by how much the wall clock is wrong at their end)."""
    watch = watch or look(None, STEADY)
    steady = watch.at
    for seconds, wrong in steps:
        steady += seconds
        watch = look(watch, Reading("first", NOON + steady - STEADY.steady + wrong, steady))
    return watch


def error(watch: Watch) -> float:
    """Return by how many seconds Komek's time is wrong."""
    return watch.wall() - (NOON + watch.at - STEADY.steady)


def every(seconds: float, times: int, wrong: float) -> list[tuple[float, float]]:
    """Return so many steps with a clock that stays wrong by the same."""
    return [(seconds, wrong)] * times


@pytest.mark.parametrize(
    ("steps", "wrong", "sure", "why"),
    [
        ([(1, 0), (600, 0)], 0, True, "an even clock, however seldom somebody looks"),
        ([(1, JUMP_SECONDS)], JUMP_SECONDS, True, "a small step is followed at once"),
        (every(60, 500, 0.0), 0, True, "hours go by"),
        ([(60, 0.4 * n) for n in range(200)], 0.4 * 199, True, "a slow drift is followed, however far it goes"),
        ([(1, 20 * DAY)], 0, False, "twenty days ahead: not followed"),
        ([(1, 20 * DAY), (4, 0)], 0, False, "and back after four seconds: never followed, but not yet sure"),
        ([(1, 2.5 * HOUR)], 0, False, "an offer must not lapse because of this"),
        ([(1, -3 * HOUR)], 0, False, "back by hours"),
        ([(1, HOUR), *every(10, 29, HOUR)], 0, False, "almost five minutes of agreement"),
        ([(1, HOUR), *every(10, 30, HOUR)], HOUR, False, "five minutes: what can be repeated goes on by it"),
        ([(1, HOUR), *every(100, 215, HOUR)], HOUR, False, "almost six hours"),
        ([(1, HOUR), *every(100, 216, HOUR)], HOUR, True, "six hours: all goes on by it"),
        ([(1, HOUR), *every(100, 210, HOUR), (1, DAY)], HOUR, False, "another jump: both waits begin again"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_jump_is_followed_after_minutes_and_believed_after_hours(
    steps: list[tuple[float, float]], wrong: float, sure: bool, why: str
) -> None:
    watch = run(*steps)
    assert error(watch) == pytest.approx(wrong, abs=0.01), why
    assert watch.is_sure(watch.at) is sure, why


@given(
    st.lists(st.tuples(st.floats(0.1, 50), st.floats(-1e8, 1e8)), max_size=5),
    st.lists(st.floats(0.1, 1000), min_size=1, max_size=20),
)
def test_a_clock_that_is_right_again_within_minutes_never_mattered(
    jumps: list[tuple[float, float]], after: list[float]
) -> None:
    """However the clock jumps for less than five minutes, Komek's time is wrong by a small step for each jump at most.

    A step of half a minute is followed at once, so several of them add up until the clock goes evenly.
    """
    steps = [*jumps, *((seconds, 0.0) for seconds in after)]
    watch = look(None, STEADY)
    for step in steps:
        watch = run(step, watch=watch)
        assert abs(error(watch)) <= JUMP_SECONDS * (len(jumps) + 1)
    assert abs(error(watch)) <= JUMP_SECONDS * max(len(jumps), 1)


@pytest.mark.parametrize(
    ("off", "synchronised", "wrong", "sure"),
    [(3 * DAY, True, 0.0, True), (3 * DAY, False, 0.0, False), (60.0, True, 0.0, True)],
    ids=["three days off", "three days off and nobody keeps the clock right", "a quick restart"],
)
def test_a_machine_that_was_off_is_no_jump_if_its_time_is_kept(
    off: float, synchronised: bool, wrong: float, sure: bool
) -> None:
    before = run((100, 0))
    watch = look(before, Reading("second", before.wall() + off, 12.0, synchronised))
    assert watch.wall() == before.wall() + off + wrong
    assert watch.is_sure(12.0) is sure


def test_after_a_restart_time_never_goes_back() -> None:
    """The battery of its clock is empty: it starts in 1970, until a time service sets it."""
    before = run((100, 0))
    watch = look(before, Reading("second", 4.0, 12.0, synchronised=True))
    assert watch.wall() == before.wall()
    later = look(watch, Reading("second", 94.0, 102.0))
    assert later.wall() == before.wall() + 90
    fixed = look(later, Reading("second", before.wall() + 120, 132.0))
    assert fixed.wall() == before.wall() + 120
    assert not fixed.is_sure(132.0)
    assert fixed.is_sure(132.0 + SURE_SECONDS)


def test_a_person_can_say_that_the_clock_is_right() -> None:
    watch = run((1, 9 * HOUR), (10, 9 * HOUR))
    told = run((1, 9 * HOUR), watch=replace(watch, vouched=watch.at))
    assert error(told) == pytest.approx(9 * HOUR)
    assert told.is_sure(told.at)
    again = run((1, 30 * HOUR), watch=told)
    assert not again.is_sure(again.at), "the word was about the clock as it was"
    assert error(again) == pytest.approx(9 * HOUR)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> "list[float]":
    """The machine's wall clock and steady clock, to be moved by hand."""
    hands = [NOON, 5000.0]
    monkeypatch.setattr("helpline.core.watched_clock.time.time", lambda: hands[0])
    monkeypatch.setattr("helpline.core.watched_clock.time.clock_gettime", lambda _: hands[1])
    return hands


def test_a_process_that_slept_through_a_jump_learns_of_it_from_another(machine: list[float], tmp_path: Path) -> None:
    ticking, idle = (WatchedClock(tmp_path / "watch") for _ in range(2))
    assert ticking() == idle() == datetime.fromtimestamp(NOON, UTC)
    for seconds, set_by in ((10, 20 * DAY), (4, -20 * DAY)):
        machine[0] += seconds + set_by
        machine[1] += seconds
        assert ticking() == datetime.fromtimestamp(NOON + machine[1] - 5000, UTC)
    assert not idle.is_sure()
    machine[0] += SURE_SECONDS
    machine[1] += SURE_SECONDS
    assert idle.is_sure()
    assert ticking.is_sure()


def test_processes_agree_on_the_time_of_a_jump_whichever_looks_first(machine: list[float], tmp_path: Path) -> None:
    """A process that wakes up an hour later must not begin the wait again."""
    ticking, idle = (WatchedClock(tmp_path / "watch") for _ in range(2))
    ticking(), idle()
    machine[0] += 7 * HOUR
    machine[1] += 1
    ticking()
    machine[0] += FOLLOW_SECONDS
    machine[1] += FOLLOW_SECONDS
    assert idle() == ticking() == datetime.fromtimestamp(machine[0], UTC)


def test_a_folder_that_cannot_be_written_does_not_stop_the_clock(machine: list[float], tmp_path: Path) -> None:
    clock = WatchedClock(tmp_path / "missing" / "watch")
    assert clock() == datetime.fromtimestamp(NOON, UTC)
    (tmp_path / "broken").write_text("{")
    assert WatchedClock(tmp_path / "broken")() == datetime.fromtimestamp(NOON, UTC)


def test_a_read_only_file_system_does_not_stop_the_clock(tmp_path: Path) -> None:
    """As in the containers of deploy/compose.yaml: there even removing a file that does not exist is an error."""
    code = "import sys, pathlib; from helpline.core.watched_clock import watched; print(watched(pathlib.Path(sys.argv[1]))())"
    shell = 'mount -t tmpfs -o ro t "$0" && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", shell, str(tmp_path), sys.executable, "-c", code, str(tmp_path)]
    tried = [*command[:4], 'mount -t tmpfs -o ro t "$0"', str(tmp_path)]
    if not shutil.which("unshare") or subprocess.run(tried, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a read-only file system")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("20")


def test_a_person_vouches_for_processes_that_have_a_folder_each(machine: list[float], tmp_path: Path) -> None:
    """With systemd no process may write what another one reads. `komek clock` finds all of them beside its own folder."""
    processes = {name: WatchedClock(tmp_path / name / FILE) for name in ("web", "worker-1")}
    for name, clock in processes.items():
        (tmp_path / name).mkdir()
        clock()
    machine[0] += DAY
    machine[1] += 1
    assert [clock.is_sure() for clock in processes.values()] == [False, False]
    command = ["clock", "--right", "--by", "A. Person"]
    environ = {"KOMEK_DATA": str(tmp_path / "command")}
    machine[1] += 2
    machine[0] += 2
    (tmp_path / "stopped").mkdir()
    (tmp_path / "stopped" / FILE).write_text(json.dumps(asdict(Watch("an earlier start", 1.0, 1.0, 1.0, 1.0))))
    assert CliRunner().invoke(komek, ["clock"], env=environ).exit_code == 1
    done = CliRunner().invoke(komek, command, env=environ)
    assert (done.exit_code, "is right" in done.output) == (0, True), (done.output, done.exception)
    machine[1] += 2
    machine[0] += 2
    assert [clock.is_sure() for clock in processes.values()] == [True, True]
    assert beside(tmp_path) == {}


def test_a_person_vouches_for_all_processes(machine: list[float], tmp_path: Path) -> None:
    ticking, person = (WatchedClock(tmp_path / "watch") for _ in range(2))
    ticking()
    machine[0] += DAY
    machine[1] += 1
    assert not ticking.is_sure()
    machine[1] += 2
    machine[0] += 2
    person.vouch()
    machine[1] += 2
    machine[0] += 2
    assert ticking.is_sure()
    assert ticking() == datetime.fromtimestamp(machine[0], UTC)
