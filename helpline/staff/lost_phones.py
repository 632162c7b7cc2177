"""Work telephones that were lost. They are told nothing, and their texts are no orders."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import lost_phone
from helpline.store.sql import insert_if_new

FIND = Fixed(sa.select(lost_phone.c.phone).where(lost_phone.c.phone == sa.bindparam("of")))


def add(tx: Tx, phone: str) -> None:
    """Save that a telephone was lost."""
    insert_if_new(tx, lost_phone, {"phone": phone, "at": tx.now})


def ends(tx: Tx, at: Collection[datetime]) -> dict[datetime, str]:
    """Return the last two digits of the telephone that was lost at each of these instants, if it is still saved.

    They tell two telephones of one service apart. A row of the audit log names their service only.
    """
    found = tx.execute(sa.select(lost_phone.c.at, lost_phone.c.phone).where(lost_phone.c.at.in_(at)))
    return {row.at: row.phone[-2:] for row in found}


def is_lost(tx: Tx, phone: str) -> bool:
    """Whether a telephone was lost and is not in the directory again."""
    return tx.execute(FIND, {"of": phone}).first() is not None


def remove(tx: Tx, phone: str) -> None:
    """Forget that a telephone was lost: two people have agreed that the directory has it again."""
    tx.execute(sa.delete(lost_phone).where(lost_phone.c.phone == phone))
