"""`komek open`: open the line to callers, once everything is in place."""

import time
from typing import TYPE_CHECKING

import click

from helpline.commands.operate.deployment import BY_IF_WANTED

if TYPE_CHECKING:
    from helpline.commands.operate.deployment import Deployment
    from helpline.operations.readiness import Decisions

WAIT_SECONDS = 90.0
"""Much longer than a web takes to see that the line was closed, also on a busy machine."""
LOOK_SECONDS = 1.0
"""Between two looks whether a request has come all the same."""


@click.command("open")
@BY_IF_WANTED
@click.option("--no-short-code", is_flag=True, help="Decide to serve callers by SMS only.")
@click.option("--no-legal-duty", is_flag=True, help="A lawyer has confirmed that no law requires reporting callers.")
@click.option("--undo", is_flag=True, help="Close the line again. Refused while a request is open.")
def open_command(by: str, no_short_code: bool, no_legal_duty: bool, undo: bool) -> None:
    """Show what is missing before real callers may come. If nothing is, open the line, with --by.

    Before that, callers see the emergency number. Telephones in KOMEK_REHEARSAL_NUMBERS get everything. Nothing closes
    an open line by itself.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.operations.readiness import Decisions

    with deployment() as here:
        if here.config.demo:
            raise click.ClickException("the demo is always open; this is for production (KOMEK_CHANNELS)")
        if undo and not by:
            raise click.UsageError("say who closes the line: --by NAME")
        if undo:
            _close(here, by)
        else:
            _open(here, by, Decisions(no_short_code, no_legal_duty))


def _open(here: "Deployment", by: str, decided: "Decisions") -> None:
    from helpline.content import loading
    from helpline.operations import launching
    from helpline.store import launch

    here.key("contact_key")  # without it no coordinator counts
    found = launching.survey(here.db, here.config, loading.load(here.config), decided)
    for line in launching.lines(found):
        click.echo(line)
    if not all(item.fine for item in found):
        with here.db.read() as tx:
            state = "closed" if launch.is_closed(tx) else "open"
        raise click.ClickException(f"the line stays {state}: resolve what is BAD, then run this again")
    if not by:
        raise click.ClickException("nothing is missing; say who opens the line: --by NAME")
    with here.db.write() as tx:
        opened = launching.open_line(tx, by, here.audit_key, decided)
    click.echo("the line is open: callers get the menus within seconds" if opened else "the line was open already")


def _close(here: "Deployment", by: str) -> None:
    from helpline.operations import launching

    try:
        with here.db.write() as tx:
            fresh = launching.close_line(tx, by, here.audit_key)
    except launching.RequestOpen:
        raise click.ClickException("a request is open, and its caller could not stop it: the line stays open") from None
    if not fresh:
        click.echo("the line was closed already")
        return
    click.echo(f"closed; waiting {WAIT_SECONDS:.0f} s for the webs, which may still take a request", err=True)
    if launching.watch_closed(here.db, by, here.audit_key, int(WAIT_SECONDS / LOOK_SECONDS), _wait):
        raise click.ClickException("a request arrived meanwhile, so the line is open again; try again later")
    click.echo("the line is closed: callers see the emergency number")


def _wait() -> None:
    time.sleep(LOOK_SECONDS)
