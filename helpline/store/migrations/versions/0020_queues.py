"""Each row of the outbox has a queue, each inbound text a category, and an SMS dialogue knows what overtook it."""

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
    """Add the columns, and sort what is there."""
    op.add_column(
        "dialogue",
        sa.Column(
            "heard",
            sa.BigInteger(),
            comment="when a stop or a call for help came in; texts from before are not answered",
        ),
    )
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
    grant_as("outbox", "queue", like="due")
    grant_as("inbox", "category", like="kind")
    grant_as("dialogue", "heard", like="until")
    op.drop_index("ix_outbox_due", "outbox")
    op.create_index("ix_outbox_queue", "outbox", ["state", "queue", "due"])
    op.create_index("ix_outbox_kind", "outbox", ["state", "queue", "kind", "due"])
    op.drop_index("ix_inbox_unread", "inbox")
    op.create_index("ix_inbox_unread", "inbox", ["category", "at"], sqlite_where=UNREAD, postgresql_where=UNREAD)


def grant_as(table: str, column: str, *, like: str) -> None:
    """Grant every role the rights on a new column that it has on an older one.

    On PostgreSQL the roles of the service have rights on columns. Without this the public process could store nothing
    until somebody has run the grants of docs/database.md again.
    """
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    quote = bind.dialect.identifier_preparer.quote
    found = sa.text(
        "select distinct grantee, privilege_type from information_schema.column_privileges"
        " where table_schema = current_schema() and table_name = :table and column_name = :like"
        " and grantee <> current_user and privilege_type in ('SELECT', 'INSERT', 'UPDATE')"
    )
    for role, right in bind.execute(found, {"table": table, "like": like}).all():
        to = role if role == "PUBLIC" else quote(role)
        op.execute(f"grant {right} ({quote(column)}) on {quote(table)} to {to}")


def downgrade() -> None:
    """Drop the columns: everything is done in the order in which it became due."""
    op.drop_index("ix_inbox_unread", "inbox")
    op.create_index("ix_inbox_unread", "inbox", ["kind", "at"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    op.drop_index("ix_outbox_kind", "outbox")
    op.drop_index("ix_outbox_queue", "outbox")
    op.create_index("ix_outbox_due", "outbox", ["state", "due"])
    op.drop_column("inbox", "category")
    op.drop_column("outbox", "queue")
    op.drop_column("dialogue", "heard")
