"""Indexes for what each step looks up, so that more requests do not make a step slower."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_offer_line": ("offer", ["line"]),
    "ix_message_offer": ("message", ["offer"]),
    "ix_attempt_offer": ("attempt", ["offer"]),
    "ix_attempt_actor": ("attempt", ["actor", "at"]),
    "ix_audit_actor": ("audit", ["actor", "action", "at"]),
    "ix_audit_ref": ("audit", ["ref"]),
}


def upgrade() -> None:
    """Create the indexes."""
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    unread = sa.text("done is null")
    op.create_index("ix_inbox_unread", "inbox", ["kind", "at"], sqlite_where=unread, postgresql_where=unread)


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_inbox_unread", "inbox")
    for name, (table, _) in reversed(INDEXES.items()):
        op.drop_index(name, table)
