"""A code on each contact, without which it does not count. Old contacts have none: import the directory again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    mac = sa.Column(
        "mac",
        sa.String(length=64),
        server_default="",
        nullable=False,
        comment="code of the contact key; without it no contact",
    )
    op.add_column("contact", mac)


def downgrade() -> None:
    """Revert this migration."""
    op.drop_column("contact", "mac")
