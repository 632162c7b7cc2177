"""`komek directory verify`: which services are due for a test call, and how one went (R40)."""

from typing import TYPE_CHECKING

import click

from helpline.core.config import Config
from helpline.operations.demo import settings

if TYPE_CHECKING:
    from helpline.directory.check_calls import Checkups

LONGEST_NAME_OF_CALLER = 40


@click.command("verify")
@click.argument("service", default="")
@click.option("--list", "listing", is_flag=True, help="List the services to test-call (so too without SERVICE).")
@click.option("--answered/--no-answer", "answered", default=None, help="Did a person answer?")
@click.option("--language", default="", help="In which language: ky, ru … Needed with --answered.")
@click.option("--by", default="", help="Who rang: a name or initials, at most 40 letters.")
def verify(service: str, listing: bool, answered: bool | None, language: str, by: str) -> None:
    """List the services that are due for a test call, or write down a call to SERVICE (R40)."""
    if listing or not service:
        _list_due()
        return
    if answered is None:
        raise click.UsageError("say how it went: --answered --language ky, or --no-answer")
    if not by or len(by) > LONGEST_NAME_OF_CALLER:
        raise click.UsageError(f"say who rang: --by NAME, at most {LONGEST_NAME_OF_CALLER} letters")
    if answered and not language:
        raise click.UsageError("say in which language somebody answered: --language ky")
    _record(service, by, language if answered else "")


def _record(service: str, by: str, language: str) -> None:
    from helpline.core.languages import LANGUAGES
    from helpline.directory.check_calls import Unknown

    if language and language not in LANGUAGES:
        raise click.UsageError(f"--language is one of {', '.join(LANGUAGES)}")
    checkups = checkups_of(settings())
    try:
        found, counts = checkups.record(service, by, language)
    except Unknown as error:
        raise click.ClickException(str(error)) from None
    if counts:
        click.echo(f"{service} is checked as of {checkups.today}")
    elif language:
        speaks = ", ".join(found.languages)
        click.echo(f"written down; {service} promises {speaks}, so it is checked as of {found.assured} still")
    else:
        click.echo(f"written down; {service} did not answer, so it is checked as of {found.assured} still")


def _list_due() -> None:
    due = checkups_of(settings()).due()
    for call in due:
        speaks = ", ".join(call.service.languages)
        click.echo(f"{call.by}  {call.service.id}  {', '.join(call.telephones)}  speaks {speaks}  ({call.why})")
    click.echo(f"{len(due)} services to test-call" if due else "no service is due for a test call")


def checkups_of(config: Config) -> "Checkups":
    """Put together what knows of test calls; in the demo with keys of its own."""
    from helpline.commands.operate.deployment import ready
    from helpline.content.sources import ROOT, load_country
    from helpline.core import clock
    from helpline.directory.check_calls import Checkups
    from helpline.keys import keyring

    if config.demo:  # it makes keys on first use, as `komek up` does
        keyring.kept(config.data / "keys")
    db = ready(keyring.filled(config))
    click.get_current_context().call_on_close(db.dispose)
    zone = load_country(ROOT, config.country).zone
    return Checkups(db, config.country, zone, config.fresh_days, clock.clock_of(config.demo, config.data))
