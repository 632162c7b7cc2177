"""Bringing a database up to date. A process refuses to start on one that is behind."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from helpline.store.database import Database
from helpline.store.schema import metadata

SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def upgrade(db: Database) -> None:
    """Run every migration that this database has not had."""
    config = _config()
    with db.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "head")


def behind(db: Database) -> bool:
    """Tell whether migrations are missing."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with db.read() as tx:
        return MigrationContext.configure(tx).get_current_revision() != head


def differences(db: Database) -> list[object]:
    """Give where the migrated database differs from `schema`: nothing, or a migration was forgotten."""
    with db.read() as tx:
        return list(compare_metadata(MigrationContext.configure(tx), metadata))


def write_revision(db: Database, message: str) -> None:
    """Draft a migration from what `schema` has and the database lacks; to be read and corrected by a person."""
    config = _config()
    with db.write() as tx:
        config.attributes["connection"] = tx
        command.revision(
            config, message, autogenerate=True, rev_id=f"{len(list((SCRIPTS / 'versions').glob('*.py'))) + 1:04}"
        )
