"""`komek harm`: the harm register (R46)."""

import click

from helpline.commands.operate.deployment import BY
from helpline.referral import harms


@click.group()
def harm() -> None:
    """List and review the harm register: harm that our calls and texts have caused."""


@harm.command("list")
@click.option("--all", "every", is_flag=True, help="List reviewed entries, too.")
def list_command(every: bool) -> None:
    """List the entries not yet reviewed: id, time (UTC), who reported it, what happened, the request."""
    from helpline.commands.operate.deployment import deployment

    with deployment() as here, here.db.read() as tx:
        found = harms.every_harm(tx) if every else harms.unreviewed(tx)
    for each in found:
        seen = f"\treviewed by {each.by}" if each.reviewed else ""
        click.echo(f"{each.id}\t{each.at:%Y-%m-%dT%H:%M:%SZ}\t{each.source}\t{each.what}\t{each.request}{seen}")
    click.echo(f"{len(found)} entries", err=True)


@harm.command("review")
@click.argument("id")
@BY
@click.option(
    "--did",
    default="talked",
    help="What was done: talked, paused (the service), changed (how we work), nothing (default: talked).",
)
def review_command(id: str, by: str, did: str) -> None:
    """Mark the entry ID as reviewed, and save what was done."""
    from helpline.commands.operate.deployment import deployment
    from helpline.referral import harm_register

    with deployment() as here, here.db.write(here.now) as tx:
        try:
            done = harm_register.review(tx, id, did, by, here.audit_key)
        except harm_register.NotEntered as error:
            raise click.ClickException(str(error)) from None
    if not done:
        raise click.ClickException(f"no entry {id} waits for review; `komek harm list` lists those that do")
    click.echo("reviewed")
