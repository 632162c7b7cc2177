"""`komek bench sms`: 1,000 people write within five seconds; how long until all of them are answered.

The service is the one that `komek up` runs: public web, clock, embedded Valkey, SQLite, and one worker or more. The
texts arrive at a steady rate over several connections, each from a number of its own. The gateway is in this process. It
counts what it took for each number, and reports each text as delivered a second later. A text that was refused, not
answered or answered twice is a fault, however fast the others were.

With `--apart` workers and clock stand still until all texts are stored, as if the web had a machine of its own: then
the workers have the cores, and share them only with the gateway and the web, which stores its reports.

With `--copies`, the control, each twentieth text comes again with another id, so that nobody can know it for a copy. It
is answered twice, which must be noticed.
"""

import argparse
import json
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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gateway.phone.inboxes import Inboxes
from gateway.phone.receipts import Receipts, When, post_to
from tests.bench.service import Service, cpu_seconds, service

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


class Gateway(ThreadingHTTPServer):
    """A gateway that takes every text at once. It does little, because it shares the cores with the service."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.taken = list[str]()
        """The number that each text is for."""
        self.receipts: Receipts | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"

    def reports_to(self, hook: str) -> None:
        """Post reports to this address from now on."""
        self.receipts = Receipts(Inboxes(), post_to(hook))
        self.receipts.start()


class _Take(BaseHTTPRequestHandler):
    """Africa's Talking's `POST /version1/messaging` for one recipient."""

    server: Gateway

    def do_POST(self) -> None:
        """Take a text."""
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.server.taken.append(form["to"])
        id = f"ATXid_{len(self.server.taken)}"
        if self.server.receipts:
            self.server.receipts.plan(id, form["to"], When.ON_TIME)
        taken = {"cost": "KES 0.8000", "messageId": id, "number": form["to"], "status": "Success", "statusCode": 101}
        body = json.dumps({"SMSMessageData": {"Message": "Sent to 1/1", "Recipients": [taken]}}).encode()
        self.send_response_only(HTTPStatus.CREATED)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _gateway() -> Iterator[Gateway]:
    with Gateway() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def measure(texts: int, workers: int, *, apart: bool, copies: bool = False) -> Measured:
    """Send `texts` texts at a fresh service and wait for the answers."""
    with tempfile.TemporaryDirectory(prefix="komek-bench-") as folder, _gateway() as gateway:
        data = Path(folder) / "data"
        settings = {"KOMEK_COUNTRY": "KG", "KOMEK_WORKERS": str(workers), "KOMEK_GATEWAY_URL": gateway.url}
        with service(data, **settings) as running:
            return _measure(running, gateway, data / "komek.sqlite3", texts, apart=apart, copies=copies)


def _measure(running: Service, gateway: Gateway, database: Path, texts: int, *, apart: bool, copies: bool) -> Measured:
    hook = f"http://127.0.0.1:{running.port}{running.path.rpartition('/')[0]}"
    gateway.reports_to(f"{hook}/receipt")
    others = [*running.part("worker"), *running.part("clock")] if apart else []
    _tell(others, signal.SIGSTOP)
    began = time.monotonic()
    refused = _send(f"{hook}/sms", texts)
    taken = time.monotonic() - began
    if apart:
        began = time.monotonic()
    _tell(others, signal.SIGCONT)
    while len(set(gateway.taken)) < texts and time.monotonic() - began < GIVEN_UP_SECONDS:
        time.sleep(0.05)
    answered = time.monotonic() - began
    for at in range(0, texts if copies else 0, COPY_EACH):
        _post(f"{hook}/sms", f"copy-{at}", at)
    while _left(database) and time.monotonic() - began < GIVEN_UP_SECONDS:  # a second answer comes later
        time.sleep(0.1)
    processor = {name: cpu_seconds(running.part(name)) for name in ("web", "worker", "clock")}
    return Measured(texts, refused, taken, Counter(gateway.taken), answered, processor)


def _left(database: Path) -> int:
    """Return how many texts wait to be read, sent or reported as delivered."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        (left,) = db.execute(LEFT).fetchone()
    return int(left)


def _tell(processes: Sequence[int], number: signal.Signals) -> None:
    for process in processes:
        os.kill(process, number)


def _send(address: str, texts: int) -> int:
    """Send texts at a steady rate. Return how often one was refused: a gateway repeats what was not taken."""
    began, refused = time.monotonic(), [0] * SENDERS

    def send(lane: int) -> None:
        for at in range(lane, texts, SENDERS):
            time.sleep(max(0.0, began + at * ARRIVE_SECONDS / texts - time.monotonic()))
            while not _post(address, f"bench-{at}", at):
                refused[lane] += 1
                time.sleep(0.2)

    lanes = [threading.Thread(target=send, args=(lane,)) for lane in range(SENDERS)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return sum(refused)


def _post(address: str, id: str, number: int) -> bool:
    form = {"id": id, "linkId": "", "date": "2026-11-24 04:00:00", "to": "500", "from": f"+99600{number:07}"}
    body = urllib.parse.urlencode({**form, "text": "help"}).encode()
    try:
        with urllib.request.urlopen(address, body, timeout=30) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


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
    met = "met" if found.answered_after <= bar else "NOT MET"
    print(f"{len(found.answers)} answered after {found.answered_after:.1f} s; the bar is {bar:.0f} s: {met}")
    print(f"faults: {', '.join(found.faults) or 'none'}")
    return 1 if found.faults or found.answered_after > 3 * bar else 0


if __name__ == "__main__":
    sys.exit(main())
