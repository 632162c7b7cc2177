"""How many calls were left on which screen: a number a month and screen, and nothing of any call."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from helpline.store.schema import departure


def count(tx: Connection, month: str, screen: str) -> None:
    """Count one call more."""
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    row = make(departure).values(month=month, screen=screen, calls=1)
    more = {"calls": departure.c.calls + 1}
    tx.execute(row.on_conflict_do_update(index_elements=[departure.c.month, departure.c.screen], set_=more))


def of_month(tx: Connection, month: str) -> list[dict[str, str]]:
    """Give a row for each call that was left in a month."""
    rows = tx.execute(sa.select(departure.c.screen, departure.c.calls).where(departure.c.month == month))
    return [{"screen": row.screen} for row in rows for _ in range(row.calls)]


def forget_before(tx: Connection, month: str) -> None:
    """Forget what is older than a month: it is counted, and kept as it may be published."""
    tx.execute(sa.delete(departure).where(departure.c.month < month))
