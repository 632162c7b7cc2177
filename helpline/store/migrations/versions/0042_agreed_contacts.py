"""A service that reached a caller stores when and how they meet or talk next."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. A version before does not use them."""
    agreed = "the next contact that was agreed on with a caller who was reached"
    op.add_column("offer", sa.Column("agreed_at", sa.BigInteger(), comment=agreed))
    op.add_column("offer", sa.Column("agreed_how", sa.String(8), comment="who calls or comes then"))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("offer", "agreed_how")
    op.drop_column("offer", "agreed_at")
