"""`komek audit`: who saw which number and when, and whether anybody has changed the log."""

import sys
from datetime import UTC, datetime

import click


@click.group()
def audit() -> None:
    """Search and verify the audit log. It holds ids but no phone numbers."""


@audit.command("verify")
@click.option(
    "--head", default="", help="Check that the row with this code, from a text to coordinators, still exists."
)
def verify_command(head: str) -> None:
    """Verify the whole chain of the log, and that it has a row for each number that was shown or sent.

    The exit code is 1 if a row was changed or is missing, or if HEAD is not found.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.request import reveals
    from helpline.store import audit_log

    with deployment() as here, here.db.snapshot() as tx:
        count, newest = audit_log.head(tx)
        with click.progressbar(length=count, label="rows", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            broken = audit_log.broken_at(tx, here.audit_key, read=lambda rows: bar.update(rows - bar.pos))
        without = reveals.not_logged(tx)
        there = not head or audit_log.has_head(tx, head.strip().lower())
    if broken is not None:
        click.echo(f"BAD row {broken} was changed, or the row before it is missing")
    if not there:
        click.echo(f"BAD no row has the code {head}: somebody has rewritten the log or removed its end")
    for request in without:
        click.echo(f"BAD the number of request {request} was shown or sent, and the log has no row of it")
    good = broken is None and there and not without
    if good:
        click.echo(f"ok  {count} rows, head {newest}")
    raise SystemExit(0 if good else 1)


@audit.command("search")
@click.option("--request", default="", help="The id of a request or other object.")
@click.option("--actor", default="", help="The id of a service or person, or a name given with --by.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="The first day or minute, in UTC.")
def search_command(request: str, actor: str, since: datetime | None) -> None:
    """Print the matching rows: number, time (UTC), actor, action, id of the object."""
    from helpline.commands.operate.deployment import deployment
    from helpline.store import audit_log

    start = since.replace(tzinfo=UTC) if since else None
    with deployment() as here, here.db.read() as tx:
        found = audit_log.search(tx, ref=request, actor=actor, since=start)
    for row in found:
        click.echo(f"{row.seq}\t{row.at:%Y-%m-%dT%H:%M:%SZ}\t{row.actor}\t{row.action}\t{row.ref}")
    click.echo(f"{len(found)} rows", err=True)
