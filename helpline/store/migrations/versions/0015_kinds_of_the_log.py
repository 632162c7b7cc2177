"""An index of the audit log by action, to find its last checks without reading all of it."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_index("ix_audit_action", "audit", ["action", "seq"])


def downgrade() -> None:
    """Revert this migration."""
    op.drop_index("ix_audit_action", "audit")
