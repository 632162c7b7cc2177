"""The deployment that a command of operators works on: settings with keys, database, clock."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click

from helpline import clocks, keyring
from helpline.config import PREFIX, Config, ConfigError
from helpline.locks import Locked
from helpline.store.database import Database, connect
from helpline.store.migrate import behind


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


@contextmanager
def deployment(config: Config | None = None) -> Iterator[Deployment]:
    """Open it for a command; a database that is not there or behind its migrations is a fault."""
    config = keyring.filled(config or Config.read())
    if not config.database_url and not (config.data / "komek.sqlite3").exists():
        raise click.ClickException(f"there is no database under {config.data}; `komek migrate` makes one")
    db = opened(config)
    try:
        if behind(db):
            raise click.ClickException("the database is behind its migrations; run `komek migrate`")
        yield Deployment(config, db, clocks.clock_of(config.demo, config.data)())
    except Locked as error:
        raise click.ClickException(str(error)) from None
    finally:
        db.dispose()
