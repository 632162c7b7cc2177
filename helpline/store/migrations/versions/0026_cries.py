"""Cries of each telephone: how many dialogues in danger it had today, and when coordinators were told (R12)."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Only workers use it."""
    op.create_table(
        "cry",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("caller", sa.LargeBinary(), primary_key=True),
        sa.Column(
            "since", sa.BigInteger(), nullable=False, comment="when the first dialogue in danger of the day began"
        ),
        sa.Column("dialogues", sa.Integer(), nullable=False, comment="dialogues in danger since then"),
        sa.Column("texts", sa.Integer(), nullable=False, comment="cries that coordinators were not told of yet"),
        sa.Column("told", sa.BigInteger(), comment="when coordinators were last told"),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_cry_id", "cry", ["id"], unique=True)


def downgrade() -> None:
    """Drop the table: every cry opens a dialogue."""
    op.drop_table("cry")
