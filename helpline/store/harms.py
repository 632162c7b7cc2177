"""The register of harm (R46): what a call or a text of ours did to somebody, until a person has looked at it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.rows import new_id
from helpline.store.schema import harm

CALL, WRONG_PERSON, MESSAGE_SEEN = "call", "wrong_person", "message_seen"
WHAT = frozenset({CALL, WRONG_PERSON, MESSAGE_SEEN})
SOURCES = frozenset({"caller", "service", "coordinator"})


@dataclass(frozen=True, slots=True)
class Harm:
    """One entry. Ids only: what happened is asked for on the telephone, and not written here."""

    id: str
    at: datetime
    request: str
    source: str
    what: str
    reviewed: datetime | None
    by: str | None


def add(tx: Connection, request: str, source: str, what: str, now: datetime) -> bool:
    """Enter a harm; false where the same, from the same side, waits to be looked at already.

    `source`: caller, service or coordinator; `what`: one of `WHAT`. `ValueError` for anything else.
    """
    if source not in SOURCES or what not in WHAT:
        raise ValueError(f"no such harm: {what} from {source}")
    same = sa.and_(harm.c.request == request, harm.c.source == source, harm.c.what == what, harm.c.reviewed.is_(None))
    if tx.execute(sa.select(harm.c.id).where(same)).first():
        return False
    tx.execute(sa.insert(harm).values(id=new_id(), at=now, request=request, source=source, what=what))
    return True


def unreviewed(tx: Connection) -> list[Harm]:
    """Give what nobody has looked at, the oldest first."""
    return _read(tx, harm.c.reviewed.is_(None))


def every(tx: Connection) -> list[Harm]:
    """Give the whole register, the oldest first."""
    return _read(tx, sa.true())


def _read(tx: Connection, which: sa.ColumnElement[bool]) -> list[Harm]:
    rows = tx.execute(sa.select(harm).where(which).order_by(harm.c.at, harm.c.id))
    return [Harm(row.id, row.at, row.request, row.source, row.what, row.reviewed, row.by) for row in rows]


def review(tx: Connection, id: str, by: str, now: datetime) -> bool:
    """Note that somebody has looked at an entry; false where there is none that waits."""
    change = sa.update(harm).where(harm.c.id == id, harm.c.reviewed.is_(None))
    return tx.execute(change.values(reviewed=now, by=by)).rowcount == 1


def count(tx: Connection, since: datetime, until: datetime) -> int:
    """Count what was entered between two instants: a figure of the service."""
    rows = sa.select(sa.func.count()).select_from(harm)
    return tx.execute(rows.where(harm.c.at >= since, harm.c.at < until)).scalar_one()
