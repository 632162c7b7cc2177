"""Migrations of the database. A process refuses to start if a migration is missing.

Alembic is imported only to migrate. Nearly every start needs no migration, and the import would cost the web process
and `komek up` a sixth of their start.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from helpline.store.engine import Database, Tx, Unavailable
from helpline.store.faults import advice
from helpline.store.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config

BEHIND = "the database is behind its migrations: run `komek migrate`"
SCRIPTS = Path(__file__).parent / "migrations"


def newest() -> str:
    """Return the newest revision. The name of a revision's file begins with its number."""
    return max(path.name for path in (SCRIPTS / "versions").glob("[0-9]*.py")).partition("_")[0]


def behind(db: Database) -> bool:
    """Whether migrations are missing."""
    with db.read() as tx:
        return _revision(tx) != newest()


def not_ready(db: Database) -> list[str]:
    """Return why the database cannot be used now; empty if it can."""
    try:
        return [BEHIND] if behind(db) else []
    except Unavailable as error:
        return [f"the database cannot be used: {advice(error)}"]


def _revision(tx: Tx) -> str | None:
    if not sa.inspect(tx.connection).has_table("alembic_version"):
        return None
    return tx.execute(sa.text("select version_num from alembic_version")).scalar()


def upgrade(db: Database) -> None:
    """Run all missing migrations."""
    if not behind(db):
        return
    from alembic import command

    config = _config()
    with db.write() as tx:
        config.attributes["connection"] = tx.connection
        command.upgrade(config, "head")
    db.analyze()


def differences(db: Database) -> list[object]:
    """Return the differences between the migrated database and `schema`. Any difference means a forgotten migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.read() as tx:
        return list(compare_metadata(MigrationContext.configure(tx.connection), metadata))


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
