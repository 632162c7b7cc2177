"""The state of conversations: which consent screens were shown (USSD), the answers so far (SMS), where calls were left.

Of a call that was left, only its last screen is counted, for each month; nothing of the call itself is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from helpline.caller import blocks
from helpline.caller.blocks import Mark
from helpline.caller.caller_context import CallerContext
from helpline.request import requests, tombstones
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import departure, dialogue, talk
from helpline.store.sql import INSERT, insert_if_new, new_id
from menus.tree import BACK

KEPT_FOR = timedelta(minutes=45)
"""USSD state is kept for at most an hour (R34): this, and the time until the next sweep."""
UNREAD_FOR = timedelta(days=1)
"""How long a text may wait to be read, after a stop or a call for help that overtook it."""
LANGUAGE_FOR = timedelta(hours=1)
"""How long the language of a dialogue is remembered that a stop has ended."""
SHOWN = Fixed(sa.select(talk.c.shown, talk.c.until).where(talk.c.session == sa.bindparam("of")))
TO_THE_END = "(end)"
"""Stands for all screens that end a call."""
OF_CALLER = dialogue.c.caller == sa.bindparam("of")
DIALOGUE = Fixed(
    sa.select(dialogue).where(OF_CALLER, dialogue.c.until > sa.bindparam("now", type_=dialogue.c.until.type))
)
PUT_DIALOGUE = Fixed(sa.insert(dialogue))
END_DIALOGUE = Fixed(sa.delete(dialogue).where(OF_CALLER))


Shown = Mapping[int, datetime]
"""For each consent screen that was shown, the number of keys by then, and when it was."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The SMS dialogue of one telephone (found by its keyed hash)."""

    session: str
    start: str
    """The screen on which it began. Empty if it has ended, or not begun."""
    language: str
    keys: Sequence[str]
    """The answers so far, as keys."""
    replies: int
    heard: datetime | None = None
    """When a stop or a call for help came in that was read before older texts. These are not answered any more."""
    until: datetime | None = None
    """When silence ends it. None if it has not begun."""
    by: tuple[str, str] = ("", "")
    """The channel and the code that the text in hand was sent to. It is not stored."""
    content: str = ""
    """The version of the content by which its last question was asked. Its answers mean nothing by another one."""


def consent_screens_shown(ctx: CallerContext, channel: str, session: str) -> tuple[Shown, list[Mark]]:
    """Return the consent screens that this session was shown (R28).

    Before the first one also return the marks of the active blocks (R49). Mostly there are none.
    """
    with ctx.db.glance() as tx:
        already = shown(tx, ctx.words.session(channel, session))
        return already, [] if already else blocks.marks(tx)


def note_consent_screen(ctx: CallerContext, channel: str, session: str, keys: int) -> None:
    """Record that a consent screen is shown now. Later keys of this call count from here (R28)."""
    hashed = ctx.words.session(channel, session)
    ctx.hops.write(ctx.db, lambda tx: show(tx, hashed, keys, tx.now + KEPT_FOR))


def note_left_call(ctx: CallerContext, channel: str, session: str, screen: str) -> None:
    """Add one to this month's calls that were left on a screen, and store nothing else (R34).

    A call that stored a request is not counted (R36). Its keys alone do not show that, because a gateway reports the
    end of a call without the caller's number.
    """
    hashed = ctx.words.session(channel, session)
    with ctx.db.read() as tx:
        if requests.of_session(tx, hashed) or tombstones.was_erased(tx, hashed):
            return
    with ctx.db.write() as tx:
        count_left(tx, f"{tx.now:%Y-%m}", screen)


def note_restart(ctx: CallerContext, channel: str, session: str, keys: int) -> None:
    """Record that home is shown because nothing could be stored. Later keys of this call start from there."""
    with ctx.db.write() as tx:
        restart(tx, ctx.words.session(channel, session), keys)


def keys_at_restart(ctx: CallerContext, channel: str, session: str) -> int | None:
    """Return the number of keys when home was shown because nothing could be stored, or None."""
    with ctx.db.read() as tx:
        return restarted(tx, ctx.words.session(channel, session))


def shown(tx: Tx, session: str) -> Shown:
    """Return the consent screens that were shown (R28)."""
    return {row.shown: row.until - KEPT_FOR for row in tx.execute(SHOWN, {"of": session})}


def last_no(keys: Sequence[str], shown: Collection[int]) -> int | None:
    """Return how many keys came before the last *no* on a consent screen that was really shown, or None.

    It is key 0 on both consent screens, by any content (R28).
    """
    return max((at for at in shown if at < len(keys) and keys[at].strip() == BACK), default=None)


def restarted(tx: Tx, session: str) -> int | None:
    """Return the number of keys when home was shown because nothing could be stored. None if it was not."""
    return tx.execute(sa.select(sa.func.min(talk.c.restart)).where(talk.c.session == session)).scalar()


def restart(tx: Tx, session: str, keys: int) -> None:
    """Record that home is shown because nothing could be stored. Only the first time counts."""
    change = sa.update(talk).where(talk.c.session == session, talk.c.restart.is_(None))
    tx.execute(change.values(restart=keys))


def show(tx: Tx, session: str, keys: int, until: datetime) -> None:
    """Record that a consent screen is shown. A repeated hop changes nothing."""
    insert_if_new(tx, talk, {"session": session, "shown": keys, "until": until})


def dialogue_of(tx: Tx, caller: bytes) -> Dialogue | None:
    """Return the dialogue of a telephone, unless it has ended by silence."""
    row = tx.execute(DIALOGUE, {"of": caller, "now": tx.now}).first()
    if row is None:
        return None
    held = row.session, row.start, row.language, row.keys, row.replies, row.heard, row.until
    return Dialogue(*held, content=row.content)


def put_dialogue(tx: Tx, caller: bytes, held: Dialogue, until: datetime) -> None:
    """Store a dialogue in place of an earlier one."""
    end_dialogue(tx, caller)
    values: dict[str, Any] = {"session": held.session, "start": held.start, "language": held.language}
    values |= {"keys": list(held.keys), "replies": held.replies, "heard": held.heard, "content": held.content}
    tx.execute(PUT_DIALOGUE, {**values, "caller": caller, "until": until})


def silence_before(tx: Tx, caller: bytes, heard: datetime) -> None:
    """Answer no text of a telephone that came before an instant, for as long as one may wait to be read."""
    put_dialogue(tx, caller, Dialogue(new_id(), "", "", (), 0, heard), tx.now + UNREAD_FOR)


def remember_language(tx: Tx, caller: bytes, language: str) -> None:
    """Answer the next text of a telephone in this language, if it comes within an hour."""
    put_dialogue(tx, caller, Dialogue(new_id(), "", language, (), 0), tx.now + LANGUAGE_FOR)


def end_dialogue(tx: Tx, caller: bytes) -> None:
    """Delete the dialogue of a telephone."""
    tx.execute(END_DIALOGUE, {"of": caller})


def sweep(tx: Tx) -> int:
    """Delete what is past its time (R34: USSD state at most an hour). Return how many rows."""
    calls = tx.execute(sa.delete(talk).where(talk.c.until <= tx.now)).rowcount
    return calls + tx.execute(sa.delete(dialogue).where(dialogue.c.until <= tx.now)).rowcount


def count_left(tx: Tx, month: str, screen: str) -> None:
    """Add one to the calls that were left on a screen."""
    row = INSERT[tx.dialect.name](departure).values(month=month, screen=screen, calls=1)
    more = {"calls": departure.c.calls + 1}
    tx.execute(row.on_conflict_do_update(index_elements=[departure.c.month, departure.c.screen], set_=more))


def left_in_month(tx: Tx, month: str) -> list[dict[str, str]]:
    """Return one row for each call that was left in a month."""
    rows = tx.execute(sa.select(departure.c.screen, departure.c.calls).where(departure.c.month == month))
    return [call for row in rows for call in [{"screen": row.screen}] * row.calls]


def delete_left_before(tx: Tx, month: str) -> None:
    """Delete the counts before a month. They are stored already as they may be published."""
    tx.execute(sa.delete(departure).where(departure.c.month < month))
