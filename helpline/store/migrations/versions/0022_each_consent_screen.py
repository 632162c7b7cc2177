"""Every consent screen that a call was shown, and not only the first one (R28)."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ONE, EACH = ["session"], ["session", "shown"]
OF_ONE, OF_EACH = "keys pressed when the consent screen was shown", "keys pressed when a consent screen was shown"


def upgrade() -> None:
    """Allow several rows for one call."""
    set_key(EACH, OF_EACH, OF_ONE)


def downgrade() -> None:
    """Leave of each call the row of its first consent screen."""
    first = sa.text("delete from talk where shown > (select min(t.shown) from talk t where t.session = talk.session)")
    op.execute(first)
    set_key(ONE, OF_ONE, OF_EACH)


def set_key(columns: list[str], comment: str, before: str) -> None:
    """Set the primary key of the table. SQLite cannot change one, so there the table is rebuilt."""
    with op.batch_alter_table("talk", recreate="auto", naming_convention={"pk": "%(table_name)s_pkey"}) as table:
        table.drop_constraint("talk_pkey", type_="primary")
        table.alter_column(
            "shown", existing_type=sa.Integer(), existing_nullable=False, comment=comment, existing_comment=before
        )
        table.create_primary_key("talk_pkey", columns)
