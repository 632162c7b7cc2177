"""What a conversation leaves behind while it lasts: that consent was shown (USSD), the answers so far (SMS)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.rows import insert_if_new
from helpline.store.schema import dialogue, talk


@dataclass(frozen=True, slots=True)
class Dialogue:
    """An SMS dialogue of one telephone (its keyed hash): where it began, what was answered, replies so far."""

    session: str
    start: str
    language: str
    keys: Sequence[str]
    replies: int


def shown(tx: Connection, session: str) -> int | None:
    """Give how many keys had come when the first consent screen was shown; None: it was not (R28)."""
    return tx.execute(sa.select(talk.c.shown).where(talk.c.session == session)).scalar()


def restarted(tx: Connection, session: str) -> int | None:
    """Give how many keys had come when home was shown because nothing could be kept; None: it was not."""
    return tx.execute(sa.select(talk.c.restart).where(talk.c.session == session)).scalar()


def restart(tx: Connection, session: str, keys: int) -> None:
    """Note that home is being shown because nothing could be kept. The first time counts."""
    change = sa.update(talk).where(talk.c.session == session, talk.c.restart.is_(None))
    tx.execute(change.values(restart=keys))


def show(tx: Connection, session: str, keys: int, until: datetime) -> None:
    """Note that the first consent screen is being shown. The first time counts."""
    insert_if_new(tx, talk, {"session": session, "shown": keys, "until": until})


def dialogue_of(tx: Connection, caller: bytes, now: datetime) -> Dialogue | None:
    """Give the dialogue of a telephone that has not ended by silence."""
    row = tx.execute(sa.select(dialogue).where(dialogue.c.caller == caller, dialogue.c.until > now)).first()
    return Dialogue(row.session, row.start, row.language, row.keys, row.replies) if row else None


def put_dialogue(tx: Connection, caller: bytes, held: Dialogue, until: datetime) -> None:
    """Write a dialogue down in place of any earlier one."""
    end_dialogue(tx, caller)
    values = {"session": held.session, "start": held.start, "language": held.language, "keys": list(held.keys)}
    tx.execute(sa.insert(dialogue).values(caller=caller, replies=held.replies, until=until, **values))


def end_dialogue(tx: Connection, caller: bytes) -> None:
    """Forget the dialogue of a telephone."""
    tx.execute(sa.delete(dialogue).where(dialogue.c.caller == caller))


def sweep(tx: Connection, now: datetime) -> int:
    """Forget what is past its time (R34: USSD state at most an hour); give how many."""
    calls = tx.execute(sa.delete(talk).where(talk.c.until <= now)).rowcount
    return calls + tx.execute(sa.delete(dialogue).where(dialogue.c.until <= now)).rowcount
