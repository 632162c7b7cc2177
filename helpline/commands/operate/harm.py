"""`komek harm`: the register of harm (R46)."""

import click

from helpline.commands.operate.deployment import BY


@click.group()
def harm() -> None:
    """The register of harm: what our calls and texts did to somebody."""


@harm.command("list")
@click.option("--all", "every", is_flag=True, help="Also what was looked at.")
def list_command(every: bool) -> None:
    """Print what nobody has looked at: id, time (UTC), who reported, what, the request."""
    from helpline.commands.operate.deployment import deployment
    from helpline.referral import harm_register

    with deployment() as here, here.db.read() as tx:
        found = harm_register.every_harm(tx) if every else harm_register.unreviewed(tx)
    for each in found:
        seen = f"\tlooked at by {each.by}" if each.reviewed else ""
        click.echo(f"{each.id}\t{each.at:%Y-%m-%dT%H:%M:%SZ}\t{each.source}\t{each.what}\t{each.request}{seen}")
    click.echo(f"{len(found)} entries", err=True)


@harm.command("review")
@click.argument("id")
@BY
@click.option(
    "--did", default="talked", help="What was done: talked, paused (the service), changed (how we work), nothing."
)
def review_command(id: str, by: str, did: str) -> None:
    """Note that you have looked at the entry ID and done what can be done."""
    from helpline.commands.operate.deployment import deployment
    from helpline.referral import harm_register

    with deployment() as here, here.db.write() as tx:
        try:
            done = harm_register.review(tx, id, did, by, here.now, here.audit_key)
        except harm_register.NotEntered as error:
            raise click.ClickException(str(error)) from None
    if not done:
        raise click.ClickException(f"no entry {id} waits to be looked at; `komek harm list` shows which do")
    click.echo("noted")
