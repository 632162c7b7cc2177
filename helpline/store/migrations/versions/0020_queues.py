"""Each row of the outbox has a queue, and each inbound text a category."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

UNREAD = sa.text("done is null")
SORT = (
    "update outbox set queue = 'urgent' where kind in ('stop', 'sms', 'bridge', 'frozen', 'harm')",
    """update outbox set queue = 'urgent' where kind in ('attend', 'page')
       and ref in (select id from request where risk = 'now')""",
    """update outbox set queue = 'urgent' where kind in ('lapse', 'silent')
       and ref in (select id from offer where request in (select id from request where risk = 'now'))""",
    """update outbox set queue = 'urgent' where kind = 'send' and ref in (
         select id from message where request in (select id from request where risk = 'now') or notice in (
           'to_ngo.danger', 'to_ngo.frozen', 'to_ngo.harm', 'to_ngo.number', 'to_ngo.raid', 'to_ngo.stop'))""",
    "update outbox set queue = 'low' where kind in ('forget', 'sweep', 'scrub', 'drills', 'drill', 'head')",
    "update inbox set category = 'other' where kind = 'receipt' or done is not null",
)
"""Texts that are not read yet go first, and each may be a stop: it was not asked when they came in."""


def upgrade() -> None:
    """Add both columns, and sort what is there."""
    op.add_column(
        "outbox",
        sa.Column("queue", sa.String(8), nullable=False, server_default="default", comment="urgent, default or low"),
    )
    op.add_column(
        "inbox",
        sa.Column(
            "category",
            sa.String(8),
            nullable=False,
            server_default="stop",
            comment="stop, danger, order or other, until read",
        ),
    )
    for statement in SORT:
        op.execute(statement)
    op.drop_index("ix_outbox_due", "outbox")
    op.create_index("ix_outbox_queue", "outbox", ["state", "queue", "due"])
    op.create_index("ix_outbox_kind", "outbox", ["state", "queue", "kind", "due"])
    op.drop_index("ix_inbox_unread", "inbox")
    op.create_index("ix_inbox_unread", "inbox", ["category", "at"], sqlite_where=UNREAD, postgresql_where=UNREAD)


def downgrade() -> None:
    """Drop both columns: everything is done in the order in which it became due."""
    op.drop_index("ix_inbox_unread", "inbox")
    op.create_index("ix_inbox_unread", "inbox", ["kind", "at"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    op.drop_index("ix_outbox_kind", "outbox")
    op.drop_index("ix_outbox_queue", "outbox")
    op.create_index("ix_outbox_due", "outbox", ["state", "due"])
    op.drop_column("inbox", "category")
    op.drop_column("outbox", "queue")
