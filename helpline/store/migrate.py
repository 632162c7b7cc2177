"""Bringing a database up to date. A process refuses to start on one that is behind.

Alembic is imported where something is migrated and nowhere else: to see that nothing is to be done, which is all
that happens at nearly every start, would otherwise cost the web and `komek up` a sixth of their start.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.engine import Database, Unavailable
from helpline.store.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config

BEHIND = "the database is behind its migrations: run `komek migrate`"
SCRIPTS = Path(__file__).parent / "migrations"


def newest() -> str:
    """Give the newest revision: a revision's file begins with its number."""
    return max(path.name for path in (SCRIPTS / "versions").glob("[0-9]*.py")).partition("_")[0]


def behind(db: Database) -> bool:
    """Tell whether migrations are missing."""
    with db.read() as tx:
        return _revision(tx) != newest()


def not_ready(db: Database) -> list[str]:
    """Say why nothing can be done with a database now; empty where all is well."""
    try:
        return [BEHIND] if behind(db) else []
    except Unavailable:
        return ["the database cannot be reached"]


def _revision(tx: Connection) -> str | None:
    if not sa.inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(sa.text("select version_num from alembic_version")).scalar()


def upgrade(db: Database) -> None:
    """Run every migration that this database has not had."""
    if not behind(db):
        return
    from alembic import command

    config = _config()
    with db.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
    db.learn()


def differences(db: Database) -> list[object]:
    """Give where the migrated database differs from `schema`: nothing, or a migration was forgotten."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.read() as tx:
        return list(compare_metadata(MigrationContext.configure(tx), metadata))


def write_revision(db: Database, message: str) -> None:
    """Draft a migration from what `schema` has and the database lacks; to be read and corrected by a person."""
    from alembic import command

    config = _config()
    with db.write() as tx:
        config.attributes["connection"] = tx
        command.revision(config, message, autogenerate=True, rev_id=f"{int(newest()) + 1:04}")


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
