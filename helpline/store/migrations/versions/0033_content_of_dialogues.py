"""An open SMS dialogue has the version of the content by which its last question was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. A dialogue from before the update has none, so its question is asked again."""
    comment = "digest of the last question's content"
    column = sa.Column("content", sa.String(32), nullable=False, server_default="", comment=comment)
    op.add_column("dialogue", column)


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("dialogue", "content")
