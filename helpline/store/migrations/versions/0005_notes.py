"""Notes of services on their cases, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it."""
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=36), nullable=False, comment="whose note: no other service reads it"),
        sa.Column("by", sa.String(length=32), nullable=False, comment="whose account"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="with the session key: the console alone reads it"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_request"), ["request"], unique=False)


def downgrade() -> None:
    """Take it away."""
    op.drop_table("note")
