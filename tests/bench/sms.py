"""`komek bench sms`: 1,000 people write within five seconds; how long until all of them are answered.

The service is the one that `komek up` runs: public web, clock, embedded Valkey, SQLite, and one worker or more. The
texts arrive at a steady rate over several connections, each from a number of its own. The gateway is in this process. It
counts what it took for each number, and reports each text as delivered a second later, over as many connections. A text
that was refused, not answered or answered twice is a fault, however fast the others were.

With `--apart` workers and clock stand still until all texts are stored, as if the web had a machine of its own: then
the workers have the cores, and share them only with the gateway and the web, which stores its reports.

With `--copies`, the control, each twentieth text comes again with another id, so that nobody can know it for a copy. It
is answered twice, which must be noticed.
"""

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench import sms_load
from tests.bench.bars import far_beyond, judged
from tests.bench.service import Service, cpu_seconds, service
from tests.bench.sms_load import Gateway, Line

WITHIN_SECONDS, APART_SECONDS = 17.0, 8.0
"""The bars: all texts are answered within this time after the first one arrived; after the workers began, if apart."""
ARRIVE_SECONDS = 5.0
GIVEN_UP_SECONDS = 180.0
SENDERS = 8
COPY_EACH = 20
LEFT = """
select (select count(*) from outbox where kind in ('sms', 'send'))
     + (select count(*) from message where "to" = 'caller' and state = 'sent')
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """How many texts were taken and answered, and the seconds from the first request to the last answer.

    Apart: from the moment at which the workers began.
    """

    texts: int
    refused: int
    """How often the service refused a text."""
    taken_after: float
    answers: Mapping[str, int]
    """How many texts the gateway took for each number."""
    answered_after: float
    processor: Mapping[str, float]
    """Seconds of processor time, by process."""

    @property
    def faults(self) -> list[str]:
        """What went wrong, in words."""
        found = {
            "refused": self.refused,
            "not answered": self.texts - len(self.answers),
            "answered twice": sum(times > 1 for times in self.answers.values()),
        }
        return [f"{many} {what}" for what, many in found.items() if many]


def measure(texts: int, workers: int, *, apart: bool, copies: bool = False) -> Measured:
    """Send `texts` texts at a fresh service and wait for the answers."""
    return asyncio.run(_measured(texts, workers, apart=apart, copies=copies))


async def _measured(texts: int, workers: int, *, apart: bool, copies: bool) -> Measured:
    with tempfile.TemporaryDirectory(prefix="komek-bench-") as folder:
        data = Path(folder) / "data"
        async with sms_load.gateway() as gateway:
            settings = {"KOMEK_COUNTRY": "KG", "KOMEK_WORKERS": str(workers), "KOMEK_GATEWAY_URL": gateway.url}
            with service(data, **settings) as running:
                return await _measure(running, gateway, data / "komek.sqlite3", texts, apart=apart, copies=copies)


async def _measure(
    running: Service, gateway: Gateway, database: Path, texts: int, *, apart: bool, copies: bool
) -> Measured:
    hook = running.path.rpartition("/")[0]
    reports = [asyncio.create_task(gateway.report(running.port, f"{hook}/receipt")) for _ in range(SENDERS)]
    others = await _stopped(running, database) if apart else []
    began = time.monotonic()
    refused = await _send(running.port, f"{hook}/sms", texts)
    taken = time.monotonic() - began
    if apart:
        began = time.monotonic()
    _tell(others, signal.SIGCONT)
    while len(set(gateway.taken)) < texts and time.monotonic() - began < GIVEN_UP_SECONDS:
        await asyncio.sleep(0.05)
    answered = time.monotonic() - began
    for at in range(0, texts if copies else 0, COPY_EACH):
        copy = Line(running.port)
        await copy.post(f"{hook}/sms", _form(f"copy-{at}", at))
        await copy.close()
    while _left(database) and time.monotonic() - began < GIVEN_UP_SECONDS:  # a second answer comes later
        await asyncio.sleep(0.1)
    for each in reports:
        each.cancel()
    await asyncio.wait(reports)
    processor = {name: cpu_seconds(running.part(name)) for name in ("web", "worker", "clock", "valkey")}
    own = {"this process": time.process_time()}
    return Measured(texts, refused, taken, Counter(gateway.taken), answered, processor | own)


async def _stopped(running: Service, database: Path) -> list[int]:
    """Make workers and clock stand still while none of them writes: else the web could store nothing until they go on.

    Return their processes.
    """
    while True:
        others = [*running.part("worker"), *running.part("clock")]
        _tell(others, signal.SIGSTOP)
        if _can_write(database):
            return others
        _tell(others, signal.SIGCONT)
        await asyncio.sleep(0.05)


def _can_write(database: Path) -> bool:
    with closing(sqlite3.connect(database, timeout=0.5, isolation_level=None)) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
            db.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
    return True


def _left(database: Path) -> int:
    """Return how many texts wait to be read, sent or reported as delivered."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        (left,) = db.execute(LEFT).fetchone()
    return int(left)


def _tell(processes: Sequence[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # a job that has just ended
            os.kill(process, number)


async def _send(port: int, path: str, texts: int) -> int:
    """Send texts at a steady rate. Return how often one was refused."""
    began = time.monotonic()

    async def send(lane: int) -> int:
        line, refused = Line(port), 0
        for at in range(lane, texts, SENDERS):
            await asyncio.sleep(max(0.0, began + at * ARRIVE_SECONDS / texts - time.monotonic()))
            refused += await line.post_until_taken(path, _form(f"bench-{at}", at))
        await line.close()
        return refused

    return sum(await asyncio.gather(*map(send, range(SENDERS))))


def _form(id: str, number: int) -> dict[str, str]:
    """Return the form of a text of one person."""
    at = "2026-11-24 04:00:00"
    return {"id": id, "linkId": "", "date": at, "to": "500", "from": f"+99600{number:07}", "text": "help"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Return the exit code: 1 after any fault, or if the bar is missed three times over."""
    parser = argparse.ArgumentParser(prog="komek bench sms", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--texts", type=int, default=1000, help="texts that arrive in five seconds (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--apart", action="store_true", help="store all texts first, and then let the workers begin")
    parser.add_argument("--copies", action="store_true", help="the control: some texts come twice, with two ids")
    given = parser.parse_args(arguments)
    found = measure(given.texts, given.workers, apart=given.apart, copies=given.copies)
    bar = APART_SECONDS if given.apart else WITHIN_SECONDS
    print(f"{found.texts} texts taken after {found.taken_after:.1f} s")
    print("processor time: " + ", ".join(f"{name} {used:.1f} s" for name, used in found.processor.items()))
    print(
        f"{len(found.answers)} answered after {found.answered_after:.1f} s; the bar is {bar:.0f} s: {judged(found.answered_after, bar)}"
    )
    print(f"faults: {', '.join(found.faults) or 'none'}")
    return int(bool(found.faults) or far_beyond((found.answered_after, bar)))


if __name__ == "__main__":
    sys.exit(main())
