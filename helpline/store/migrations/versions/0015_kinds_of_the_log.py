"""The audit log by kind of row: its last checks are found without looking through it."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it."""
    op.create_index("ix_audit_action", "audit", ["action", "seq"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_audit_action", "audit")
