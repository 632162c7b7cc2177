"""`komek bench sms`: 1,000 people write within five seconds; how long until all of them are answered.

The service is the one that `komek up` runs: public web, clock, embedded Valkey, SQLite, and one worker or more. The
texts arrive at a steady rate over several connections, each from a number of its own. An answer counts once the gateway
took it.

With `--apart` workers and clock stand still until all texts are stored, as if the web had a machine of its own: then
the workers have the cores, and share them only with the emulated gateway in the web.
"""

import argparse
import os
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.bench.service import Service, cpu_seconds, service

WITHIN_SECONDS, APART_SECONDS = 17.0, 8.0
"""The bars: all texts are answered within this time after the first one arrived; after the workers began, if apart."""
ARRIVE_SECONDS = 5.0
GIVEN_UP_SECONDS = 180.0
SENDERS = 8
ANSWERED = "select count(*) from message where \"to\" = 'caller' and state in ('sent', 'delivered')"


@dataclass(frozen=True, slots=True)
class Measured:
    """How many texts were taken and answered, and the seconds from the first request to the last answer.

    Apart: from the moment at which the workers began.
    """

    texts: int
    refused: int
    taken_after: float
    answered: int
    answered_after: float
    processor: Mapping[str, float]
    """Seconds of processor time, by process."""


def measure(texts: int, workers: int, *, apart: bool) -> Measured:
    """Send `texts` texts at a fresh service and wait for the answers."""
    with tempfile.TemporaryDirectory(prefix="komek-bench-") as folder:
        data = Path(folder) / "data"
        with service(data, KOMEK_COUNTRY="KG", KOMEK_WORKERS=str(workers)) as running:
            return _measure(running, data / "komek.sqlite3", texts, apart=apart)


def _measure(running: Service, database: Path, texts: int, *, apart: bool) -> Measured:
    others = [*running.part("worker"), *running.part("clock")] if apart else []
    _tell(others, signal.SIGSTOP)
    began = time.monotonic()
    refused = _send(f"http://127.0.0.1:{running.port}{running.path.rpartition('/')[0]}/sms", texts)
    taken = time.monotonic() - began
    if apart:
        began = time.monotonic()
    _tell(others, signal.SIGCONT)
    answered = 0
    while answered < texts and time.monotonic() - began < GIVEN_UP_SECONDS:
        time.sleep(0.1)
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            (answered,) = db.execute(ANSWERED).fetchone()
    processor = {name: cpu_seconds(running.part(name)) for name in ("web", "worker", "clock")}
    return Measured(texts, refused, taken, answered, time.monotonic() - began, processor)


def _tell(processes: Sequence[int], number: signal.Signals) -> None:
    for process in processes:
        os.kill(process, number)


def _send(address: str, texts: int) -> int:
    """Send texts at a steady rate. Return how often one was refused: a gateway repeats what was not taken."""
    began, refused = time.monotonic(), [0] * SENDERS

    def send(lane: int) -> None:
        for at in range(lane, texts, SENDERS):
            time.sleep(max(0.0, began + at * ARRIVE_SECONDS / texts - time.monotonic()))
            while not _post(address, at):
                refused[lane] += 1
                time.sleep(0.2)

    lanes = [threading.Thread(target=send, args=(lane,)) for lane in range(SENDERS)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return sum(refused)


def _post(address: str, at: int) -> bool:
    form = {"id": f"bench-{at}", "linkId": "", "date": "2026-11-24 04:00:00", "to": "500", "from": f"+99600{at:07}"}
    body = urllib.parse.urlencode({**form, "text": "help"}).encode()
    try:
        with urllib.request.urlopen(address, body, timeout=30) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Return the exit code: 1 if an answer is missing or the bar is missed three times over."""
    parser = argparse.ArgumentParser(prog="komek bench sms", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--texts", type=int, default=1000, help="texts that arrive in five seconds (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--apart", action="store_true", help="store all texts first, and then let the workers begin")
    given = parser.parse_args(arguments)
    found, bar = (
        measure(given.texts, given.workers, apart=given.apart),
        APART_SECONDS if given.apart else WITHIN_SECONDS,
    )
    print(f"{found.texts} texts taken after {found.taken_after:.1f} s; refused at first: {found.refused}")
    print("processor time: " + ", ".join(f"{name} {used:.1f} s" for name, used in found.processor.items()))
    met = "met" if found.answered_after <= bar else "NOT MET"
    print(f"{found.answered} answered after {found.answered_after:.1f} s; the bar is {bar:.0f} s: {met}")
    return 1 if found.answered < found.texts or found.answered_after > 3 * bar else 0


if __name__ == "__main__":
    sys.exit(main())
