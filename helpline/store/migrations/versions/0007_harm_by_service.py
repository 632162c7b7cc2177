"""The register of harm: which service caused it, and what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    with op.batch_alter_table("harm") as table:
        table.add_column(
            sa.Column(
                "service",
                sa.String(length=36),
                server_default="",
                nullable=False,
                comment="whose call or text; empty: ours",
            )
        )
        table.add_column(
            sa.Column(
                "did",
                sa.String(length=16),
                server_default="",
                nullable=False,
                comment="what was done when it was reviewed",
            )
        )


def downgrade() -> None:
    """Revert this migration."""
    with op.batch_alter_table("harm") as table:
        table.drop_column("did")
        table.drop_column("service")
