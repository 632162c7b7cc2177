"""The clock, moved by hand: what it does about due rows, with and without workers to wake."""

import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

import pytest

from helpline.core.jobs import Job
from tests.others import until
from workers.clock import (
    BEAT_SECONDS,
    LATE_SECONDS,
    LEAVE_OUT,
    REST_SECONDS,
    TICK_SECONDS,
    Did,
    Helpers,
    Questions,
    Ticker,
    tick,
)


@dataclass(slots=True)
class World:
    """A service and a queue in memory, and a list of what was asked of them."""

    rows: dict[Job, float] = field(default_factory=dict)
    """The jobs that have due rows, and for how many seconds."""
    reachable: bool = True
    broken: bool = False
    sure: bool = True
    events: list[str] = field(default_factory=list)
    misses: bool = False
    """Whether what keeps the line closed cannot be found out."""
    asked: int = 0
    """How often gateways were asked."""
    long: threading.Event | None = None
    """What work waits for, if a row takes long."""
    takes_long: frozenset[Job] = frozenset(Job)
    """The jobs that have such a row."""
    held: int = 0
    """How many threads have begun to wait for one."""

    def due(self) -> list[tuple[Job, float]]:
        if self.broken:
            raise OSError("the disk is full, says +996555123456")
        return list(self.rows.items())

    def run(self, job: Job) -> None:
        raise AssertionError("the clock runs no single job")

    def help(self, leaving_out: Collection[Job]) -> int:
        done = [job for job in self.rows if job not in leaving_out]
        if self.long is not None and self.takes_long & set(done):
            assert threading.current_thread() is not threading.main_thread(), "the clock itself waits"
            self.held += 1
            self.long.wait()
        self.events += ["helped", *done]
        return len(done)

    def begin(self) -> None:
        """Settle nothing."""

    def note_missing(self) -> None:
        if self.misses:
            raise LookupError("the content cannot be read")

    def beat(self, name: str) -> None:
        self.events.append(f"{name} lives")

    def ask_gateways(self) -> None:
        if self.broken:
            raise OSError("the network is away, says +996555123456")
        self.asked += 1
        if self.long is not None:
            self.long.wait()

    def is_sure(self) -> bool:
        return self.sure

    def wake(self, job: Job) -> bool:
        self.events.append(f"woke {job}")
        return self.reachable


class Faulty(World):
    """Its work fails."""

    def help(self, leaving_out: Collection[Job]) -> int:
        raise OSError("the disk is full, says +996555123456")


LONG = 90.0
NOON = 5000.0
"""In seconds of the clock that nobody sets."""
SEND, READ = Job.SEND_MESSAGES, Job.READ_URGENT


@pytest.mark.parametrize(
    ("world", "result", "events"),
    [
        (World(), Did.NOTHING, []),
        (World({SEND: 0.1}), Did.WOKE, ["woke send_messages"]),
        (World({READ: 0.1, SEND: 3.0}), Did.WOKE, ["woke read_urgent", "woke send_messages"]),
        (World({READ: 0.1, SEND: 3.1}), Did.LATE, ["woke read_urgent", "woke send_messages"]),
        (World({SEND: 0.1}, reachable=False), Did.LATE, ["woke send_messages"]),
        (World({SEND: 99.0}, reachable=False), Did.LATE, ["woke send_messages"]),
    ],
    ids=["nothing due", "due", "due for three seconds", "no worker came", "no queue", "no queue and no worker"],
)
def test_the_clock_wakes_jobs_and_notices_if_no_worker_comes(world: World, result: Did, events: list[str]) -> None:
    assert tick(world, world) is result
    assert world.events == events


def test_urgent_jobs_are_woken_at_each_tick_while_they_have_due_rows() -> None:
    """Five times a second, so a lost wake-up costs 0.2 seconds."""
    world = World({READ: 0.0})
    ticker = Ticker(world, world, Helpers(world), Questions(world), beaten=NOON)
    waits = [ticker.once(NOON + TICK_SECONDS * number) for number in range(1, 6)]
    assert waits == [0.2] * 5
    assert world.events == ["woke read_urgent"] * 5


def test_the_clock_logs_once_that_the_time_is_in_doubt_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    world = World({SEND: 0.0})
    ticker = Ticker(world, world, Helpers(world), Questions(world), beaten=NOON)
    for number, sure in enumerate((True, False, False, True, True)):
        world.sure = sure
        assert ticker.once(NOON + number * TICK_SECONDS) == TICK_SECONDS
    assert caplog.messages == ["clock_jumped", "clock_sure"]
    assert world.events == ["woke send_messages"] * 5


def test_the_clock_works_itself_if_nobody_comes() -> None:
    world = World({SEND: 9.0})
    ticker = Ticker(world, world, Helpers(world), Questions(world), beaten=NOON)
    assert ticker.once(NOON + 0.2) == TICK_SECONDS
    ticker.helpers.wait(LONG)
    assert world.events == ["woke send_messages", "helped", SEND]


def test_the_clock_wakes_others_while_a_row_of_its_own_takes_long() -> None:
    """A check of the whole audit log took 22 seconds. Another thread does what else is late; there is no fourth."""
    row = threading.Event()
    world = World({READ: 9.0}, long=row)
    ticker = Ticker(world, world, Helpers(world), Questions(world), beaten=NOON + 100)
    working = list[int]()
    for number in range(1, 61):
        ticker.once(NOON + TICK_SECONDS * number)
        working.append(len(ticker.helpers.threads))
    assert sorted(set(working)) == [1, 2, len(LEAVE_OUT)]
    assert working == sorted(working)
    assert world.events == ["woke read_urgent"] * 60
    row.set()
    ticker.helpers.wait(LONG)
    assert world.events[60:].count("helped") == len(LEAVE_OUT)


def test_two_rows_that_take_long_do_not_hold_all_threads() -> None:
    """A check of the log holds the first thread, a slow gateway the second. The third does neither, again and again."""
    row, slow = threading.Event(), frozenset({Job.CHECK_AUDIT_LOG, SEND})
    world = World({READ: 9.0, SEND: 9.0, Job.CHECK_AUDIT_LOG: 9.0}, long=row, takes_long=slow)
    helpers = Helpers(world)

    def ended_or_held(third: threading.Thread) -> bool:
        return not third.is_alive() or world.held > 2

    for number in range(1, 7):
        helpers.help(NOON + number * (LATE_SECONDS + 1))
        if third := helpers.threads.get(2):
            until(partial(ended_or_held, third), "the third thread")
    assert set(helpers.threads) == {0, 1, 2}
    assert world.held == 2
    assert world.events == ["helped", READ] * 4
    row.set()
    helpers.wait(LONG)


def test_a_fault_of_its_own_work_ends_no_clock_and_is_logged_without_its_text(
    capfd: pytest.CaptureFixture[str],
) -> None:
    world = Faulty({SEND: 9.0})
    ticker = Ticker(world, world, Helpers(world), Questions(world), beaten=NOON)
    for number in range(1, 4):
        assert ticker.once(NOON + TICK_SECONDS * number) == TICK_SECONDS
        ticker.helpers.wait(LONG)
    assert world.events == ["woke send_messages"] * 3
    assert "996" not in "".join(capfd.readouterr())


def test_the_clock_records_that_it_is_alive() -> None:
    world = World()
    ticker = Ticker(world, world, Helpers(world), Questions(world))
    for number in range(21):
        assert ticker.once(NOON + number * BEAT_SECONDS / 10) == TICK_SECONDS
    assert world.events == ["clock lives"] * 3


def test_a_list_that_cannot_be_made_holds_the_clock_up_once(caplog: pytest.LogCaptureFixture) -> None:
    """Callers need the clock, and nobody needs the list in its log."""
    caplog.set_level(logging.INFO)
    world = World({SEND: 0.0}, misses=True)
    ticker = Ticker(world, world, Helpers(world), Questions(world), beaten=NOON)
    assert [ticker.once(NOON + 0.2), ticker.once(NOON + 1.9)] == [REST_SECONDS, TICK_SECONDS]
    assert caplog.messages == ["tick_failed"]
    assert world.events == ["woke send_messages"]


def test_an_error_does_not_stop_the_clock_and_is_logged_without_its_text(capfd: pytest.CaptureFixture[str]) -> None:
    world = World(broken=True)
    ticker = Ticker(world, world, Helpers(world), Questions(world))
    assert ticker.once(NOON + 0.2) == REST_SECONDS
    world.broken, world.rows = False, {SEND: 0.0}
    assert ticker.once(NOON + 2.3) == TICK_SECONDS
    assert world.events == ["clock lives", "clock lives", "woke send_messages"]
    assert "996" not in "".join(capfd.readouterr())


def test_gateways_are_asked_twice_a_minute_and_by_one_thread_only() -> None:
    world = World(long=threading.Event())
    questions = Questions(world)
    for now in (NOON, NOON + 29, NOON + 31, NOON + 90):
        questions.ask(now)
    assert world.asked == 1, "the first round goes on"
    assert world.long is not None
    assert questions.thread is not None
    world.long.set()
    questions.thread.join()
    for now in (NOON + 91, NOON + 92):
        questions.ask(now)
        questions.thread.join()
    assert world.asked == 2


def test_a_fault_of_a_question_stops_nothing_and_says_no_number(caplog: pytest.LogCaptureFixture) -> None:
    questions = Questions(World(broken=True))
    questions.ask(NOON)
    assert questions.thread is not None
    questions.thread.join()
    assert "asking_failed" in caplog.text
