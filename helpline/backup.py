"""Copies of the database in two parts, and how one gets back what may come back (idea 3, R34).

The part with numbers is overwritten each time, so that whoever withdraws is in no copy after the next one. When an
older main part is restored beside it, a request that it does not know has been erased since: it is closed.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.engine import Connection

from helpline import envelope, locks
from helpline.request import MAY_FOLLOW, Outcome, State
from helpline.store import audits, copies, outbox, requests
from helpline.store.copies import Row
from helpline.store.database import Database
from helpline.store.migrate import newest

MAIN, NUMBERS = "main", "vault"
NEWEST = "vault.komek"
"""The one file with numbers."""


class CannotCopy(Exception):
    """A copy cannot be made or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, with its size and how many rows it holds."""

    path: Path
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows, requests that may be rung, requests that were closed, and of when each part is."""

    rows: int
    live: int
    closed: int
    main: datetime
    numbers: datetime | None


@dataclass(frozen=True, slots=True)
class _Head:
    part: str
    at: datetime
    revision: str
    country: str

    def line(self) -> dict[str, str]:
        return {"komek": self.part, "at": self.at.isoformat(), "revision": self.revision, "country": self.country}


def mains(folder: Path) -> list[Path]:
    """Give the main parts in a folder, the oldest first: their names are in the order of time."""
    return sorted(folder.glob("main-*.komek"))


def write(db: Database, folder: Path, public_key: str, country: str, now: datetime) -> list[Written]:
    """Write both parts as they are at one moment, the one with numbers over the last one. Raises `CannotCopy`.

    The part with numbers first: a main part is never newer than the numbers beside it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    main = folder / f"main-{now:%Y%m%dT%H%M%SZ}.komek"
    with _alone(folder), db.snapshot() as tx:
        if main.exists():
            raise CannotCopy(f"{main} is there already: copies are kept, and none is written over")
        return [
            _put(folder / NEWEST, public_key, _Head(NUMBERS, now, newest(), country), copies.with_numbers(tx)),
            _put(main, public_key, _Head(MAIN, now, newest(), country), copies.main(tx)),
        ]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder, so that two backups at once do not write into one file."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
        os.fsync(held)
    except BlockingIOError:
        raise CannotCopy(f"another backup is at work in {folder}") from None
    finally:
        os.close(held)


def _put(path: Path, public_key: str, head: _Head, rows: Iterable[Row]) -> Written:
    """Write a file beside its place and then move it there, so that what stands there is always whole."""
    fresh, count = path.with_name(f".{head.part}.new"), 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        yield _json(head.line())
        for row in rows:
            count += 1
            yield _json(copies.written(row))

    fresh.unlink(missing_ok=True)  # of a backup that was cut off
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        envelope.write(file, public_key, lines())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return Written(path, path.stat().st_size, count)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def restore(
    db: Database, private_key: str, main: Path, numbers: Path | None, now: datetime, by: str, audit_key: bytes
) -> Restored:
    """Bring a copy back into an empty, migrated database, all of it or nothing. Raises `CannotCopy`.

    `numbers`: the part with numbers, at least as new as `main`; without it every open request is closed.
    """
    with db.write() as tx:
        locks.refuse_if_locked(tx)
        if filled := copies.filled(tx):
            raise CannotCopy(f"the database is not empty ({', '.join(filled)}): stop everything, and migrate a new one")
        with main.open("rb") as file:
            head, rows = _opened(main, file, private_key, MAIN)
            count = copies.put(tx, _read(main, rows))
        dated = _numbers(tx, private_key, numbers, head) if numbers else None
        closed = copies.without_number(tx)
        for id in closed:
            _close(tx, id, now, erased=dated is not None)
        audits.append(tx, audit_key, now, by, "restore", f"{head.at:%Y%m%dT%H%M%SZ}")
        outbox.wake(tx, "sweep", "all", now)
        live = len(copies.live(tx))
    db.scrub()
    return Restored(count, live, len(closed), head.at, dated)


def _numbers(tx: Connection, private_key: str, path: Path, main: _Head) -> datetime:
    """Put the whole rows of live requests in the place of their counts; give of when the part is.

    What is over in the main part stays over, whatever this part says.
    """
    with path.open("rb") as file:
        head, lines = _opened(path, file, private_key, NUMBERS)
        if head.at < main.at or head.country != main.country:
            raise CannotCopy(
                f"{path} is older than the main part, or another country's: numbers erased since would be back"
            )
        over = copies.over(tx)
        rows = [row for row in _read(path, lines) if row[1].get("request", row[1].get("id")) not in over]
        copies.remove(tx, [values["id"] for name, values in rows if name == "request"])
        copies.put(tx, rows)
    return head.at


def _opened(path: Path, file: BinaryIO, private_key: str, part: str) -> tuple[_Head, Iterator[bytes]]:
    """Open a file and read its first line: is it this part, of this version?"""
    lines = envelope.read(file, private_key)
    try:
        first = json.loads(next(lines))
    except envelope.CannotRead as error:
        raise CannotCopy(f"{path}: {error}") from None
    head = _Head(first["komek"], datetime.fromisoformat(first["at"]), first["revision"], first["country"])
    if head.part != part:
        raise CannotCopy(f"{path} holds the part {head.part!r}, not {part!r}")
    if head.revision != newest():
        raise CannotCopy(
            f"{path} is of revision {head.revision}, this version has {newest()}: restore with that version"
        )
    return head, lines


def _read(path: Path, lines: Iterator[bytes]) -> Iterator[Row]:
    try:
        for line in lines:
            yield copies.read(json.loads(line))
    except envelope.CannotRead as error:
        raise CannotCopy(f"{path}: {error}") from None


def _close(tx: Connection, id: str, now: datetime, *, erased: bool) -> None:
    """End a request that has no number. One that the newest numbers do not know was withdrawn, or its time was over."""
    request = requests.get(tx, id)
    if request is None:
        return
    lapsed = not erased or request.expires <= now
    if lapsed and State.EXPIRED in MAY_FOLLOW[request.state]:
        requests.move(tx, id, request.state, State.EXPIRED, now)
    else:
        requests.move(tx, id, request.state, State.CLOSED, now, outcome=None if lapsed else Outcome.WITHDREW)
