"""How many calls ended on which screen of the menus, until the month is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "departure",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "screen", sa.String(length=60), nullable=False, comment="the screen where calls without a request ended"
        ),
        sa.Column("calls", sa.Integer(), nullable=False, comment="how many; deleted once the month is counted"),
        sa.PrimaryKeyConstraint("month", "screen"),
    )


def downgrade() -> None:
    """Revert this migration."""
    op.drop_table("departure")
