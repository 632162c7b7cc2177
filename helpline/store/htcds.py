"""What there is of each request for the case standard; drills are left out."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.htcds import Case
from helpline.request import DRILL, Outcome, State
from helpline.store.schema import request


def every(tx: Connection) -> list[Case]:
    """Give every request, the oldest first: the gate of `helpline.htcds` says which may leave."""
    names = ("state", "outcome", "language", "sex", "created", "expires", "state_line")
    rows = sa.select(*(request.c[name] for name in names)).where(request.c.kind != DRILL).order_by(request.c.created)
    return [Case(State(row.state), Outcome(row.outcome) if row.outcome else None, *row[2:]) for row in tx.execute(rows)]
