"""`komek directory`: import and export the services, and record check calls to them (docs/directory.md)."""

import json
import sys
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpline.commands.directory.verify import checkups_of, verify
from helpline.commands.operate.deployment import BY, named_or_none
from helpline.core.config import ConfigError
from helpline.directory.hsds.public_fields import VERSIONS
from helpline.operations.demo import settings

if TYPE_CHECKING:
    from helpline.directory.importing import Importer, ImportResult


@click.group()
def directory() -> None:
    """Import and export the directory of services (HSDS 3.0), and record check calls."""


directory.add_command(verify)


@directory.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", "dry", is_flag=True, help="Change nothing, only print the changes.")
@click.option("--by", default="", callback=named_or_none, help="Your name. Somebody else must approve new telephones.")
def import_command(path: Path, dry: bool, by: str) -> None:
    """Replace the directory with the one at PATH: an HSDS JSON file, or a folder of CSV tables.

    If there are faults, all of them are printed with file, row and field, and nothing is changed.
    """
    from helpline.directory.importing import MeanwhileChanged, Refused
    from helpline.keys.row_seal import NoContactKey

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
        raise click.ClickException("KOMEK_CONTACT_KEY is missing: telephones cannot be sealed without it") from None
    _print(taken, dry=dry)


@directory.command("agree")
@click.argument("id", default="")
@BY
def agree_command(id: str, by: str) -> None:
    """List the telephones that wait for approval, or approve one by its ID.

    First call the service on a number that you knew before. The person who imported the telephone cannot approve it.
    The telephone is used 72 hours after its request.
    """
    found = _directories()
    with found.db.write() as tx:
        if not id:
            for each in found.changes.waiting(tx):
                second = f"approved by {each.agreed_by}" if each.agreed_by else "waits for approval"
                click.echo(f"{each.id}  {each.wanted.desk}  {each.wanted.phone}  {each.by}  {second}")
            return
        said = found.changes.agree_here(tx, id, by)
    if said != "agreed":
        told = {
            "own": f"{by} has requested it; another person must approve",
            "gone": "no such telephone waits; `komek directory agree --by NAME` lists those that do",
            "nameless": "the import has no name; import again with --by NAME, or approve it at the console",
        }
        raise click.ClickException(told[said])
    click.echo(f"approved; it is used {found.changes.wait.total_seconds() / 3600:.0f} hours after its request")


@directory.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "csv"]), help="Default: from the name of PATH.")
@click.option("--nested", is_flag=True, help="JSON as in the HSDS API: phones inside services.")
@click.option(
    "--standard",
    type=click.Choice(VERSIONS),
    help="For others: valid HSDS JSON of what is public (docs/interoperation.md).",
)
def export_command(path: Path, form: str | None, nested: bool, standard: str | None) -> None:
    """Write the imported directory to PATH: a JSON file, or a folder of CSV tables. With - it prints JSON."""
    if standard:
        if form == "csv" or nested:
            raise click.UsageError("--standard cannot be used with --nested or --format csv")
        _write_for_others(path, standard)
        return
    from helpline.directory.hsds.api_form import nest
    from helpline.directory.hsds.files import as_json, write_csv
    from helpline.staff.raid_lock import Locked

    try:
        tables = _directories().rows()
    except Locked as error:
        raise click.ClickException(str(error)) from None
    count = sum(map(len, tables.values()))
    if not count:
        raise click.ClickException("no directory was imported yet; run `komek directory import`")
    form = form or ("json" if nested or path.suffix == ".json" or str(path) == "-" else "csv")
    if nested and form != "json":
        raise click.UsageError("--nested needs JSON: CSV tables cannot be nested")
    made = nest(tables) if nested else tables
    if str(path) == "-":
        click.echo(as_json(made), nl=False)
        return
    if form == "json":
        path.write_text(as_json(made), "utf-8")
    else:
        write_csv(tables, path)
    click.echo(f"{count} rows written to {path}")


def _write_for_others(path: Path, version: str) -> None:
    """Write the public part as the schema of HSDS wants it. It may go to anybody, and no import reads it back."""
    from helpline.commands.operate.deployment import deployment
    from helpline.oversight.public_directory import ShelterAddressFound, public_directory
    from helpline.staff.raid_lock import Locked

    try:
        with deployment() as here, here.db.read() as tx:
            made = public_directory(tx, here.config.country, here.config.console, version).services
    except Locked as error:
        raise click.ClickException(str(error)) from None
    except ShelterAddressFound:
        raise click.ClickException("a row shows where a shelter is; remove it and import again (R41)") from None
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    path.write_text(text, "utf-8")
    click.echo(f"{len(made)} services written to {path}, as HSDS {version}: only what is public")


def _print(taken: "ImportResult", *, dry: bool) -> None:
    from helpline.directory.hsds.draft import counts

    for change in taken.changes:
        for line in change.lines():
            click.echo(line)
    for service in taken.gone:
        click.echo(f"! service {service} is no longer in the directory: it gets no offers and no numbers")
    for who in taken.waiting:
        click.echo(
            f"! a telephone of {who.desk} is new or may now get numbers: it waits for approval by a second person"
        )
    for doubt in taken.doubts:
        click.echo(f"warning: {doubt}")
    click.echo(counts(taken.changes) + (" (dry run: nothing was changed)" if dry else ""))
    desks = f"{taken.telephones} telephones, {taken.coordinators} coordinators"
    click.echo(f"{taken.services} services, {taken.offered} of them can get offers now; {desks}")


def _directories() -> "Importer":
    from helpline.content.sources import ROOT, load_country
    from helpline.core import channels_file
    from helpline.directory.hsds.ground import Ground, places_of
    from helpline.directory.importing import Importer
    from helpline.directory.phone_changes import PhoneChanges
    from helpline.keys import keyring

    config = settings()
    checkups = checkups_of(config)
    country = load_country(ROOT, config.country, config.languages)
    ground = Ground(country, checkups.today, config.demo, places_of(ROOT, country))
    held = keyring.with_demo_keys(config)
    audit_key = held.audit_key.get_secret_value()
    if held.contact_key.get_secret_value() and not audit_key:
        raise ConfigError(["KOMEK_AUDIT_KEY is missing: an import writes to the audit log"])
    changes = PhoneChanges.of(config, urlsafe_b64decode(audit_key))
    return Importer(
        checkups.db, ground, config.fresh_days, changes, checkups.now, channels_file.senders_of(config),
        lambda what: click.echo(what, err=True),
    )  # fmt: skip
