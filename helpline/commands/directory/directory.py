"""`komek directory`: load the services that are asked to ring, give them back, test-call them (docs/directory.md)."""

import sys
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpline.commands.directory.verify import checkups_of, verify
from helpline.commands.operate.deployment import BY, named_or_none
from helpline.core.config import ConfigError
from helpline.operations.demo import settings

if TYPE_CHECKING:
    from helpline.directory.importing import Directories, Taken


@click.group()
def directory() -> None:
    """Load the services that are asked to ring (HSDS 3.0), give them back, test-call them."""


directory.add_command(verify)


@directory.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", "dry", is_flag=True, help="Change nothing: only print what would change.")
@click.option(
    "--by", default="", callback=named_or_none, help="Who you are: another one may say yes to new telephones."
)
def import_command(path: Path, dry: bool, by: str) -> None:
    """Take up the directory at PATH: an HSDS JSON file, or a folder of CSV tables, in place of the present one.

    All of it or nothing: every fault is printed with its file, row and field, and nothing is changed.
    """
    from helpline.directory.importing import MeanwhileChanged, Refused
    from helpline.staff.contacts import NoContactKey

    try:
        taken = _directories().take(path, dry=dry, by=by)
    except Refused as error:
        for flaw in error.flaws:
            click.echo(str(flaw))
        click.echo(f"{len(error.flaws)} faults; nothing was changed")
        sys.exit(1)
    except MeanwhileChanged as error:
        raise click.ClickException(str(error)) from None
    except NoContactKey:
        raise click.ClickException("KOMEK_CONTACT_KEY is missing: no telephone counts without it") from None
    _print(taken, dry=dry)


@directory.command("agree")
@click.argument("id", default="")
@BY
def agree_command(id: str, by: str) -> None:
    """List the telephones that wait, or say the second yes to one (its ID): not who imported it.

    Ring the service first, on a number that you knew before. It counts 72 hours after it was asked for.
    """
    found = _directories()
    with found.db.write() as tx:
        if not id:
            for each in found.changes.waiting(tx):
                second = f"{each.agreed_by} said yes" if each.agreed_by else "waits for a second yes"
                click.echo(f"{each.id}  {each.wanted.desk}  {each.wanted.phone}  {each.by}  {second}")
            return
        said = found.changes.agree_here(tx, id, by, found.now())
    if said != "agreed":
        told = {
            "own": f"{by} has asked for it: another person says yes",
            "gone": "no such telephone waits: `komek directory agree --by NAME` lists those that do",
            "nameless": "nobody said who imported it: import again with --by NAME, or say yes at the console",
        }
        raise click.ClickException(told[said])
    click.echo(f"noted; it counts {found.changes.wait.total_seconds() / 3600:.0f} hours after it was asked for")


@directory.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "csv"]), help="Default: by the end of PATH's name.")
@click.option("--nested", is_flag=True, help="JSON as the standard's API has it: phones inside services.")
def export_command(path: Path, form: str | None, nested: bool) -> None:
    """Write the directory that was imported to PATH: a JSON file, or a folder of CSV tables. - prints JSON."""
    from helpline.directory.hsds.api_form import nest
    from helpline.directory.hsds.files import as_json, write_csv
    from helpline.staff.raid_lock import Locked

    try:
        tables = _directories().rows()
    except Locked as error:
        raise click.ClickException(str(error)) from None
    count = sum(map(len, tables.values()))
    if not count:
        raise click.ClickException("no directory was imported yet: `komek directory import`")
    form = form or ("json" if nested or path.suffix == ".json" or str(path) == "-" else "csv")
    if nested and form != "json":
        raise click.UsageError("--nested is JSON: in a table of CSV nothing stands inside another")
    made = nest(tables) if nested else tables
    if str(path) == "-":
        click.echo(as_json(made), nl=False)
        return
    if form == "json":
        path.write_text(as_json(made), "utf-8")
    else:
        write_csv(tables, path)
    click.echo(f"{count} rows written to {path}")


def _print(taken: "Taken", *, dry: bool) -> None:
    from helpline.directory.hsds.draft import counts

    for change in taken.changes:
        for line in change.lines():
            click.echo(line)
    for service in taken.gone:
        click.echo(f"! service {service} is in the directory no more: it is offered nothing and shown no number")
    for who in taken.waiting:
        click.echo(
            f"! a telephone of {who.desk} is new or may get numbers now: it waits for the yes of a second person"
        )
    for doubt in taken.doubts:
        click.echo(f"warning: {doubt}")
    click.echo(counts(taken.changes) + (" (dry run: nothing was changed)" if dry else ""))
    desks = f"{taken.telephones} telephones, {taken.coordinators} coordinators"
    click.echo(f"{taken.services} services, {taken.offered} of them can be offered now; {desks}")


def _directories() -> "Directories":
    from helpline.content.sources import ROOT, load_country
    from helpline.directory.hsds.ground import Ground, places_of
    from helpline.directory.importing import Directories
    from helpline.directory.phone_changes import Changes
    from helpline.keys import keyring

    config = settings()
    checkups = checkups_of(config)
    country = load_country(ROOT, config.country)
    ground = Ground(country, checkups.today, config.demo, places_of(ROOT, country))
    held = keyring.filled(config)
    audit_key = held.audit_key.get_secret_value()
    if held.contact_key.get_secret_value() and not audit_key:
        raise ConfigError(["KOMEK_AUDIT_KEY is missing: what an import asks for stands in the audit log"])
    changes = Changes(config.country, urlsafe_b64decode(audit_key), timedelta(hours=config.contact_hours))
    return Directories(
        checkups.db, ground, config.fresh_days, changes, checkups.now, lambda what: click.echo(what, err=True)
    )
