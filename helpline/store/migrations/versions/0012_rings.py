"""When a telephone was called, and not only in which window (R11)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration. For numbers that were shown before, only the beginning of the window is known."""
    sent = "when the number was last sent; the caller was called then or soon after (R11)"
    op.add_column("offer", sa.Column("shown_at", sa.BigInteger(), nullable=True, comment=sent))
    called = "when the number that was called had been sent, however late the report is"
    op.add_column("attempt", sa.Column("shown_at", sa.BigInteger(), nullable=True, comment=called))
    op.execute("update offer set shown_at = shown_in")
    op.execute("update attempt set shown_at = shown_in")


def downgrade() -> None:
    """Revert this migration."""
    op.drop_column("attempt", "shown_at")
    op.drop_column("offer", "shown_at")
