"""`komek doctor`: check this deployment, and say how to fix what is wrong."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from helpline.caller import blocks
from helpline.commands.operate.deployment import has_database, open_database
from helpline.commands.operate.is_running import disk, queue, work
from helpline.content import loading
from helpline.content.reviews import reading_command
from helpline.core import channels_file, clock
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config
from helpline.core.process_keys import KEYS
from helpline.core.watched_clock import beside
from helpline.directory.unreached import unreached
from helpline.keys import keyring
from helpline.operations import heartbeats, launching, move_database, refused_requests, valkey
from helpline.operations.health_figures import BACKUP, OLDEST_BACKUP
from helpline.operations.refused_requests import Fault, Refused
from helpline.referral import harms
from helpline.staff import contacts, on_call, people, raid_lock
from helpline.staff.people import display_name
from helpline.store import backlogs, channel_states, launch
from helpline.store.channel_states import ChannelState
from helpline.store.database_clock import SKEW_SECONDS, DatabaseClock
from helpline.store.engine import Database, Tx, Unavailable
from helpline.store.faults import advice
from helpline.store.migrate import not_ready
from menus.faults import ContentFaults

HARM_WAITS = timedelta(days=7)
"""An entry of the harm register that is not reviewed for this long is a fault."""


def findings(config: Config) -> Iterator[tuple[bool, str]]:
    """Yield for each check whether it passed, and a sentence that says what to do if not."""
    new_enough = sys.version_info >= (3, 11)
    yield new_enough, f"Python {sys.version.split()[0]}{'' if new_enough else '; install 3.11 or newer'}"
    yield from _content(config)
    yield from _database(config)
    if not config.demo:
        yield from _launch(config)
    yield from _queue(config)
    if config.restore_key.get_secret_value() and not config.demo:
        yield False, "keys: remove KOMEK_RESTORE_KEY from this machine; keep it on paper or in a safe"
    missing = [key for key in KEYS if not getattr(config, key).get_secret_value()]
    if config.demo:
        yield True, "demo: no KOMEK_CHANNELS is set; keys are made by `komek up`"
    else:
        yield (
            not missing,
            f"keys: {'all set' if not missing else ', '.join(missing) + ' missing; `komek keys new` makes them'}",
        )
    if (old := config.data / move_database.OLD).exists():
        yield False, f"old database: {old} still holds numbers; delete it"
    enough, told = disk(config)
    yield enough, f"disk: {told}"


def _content(config: Config) -> Iterator[tuple[bool, str]]:
    try:
        loaded = loading.load(config)
    except ContentFaults as error:
        yield False, f"content: {error.faults[0]} ({len(error.faults)} faults; `komek check` lists those of the files)"
        return
    unverified = loaded.country.unverified
    yield True, f"content: {loaded.book.digest}, {config.country}, {', '.join(loaded.book.languages)}"
    told = (
        "all verified"
        if not unverified
        else f"{', '.join(unverified)} not verified: call them, then add `verified` to the country's file"
    )
    yield not unverified or config.demo, f"emergency numbers: {told}"
    count = Counter(language for _, language in loading.reviews_of(loaded).missing())
    told = (
        f"{count.total()} not reviewed ({', '.join(f'{language} {each}' for language, each in count.items())}); "
        f"`{reading_command(next(iter(count)), config.country)}` shows those of a language"
        if count
        else "all reviewed"
    )
    yield not count or config.demo, f"guarded wordings: {told}"


def _database(config: Config) -> Iterator[tuple[bool, str]]:
    if not has_database(config):
        yield config.demo, f"database: none yet under {config.data}; run `komek up` or `komek migrate`"
        return
    db = open_database(keyring.with_demo_keys(config))
    now = clock.clock_of(config.demo, config.data)()
    try:
        faults = not_ready(db)
        yield not faults, f"database: {faults[0] if faults else 'up to date'}"
        if faults:
            return
        with db.read(now) as tx:
            backlog = backlogs.backlog(tx)
            given_up = backlogs.dead(tx)
            heartbeat = heartbeats.last_heartbeat(tx, "clock")
            backed_up = heartbeats.last_heartbeat(tx, BACKUP)
            unsealed = contacts.count_not_genuine(tx, config.country)
            called, nobody = len(on_call.in_turn(tx, config.country)), on_call.is_empty(tx, config.country)
            changed = [each.login for each in people.everybody(tx) if not each.sealed]
            services = len(contacts.of_kind(tx, "service", config.country))
            for_people = list(_for_people(tx))
            channels = channel_states.everyone(tx)
            settings = channels_file.senders_of(config)
            lost = unreached(tx, config.country, settings)
        in_time, told = work(backlog)
        yield in_time, f"work: {told}"
        by_name = {each.name: each for each in settings}
        yield from (_channel(each, by_name.get(each.name), now) for each in channels)
        yield from _refused(refused_requests.read(config.queue_url), now)
        yield from ((True, f"codes of {each.name}: {each.told_codes}") for each in settings if each.codes)
        told = (
            f"none sends texts to {', '.join(lost)}; see `countries` in the channels file"
            if lost
            else "all are reached"
        )
        yield not lost, f"channels: {told}"
        yield not given_up, f"given up: {given_up} rows{'; see the log for work_dead' if given_up else ''}"
        told = _coordinator_advice(called, nobody)
        yield called > 0, f"directory: {services} services, {called} coordinators to call when nobody answers{told}"
        told = (
            f"{unsealed} telephones are not sealed and not used: run `komek directory import` again"
            if unsealed
            else "all telephones are sealed"
        )
        yield not unsealed, f"directory: {told}"
        told = (
            f"{', '.join(changed)} not sealed, cannot sign in: see `komek people list`" if changed else "all are sealed"
        )
        yield not changed, f"accounts: {told}"
        yield from for_people
        yield from _skew(db)
        sure = db.is_sure() and all(each.is_sure(each.at) for each in beside(config.data).values())
        told = "not set lately" if sure else "it was set: nothing ends or is deleted for now; see `komek clock`"
        yield sure, f"machine's clock: {told}"
        alive = heartbeats.is_alive(heartbeat, now)
        yield alive, f"clock: {'alive' if alive else 'no heartbeat; is `komek up` running?'}"
        fresh = backed_up is not None and now - backed_up <= OLDEST_BACKUP
        last = f"the last one was made {backed_up:%Y-%m-%d %H:%M} UTC" if backed_up else "none yet"
        told = "" if fresh else "; `komek backup DIR` makes one now, or says why it cannot; make one every hour"
        yield fresh or config.demo, f"backup: {last}{told}"
    except Unavailable as error:
        yield False, f"database: {advice(error)}"
    finally:
        db.dispose()


def _skew(db: Database) -> Iterator[tuple[bool, str]]:
    """Compare the clock of this machine with that of PostgreSQL's server."""
    if db.engine.dialect.name == "sqlite":
        return
    server = DatabaseClock()
    with db.read() as tx:
        server(tx.connection)
    fine = abs(server.skew) <= SKEW_SECONDS
    told = "" if fine else "; set both by a time service: times to answer and call windows differ between machines"
    yield fine, f"database's clock: this machine's is {server.skew:+.1f} s ahead of it{told}"


FAULTS = {
    Fault.SECRET: "wrong secret",
    Fault.NETWORK: "not from a network of `allow_from`",
    Fault.METHOD: "by another HTTP method",
    Fault.ADDRESS: "to an address that this channel does not have",
    Fault.BODY: "too long or cut off",
    Fault.FORM: "not what this channel sends",
}


def _refused(found: Sequence[Refused], now: datetime) -> Iterator[tuple[bool, str]]:
    """Yield how many requests of each channel were refused, and why."""
    for channel in sorted({each.channel for each in found}):
        of = [each for each in found if each.channel == channel]
        told = ", ".join(f"{each.count} {FAULTS[each.fault]}" for each in of)
        news = any(each.is_news(now) for each in of)
        more = "; lately, too: see request_refused in the log, and ask the gateway" if news else ""
        yield not news, f"requests refused by {channel}: {told}{more}"


def _channel(state: ChannelState, settings: ChannelSettings | None, now: datetime) -> tuple[bool, str]:
    resting, low = state.is_resting(now), settings is not None and settings.is_low(state.balance)
    old = state.has_old_balance(now)
    last = f"last success {state.last_success:%Y-%m-%d %H:%M} UTC" if state.last_success else "no success yet"
    told = f"channel {state.name}: {state.sent} texts sent, {state.failed} failed, {last}"
    if settings and settings.rate:
        told += f", at most {settings.rate:g} a second"
    if state.balance is not None and state.balance_at is not None:
        told += f", balance {state.balance:.2f} at {state.balance_at:%Y-%m-%d %H:%M} UTC"
        left = settings and settings.price and int(max(0.0, state.balance) / settings.price)
        told += f" (about {left} parts of texts)" if left is not None else ""
    told += "; it fails again and again: is it reachable, is there credit?" if resting else ""
    told += "; the balance is low: top it up" if low else ""
    told += "; it has not said its balance since: see gateway_silent in the log" if old else ""
    return not (resting or low or old), told


def _launch(config: Config) -> Iterator[tuple[bool, str]]:
    """Yield what must be in place before callers may come. On an open line, what lapsed has an alarm of its own."""
    if not has_database(config):
        return
    db = open_database(config)
    try:
        with db.read() as tx:
            closed = launch.is_closed(tx)
        yield not closed, f"line: {launch.NOT_OPEN if closed else 'open to callers'}"
        if closed:
            found = launching.survey(db, config, loading.load(config))
            yield from ((item.fine, f"before callers: {item.told}") for item in found)
    except (Unavailable, ContentFaults):
        return  # it is already printed
    finally:
        db.dispose()


def _coordinator_advice(called: int, all_disabled: bool) -> str:
    if all_disabled:
        return "; all are disabled: `komek people reset LOGIN` enables one again"
    return "" if called else "; run `komek directory import`"


def _for_people(tx: Tx) -> Iterator[tuple[bool, str]]:
    """Check what people must act on: the number access lock, harm not yet reviewed, blocked telephones."""
    since = raid_lock.since(tx)
    told = f"locked since {since[0]:%Y-%m-%d %H:%M} UTC, by {display_name(tx, since[1], 'en')}" if since else "unlocked"
    yield since is None, f"number access: {told}"
    waiting = harms.unreviewed(tx)
    late = any(tx.now - each.at > HARM_WAITS for each in waiting)
    yield not late, f"harm: {len(waiting)} reports not yet reviewed{'; see `komek harm list`' if waiting else ''}"
    yield True, f"blocks: {len(blocks.active(tx))} telephones cannot request a call"


def _queue(config: Config) -> Iterator[tuple[bool, str]]:
    well, told = queue(config)
    yield well, f"queue: {told}"
    try:
        yield True, f"embedded Valkey: {valkey.find().name}"
    except valkey.NoServer as error:
        yield bool(config.redis_url), str(error)
