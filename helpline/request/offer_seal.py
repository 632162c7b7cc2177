"""The code (MAC) of an offer: it proves that a worker or the console has made the offer and the claim (R32).

The code covers everything that decides who may get which number: the request, the desk, the draw of the digits, the
state, when the request was offered and claimed, and an override. The public process can end an offer, which takes no
code. It can neither make one nor turn one into a claim.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpline.core.clock import micros
from helpline.keys.row_seal import ContactKey
from helpline.store.engine import Tx

GRANTS = frozenset({"open", "claimed", "followed", "called", "proposed"})
"""States in which an offer gives its desk anything. Only these need a code."""
OVER = "over"
"""In place of a code, after a worker or the console has ended an offer: no code makes it genuine again."""
SEALED = ("id", "request", "line", "service", "state", "draws", "opened", "claimed", "override")


def sealed(row: Any) -> dict[str, Any]:
    """Return the columns of a row that its code covers."""
    return {name: getattr(row, name) for name in SEALED}


def code(key: ContactKey, row: Mapping[str, Any]) -> str:
    """Return the code that a row must have, by the columns that it covers."""
    if row["state"] not in GRANTS:
        return OVER
    values = [row.get(name) for name in SEALED]
    return key.offer(*[micros(value) if isinstance(value, datetime) else value for value in values])


def is_genuine(tx: Tx, row: Any) -> bool:
    """Whether a row grants what it says. The public process cannot check this, and grants nothing."""
    key = tx.contacts
    return key is None or row.state not in GRANTS or key.is_genuine(row.mac, code(key, sealed(row)))
