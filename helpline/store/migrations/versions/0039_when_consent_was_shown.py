"""The public process reads when a consent screen was shown, so that a key means the same in the whole call."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

READERS = sa.text(
    "select distinct grantee from information_schema.column_privileges"
    " where table_schema = current_schema() and table_name = 'talk' and column_name = 'shown'"
    " and grantee <> current_user and privilege_type = 'SELECT'"
)


def upgrade() -> None:
    """Grant the right to each role that may read which screens were shown (rights on columns: PostgreSQL only)."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for role in bind.execute(READERS).scalars().all():
            to = role if role == "PUBLIC" else bind.dialect.identifier_preparer.quote(role)
            op.execute(f'grant select ("until") on talk to {to}')


def downgrade() -> None:
    """Keep the right: a version before does not use it."""
