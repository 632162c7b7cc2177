"""A benchmark fails only if a bar is missed by far, and prints each verdict. The command lists all with their bars."""

from pathlib import Path

import pytest

from helpline.commands.try_out.bench import BENCHES
from tests.bench import bars, walk


@pytest.mark.parametrize(
    ("measured", "verdict", "fails"), [(9.0, "met", 0), (10.0, "met", 0), (29.0, "NOT MET", 0), (31.0, "NOT MET", 1)]
)
def test_three_times_a_bar_is_too_much(measured: float, verdict: str, fails: int) -> None:
    assert bars.judged(measured, 10.0) == verdict
    assert bars.far_beyond((1.0, 10.0), (measured, 10.0)) == bool(fails)


def test_a_benchmark_of_which_every_key_takes_too_long_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of `walk`: with another bar the same figures are three times as much."""
    assert walk.main(["--keys", "20"]) == 0
    monkeypatch.setattr(walk, "BAR_MICROSECONDS", 0.1)
    assert walk.main(["--keys", "20"]) == 1


def test_the_command_lists_every_benchmark_with_its_bar() -> None:
    here = Path(__file__).parent
    assert {each.stem for each in here.glob("*.py") if "\ndef main(" in each.read_text()} == {*BENCHES}
    assert [name for name, what in BENCHES.items() if "(bar" not in what and "control" not in what] == []
