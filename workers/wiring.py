"""Build the service of a worker or the clock from the settings."""

import base64
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from gateway.channels.providers import PROVIDERS
from helpline.caller.caller_context import CallerContext
from helpline.caller.gate import Gate
from helpline.caller.sms_dialogue import SmsDialogue
from helpline.caller.stops import WorkerStops
from helpline.casework.drills import Drills
from helpline.casework.sms_orders import Orders
from helpline.content import content_cache, loading
from helpline.content.reviews import Reviews
from helpline.core import channels_file, clock, log
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config, ConfigError
from helpline.core.job_queue import RedisJobQueue
from helpline.core.ports import CallMaker
from helpline.core.process_keys import Role
from helpline.core.watched_clock import WatchedClock
from helpline.keys.row_seal import ContactKey
from helpline.keys.sealing import Hashing, Opening, Sealing, Words
from helpline.messaging.inbound import Inbound
from helpline.messaging.outgoing import Outgoing
from helpline.messaging.routes import Route
from helpline.messaging.wording import Wording
from helpline.operations import heartbeats, launching
from helpline.operations.retention import Erasure
from helpline.referral.context import Context
from helpline.reveal.bridging import Bridging
from helpline.store.connection import connect, share_plans
from helpline.store.database_clock import DatabaseClock
from helpline.store.engine import Database, Unavailable
from workers.effects import Work
from workers.gateway_questions import GatewayQuestions
from workers.side_by_side import LANES
from workers.turns import TURN_SECONDS
from workers.warm_up import warm_up


@dataclass(frozen=True, slots=True)
class CallChannel:
    """The channel that bridged calls go through."""

    name: str
    maker: CallMaker


def channels_of(config: Config) -> tuple[ChannelSettings, ...]:
    """Return the channels of a worker. In the demo, texts go to the emulator of this machine."""
    channels = channels_file.read(config, role=Role.WORKER)
    if not config.demo:
        return channels
    usual = {"url": f"http://127.0.0.1:{config.port}/gateway"}
    return tuple(
        each.model_copy(update={
            "options": usual | {name: value for name, value in each.options.items() if value},
            "secrets": {"api_key": SecretStr("demo")},
        })
        for each in channels
    )  # fmt: skip


def routes_of(channels: Sequence[ChannelSettings]) -> tuple[Route, ...]:
    """Return what sends texts. Raise `ConfigError` for an unknown kind of channel, or one that lacks something."""
    known = ", ".join(PROVIDERS)
    faults = [f"{each.name}: there is no kind {each.kind}; there are {known}"
              for each in channels if each.kind not in PROVIDERS]  # fmt: skip
    if faults:
        raise ConfigError(faults)
    routes: list[Route] = []
    for each in channels:
        provider = PROVIDERS[each.kind]
        try:
            sender, safe = provider.sender(each), provider.deduplicates(each)
            poller, purse = provider.poller(each), provider.purse(each)
        except ValueError as error:
            faults.append(str(error))
            continue
        if sender is not None:
            routes.append(Route(each, sender, safe, poller, purse))
    if faults:
        raise ConfigError(faults)
    return tuple(routes)


def call_channel_of(channels: Sequence[ChannelSettings]) -> CallChannel | None:
    """Return the channel that makes calls, if there is one."""
    for each in channels:
        caller = PROVIDERS[each.kind].caller if each.calls else None
        if caller:
            return CallChannel(each.name, caller(each))
    return None


def work_of(
    config: Config, texts: loading.Content, db: Database, routes: Sequence[Route], calls: CallChannel | None
) -> Work:
    """Return the service of a worker: everything that its jobs need."""
    now = clock.clock_of(config.demo, config.data)
    db = db.watched_by(now).reporting(bool(config.events_url))
    opening, sealing = (
        Opening.of(config.opening_key.get_secret_value()),
        Sealing.of(config.sealing_key.get_secret_value()),
    )
    hashing, words = Hashing.of(config.hashing_key.get_secret_value()), Words.of(config.words_key.get_secret_value())
    country, book = texts.matching, texts.book
    stops = WorkerStops(opening, hashing, texts.keywords, log.note)
    audit_key = base64.urlsafe_b64decode(config.audit_key.get_secret_value())
    digits = ContactKey.of(config.contact_key.get_secret_value()).offer_code
    ctx = Context(stops.settle, digits, country, config, audit_key, log.note)
    made_up = texts.country.made_up if config.demo else ""
    caller_ctx = CallerContext(db, book, country, config, sealing, words, made_up)
    drills = Drills(ctx, sealing, tuple(book.languages), texts.country.made_up, config.demo)
    orders = Orders(texts.keywords, ctx, drills)
    dialogue = SmsDialogue(texts.keywords, hashing, stops, caller_ctx, Gate.of(config, db))
    inbound = Inbound(opening, dialogue, orders)
    reviews = Reviews(book, texts.reviews, all_allowed=config.demo)
    wording = Wording(book, ZoneInfo(country.zone), texts.places.name)
    outgoing = Outgoing(routes, words, wording, ctx, opening, stops, reviews)
    bridging = Bridging(ctx, opening, words, calls.maker if calls else None, calls.name if calls else "")
    jobs = RedisJobQueue(config.queue_url, config.workers)
    questions = GatewayQuestions(db, outgoing)
    return Work(db, jobs, ctx, inbound, outgoing, bridging, Erasure(config, ctx), now, log.note, questions)


@lru_cache(maxsize=1)
def service() -> Work:
    """Return this process's service."""
    config = Config.read(role=Role.WORKER)
    db = connect(config.sql_url).with_contact_key(config.contact_key.get_secret_value()).leasing_by(DatabaseClock())
    channels = channels_of(config)
    texts = content_cache.load(config)
    work = work_of(config, texts, db, routes_of(channels), call_channel_of(channels))
    if isinstance(work.now, WatchedClock):
        _begin(work.now, db)
    missing = partial(launching.log_missing, db, config, texts)
    return replace(work, lanes=LANES, turn_seconds=TURN_SECONDS, missing=missing)


def _begin(now: WatchedClock, db: Database) -> None:
    """Compare this start with the last time that is stored. Without a database it is as far away as it can be."""
    try:
        with db.read() as tx:
            last = heartbeats.last_heartbeat(tx, heartbeats.SURE)
    except Unavailable:
        last = clock.EPOCH
    if last:
        now.begin(last)


def prepare() -> None:
    """Build the service before a worker forks: a child that lives for two seconds would need 0.1 s for it.

    No connection is left open, so that each child opens its own. Before each fork this process looks at the clock,
    because what a child notices is lost with it where no file can be written, as in a container.
    """
    work = service()
    os.register_at_fork(before=work.is_sure)
    share_plans(work.db)
    with suppress(Unavailable):  # no database yet: then each child warms itself up
        warm_up(work.db)
    work.db.dispose()
