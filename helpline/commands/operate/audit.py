"""`komek audit`: who saw which number, when; and whether the log is still the one that was written."""

from datetime import UTC, datetime

import click


@click.group()
def audit() -> None:
    """Look into the audit log. It holds ids and no numbers."""


@audit.command("verify")
@click.option("--head", default="", help="The code of a text that coordinators got: is that row still there?")
def verify_command(head: str) -> None:
    """Check the chain of the log; exit code 1 where a row was changed, is missing, or HEAD is not there."""
    from helpline.commands.operate.deployment import deployment
    from helpline.store import audit_log

    with deployment() as here, here.db.read() as tx:
        broken = audit_log.broken_at(tx, here.audit_key)
        count, newest = audit_log.head(tx)
        there = not head or audit_log.has_head(tx, head.strip().lower())
    if broken is not None:
        click.echo(f"BAD row {broken} was changed, or the row before it is missing")
    if not there:
        click.echo(f"BAD no row ends in {head}: the log was written anew, or its end is gone")
    if broken is None and there:
        click.echo(f"ok  {count} rows, head {newest}")
    raise SystemExit(0 if broken is None and there else 1)


@audit.command("search")
@click.option("--request", default="", help="Id of a request, or of what else was acted on.")
@click.option("--actor", default="", help="Id of a service or coordinator, or a name that was given with --by.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="From this day or minute on, UTC.")
def search_command(request: str, actor: str, since: datetime | None) -> None:
    """Print the rows that fit: number, time (UTC), who, what, about which id."""
    from helpline.commands.operate.deployment import deployment
    from helpline.store import audit_log

    start = since.replace(tzinfo=UTC) if since else None
    with deployment() as here, here.db.read() as tx:
        found = audit_log.search(tx, ref=request, actor=actor, since=start)
    for row in found:
        click.echo(f"{row.seq}\t{row.at:%Y-%m-%dT%H:%M:%SZ}\t{row.actor}\t{row.action}\t{row.ref}")
    click.echo(f"{len(found)} rows", err=True)
