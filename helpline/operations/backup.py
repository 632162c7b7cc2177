"""Write backups of the database in two parts (idea 3, R34).

Each backup overwrites the last part with numbers. A caller who withdraws is therefore in no backup after the next one.
`helpline.operations.restore` reads the backups.
"""

import fcntl
import filecmp
import json
import os
import shutil
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
"""The only file with numbers."""


class CannotCopy(Exception):
    """A backup cannot be made or restored. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, with its size in bytes and its number of rows."""

    path: Path
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a file."""

    part: str
    """`MAIN` or `NUMBERS`."""
    at: datetime
    """When the backup was made."""
    revision: str
    """The migration that the database had."""
    country: str

    def line(self) -> dict[str, str]:
        """Return the header as it is stored in the file."""
        return {"komek": self.part, "at": self.at.isoformat(), "revision": self.revision, "country": self.country}


def mains(folder: Path) -> list[Path]:
    """Return the main parts in a folder, oldest first. Their names sort by time."""
    return sorted(folder.glob("main-*.komek"))


def write(db: Database, folder: Path, public_key: str, country: str, now: datetime) -> list[Written]:
    """Write both parts from one snapshot. The part with numbers replaces the last one.

    The part with numbers is written first, so that a main part is never newer than the numbers beside it.
    Raise `CannotCopy` if the main part exists or another backup is running.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    main = folder / f"main-{now:%Y%m%dT%H%M%SZ}.komek"
    with _locked(folder), db.snapshot() as tx:
        if main.exists():
            raise CannotCopy(f"{main} exists already, and a backup is never overwritten")
        return [
            _write_file(
                folder / NEWEST, public_key, Head(NUMBERS, now, newest(), country), copies.rows_with_numbers(tx)
            ),
            _write_file(main, public_key, Head(MAIN, now, newest(), country), copies.main_rows(tx)),
        ]


def copy_to(files: Iterable[Written], second: Path) -> list[Path]:
    """Copy files to a second place and return them there. The part with numbers overwrites the last one there, too.

    Each is read again and compared, so that a disk that only pretends is noticed. Raise `CannotCopy` or `OSError`.
    """
    second.mkdir(mode=0o700, parents=True, exist_ok=True)
    copied = []
    with _locked(second):
        for each in files:
            fresh, there = second / f".{each.path.name}.new", second / each.path.name
            fresh.unlink(missing_ok=True)
            with each.path.open("rb") as read, os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                shutil.copyfileobj(read, file)
                file.flush()
                os.fsync(file.fileno())
            if not filecmp.cmp(each.path, fresh, shallow=False):
                raise CannotCopy(f"{fresh} is not what was written to it: try another disk")
            fresh.replace(there)
            copied.append(there)
    return copied


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock a folder, so that two backups never write to the same file."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
        os.fsync(held)
    except BlockingIOError:
        raise CannotCopy(f"another backup is running in {folder}") from None
    finally:
        os.close(held)


def _write_file(path: Path, public_key: str, head: Head, rows: Iterable[Row]) -> Written:
    """Write a temporary file and rename it, so that the file at `path` is always complete."""
    fresh, count = path.with_name(f".{head.part}.new"), 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        yield _json(head.line())
        for row in rows:
            count += 1
            yield _json(copies.to_json(row))

    fresh.unlink(missing_ok=True)  # left over from a backup that was interrupted
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        sealed_file.write(file, public_key, lines())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return Written(path, path.stat().st_size, count)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
