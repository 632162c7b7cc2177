"""The demo's clock, which one file moves for all processes."""

from datetime import timedelta
from pathlib import Path

from helpline.core.clock import FRESH_SECONDS, DemoClock

HOUR = timedelta(hours=1)


def test_the_file_is_read_once_for_the_questions_of_one_hop(tmp_path: Path) -> None:
    now = [0.0]
    clock = DemoClock(tmp_path / "demo-clock", seconds=lambda: now[0])
    clock.moved()
    DemoClock(tmp_path / "demo-clock").move(HOUR)
    assert clock.moved() == timedelta()
    now[0] += FRESH_SECONDS
    assert clock.moved() == HOUR


def test_the_process_that_moves_the_clock_sees_it_at_once(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "demo-clock", seconds=lambda: 0.0)
    clock.move(HOUR)
    clock.move(HOUR)
    assert clock.moved() == 2 * HOUR
    clock.reset()
    assert clock.moved() == timedelta()
