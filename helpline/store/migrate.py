"""Migrations of the database. A process refuses to start if a migration is missing.

Alembic is imported only to migrate. Nearly every start needs no migration, and the import would cost the web process
and `komek up` a sixth of their start.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
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
MIGRATING = 0x4B6F6D656D
"""The name of PostgreSQL's advisory lock around migrations: "Komem" in ASCII, after those for lines and the log."""
LIMITS = {"statement_timeout": 0, "idle_in_transaction_session_timeout": 0, "lock_timeout": 1000}
"""The limits of a migration on PostgreSQL, in milliseconds; 0 is none."""
TRIES = 300
REST_SECONDS = 1.0
LOCK_NOT_AVAILABLE = ("55P03", "40P01")
"""PostgreSQL's codes for a lock that was waited for in vain, and for a deadlock with a worker."""


def newest() -> str:
    """Return the newest revision. The name of a revision's file begins with its number."""
    return max(path.name for path in (SCRIPTS / "versions").glob("[0-9]*.py")).partition("_")[0]


def behind(db: Database) -> bool:
    """Whether migrations are missing.

    A newer database is not behind: during an update the processes of the last version still answer callers, and a
    migration only adds what they do not need.
    """
    with db.read() as tx:
        return (_revision(tx) or "") < newest()


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


def upgrade(db: Database, scripts: Path = SCRIPTS) -> None:
    """Run all missing migrations, however long they take. Others go on working meanwhile.

    On PostgreSQL each is a transaction of its own, so that one may make an index concurrently. A change of a table
    waits for its lock for a second only and tries again later, because everybody else waits behind it.
    """
    if not behind(db):
        return
    from alembic import command

    config = _config(scripts)
    if db.engine.dialect.name == "sqlite":
        with db.write() as tx:
            config.attributes["connection"] = tx.connection
            command.upgrade(config, "head")
        db.analyze()
        return
    for tries_left in reversed(range(TRIES)):
        try:
            with _alone(db) as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                return
        except sa.exc.OperationalError as error:
            if tries_left == 0 or getattr(error.orig, "sqlstate", "") not in LOCK_NOT_AVAILABLE:
                raise
            time.sleep(REST_SECONDS)


@contextmanager
def _alone(db: Database) -> Iterator[sa.Connection]:
    """Open a connection for migrations of PostgreSQL. Two hosts that are updated at once take turns.

    It is closed at the end, since its limits are not those of other work.
    """
    with db.engine.connect() as connection:
        try:
            for limit, value in LIMITS.items():
                connection.exec_driver_sql(f"set {limit} = {value}")
            connection.execute(sa.select(sa.func.pg_advisory_lock(MIGRATING)))
            connection.commit()
            yield connection
        finally:
            connection.invalidate()


def differences(db: Database) -> list[object]:
    """Return the differences between the migrated database and `schema`. Any difference means a forgotten migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.read() as tx:
        return list(compare_metadata(MigrationContext.configure(tx.connection), metadata))


def _config(scripts: Path = SCRIPTS) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts))
    return config
