"""`/metrics` for Prometheus: whether callers get help, and the state of the machine. By token, or from this machine.

No figure is by region, need or service. The one count of people is rounded up to fives (R36): a gauge that is read
every 15 seconds would show each person who asks. Hop times come from the public processes through Valkey
(`helpline.operations.hop_times`).
"""

import hmac
import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, request
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from redis.exceptions import RedisError

from gateway.console.access import Endpoints, Open
from gateway.console.context import Console, Visit
from helpline.core import channels_file, job_queue
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config
from helpline.core.jobs import KINDS, Job, Queue
from helpline.directory import services as service_rows
from helpline.directory.unreached import unreached
from helpline.operations import health_figures, hop_times, refused_requests
from helpline.operations.refused_requests import Fault, Refused
from helpline.oversight.small_numbers import SMALLEST
from helpline.store import channel_states
from helpline.store.channel_states import ChannelState

KIND = "text/plain; version=0.0.4; charset=utf-8"
WITHIN = timedelta(hours=1)
Gauges = Iterator[Metric]


@dataclass(frozen=True, slots=True, eq=False)  # `prometheus_client` compares collectors by identity
class Metrics:
    """A collector of `prometheus_client`: `collect` is called once per scrape."""

    console: Console
    config: Config

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register the endpoint. It needs no account: `_may` checks the token or the address."""
        endpoints.add("/metrics", self.give, Open.EVERYBODY)

    def give(self, visit: Visit) -> Response:
        """Send all gauges, or a 404 to those who may not read them."""
        del visit
        if not self._may():
            return Response("not found", 404, content_type="text/plain; charset=utf-8")
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return Response(generate_latest(registry), content_type=KIND)

    def _may(self) -> bool:
        token = self.config.metrics_token.get_secret_value()
        if token:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return hmac.compare_digest(given.encode(), token.encode())
        passed_on = self.config.trust_proxy or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
        return not passed_on and _is_here(request.remote_addr or "")

    def collect(self) -> Gauges:
        """Yield the gauges as they are now."""
        now = self.console.now()
        with self.console.db.read(now) as tx:
            seen = health_figures.read(tx, WITHIN)
            asked = health_figures.services_with_open_offer(tx)
            services = {each.id: each for each in service_rows.services(tx, self.config.country)} if asked else {}
            channels = channel_states.everyone(tx)
            settings = channels_file.senders_of(self.config)
            lost = unreached(tx, self.config.country, settings)
            people = health_figures.active_sessions(
                tx.at(self.console.sign_in.now()), timedelta(minutes=self.config.idle_minutes)
            )
        oldest = now.date() - timedelta(days=self.config.fresh_days)
        unverified = sum(each not in services or services[each].assured < oldest for each in asked)
        yield from _of_people(seen, unverified)
        yield from _of_the_machine(seen, people)
        yield from _of_channels(channels, now)
        yield from _of_money(channels, settings, now)
        told = "Services and coordinators whose telephone no channel sends texts to: must be 0"
        yield _one("komek_telephones_unreached", told, len(lost))
        yield from queue_gauges(self.config.queue_url)
        yield from hop_histogram(self.config.queue_url)
        yield _refused(refused_requests.read(self.config.queue_url), channels_file.names_of(self.config))


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def in_fives(count: int) -> int:
    """Round a count of people up to a multiple of five."""
    return -(-count // SMALLEST) * SMALLEST


def _of_people(seen: health_figures.Health, unverified: int) -> Gauges:
    closing = "Unclaimed requests whose window closes within the hour, rounded up to fives (R36)"
    yield _one("komek_windows_closing_unclaimed", closing, in_fives(seen.closing))
    unknown = (
        "Unclaimed requests from abroad that nobody may call because the hour there is unknown, rounded up to fives"
        " (R3, R36)"
    )
    yield _one("komek_requests_without_hour", unknown, in_fives(seen.no_hour))
    yield _one(
        "komek_oldest_stranded_seconds",
        "Seconds since the oldest stranded request had no service left",
        seen.oldest_stranded,
    )
    waiting = "Seconds since the oldest unclaimed request was made"
    yield _one("komek_oldest_waiting_seconds", waiting, seen.oldest_waiting)
    shown = "Services with an open offer that left the directory or whose check is too old (R40): must be 0"
    yield _one("komek_unverified_services_shown", shown, unverified)


def _of_the_machine(seen: health_figures.Health, people: int) -> Gauges:
    texts = GaugeMetricFamily(
        "komek_last_text_age_seconds", "Seconds since the last text of each kind", labels=["what"]
    )
    for what, age in seen.texts.items():
        if age is not None:
            texts.add_metric([what], age)
    yield texts
    lag = GaugeMetricFamily("komek_outbox_lag_seconds", "Seconds that the oldest row has been due", labels=["queue"])
    rows = GaugeMetricFamily("komek_outbox_due_rows", "Rows that are due, rounded up to fives (R36)", labels=["queue"])
    for queue, backlog in seen.queues.items():
        lag.add_metric([queue], backlog.oldest)
        rows.add_metric([queue], in_fives(backlog.rows))
    yield lag
    yield rows
    yield _one("komek_outbox_dead_rows", "Rows that were given up: an operator must look at them", seen.dead_rows)
    beats = GaugeMetricFamily(
        "komek_beat_age_seconds", "Seconds since the last heartbeat of a process", labels=["process"]
    )
    for name, age in seen.heartbeats.items():
        beats.add_metric([name], age)
    yield beats
    yield _one("komek_sessions_signed_in", "Signed-in sessions of the console", people)


def _of_channels(channels: Sequence[ChannelState], now: datetime) -> Gauges:
    sent = GaugeMetricFamily("komek_channel_sent", "Texts that a channel took, rounded up to fives", labels=["channel"])
    failed = GaugeMetricFamily(
        "komek_channel_failed", "Texts that a channel did not take, rounded up to fives", labels=["channel"]
    )
    age = GaugeMetricFamily(
        "komek_channel_success_age_seconds", "Seconds since a channel last took a text", labels=["channel"]
    )
    rests = GaugeMetricFamily(
        "komek_channel_rests", "1 if a channel rests after three faults in a row", labels=["channel"]
    )
    for each in channels:
        sent.add_metric([each.name], in_fives(each.sent))
        failed.add_metric([each.name], in_fives(each.failed))
        rests.add_metric([each.name], int(each.is_resting(now)))
        if each.last_success is not None:
            age.add_metric([each.name], (now - each.last_success).total_seconds())
    yield from (sent, failed, age, rests)


def _of_money(channels: Sequence[ChannelState], settings: Sequence[ChannelSettings], now: datetime) -> Gauges:
    rate = GaugeMetricFamily("komek_channel_rate_limit", "The most texts a second of a channel", labels=["channel"])
    balance = GaugeMetricFamily("komek_channel_balance", "What a gateway said is left", labels=["channel"])
    low = GaugeMetricFamily(
        "komek_channel_balance_low", "1 if less is left than the channels file wants", labels=["channel"]
    )
    age = GaugeMetricFamily(
        "komek_channel_balance_age_seconds", "Seconds since a gateway said what is left", labels=["channel"]
    )
    said = {each.name: each for each in channels if each.balance is not None and each.balance_at is not None}
    for each in settings:
        if each.rate is not None:
            rate.add_metric([each.name], each.rate)
        if (state := said.get(each.name)) and state.balance is not None and state.balance_at is not None:
            balance.add_metric([each.name], state.balance)
            low.add_metric([each.name], int(each.is_low(state.balance)))
            age.add_metric([each.name], (now - state.balance_at).total_seconds())
    yield from (rate, balance, low, age)


def _refused(found: Sequence[Refused], names: Sequence[str]) -> GaugeMetricFamily:
    """Return how many requests each channel refused. Also what is 0, so that Prometheus sees the first one."""
    told = "Requests of a gateway that were refused, rounded up to fives"
    gauge = GaugeMetricFamily("komek_requests_refused", told, labels=["channel", "fault"])
    counts = {(each.channel, each.fault): each.count for each in found}
    for name in names:
        for fault in Fault:
            gauge.add_metric([name, fault], in_fives(counts.get((name, fault), 0)))
    return gauge


def hop_histogram(url: str) -> Gauges:
    """Yield how long hops took in all public processes. Nothing if Valkey does not answer."""
    try:
        with job_queue.connect(url) as connection:
            stored = connection.hgetall(hop_times.NAME)
    except (RedisError, OSError):
        return
    found = hop_times.histogram(stored)
    told = "How long the answer to a key press took; added once a minute, thirty at once or more"
    yield HistogramMetricFamily("komek_hop_seconds", told, buckets=list(found.buckets), sum_value=found.seconds)


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits in RQ, and who is there to do it."""

    waiting: Mapping[Queue, Mapping[Job, int]]
    """The jobs that no worker has taken yet, by queue and name. A job is a wake-up: it does not say how much is due."""
    workers: int

    @property
    def lengths(self) -> Mapping[Queue, int]:
        """The number of jobs in each queue."""
        return {queue: sum(jobs.values()) for queue, jobs in self.waiting.items()}


def queue_state(url: str) -> QueueState | None:
    """Return the state of the queues, or None if they do not answer."""
    connection = job_queue.connect(url)
    try:
        found = {name: job_queue.waiting(queue) for name, queue in job_queue.queues(connection).items()}
        waiting = {name: {job: found[name][job] for job in KINDS[name]} for name in found}
        return QueueState(waiting, job_queue.count_workers(connection))
    except (RedisError, OSError):
        return None
    finally:
        connection.close()


def queue_gauges(url: str) -> Gauges:
    """Yield the gauges of the queues. If they do not answer, `komek_queue_reachable` is the only one."""
    found = queue_state(url)
    yield _one("komek_queue_reachable", "1 if the queue answers, else 0", 0 if found is None else 1)
    if found is None:
        return
    lengths = GaugeMetricFamily("komek_queue_length", "Jobs that no worker has taken yet", labels=["queue"])
    for queue, length in found.lengths.items():
        lengths.add_metric([queue], length)
    yield lengths
    jobs = GaugeMetricFamily(
        "komek_jobs_waiting", "Jobs that no worker has taken yet, by name; at most one for each worker", labels=["job"]
    )
    for job, count in (each for named in found.waiting.values() for each in named.items()):
        jobs.add_metric([job], count)
    yield jobs
    yield _one("komek_workers", "Workers with a heartbeat in the queue", found.workers)


def _one(name: str, told: str, value: float | None) -> GaugeMetricFamily:
    """Make a gauge. Without a value it has no line."""
    gauge = GaugeMetricFamily(name, told)
    if value is not None:
        gauge.add_metric([], value)
    return gauge
