"""A clock that notices when somebody sets the machine's clock, and does not follow a wrong one at once.

A wall clock that jumps by twenty days and back would end requests and delete numbers. So it is compared with the time
since the machine started, which nobody sets. After a jump, Komek's time runs on evenly until the wall clock has gone
evenly for some minutes; then it follows. What cannot be undone waits longer (`is_sure`): some hours, or until a person
has said that the clock is right. What was noticed is in a small file beside the data, for all processes of a machine
and for the next start. A worker that finds no file compares with the last time that is stored in the database.
"""

import ctypes
import json
import os
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

JUMP_SECONDS = 30.0
"""A smaller step is followed: time services make such steps, and no time limit here is shorter."""
FOLLOW_SECONDS = 300.0
"""How long the wall clock must have gone evenly before Komek's time follows a jump."""
SURE_SECONDS = 6 * 3600.0
"""How long it must have gone evenly before anything ends or is deleted because of the time."""
FRESH_SECONDS = 1.0
"""How long what was read from the file counts."""
FAR_SECONDS = 3600.0
"""Without a file, a start is in doubt if the last time in the database is farther away. Hosts may differ by less."""
NOTE_SECONDS = 60.0
"""How often the file is written although nothing has changed: after a restart it tells when the machine last ran."""
OURS = uuid.uuid4().hex
"""Stands for the start of a machine that does not say when it started: no other process can compare with it."""
FILE = "clock-watch.json"
OF_COMMANDS = "command"
"""The name of the data folder of `komek …` commands, beside those of the processes."""
TIME_ERROR = 5
"""What adjtimex(2) returns if nothing keeps the machine's clock right."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks of the machine at one moment, in seconds."""

    boot: str
    """Which start of the machine `steady` counts from."""
    wall: float
    """The clock that people set, in seconds since 1970."""
    steady: float
    """The clock that only runs on, also while the machine sleeps."""
    synchronised: bool = False
    """Whether a time service keeps the wall clock right, as far as the kernel knows. Read at a process's start only."""

    @classmethod
    def now(cls, *, synchronised: bool = False) -> Self:
        """Read both."""
        return cls(BOOT, time.time(), time.clock_gettime(STEADY), synchronised)


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of the wall clock of this machine. All times are in seconds of `Reading.steady` of one start."""

    boot: str
    at: float
    """The last look."""
    seen: float
    """By how much the wall clock was ahead of `steady` then."""
    offset: float
    """By how much Komek's time is ahead of `steady`."""
    even_since: float | None = None
    """Since when the wall clock has gone evenly. None if it was never seen to jump."""
    vouched: float | None = None
    """When a person last said that the wall clock is right."""

    def wall(self) -> float:
        """Return Komek's time at the last look, in seconds since 1970."""
        return self.at + self.offset

    def is_sure(self, steady: float) -> bool:
        """Whether time is so certain that something may end or be deleted because of it."""
        if self.even_since is None or (self.vouched is not None and self.vouched >= self.even_since):
            return True
        return steady - self.even_since >= SURE_SECONDS


def look(before: Watch | None, reading: Reading) -> Watch:
    """Return what is known after a reading. Pure."""
    seen = reading.wall - reading.steady
    if before is None:
        return Watch(reading.boot, reading.steady, seen, seen)
    if before.boot != reading.boot:
        return _after_a_restart(before, reading, seen)
    jumped = abs(seen - before.seen) > JUMP_SECONDS
    even_since = reading.steady if jumped else before.even_since
    evenly = even_since is None or reading.steady - even_since >= FOLLOW_SECONDS
    vouched = before.vouched is not None and (even_since is None or before.vouched >= even_since)
    follows = evenly or vouched or abs(seen - before.offset) <= JUMP_SECONDS
    return replace(
        before, at=reading.steady, seen=seen, offset=seen if follows else before.offset, even_since=even_since
    )


def _after_a_restart(before: Watch, reading: Reading, seen: float) -> Watch:
    """Compare with the last time before the machine was off.

    A machine that was off is no jump if a time service keeps its clock right. Time never goes back.
    """
    went_back = reading.wall < before.wall() - JUMP_SECONDS
    offset = before.wall() - reading.steady if went_back else seen
    doubted = went_back or not reading.synchronised
    return Watch(reading.boot, reading.steady, seen, offset, reading.steady if doubted else None)


@dataclass(slots=True)
class WatchedClock:
    """Komek's time. One object for a process; any number of threads may ask it."""

    path: Path
    """The file that all processes of this machine share."""
    watch: Watch | None = None
    read_at: float = field(default=float("-inf"))
    noted_at: float = field(default=float("-inf"))

    def __call__(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.fromtimestamp(self._at_a_glance()[0], UTC)

    def is_sure(self) -> bool:
        """Whether time is so certain that something may end or be deleted because of it."""
        watch = self._at_a_glance()[1]
        return watch.is_sure(watch.at)

    def _at_a_glance(self) -> tuple[float, Watch]:
        """Return Komek's time in seconds since 1970, and what is known: each transaction asks for both."""
        wall, steady, watch = time.time(), time.clock_gettime(STEADY), self.watch
        if watch and steady - self.read_at < FRESH_SECONDS and abs(wall - steady - watch.offset) <= JUMP_SECONDS:
            return wall, watch
        watch = self.looked()
        return watch.wall(), watch

    def looked(self) -> Watch:
        """Look at both clocks. Return what is known now."""
        reading = Reading.now(synchronised=self.watch is None and synchronised())
        if reading.steady - self.read_at >= FRESH_SECONDS:
            self.watch, self.read_at = newer(self.watch, self.read()), reading.steady
        before, self.watch = self.watch, look(self.watch, reading)
        news = before is None or (before.boot, before.even_since) != (self.watch.boot, self.watch.even_since)
        often = NOTE_SECONDS if self.watch.offset == self.watch.seen else FRESH_SECONDS
        if news or reading.steady - self.noted_at >= often:
            self.note(self.watch)
        return self.watch

    def begin(self, last: datetime) -> None:
        """Compare with the last time in the database, if nothing else is known: a start may be at a wrong time.

        A machine that was off is no jump if a time service keeps its clock right.
        """
        if self.watch or self.read():
            return
        reading = Reading.now(synchronised=synchronised())
        if abs(reading.wall - last.timestamp()) > FAR_SECONDS:
            self.watch = look(Watch("", 0.0, last.timestamp(), last.timestamp()), reading)
            self.note(self.watch)

    def vouch(self) -> None:
        """Store that a person has said that the wall clock is right now."""
        watch = self.looked()
        self.watch = look(replace(watch, vouched=watch.at), Reading.now())
        self.note(self.watch)

    def read(self) -> Watch | None:
        """Return what the file holds. None if there is none, or none that can be read."""
        try:
            return Watch(**json.loads(self.path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def note(self, watch: Watch) -> None:
        """Write the file. A process that may not, or a full disk, only knows what it sees itself."""
        self.noted_at = watch.at
        fresh = self.path.with_suffix(f".{os.getpid()}")
        try:
            fresh.write_text(json.dumps(asdict(watch)))
            fresh.replace(self.path)
        except OSError:
            with suppress(OSError):  # a container's file system is read-only: then there is nothing to remove either
                fresh.unlink()


def watched(data: Path) -> WatchedClock:
    """Return the clock of the deployment with this data folder."""
    return WatchedClock(data / FILE)


def beside(data: Path) -> dict[Path, Watch]:
    """Return what the processes know whose folders are beside `data`, if that is the folder of commands.

    With the units of deploy/systemd each process has a folder that no other user may write to. A process that has not
    run since the machine started is left out.
    """
    paths = sorted(data.parent.glob(f"*/{FILE}")) if data.name == OF_COMMANDS else []
    read = ((path, WatchedClock(path).read()) for path in paths if path.parent != data)
    return {path: look(watch, Reading.now()) for path, watch in read if watch and watch.boot == BOOT}


def newer(ours: Watch | None, theirs: Watch | None) -> Watch | None:
    """Return the one that knows of the latest jump; a person's word counts for both."""
    if ours is None or theirs is None or ours.boot != theirs.boot:
        return ours or theirs
    told = max((each.vouched for each in (ours, theirs) if each.vouched is not None), default=None)
    latest = max(ours, theirs, key=lambda each: (each.even_since or float("-inf"), each.at))
    return replace(latest, vouched=told)


def synchronised() -> bool:
    """Whether the kernel says that a time service keeps the machine's clock right (adjtimex(2), Linux)."""
    try:
        asked = ctypes.create_string_buffer(1024)  # longer than struct timex; all zero asks and sets nothing
        return 0 <= int(ctypes.CDLL(None).adjtimex(asked)) < TIME_ERROR
    except (OSError, AttributeError):
        return False


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return OURS


BOOT = _boot()
STEADY: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
