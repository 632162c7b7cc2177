"""Who waits for a place at which desk: noted when a request finds desks full, read when one has room again."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.contact import NOW
from helpline.request import State
from helpline.store.schema import request, waitlist

WAITS = (State.WAITING.value, State.STRANDED.value)
IN_TURN = (
    sa.select(request.c.id)
    .join(waitlist, waitlist.c.request == request.c.id)
    .where(waitlist.c.service == sa.bindparam("of"), request.c.state.in_(WAITS))
    .order_by(sa.case((request.c.risk == NOW, 0), else_=1), request.c.due, request.c.id)
)
_other = waitlist.alias()
_HOPE = sa.and_(_other.c.request == request.c.id, _other.c.service.not_in(sa.bindparam("hopeless", expanding=True)))
IN_VAIN = IN_TURN.where(request.c.state == State.WAITING.value, ~sa.exists().where(_HOPE))
LEAVE = sa.delete(waitlist).where(waitlist.c.request == sa.bindparam("of"))
GIVE_UP = LEAVE.where(waitlist.c.service == sa.bindparam("at"))


def put(tx: Connection, request: str, services: Collection[str]) -> None:
    """Let a request wait for these desks, and for no others."""
    leave(tx, request)
    if services:
        tx.execute(sa.insert(waitlist), [{"request": request, "service": each} for each in sorted(services)])


def leave(tx: Connection, request: str, service: str | None = None) -> None:
    """Let a request wait for a desk no more, or for none."""
    tx.execute(LEAVE if service is None else GIVE_UP, {"of": request} | ({"at": service} if service else {}))


def of(tx: Connection, service: str) -> Sequence[str]:
    """Give the ids of the requests that wait for a desk: those in danger first, then by when they became due."""
    return tx.execute(IN_TURN, {"of": service}).scalars().all()


def in_vain(tx: Connection, service: str, hopeless: Collection[str]) -> Sequence[str]:
    """Give the ids of the requests that wait for a desk, and for none but `hopeless`, of which nobody can say when."""
    return tx.execute(IN_VAIN, {"of": service, "hopeless": sorted({service, *hopeless})}).scalars().all()
