"""Review marks that people set at the console (R13). `komek translate marks` adds them to `content/reviews.yaml`."""

from dataclasses import dataclass

import sqlalchemy as sa

from helpline.content.reviews import Mark
from helpline.store.engine import Tx
from helpline.store.schema import person, review_mark
from helpline.store.sql import new_id


@dataclass(frozen=True, slots=True)
class SetMark:
    """A mark as the table has it."""

    id: str
    by: str
    """The id of the account that set it."""
    mark: Mark


def add(tx: Tx, by: str, mark: Mark) -> str | None:
    """Store a mark. Return its id, or None if the same one counts already: a double click sends the form twice."""
    tx.execute(sa.select(person.c.id).where(person.c.id == by).with_for_update())
    same = [review_mark.c[name] == getattr(mark, name) for name in ("text", "language", "reviewer", "hash", "role")]
    if tx.execute(sa.select(review_mark.c.id).where(*same, review_mark.c.undone.is_(None))).first():
        return None
    id = new_id()
    values = {name: getattr(mark, name) for name in ("text", "language", "reviewer", "on", "hash", "role")}
    tx.execute(sa.insert(review_mark).values(id=id, by=by, at=tx.now, **values))
    return id


def take_back(tx: Tx, id: str) -> bool:
    """Make a mark count no more. Return False if there is none that counts."""
    valid = sa.and_(review_mark.c.id == id, review_mark.c.undone.is_(None))
    return tx.execute(sa.update(review_mark).where(valid).values(undone=tx.now)).rowcount == 1


def in_force(tx: Tx) -> list[SetMark]:
    """Return the marks that were not taken back, oldest first."""
    rows = sa.select(review_mark).where(review_mark.c.undone.is_(None)).order_by(review_mark.c.at, review_mark.c.id)
    return [
        SetMark(row.id, row.by, Mark(row.text, row.language, row.reviewer, row.on, row.hash, row.role))
        for row in tx.execute(rows)
    ]
