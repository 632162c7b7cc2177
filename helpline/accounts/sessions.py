"""Who is signed in where; wrong tries; what was typed when a session had ended; forms that were sent."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.accounts.throttle import FORGET, Count
from helpline.staff.roles import Session
from helpline.store.schema import draft, login_try, spent, web_session
from helpline.store.sql import insert_if_new

KNOWN = timedelta(days=30)
"""How long an ended session stays: somebody may ask where they were signed in, and its network counts as known."""


def begin(tx: Connection, session: Session, token: str) -> None:
    """Write a session down; `token` is the hash of what the browser holds."""
    names = [name for name in Session.__slots__ if name != "revoked"]
    values = {name: getattr(session, name) for name in names}
    tx.execute(sa.insert(web_session).values({**values, "token": token, "challenge": ""}))


def by_token(tx: Connection, token: str) -> Session | None:
    """Give the session of a browser, alive or not."""
    row = tx.execute(sa.select(web_session).where(web_session.c.token == token)).first()
    return _session(row) if row else None


def of_person(tx: Connection, person: str, now: datetime, idle: timedelta) -> list[Session]:
    """Give where somebody is signed in now, the newest first."""
    mine = sa.and_(web_session.c.person == person, web_session.c.proved.is_not(None))
    rows = tx.execute(sa.select(web_session).where(mine).order_by(web_session.c.created.desc(), web_session.c.id))
    return [session for row in rows if (session := _session(row)).alive(now, idle)]


def lapsed_of(tx: Connection, person: str) -> list[str]:
    """Give the ids of the sessions of somebody that nobody has ended by hand."""
    mine = sa.and_(web_session.c.person == person, web_session.c.revoked.is_(None), web_session.c.proved.is_not(None))
    return list(tx.execute(sa.select(web_session.c.id).where(mine)).scalars())


def see(tx: Connection, id: str, now: datetime) -> None:
    """Note that a session was used."""
    tx.execute(sa.update(web_session).where(web_session.c.id == id, web_session.c.seen < now).values(seen=now))


def renew(tx: Connection, id: str, token: str, proved: datetime) -> bool:
    """Give a session another token, since a second factor was given in it; false where it has ended."""
    open_ = sa.and_(web_session.c.id == id, web_session.c.revoked.is_(None))
    change = sa.update(web_session).where(open_).values(token=token, proved=proved, seen=proved, challenge="")
    return tx.execute(change).rowcount == 1


def challenge(tx: Connection, id: str, value: str) -> None:
    """Keep what a passkey is asked to sign; empty: nothing."""
    tx.execute(sa.update(web_session).where(web_session.c.id == id).values(challenge=value))


def take_challenge(tx: Connection, id: str) -> str:
    """Give what a passkey was asked to sign, once; empty where nothing was asked."""
    row = tx.execute(sa.select(web_session.c.challenge).where(web_session.c.id == id).with_for_update()).first()
    challenge(tx, id, "")
    return str(row.challenge) if row else ""


def revoke(tx: Connection, person: str, now: datetime, *, only: str | None = None, but: str | None = None) -> int:
    """End sessions of somebody: all of them, `only` one, or all `but` one. Gives how many ended."""
    mine = [web_session.c.person == person, web_session.c.revoked.is_(None)]
    mine += [web_session.c.id == only] if only is not None else []
    mine += [web_session.c.id != but] if but is not None else []
    return tx.execute(sa.update(web_session).where(*mine).values(revoked=now, challenge="")).rowcount


def knows(tx: Connection, person: str, network: str) -> bool:
    """Tell whether somebody has signed in from this network lately."""
    mine = sa.and_(web_session.c.person == person, web_session.c.network == network)
    return tx.execute(sa.select(web_session.c.id).where(mine, web_session.c.proved.is_not(None))).first() is not None


def tries(tx: Connection, key: str, now: datetime) -> Count | None:
    """Give the wrong tries counted under a key. Its row stays ours until the transaction ends."""
    row = tx.execute(sa.select(login_try).where(login_try.c.key == key).with_for_update()).first()
    return Count(row.failures, row.last) if row and now - row.last < FORGET else None


def count_try(tx: Connection, key: str, before: Count | None, now: datetime) -> None:
    """Count one more try; `before` is what was counted so far."""
    values = {"failures": (before.failures if before else 0) + 1, "last": now}
    if tx.execute(sa.update(login_try).where(login_try.c.key == key).values(values)).rowcount == 0:
        insert_if_new(tx, login_try, {"key": key, **values})


def forgive(tx: Connection, key: str, *, all_of_it: bool) -> None:
    """Take back the try that was right, or all that was wrong before it, too."""
    if all_of_it:
        tx.execute(sa.delete(login_try).where(login_try.c.key == key))
        return
    held = sa.and_(login_try.c.key == key, login_try.c.failures > 0)
    tx.execute(sa.update(login_try).where(held).values(failures=login_try.c.failures - 1))


def keep_draft(tx: Connection, person: str, place: str, sealed: bytes, until: datetime) -> None:
    """Keep what somebody typed into the form of a place."""
    drop_draft(tx, person, place)
    tx.execute(sa.insert(draft).values(person=person, place=place, sealed=sealed, until=until))


def draft_of(tx: Connection, person: str, place: str, now: datetime) -> bytes | None:
    """Give what was kept, still sealed."""
    mine = sa.and_(draft.c.person == person, draft.c.place == place, draft.c.until > now)
    return tx.execute(sa.select(draft.c.sealed).where(mine)).scalar()


def drop_draft(tx: Connection, person: str, place: str) -> None:
    """Forget what was kept."""
    tx.execute(sa.delete(draft).where(draft.c.person == person, draft.c.place == place))


def spend(tx: Connection, form: str, until: datetime) -> bool:
    """Note that a form was sent; false where it was sent before."""
    return insert_if_new(tx, spent, {"form": form, "until": until})


def unspend(tx: Connection, form: str) -> None:
    """Take that back: nothing came of it, and it may be sent again."""
    tx.execute(sa.delete(spent).where(spent.c.form == form))


def sweep(tx: Connection, now: datetime) -> None:
    """Forget what is past its time."""
    tx.execute(sa.delete(web_session).where(web_session.c.seen <= now - KNOWN))
    tx.execute(sa.delete(web_session).where(web_session.c.proved.is_(None), web_session.c.until <= now))
    tx.execute(sa.delete(login_try).where(login_try.c.last <= now - FORGET))
    tx.execute(sa.delete(draft).where(draft.c.until <= now))
    tx.execute(sa.delete(spent).where(spent.c.until <= now))


def _session(row: sa.Row[Any]) -> Session:
    return Session(**{name: getattr(row, name) for name in Session.__slots__})
