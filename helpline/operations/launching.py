"""Open the line to callers, and close it again while nobody waits for a call."""

import logging
from collections.abc import Callable, Iterator, Sequence

from helpline.content.loading import Content, reviews_of
from helpline.core import log
from helpline.core.config import Config
from helpline.operations import copies, readiness
from helpline.operations.readiness import NOTHING_DECIDED, Decisions, Item
from helpline.store import audit_log, launch
from helpline.store.engine import Database, Tx


class RequestOpen(Exception):
    """A request is open: its caller would see only the emergency number, and could not stop it (R48)."""


def survey(db: Database, config: Config, texts: Content, decided: Decisions = NOTHING_DECIDED) -> list[Item]:
    """Return the list as it is now."""
    with db.read() as tx:
        return list(readiness.items(tx, config, texts.country, reviews_of(texts), decided))


def log_missing(db: Database, config: Config, texts: Content) -> None:
    """Log each group of the list in which something keeps the line closed."""
    with db.read() as tx:
        if config.demo or not launch.is_closed(tx):
            return
    for group in dict.fromkeys(item.group for item in survey(db, config, texts) if not item.fine):
        log.event("line_needs", level=logging.WARNING, group=group)


def lines(found: Sequence[Item]) -> Iterator[str]:
    """Yield the list as it is printed."""
    for item in found:
        yield f"{'ok ' if item.fine else 'BAD'}  {item.group:<9}  {item.told}"


def open_line(tx: Tx, by: str, audit_key: bytes, decided: Decisions) -> bool:
    """Open the line. Return False if it was open already.

    The audit log says so in any case: it is all that a restore without the vault knows.
    """
    was_closed = launch.open_up(tx)
    if not was_closed and launch.was_open(tx):
        return False
    audit_log.append(tx, audit_key, tx.now, by, launch.OPEN_LINE, decided.noted)
    return was_closed


def close_line(tx: Tx, by: str, audit_key: bytes) -> bool:
    """Close the line. Return False if it was closed already. Raise `RequestOpen` if somebody waits for a call."""
    if copies.open_ids(tx):
        raise RequestOpen
    if not launch.close(tx, by):
        return False
    audit_log.append(tx, audit_key, tx.now, by, launch.CLOSE_LINE, "line")
    return True


def watch_closed(db: Database, by: str, audit_key: bytes, looks: int, wait: Callable[[], object]) -> bool:
    """Look again and again while a web may not have seen yet that the line is closed.

    Open it at once if a request comes: its caller must be able to stop it. Return whether one came.
    """
    for _ in range(looks):
        wait()
        with db.write() as tx:
            if open_if_somebody_came(tx, by, audit_key):
                return True
    return False


def open_if_somebody_came(tx: Tx, by: str, audit_key: bytes) -> bool:
    """Open the line again if a request came before every web had seen that it was closed. Return whether one came."""
    came = bool(copies.open_ids(tx))
    return came and open_line(tx, by, audit_key, NOTHING_DECIDED)
