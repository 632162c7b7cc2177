"""Attempts: what services reported of their calls and did about requests. Rows never change, but may be undone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from helpline.request.model import State
from helpline.request.offers import LIVE, Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import attempt, offer, vault

HANDING, HANDED, NOT_TAKEN = "handing", "handed", "not_taken"
"""Another service was asked to take a case over, and did not."""
FULL = "full"
"""An offer was passed on because its service takes no more requests."""
MOVED = "moved"
"""A coordinator has given the request to another service."""
HOURS = "hours"
"""The service has changed the caller's hours."""
AGREED, MET, NOT_MET = "agreed", "met", "not_met"
"""The next contact was agreed on with a caller who was reached; it took place; or it did not."""
NO_CALL = ("claim", "pass", HANDING, NOT_TAKEN, FULL, HOURS, AGREED, MET, NOT_MET)
"""Actions that are stored as attempts although the number was not used."""
IN_VAIN = ("no_answer", "busy", "off")
"""Outcomes after which the caller may be called again, in another window."""
NOT_FOR_US = "not_for_us"
"""A prank, silence, a wrong person, or not the field of the service. It ends the request, and is no help given."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One report or action."""

    id: int
    request: str
    offer: str
    outcome: str
    at: datetime
    shown_in: datetime | None
    was_request: State
    """The state of the request before."""
    was_offer: OfferState
    """The state of the offer before."""


def add(tx: Tx, about: Offered, actor: str, outcome: str, was_request: State) -> None:
    """Store what `actor` (a contact) reported or did about an offer in its state before."""
    tx.execute(
        sa.insert(attempt).values(
            request=about.request, offer=about.id, service=about.service, actor=actor, outcome=outcome, at=tx.now,
            shown_in=about.shown_in, was_request=was_request.value, was_offer=about.state.value,
            shown_at=about.shown_at,
        )
    )  # fmt: skip


def was_reported(tx: Tx, offer: str, outcomes: Collection[str]) -> bool:
    """Whether one of these outcomes was reported of an offer before."""
    rows = sa.select(attempt.c.id).where(attempt.c.offer == offer, attempt.c.outcome.in_(outcomes))
    return tx.execute(rows).first() is not None


def has_reached(tx: Tx, offer: str) -> bool:
    """Whether the holder of an offer has reported, and not undone, that it reached the caller."""
    valid = sa.and_(attempt.c.offer == offer, attempt.c.outcome == "reached", attempt.c.undone.is_(None))
    return tx.execute(sa.select(attempt.c.id).where(valid)).first() is not None


def has_outcome(tx: Tx, about: Offered) -> bool:
    """Whether an outcome is stored for the window in which the number was shown last."""
    same = sa.and_(attempt.c.offer == about.id, attempt.c.shown_in == about.shown_in, attempt.c.undone.is_(None))
    rows = sa.select(attempt.c.id).where(same, attempt.c.outcome.not_in(NO_CALL))
    return tx.execute(rows).first() is not None


def calls_to(tx: Tx, line: str) -> list[tuple[str, datetime]]:
    """Return when a telephone was called as far as is known, each with the request that it was for (R11).

    The time is when the number was shown, not when the outcome was reported. A reported call stays, even if a receipt
    says later that the number did not arrive, or the report was undone. For a claim that was given back without a
    report, it counts whether the number was shown.
    """
    left = sa.select(offer.c.request, offer.c.shown_at).where(offer.c.line == line, offer.c.shown_at.is_not(None))
    reported = sa.select(attempt.c.request, attempt.c.shown_at).join(offer, offer.c.id == attempt.c.offer)
    reported = reported.where(offer.c.line == line, attempt.c.shown_at.is_not(None), attempt.c.outcome.not_in(NO_CALL))
    return [(row.request, row.shown_at) for row in tx.execute(left.union(reported))]


def in_vain(tx: Tx, request: str, line: str) -> int:
    """Return how many calls reached nobody, for a request or for its whole line, whichever is more (R11).

    If a request reached the caller, its calls do not count for the line: the next request starts from zero.
    """
    vain = sa.and_(attempt.c.outcome.in_(IN_VAIN), attempt.c.undone.is_(None))
    count = sa.select(sa.func.count()).select_from(attempt).where(vain)
    kept = attempt.c.request.in_(sa.select(vault.c.request).where(vault.c.line == line))
    erased = attempt.c.offer.in_(sa.select(offer.c.id).where(offer.c.line == line))  # see `tombstones.unlink`
    of_line = count.where(sa.or_(kept, erased), ~reached(attempt.c.request))
    return max(tx.execute(count.where(attempt.c.request == request)).scalar_one(), tx.execute(of_line).scalar_one())


def reached(request: sa.ColumnElement[str]) -> sa.Exists:
    """Return the condition that a request has reached the caller."""
    talked = attempt.alias()
    return sa.exists().where(talked.c.request == request, talked.c.outcome == "reached", talked.c.undone.is_(None))


def has_declined(tx: Tx, offer: str) -> bool:
    """Whether the service of an offer has declined it, or given it back, and has not undone that."""
    valid = sa.and_(attempt.c.offer == offer, attempt.c.outcome == "pass", attempt.c.undone.is_(None))
    return tx.execute(sa.select(attempt.c.id).where(valid)).first() is not None


def count(tx: Tx, request: str, outcome: str) -> int:
    """Return how often one outcome is stored for a request."""
    rows = sa.select(sa.func.count()).select_from(attempt)
    valid = sa.and_(attempt.c.request == request, attempt.c.outcome == outcome, attempt.c.undone.is_(None))
    return tx.execute(rows.where(valid)).scalar_one()


def reached_at(tx: Tx, request: str) -> datetime | None:
    """Return when somebody last talked to the caller, or None."""
    return _last(tx, request, "reached")


def helped_since(tx: Tx, request: str) -> datetime | None:
    """Return when somebody last talked to the caller; else when another service took the case over, or None.

    A service may say that a case is not for it, and hand it over to one that helps.
    """
    return reached_at(tx, request) or _last(tx, request, HANDED)


def handed_by(tx: Tx, offer: str) -> tuple[str, datetime] | None:
    """Return which service handed a case over to the service of this offer, and when, or None."""
    taken = attempt.alias()
    same = sa.and_(taken.c.request == attempt.c.request, taken.c.at == attempt.c.at, taken.c.outcome == "claim")
    valid = sa.and_(taken.c.offer == offer, attempt.c.outcome == HANDED, attempt.c.undone.is_(None))
    row = tx.execute(sa.select(attempt.c.service, attempt.c.at).join(taken, same).where(valid)).first()
    return (row.service, row.at) if row else None


def not_for_us_at(tx: Tx, request: str) -> datetime | None:
    """Return when its holder reported that a request is not for them, or None."""
    return not_for_us(tx, [request]).get(request)


def not_for_us(tx: Tx, requests: Collection[str]) -> dict[str, datetime]:
    """Return those of some requests that their holder reported as not for them, and when.

    It does not count any more if the caller was reached later, or if another service took the case over later.
    """
    later = ("reached", HANDED)
    rows = sa.select(attempt.c.request, attempt.c.outcome, sa.func.max(attempt.c.at).label("at"))
    valid = (attempt.c.request.in_(requests), attempt.c.outcome.in_((NOT_FOR_US, *later)), attempt.c.undone.is_(None))
    found = tx.execute(rows.where(*valid).group_by(attempt.c.request, attempt.c.outcome)).all()
    last = {(row.request, row.outcome): row.at for row in found}
    said = {request: at for (request, outcome), at in last.items() if outcome == NOT_FOR_US}
    return {id: at for id, at in said.items() if all(last.get((id, each), at) <= at for each in later)}


def _last(tx: Tx, request: str, outcome: str) -> datetime | None:
    rows = sa.select(sa.func.max(attempt.c.at))
    valid = sa.and_(attempt.c.request == request, attempt.c.outcome == outcome, attempt.c.undone.is_(None))
    return tx.execute(rows.where(valid)).scalar()


def last_report(tx: Tx, id: str) -> datetime | None:
    """Return when the holder of an offer last reported an outcome that is not undone, or None."""
    rows = sa.select(sa.func.max(attempt.c.at)).where(attempt.c.offer == id, attempt.c.undone.is_(None))
    return tx.execute(rows).scalar()


def passed_as_full(tx: Tx, service: str, since: datetime) -> list[Attempt]:
    """Return which offers of a service were passed on since an instant because it was full, unless that was undone."""
    valid = sa.and_(attempt.c.service == service, attempt.c.outcome == FULL, attempt.c.undone.is_(None))
    return [_read(row) for row in tx.execute(sa.select(attempt).where(valid, attempt.c.at >= since))]


def last_of(tx: Tx, actor: str, since: datetime) -> Attempt | None:
    """Return the last report or action of a contact since an instant, unless it was undone."""
    rows = sa.select(attempt).where(attempt.c.actor == actor, attempt.c.at >= since)
    row = tx.execute(rows.order_by(attempt.c.id.desc()).limit(1)).first()
    return _read(row) if row and row.undone is None else None


def last_moved(tx: Tx, request: str, since: datetime) -> Attempt | None:
    """Return how a coordinator took a request from a service last since an instant, unless that was undone."""
    valid = sa.and_(attempt.c.request == request, attempt.c.outcome == MOVED, attempt.c.undone.is_(None))
    rows = sa.select(attempt).where(valid, attempt.c.at >= since).order_by(attempt.c.id.desc()).limit(1)
    row = tx.execute(rows).first()
    return _read(row) if row else None


def is_newest(tx: Tx, made: Attempt) -> bool:
    """Whether nobody has reported or done anything about the same request since.

    Other hours alone do not count, but after a report that the caller was reached: these may be more than they chose.
    Nor does the late *no* of a service from which the request was taken before.
    """
    late_no = sa.and_(attempt.c.outcome == "pass", attempt.c.was_offer.not_in(LIVE))
    later = sa.select(attempt.c.id).where(attempt.c.request == made.request, attempt.c.id > made.id, ~late_no)
    later = later if made.outcome == "reached" else later.where(attempt.c.outcome != HOURS)
    return tx.execute(later.where(attempt.c.undone.is_(None))).first() is None


def undo(tx: Tx, id: int) -> bool:
    """Mark an attempt as undone. Return False if it was already."""
    change = sa.update(attempt).where(attempt.c.id == id, attempt.c.undone.is_(None))
    return tx.execute(change.values(undone=tx.now)).rowcount == 1


def _read(row: Row[Any]) -> Attempt:
    return Attempt(
        row.id, row.request, row.offer, row.outcome, row.at, row.shown_in, State(row.was_request),
        OfferState(row.was_offer),
    )  # fmt: skip
