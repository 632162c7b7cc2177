"""Wrong digits are counted for each desk, no longer for each offer."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the count."""
    op.drop_column("offer", "tries")


def downgrade() -> None:
    """Count from zero again."""
    op.add_column("offer", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
