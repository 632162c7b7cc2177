"""`komek bench view`: when a page of the console is first seen on a slow mobile connection.

Chromium emulates it: 400 kbit/s and 400 ms for each question (*slow 3G*). Each page is opened with nothing in the cache
and then again, as when somebody comes back. No proxy compresses the pages here; in production one does.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.bars import far_beyond, judged
from tests.running import console_of, running, signed_in
from tests.steps.browser import CHROMIUM, started

BAR_MS = 1500.0
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PAGES = ("/requests", "/figures", "/directory", "/help")
FIRST_SEEN = """
() => new Promise(seen => {
    const found = performance.getEntriesByName('first-contentful-paint')[0]
    if (found) return seen(found.startTime)
    new PerformanceObserver(list => {
        const entry = list.getEntriesByName('first-contentful-paint')[0]
        if (entry) seen(entry.startTime)
    }).observe({type: 'paint', buffered: true})
})
"""


def milliseconds(page: Any, address: str, rounds: int, *, fresh: bool) -> float:
    """Return the median time until the first text of a page is seen."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Network.setCacheDisabled", {"cacheDisabled": fresh})
    found = []
    for _ in range(rounds):
        page.goto(address)
        found.append(float(page.evaluate(FIRST_SEEN)))
    return median(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge. Return exit code 1 if the bar is missed by far."""
    parser = argparse.ArgumentParser(prog="komek bench view", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="(default: %(default)s)")
    given = parser.parse_args(arguments)
    if CHROMIUM is None:
        print("komek: needs Chromium, and there is none on the PATH", file=sys.stderr)
        return 2
    slowest = 0.0
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "data", empty=False) as demo,
        started() as chromium,
    ):
        console = console_of(demo.output)
        page = chromium.browser.new_page()
        page.context.add_cookies([
            {"name": each.name, "value": each.value, "url": console} for each in signed_in(demo.output).cookies
        ])  # fmt: skip
        print(f"{'page':14} {'first time, ms':>15} {'again, ms':>10}")
        for path in PAGES:
            first, again = (milliseconds(page, console + path, given.rounds, fresh=fresh) for fresh in (True, False))
            slowest = max(slowest, first)
            print(f"{path:14} {first:15.0f} {again:10.0f}", flush=True)
    print(f"the slowest is first seen after {slowest:.0f} ms; the bar is {BAR_MS:.0f}: {judged(slowest, BAR_MS)}")
    return int(far_beyond((slowest, BAR_MS)))


if __name__ == "__main__":
    sys.exit(main())
