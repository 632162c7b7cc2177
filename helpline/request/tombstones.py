"""Erasure of requests: when a number must be deleted, and what remains of a request that has ended (R34)."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from helpline.request import requests
from helpline.request.model import HELD_ON, CallbackRequest
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import (
    IS_OPEN,
    IS_WHOLE,
    attempt,
    gone,
    message,
    note,
    offer,
    outbox,
    request,
    vault,
    waitlist,
)
from helpline.store.sql import day_of, insert_if_new, new_id

ERASED = Fixed(sa.select(gone.c.session).where(gone.c.session == sa.bindparam("of")))


def was_erased(tx: Tx, session: str) -> bool:
    """Whether a session's request was erased lately: then none of its hops may store it again (R33, R34)."""
    return tx.execute(ERASED, {"of": session}).first() is not None


def overdue(tx: Tx, keep: timedelta, most: int) -> list[CallbackRequest]:
    """Return at most so many of the requests whose number must be deleted (R34).

    They are over, or past their consent and nobody helps the caller, or as old as `keep`. Only what is open and what
    has a number is read: the requests that have ended are many times as many. Ids are found first. In one statement
    with the rows, PostgreSQL expects many of them, and reads all requests for the few that it finds.
    """
    helped = [state.value for state in HELD_ON]
    late = sa.or_(
        sa.and_(request.c.state.not_in(helped), request.c.expires <= tx.now),
        request.c.created <= tx.now - keep,
    )
    still = sa.select(request.c.id).where(IS_OPEN)
    numbered = still.where(late, sa.exists().where(vault.c.request == request.c.id))
    over = _without_open(tx.dialect.name, still)
    ids = [id for found in (numbered, over) for id in tx.execute(found.limit(most)).scalars()]
    return requests.of_ids(tx, ids[:most])


def _without_open(dialect: str, still: sa.Select[tuple[str]]) -> sa.Select[tuple[str]]:
    """Select the requests that have a number and are not open, so that both indexes are read side by side.

    Of 100,000 numbers, the words of the other engine took twice the time on PostgreSQL and six times on SQLite.
    """
    if dialect == "sqlite":
        over = sa.except_(sa.select(vault.c.request), still).order_by("request").subquery()
        return sa.select(over.c.request)
    return sa.select(vault.c.request).where(~sa.exists(still.where(request.c.id == vault.c.request)))


def erase(tx: Tx, id: str, until: datetime) -> None:
    """Delete the number, the notes, and everything by which the caller could be found; the counts remain (R34)."""
    session = tx.execute(sa.select(request.c.session).where(request.c.id == id)).scalar()
    if session:
        insert_if_new(tx, gone, {"session": session, "until": until})
    tx.execute(sa.delete(vault).where(vault.c.request == id))
    tx.execute(sa.delete(note).where(note.c.request == id))
    tx.execute(sa.delete(waitlist).where(waitlist.c.request == id))
    tx.execute(sa.update(request).where(request.c.id == id).values(session=None, other=None))


def only_counts(tx: Tx, before: datetime, most: int) -> int:
    """Reduce at most so many requests that ended before an instant to what is counted (R34). Return how many.

    Each gets another id, so that the audit log and other records of the old id lead to no request.
    """
    whole = sa.select(request.c.id, request.c.created).where(IS_WHOLE, request.c.updated <= before).limit(most)
    rows = tx.execute(whole).all()
    ids = [row.id for row in rows]
    for table, of in ((offer, offer.c.request), (attempt, attempt.c.request), (message, message.c.request)):
        tx.execute(sa.delete(table).where(of.in_(ids)))
    tx.execute(sa.delete(outbox).where(outbox.c.ref.in_(ids)))
    for row in rows:
        tx.execute(sa.update(request).where(request.c.id == row.id).values(id=new_id(), **counted(row.created)))
    return len(rows)


def counted(created: datetime) -> dict[str, Any]:
    """Return the values that replace what is not counted, for a request that was created then.

    What remains: day, language, place, need, age band, danger, kind, feedback, reveals, outcome.
    """
    day = day_of(created)
    times = dict.fromkeys(("created", "due", "updated", "expires", "since"), day)
    answers = dict.fromkeys(("others_may_answer", "may_leave_message", "may_name_us", "may_sms", "sex"), "not_said")
    empty = dict.fromkeys(("window", "days", "hour", "zone", "cover", "operator_sex", "operator_language"), "")
    reset = {
        "code_mac": None,
        "word": 0,
        "ours": 0,
        "draws": -1,
        "keys_seen": 0,
        "state_line": "no",
        "more_services": 0,
    }
    cleared = dict.fromkeys(
        (
            "ended",
            "promised_from",
            "promised_to",
            "alarmed",
            "session",
            "other",
            "handed_to",
            "frozen_at",
            "more_agreed",
            "chosen",
            "narrowed_at",
        )
    )
    return {**times, **answers, **empty, **reset, **cleared}


def sweep(tx: Tx) -> int:
    """Delete the marks of erased sessions that are past their time. Return how many."""
    return tx.execute(sa.delete(gone).where(gone.c.until <= tx.now)).rowcount


def unlink(tx: Tx, request: str) -> None:
    """Remove the offers of an erased request from its phone line, so that they do not lead to the next request.

    Not while another request of that telephone is stored: it must not be called twice in a window, nor more than three
    times, because one of its requests is over (R11). The last one to be erased removes the offers of all.
    """
    lines = sa.select(offer.c.line).where(offer.c.request == request)
    cut = sa.and_(offer.c.line.in_(lines), ~sa.exists().where(vault.c.line == offer.c.line))
    no_number = ~sa.exists().where(vault.c.request == offer.c.request)
    for id in tx.execute(sa.select(offer.c.request).where(cut, no_number).distinct()).scalars().all():
        tx.execute(sa.update(offer).where(offer.c.request == id).values(line=new_id()))
