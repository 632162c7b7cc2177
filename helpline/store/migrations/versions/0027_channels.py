"""Store by which channel a text came or left, and how each channel is doing."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table. Texts of before have no channel: they are answered by the first one."""
    op.add_column("message", sa.Column("channel", sa.String(32), comment="the channel that it was passed to"))
    op.add_column(
        "message",
        sa.Column(
            "poll_id", sa.Text(), comment="the gateway's own id, where receipts are asked for; without a number in it"
        ),
    )
    op.add_column(
        "inbox",
        sa.Column("channel", sa.String(32), nullable=False, server_default="", comment="the channel that it came by"),
    )
    op.add_column(
        "inbox",
        sa.Column("code", sa.String(20), nullable=False, server_default="", comment="the code that a text was sent to"),
    )
    op.create_table(
        "channel",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("tokens", sa.Float(), nullable=False, comment="how many texts may go at once, when last counted"),
        sa.Column("filled", sa.BigInteger(), nullable=False, comment="when that was"),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("in_a_row", sa.Integer(), nullable=False, comment="faults since the last success"),
        sa.Column("rests_until", sa.BigInteger(), comment="until when other channels go first"),
        sa.Column("last_success", sa.BigInteger()),
        sa.Column("last_failure", sa.BigInteger()),
        sa.Column("balance", sa.Float(), comment="what the gateway said is left"),
        sa.Column("balance_at", sa.BigInteger()),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("channel")
    for table, column in (("inbox", "code"), ("inbox", "channel"), ("message", "poll_id"), ("message", "channel")):
        op.drop_column(table, column)
