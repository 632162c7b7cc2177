"""The cries of each telephone, found by its keyed hash: dialogues in danger today, and when coordinators were told."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import cry
from helpline.store.sql import new_id


@dataclass(frozen=True, slots=True)
class Cries:
    """What is known of the cries of one telephone."""

    id: str
    caller: bytes
    since: datetime
    """When the first dialogue in danger of the day began."""
    dialogues: int = 0
    """The dialogues in danger since then."""
    texts: int = 0
    """The cries that coordinators were not told of yet."""
    told: datetime | None = None
    """When coordinators were last told."""


def of_caller(tx: Tx, caller: bytes) -> Cries:
    """Return the cries of a telephone. There may be none yet."""
    row = tx.execute(sa.select(cry).where(cry.c.caller == caller)).first()
    return _read(row) if row else Cries(new_id(), caller, tx.now)


def get(tx: Tx, id: str) -> Cries | None:
    """Return the cries of one telephone by their id."""
    row = tx.execute(sa.select(cry).where(cry.c.id == id)).first()
    return _read(row) if row else None


def put(tx: Tx, cries: Cries, until: datetime) -> None:
    """Store the cries of a telephone in place of what was known."""
    tx.execute(sa.delete(cry).where(cry.c.caller == cries.caller))
    values = {"dialogues": cries.dialogues, "texts": cries.texts, "told": cries.told}
    tx.execute(sa.insert(cry).values(id=cries.id, caller=cries.caller, since=cries.since, until=until, **values))


def told_since(tx: Tx, since: datetime) -> int:
    """Return of how many telephones coordinators were told after an instant."""
    return tx.execute(sa.select(sa.func.count()).select_from(cry).where(cry.c.told > since)).scalar_one()


def waiting(tx: Tx, told_before: datetime) -> tuple[int, int]:
    """Return how many telephones wait to be told of: for the first time, and again."""
    due = sa.and_(cry.c.texts > 0, sa.or_(cry.c.told.is_(None), cry.c.told <= told_before))
    first, every = sa.func.count().filter(cry.c.told.is_(None)), sa.func.count()
    row = tx.execute(sa.select(first, every).select_from(cry).where(due)).one()
    return row[0], row[1] - row[0]


def mark_told(tx: Tx, told_before: datetime) -> None:
    """Note that coordinators were told of all telephones that wait."""
    due = sa.and_(cry.c.texts > 0, sa.or_(cry.c.told.is_(None), cry.c.told <= told_before))
    tx.execute(sa.update(cry).where(due).values(told=tx.now, texts=0))


def sweep(tx: Tx) -> int:
    """Delete what is past its time. Return how many rows."""
    return tx.execute(sa.delete(cry).where(cry.c.until <= tx.now)).rowcount


def _read(row: sa.engine.Row[tuple[object, ...]]) -> Cries:
    return Cries(row.id, row.caller, row.since, row.dialogues, row.texts, row.told)
