"""Small indexes for the lists of the console: rows that have not ended, with everything that the order depends on."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN, HELD = sa.text("state not in ('expired', 'closed')"), sa.text("state in ('open', 'claimed', 'followed')")
OF_REQUEST = ("state", "kind", "risk", "window", "days", "zone", "since", "created", "expires", "updated")
INDEXES = (
    ("ix_request_open", "request", ("id", *OF_REQUEST, "promised_to", "reveals", "outcome"), OPEN),
    ("ix_offer_held", "offer", ("service", "state", "request", "id", "until", "shown_in"), HELD),
    ("ix_offer_live", "offer", ("request", "id", "state", "service", "until", "claimed", "shown_in", "reminded"), HELD),
)


def upgrade() -> None:
    """Create the indexes."""
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop the indexes."""
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
