"""`/metrics` for Prometheus: how those who ask fare, and how the machine does. With a token, or from this machine only.

Nothing by region, need or service, and no count of people but one, which is told in fives (R36): a figure that is read
every 15 seconds shows each person who comes. The time of a hop belongs to the public process, which has no `/metrics`.
"""

import hmac
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from redis.exceptions import RedisError
from rq import Worker

from gateway.console.access import Endpoints, Open
from gateway.console.context import Console, Visit
from helpline.core import job_queue
from helpline.core.config import Config
from helpline.directory import services as service_rows
from helpline.operations import health
from helpline.oversight.small_numbers import SMALLEST

KIND = "text/plain; version=0.0.4; charset=utf-8"
WITHIN = timedelta(hours=1)
Gauges = Iterator[GaugeMetricFamily]


@dataclass(frozen=True, slots=True, eq=False)  # a collector is told from others by what it is
class Metrics:
    """Reads what is to be watched. It is a collector of `prometheus_client`: `collect` is a scrape."""

    console: Console
    config: Config

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Put the page behind a door that asks for no account; who may come in is asked here."""
        endpoints.add("/metrics", self.give, Open.EVERYBODY)

    def give(self, visit: Visit) -> Response:
        """Give all gauges; to whoever may not have them an address that is not there."""
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
        """Look once, now."""
        now = self.console.now()
        with self.console.db.read() as tx:
            seen = health.read(tx, now, WITHIN)
            asked = health.asked_now(tx)
            services = {each.id: each for each in service_rows.services(tx, self.config.country)} if asked else {}
            people = health.signed_in(tx, self.console.entrance.now(), timedelta(minutes=self.config.idle_minutes))
        oldest = now.date() - timedelta(days=self.config.fresh_days)
        unverified = sum(each not in services or services[each].assured < oldest for each in asked)
        yield from _of_people(seen, unverified)
        yield from _of_the_machine(seen, people)
        yield from _of_the_bell(self.config.bell_url)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def in_fives(count: int) -> int:
    """Round a count of people up to fives: none, some, more."""
    return -(-count // SMALLEST) * SMALLEST


def _of_people(seen: health.Vitals, unverified: int) -> Gauges:
    closing = "Unclaimed requests whose window closes within the hour, rounded up to fives (R36)"
    yield _one("komek_windows_closing_unclaimed", closing, in_fives(seen.closing))
    yield _one("komek_oldest_stranded_seconds", "Since when nobody is left to ask, of the oldest", seen.oldest_stranded)
    waiting = "Since when the oldest request that nobody has claimed waits"
    yield _one("komek_oldest_waiting_seconds", waiting, seen.oldest_waiting)
    shown = "Services with an open offer that nobody has checked in time (R40): must be 0"
    yield _one("komek_unverified_services_shown", shown, unverified)


def _of_the_machine(seen: health.Vitals, people: int) -> Gauges:
    texts = GaugeMetricFamily("komek_last_text_age_seconds", "Since the last text of each kind", labels=["what"])
    for what, age in seen.texts.items():
        if age is not None:
            texts.add_metric([what], age)
    yield texts
    yield _one("komek_outbox_lag_seconds", "How long the oldest row that is due has been", seen.lag)
    yield _one("komek_outbox_due_rows", "Rows that are due", seen.due_rows)
    yield _one("komek_outbox_dead_rows", "Rows that were given up: a person must look", seen.dead_rows)
    beats = GaugeMetricFamily("komek_beat_age_seconds", "Since a process last showed life", labels=["process"])
    for name, age in seen.beats.items():
        beats.add_metric([name], age)
    yield beats
    yield _one("komek_sessions_signed_in", "Sessions of the console that are alive", people)


def bell(url: str) -> tuple[int, int] | None:
    """Ask the queue: rings that no worker has heard, and workers alive; None where it does not answer."""
    connection = job_queue.connect(url)
    try:
        return job_queue.queue(connection).count, Worker.count(connection=connection)
    except (RedisError, OSError):
        return None
    finally:
        connection.close()


def _of_the_bell(url: str) -> Gauges:
    """Ask the queue, which may be gone: then its gauges are, too, but one."""
    found = bell(url)
    yield _one("komek_queue_reachable", "Does the queue answer", 0 if found is None else 1)
    if found:
        yield _one("komek_queue_length", "Rings of the bell that no worker has heard yet", found[0])
        yield _one("komek_workers", "Workers that have shown life to the queue", found[1])


def _one(name: str, told: str, value: float | None) -> GaugeMetricFamily:
    """Make a gauge; one without a value has no line."""
    gauge = GaugeMetricFamily(name, told)
    if value is not None:
        gauge.add_metric([], value)
    return gauge
