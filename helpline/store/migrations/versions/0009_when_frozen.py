"""When a line was frozen: kept with its requests, also with what was paused before (R8)."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it. What is frozen now was so since it last moved."""
    comment = "when its line was frozen, until she comes back or two lift it (R8)"
    op.add_column("request", sa.Column("frozen_at", sa.BigInteger(), nullable=True, comment=comment))
    op.execute("update request set frozen_at = updated where state = 'frozen'")


def downgrade() -> None:
    """Take it away."""
    op.drop_column("request", "frozen_at")
