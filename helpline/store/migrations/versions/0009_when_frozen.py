"""When a phone line was frozen. It is saved with each request, also with one that was paused before (R8)."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration. A frozen request counts as frozen since it was last changed."""
    comment = "when its line was frozen, until the caller returns or two people lift it (R8)"
    op.add_column("request", sa.Column("frozen_at", sa.BigInteger(), nullable=True, comment=comment))
    op.execute("update request set frozen_at = updated where state = 'frozen'")


def downgrade() -> None:
    """Revert this migration."""
    op.drop_column("request", "frozen_at")
