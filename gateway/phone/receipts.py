"""The emulator's delivery reports: posted to our webhook later and in any order, as Africa's Talking does."""

import heapq
import logging
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import count
from threading import Condition, Thread
from urllib.parse import urlencode, urlsplit

from gateway.phone.inboxes import Inboxes
from helpline.core import log

Form = Mapping[str, str]
Post = Callable[[Form], None]
"""Posts the form of one report: `id`, `status`, `phoneNumber`, `networkCode`, and more if it failed."""

MOST_WAITING = 1000
POST_SECONDS = 5


class When(StrEnum):
    """When the reports of a message arrive."""

    ON_TIME = "on_time"
    LATE = "late"
    TWICE = "twice"
    OUT_OF_ORDER = "out_of_order"
    NEVER = "never"


PLANS: Mapping[When, tuple[tuple[float, str], ...]] = {
    When.ON_TIME: ((0.2, "Sent"), (1, "Success")),
    When.LATE: ((0.2, "Sent"), (120, "Success")),
    When.TWICE: ((0.2, "Sent"), (0.2, "Sent"), (1, "Success"), (1, "Success")),
    When.OUT_OF_ORDER: ((0.2, "Success"), (1, "Sent")),
    When.NEVER: (),
}
"""Seconds after the message was taken, and the status at that time."""

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNDELIVERED = {"status": "Failed", "failureReason": "DeliveryFailure", "retryCount": "0"}


def post_to(url: str) -> Post:
    """Make a `Post` to an address on this machine, without any configured proxy, over one connection that is kept."""
    where = urlsplit(url)
    connection = (HTTPSConnection if where.scheme == "https" else HTTPConnection)(where.netloc, timeout=POST_SECONDS)

    def ask(form: Form) -> int:
        connection.request("POST", where.path, urlencode(form), FORM)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def post(form: Form) -> None:
        try:
            status = ask(form)
        except (ConnectionError, HTTPException):  # it was closed since the last report
            connection.close()
            status = ask(form)
        except OSError:
            connection.close()
            raise
        if status >= 400:
            raise HTTPException(f"HTTP {status}")

    return post


class Receipts:
    """The queue of reports. `start` posts them from a background thread; a test calls `flush` instead.

    `clock` returns monotonic seconds. Nothing here blocks the request that planned a report.
    """

    def __init__(self, inboxes: Inboxes, post: Post, clock: Callable[[], float] = time.monotonic) -> None:
        self._inboxes = inboxes
        self._post = post
        self._clock = clock
        self._order = count()
        self._waiting: list[tuple[float, int, Form]] = []
        self._changed = Condition()

    def plan(self, id: str, number: str, when: When, *, delivered: bool = True) -> None:
        """Plan the reports of one message. If `MOST_WAITING` reports already wait, drop the others."""
        with self._changed:
            for seconds, status in PLANS[when]:
                form = {"id": id, "status": status, "phoneNumber": number, "networkCode": "99999"}
                if status == "Success" and not delivered:
                    form |= UNDELIVERED
                if len(self._waiting) < MOST_WAITING:
                    heapq.heappush(self._waiting, (self._clock() + seconds, next(self._order), form))
            self._changed.notify()

    def flush(self) -> int:
        """Post all due reports in order, and return how many."""
        with self._changed:
            due = []
            while self._waiting and self._waiting[0][0] <= self._clock():
                due.append(heapq.heappop(self._waiting)[2])
        for form in due:
            self._report(form)
        return len(due)

    def start(self) -> None:
        """Start a daemon thread that posts the reports."""
        Thread(target=self._run, name="receipts", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(max(0.0, self._waiting[0][0] - self._clock()) if self._waiting else None)
            self.flush()

    def _report(self, form: Form) -> None:
        self._inboxes.mark(form["id"], form["status"])
        try:
            self._post(form)
        except Exception as error:  # noqa: BLE001  # the thread goes on with the next
            log.event("receipt_not_posted", level=logging.WARNING, error=type(error).__name__)
