"""The table of the register of harm (R46): what a call or a text did to somebody, until a person has reviewed it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import harm, offer
from helpline.store.schema import request as request_table
from helpline.store.sql import day_of, new_id

CALL, WRONG_PERSON, MESSAGE_SEEN = "call", "wrong_person", "message_seen"
UNSAFE, NUMBER_LEFT = "unsafe", "number_left"
WHAT = (CALL, WRONG_PERSON, MESSAGE_SEEN, UNSAFE, NUMBER_LEFT)
"""The last: a telephone or a list with a caller's number came into the wrong hands."""
SOURCES = frozenset({"caller", "service", "coordinator"})


@dataclass(frozen=True, slots=True)
class Harm:
    """One entry. It holds only ids: what happened is asked on the telephone, and not stored."""

    id: str
    at: datetime
    request: str
    source: str
    what: str
    reviewed: datetime | None
    by: str | None
    """Who reviewed it."""
    service: str = ""
    """The service that called or was written to, if it is known."""
    did: str = ""
    """What was done about it."""


def add(tx: Tx, request: str, source: str, what: str, service: str = "") -> str:
    """Enter a harm. Return its id, or "" if the same from the same source already waits for review.

    `source` is one of `SOURCES`, `what` one of `WHAT`. Raise `ValueError` for anything else. Without `service` it is
    the one that was last shown the number of the request.
    """
    if source not in SOURCES or what not in WHAT:
        raise ValueError(f"no such harm: {what} from {source}")
    service = service or _shown_last(tx, request)
    same = sa.and_(harm.c.request == request, harm.c.source == source, harm.c.what == what, harm.c.reviewed.is_(None))
    if tx.execute(sa.select(harm.c.id).where(same, harm.c.service == service)).first():
        return ""
    id = new_id()
    tx.execute(sa.insert(harm).values(id=id, at=tx.now, request=request, source=source, what=what, service=service))
    return id


def _shown_last(tx: Tx, request: str) -> str:
    shown = sa.select(offer.c.service).where(offer.c.request == request, offer.c.shown_in.is_not(None))
    return tx.execute(shown.order_by(offer.c.shown_in.desc()).limit(1)).scalar() or ""


def unreviewed(tx: Tx) -> list[Harm]:
    """Return the entries not yet reviewed, oldest first."""
    return _read(tx, harm.c.reviewed.is_(None))


def every_harm(tx: Tx) -> list[Harm]:
    """Return the whole register, oldest first."""
    return _read(tx, sa.true())


def get(tx: Tx, id: str) -> Harm | None:
    """Return one entry."""
    return next(iter(_read(tx, harm.c.id == id)), None)


def _read(tx: Tx, which: sa.ColumnElement[bool]) -> list[Harm]:
    rows = tx.execute(sa.select(harm).where(which).order_by(harm.c.at, harm.c.id))
    return [
        Harm(row.id, row.at, row.request, row.source, row.what, row.reviewed, row.by, row.service, row.did)
        for row in rows
    ]


def mark_reviewed(tx: Tx, id: str, by: str, did: str = "") -> bool:
    """Store the review of an entry and what was done. Return False if none waits for it."""
    change = sa.update(harm).where(harm.c.id == id, harm.c.reviewed.is_(None))
    return tx.execute(change.values(reviewed=tx.now, by=by, did=did)).rowcount == 1


def only_days(tx: Tx, before: datetime) -> int:
    """Reduce entries from before an instant to their day, without the request, once that is over (R34).

    Return how many. A request that is reduced to its counts no longer has its old id (`tombstones.only_counts`).
    """
    of_no_request = ~sa.exists().where(request_table.c.id == harm.c.request)
    old = [each for each in _read(tx, sa.and_(harm.c.at <= before, of_no_request)) if each != _of_its_day(each)]
    for each in map(_of_its_day, old):
        change = sa.update(harm).where(harm.c.id == each.id)
        tx.execute(change.values(at=each.at, request=each.request, reviewed=each.reviewed))
    return len(old)


def _of_its_day(of: Harm) -> Harm:
    return replace(of, at=day_of(of.at), request="", reviewed=of.reviewed and day_of(of.reviewed))


def by_service(tx: Tx, since: datetime) -> Mapping[str, int]:
    """Return how many entries there are since an instant, by service."""
    rows = sa.select(harm.c.service, sa.func.count()).where(harm.c.at >= since).group_by(harm.c.service)
    return dict(tx.execute(rows).all())
