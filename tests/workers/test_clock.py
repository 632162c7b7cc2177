"""The clock, moved by hand: what it does about what is due, with and without somebody to ring for."""

from dataclasses import dataclass, field

import pytest

from workers.clock import BEAT_SECONDS, REST_SECONDS, TICK_SECONDS, Did, Reading, Ticker, tick


@dataclass(slots=True)
class World:
    """A service and a bell in memory, and the list of what was asked of them."""

    rows: int = 0
    oldest: float = 0.0
    heard: bool = True
    broken: bool = False
    events: list[str] = field(default_factory=list)

    def due(self) -> tuple[int, float]:
        if self.broken:
            raise OSError("the disk is full, says +996555123456")
        return self.rows, self.oldest

    def drain(self, seconds: float = 2.0, rows: int = 200) -> int:
        self.events.append("drained")
        return self.rows

    def beat(self, name: str) -> None:
        self.events.append(f"{name} lives")

    def ring(self) -> bool:
        self.events.append("rang")
        return self.heard


NOON = Reading(wall=1_800_000_000.0, steady=5000.0)


def later(seconds: float, wall: float | None = None) -> Reading:
    """The reading after so many seconds, at the end of which the wall clock may have been set."""
    return Reading(NOON.wall + (seconds if wall is None else wall), NOON.steady + seconds)


@pytest.mark.parametrize(
    ("world", "did", "events"),
    [
        (World(rows=0), Did.NOTHING, []),
        (World(rows=1, oldest=0.1), Did.RANG, ["rang"]),
        (World(rows=1, oldest=3.0), Did.RANG, ["rang"]),
        (World(rows=1, oldest=3.1), Did.WORKED, ["rang", "drained"]),
        (World(rows=1, oldest=0.1, heard=False), Did.WORKED, ["rang", "drained"]),
        (World(rows=9, oldest=99.0, heard=False), Did.WORKED, ["rang", "drained"]),
    ],
    ids=["nothing due", "due", "due for three seconds", "nobody came", "no bell", "no bell and nobody"],
)
def test_what_is_due_is_rung_for_and_done_if_nobody_comes(world: World, did: Did, events: list[str]) -> None:
    assert tick(world, world, NOON, later(TICK_SECONDS)) is did
    assert world.events == events


@pytest.mark.parametrize(
    ("wall", "jumped"),
    [(0.2, False), (30.1, False), (-29.7, False), (30.3, True), (3600.0, True), (-30.0, True), (-86400.0, True)],
)
def test_after_a_jump_of_the_wall_clock_nothing_lapses_this_once(wall: float, jumped: bool) -> None:
    world = World(rows=1, oldest=1e9)
    did = tick(world, world, NOON, later(0.2, wall=wall))
    assert did is (Did.JUMPED if jumped else Did.WORKED)
    assert world.events == ([] if jumped else ["rang", "drained"])


def test_a_long_tick_is_not_a_jump() -> None:
    world = World(rows=1)
    assert tick(world, world, NOON, later(600)) is Did.RANG


def test_the_tick_after_a_jump_works_again() -> None:
    world = World(rows=1, oldest=9)
    ticker = Ticker(world, world, NOON, beaten=NOON.steady)
    ticker.once(later(0.2, wall=5000))
    ticker.once(later(0.4, wall=5000.2))
    assert world.events == ["rang", "drained"]


def test_it_gives_a_sign_of_life_now_and_then() -> None:
    world = World()
    ticker = Ticker(world, world, NOON)
    for number in range(21):
        assert ticker.once(later(number * BEAT_SECONDS / 10)) == TICK_SECONDS
    assert world.events == ["clock lives"] * 3


def test_a_fault_stops_neither_clock_nor_says_what_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    world = World(broken=True)
    ticker = Ticker(world, world, NOON)
    assert ticker.once(later(0.2)) == REST_SECONDS
    world.broken, world.rows = False, 1
    assert ticker.once(later(2.3)) == TICK_SECONDS
    assert world.events == ["clock lives", "clock lives", "rang"]
    assert "996" not in "".join(capfd.readouterr())
