"""`komek purge`: erase now what is past its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # the database's library is slow to import, and most commands do without
    from collections.abc import Mapping

    from helpline.commands.operate.deployment import Deployment
    from helpline.operations.retention import Erasure


class _NotReally(Exception):
    """Undoes a dry run."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Erase nothing: say what would be.")
def purge(dry_run: bool) -> None:
    """Erase everything that is past its time (R34), as the clock does every ten minutes; say how much of what."""
    from helpline.commands.operate.deployment import deployment

    with deployment() as here:
        done = swept(here, dry_run=dry_run)
    for what, count in done.items():
        click.echo(f"{count:>8} {what}")
    click.echo("nothing was erased: a dry run" if dry_run else "erased")


def swept(here: Deployment, *, dry_run: bool) -> Mapping[str, int]:
    """Sweep once; give how much of what was erased."""
    erasure, done = erasure_of(here), dict[str, int]()
    try:
        with here.db.write() as tx:
            done.update(erasure.erase(tx, here.now))
            if dry_run:
                raise _NotReally
    except _NotReally:
        return done
    if not here.db.scrub():
        click.echo("somebody is reading: the file's log is emptied in a while", err=True)
    return done


def erasure_of(here: Deployment) -> Erasure:
    """Put together what erases, with the keys of a worker: whoever holds a claim that ends is told so."""
    from helpline.caller.stops import Lines
    from helpline.content import loading
    from helpline.core import log
    from helpline.keys.sealing import Hashing, Opening, Words
    from helpline.operations.retention import Erasure
    from helpline.referral.referral import Referral

    texts = loading.load(here.config)
    lines = Lines(Opening.of(here.key("opening_key")), Hashing.of(here.key("hashing_key")), texts.keywords, log.note)
    words = Words.of(here.key("words_key"))
    return Erasure(here.config, Referral(lines, words, texts.matching, here.config, here.audit_key, log.note))
