"""What services said of their calls and did about requests: never changed, but for the mark that it was taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from helpline.request.model import State
from helpline.request.offers import Offered, OfferState
from helpline.store.engine import Tx
from helpline.store.schema import attempt, offer, vault

NO_CALL = ("claim", "pass")
"""Of what is noted as an attempt, what is done without anybody having rung."""
IN_VAIN = ("no_answer", "busy", "off")
"""Outcomes after which she may be rung again, in another window."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that was said or done. `was_request`, `was_offer`: where they stood before."""

    id: int
    request: str
    offer: str
    outcome: str
    at: datetime
    shown_in: datetime | None
    was_request: State
    was_offer: OfferState


def add(tx: Tx, about: Offered, actor: str, outcome: str, was_request: State) -> None:
    """Note what `actor` (a contact) said or did about an offer as it stood until now."""
    tx.execute(
        sa.insert(attempt).values(
            request=about.request, offer=about.id, service=about.service, actor=actor, outcome=outcome, at=tx.now,
            shown_in=about.shown_in, was_request=was_request.value, was_offer=about.state.value,
            shown_at=about.shown_at,
        )
    )  # fmt: skip


def said(tx: Tx, of: str, outcomes: Collection[str]) -> bool:
    """Tell whether one of these outcomes was told of an offer (its id) before."""
    rows = sa.select(attempt.c.id).where(attempt.c.offer == of, attempt.c.outcome.in_(outcomes))
    return tx.execute(rows).first() is not None


def told(tx: Tx, about: Offered) -> bool:
    """Tell whether an outcome stands for the window in which the number was shown last."""
    same = sa.and_(attempt.c.offer == about.id, attempt.c.shown_in == about.shown_in, attempt.c.undone.is_(None))
    rows = sa.select(attempt.c.id).where(same, attempt.c.outcome.not_in(NO_CALL))
    return tx.execute(rows).first() is not None


def rings(tx: Tx, line: str) -> list[tuple[str, datetime]]:
    """Give when a telephone was rung as far as anybody knows, each with the request it was for (R11).

    That is when its number left, and not when somebody told of it; what was told stays, also where a receipt says
    since that the number did not arrive, and where the word was taken back. A claim that was given back tells of no
    call: there, what counts is whether the number left.
    """
    left = sa.select(offer.c.request, offer.c.shown_at).where(offer.c.line == line, offer.c.shown_at.is_not(None))
    told = sa.select(attempt.c.request, attempt.c.shown_at).join(offer, offer.c.id == attempt.c.offer)
    told = told.where(offer.c.line == line, attempt.c.shown_at.is_not(None), attempt.c.outcome.not_in(NO_CALL))
    return [(row.request, row.shown_at) for row in tx.execute(left.union(told))]


def in_vain(tx: Tx, request: str, line: str) -> int:
    """Count the calls that reached nobody, of a request or of its whole line, whichever are more (R11).

    Not those of another request by which she was reached: the next one of that telephone begins anew.
    """
    vain = sa.and_(attempt.c.outcome.in_(IN_VAIN), attempt.c.undone.is_(None))
    count = sa.select(sa.func.count()).select_from(attempt).where(vain)
    kept = attempt.c.request.in_(sa.select(vault.c.request).where(vault.c.line == line))
    erased = attempt.c.offer.in_(sa.select(offer.c.id).where(offer.c.line == line))  # see `erasure.unlink`
    of_line = count.where(sa.or_(kept, erased), ~reached(attempt.c.request))
    return max(tx.execute(count.where(attempt.c.request == request)).scalar_one(), tx.execute(of_line).scalar_one())


def reached(request: sa.ColumnElement[str]) -> sa.Exists:
    """Tell whether somebody was reached by a request, as a part of a statement."""
    talked = attempt.alias()
    return sa.exists().where(talked.c.request == request, talked.c.outcome == "reached", talked.c.undone.is_(None))


def count(tx: Tx, request: str, outcome: str) -> int:
    """Count how often one outcome stands for a request."""
    rows = sa.select(sa.func.count()).select_from(attempt)
    stands = sa.and_(attempt.c.request == request, attempt.c.outcome == outcome, attempt.c.undone.is_(None))
    return tx.execute(rows.where(stands)).scalar_one()


def reached_at(tx: Tx, request: str) -> datetime | None:
    """Give when somebody last talked to her, None where nobody has."""
    rows = sa.select(sa.func.max(attempt.c.at))
    stands = sa.and_(attempt.c.request == request, attempt.c.outcome == "reached", attempt.c.undone.is_(None))
    return tx.execute(rows.where(stands)).scalar()


def last_told(tx: Tx, id: str) -> datetime | None:
    """Give when the holder of an offer last told an outcome that stands, None where it has told none."""
    rows = sa.select(sa.func.max(attempt.c.at)).where(attempt.c.offer == id, attempt.c.undone.is_(None))
    return tx.execute(rows).scalar()


def last_of(tx: Tx, actor: str, since: datetime) -> Attempt | None:
    """Give the last thing that a contact said or did since an instant, if it was not taken back."""
    rows = sa.select(attempt).where(attempt.c.actor == actor, attempt.c.at >= since)
    row = tx.execute(rows.order_by(attempt.c.id.desc()).limit(1)).first()
    return _read(row) if row and row.undone is None else None


def is_newest(tx: Tx, made: Attempt) -> bool:
    """Tell whether nobody has said or done anything about the same request since."""
    later = sa.select(attempt.c.id).where(attempt.c.request == made.request, attempt.c.id > made.id)
    return tx.execute(later.where(attempt.c.undone.is_(None))).first() is None


def undo(tx: Tx, id: int) -> bool:
    """Mark one as taken back; false where it was before."""
    change = sa.update(attempt).where(attempt.c.id == id, attempt.c.undone.is_(None))
    return tx.execute(change.values(undone=tx.now)).rowcount == 1


def _read(row: Row[Any]) -> Attempt:
    return Attempt(
        row.id, row.request, row.offer, row.outcome, row.at, row.shown_in, State(row.was_request),
        OfferState(row.was_offer),
    )  # fmt: skip
