"""Which coordinator's telephone belongs to an account: by both she is one person."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.add_column(
        "person",
        sa.Column(
            "contact",
            sa.String(length=36),
            nullable=False,
            server_default="",
            comment="whose telephone of the directory",
        ),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_column("person", "contact")
