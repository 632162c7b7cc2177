"""How many calls were left on which screen of the menus, until the month is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it."""
    op.create_table(
        "departure",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "screen", sa.String(length=60), nullable=False, comment="where calls were left that had asked for nothing"
        ),
        sa.Column("calls", sa.Integer(), nullable=False, comment="how many; gone once the month is counted"),
        sa.PrimaryKeyConstraint("month", "screen"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("departure")
