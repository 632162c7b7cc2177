"""The deployment that a command of operators works on: settings with keys, database, clock.

Who gives an order: the option `--by` of each command that is written into the audit log.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click

from helpline.core import clock
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import PREFIX
from helpline.keys import keyring
from helpline.operations.demo import settings
from helpline.staff.raid_lock import Locked
from helpline.store.engine import Database, connect
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
        yield Deployment(config, db, clock.clock_of(config.demo, config.data)())
    except Locked as error:
        raise click.ClickException(str(error)) from None
    finally:
        db.dispose()


def named_by(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Take a name of 1 to 40 letters; spaces and capitals make nobody a second person."""
    from helpline.staff.raid_lock import person  # here, since the database's library is slow to import

    try:
        return person(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def named_or_none(context: click.Context, option: click.Parameter, value: str) -> str:
    """Take a name, or none."""
    return named_by(context, option, value) if value else ""


BY = click.option("--by", required=True, callback=named_by, help="Who you are: it goes into the audit log.")
