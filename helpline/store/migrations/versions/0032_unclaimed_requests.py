"""An index of the requests that nobody has claimed, by their kind of hours."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None
NAME, UNCLAIMED = "ix_request_unclaimed", sa.text("state in ('waiting', 'offered', 'stranded')")
COLUMNS = ["window", "days", "zone", "since", "kind", "state", "expires", "created", "updated"]


def upgrade() -> None:
    """Add the index. Otherwise the metrics read all open requests each time, and on SQLite also those that ended."""
    context = nullcontext() if op.get_bind().dialect.name == "sqlite" else op.get_context().autocommit_block()
    with context:
        # one that a migration left which was cut off is invalid
        op.drop_index(NAME, "request", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME, "request", COLUMNS, sqlite_where=UNCLAIMED, postgresql_where=UNCLAIMED, postgresql_concurrently=True
        )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(NAME, "request")
