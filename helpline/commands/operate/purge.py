"""`komek purge`: delete now what is past its retention period."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from helpline.referral.context import Context

if TYPE_CHECKING:  # SQLAlchemy is slow to import, and most commands do without
    from collections.abc import Mapping

    from helpline.commands.operate.deployment import Deployment
    from helpline.operations.retention import Erasure


class _DryRun(Exception):
    """Rolls back the transaction of a dry run."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Delete nothing, only print the counts.")
def purge(dry_run: bool) -> None:
    """Delete everything past its retention period (R34), and print counts. The clock does this every ten minutes."""
    from helpline.commands.operate.deployment import deployment

    with deployment() as here:
        done = sweep(here, dry_run=dry_run)
    for what, count in done.items():
        click.echo(f"{count:>8} {what}")
    click.echo("dry run: nothing was deleted" if dry_run else "deleted")


def sweep(here: Deployment, *, dry_run: bool) -> Mapping[str, int]:
    """Delete until nothing is left to delete. Return the number of deleted rows by kind; a dry run looks once."""
    from helpline.operations.retention import AT_ONCE, NUMBERS, REDUCED
    from helpline.oversight import published

    erasure, done = erasure_of(here), Counter[str]()
    with here.db.read(here.now) as tx:
        uncounted = published.uncounted(tx) if tx.sure else []
    for each in () if dry_run else uncounted:
        published.count_month(here.db, each, erasure.ctx.country.region_of)
    try:
        while True:
            with here.db.write(here.now) as tx:
                found = erasure.erase(tx)
                done.update(found)
                if dry_run:
                    raise _DryRun
            if AT_ONCE not in (found.get(NUMBERS), found.get(REDUCED)):
                break
    except _DryRun:
        return done
    if not here.db.scrub():
        click.echo("the database is in use: deleted rows leave its write-ahead log a little later", err=True)
    return done


def erasure_of(here: Deployment) -> Erasure:
    """Build the retention sweep with a worker's keys: a service whose claim ends gets a text."""
    from helpline.caller.stops import WorkerStops
    from helpline.content import loading
    from helpline.core import log
    from helpline.keys.row_seal import ContactKey
    from helpline.keys.sealing import Hashing, Opening
    from helpline.operations.retention import Erasure

    texts = loading.load(here.config)
    opening, hashing = Opening.of(here.key("opening_key")), Hashing.of(here.key("hashing_key"))
    stops = WorkerStops(opening, hashing, texts.keywords, log.note)
    ctx = Context(
        stops.settle,
        ContactKey.of(here.key("contact_key")).offer_code,
        texts.matching,
        here.config,
        here.audit_key,
        log.note,
    )
    return Erasure(here.config, ctx)
