"""Writes copies of the database in two parts (idea 3, R34).

The part with numbers is overwritten each time, so that whoever withdraws is in no copy after the next one. What may
come back of a copy: `helpline.operations.restore`.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from helpline.keys import sealed_file
from helpline.operations import copies
from helpline.operations.copies import Row
from helpline.store.engine import Database
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
class Head:
    """The first line of a file: which part it is, of when, of which revision of the database and of which country."""

    part: str
    at: datetime
    revision: str
    country: str

    def line(self) -> dict[str, str]:
        """Give it as it is written."""
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
            _put(folder / NEWEST, public_key, Head(NUMBERS, now, newest(), country), copies.with_numbers(tx)),
            _put(main, public_key, Head(MAIN, now, newest(), country), copies.main(tx)),
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


def _put(path: Path, public_key: str, head: Head, rows: Iterable[Row]) -> Written:
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
        sealed_file.write(file, public_key, lines())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return Written(path, path.stat().st_size, count)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
