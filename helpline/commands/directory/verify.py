"""`komek directory verify`: list services that are due for a check call, and save the result of one (R40)."""

from typing import TYPE_CHECKING

import click

from helpline.core.config import Config
from helpline.operations.demo import settings

if TYPE_CHECKING:
    from helpline.directory.check_calls import CheckCalls

LONGEST_NAME_OF_CALLER = 40


@click.command("verify")
@click.argument("service", default="")
@click.option("--list", "listing", is_flag=True, help="List the services that are due (default without SERVICE).")
@click.option("--answered/--no-answer", "answered", default=None, help="Whether a person answered.")
@click.option("--language", default="", help="The language they spoke: ky, ru … Required with --answered.")
@click.option("--by", default="", help="Who called: a name or initials, at most 40 letters.")
def verify(service: str, listing: bool, answered: bool | None, language: str, by: str) -> None:
    """List the services that are due for a check call, or save the result of a call to SERVICE (R40)."""
    if listing or not service:
        _list_due()
        return
    if answered is None:
        raise click.UsageError("give the result: --answered --language ky, or --no-answer")
    if not by or len(by) > LONGEST_NAME_OF_CALLER:
        raise click.UsageError(f"give who called: --by NAME, at most {LONGEST_NAME_OF_CALLER} letters")
    if answered and not language:
        raise click.UsageError("give the language of the person who answered: --language ky")
    _record(service, by, language if answered else "")


def _record(service: str, by: str, language: str) -> None:
    from helpline.core.languages import LANGUAGES
    from helpline.directory.check_calls import Unknown

    if language and language not in LANGUAGES:
        raise click.UsageError(f"--language must be one of {', '.join(LANGUAGES)}")
    checkups = checkups_of(settings())
    try:
        found, counts = checkups.record(service, by, language)
    except Unknown as error:
        raise click.ClickException(str(error)) from None
    if counts:
        click.echo(f"saved; {service} is verified as of {checkups.today}")
    elif language:
        speaks = ", ".join(found.languages)
        click.echo(f"saved; {service} is listed with {speaks}, so it stays verified as of {found.assured}")
    else:
        click.echo(f"saved; {service} did not answer, so it stays verified as of {found.assured}")


def _list_due() -> None:
    due = checkups_of(settings()).due()
    for call in due:
        speaks = ", ".join(call.service.languages)
        click.echo(f"{call.by}  {call.service.id}  {', '.join(call.telephones)}  speaks {speaks}  ({call.why})")
    click.echo(f"{len(due)} services are due for a check call" if due else "no service is due for a check call")


def checkups_of(config: Config) -> "CheckCalls":
    """Return the check calls of this deployment. In the demo, make the keys on first use."""
    from helpline.commands.operate.deployment import audit_key_of, ready_database
    from helpline.content.sources import ROOT, load_country
    from helpline.core import clock
    from helpline.directory.check_calls import CheckCalls
    from helpline.keys import keyring

    if config.demo:
        keyring.load_or_create(config.data / "keys")
    config = keyring.with_demo_keys(config)
    db = ready_database(config)
    click.get_current_context().call_on_close(db.dispose)
    zone = load_country(ROOT, config.country).zone
    now, key = clock.clock_of(config.demo, config.data), audit_key_of(config)
    return CheckCalls(db, config.country, zone, config.fresh_days, now, key)
