"""An index to find the newest request when a stop or a text comes in."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_index("ix_request_created", "request", ["created"])


def downgrade() -> None:
    """Revert this migration."""
    op.drop_index("ix_request_created", table_name="request")
