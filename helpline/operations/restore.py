"""Brings a copy of the database back, into an empty one, as far as it may come back (idea 3, R34).

When an older main part is restored beside the newest part with numbers, a request that this one does not know has been
erased since: it is closed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.engine import Connection

from helpline.keys import sealed_file
from helpline.operations import copies
from helpline.operations.backup import MAIN, NUMBERS, CannotCopy, Head
from helpline.operations.copies import Row
from helpline.request import requests
from helpline.request.model import MAY_FOLLOW, Outcome, State
from helpline.staff import raid_lock
from helpline.store import audit_log, outbox
from helpline.store.engine import Database
from helpline.store.migrate import newest


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows, requests that may be rung, requests that were closed, and of when each part is."""

    rows: int
    live: int
    closed: int
    main: datetime
    numbers: datetime | None


def restore(
    db: Database, private_key: str, main: Path, numbers: Path | None, now: datetime, by: str, audit_key: bytes
) -> Restored:
    """Bring a copy back into an empty, migrated database, all of it or nothing. Raises `CannotCopy`.

    `numbers`: the part with numbers, at least as new as `main`; without it every open request is closed.
    """
    with db.write() as tx:
        raid_lock.refuse_if_locked(tx)
        if filled := copies.filled(tx):
            raise CannotCopy(f"the database is not empty ({', '.join(filled)}): stop everything, and migrate a new one")
        with main.open("rb") as file:
            head, rows = _opened(main, file, private_key, MAIN)
            count = copies.put(tx, _read(main, rows))
        dated = _numbers(tx, private_key, numbers, head) if numbers else None
        closed = copies.without_number(tx)
        for id in closed:
            _close(tx, id, now, erased=dated is not None)
        audit_log.append(tx, audit_key, now, by, "restore", f"{head.at:%Y%m%dT%H%M%SZ}")
        outbox.wake(tx, "sweep", "all", now)
        live = len(copies.live(tx))
    db.scrub()
    return Restored(count, live, len(closed), head.at, dated)


def _numbers(tx: Connection, private_key: str, path: Path, main: Head) -> datetime:
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


def _opened(path: Path, file: BinaryIO, private_key: str, part: str) -> tuple[Head, Iterator[bytes]]:
    """Open a file and read its first line: is it this part, of this version?"""
    lines = sealed_file.read(file, private_key)
    try:
        first = json.loads(next(lines))
    except sealed_file.CannotRead as error:
        raise CannotCopy(f"{path}: {error}") from None
    head = Head(first["komek"], datetime.fromisoformat(first["at"]), first["revision"], first["country"])
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
    except sealed_file.CannotRead as error:
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
