"""The rows of requests that an HTCDS export may hold."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from helpline.request.model import DRILL, Outcome, State
from helpline.store.engine import Tx
from helpline.store.schema import request


@dataclass(frozen=True, slots=True)
class Case:
    """The fields of a request that this standard uses, and its consent."""

    state: State
    outcome: Outcome | None
    language: str
    sex: str
    created: datetime
    expires: datetime
    state_line: str


def rows(tx: Tx) -> list[Case]:
    """Return every request, oldest first, but drills and what was no case for a service. `export` selects from them."""
    names = ("state", "outcome", "language", "sex", "created", "expires", "state_line")
    for_us = sa.func.coalesce(request.c.outcome, "") != Outcome.NOT_FOR_US.value
    rows = sa.select(*(request.c[name] for name in names)).where(request.c.kind != DRILL, for_us)
    rows = rows.order_by(request.c.created)
    return [Case(State(row.state), Outcome(row.outcome) if row.outcome else None, *row[2:]) for row in tx.execute(rows)]
