"""Calls that the gateway is about to bridge, for two minutes each."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "bridge",
        sa.Column("call", sa.String(length=32), nullable=False, comment="keyed hash of a session that is not stored"),
        sa.Column("offer", sa.String(length=32), nullable=False),
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="the caller's number, under a key made from that session",
        ),
        sa.Column("language", sa.String(length=8), nullable=False, comment="of the telephone that is called"),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="two minutes; deleted as soon as it is answered"),
        sa.PrimaryKeyConstraint("call"),
    )
    op.create_index("ix_bridge_offer", "bridge", ["offer"])


def downgrade() -> None:
    """Revert this migration."""
    op.drop_table("bridge")
