"""A case of a service may have an owner: the colleague who does it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. A case without an owner is of the whole service, as all were before."""
    comment = "the account of the colleague who does it; null: any of the service"
    op.add_column("offer", sa.Column("owner", sa.String(32), comment=comment))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("offer", "owner")
