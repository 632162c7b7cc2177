"""Callers who call two hosts all the time, people at services who say yes, and what both saw."""

import http.client
import math
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from helpline.store.engine import Database
from tests.faults import checks
from tests.faults.checks import Evidence
from tests.faults.events import tell, told
from tests.faults.people import Callers, Desks
from tests.faults.phones import book, says, shows
from tests.faults.service import Service
from tests.faults.storm import PHONES, settle
from tests.hosts.cluster import Cluster

PROBE_SECONDS = 0.1
CALM_SECONDS = 900.0
FIRST_SCREEN = "start.language"


@dataclass(slots=True)
class Crowd:
    """Callers and services of a cluster."""

    cluster: Cluster
    service: Service
    db: Database
    callers: Callers
    desks: Desks
    people: ThreadPoolExecutor
    numbers: list[str]
    calls: list["Future[None]"] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    """When the balancer answered a hop of somebody who only looks, in seconds of `time.monotonic`."""
    wrong: list[str] = field(default_factory=list)
    """What it answered instead of the first screen."""

    def call(self, times: int) -> None:
        """Make so many more callers ask for a call."""
        for _ in range(times):
            self.calls.append(self.people.submit(self.callers.call, self.numbers[len(self.calls)]))

    def wait(self) -> None:
        """Wait until all of them have seen that their request is saved."""
        for call in self.calls:
            call.result()

    def saved(self) -> int:
        """Return how many have seen it."""
        return len(self.callers.shown_codes)

    def offers(self) -> int:
        """Return how many offers have been sent."""
        return sum(says(self.callers.book, "to_ngo.offer", text.text) is not None
                   for text in list(self.cluster.gateway.phones.taken))  # fmt: skip

    def longest_silence(self, since: float, until: float = math.inf) -> float:
        """Return the longest time without an answer since then."""
        ends = min(until, time.monotonic())
        times = [since, *(at for at in list(self.answered) if since < at < ends), ends]
        return max(after - before for before, after in pairwise(times))

    def faults(self) -> list[str]:
        """Wait until all work is done. Return what is wrong then, with the story of each request."""
        settle(self.service, self.db, self.desks, CALM_SECONDS)
        self.desks.ask_numbers_again()
        settle(self.service, self.db, self.desks, CALM_SECONDS)
        hidden = frozenset(number.removeprefix("+") for number in self.numbers)
        texts = self.cluster.gateway.phones.taken
        seen = Evidence(self.callers.book, hidden, self.callers.shown_codes, texts, self.service.keys)
        with self.db.read(self.service.clock()) as tx:
            return told(tx, checks.faults(tx, seen))

    def look(self, over: threading.Event) -> None:
        """Dial again and again, and note when the first screen is shown."""
        form = {"phoneNumber": "+996000990009", "text": "", "serviceCode": "*500#", "networkCode": "99999"}
        for number in range(10**9):
            with suppress(OSError, http.client.HTTPException):
                status, answer = self.service.post("ussd", {**form, "sessionId": f"look {number}"})
                if status == http.HTTPStatus.OK and shows(self.callers.book, FIRST_SCREEN, answer.removeprefix("CON ")):
                    self.answered.append(time.monotonic())
                else:
                    self.wrong.append(f"{status} {answer}")
            if over.wait(PROBE_SECONDS):
                return


@contextmanager
def crowd(cluster: Cluster, seed: int, callers: int) -> Iterator[Crowd]:
    """Bring so many callers, and somebody who only looks. Three callers call at the same time."""
    chance, over, service = Random(seed), threading.Event(), cluster.service
    db, texts = service.database(), book()
    numbers = [f"+996000{n}" for n in chance.sample(range(600_000, 900_000), callers)]
    with ThreadPoolExecutor(3) as people, ThreadPoolExecutor(6) as errands:
        desks = Desks(service, texts, chance, PHONES, {"yes": 1}, errands)
        cluster.gateway.phones.on_text = desks.receive
        made = Crowd(cluster, service, db, Callers(service, texts, chance), desks, people, numbers)
        looks = threading.Thread(target=made.look, args=(over,))
        looks.start()
        try:
            yield made
        except Exception:
            print(tell(db))
            raise
        finally:
            over.set()
            looks.join()
            cluster.gateway.phones.on_text = lambda message: None
            people.shutdown(cancel_futures=True)
            db.dispose()
