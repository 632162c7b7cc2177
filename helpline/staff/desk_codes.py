"""The codes of a desk: how often they were redrawn, and how many wrong digits came from its telephones (R49).

A sender can be forged, so digits are all that proves an order. Wrong ones take nothing away from the desk that they
seem to come from: its codes are redrawn.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import desk_code
from helpline.store.sql import insert_if_new

MOST_WRONG, WITHIN = 5, timedelta(hours=1)
"""After so many wrong digits within this time, the codes of a desk are redrawn."""


def draws(tx: Tx, desk: str) -> int:
    """Return how often the codes of a desk were redrawn."""
    return tx.execute(sa.select(desk_code.c.draws).where(desk_code.c.desk == desk)).scalar() or 0


def count_wrong(tx: Tx, desk: str) -> bool:
    """Count wrong digits. Return whether the codes of the desk must be redrawn now."""
    insert_if_new(tx, desk_code, {"desk": desk, "draws": 0, "wrong": 0, "since": tx.now})
    lately = desk_code.c.since > tx.now - WITHIN
    change = sa.update(desk_code).where(desk_code.c.desk == desk)
    tx.execute(change.where(~lately).values(wrong=0, since=tx.now))
    tx.execute(change.values(wrong=desk_code.c.wrong + 1))
    return int(tx.execute(sa.select(desk_code.c.wrong).where(desk_code.c.desk == desk)).scalar_one()) >= MOST_WRONG


def redraw(tx: Tx, desk: str) -> None:
    """Make the codes that derive from the draw of a desk invalid, and count wrong digits from zero."""
    insert_if_new(tx, desk_code, {"desk": desk, "draws": 0, "wrong": 0, "since": tx.now})
    change = sa.update(desk_code).where(desk_code.c.desk == desk)
    tx.execute(change.values(draws=desk_code.c.draws + 1, wrong=0, since=tx.now))


def of_lock(tx: Tx, since: datetime, phone: str) -> tuple[str, int]:
    """Return what the digits that unlock from one telephone (id of the contact) derive from, for the present lock."""
    return f"raid {since.isoformat()} {phone}", draws(tx, phone)
