"""`komek backup`, `komek restore`: copies in two parts; docs/operations.md, "Backup"."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpline.commands.operate.deployment import BY

if TYPE_CHECKING:
    from datetime import datetime

    from helpline.store.engine import Database

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@FOLDER
def backup(folder: Path) -> None:
    """Write a copy into DIR: main-TIME.komek without numbers, kept; vault.komek with them, overwritten.

    Needs the public half of the key (KOMEK_BACKUP_KEY) and refuses to run beside keys that open numbers.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.core.config import Config
    from helpline.core.process_keys import Role
    from helpline.operations.backup import CannotCopy, write
    from helpline.operations.demo import settings

    config = settings()
    with deployment(config if config.demo else Config.read(role=Role.BACKUP)) as here:
        click.echo(f"reading the database; copies go to {folder}", err=True)
        try:
            files = write(here.db, folder, here.key("backup_key"), here.config.country, here.now)
        except CannotCopy as error:
            raise click.ClickException(str(error)) from None
        except ValueError as error:
            raise click.ClickException(f"KOMEK_BACKUP_KEY: {error}") from None
        _note(here.db, here.now)
    for file in files:
        click.echo(f"{file.path}  {file.size} bytes, {file.rows} rows")


def _note(db: "Database", now: "datetime") -> None:
    """Let the console say when the last copy was made, where this role may write that."""
    from sqlalchemy.exc import DBAPIError

    from helpline.operations import health
    from helpline.store.engine import Unavailable

    try:
        with db.write() as tx:
            health.beats(tx, health.BACKUP, now)
    except (DBAPIError, Unavailable):
        click.echo("the console cannot say when: grant insert and update on beat to this role", err=True)


@click.command()
@FOLDER
@click.option("--main", type=FILE, help="The main part (default: the newest in DIR).")
@click.option("--vault", "numbers", type=FILE, help="The part with numbers (default: vault.komek in DIR).")
@click.option("--without-vault", is_flag=True, help="There is none: close every open request.")
@BY
def restore(folder: Path, main: Path | None, numbers: Path | None, without_vault: bool, by: str) -> None:
    """Bring a copy from DIR back into an empty, migrated database, with nothing running.

    Needs the private half of the key (KOMEK_RESTORE_KEY). A request that the part with numbers does not know was
    erased since: it is closed, and nobody is offered it.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.operations.backup import NEWEST, CannotCopy, mains
    from helpline.operations.restore import restore as bring_back

    main = main or next(reversed(mains(folder)), None)
    numbers = None if without_vault else numbers or folder / NEWEST
    if main is None:
        raise click.ClickException(f"no main-*.komek in {folder}")
    if numbers and not numbers.exists():
        raise click.ClickException(
            f"there is no {numbers}: give --vault FILE, or --without-vault to close what is open"
        )
    with deployment() as here:
        click.echo(f"reading {main}{f' and {numbers}' if numbers else ''}", err=True)
        try:
            done = bring_back(here.db, here.key("restore_key"), main, numbers, here.now, by, here.audit_key)
        except CannotCopy as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{done.rows} rows of {done.main:%Y-%m-%d %H:%M} UTC; {done.live} open requests, {done.closed} closed")
    if done.numbers:
        click.echo(f"whoever withdrew or said stop after {done.numbers:%Y-%m-%d %H:%M} UTC is open again")
