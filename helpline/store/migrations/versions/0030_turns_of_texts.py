"""When the last of the texts that wait for a channel has its turn."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Without it each waiting text would try again at the same instant."""
    op.add_column("channel", sa.Column("booked", sa.BigInteger(), comment="from when on no waiting text has its turn"))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("channel", "booked")
