"""Review marks that were set at the console, until they are in `content/reviews.yaml`."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "review_mark",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("text", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("reviewer", sa.String(80), nullable=False, comment="who read it: a name, as in reviews.yaml"),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("hash", sa.String(16), nullable=False, comment="of the very words that were read (R13)"),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("by", sa.String(32), nullable=False, comment="whose account set it"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("review_mark")
