"""Which coordinator's telephone belongs to an account: both are one person."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.add_column(
        "person",
        sa.Column(
            "contact",
            sa.String(length=36),
            nullable=False,
            server_default="",
            comment="the coordinator contact that is theirs",
        ),
    )


def downgrade() -> None:
    """Revert this migration."""
    op.drop_column("person", "contact")
