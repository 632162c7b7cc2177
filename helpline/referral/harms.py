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
"""The last: a telephone or a list with her number came into hands that should not have it."""
SOURCES = frozenset({"caller", "service", "coordinator"})


@dataclass(frozen=True, slots=True)
class Harm:
    """One entry. Ids only: what happened is asked for on the telephone, and not written here.

    `service`: whose call or text it was, as far as is known. `by`: who looked at it; `did`: what was done.
    """

    id: str
    at: datetime
    request: str
    source: str
    what: str
    reviewed: datetime | None
    by: str | None
    service: str = ""
    did: str = ""


def add(tx: Tx, request: str, source: str, what: str, service: str = "") -> str:
    """Enter a harm; give its id, empty where the same, from the same side, waits to be looked at already.

    `source`: caller, service or coordinator; `what`: one of `WHAT`. `ValueError` for anything else. Without `service`
    it is the one that was last shown the number of the request.
    """
    if source not in SOURCES or what not in WHAT:
        raise ValueError(f"no such harm: {what} from {source}")
    whose = service or _shown_last(tx, request)
    same = sa.and_(harm.c.request == request, harm.c.source == source, harm.c.what == what, harm.c.reviewed.is_(None))
    if tx.execute(sa.select(harm.c.id).where(same, harm.c.service == whose)).first():
        return ""
    id = new_id()
    tx.execute(sa.insert(harm).values(id=id, at=tx.now, request=request, source=source, what=what, service=whose))
    return id


def _shown_last(tx: Tx, request: str) -> str:
    shown = sa.select(offer.c.service).where(offer.c.request == request, offer.c.shown_in.is_not(None))
    return tx.execute(shown.order_by(offer.c.shown_in.desc()).limit(1)).scalar() or ""


def unreviewed(tx: Tx) -> list[Harm]:
    """Give what nobody has looked at, the oldest first."""
    return _read(tx, harm.c.reviewed.is_(None))


def every_harm(tx: Tx) -> list[Harm]:
    """Give the whole register, the oldest first."""
    return _read(tx, sa.true())


def get(tx: Tx, id: str) -> Harm | None:
    """Give one entry."""
    return next(iter(_read(tx, harm.c.id == id)), None)


def _read(tx: Tx, which: sa.ColumnElement[bool]) -> list[Harm]:
    rows = tx.execute(sa.select(harm).where(which).order_by(harm.c.at, harm.c.id))
    return [
        Harm(row.id, row.at, row.request, row.source, row.what, row.reviewed, row.by, row.service, row.did)
        for row in rows
    ]


def mark_reviewed(tx: Tx, id: str, by: str, did: str = "") -> bool:
    """Note that somebody has looked at an entry, and what was done; false where there is none that waits."""
    change = sa.update(harm).where(harm.c.id == id, harm.c.reviewed.is_(None))
    return tx.execute(change.values(reviewed=tx.now, by=by, did=did)).rowcount == 1


def only_days(tx: Tx, before: datetime) -> int:
    """Leave of what was entered before an instant the day, and not about which request, once that is over (R34).

    Give how many there were. A request that is reduced to what is counted has its old id no more (`only_counts`).
    """
    of_no_request = harm.c.request.not_in(sa.select(request_table.c.id))
    old = [each for each in _read(tx, sa.and_(harm.c.at <= before, of_no_request)) if each != _of_its_day(each)]
    for each in map(_of_its_day, old):
        change = sa.update(harm).where(harm.c.id == each.id)
        tx.execute(change.values(at=each.at, request=each.request, reviewed=each.reviewed))
    return len(old)


def _of_its_day(of: Harm) -> Harm:
    return replace(of, at=day_of(of.at), request="", reviewed=of.reviewed and day_of(of.reviewed))


def by_service(tx: Tx, since: datetime) -> Mapping[str, int]:
    """Count what was entered since an instant, by service."""
    rows = sa.select(harm.c.service, sa.func.count()).where(harm.c.at >= since).group_by(harm.c.service)
    return dict(tx.execute(rows).all())
