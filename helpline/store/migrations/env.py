"""Alembic's entry: migrates over the connection it is handed by `helpline.store.migrate`."""

from typing import Literal

from alembic import context

from helpline.store.schema import Instant, metadata


def _rendered(_kind: str, column: object, _autogen: object) -> str | Literal[False]:
    """Write our instants as what they are in the database, so that a migration needs none of our code."""
    return "sa.BigInteger()" if isinstance(column, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_rendered,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
