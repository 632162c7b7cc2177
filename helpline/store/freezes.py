"""Lines that are frozen (R8): which of their requests were, since when, and what was made on them since."""

from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.request import OVER, State
from helpline.store.offers import OfferState
from helpline.store.schema import attempt, offer, request, vault

STRANGER = frozenset({"someone_else_answered", "wrong_code_word"})
"""What a service says after which a line is frozen: whoever has her phone is not her (R8)."""


def of_line(tx: Connection, line: str) -> list[str]:
    """Give the frozen requests of a line about which somebody said that a stranger answered: each is a freeze."""
    said = sa.select(attempt.c.request).where(attempt.c.outcome.in_(STRANGER), attempt.c.undone.is_(None))
    rows = sa.select(request.c.id).where(_on(line), request.c.state == State.FROZEN.value, request.c.id.in_(said))
    return list(tx.execute(rows.order_by(request.c.created, request.c.id)).scalars())


def is_one(tx: Connection, id: str) -> bool:
    """Tell whether a frozen request is itself a freeze: said to be, or one that coordinators are called about."""
    said = sa.select(attempt.c.id).where(
        attempt.c.request == id, attempt.c.outcome.in_(STRANGER), attempt.c.undone.is_(None)
    )
    called = sa.select(offer.c.id).where(offer.c.request == id, offer.c.state == OfferState.CALLED.value)
    return tx.execute(said).first() is not None or tx.execute(called).first() is not None


def before(tx: Connection, line: str, made: datetime) -> bool:
    """Tell whether a line was frozen, and is, when a request of it was made: only her code and word end that."""
    return tx.execute(_before(), {"line": line, "made": made}).first() is not None


@cache
def _before() -> sa.Select[str]:
    early = request.c.frozen_at <= sa.bindparam("made")
    return sa.select(request.c.id).where(_on(sa.bindparam("line")), _open(), early)


def note(tx: Connection, line: str, now: datetime) -> None:
    """Note that the line of what is paused is frozen: it stays paused, and no new call passes it by."""
    paused = sa.and_(_on(line), request.c.state == State.PAUSED.value, request.c.frozen_at.is_(None))
    tx.execute(sa.update(request).where(paused).values(frozen_at=now))


def hand_on(tx: Connection, line: str, since: datetime) -> None:
    """Let a freeze outlive the request that was frozen: what was made on its line since stays barred."""
    younger = sa.and_(_on(line), _open(), request.c.created >= since, request.c.frozen_at.is_(None))
    tx.execute(sa.update(request).where(younger).values(frozen_at=since))


def lift(tx: Connection, line: str) -> None:
    """Note that a line is frozen no more. What is frozen still has to be set going."""
    tx.execute(sa.update(request).where(_on(line)).values(frozen_at=None))


def _on(line: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return request.c.id.in_(sa.select(vault.c.request).where(vault.c.line == line))


def _open() -> sa.ColumnElement[bool]:
    return request.c.state.not_in([state.value for state in OVER])
