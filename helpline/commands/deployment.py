"""The deployment that a command of operators works on: settings with keys, database, clock."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click

from helpline import clocks, keyring
from helpline.config import Config, ConfigError
from helpline.environ import PREFIX
from helpline.locks import Locked
from helpline.running import settings
from helpline.store.database import Database, connect
from helpline.store.migrate import not_ready


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was opened. `now` is the service's clock at the start of the command."""

    config: Config
    db: Database
    now: datetime

    @property
    def audit_key(self) -> bytes:
        """The key that chains the audit log."""
        return base64.urlsafe_b64decode(self.key("audit_key"))

    def key(self, name: str) -> str:
        """Give a key in base64. Raises `ConfigError` where it is not set."""
        key: str = getattr(self.config, name).get_secret_value()
        if not key:
            raise ConfigError([f"{PREFIX}{name.upper()} is missing: this command needs it"])
        return key


def opened(config: Config) -> Database:
    """Give the database of a command: with the contacts, where the settings hold their key."""
    db, key = connect(config.sql_url), config.contact_key.get_secret_value()
    return db.knowing(key) if key else db


def has_database(config: Config) -> bool:
    """Tell whether there is a database to open: a server's, or a file."""
    return bool(config.database_url) or (config.data / "komek.sqlite3").exists()


def must_be_ready(config: Config, db: Database) -> None:
    """Raise `ClickException` where there is no database, or one that is behind its migrations."""
    if not has_database(config):
        raise click.ClickException(f"there is no database under {config.data}; `komek migrate` makes one")
    if faults := not_ready(db):
        db.dispose()
        raise click.ClickException(faults[0])


def ready(config: Config) -> Database:
    """Give the database of a command. Raises `ClickException` where nothing can be done with it."""
    db = opened(config)
    must_be_ready(config, db)
    return db


@contextmanager
def deployment(config: Config | None = None) -> Iterator[Deployment]:
    """Open it for a command; a database that is not there or behind its migrations is a fault."""
    config = keyring.filled(config or settings())
    db = ready(config)
    try:
        yield Deployment(config, db, clocks.clock_of(config.demo, config.data)())
    except Locked as error:
        raise click.ClickException(str(error)) from None
    finally:
        db.dispose()
