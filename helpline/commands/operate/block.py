"""`komek block`: block one telephone from requesting calls, for some days and with a reason (R49)."""

import click

from helpline.casework import block_number
from helpline.commands.operate.deployment import BY


@click.group()
def block() -> None:
    """Block telephones that abuse the service from requesting calls.

    Emergency numbers, information and STOP stay open to everybody.
    """


@block.command("add")
@click.argument("request")
@click.option("--reason", required=True, help="Why, in a few words, without a phone number.")
@BY
def add_command(request: str, reason: str, by: str) -> None:
    """Block the telephone that made REQUEST (an id). It sees what a number sees that cannot be called."""
    from helpline.commands.operate.deployment import deployment
    from helpline.keys.sealing import Opening

    with deployment() as here:
        opening, days = Opening.of(here.key("opening_key")), here.config.block_days
        try:
            with here.db.write(here.now) as tx:
                id = block_number.block(tx, opening, request, reason, by, days, here.audit_key)
        except block_number.CannotBlock as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{id}  blocked for {days} days")


@block.command("list")
def list_command() -> None:
    """List the active blocks: id, end (UTC), who blocked, reason."""
    from helpline.caller import blocks
    from helpline.commands.operate.deployment import deployment

    with deployment() as here, here.db.read(here.now) as tx:
        found = blocks.active(tx)
    for each in found:
        click.echo(f"{each.id}\t{each.until:%Y-%m-%dT%H:%MZ}\t{each.by}\t{each.reason}")
    click.echo(f"{len(found)} blocks", err=True)


@block.command("lift")
@click.argument("id")
@BY
def lift_command(id: str, by: str) -> None:
    """End the block ID early."""
    from helpline.commands.operate.deployment import deployment

    with deployment() as here, here.db.write(here.now) as tx:
        done = block_number.unblock(tx, id, by, here.audit_key)
    if not done:
        raise click.ClickException(f"there is no active block {id}; see `komek block list`")
    click.echo("lifted")
