"""`komek block`: a coordinator hides *call me* from one telephone, for some days and with a reason (R49)."""

import click

from helpline.commands.operate.deployment import BY


@click.group()
def block() -> None:
    """Blocks of *call me*: seven days, with a reason. Emergency numbers, information, STOP stay open to everybody."""


@block.command("add")
@click.argument("request")
@click.option("--reason", required=True, help="Why, in a few words; no number in it.")
@BY
def add_command(request: str, reason: str, by: str) -> None:
    """Block the telephone that made a REQUEST (its id); it is told the same as after three requests in a day."""
    from helpline.caller import blocks
    from helpline.commands.operate.deployment import deployment
    from helpline.keys.sealing import Opening

    with deployment() as here:
        opening, days = Opening.of(here.key("opening_key")), here.config.block_days
        try:
            with here.db.write() as tx:
                id = blocks.add(tx, opening, request, reason, by, here.now, days, here.audit_key)
        except blocks.CannotBlock as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{id}  for {days} days")


@block.command("list")
def list_command() -> None:
    """Print the blocks that are on: id, until when (UTC), by whom, why."""
    from helpline.caller import blocks
    from helpline.commands.operate.deployment import deployment

    with deployment() as here, here.db.read() as tx:
        found = blocks.active(tx, here.now)
    for each in found:
        click.echo(f"{each.id}\t{each.until:%Y-%m-%dT%H:%MZ}\t{each.by}\t{each.reason}")
    click.echo(f"{len(found)} blocks", err=True)


@block.command("lift")
@click.argument("id")
@BY
def lift_command(id: str, by: str) -> None:
    """End the block ID before its time."""
    from helpline.caller import blocks
    from helpline.commands.operate.deployment import deployment

    with deployment() as here, here.db.write() as tx:
        done = blocks.lift(tx, id, by, here.now, here.audit_key)
    if not done:
        raise click.ClickException(f"there is no block {id}; `komek block list` shows which there are")
    click.echo("lifted")
