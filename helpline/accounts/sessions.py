"""Sessions of the console, wrong tries, drafts of forms whose session had ended, and forms that were sent."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from helpline.accounts.throttle import EXPIRES_AFTER, Count
from helpline.staff.roles import Session
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import draft, login_try, spent, web_session
from helpline.store.sql import insert_if_new

KNOWN = timedelta(days=30)
"""How long an ended session stays: people may ask where they were signed in, and its network counts as known."""
OF_TOKEN = Fixed(sa.select(web_session).where(web_session.c.token == sa.bindparam("of_token")))


def begin(tx: Tx, session: Session, token: str) -> None:
    """Save a session. `token` is the hash of what the browser holds."""
    names = [name for name in Session.__slots__ if name != "revoked"]
    values = {name: getattr(session, name) for name in names}
    tx.execute(sa.insert(web_session).values({**values, "token": token, "challenge": ""}))


def by_token(tx: Tx, token: str) -> Session | None:
    """Return the session of a browser, alive or not."""
    row = tx.execute(OF_TOKEN, {"of_token": token}).first()
    return _session(row) if row else None


def of_person(tx: Tx, person: str, idle: timedelta) -> list[Session]:
    """Return where a person is signed in now, newest first."""
    wanted = sa.and_(web_session.c.person == person, web_session.c.proved.is_not(None))
    rows = tx.execute(sa.select(web_session).where(wanted).order_by(web_session.c.created.desc(), web_session.c.id))
    return [session for row in rows if (session := _session(row)).alive(tx.now, idle)]


def lapsed_of(tx: Tx, person: str) -> list[str]:
    """Return the ids of a person's sessions that nobody has revoked."""
    wanted = sa.and_(web_session.c.person == person, web_session.c.revoked.is_(None), web_session.c.proved.is_not(None))
    return list(tx.execute(sa.select(web_session.c.id).where(wanted)).scalars())


def see(tx: Tx, id: str) -> None:
    """Note that a session was used."""
    tx.execute(sa.update(web_session).where(web_session.c.id == id, web_session.c.seen < tx.now).values(seen=tx.now))


def renew(tx: Tx, id: str, token: str, proved: datetime) -> bool:
    """Replace the token of a session after a second factor. Return False if the session has ended."""
    open_ = sa.and_(web_session.c.id == id, web_session.c.revoked.is_(None))
    change = sa.update(web_session).where(open_).values(token=token, proved=proved, seen=proved, challenge="")
    return tx.execute(change).rowcount == 1


def challenge(tx: Tx, id: str, value: str) -> None:
    """Save the challenge that a passkey must sign; empty for none."""
    tx.execute(sa.update(web_session).where(web_session.c.id == id).values(challenge=value))


def take_challenge(tx: Tx, id: str) -> str:
    """Return the challenge that a passkey must sign, and delete it; empty if there is none."""
    row = tx.execute(sa.select(web_session.c.challenge).where(web_session.c.id == id).with_for_update()).first()
    challenge(tx, id, "")
    return str(row.challenge) if row else ""


def revoke(tx: Tx, person: str, *, only: str | None = None, but: str | None = None) -> int:
    """End sessions of a person: all of them, `only` one, or all `but` one. Return how many ended."""
    wanted = [web_session.c.person == person, web_session.c.revoked.is_(None)]
    wanted += [web_session.c.id == only] if only is not None else []
    wanted += [web_session.c.id != but] if but is not None else []
    return tx.execute(sa.update(web_session).where(*wanted).values(revoked=tx.now, challenge="")).rowcount


def knows(tx: Tx, person: str, network: str) -> bool:
    """Whether a person has signed in from this network lately."""
    wanted = sa.and_(web_session.c.person == person, web_session.c.network == network)
    return tx.execute(sa.select(web_session.c.id).where(wanted, web_session.c.proved.is_not(None))).first() is not None


def tries(tx: Tx, key: str) -> Count | None:
    """Return the wrong tries counted under a key, and lock the row until the transaction ends."""
    row = tx.execute(sa.select(login_try).where(login_try.c.key == key).with_for_update()).first()
    return Count(row.failures, row.last) if row and tx.now - row.last < EXPIRES_AFTER else None


def count_try(tx: Tx, key: str, before: Count | None) -> None:
    """Count one more try. `before` is the count so far."""
    values = {"failures": (before.failures if before else 0) + 1, "last": tx.now}
    if tx.execute(sa.update(login_try).where(login_try.c.key == key).values(values)).rowcount == 0:
        insert_if_new(tx, login_try, {"key": key, **values})


def forgive(tx: Tx, key: str, *, all_of_it: bool) -> None:
    """Take back the try that was right, or all wrong ones before it as well."""
    if all_of_it:
        tx.execute(sa.delete(login_try).where(login_try.c.key == key))
        return
    held = sa.and_(login_try.c.key == key, login_try.c.failures > 0)
    tx.execute(sa.update(login_try).where(held).values(failures=login_try.c.failures - 1))


def keep_draft(tx: Tx, person: str, place: str, sealed: bytes, until: datetime) -> None:
    """Save what somebody typed into the form at this path."""
    drop_draft(tx, person, place)
    tx.execute(sa.insert(draft).values(person=person, place=place, sealed=sealed, until=until))


def draft_of(tx: Tx, person: str, place: str) -> bytes | None:
    """Return a saved draft, still sealed."""
    wanted = sa.and_(draft.c.person == person, draft.c.place == place, draft.c.until > tx.now)
    return tx.execute(sa.select(draft.c.sealed).where(wanted)).scalar()


def drop_draft(tx: Tx, person: str, place: str) -> None:
    """Delete a saved draft."""
    tx.execute(sa.delete(draft).where(draft.c.person == person, draft.c.place == place))


def spend(tx: Tx, form: str, until: datetime) -> bool:
    """Note that a form was sent. Return False if it was sent before."""
    return insert_if_new(tx, spent, {"form": form, "until": until})


def unspend(tx: Tx, form: str) -> None:
    """Undo `spend`: nothing came of the form, so it may be sent again."""
    tx.execute(sa.delete(spent).where(spent.c.form == form))


def sweep(tx: Tx) -> None:
    """Delete what has expired."""
    tx.execute(sa.delete(web_session).where(web_session.c.seen <= tx.now - KNOWN))
    tx.execute(sa.delete(web_session).where(web_session.c.proved.is_(None), web_session.c.until <= tx.now))
    tx.execute(sa.delete(login_try).where(login_try.c.last <= tx.now - EXPIRES_AFTER))
    tx.execute(sa.delete(draft).where(draft.c.until <= tx.now))
    tx.execute(sa.delete(spent).where(spent.c.until <= tx.now))


def _session(row: sa.Row[Any]) -> Session:
    return Session(**{name: getattr(row, name) for name in Session.__slots__})
