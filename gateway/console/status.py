"""How the machine does, for whoever runs it: processes, queue, outbox, texts, copies, migrations. No cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.metrics import Metrics, bell
from gateway.console.pages import draw
from gateway.status import Ready, reasons
from helpline.operations import health
from helpline.operations.health import BACKUP
from helpline.staff import raid_lock
from helpline.staff.roles import Permission
from helpline.store.migrate import newest

HERE = "/machine"
CLOCK = "clock"
"""Beside it `backup` leaves a sign of life."""
SILENT, LATE, COPIED = timedelta(minutes=2), timedelta(minutes=1), timedelta(hours=2)
"""How long a process may show no life, a row may be due, and the last copy may be old."""
TEXTS = ("sent", "failed", "received")
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that was looked at. `name`: its text; `value`: a count, an instant, a name; None: there is none."""

    name: str
    fine: bool
    value: int | str | datetime | None


@dataclass(frozen=True, slots=True)
class StatusPages:
    """The page of whoever runs Komek. `content`: the hash of the texts in use."""

    metrics: Metrics
    ready: Ready
    content: str

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Put the page behind its endpoint."""
        endpoints.add(HERE, self.show, Permission.MACHINE)

    def show(self, visit: Visit) -> Response:
        """Look once, now."""
        looked = list(self._look(visit))
        return draw(
            visit, "machine.html", looked=looked, reasons=reasons(self.ready), wrong=sum(not x.fine for x in looked)
        )

    def _look(self, visit: Visit) -> Iterator[Looked]:
        now = visit.console.now()
        with visit.console.db.read() as tx:
            seen, locked = health.read(tx, now, WITHIN), raid_lock.since(tx)
        yield from _processes(seen, now)
        yield from _queue(self.metrics.config.bell_url)
        yield Looked("due", seen.lag <= LATE.total_seconds(), seen.due_rows)
        yield Looked("lag", seen.lag <= LATE.total_seconds(), int(seen.lag))
        yield Looked("dead", not seen.dead_rows, seen.dead_rows)
        for what in TEXTS:
            age = seen.texts.get(what)
            at = None if age is None else now - timedelta(seconds=age)
            yield Looked(what, what != "failed" or at is None or now - at > WITHIN, at)
        yield Looked("channels", True, ", ".join(self.metrics.config.channels) or None)
        yield Looked("locked", locked is None, locked[0] if locked else None)
        yield Looked("revision", True, newest())
        yield Looked("content", True, self.content)


def _processes(seen: health.Vitals, now: datetime) -> Iterator[Looked]:
    for name, most in ((CLOCK, SILENT), (BACKUP, COPIED)):
        age = seen.beats.get(name)
        yield Looked(
            name, age is not None and age <= most.total_seconds(), None if age is None else now - timedelta(seconds=age)
        )


def _queue(url: str) -> Sequence[Looked]:
    """Ask the queue; requests go on without it, only slower."""
    found = bell(url)
    if found is None:
        return [Looked("no_queue", False, None)]
    length, workers = found
    return [Looked("queue", True, length), Looked("workers", workers > 0, workers)]
