"""Wrong digits are counted for each desk, a lock may end by itself, and a lost telephone is known as such."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create empty tables. A lock that is on stays on until two people unlock it."""
    op.create_table(
        "desk_code",
        sa.Column("desk", sa.String(36), primary_key=True, comment="a service, or a coordinator"),
        sa.Column("draws", sa.Integer(), nullable=False, comment="how often its codes were redrawn"),
        sa.Column("wrong", sa.Integer(), nullable=False, comment="wrong digits from its telephones since `since`"),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="when the first of them came in"),
    )
    op.create_table(
        "lost_phone",
        sa.Column("phone", sa.String(20), primary_key=True, comment="a work telephone that was lost"),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.add_column(
        "lock",
        sa.Column("until", sa.BigInteger(), comment="when it ends by itself, unless it is confirmed; null: never"),
    )


def downgrade() -> None:
    """Drop the tables. A lock that would end by itself stays on."""
    op.drop_column("lock", "until")
    op.drop_table("lost_phone")
    op.drop_table("desk_code")
