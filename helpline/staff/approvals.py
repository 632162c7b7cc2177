"""Actions that need two people: who has approved what, and when."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import assent

ONE = Fixed(sa.select(assent.c.what).limit(1))


def add(tx: Tx, what: str, ref: str, by: str, at: datetime) -> None:
    """Save an approval. A second approval by the same person replaces the first, with its later time."""
    clear(tx, what, ref, by)
    tx.execute(sa.insert(assent).values(what=what, ref=ref, by=by, at=at))


def approvers(tx: Tx, what: str, ref: str, since: datetime) -> list[str]:
    """Return who has approved this since an instant, each person once."""
    rows = sa.select(assent.c.by).where(assent.c.what == what, assent.c.ref == ref, assent.c.at > since)
    return list(tx.execute(rows.order_by(assent.c.at)).scalars())


def since(tx: Tx, what: str, at: datetime) -> list[tuple[str, str, datetime]]:
    """Return the approvals of one kind since an instant, as `(ref, by, at)`."""
    rows = sa.select(assent.c.ref, assent.c.by, assent.c.at).where(assent.c.what == what, assent.c.at > at)
    return [(row.ref, row.by, row.at) for row in tx.execute(rows.order_by(assent.c.at))]


def are_stored(tx: Tx) -> bool:
    """Whether any approval is stored, of whatever kind and age: mostly none is, and then nobody need look for one."""
    return tx.execute(ONE).first() is not None


def clear(tx: Tx, what: str, ref: str, by: str = "") -> None:
    """Delete the approvals of this by everybody, or by one person."""
    matches = sa.and_(assent.c.what == what, assent.c.ref == ref)
    tx.execute(sa.delete(assent).where(matches, assent.c.by == by) if by else sa.delete(assent).where(matches))


def withdraw(tx: Tx, by: Collection[str]) -> None:
    """Delete all approvals by one person, under any of their ids."""
    tx.execute(sa.delete(assent).where(assent.c.by.in_({*by} - {""})))


def sweep(tx: Tx, before: datetime) -> int:
    """Delete approvals given at or before an instant. Return how many."""
    return tx.execute(sa.delete(assent).where(assent.c.at <= before)).rowcount
