"""What is noted of a call that is under way, whatever it asks for: was the consent screen shown, where was it left.

What a conversation leaves behind while it lasts: that consent was shown (USSD), the answers so far (SMS).

How many calls were left on which screen: a number a month and screen, and nothing of any call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helpline.caller import blocks
from helpline.caller.blocks import Mark
from helpline.caller.caller_context import CallerContext
from helpline.request import requests, tombstones
from helpline.store.engine import Tx
from helpline.store.schema import departure, dialogue, talk
from helpline.store.sql import insert_if_new

TALK_TIME = timedelta(minutes=45)
"""USSD state is kept at most an hour (R34): this, and the time until the next sweep."""


def consent_shown(ctx: CallerContext, channel: str, session: str, keys: int) -> int:
    """Note that the first consent screen is being shown; give how many keys had come when it first was (R28)."""
    hashed, now = ctx.words.session(channel, session), ctx.now()
    with ctx.db.read() as tx:
        known = shown(tx, hashed)
    if known is not None:
        return known
    with ctx.db.write() as tx:
        show(tx, hashed, keys, now + TALK_TIME)
        return shown(tx, hashed) or keys


def active_blocks(ctx: CallerContext) -> list[Mark]:
    """Give what numbers are compared with that may be blocked; mostly there is nothing (R49)."""
    with ctx.db.read() as tx:
        return blocks.marks(tx)


def note_left_call(ctx: CallerContext, channel: str, session: str, screen: str) -> None:
    """Count a call that was left on a screen: this month one more, and nothing else of it (R34).

    Not one that wrote a request, whatever its keys say without the number that they came from (R36).
    """
    hashed = ctx.words.session(channel, session)
    with ctx.db.read() as tx:
        if requests.of_session(tx, hashed) or tombstones.was_erased(tx, hashed):
            return
    with ctx.db.write() as tx:
        count_left(tx, f"{ctx.now():%Y-%m}", screen)


def note_restart(ctx: CallerContext, channel: str, session: str, keys: int) -> None:
    """Note that home is being shown because nothing could be kept: later keys of this call begin there."""
    with ctx.db.write() as tx:
        restart(tx, ctx.words.session(channel, session), keys)


def keys_at_restart(ctx: CallerContext, channel: str, session: str) -> int | None:
    """Give how many keys had come when home was shown because nothing could be kept."""
    with ctx.db.read() as tx:
        return restarted(tx, ctx.words.session(channel, session))


@dataclass(frozen=True, slots=True)
class Dialogue:
    """An SMS dialogue of one telephone (its keyed hash): where it began, what was answered, replies so far."""

    session: str
    start: str
    language: str
    keys: Sequence[str]
    replies: int


def shown(tx: Tx, session: str) -> int | None:
    """Give how many keys had come when the first consent screen was shown; None: it was not (R28)."""
    return tx.execute(sa.select(talk.c.shown).where(talk.c.session == session)).scalar()


def restarted(tx: Tx, session: str) -> int | None:
    """Give how many keys had come when home was shown because nothing could be kept; None: it was not."""
    return tx.execute(sa.select(talk.c.restart).where(talk.c.session == session)).scalar()


def restart(tx: Tx, session: str, keys: int) -> None:
    """Note that home is being shown because nothing could be kept. The first time counts."""
    change = sa.update(talk).where(talk.c.session == session, talk.c.restart.is_(None))
    tx.execute(change.values(restart=keys))


def show(tx: Tx, session: str, keys: int, until: datetime) -> None:
    """Note that the first consent screen is being shown. The first time counts."""
    insert_if_new(tx, talk, {"session": session, "shown": keys, "until": until})


def dialogue_of(tx: Tx, caller: bytes) -> Dialogue | None:
    """Give the dialogue of a telephone that has not ended by silence."""
    row = tx.execute(sa.select(dialogue).where(dialogue.c.caller == caller, dialogue.c.until > tx.now)).first()
    return Dialogue(row.session, row.start, row.language, row.keys, row.replies) if row else None


def put_dialogue(tx: Tx, caller: bytes, held: Dialogue, until: datetime) -> None:
    """Write a dialogue down in place of any earlier one."""
    end_dialogue(tx, caller)
    values = {"session": held.session, "start": held.start, "language": held.language, "keys": list(held.keys)}
    tx.execute(sa.insert(dialogue).values(caller=caller, replies=held.replies, until=until, **values))


def end_dialogue(tx: Tx, caller: bytes) -> None:
    """Forget the dialogue of a telephone."""
    tx.execute(sa.delete(dialogue).where(dialogue.c.caller == caller))


def sweep(tx: Tx) -> int:
    """Forget what is past its time (R34: USSD state at most an hour); give how many."""
    calls = tx.execute(sa.delete(talk).where(talk.c.until <= tx.now)).rowcount
    return calls + tx.execute(sa.delete(dialogue).where(dialogue.c.until <= tx.now)).rowcount


def count_left(tx: Tx, month: str, screen: str) -> None:
    """Count one call more."""
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    row = make(departure).values(month=month, screen=screen, calls=1)
    more = {"calls": departure.c.calls + 1}
    tx.execute(row.on_conflict_do_update(index_elements=[departure.c.month, departure.c.screen], set_=more))


def left_in_month(tx: Tx, month: str) -> list[dict[str, str]]:
    """Give a row for each call that was left in a month."""
    rows = tx.execute(sa.select(departure.c.screen, departure.c.calls).where(departure.c.month == month))
    return [{"screen": row.screen} for row in rows for _ in range(row.calls)]


def forget_left_before(tx: Tx, month: str) -> None:
    """Forget what is older than a month: it is counted, and kept as it may be published."""
    tx.execute(sa.delete(departure).where(departure.c.month < month))


TO_THE_END = "(end)"
"""Instead of a screen: the call had come to a last one."""
