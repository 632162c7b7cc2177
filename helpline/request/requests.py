"""The table of callback requests: inserted early, enriched at each hop, moved only by compare-and-set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from helpline.core.clock import instant
from helpline.core.jobs import Queue
from helpline.request.model import (
    DRILL,
    MAY_BE_TAKEN_BACK,
    MAY_FOLLOW,
    OVER,
    CallbackRequest,
    Outcome,
    State,
    queue_for,
)
from helpline.request.state_events import KIND, TYPES, Event
from helpline.store import outbox
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import IS_OPEN, Instant, raw, request
from helpline.store.sql import insert_if_new

_columns_of = attrgetter(*CallbackRequest.__dataclass_fields__)
_ARE_INSTANTS = [isinstance(request.c[name].type, Instant) for name in CallbackRequest.__dataclass_fields__]
AS_STORED = sa.select(*(raw(each).label(each.name) if isinstance(each.type, Instant) else each for each in request.c))
"""Rows with their instants as numbers. `of_row` converts those that a `CallbackRequest` has, which are a third."""
OF_ID = AS_STORED.where(request.c.id == sa.bindparam("of"))
GET = Fixed(OF_ID)
HOLD = Fixed(OF_ID.with_for_update(key_share=True))
BY_SESSION = AS_STORED.where(request.c.session == sa.bindparam("of"))
OF_SESSION = Fixed(BY_SESSION)
HOLD_OF_SESSION = Fixed(BY_SESSION.with_for_update(key_share=True))
REAL, SINCE = request.c.kind != DRILL, sa.bindparam("since", type_=request.c.created.type)
LAST_BEFORE = (
    sa.select(sa.literal("before").label("found"), request.c.content)
    .where(REAL, request.c.created < SINCE)
    .order_by(request.c.created.desc())
    .limit(1)
    .subquery()
)
CONTENTS = Fixed(
    sa.union_all(
        sa.select(sa.literal("own").label("found"), request.c.content).where(request.c.session == sa.bindparam("of")),
        sa.select(sa.literal("since"), request.c.content).where(REAL, request.c.created >= SINCE).distinct(),
        sa.select(LAST_BEFORE),
    )
)
OF_CODE = AS_STORED.where(request.c.code_mac == sa.bindparam("of"))
BY_CODE = Fixed(OF_CODE)
HOLD_BY_CODE = Fixed(OF_CODE.with_for_update(key_share=True))
OF_ONE = sa.update(request).where(request.c.id == sa.bindparam("of"))
CHANGE = Fixed(OF_ONE)
"""The values come with the parameters, so that one statement serves all changes."""
MOVE = Fixed(OF_ONE.where(request.c.state == sa.bindparam("was")))
ENRICH = Fixed(OF_ONE.where(request.c.keys_seen < sa.bindparam("most")))
ID = sa.select(request.c.id).where(request.c.id == sa.bindparam("of"))
LOCK = Fixed(ID.with_for_update(key_share=True))
LOCK_IF_FREE = Fixed(ID.with_for_update(key_share=True, skip_locked=True))
NEWEST = Fixed(sa.select(sa.func.max(request.c.created)))
URGENCY = Fixed(sa.select(request.c.risk, request.c.kind).where(request.c.id == sa.bindparam("of")))


@dataclass(frozen=True, slots=True)
class Stored:
    """A request as its own session finds it."""

    request: CallbackRequest
    keys_seen: int
    """How many keys were pressed at the last hop that was stored."""
    content: str
    """The version of the content that the caller consented to."""
    draws: int
    """Which draw of code and words is the caller's."""


def of_row(row: Row[Any]) -> CallbackRequest:
    """Return the request of a row of `AS_STORED`."""
    columns = zip(_columns_of(row), _ARE_INSTANTS, strict=True)
    id, state, *rest = [instant(value) if is_instant else value for value, is_instant in columns]
    return CallbackRequest(id, State(state), *rest)


def get(tx: Tx, id: str) -> CallbackRequest | None:
    """Return a request by its id."""
    row = tx.execute(GET, {"of": id}).first()
    return of_row(row) if row else None


def content_of(tx: Tx, id: str) -> str:
    """Return the version of the content of a request; of a drill, how it was begun. Empty if there is no request."""
    return tx.execute(sa.select(request.c.content).where(request.c.id == id)).scalar() or ""


def contents_since(tx: Tx, at: datetime, *, before: bool) -> set[str]:
    """Return the versions of the content of the requests since `at`, and with `before` that of the last one before."""
    return contents_for(tx, "", at, before=before)[1]


def contents_for(tx: Tx, session: str, at: datetime, *, before: bool) -> tuple[str | None, set[str]]:
    """Return the version of the content of what a session has stored, and what `contents_since` returns.

    It is one statement, because during an update of two webs nearly every second hop asks this.
    """
    rows = tx.execute(CONTENTS, {"of": session, "since": at}).all()
    own = next((row.content for row in rows if row.found == "own"), None)
    wanted = {"since", "before"} if before else {"since"}
    return own, {row.content for row in rows if row.found in wanted}


def queue_of(tx: Tx, id: str) -> Queue:
    """Return the queue of the work for a request: `urgent` if somebody is in danger."""
    row = tx.execute(URGENCY, {"of": id}).first()
    return queue_for(row.risk, row.kind) if row else Queue.DEFAULT


def of_ids(tx: Tx, ids: Collection[str]) -> list[CallbackRequest]:
    """Return several requests by their ids, in one statement."""
    return [of_row(row) for row in tx.execute(AS_STORED.where(request.c.id.in_(ids)))]


def of_short_code(tx: Tx, code: str) -> list[str]:
    """Return the ids of the requests with this short code: their ids begin with it. Practice requests have none."""
    begins = sa.and_(request.c.id >= code, request.c.id < f"{code}g", request.c.kind != DRILL)
    return list(tx.execute(sa.select(request.c.id).where(begins).order_by(request.c.created.desc())).scalars())


def hold(tx: Tx, id: str) -> CallbackRequest | None:
    """Return a request and lock it until this transaction ends.

    A stop or a withdrawal needs it, because it must not fail if somebody else was an instant faster. SQLite has one
    writer anyway, and no such lock.
    """
    row = tx.execute(HOLD, {"of": id}).first()
    return of_row(row) if row else None


def lock(tx: Tx, id: str) -> None:
    """Lock a request as `hold` does, without reading it."""
    tx.execute(LOCK, {"of": id})


def lock_if_free(tx: Tx, id: str) -> bool:
    """Lock a request as `lock` does, or return False at once if another transaction has locked it."""
    return tx.execute(LOCK_IF_FREE, {"of": id}).first() is not None


def of_session(tx: Tx, session: str, *, held: bool = True) -> Stored | None:
    """Return what a session (found by its keyed hash) has stored. With `held`, lock it as `hold` does."""
    row = tx.execute(HOLD_OF_SESSION if held else OF_SESSION, {"of": session}).first()
    if row is None:
        return None
    return Stored(of_row(row), row.keys_seen, row.content, row.draws)


def add(tx: Tx, values: dict[str, Any]) -> bool:
    """Insert a request. Return False if its session, or its code with its word, exists already (R6)."""
    return insert_if_new(tx, request, values)


def enrich(tx: Tx, id: str, keys_seen: int, values: dict[str, Any]) -> bool:
    """Store later answers, unless a hop with as many keys or more was stored before (a late copy changes nothing)."""
    return tx.execute(ENRICH, {"of": id, "most": keys_seen, "keys_seen": keys_seen, **values}).rowcount == 1


def amend(tx: Tx, id: str, values: dict[str, Any]) -> None:
    """Store what the caller changed with code and word."""
    tx.execute(CHANGE, {"of": id, "updated": tx.now, **values})


def mark_alarmed(tx: Tx, id: str) -> bool:
    """Store that a coordinator is told of danger. Return False if one was told before."""
    change = sa.update(request).where(request.c.id == id, request.c.alarmed.is_(None))
    return tx.execute(change.values(alarmed=tx.now)).rowcount == 1


def move(
    tx: Tx,
    id: str,
    since: State,
    to: State,
    *,
    due: datetime | None = None,
    outcome: Outcome | None = None,
) -> bool:
    """Move a request from one state to another, if it is still in the first.

    Return False if somebody else has moved it. Raise `ValueError` for a transition that the rules do not have.
    """
    if to not in MAY_FOLLOW[since]:
        raise ValueError(f"{to} may not follow {since}")
    values: dict[str, Any] = {"state": to.value, "updated": tx.now}
    if due is not None:
        values["due"] = due
    if outcome is not None:
        values["outcome"] = outcome.value
    if to in (State.FROZEN, State.WAITING):
        values["frozen_at"] = tx.now if to is State.FROZEN else None
    moved = tx.execute(MOVE, {"of": id, "was": since.value, **values}).rowcount == 1
    if moved and tx.reports and to in TYPES:
        _report(tx, id, to)
    return moved


def _report(tx: Tx, id: str, to: State) -> None:
    """Store an event for other systems of the NGO. A practice request is none."""
    if tx.execute(URGENCY, {"of": id}).first().kind != DRILL:
        event = Event.new(to, tx.now)
        outbox.wake(tx, KIND, event.ref, event.due)


def bring_forward(tx: Tx, later_than: datetime) -> None:
    """Make all requests due now that wait to be attended to later than an instant."""
    waiting = sa.and_(IS_OPEN, request.c.state == State.WAITING.value, request.c.due > later_than)
    tx.execute(sa.update(request).where(waiting).values(due=tx.now))


def begin_hours_now(tx: Tx) -> None:
    """Begin now the hours of all open requests that were chosen at a wrong, later time."""
    ahead = sa.and_(request.c.state.not_in([each.value for each in OVER]), request.c.since > tx.now)
    still = sa.case((request.c.narrowed_at == request.c.since, sa.literal(tx.now, request.c.since.type)))
    tx.execute(sa.update(request).where(ahead).values(since=tx.now, narrowed_at=still))


def take_back(tx: Tx, id: str, since: State) -> bool:
    """Undo the one transition that can be undone, if the request is still in that state. Return False if it is not."""
    values = {"state": MAY_BE_TAKEN_BACK[since].value, "updated": tx.now}
    return tx.execute(MOVE, {"of": id, "was": since.value, **values}).rowcount == 1


def hand_to(tx: Tx, id: str, service: str) -> None:
    """Store which service is asked first, or has taken over."""
    tx.execute(sa.update(request).where(request.c.id == id).values(handed_to=service))


def by_code(tx: Tx, code_mac: str, *, held: bool = False) -> tuple[CallbackRequest, str | None] | None:
    """Find a request and its outcome by the keyed hash of code and word. With `held`, lock it as `hold` does."""
    row = tx.execute(HOLD_BY_CODE if held else BY_CODE, {"of": code_mac}).first()
    return (of_row(row), row.outcome) if row else None


def ask_first(tx: Tx, id: str, service: str) -> None:
    """Store which service is asked first about a request, unless one is stored already."""
    change = sa.update(request).where(request.c.id == id, request.c.handed_to.is_(None))
    tx.execute(change.values(handed_to=service))


def in_state(tx: Tx, state: State) -> list[CallbackRequest]:
    """Return all requests in a state, oldest first."""
    rows = AS_STORED.where(request.c.state == state.value).order_by(request.c.created)
    return [of_row(row) for row in tx.execute(rows)]


def save_promise(tx: Tx, id: str, ended: datetime, start: datetime | None, end: datetime | None) -> None:
    """Store what the END screen promised, so that the card says the same (R39)."""
    tx.execute(CHANGE, {"of": id, "ended": ended, "promised_from": start, "promised_to": end})


def newest(tx: Tx) -> datetime | None:
    """Return when the newest of all requests was made, by the clock of then; None if there is none."""
    found: datetime | None = tx.execute(NEWEST).scalar()
    return found
