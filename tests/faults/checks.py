"""What must be true after a storm, checked in the database, the sent texts, the output and Redis.

Faults are sentences.
"""

import base64
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from redis import Redis

from gateway.channels.africastalking import session_of
from gateway.phone.inboxes import Message
from helpline.core.call_windows import Hours, may_show_number
from helpline.keys.sealing import Opening, Words
from helpline.store import audit_log
from helpline.store.engine import Tx
from helpline.store.schema import attempt, audit, contact, message, offer, outbox, request, vault
from menus.book import Book
from tests.faults.people import ShownCode
from tests.faults.service import Service

NUMBER = re.compile(rb"996000[0-9]{6}")
CHANNEL = "africastalking"
LATER = frozenset({"attend", "drill", "drills", "expire", "head", "lapse", "page", "silent", "sweep"})
"""Rows that may remain in the outbox after all work, each due at a later time."""
NEVER_MIND = "receipt"
"""Nothing waits for this row. After the worker of a text died, it is retried for a day, less and less often."""
SETTLED = frozenset({"claimed", "stranded"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen from outside."""

    book: Book
    numbers: frozenset[str]
    """The numbers of all callers, without `+`."""
    shown_codes: Sequence[ShownCode]
    texts: Sequence[Message]
    keys: Mapping[str, str]
    """The keys of the database."""


def faults(tx: Tx, seen: Evidence) -> list[str]:
    """Return all faults of what was stored and sent."""
    broken = audit_log.broken_at(tx, base64.urlsafe_b64decode(seen.keys["audit_key"]))
    return [
        *lost_requests(tx, seen),
        *claimed_twice(tx),
        *misdirected(tx, seen),
        *unfinished(tx, seen),
        *([f"the audit chain is broken at row {broken}"] if broken is not None else []),
    ]


def owners(tx: Tx, keys: Mapping[str, str]) -> dict[str, str]:
    """Return the number of each request's caller, without its `+`."""
    opening, rows = Opening.of(keys["opening_key"]), tx.execute(sa.select(vault.c.request, vault.c.sealed))
    return {row.request: opening.open(row.request, row.sealed).reveal().removeprefix("+") for row in rows}


def lost_requests(tx: Tx, seen: Evidence) -> Iterator[str]:
    """A caller who saw a code has one request with this code and word, and it holds their number."""
    words, of = Words.of(seen.keys["words_key"]), owners(tx, seen.keys)
    for each in seen.shown_codes:
        row = tx.execute(
            sa.select(request).where(request.c.session == words.session(CHANNEL, session_of(each.session, each.number)))
        ).first()
        if row is None:
            yield f"lost: {each.session} was shown a code"
            continue
        shown = [word for _, word in seen.book.locals[row.language].lists["words"]].index(each.word)
        if row.code_mac != words.code(each.code, shown):
            yield f"lost: {each.session} was shown another code than the stored one"
        if of.get(row.id) != each.number.removeprefix("+"):
            yield f"lost: the number of {row.id}"


def claimed_twice(tx: Tx) -> Iterator[str]:
    """A request and a line have at most one claim.

    A service that was told of its claim counts until it gives it back.
    """
    claims = tx.execute(sa.select(offer.c.request, offer.c.line).where(offer.c.state == "claimed")).all()
    for what, among in (("request", [row.request for row in claims]), ("line", [row.line for row in claims])):
        yield from (f"claimed twice: {what} {id}" for id, times in Counter(among).items() if times > 1)
    logged = tx.execute(sa.select(audit.c.ref).where(audit.c.action == "claim")).scalars()
    given_back = sa.select(attempt.c.request).where(attempt.c.outcome == "pass", attempt.c.was_offer == "claimed")
    back = Counter(tx.execute(given_back).scalars())
    yield from (
        f"claimed twice in the audit log: {id}" for id, times in Counter(logged).items() if times > 1 + back[id]
    )
    opened = tx.execute(sa.select(offer.c.line).where(offer.c.state == "open")).scalars()
    yield from (f"offered twice at once: line {id}" for id, times in Counter(opened).items() if times > 1)


def misdirected(tx: Tx, seen: Evidence) -> Iterator[str]:
    """A number or card is only at the phones of services that claimed it, numbers only in the caller's hours.

    A caller is sent nothing.
    """
    of, made = owners(tx, seen.keys), defaultdict(list)
    for row in tx.execute(sa.select(request)):
        made[of[row.id]].append(row)
    won = _winners(tx)
    for text in seen.texts:
        if text.to.removeprefix("+") in seen.numbers:
            yield "a caller was written to"
        for number in numbers_in(text.text.encode()) & seen.numbers:
            claimed = [row for row in made[number] if text.to in won[row.id]]
            if not claimed:
                yield f"the number of {made[number][0].id} went to somebody else"
            elif not any(may_show_number(_hours(row), text.at) for row in claimed):
                yield f"the number of {claimed[0].id} went outside the caller's hours"
    cards = sa.select(message.c.request, offer.c.service).join(offer, offer.c.id == message.c.offer)
    receivers = defaultdict(set)
    kept = offer.c.state != "passed"  # a service that gave it back may have had the card
    for row in tx.execute(cards.where(message.c.notice == "to_ngo.card", message.c.gateway_id.is_not(None), kept)):
        receivers[row.request].add(row.service)
    yield from (
        f"the card of {id} went to {len(services)} services" for id, services in receivers.items() if len(services) > 1
    )


def _hours(row: sa.Row[Any]) -> Hours:
    return Hours(row.window, row.days, row.zone, row.since, row.expires)


def _winners(tx: Tx) -> Mapping[str, set[str]]:
    """Return by request the phones of services that hold a claim, or gave it back after seeing the number."""
    claims = sa.select(offer.c.request, contact.c.phone).join(contact, contact.c.id == offer.c.service)
    won: dict[str, set[str]] = defaultdict(set)
    for row in tx.execute(claims.where(sa.or_(offer.c.state == "claimed", offer.c.shown_at.is_not(None)))):
        won[row.request].add(row.phone)
    return won


def unfinished(tx: Tx, seen: Evidence) -> Iterator[str]:
    """No request hangs, a service with a claim has the number within the caller's hours, and no work is left."""
    shown = {number for text in seen.texts for number in numbers_in(text.text.encode())}
    of = owners(tx, seen.keys)
    yield from (f"unfinished: {row.id} is {row.state}" for row in hanging(tx))
    for row in tx.execute(sa.select(request).where(request.c.state == "claimed")):
        if of[row.id] not in shown and may_show_number(_hours(row), tx.now):
            yield f"unfinished: nobody was sent the number of {row.id}"
    for row in tx.execute(sa.select(message.c.notice).where(message.c.state.in_(("queued", "sending")))):
        yield f"unfinished: {row.notice} was never settled"
    for row in left_to_do(tx):
        yield f"unfinished: {row.kind} is {row.state} after {row.attempts} attempts"


def hanging(tx: Tx) -> Sequence[sa.Row[Any, Any]]:
    """Return requests that are neither claimed nor with a person, nor wait for another of their phone (R27)."""
    taken = sa.select(offer.c.line).where(offer.c.state == "claimed")
    rows = sa.select(request.c.id, request.c.state).join(vault, vault.c.request == request.c.id)
    has_line = vault.c.line.is_not(None)  # a worker attends to it first; NULL would be in no answer at all
    waits = sa.and_(request.c.state == "waiting", has_line, vault.c.line.in_(taken))
    return tx.execute(rows.where(request.c.state.not_in(SETTLED), sa.not_(waits))).all()


def left_to_do(tx: Tx) -> Sequence[sa.Row[Any]]:
    """Return rows of the outbox that should be done."""
    work = sa.or_(outbox.c.due <= tx.now, outbox.c.state != "ready", outbox.c.kind.not_in(LATER))
    return tx.execute(sa.select(outbox).where(work, outbox.c.kind != NEVER_MIND).order_by(outbox.c.id)).all()


def numbers_in(held: bytes) -> set[str]:
    """Return the numbers of made-up callers in some bytes, without `+`."""
    return set(map(bytes.decode, NUMBER.findall(held)))


def leaks(service: Service, numbers: frozenset[str], overheard: Iterable[bytes] = ()) -> Iterator[str]:
    """Return each place with a caller's number in plain text: files, logs, output, and Redis now and before."""
    places = [
        (str(path.relative_to(service.folder)), path.read_bytes())
        for path in service.folder.rglob("*")
        if path.is_file()
    ]
    for place, held in [*places, *(("Redis", each) for each in (*redis_bytes(service.redis()), *overheard))]:
        for number in numbers_in(held) & numbers:
            yield f"{number} is in {place}"


def redis_bytes(client: Redis) -> Iterable[bytes]:
    """Return every key and value of a Redis, unpacked if RQ packed it."""
    for key in client.scan_iter("*"):
        yield key
        for value in _values(client, key):
            yield value
            with suppress(zlib.error):
                yield zlib.decompress(value)


def _values(client: Any, key: bytes) -> Iterable[bytes]:
    """Return a value of any type. The client returns bytes, although its types do not promise that."""
    match client.type(key):
        case b"string":
            return [client.get(key) or b""]
        case b"hash":
            return [part for pair in client.hgetall(key).items() for part in pair]
        case b"list":
            return list(client.lrange(key, 0, -1))
        case b"set":
            return list(client.smembers(key))
        case b"zset":
            return list(client.zrange(key, 0, -1))
        case b"none":
            return []
        case other:
            return [client.dump(key) or other]
