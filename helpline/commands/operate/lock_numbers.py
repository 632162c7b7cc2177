"""`komek lock`, `komek unlock`: the number access lock."""

import click

from helpline.commands.operate.deployment import BY


@click.command()
@BY
def lock(by: str) -> None:
    """Stop all access to callers' numbers and all exports at once. One person can lock; unlocking takes two."""
    from helpline.commands.operate.deployment import deployment
    from helpline.staff import raid_lock

    with deployment() as here, here.db.write(here.now) as tx:
        fresh = raid_lock.lock(tx, by, here.audit_key, here.config.country)
    click.echo("number access is locked: no number is shown, nothing is exported" if fresh else "already locked")


@click.command()
@BY
def unlock(by: str) -> None:
    """Agree to unlock number access. It unlocks when two different people agree within 24 hours."""
    from helpline.commands.operate.deployment import deployment
    from helpline.staff import locks, raid_lock

    with deployment() as here, here.db.write(here.now) as tx:
        was = locks.is_raid_on(tx)
        off = raid_lock.unlock(tx, by, here.audit_key)
    if not was:
        click.echo("number access is not locked")
    else:
        click.echo("unlocked" if off else "saved; a second person must agree within 24 hours")
    raise SystemExit(0 if off else 1)
