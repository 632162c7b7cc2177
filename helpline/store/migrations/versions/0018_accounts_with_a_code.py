"""A code on each account, by which it counts. Those that were there have none: `komek people seal` looks at each."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it."""
    mac = sa.Column(
        "mac",
        sa.String(length=64),
        server_default="",
        nullable=False,
        comment="code of the contact key; else lets nobody in",
    )
    op.add_column("person", mac)


def downgrade() -> None:
    """Take it away."""
    op.drop_column("person", "mac")
