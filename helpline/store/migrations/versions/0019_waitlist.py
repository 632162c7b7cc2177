"""Which request waits for which full desk."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create an empty table. A request that waits is added when it is attended again."""
    op.create_table(
        "waitlist",
        sa.Column("request", sa.String(32), primary_key=True),
        sa.Column("service", sa.String(36), primary_key=True, comment="a desk that fits and was full"),
    )
    op.create_index("ix_waitlist_service", "waitlist", ["service"])


def downgrade() -> None:
    """Drop the table. A request that waits is attended again within the hour."""
    op.drop_table("waitlist")
