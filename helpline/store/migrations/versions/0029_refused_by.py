"""Store each channel that refused a text, so that one that only rested still gets it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. An older version stores the last channel that refused in `channel`, and ignores this one."""
    op.add_column(
        "message",
        sa.Column("refused_by", sa.Text(), comment="the channels that certainly did not take it, with commas"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("message", "refused_by")
