"""Work that a child process does, so that its memory is free again afterwards."""

import os
import sys

import pytest

from helpline.operations.child_processes import result_of


def test_a_child_hands_over_its_result() -> None:
    """What it changed in its own memory is gone with it."""
    changed: list[int] = []

    def work() -> int:
        changed.append(1)
        return os.getpid()

    assert result_of(work) != os.getpid()
    assert changed == []


@pytest.mark.parametrize(
    ("ends_with", "code", "printed"),
    [
        (SystemExit("the disk is full"), 1, "the disk is full\n"),
        (SystemExit(78), 78, ""),
        (ZeroDivisionError("x"), 1, "Zero"),
    ],
)
def test_a_failure_is_printed_and_ends_the_parent(
    ends_with: BaseException, code: int, printed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        sys.excepthook = sys.__excepthook__
        raise ends_with

    with pytest.raises(SystemExit) as ended:
        result_of(work)
    assert ended.value.code == code
    assert printed in capfd.readouterr().err
