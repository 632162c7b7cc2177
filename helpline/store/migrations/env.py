"""Alembic's entry point. It migrates over the connection that `helpline.store.migrate` passes."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
