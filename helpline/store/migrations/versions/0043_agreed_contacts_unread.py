"""The public process cannot read when a service and a caller it reached meet or talk next."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

AGREED = "agreed_at, agreed_how"
READ = """id, request, line, service, seq, state, draws, opened, "until", closed, shown_in, claimed, reminded, shown_at,
          left_at, "override", owner, mac"""
READERS = sa.text(
    "select distinct grantee from information_schema.column_privileges"
    " where table_schema = current_schema() and table_name = 'offer' and column_name = 'mac'"
    " and grantee <> current_user and privilege_type = 'SELECT'"
)


def upgrade() -> None:
    """Leave the public process the columns that it needs. No version that was released reads the others there."""
    for role in public_roles():
        op.execute(f"revoke select on offer from {role}")  # noqa: S608  # the name of a role, quoted
        op.execute(f"grant select ({READ}) on offer to {role}")


def public_roles() -> list[str]:
    """Return the roles that read offers and no contacts (rights on columns: PostgreSQL only)."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return []
    quote = bind.dialect.identifier_preparer.quote
    contacts = sa.text("select has_column_privilege(:role, 'contact', 'mac', 'select')")
    found = bind.execute(READERS).scalars().all()
    public = [role for role in found if role == "PUBLIC" or not bind.execute(contacts, {"role": role}).scalar()]
    return ["public" if role == "PUBLIC" else quote(role) for role in public]


def downgrade() -> None:
    """Grant the right again: a version before reads the whole row."""
    for role in public_roles():
        op.execute(f"grant select ({AGREED}) on offer to {role}")
