"""Telephones that wait until they count."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "contact_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False, comment="the contact that is asked for"),
        sa.Column("replaces", sa.String(length=36), nullable=False, comment="contact that it replaces; empty: none"),
        sa.Column("by", sa.String(length=40), nullable=False, comment="who asked: an account, or import"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "agreed_by",
            sa.String(length=40),
            server_default="",
            nullable=False,
            comment="the second person; empty: nobody yet",
        ),
        sa.Column("mac", sa.String(length=64), nullable=False, comment="code of the contact key over all of it"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Revert this migration."""
    op.drop_table("contact_change")
