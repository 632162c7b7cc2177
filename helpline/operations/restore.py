"""Restore a backup into an empty database, without bringing back what was erased since (idea 3, R34).

An older main part can be restored with the newest part with numbers. A request that is missing there was erased after
the main part was made, so it is closed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from helpline.keys import sealed_file
from helpline.operations import copies
from helpline.operations.backup import MAIN, NUMBERS, CannotCopy, Head
from helpline.operations.copies import Row
from helpline.request import requests
from helpline.request.model import MAY_FOLLOW, Outcome, State
from helpline.staff import raid_lock
from helpline.store import audit_log, launch, outbox
from helpline.store.engine import Database, Tx
from helpline.store.migrate import newest


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    rows: int
    """Rows of the main part."""
    live: int
    """Open requests, which may be called."""
    closed: int
    """Requests that were closed because they have no number."""
    main: datetime
    """When the main part was made."""
    numbers: datetime | None
    """When the part with numbers was made. None if there was none."""


def restore(
    db: Database, private_key: str, main: Path, numbers: Path | None, now: datetime, by: str, audit_key: bytes
) -> Restored:
    """Restore a backup into an empty, migrated database, in one transaction. Raise `CannotCopy` if it is not possible.

    `numbers`: the part with numbers, at least as new as `main`. Without it every open request is closed.
    """
    with db.write(now) as tx:
        raid_lock.refuse_if_locked(tx)
        launch.open_up(tx)  # the line of a new database is closed; what counts is the line of the backup
        if filled := copies.filled_tables(tx):
            raise CannotCopy(f"the database is not empty ({', '.join(filled)}): stop the service, migrate a new one")
        with main.open("rb") as file:
            head, rows = _opened(main, file, private_key, MAIN)
            count = copies.insert(tx, _read(main, rows))
        dated = _numbers(tx, private_key, numbers, head) if numbers else None
        closed = copies.open_without_number(tx)
        for id in closed:
            _close(tx, id, erased=dated is not None)
        audit_log.append(tx, audit_key, now, by, "restore", f"{head.at:%Y%m%dT%H%M%SZ}")
        outbox.wake(tx, "sweep", "all", now)
        if dated is None and not launch.was_open(tx):
            launch.close(tx, by)
        live = len(copies.open_ids(tx))
    db.scrub()
    return Restored(count, live, len(closed), head.at, dated)


def _numbers(tx: Tx, private_key: str, path: Path, main: Head) -> datetime:
    """Replace the reduced rows of open requests by their whole rows, and return when this part was made.

    A request that is over in the main part stays over, whatever this part says.
    """
    with path.open("rb") as file:
        head, lines = _opened(path, file, private_key, NUMBERS)
        if head.at < main.at or head.country != main.country:
            raise CannotCopy(
                f"{path} is older than the main part, or of another country: it would bring back erased numbers"
            )
        closed = copies.closed_ids(tx)
        rows = [row for row in _read(path, lines) if row[1].get("request", row[1].get("id")) not in closed]
        copies.delete_requests(tx, [values["id"] for name, values in rows if name == "request"])
        copies.insert(tx, rows)
    return head.at


def _opened(path: Path, file: BinaryIO, private_key: str, part: str) -> tuple[Head, Iterator[bytes]]:
    """Read the header of a file and return it with the lines that follow.

    Raise `CannotCopy` if the file is another part or of another version.
    """
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
            yield copies.from_json(json.loads(line))
    except sealed_file.CannotRead as error:
        raise CannotCopy(f"{path}: {error}") from None


def _close(tx: Tx, id: str, *, erased: bool) -> None:
    """End a request that has no number.

    `erased`: the part with numbers was restored and lacks it, so the caller withdrew, unless consent had expired.
    """
    request = requests.get(tx, id)
    if request is None:
        return
    lapsed = not erased or request.expires <= tx.now
    if lapsed and State.EXPIRED in MAY_FOLLOW[request.state]:
        requests.move(tx, id, request.state, State.EXPIRED)
    else:
        requests.move(tx, id, request.state, State.CLOSED, outcome=None if lapsed else Outcome.WITHDREW)
