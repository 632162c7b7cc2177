"""The hours that a caller chose are in their request, while a service has left out some of them.

They were in the action of the service, which the public process may not read. So a caller who changed only the days
kept the hours that a service had left.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NARROWED = """
select attempt.request, attempt.hours, attempt.at from attempt join request on request.id = attempt.request
where attempt.outcome = 'hours' and attempt.at = request.since and attempt.hours is not null
"""
CHOSEN = """
update request set chosen = :chosen, narrowed_at = since
where id = :id and since = :at and "window" || '/' || days = :left
"""


def upgrade() -> None:
    """Add the columns, and fill them for the requests whose hours are those of a service now."""
    chosen = "window and days of the caller, where a service has left out some"
    op.add_column("request", sa.Column("chosen", sa.String(24), comment=chosen))
    narrowed = "when it did; it counts while `since` is the same"
    op.add_column("request", sa.Column("narrowed_at", sa.BigInteger(), comment=narrowed))
    connection = op.get_bind()
    for row in connection.execute(sa.text(NARROWED)).all():
        chosen, _, left = row.hours.partition(" ")
        connection.execute(sa.text(CHOSEN), {"id": row.request, "at": row.at, "chosen": chosen, "left": left})


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("request", "narrowed_at")
    op.drop_column("request", "chosen")
