"""A row of the outbox names the channel that its text waits for, so that workers pass over it while that is slow."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. A worker of the version before takes no notice of it."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    column = sa.Column("channel", sa.String(32), comment="of a text: the slow channel that it waits for")
    op.add_column("outbox", column, if_not_exists=None if sqlite else True)


def downgrade() -> None:
    """Drop it: a text that waits for a slow channel is looked at again and again."""
    op.drop_column("outbox", "channel")
