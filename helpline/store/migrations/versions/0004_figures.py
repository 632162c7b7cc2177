"""Figures of months: what may be published, counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "figure",
        sa.Column("month", sa.String(length=7), nullable=False, comment="2026-11; counted once, after its end"),
        sa.Column("service", sa.String(length=36), nullable=False, comment="of which service; empty: of all"),
        sa.Column("body", sa.JSON(), nullable=False, comment="what may be published, with small counts hidden (R36)"),
        sa.PrimaryKeyConstraint("month", "service"),
    )


def downgrade() -> None:
    """Revert this migration."""
    op.drop_table("figure")
