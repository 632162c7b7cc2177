"""`komek clock`: what Komek thinks of the machine's clock, and a person's word that it is right."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from helpline.commands.operate.deployment import named_by


@click.command()
@click.option("--right", is_flag=True, help="The machine's clock is correct again: use it at once.")
@click.option("--by", default="", metavar="NAME", help="Who says so; needed with --right.")
@click.pass_context
def clock(context: click.Context, right: bool, by: str) -> None:
    """Say whether the machine's clock was set, and what waits because of it.

    After a jump of the clock, Komek's time runs on evenly for five minutes. For six hours no request ends and no number
    is deleted because of the time.
    """
    from helpline.core import log
    from helpline.core.watched_clock import SURE_SECONDS, WatchedClock, beside, watched
    from helpline.operations.demo import settings

    data = settings().data
    watch = watched(data)
    if right:
        if not by:
            raise click.UsageError("--right needs --by NAME")
        by = named_by(context, context.command.params[1], by)
        watch.vouch()
        for path in beside(data):
            with _as_owner_of(path.parent):
                WatchedClock(path).vouch()
        log.event("clock_vouched", by=by)
    known = min([watch.looked(), *beside(data).values()], key=lambda each: each.is_sure(each.at))
    if known.is_sure(known.at):
        click.echo("the machine's clock is right, as far as Komek knows")
        return
    ago = known.at - (known.even_since or 0)
    now = datetime.fromtimestamp(known.wall(), UTC)
    until = now + timedelta(seconds=SURE_SECONDS - ago)
    click.echo(f"the machine's clock was set {ago:.0f} s ago; Komek's time is now {now:%Y-%m-%d %H:%M:%S} UTC")
    click.echo(f"until {until:%Y-%m-%d %H:%M} no request ends and nothing is deleted because of the time")
    click.echo("if the machine's clock is correct again: `komek clock --right --by NAME`")
    raise SystemExit(1)


@contextmanager
def _as_owner_of(folder: Path) -> Iterator[None]:
    """Act as the user of a process, if root runs this: the process must be able to read and replace what is written."""
    owner, me, group = folder.stat(), os.geteuid(), os.getegid()
    if me != 0:
        yield
        return
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(me)
        os.setegid(group)
