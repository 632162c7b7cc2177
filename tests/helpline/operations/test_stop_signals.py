"""A process that is told to stop does so, whenever it is told."""

import os
import signal
import sys

import pytest

from helpline.operations.child_processes import stop_signals


@pytest.mark.timeout(30)  # a process that hangs is the fault
def test_a_signal_at_any_moment_of_the_wait_ends_it() -> None:
    """The signal comes at the first call of a function within the wait, then at the second, and so on."""
    calls, moment = 0, 0
    while calls >= moment:
        calls, moment = 0, moment + 1
        with stop_signals() as stop:

            def strike(*_: object, moment: int = moment) -> None:
                nonlocal calls
                calls += 1
                if calls == moment:
                    os.kill(os.getpid(), signal.SIGTERM)

            sys.setprofile(strike)
            try:
                stop.wait(0.01)
            finally:
                sys.setprofile(None)
            assert stop.is_set() == (calls >= moment)
    assert moment > 5


def test_it_waits_no_longer_than_it_is_told() -> None:
    with stop_signals() as stop:
        assert not stop.wait(0.001)
        assert not stop.wait(-1.0)
        os.kill(os.getpid(), signal.SIGHUP)
        assert stop.wait(3600.0)
        assert stop.wait(3600.0)
