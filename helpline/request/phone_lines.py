"""All requests of one telephone, its line: whether one is offered, which of them waits, how many there were.

Lines that are frozen (R8): which of their requests were, since when, and what was made on them since.
"""

from datetime import datetime
from functools import cache

import sqlalchemy as sa

from helpline.request import requests
from helpline.request.model import OVER, CallbackRequest, State
from helpline.request.offers import LIVE, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import attempt, offer, request, vault

OF_LINE = (
    sa.select(request.c.id, request.c.state)
    .join(vault, vault.c.request == request.c.id)
    .where(vault.c.line == sa.bindparam("of"))
    .order_by(request.c.created.desc(), request.c.id)
)
"""The requests of a line with where they stand, the newest first."""
TAKEN = sa.select(offer.c.id).where(offer.c.line == sa.bindparam("of"), offer.c.state.in_(LIVE))


def newest_waiting(tx: Tx, line: str) -> str | None:
    """Give the id of a line's newest request that waits (R27: the newest first)."""
    newest = tx.execute(OF_LINE, {"of": line})
    return next((row.id for row in newest if row.state == State.WAITING.value), None)


def of_state(tx: Tx, line: str, state: State) -> list[CallbackRequest]:
    """Give the requests of a line that stand so, the newest first."""
    rows = sa.select(request).join(vault, vault.c.request == request.c.id).where(vault.c.line == line)
    newest = tx.execute(rows.order_by(request.c.created.desc(), request.c.id))
    return [requests.of_row(row) for row in newest if row.state == state.value]


def still_open(tx: Tx, line: str) -> list[CallbackRequest]:
    """Give all requests of a line that are not over."""
    rows = sa.select(request).join(vault, vault.c.request == request.c.id).where(vault.c.line == line)
    return [found for row in tx.execute(rows) if (found := requests.of_row(row)).state not in OVER]


def of_caller(tx: Tx, caller: bytes) -> list[CallbackRequest]:
    """Give all requests of a telephone (its keyed hash) that are not over."""
    rows = sa.select(request).join(vault, vault.c.request == request.c.id).where(vault.c.caller == caller)
    return [
        found for row in tx.execute(rows) if (found := requests.of_row(row)).state not in (State.CLOSED, State.EXPIRED)
    ]


def made_before(tx: Tx, line: str, made: datetime, since: datetime) -> int:
    """Count the requests of a line that were made before one, since an instant (R49)."""
    rows = sa.select(sa.func.count()).select_from(request.join(vault, vault.c.request == request.c.id))
    earlier = sa.and_(request.c.created < made, request.c.created >= since)
    return tx.execute(rows.where(vault.c.line == line, earlier)).scalar_one()


def made_since(tx: Tx, caller: bytes, since: datetime) -> int:
    """Count the requests of a telephone (its keyed hash) since an instant (R49)."""
    rows = sa.select(sa.func.count()).select_from(request.join(vault, vault.c.request == request.c.id))
    return tx.execute(rows.where(vault.c.caller == caller, request.c.created >= since)).scalar_one()


def is_taken(tx: Tx, line: str) -> bool:
    """Tell whether a request of this line is offered or claimed."""
    return tx.execute(TAKEN, {"of": line}).first() is not None


def last_holder(tx: Tx, line: str) -> str | None:
    """Give the desk that last held a line and did not give it up by its silence: it knows that telephone (R27)."""
    ended = (OfferState.VOID.value, OfferState.FOLLOWED.value)
    held = sa.and_(offer.c.line == line, offer.c.claimed.is_not(None), offer.c.state.in_(ended))
    return tx.execute(sa.select(offer.c.service).where(held).order_by(offer.c.closed.desc())).scalars().first()


STRANGER = frozenset({"someone_else_answered", "wrong_code_word"})
"""What a service says after which a line is frozen: whoever has her phone is not her (R8)."""


def freeze_of(tx: Tx, line: str) -> list[str]:
    """Give the frozen requests of a line about which somebody said that a stranger answered: each is a freeze."""
    said = sa.select(attempt.c.request).where(attempt.c.outcome.in_(STRANGER), attempt.c.undone.is_(None))
    rows = sa.select(request.c.id).where(_on(line), request.c.state == State.FROZEN.value, request.c.id.in_(said))
    return list(tx.execute(rows.order_by(request.c.created, request.c.id)).scalars())


def is_frozen(tx: Tx, id: str) -> bool:
    """Tell whether a frozen request is itself a freeze: said to be, or one that coordinators are called about."""
    said = sa.select(attempt.c.id).where(
        attempt.c.request == id, attempt.c.outcome.in_(STRANGER), attempt.c.undone.is_(None)
    )
    called = sa.select(offer.c.id).where(offer.c.request == id, offer.c.state == OfferState.CALLED.value)
    return tx.execute(said).first() is not None or tx.execute(called).first() is not None


def frozen_before(tx: Tx, line: str, made: datetime) -> bool:
    """Tell whether a line was frozen, and is, when a request of it was made: only her code and word end that."""
    return tx.execute(_before(), {"line": line, "made": made}).first() is not None


@cache
def _before() -> sa.Select[str]:
    early = request.c.frozen_at <= sa.bindparam("made")
    return sa.select(request.c.id).where(_on(sa.bindparam("line")), _open(), early)


def note_freeze(tx: Tx, line: str) -> None:
    """Note that the line of what is paused is frozen: it stays paused, and no new call passes it by."""
    paused = sa.and_(_on(line), request.c.state == State.PAUSED.value, request.c.frozen_at.is_(None))
    tx.execute(sa.update(request).where(paused).values(frozen_at=tx.now))


def hand_on_freeze(tx: Tx, line: str, since: datetime) -> None:
    """Let a freeze outlive the request that was frozen: what was made on its line since stays barred."""
    younger = sa.and_(_on(line), _open(), request.c.created >= since, request.c.frozen_at.is_(None))
    tx.execute(sa.update(request).where(younger).values(frozen_at=since))


def end_freeze(tx: Tx, line: str) -> None:
    """Note that a line is frozen no more. What is frozen still has to be set going."""
    tx.execute(sa.update(request).where(_on(line)).values(frozen_at=None))


def _on(line: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return request.c.id.in_(sa.select(vault.c.request).where(vault.c.line == line))


def _open() -> sa.ColumnElement[bool]:
    return request.c.state.not_in([state.value for state in OVER])
