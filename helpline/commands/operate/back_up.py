"""`komek backup`, `komek restore`, `komek restore-drill`: backups in two parts; see docs/backup.md."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpline.commands.operate.deployment import BY
from helpline.operations import heartbeats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from helpline.operations.backup import Written
    from helpline.store.engine import Database

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@FOLDER
@click.option("--to", "places", type=click.Path(path_type=Path, file_okay=False), multiple=True,
              help="Also copy both files to this folder, best on another machine. Can be given again.")  # fmt: skip
def backup(folder: Path, places: tuple[Path, ...]) -> None:
    """Write a backup into DIR: a new main-TIME.komek without numbers, and vault.komek with them (overwritten).

    It needs the public key (KOMEK_BACKUP_KEY), and refuses to run with keys that can open numbers. If a place of --to
    cannot be written, the exit code is 1: the numbers that it holds are older than they may be.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.core.config import Config
    from helpline.core.process_keys import Role
    from helpline.operations.backup import CannotCopy, write
    from helpline.operations.demo import settings

    config = settings()
    with deployment(config if config.demo else Config.read(role=Role.BACKUP)) as here:
        click.echo(f"reading the database; writing the backup to {folder}", err=True)
        try:
            files = write(here.db, folder, here.key("backup_key"), here.config.country, here.now)
        except CannotCopy as error:
            raise click.ClickException(str(error)) from None
        except ValueError as error:
            raise click.ClickException(f"KOMEK_BACKUP_KEY: {error}") from None
        _save_time(here.db, here.now)
    for file in files:
        click.echo(f"{file.path}  {file.size} bytes, {file.rows} rows")
    failed = [place for place in places if not _copied(files, place)]
    if failed:
        raise click.ClickException(f"the backup is made, but not copied to {', '.join(map(str, failed))}")


def _copied(files: "Sequence[Written]", place: Path) -> bool:
    """Copy a backup to a second place. Say what happened, and go on to the next place if it failed."""
    from helpline.operations.backup import CannotCopy, copy_to

    try:
        for path in copy_to(files, place):
            click.echo(f"{path}  the same")
    except CannotCopy as error:
        click.echo(f"BAD  {error}", err=True)
    except OSError as error:
        click.echo(f"BAD  {place}: {error.strerror}", err=True)
    else:
        return True
    return False


def _save_time(db: "Database", now: "datetime") -> None:
    """Save the time of the backup for the console, if the database role may write it."""
    from helpline.operations import health_figures
    from helpline.store.engine import Unavailable

    try:
        with db.write(now) as tx:
            heartbeats.record_heartbeat(tx, health_figures.BACKUP)
    except Unavailable:
        click.echo(
            "the console cannot show the time of this backup: grant insert and update on beat to this role", err=True
        )


@click.command()
@FOLDER
@click.option("--main", type=FILE, help="The main part (default: the newest in DIR).")
@click.option("--vault", "numbers", type=FILE, help="The part with the numbers (default: vault.komek in DIR).")
@click.option("--without-vault", is_flag=True, help="Restore without numbers: closes every open request.")
@BY
def restore(folder: Path, main: Path | None, numbers: Path | None, without_vault: bool, by: str) -> None:
    """Restore a backup from DIR into an empty, migrated database. Stop the service first.

    It needs the private key (KOMEK_RESTORE_KEY). A request that is not in vault.komek was deleted after the main part
    was written: it is closed and offered to nobody.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.operations.backup import NEWEST, CannotCopy, mains
    from helpline.operations.restore import restore as restore_parts

    main = main or next(reversed(mains(folder)), None)
    numbers = None if without_vault else numbers or folder / NEWEST
    if main is None:
        raise click.ClickException(f"there is no backup (main-*.komek) in {folder}")
    if numbers and not numbers.exists():
        raise click.ClickException(
            f"there is no {numbers}: give --vault FILE, or --without-vault to close all open requests"
        )
    with deployment() as here:
        click.echo(f"reading {main}{f' and {numbers}' if numbers else ''}", err=True)
        try:
            done = restore_parts(here.db, here.key("restore_key"), main, numbers, here.now, by, here.audit_key)
        except CannotCopy as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{done.rows} rows of {done.main:%Y-%m-%d %H:%M} UTC; {done.live} open requests, {done.closed} closed")
    if done.numbers:
        click.echo(
            f"withdrawals and STOPs after {done.numbers:%Y-%m-%d %H:%M} UTC are lost: those requests are open again"
        )


@click.command("restore-drill")
@FOLDER
def restore_drill(folder: Path) -> None:
    """Test whether the backup in DIR can be restored. Use a machine without a network. Nothing stays on it.

    It needs the private key (KOMEK_RESTORE_KEY), and the audit key to check the log. It restores into memory, checks,
    and says how long that took (RTO) and how much would be lost if the service had failed now (RPO).
    """
    from helpline.core.config import Config
    from helpline.core.process_keys import PREFIX
    from helpline.operations import restore_trial
    from helpline.operations.backup import CannotCopy

    config = Config.read()
    keys = config.restore_key.get_secret_value(), config.audit_key.get_secret_value()
    if not keys[0]:
        raise click.ClickException(f"{PREFIX}RESTORE_KEY is missing; it is on the paper in the safe")
    try:
        done = restore_trial.trial(folder, *keys)
    except CannotCopy as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"restored: {done.restored.rows} rows, {done.restored.live} open requests with their numbers")
    chain = "whole" if done.checked else "not checked (KOMEK_AUDIT_KEY is not set)"
    click.echo(f"audit log: {f'BAD, row {done.broken} was changed' if done.broken else chain}")
    click.echo(f"RPO: {done.lost} of requests, stops and withdrawals would be lost, if it had failed now")
    click.echo(
        f"RTO: {done.took.total_seconds():.1f} s to restore and check; add the way to the safe and an installation"
    )
    raise SystemExit(1 if done.broken else 0)
