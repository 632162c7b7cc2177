"""Offers and outgoing texts have a code of the contact key. The public process may write no text any more.

A migration has no key. Claims that the audit log vouches for are sealed when the clock process starts; open offers end,
and their requests are offered again. Texts that wait are not sent. What must not be lost of them is written once more,
as work that makes a text. A number that waits has not left: its time window is free again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UNSENT = "state in ('queued', 'sending', 'unknown') and"
ONCE_MORE = (
    ("tell", "'stop:' || offer", f"{UNSENT} offer is not null and notice = 'to_ngo.stop'"),
    ("tell", "'card:' || offer", f"{UNSENT} offer is not null and notice = 'to_ngo.card'"),
    ("frozen", "request", f"{UNSENT} request is not null and notice = 'to_ngo.frozen'"),
    ("attend", "request", f"{UNSENT} request is not null and notice = 'to_ngo.danger'"),
)
"""Kind and ref of the outbox, for which texts."""
NOT_SHOWN = (
    """
    update offer set shown_in = null, shown_at = null, left_at =
        case when 1 < (select reveals from request where request.id = offer.request) then left_at end
        where id in (select offer from message
            where state = 'queued' and attempts = 0 and notice = 'to_ngo.number')
    """,
    """
    update request set reveals = reveals - 1
        where id in (select request from message
            where state = 'queued' and attempts = 0 and notice = 'to_ngo.number')
    """,
)
"""Free the windows of numbers that wait and were never tried. An earlier one may have left (R30)."""


def upgrade() -> None:
    """Add the columns, write once more what waits, and take rights that the public process does not need."""
    for table, without in (("offer", "no offer"), ("message", "not sent")):
        op.add_column(
            table,
            sa.Column(
                "mac",
                sa.String(64),
                nullable=False,
                server_default="",
                comment=f"code of the contact key; without it {without}",
            ),
        )
    for statement in NOT_SHOWN:
        op.execute(statement)
    danger = f"select request from message where {UNSENT} notice = 'to_ngo.danger'"  # noqa: S608
    op.execute(f"update request set alarmed = null where id in ({danger})")  # noqa: S608
    for kind, ref, which in ONCE_MORE:
        op.execute(
            "insert into outbox (kind, ref, dedupe, queue, due, state, attempts, failures)"  # noqa: S608
            f" select distinct '{kind}', {ref}, '{kind}:' || {ref}, 'urgent', 0, 'ready', 0, 0"
            f" from message where {which} on conflict (dedupe) do nothing"
        )
    revoke_texts()


def revoke_texts() -> None:
    """Take all rights on texts from roles that cannot read contacts: the public process writes none.

    Only the public process has such a role: workers and the console must find a telephone to send a text to.
    """
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    quote = bind.dialect.identifier_preparer.quote
    found = sa.text(
        "select distinct grantee from information_schema.column_privileges"
        " where table_schema = current_schema() and table_name = 'message' and grantee <> current_user"
    )
    for role in bind.execute(found).scalars().all():
        public = role == "PUBLIC"
        reads = sa.text("select has_column_privilege(:role, 'contact', 'mac', 'select')")
        if public or not bind.execute(reads, {"role": role}).scalar():
            op.execute(f"revoke all on message from {'public' if public else quote(role)}")


def downgrade() -> None:
    """Drop the columns. The right to write texts must be granted again by hand."""
    op.drop_column("message", "mac")
    op.drop_column("offer", "mac")
