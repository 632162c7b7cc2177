"""Alembic's entry point. It migrates over the connection that `helpline.store.migrate` passes."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=connection.dialect.name != "sqlite")
with context.begin_transaction():
    context.run_migrations()
