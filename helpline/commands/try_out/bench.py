"""`komek bench`: the benchmarks, which need a checkout. Each one is a module of tests/bench that runs by itself."""

import subprocess
import sys
from importlib.util import find_spec

import click

from helpline.content.sources import ROOT

BENCHES = {
    "codes": "A wrong word takes as long as an unknown code (bar: 50 µs of difference). 10 min; --quick: 1 min",
    "day": "A day of a country: everybody is offered or escalated (bar: all but 1 %). 40 min; --requests 1250: 3 min",
    "fair": 'No caller reads "not saved" beside 2,000 unread texts (bar: none; control: --compete, 4 workers). 1 min',
    "growth": "Beside 2 million requests all is done in time (bars: 5.8 numbers a second, 60 ms, 300 MB). 20 min",
    "hop": "A USSD hop costs no more than a bare Flask view in the same run (bars: 1.0 to 2 times). 3 min",
    "inbox": "Each page of the console is fast beside 5,000 open requests (bars: 60 ms, 25,000 bytes). 5 min",
    "matching": "A service is found among 10,000 (bars: 5 ms to decide, 200 ms to explain). 2 min",
    "moves": "Each way through the service stays long in one file (bars: 14 to 235 moves). 1 min",
    "offers": "Two workers make 1.6 times the offers of one, at 12 and 6 ms (control: --one-lock). 3 min",
    "peers": "More hops a second than npm's ussd-builder on Express with Redis (bar: 1.3 times). Needs npm. 3 min",
    "places": "A typed place is found (bars: 2 ms; 15 ms and 15 MB to load a country). 1 min",
    "slow": "Thousands of slow connections keep nobody waiting (bar: 1 s). 2 min",
    "sms": "1,000 texts in 5 s are answered (bars: 17 s; 8 s with --workers 2 --apart; control: --copies). 1 min",
    "start": "`komek up` is ready soon and small (bars: 2.5 s for a later start, 300 MB). 1 min; --quick: 15 s",
    "tail": "At 70 % of capacity, 99 % of hops are answered in time (bar: 30 ms). 1 min",
    "view": "A page is seen soon over a slow mobile connection (bar: 1.5 s). Needs Chromium. 1 min",
    "walk": "One key in the engine alone (bar: 1 ms). 1 min",
}
"""What each benchmark shows, its bar, and about how long it takes on two idle cores."""
LACKS_TESTS = "benchmarks need the packages of the tests: start them as `./komek bench …`, which installs these first"
HELP = """Run a benchmark (in a checkout only). It prints whether each bar is met.

A benchmark ends with 1 if something was wrong, or if a time or an amount is three times its bar; `codes`
and `offers` at the bar itself. `komek bench NAME --help` says more, and docs/benchmarks.md has the figures beside those
of others.

\b
{list}
"""


def described() -> str:
    """Return a line for each benchmark."""
    return "\n".join(f"{name:9} {what}" for name, what in BENCHES.items())


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    help=HELP.format(list=described()),
)
@click.argument("which", type=click.Choice(list(BENCHES)), default="hop", metavar="NAME")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(which: str, arguments: tuple[str, ...]) -> None:
    """Run a benchmark in a process of its own."""
    if not (ROOT.parent / "tests" / "bench" / f"{which}.py").exists():
        raise click.ClickException("benchmarks need a checkout of Komek; this is an installed copy")
    if find_spec("pytest") is None:
        raise click.ClickException(LACKS_TESTS)
    command = [sys.executable, "-m", f"tests.bench.{which}", *arguments]
    sys.exit(subprocess.run(command, cwd=ROOT.parent, check=False).returncode)
