"""What people prove their identity with: passwords, codes of an app, recovery codes, passkeys."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.schema import passkey, person, recovery
from helpline.store.sql import insert_if_new


@dataclass(frozen=True, slots=True)
class Factors:
    """The password and the app of one account."""

    password: str = field(repr=False)
    totp: bytes | None = field(repr=False)
    """The app's secret, sealed; None if it was taken away."""
    last: int
    """The step of the last code that was accepted."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key in somebody's telephone, computer or security key."""

    id: str
    person: str
    credential: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str
    created: datetime
    used: datetime | None


def get(tx: Tx, id: str) -> Factors:
    """Return the factors of an account, and lock its row until the transaction ends."""
    row = tx.execute(sa.select(person).where(person.c.id == id).with_for_update()).one()
    return Factors(row.password, row.totp, row.totp_last)


def take_step(tx: Tx, id: str, step: int) -> bool:
    """Note that the code of a step was used. Return False if one as late was used already."""
    fresh = sa.and_(person.c.id == id, person.c.totp_last < step)
    return tx.execute(sa.update(person).where(fresh).values(totp_last=step)).rowcount == 1


def put_recovery(tx: Tx, id: str, hashes: Iterable[str]) -> None:
    """Replace the recovery codes of an account."""
    tx.execute(sa.delete(recovery).where(recovery.c.person == id))
    for code in hashes:
        tx.execute(sa.insert(recovery).values(code=code, person=id))


def use_recovery(tx: Tx, id: str, hash: str) -> bool:
    """Use up a recovery code. Return False if it is not theirs, or was used."""
    owned = sa.and_(recovery.c.code == hash, recovery.c.person == id)
    return tx.execute(sa.delete(recovery).where(owned)).rowcount == 1


def count_recovery(tx: Tx, id: str) -> int:
    """Return how many recovery codes are left."""
    return tx.execute(sa.select(sa.func.count()).select_from(recovery).where(recovery.c.person == id)).scalar_one()


def passkeys(tx: Tx, id: str) -> list[Passkey]:
    """Return the passkeys of an account, oldest first."""
    rows = tx.execute(sa.select(passkey).where(passkey.c.person == id).order_by(passkey.c.created, passkey.c.id))
    return [Passkey(**row) for row in rows.mappings()]


def add_passkey(tx: Tx, key: Passkey) -> bool:
    """Save a passkey. Return False if it is known already."""
    names = ("id", "person", "credential", "public_key", "sign_count", "name", "created")
    return insert_if_new(tx, passkey, {name: getattr(key, name) for name in names})


def use_passkey(tx: Tx, id: str, sign_count: int, at: datetime) -> None:
    """Note that a passkey was used, with its new count."""
    tx.execute(sa.update(passkey).where(passkey.c.id == id).values(sign_count=sign_count, used=at))


def remove_passkeys(tx: Tx, person_id: str, id: str | None = None) -> bool:
    """Delete one passkey of an account, or all of them. Return False if there was none."""
    owned = passkey.c.person == person_id
    return (
        tx.execute(sa.delete(passkey).where(owned if id is None else sa.and_(owned, passkey.c.id == id))).rowcount > 0
    )
