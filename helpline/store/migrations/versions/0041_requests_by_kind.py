"""Open requests lie in an index by their kind, so that the list of all and the metrics count them without sorting."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

OPEN, UNCLAIMED = "state not in ('expired', 'closed')", "state in ('waiting', 'offered', 'stranded')"
REMINDED = "state = 'claimed' and reminded is not null"
HOURS = ("window", "days", "zone")
LISTED = ("id", "state", "kind", "risk", *HOURS, "since", "created", "expires")
KIND = ("state", "risk", *HOURS, "expires", "promised_to", "reveals", "kind", "created", "updated", "since", "id")
NEW = (
    ("ix_request_listed", "request", LISTED, OPEN),
    ("ix_request_kind", "request", KIND, OPEN),
    ("ix_offer_reminded", "offer", ("request",), REMINDED),
)
OLD = (
    ("ix_request_open", "request", (*LISTED, "updated", "promised_to", "reveals", "outcome"), OPEN),
    ("ix_request_unclaimed", "request", (*HOURS, "since", "kind", "state", "expires", "created", "updated"), UNCLAIMED),
)
Indexes = tuple[tuple[str, str, tuple[str, ...], str], ...]


def upgrade() -> None:
    """Create the new indexes, then drop those that they replace. A version before is only slower without these."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with nullcontext() if sqlite else op.get_context().autocommit_block():
        _replace(OLD, NEW, concurrently=True)


def downgrade() -> None:
    """Put the old indexes back, in one transaction with the downgrades before it."""
    _replace(NEW, OLD, concurrently=False)


def _replace(old: Indexes, new: Indexes, *, concurrently: bool) -> None:
    for name, table, columns, where in new:
        op.drop_index(
            name, table, if_exists=True, postgresql_concurrently=concurrently
        )  # one that was cut off is invalid
        rows = sa.text(where)
        op.create_index(
            name, table, list(columns), sqlite_where=rows, postgresql_where=rows, postgresql_concurrently=concurrently
        )
    for name, table, _, _ in old:
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=concurrently)
