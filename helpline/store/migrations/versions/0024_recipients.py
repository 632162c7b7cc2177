"""Store on an offer that the number has left, and on a request that one service more may get it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. A number that was shown has left."""
    op.add_column(
        "offer",
        sa.Column(
            "left_at",
            sa.BigInteger(),
            comment="when the number first left to this desk, whatever a receipt says (R30)",
        ),
    )
    op.add_column(
        "offer",
        sa.Column("override", sa.String(16), comment="why a coordinator may get the number beyond the consent (R29)"),
    )
    op.add_column(
        "request",
        sa.Column(
            "more_services",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="how many services more may get the number, because the caller said so later (R30)",
        ),
    )
    op.add_column("request", sa.Column("more_agreed", sa.BigInteger(), comment="when the caller last said so"))
    op.execute("update offer set left_at = coalesce(shown_at, shown_in) where shown_in is not null")
    for column in ("left_at", "override"):
        grant_as("offer", column, like="shown_at")
    for column in ("more_services", "more_agreed"):
        grant_as("request", column, like="felt")


def grant_as(table: str, column: str, *, like: str) -> None:
    """Grant every role the rights on a new column that it has on an older one.

    On PostgreSQL the roles of the service have rights on columns.
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
    """Drop the columns."""
    for column in ("more_agreed", "more_services"):
        op.drop_column("request", column)
    for column in ("override", "left_at"):
        op.drop_column("offer", column)
