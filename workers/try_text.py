"""Try the way of texts, for `komek setup`: `python -m workers.try_text`, with a telephone number on standard input.

It makes each channel as a worker does, and says on standard error what one lacks. If there is a number, it sends one
text to it, by the channel that would text a service with this number. Nothing is stored.
"""

import sys
import uuid

import click

from helpline.core.config import Config, ConfigError
from helpline.core.phone_numbers import is_withheld, msisdn
from helpline.core.ports import SendFailed
from helpline.core.process_keys import Role
from helpline.messaging.routes import Route, way_to
from workers.wiring import channels_of, routes_of

TEXT = "Test. Please ignore."
"""It names no service: somebody else may hold the telephone (R13)."""


def main() -> int:
    """Return the exit code: 0, or 1 with a sentence on standard error."""
    try:
        routes = routes_of(channels_of(Config.read(role=Role.WORKER)))
        click.echo(said(routes, sys.stdin.read().strip()))
    except ConfigError as error:
        click.echo("; ".join(error.faults), err=True)
    except ValueError as error:
        click.echo(error, err=True)
    else:
        return 0
    return 1


def said(routes: tuple[Route, ...], number: str) -> str:
    """Send one text if there is a number. Return what happened. Raise `ValueError` if it could not be sent."""
    if not routes:
        raise ValueError("no channel sends texts")
    if not number:
        return f"texts go by {', '.join(each.name for each in routes)}"
    to = msisdn(number)
    if is_withheld(to):
        raise ValueError("this is no telephone number: write it with + and the country, +996…")
    way = way_to(routes, to, resting=tuple)
    if way is None:
        raise ValueError("no channel sends to this number: see `countries` and `prefixes` in the channels file")
    try:
        way.route.sender.send(to, TEXT, uuid.uuid4().hex, way.code)
    except SendFailed as error:
        raise ValueError(f"{way.route.name} did not take the text ({error.reason})") from None
    return f"{way.route.name} took the text: look at the telephone"


if __name__ == "__main__":
    sys.exit(main())
