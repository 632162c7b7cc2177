"""The state of the machine, for operators: processes, queue, outbox, texts, backups, migrations. No cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.metrics import Metrics, in_fives, queue_state
from gateway.console.pages import draw
from gateway.status import Ready, reasons
from helpline.core import channels_file
from helpline.directory.unreached import unreached
from helpline.operations import health_figures, readiness, refused_requests
from helpline.operations.health_figures import BACKUP, OLDEST_BACKUP
from helpline.operations.readiness import NOTHING_DECIDED
from helpline.staff import raid_lock
from helpline.staff.roles import Permission
from helpline.store import channel_states, launch
from helpline.store.migrate import newest

HERE = "/machine"
CLOCK = "clock"
"""The clock process. It and `backup` leave heartbeats."""
SILENT, LATE = timedelta(minutes=2), timedelta(minutes=1)
"""The longest time without a heartbeat, and that a row may be due."""
TEXTS = ("sent", "failed", "received")
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the page."""

    name: str
    """The name of its text."""
    fine: bool
    value: int | str | datetime | None
    """A count, an instant or a name; None if there is none."""


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """How one channel is doing."""

    name: str
    last_success: datetime | None
    sent: int
    failed: int
    rate: float | None
    """The most texts a second."""
    balance: str
    """Empty if the gateway does not say."""
    fine: bool


@dataclass(frozen=True, slots=True)
class StatusPages:
    """The page for operators."""

    metrics: Metrics
    ready: Ready
    content: str
    """The hash of the texts in use."""

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register this page."""
        endpoints.add(HERE, self.show, Permission.MACHINE)

    def show(self, visit: Visit) -> Response:
        """Show the state as it is now. What somebody must look at comes first."""
        looked = sorted(self._look(visit), key=attrgetter("fine"))
        channels = sorted(self._channels(visit), key=attrgetter("fine"))
        return draw(
            visit, "machine.html", looked=looked, channels=channels, reasons=reasons(self.ready),
            before=self._before(visit),
            wrong=sum(not x.fine for x in looked) + sum(not x.fine for x in channels),
        )  # fmt: skip

    def _channels(self, visit: Visit) -> Iterator[ChannelRow]:
        """Yield how each channel is doing. Counts are rounded up to fives, as in the metrics (R36)."""
        now = visit.console.now()
        with visit.console.db.read(now) as tx:
            states = {each.name: each for each in channel_states.everyone(tx)}
        known = set(channels_file.names_of(self.metrics.config))
        for each in channels_file.senders_of(self.metrics.config):
            state = states.get(each.name)
            if each.name in known and state is not None:
                money = "" if state.balance is None else f"{state.balance:.2f}"
                yield ChannelRow(
                    each.name, state.last_success, in_fives(state.sent), in_fives(state.failed), each.rate, money,
                    not (state.is_resting(now) or each.is_low(state.balance) or state.has_old_balance(now)),
                )  # fmt: skip

    def _before(self, visit: Visit) -> Sequence[str]:
        """Return what is missing before the line may be opened."""
        console, config = visit.console, self.metrics.config
        with console.db.read(console.now()) as tx:
            if config.demo or not launch.is_closed(tx):
                return ()
            reviews = console.case_context.reviews
            found = readiness.items(tx, config, console.country_data, reviews, NOTHING_DECIDED)
            return [launch.NOT_OPEN, *(item.told for item in found if not item.fine)]

    def _look(self, visit: Visit) -> Iterator[Check]:
        now = visit.console.now()
        with visit.console.db.read(now) as tx:
            seen, locked = health_figures.read(tx, WITHIN), raid_lock.since(tx)
            resting = channel_states.resting(tx)
            lost = unreached(tx, visit.console.country, channels_file.senders_of(self.metrics.config))
        yield from _processes(seen, now)
        sure = visit.console.db.is_sure()
        yield Check("time" if sure else "time_in_doubt", sure, now)
        yield from _queue(self.metrics.config.queue_url)
        due = seen.due
        yield Check("due", due.oldest <= LATE.total_seconds(), due.rows)
        yield Check("lag", due.oldest <= LATE.total_seconds(), int(due.oldest))
        yield Check("dead", not seen.dead_rows, seen.dead_rows)
        for what in TEXTS:
            age = seen.texts.get(what)
            at = None if age is None else now - timedelta(seconds=age)
            yield Check(what, what != "failed" or at is None or now - at > WITHIN, at)
        names = channels_file.names_of(self.metrics.config)
        shown = [f"{name} (!)" if name in resting else name for name in names]
        yield Check("channels", not resting.intersection(names), ", ".join(shown) or None)
        yield Check("unreached", not lost, ", ".join(lost) or 0)
        found = refused_requests.read(self.metrics.config.queue_url)
        refused = sorted({each.channel for each in found if each.is_news(now)})
        yield Check("refused", not refused, ", ".join(refused) or 0)
        yield Check("locked", locked is None, locked[0] if locked else None)
        yield Check("revision", True, newest())
        yield Check("content", True, self.content)


def _processes(seen: health_figures.Health, now: datetime) -> Iterator[Check]:
    for name, most in ((CLOCK, SILENT), (BACKUP, OLDEST_BACKUP)):
        age = seen.heartbeats.get(name)
        yield Check(
            name, age is not None and age <= most.total_seconds(), None if age is None else now - timedelta(seconds=age)
        )


def _queue(url: str) -> Sequence[Check]:
    """Return the lines about the queue. Requests go on without it, only slower."""
    found = queue_state(url)
    if found is None:
        return [Check("no_queue", False, None)]
    return [Check("queue", True, sum(found.lengths.values())), Check("workers", found.workers > 0, found.workers)]
