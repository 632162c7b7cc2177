"""Every value in the database that the opening key opens, to see when an older key is no longer needed."""

from collections.abc import Iterator

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import inbox, message, vault

PLACES = ((vault, vault.c.request), (message, message.c.id), (inbox, inbox.c.id))
"""The tables, with the row id that each value is bound to."""
AT_ONCE = 1000


def sealed_values(tx: Tx) -> Iterator[tuple[str, bytes]]:
    """Yield each sealed value with the id of its row."""
    for table, id in PLACES:
        found = sa.select(id, table.c.sealed).where(table.c.sealed.is_not(None)).execution_options(yield_per=AT_ONCE)
        with tx.execute(found) as rows:
            for row in rows:
                yield row[0], row[1]
