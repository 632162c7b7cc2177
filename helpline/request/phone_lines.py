"""Phone lines: all requests of one telephone. One of them at a time is offered or claimed (R27). Frozen lines (R8)."""

from collections import Counter
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from helpline.core.call_windows import NOW
from helpline.request import requests
from helpline.request.model import OVER, CallbackRequest, OnLine, State
from helpline.request.offers import LIVE, OfferState
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import attempt, offer, request, vault

STRANGER = frozenset({"someone_else_answered", "wrong_code_word"})
"""Outcomes after which a line is frozen: somebody else has the caller's phone (R8)."""
OF_LINE = Fixed(
    sa.select(request.c.id, request.c.created, request.c.state, request.c.risk, request.c.other)
    .join(vault, vault.c.request == request.c.id)
    .where(vault.c.line == sa.bindparam("of"))
    .order_by(request.c.created.desc(), request.c.id)
)
"""The requests of a line, newest first."""
TAKEN = Fixed(sa.select(offer.c.id).where(offer.c.line == sa.bindparam("of"), offer.c.state.in_(LIVE)))
WHOLE_LINE = Fixed(
    requests.AS_STORED.join(vault, vault.c.request == request.c.id)
    .where(vault.c.line == sa.bindparam("of"))
    .order_by(request.c.created.desc(), request.c.id)
)
HOW_MANY = Fixed(sa.select(sa.func.count()).select_from(vault).where(vault.c.line == sa.bindparam("of")))


def of_line(tx: Tx, line: str) -> list[OnLine]:
    """Return the requests of a line, newest first."""
    return [
        OnLine(row.id, row.created, row.state == State.WAITING.value, row.risk == NOW, row.other is not None)
        for row in tx.execute(OF_LINE, {"of": line})
    ]


def of_state(tx: Tx, line: str, *states: State) -> list[CallbackRequest]:
    """Return the requests of a line that are in one of these states, newest first."""
    rows = requests.AS_STORED.join(vault, vault.c.request == request.c.id).where(vault.c.line == line)
    newest = tx.execute(rows.order_by(request.c.created.desc(), request.c.id))
    return [requests.of_row(row) for row in newest if row.state in states]


def still_open(tx: Tx, line: str) -> list[CallbackRequest]:
    """Return all requests of a line that are not over, newest first."""
    return [found for row in tx.execute(WHOLE_LINE, {"of": line}) if (found := requests.of_row(row)).state not in OVER]


def of_caller(tx: Tx, caller: bytes) -> list[CallbackRequest]:
    """Return all requests of a telephone (found by its keyed hash) that are not over."""
    rows = requests.AS_STORED.join(vault, vault.c.request == request.c.id).where(vault.c.caller == caller)
    return [found for row in tx.execute(rows) if (found := requests.of_row(row)).state not in OVER]


def beyond(tx: Tx, line: str, most: int) -> list[CallbackRequest]:
    """Return the requests to close so that a line keeps `most` open ones (R49): the oldest of the most frequent kind.

    A kind is: in danger or not, made on the telephone itself or on others that named it. So a flood closes its own
    requests only. None closes that somebody was asked about, none that keeps a freeze, and never the newest.
    """
    if tx.execute(HOW_MANY, {"of": line}).scalar() <= most:
        return []
    found = still_open(tx, line)
    if len(found) <= most:
        return []
    older = [each for each in reversed(found[1:]) if each.frozen_at is None]
    rows = sa.select(offer.c.request).where(offer.c.request.in_([each.id for each in older]))
    asked = set(tx.execute(rows).scalars())
    spare, closed = [each for each in older if each.id not in asked], list[CallbackRequest]()
    kinds = Counter(map(_kind, spare))
    while spare and len(closed) < len(found) - most:
        frequent = max(kinds, key=lambda kind: (kinds[kind], kind))
        kinds[frequent] -= 1
        closed.append(next(each for each in spare if _kind(each) == frequent))
        spare.remove(closed[-1])
    return closed


def _kind(request: CallbackRequest) -> tuple[bool, bool]:
    return request.risk != NOW, request.other is not None


def is_taken(tx: Tx, line: str) -> bool:
    """Whether a request of this line is offered or claimed."""
    return tx.execute(TAKEN, {"of": line}).first() is not None


def last_holder(tx: Tx, line: str) -> str | None:
    """Return the desk that last held a line and did not lose it by silence: it knows that telephone (R27)."""
    ended = (OfferState.VOID.value, OfferState.FOLLOWED.value)
    held = sa.and_(offer.c.line == line, offer.c.claimed.is_not(None), offer.c.state.in_(ended))
    return tx.execute(sa.select(offer.c.service).where(held).order_by(offer.c.closed.desc())).scalars().first()


def freeze_of(tx: Tx, line: str) -> list[str]:
    """Return the ids of a line's frozen requests for which somebody reported that a stranger answered."""
    reported = sa.select(attempt.c.request).where(attempt.c.outcome.in_(STRANGER), attempt.c.undone.is_(None))
    frozen = request.c.state == State.FROZEN.value
    rows = sa.select(request.c.id).where(_on(line), frozen, request.c.id.in_(reported))
    return list(tx.execute(rows.order_by(request.c.created, request.c.id)).scalars())


def is_frozen(tx: Tx, id: str) -> bool:
    """Whether a frozen request is itself a freeze: it was reported, or coordinators are called about it."""
    reported = sa.select(attempt.c.id).where(
        attempt.c.request == id, attempt.c.outcome.in_(STRANGER), attempt.c.undone.is_(None)
    )
    called = sa.select(offer.c.id).where(offer.c.request == id, offer.c.state == OfferState.CALLED.value)
    return tx.execute(reported).first() is not None or tx.execute(called).first() is not None


def is_barred(tx: Tx, request: CallbackRequest) -> bool:
    """Whether a request was made on a line that was frozen then, and still is: then no service may call (R8).

    Only code and word end that.
    """
    return tx.execute(_frozen_before(), {"of": request.id}).first() is not None


@cache
def _frozen_before() -> Fixed:
    younger = request.alias()
    of: sa.BindParameter[str] = sa.bindparam("of")
    made = sa.select(younger.c.created).where(younger.c.id == of).scalar_subquery()
    line = sa.select(vault.c.line).where(vault.c.request == of).scalar_subquery()
    return Fixed(sa.select(request.c.id).where(_on(line), _open(), request.c.frozen_at <= made))


def calm_earlier(tx: Tx, line: str, newer: CallbackRequest) -> None:
    """Make earlier unclaimed requests of a line ordinary ones, because it has a newer one in danger (R12, R27).

    A request made on another telephone changes none that was made on this one.
    """
    unclaimed = request.c.state.in_([State.WAITING.value, State.OFFERED.value, State.STRANDED.value])
    earlier = sa.and_(_on(line), request.c.risk == "now", request.c.created < newer.created, unclaimed)
    alike = request.c.other.is_not(None) if newer.other else sa.true()
    tx.execute(sa.update(request).where(earlier, alike).values(risk="soon"))


def note_freeze(tx: Tx, line: str) -> None:
    """Mark the paused requests of a line as frozen. They stay paused, and a new call cannot get around the freeze."""
    paused = sa.and_(_on(line), request.c.state == State.PAUSED.value, request.c.frozen_at.is_(None))
    tx.execute(sa.update(request).where(paused).values(frozen_at=tx.now))


def hand_on_freeze(tx: Tx, line: str, since: datetime) -> None:
    """Keep a freeze although the frozen request has ended: the requests made on its line since stay barred."""
    younger = sa.and_(_on(line), _open(), request.c.created >= since, request.c.frozen_at.is_(None))
    tx.execute(sa.update(request).where(younger).values(frozen_at=since))


def end_freeze(tx: Tx, line: str) -> None:
    """Mark a line as not frozen. Its frozen requests must still be resumed."""
    tx.execute(sa.update(request).where(_on(line)).values(frozen_at=None))


def _on(line: "str | sa.BindParameter[str] | sa.ScalarSelect[str | None]") -> sa.ColumnElement[bool]:
    return request.c.id.in_(sa.select(vault.c.request).where(vault.c.line == line))


def _open() -> sa.ColumnElement[bool]:
    return request.c.state.not_in([state.value for state in OVER])
