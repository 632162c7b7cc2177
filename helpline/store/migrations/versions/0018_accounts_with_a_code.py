"""A code on each account, without which it does not count.

Old accounts have none: review them with `komek people seal`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    mac = sa.Column(
        "mac",
        sa.String(length=64),
        server_default="",
        nullable=False,
        comment="code of the contact key; without it nobody can sign in",
    )
    op.add_column("person", mac)


def downgrade() -> None:
    """Revert this migration."""
    op.drop_column("person", "mac")
