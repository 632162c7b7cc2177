"""`komek move`: take a running service from SQLite to PostgreSQL."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpline.commands.operate.deployment import BY

if TYPE_CHECKING:
    from helpline.commands.operate.deployment import Deployment


@click.command("move")
@click.option(
    "--to", "address", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True,
    help="File with the address of the new database (secrets/database_url). An address itself would show in `ps`.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Copy and compare everything, then undo it.")
@BY
def move_command(address: Path, *, dry_run: bool, by: str) -> None:
    """Move everything from SQLite to PostgreSQL: every row, every sealed number, the whole audit log. Stop Komek first.

    The new database must be empty. Each table is compared with the original, the chain of the audit log is checked, and
    each sealed number is opened once, if KOMEK_OPENING_KEY is set. Nothing is moved if anything differs. If the command
    is cut off, run it again.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.operations import move_database

    with deployment() as here:
        if here.db.engine.dialect.name != "sqlite":
            raise click.ClickException("KOMEK_DATABASE_URL is set: this command moves a service that uses SQLite")
        url = address.read_text().strip()
        if not url.startswith("postgres"):
            raise click.ClickException(f"{address} must hold an address such as postgresql://user:password@host/name")
        file = here.config.data / "komek.sqlite3"
        if not move_database.was_moved(here.db):
            _move(here, url, by, dry=dry_run)
            if dry_run:
                click.echo("This was a trial: nothing was moved.")
                return
    kept = move_database.set_aside(file)
    click.echo(f"\nThe old file is now {kept}. It still holds numbers, so delete it within a day.")
    click.echo(
        "Now set KOMEK_DATABASE_URL. After `komek setup`: run it again and give it the addresses, then the grants of"
    )
    click.echo("deploy/postgres/grants.sql. Only then start the service.")


def _move(here: "Deployment", url: str, by: str, *, dry: bool) -> None:
    from helpline.core.config import Config
    from helpline.keys.sealing import Opening
    from helpline.operations import move_database
    from helpline.store.connection import connect
    from helpline.store.engine import Unavailable
    from helpline.store.faults import advice
    from helpline.store.migrate import upgrade

    key = here.config.opening_key.get_secret_value()
    try:
        new = connect(Config(database_url=url).sql_url)
        try:
            click.echo("making the tables, copying, comparing …", err=True)
            upgrade(new)
            moved = move_database.move(here.db, new, here.audit_key, by, Opening.of(key) if key else None, dry=dry)
        finally:
            new.dispose()
    except Unavailable as error:
        raise click.ClickException(f"nothing was moved: {advice(error)}") from None
    except move_database.CannotMove as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{moved.rows} rows of {moved.tables} tables are the same; {moved.audited} rows of the audit log, whole")
    opened = "not checked (KOMEK_OPENING_KEY is not set)" if moved.opened is None else f"{moved.opened} open"
    click.echo(f"sealed numbers: {opened}")
