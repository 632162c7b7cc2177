"""A code on each contact, by which it counts. Those that were there have none: the directory is imported again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it."""
    mac = sa.Column(
        "mac",
        sa.String(length=64),
        server_default="",
        nullable=False,
        comment="code of the contact key; else no contact",
    )
    op.add_column("contact", mac)


def downgrade() -> None:
    """Take it away."""
    op.drop_column("contact", "mac")
