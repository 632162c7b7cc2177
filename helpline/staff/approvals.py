"""What takes two people: who has said yes to it, and when."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.schema import assent


def give(tx: Connection, what: str, ref: str, by: str, at: datetime) -> None:
    """Keep that somebody says yes; said again, it counts from then."""
    clear(tx, what, ref, by)
    tx.execute(sa.insert(assent).values(what=what, ref=ref, by=by, at=at))


def given(tx: Connection, what: str, ref: str, since: datetime) -> list[str]:
    """Give who has said yes to it since an instant, each once."""
    rows = sa.select(assent.c.by).where(assent.c.what == what, assent.c.ref == ref, assent.c.at > since)
    return list(tx.execute(rows.order_by(assent.c.at)).scalars())


def since(tx: Connection, what: str, at: datetime) -> list[tuple[str, str, datetime]]:
    """Give what was said yes to of a kind since an instant: about what, by whom, when."""
    rows = sa.select(assent.c.ref, assent.c.by, assent.c.at).where(assent.c.what == what, assent.c.at > at)
    return [(row.ref, row.by, row.at) for row in tx.execute(rows.order_by(assent.c.at))]


def clear(tx: Connection, what: str, ref: str, by: str = "") -> None:
    """Forget what was said yes to, by everybody or by one."""
    said = sa.and_(assent.c.what == what, assent.c.ref == ref)
    tx.execute(sa.delete(assent).where(said, assent.c.by == by) if by else sa.delete(assent).where(said))


def withdraw(tx: Connection, by: Collection[str]) -> None:
    """Forget all that somebody said yes to, under any of their names."""
    tx.execute(sa.delete(assent).where(assent.c.by.in_({*by} - {""})))


def sweep(tx: Connection, before: datetime) -> int:
    """Drop what was said before an instant and nobody joined; give how many."""
    return tx.execute(sa.delete(assent).where(assent.c.at <= before)).rowcount
