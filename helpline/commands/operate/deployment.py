"""The deployment that an operator's command works on: settings with keys, database, clock.

`BY` is the option `--by` of every command that writes to the audit log.
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
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import not_ready


@dataclass(frozen=True, slots=True)
class Deployment:
    """The open deployment of one command."""

    config: Config
    db: Database
    now: datetime
    """The service's clock at the start of the command."""

    @property
    def audit_key(self) -> bytes:
        """The key that chains the audit log."""
        return audit_key_of(self.config)

    def key(self, name: str) -> str:
        """Return a key in base64. Raise `ConfigError` if it is not set."""
        return key_of(self.config, name)


def key_of(config: Config, name: str) -> str:
    """Return a key in base64. Raise `ConfigError` if it is not set."""
    key: str = getattr(config, name).get_secret_value()
    if not key:
        raise ConfigError([f"{PREFIX}{name.upper()} is missing; this command needs it"])
    return key


def audit_key_of(config: Config) -> bytes:
    """Return the key that chains the audit log. Raise `ConfigError` if it is not set."""
    return base64.urlsafe_b64decode(key_of(config, "audit_key"))


def open_database(config: Config) -> Database:
    """Return the database of a command, with access to contacts if the contact key is set."""
    db = connect(config.sql_url).watched_by(clock.clock_of(config.demo, config.data))
    key = config.contact_key.get_secret_value()
    return db.with_contact_key(key) if key else db


def has_database(config: Config) -> bool:
    """Whether there is a database: on a server, or as a file."""
    return bool(config.database_url) or (config.data / "komek.sqlite3").exists()


def must_be_ready(config: Config, db: Database) -> None:
    """Raise `ClickException` if there is no database, or if it needs migrations."""
    if not has_database(config):
        raise click.ClickException(
            f"there is no database under {config.data}; run `komek migrate` to make one; another folder: KOMEK_DATA"
        )
    if faults := not_ready(db):
        db.dispose()
        raise click.ClickException(faults[0])


def ready_database(config: Config) -> Database:
    """Return the database of a command. Raise `ClickException` if there is none or it needs migrations."""
    db = open_database(config)
    must_be_ready(config, db)
    return db


@contextmanager
def deployment(config: Config | None = None) -> Iterator[Deployment]:
    """Open the deployment for a command. Raise `ClickException` if the database is missing or needs migrations."""
    config = keyring.with_demo_keys(config or settings())
    db = ready_database(config)
    try:
        yield Deployment(config, db, clock.clock_of(config.demo, config.data)())
    except Locked as error:
        raise click.ClickException(str(error)) from None
    finally:
        db.dispose()


def named_by(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Return the name given with `--by`: 1 to 40 letters, without differences in spaces and capitals."""
    from helpline.staff.raid_lock import person  # SQLAlchemy is slow to import

    try:
        return person(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def named_or_none(context: click.Context, option: click.Parameter, value: str) -> str:
    """Return the name given with `--by`, or an empty string."""
    return named_by(context, option, value) if value else ""


BY = click.option("--by", required=True, callback=named_by, help="Your name, for the audit log.")
BY_IF_WANTED = click.option("--by", default="", callback=named_or_none, help="Your name, for the audit log.")
