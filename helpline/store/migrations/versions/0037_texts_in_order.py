"""A row of the outbox names the recipient of its text, so that workers send texts to one recipient in their order."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None
NAME, SENDING = "ix_outbox_recipient", sa.text("state = 'running' and recipient is not null")


def upgrade() -> None:
    """Add the column and its index. A text without a recipient, as the version before writes it, waits for no other."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    column = sa.Column("recipient", sa.String(36), comment="of a text: its recipient, who gets texts in their order")
    op.add_column("outbox", column, if_not_exists=None if sqlite else True)  # the index may have been cut off before
    with nullcontext() if sqlite else op.get_context().autocommit_block():
        op.drop_index(NAME, "outbox", if_exists=True, postgresql_concurrently=True)  # one that was cut off is invalid
        op.create_index(
            NAME, "outbox", ["recipient"], sqlite_where=SENDING, postgresql_where=SENDING, postgresql_concurrently=True
        )


def downgrade() -> None:
    """Drop both: texts to one recipient may overtake each other."""
    op.drop_index(NAME, "outbox")
    op.drop_column("outbox", "recipient")
