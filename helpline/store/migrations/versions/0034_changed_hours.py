"""A service may change a caller's hours. The row of this action has the hours before and after it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Actions from before the update have none."""
    comment = "the caller's own hours, and those that a service has set"
    op.add_column("attempt", sa.Column("hours", sa.String(48), comment=comment))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("attempt", "hours")
