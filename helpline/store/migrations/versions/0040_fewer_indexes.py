"""A hop that stores a request changes fewer indexes: each one costs SQLite a page of its log, or two.

No statement needs the index of requests by state: the lists have their own, of the requests that are open. The index of
lines leaves out the numbers whose line no worker has found yet.
"""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
NAME, KNOWN = "ix_vault_known_line", sa.text("line is not null")


def upgrade() -> None:
    """Create the index of known lines, then drop the others. PostgreSQL lets others write meanwhile."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with nullcontext() if sqlite else op.get_context().autocommit_block():
        op.drop_index(NAME, "vault", if_exists=True, postgresql_concurrently=True)  # one that was cut off is invalid
        op.create_index(
            NAME, "vault", ["line"], sqlite_where=KNOWN, postgresql_where=KNOWN, postgresql_concurrently=True
        )
        for name, table in (("ix_vault_line", "vault"), ("ix_request_state", "request")):
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


def downgrade() -> None:
    """Create the indexes of before."""
    op.create_index("ix_request_state", "request", ["state", "due"])
    op.create_index("ix_vault_line", "vault", ["line"])
    op.drop_index(NAME, "vault")
