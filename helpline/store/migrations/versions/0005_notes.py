"""Sealed notes of services on their cases."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=36), nullable=False, comment="whose note; no other service reads it"),
        sa.Column("by", sa.String(length=32), nullable=False, comment="whose account"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="with the session key; only the console reads it"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_request"), ["request"], unique=False)


def downgrade() -> None:
    """Revert this migration."""
    op.drop_table("note")
