"""Move a service from SQLite to PostgreSQL: every row, compared afterwards, or nothing at all."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from helpline.keys.sealing import CannotOpen, Opening
from helpline.operations import copies, heartbeats
from helpline.request import sealed_numbers
from helpline.staff import raid_lock
from helpline.store import audit_log, launch
from helpline.store.engine import Database, Tx, without_limits

ALIVE = timedelta(minutes=2)
"""A clock process that gave a sign of life since then is still running."""


class CannotMove(Exception):
    """Nothing was moved. The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and what was checked."""

    rows: int
    tables: int
    audited: int
    """Rows of the audit log. Its chain was checked in the new database."""
    opened: int | None
    """Sealed numbers that a worker's key opens in the new database. None if the key was not there."""


OLD = "komek.sqlite3.moved"
"""What the file of the old database is called afterwards."""


def was_moved(old: Database) -> bool:
    """Whether an earlier call moved everything, and was cut off before it renamed the file."""
    with old.read() as tx:
        return copies.is_closed_for_good(tx)


def move(old: Database, new: Database, audit_key: bytes, by: str, opening: Opening | None, *, dry: bool) -> Moved:
    """Copy every row into the new database and compare. Raise `CannotMove` if anything differs; then nothing changed.

    The old database is locked for writing meanwhile. In the end it is made unusable, unless this is only a trial
    (`dry`). If the power fails in between, the next call finds the rows in the new database, compares them, and ends
    the move.
    """
    with old.write() as tx:
        _refuse_if_running(tx)
        raid_lock.refuse_if_locked(tx)
        moved = _into(new, tx, audit_key, by, opening, dry=dry)
        if not dry:
            copies.close_for_good(tx)
    return moved


def set_aside(file: Path) -> Path:
    """Rename the file of the old database, so that nothing starts with it. It still holds numbers: delete it soon."""
    kept = file.with_name(OLD)
    for end in ("", "-wal", "-shm"):
        if (each := Path(f"{file}{end}")).exists():
            each.rename(f"{kept}{end}")
    return kept


def _refuse_if_running(tx: Tx) -> None:
    at = heartbeats.last_heartbeat(tx, "clock")
    if at is not None and tx.now - at < ALIVE:
        raise CannotMove(f"the clock process was alive {(tx.now - at).seconds} seconds ago: stop the service first")


def _into(new: Database, old: Tx, audit_key: bytes, by: str, opening: Opening | None, *, dry: bool) -> Moved:
    with new.write(old.now) as tx:
        without_limits(tx)
        before = copies.fingerprints(old)
        if _was_copied(tx, before):
            return _checked(tx, before, audit_key, opening)
        launch.open_up(tx)  # the line of a new database is closed; what counts is the line of the old one
        if filled := copies.filled_tables(tx):
            raise CannotMove(f"the new database is not empty ({', '.join(filled)}): make a new one")
        copies.insert(tx, copies.all_rows(old))
        done = _checked(tx, before, audit_key, opening)
        if dry:
            tx.rollback()
        else:
            audit_log.append(tx, audit_key, tx.now, by, "move_database", "postgresql")
    return done


def _was_copied(tx: Tx, before: dict[str, tuple[int, int]]) -> bool:
    """Whether an earlier call copied everything and was cut off: all is equal but the row that it added to the log."""
    rows, _ = audit_log.head(tx)
    if rows != before["audit"][0] + 1:
        return False
    now = copies.fingerprints(tx)
    return all(now[name] == found for name, found in before.items() if name != "audit")


def _checked(tx: Tx, before: dict[str, tuple[int, int]], audit_key: bytes, opening: Opening | None) -> Moved:
    """Compare the new database with the old one, check the chain of the log, and open every sealed number."""
    after = copies.fingerprints(tx)
    different = [name for name, found in before.items() if after[name] != found and name != "audit"]
    if different or after["audit"][0] < before["audit"][0]:
        raise CannotMove(f"the copy differs from the original ({', '.join(different or ['audit'])}): nothing was moved")
    broken = audit_log.broken_at(tx, audit_key)
    if broken is not None:
        raise CannotMove(f"the chain of the audit log breaks at row {broken}: see `komek audit verify`")
    rows = sum(count for count, _ in before.values())
    return Moved(rows, sum(count > 0 for count, _ in before.values()), after["audit"][0], _opened(tx, opening))


def _opened(tx: Tx, opening: Opening | None) -> int | None:
    if opening is None:
        return None
    count = 0
    for request, sealed in sealed_numbers.everything(tx):
        try:
            opening.open(request, sealed)
        except CannotOpen:
            raise CannotMove(f"the number of request {request} cannot be opened: is KOMEK_OPENING_KEY right?") from None
        count += 1
    return count
