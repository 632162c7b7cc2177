"""`komek lock`, `komek unlock`: the raid lock."""

import click

from helpline.commands.operate.deployment import BY


@click.command()
@BY
def lock(by: str) -> None:
    """Stop every reveal of a number and every export, at once. One person is enough; unlocking takes two."""
    from helpline.commands.operate.deployment import deployment
    from helpline.staff import raid_lock

    with deployment() as here, here.db.write() as tx:
        fresh = raid_lock.lock(tx, by, here.now, here.audit_key, here.config.country)
    click.echo("locked: no number is shown, nothing is exported" if fresh else "it was locked already")


@click.command()
@BY
def unlock(by: str) -> None:
    """Agree to take the raid lock off; it goes when two different people have within 24 hours."""
    from helpline.commands.operate.deployment import deployment
    from helpline.staff import raid_lock

    with deployment() as here, here.db.write() as tx:
        was = raid_lock.is_locked(tx)
        off = raid_lock.unlock(tx, by, here.now, here.audit_key)
    if not was:
        click.echo("it was not locked")
    else:
        click.echo("unlocked" if off else "noted; a second person must agree within 24 hours")
    raise SystemExit(0 if off else 1)
