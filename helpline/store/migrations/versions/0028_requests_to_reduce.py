"""An index of the requests that have ended and are not yet reduced to what is counted (R34)."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
WHOLE = sa.text("state in ('expired', 'closed') and draws >= 0")


def upgrade() -> None:
    """Add the index. Otherwise each sweep reads all requests that have ever ended."""
    op.create_index("ix_request_whole", "request", ["updated"], sqlite_where=WHOLE, postgresql_where=WHOLE)


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_request_whole", "request")
