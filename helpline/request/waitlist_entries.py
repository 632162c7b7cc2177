"""The waitlist: which request waits for a place at which desk. Stored when desks are full, read when one is free."""

from collections.abc import Collection, Sequence, Set

import sqlalchemy as sa

from helpline.core.call_windows import NOW
from helpline.request.model import State
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import request, waitlist

WAITS = (State.WAITING.value, State.STRANDED.value)
IN_TURN = (
    sa.select(request.c.id)
    .join(waitlist, waitlist.c.request == request.c.id)
    .where(waitlist.c.service == sa.bindparam("of"), request.c.state.in_(WAITS))
    .order_by(sa.case((request.c.risk == NOW, 0), else_=1), request.c.created, request.c.id)
)
_other = waitlist.alias()
_HOPE = sa.and_(_other.c.request == request.c.id, _other.c.service.not_in(sa.bindparam("hopeless", expanding=True)))
IN_VAIN = IN_TURN.where(request.c.state == State.WAITING.value, ~sa.exists().where(_HOPE))
WAITING = sa.select(request.c.id).where(
    request.c.state == State.WAITING.value, request.c.id.in_(sa.select(waitlist.c.request))
)
DESKS = Fixed(sa.select(waitlist.c.service).where(waitlist.c.request == sa.bindparam("of")))
LEAVE = sa.delete(waitlist).where(waitlist.c.request == sa.bindparam("of"))
GIVE_UP = LEAVE.where(waitlist.c.service == sa.bindparam("at"))


def desks_of(tx: Tx, request: str) -> frozenset[str]:
    """Return the ids of the desks that a request waits for."""
    return frozenset(tx.execute(DESKS, {"of": request}).scalars())


def waiting_of(tx: Tx, requests: Collection[str]) -> frozenset[str]:
    """Return the ids of those of some requests that wait for a full desk."""
    return frozenset(tx.execute(sa.select(waitlist.c.request).where(waitlist.c.request.in_(requests))).scalars())


def put(tx: Tx, request: str, services: Collection[str], before: Set[str]) -> list[str]:
    """Make a request wait for these desks, and no more for those `before`. Return these, in order."""
    if before:
        tx.execute(LEAVE, {"of": request})
    if services:
        tx.execute(sa.insert(waitlist), [{"request": request, "service": id} for id in sorted(services)])
    return sorted(before - set(services))


def leave(tx: Tx, request: str, service: str) -> None:
    """Remove a request from the waitlist of a desk."""
    tx.execute(GIVE_UP, {"of": request, "at": service})


def of(tx: Tx, service: str) -> Sequence[str]:
    """Return the ids of the requests that wait for a desk: those in danger first, then the oldest."""
    return tx.execute(IN_TURN, {"of": service}).scalars().all()


def everybody(tx: Tx) -> Sequence[str]:
    """Return the ids of all requests that wait for a desk, without those that a coordinator was called about."""
    return tx.execute(WAITING).scalars().all()


def in_vain(tx: Tx, service: str, hopeless: Collection[str]) -> Sequence[str]:
    """Return the ids of the requests that wait for a desk and for no others than the `hopeless` ones (ids of desks)."""
    return tx.execute(IN_VAIN, {"of": service, "hopeless": sorted({service, *hopeless})}).scalars().all()
