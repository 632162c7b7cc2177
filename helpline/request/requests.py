"""The callback request's row: written early, enriched at each hop, moved only by compare-and-set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from helpline.core.jobs import Queue
from helpline.request.model import MAY_BE_TAKEN_BACK, MAY_FOLLOW, CallbackRequest, Outcome, State, queue_for
from helpline.store.engine import Tx
from helpline.store.schema import request
from helpline.store.sql import insert_if_new

_taken = attrgetter(*CallbackRequest.__dataclass_fields__)
GET = sa.select(request).where(request.c.id == sa.bindparam("of"))
URGENCY = sa.select(request.c.risk, request.c.kind).where(request.c.id == sa.bindparam("of"))


@dataclass(frozen=True, slots=True)
class Stored:
    """A request as its own session sees it again."""

    request: CallbackRequest
    keys_seen: int
    content: str
    draws: int


def of_row(row: Row[Any]) -> CallbackRequest:
    """Give the request that a row holds."""
    id, state, *rest = _taken(row)
    return CallbackRequest(id, State(state), *rest)


def get(tx: Tx, id: str) -> CallbackRequest | None:
    """Give a request by its id."""
    row = tx.execute(GET, {"of": id}).first()
    return of_row(row) if row else None


def queue_of(tx: Tx, id: str) -> Queue:
    """Return the queue of the work for a request: `urgent` if somebody is in danger."""
    row = tx.execute(URGENCY, {"of": id}).first()
    return queue_for(row.risk, row.kind) if row else Queue.DEFAULT


def of_ids(tx: Tx, ids: Collection[str]) -> list[CallbackRequest]:
    """Give several requests by their ids, in one statement."""
    return [of_row(row) for row in tx.execute(sa.select(request).where(request.c.id.in_(ids)))]


def hold(tx: Tx, id: str) -> CallbackRequest | None:
    """Give a request as it stands, and let nobody else move it until this transaction ends.

    What must not fail because somebody else was an instant faster (a stop, a withdrawal) reads it so. SQLite has one
    writer anyway, and knows no such lock.
    """
    row = tx.execute(_held(sa.select(request).where(request.c.id == id))).first()
    return of_row(row) if row else None


def _held(rows: sa.Select[Any]) -> sa.Select[Any]:
    return rows.with_for_update(key_share=True)


def of_session(tx: Tx, session: str) -> Stored | None:
    """Give what a session (its keyed hash) has written down, held as `hold` does."""
    row = tx.execute(_held(sa.select(request).where(request.c.session == session))).first()
    if row is None:
        return None
    return Stored(of_row(row), row.keys_seen, row.content, row.draws)


def add(tx: Tx, values: dict[str, Any]) -> bool:
    """Insert a request; false where its session, or its code with its word, is there already (R6)."""
    return insert_if_new(tx, request, values)


def enrich(tx: Tx, id: str, keys_seen: int, values: dict[str, Any]) -> bool:
    """Write later answers, unless a hop with as many keys or more has come before (a late copy changes nothing)."""
    change = sa.update(request).where(request.c.id == id, request.c.keys_seen < keys_seen)
    return tx.execute(change.values(keys_seen=keys_seen, **values)).rowcount == 1


def amend(tx: Tx, id: str, values: dict[str, Any]) -> None:
    """Write what she changed with code and word."""
    tx.execute(sa.update(request).where(request.c.id == id).values(updated=tx.now, **values))


def mark_alarmed(tx: Tx, id: str) -> bool:
    """Note that a coordinator is told of danger; false where one was told before."""
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
    """Move a request from one state to another, if it is still where it was read: first come, first served.

    False where somebody else has moved it; `ValueError` for a step that the rules do not have.
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
    change = sa.update(request).where(request.c.id == id, request.c.state == since.value)
    return tx.execute(change.values(values)).rowcount == 1


def take_back(tx: Tx, id: str, since: State) -> bool:
    """Put a request back where it came from, if it is still where it was read; nothing else may be taken back."""
    change = sa.update(request).where(request.c.id == id, request.c.state == since.value)
    return tx.execute(change.values(state=MAY_BE_TAKEN_BACK[since].value, updated=tx.now)).rowcount == 1


def hand_to(tx: Tx, id: str, service: str) -> None:
    """Note which service is to be asked first, or has taken over."""
    tx.execute(sa.update(request).where(request.c.id == id).values(handed_to=service))


def by_code(tx: Tx, code_mac: str, *, held: bool = False) -> tuple[CallbackRequest, str | None] | None:
    """Find the request of a code and word (their keyed hash), with its outcome; `held`: to change it (see `hold`)."""
    rows = sa.select(request).where(request.c.code_mac == code_mac)
    row = tx.execute(_held(rows) if held else rows).first()
    return (of_row(row), row.outcome) if row else None


def ask_first(tx: Tx, id: str, service: str) -> None:
    """Let a service be asked before others about a request, if none is to be yet."""
    change = sa.update(request).where(request.c.id == id, request.c.handed_to.is_(None))
    tx.execute(change.values(handed_to=service))


def standing(tx: Tx, state: State) -> list[CallbackRequest]:
    """Give all requests that stand so, the oldest first."""
    return [of_row(row) for row in tx.execute(
        sa.select(request).where(request.c.state == state.value).order_by(request.c.created)
    )]  # fmt: skip


def promised(tx: Tx, id: str, ended: datetime, start: datetime | None, end: datetime | None) -> None:
    """Keep what the END screen said, so that the card says the same (R39)."""
    tx.execute(sa.update(request).where(request.c.id == id).values(ended=ended, promised_from=start, promised_to=end))


def newest(tx: Tx) -> datetime | None:
    """Give when the newest of all requests was made, by the clock of then; None where there is none."""
    found: datetime | None = tx.execute(sa.select(sa.func.max(request.c.created))).scalar_one()
    return found
