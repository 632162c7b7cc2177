"""What people with an account prove themselves with: passwords, codes, recovery codes, passkeys."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.store.schema import passkey, person, recovery
from helpline.store.sql import insert_if_new


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody proves themselves with. `totp` is sealed; `last`: the step of the last code that was taken."""

    password: str = field(repr=False)
    totp: bytes | None = field(repr=False)
    last: int


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key on somebody's telephone, computer or stick."""

    id: str
    person: str
    credential: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str
    created: datetime
    used: datetime | None


def get(tx: Connection, id: str) -> Factors:
    """Give what somebody proves themselves with. The row stays ours until the transaction ends."""
    row = tx.execute(sa.select(person).where(person.c.id == id).with_for_update()).one()
    return Factors(row.password, row.totp, row.totp_last)


def take_step(tx: Connection, id: str, step: int) -> bool:
    """Note that the code of a step was used; false where one as young was used already."""
    fresh = sa.and_(person.c.id == id, person.c.totp_last < step)
    return tx.execute(sa.update(person).where(fresh).values(totp_last=step)).rowcount == 1


def put_recovery(tx: Connection, id: str, hashes: Iterable[str]) -> None:
    """Put a set of recovery codes in place of the earlier one."""
    tx.execute(sa.delete(recovery).where(recovery.c.person == id))
    for code in hashes:
        tx.execute(sa.insert(recovery).values(code=code, person=id))


def use_recovery(tx: Connection, id: str, hash: str) -> bool:
    """Use up a recovery code; false where it is none of theirs, or was used."""
    mine = sa.and_(recovery.c.code == hash, recovery.c.person == id)
    return tx.execute(sa.delete(recovery).where(mine)).rowcount == 1


def count_recovery(tx: Connection, id: str) -> int:
    """Count the recovery codes that are left."""
    return tx.execute(sa.select(sa.func.count()).select_from(recovery).where(recovery.c.person == id)).scalar_one()


def passkeys(tx: Connection, id: str) -> list[Passkey]:
    """Give somebody's passkeys, the oldest first."""
    rows = tx.execute(sa.select(passkey).where(passkey.c.person == id).order_by(passkey.c.created, passkey.c.id))
    return [Passkey(**row) for row in rows.mappings()]


def add_passkey(tx: Connection, key: Passkey) -> bool:
    """Write a passkey down; false where it is known already."""
    names = ("id", "person", "credential", "public_key", "sign_count", "name", "created")
    return insert_if_new(tx, passkey, {name: getattr(key, name) for name in names})


def use_passkey(tx: Connection, id: str, sign_count: int, at: datetime) -> None:
    """Note that a passkey was used; its count can only grow, where it counts at all."""
    tx.execute(sa.update(passkey).where(passkey.c.id == id).values(sign_count=sign_count, used=at))


def remove_passkeys(tx: Connection, person_id: str, id: str | None = None) -> bool:
    """Forget one passkey of somebody, or all of them."""
    mine = passkey.c.person == person_id
    return tx.execute(sa.delete(passkey).where(mine if id is None else sa.and_(mine, passkey.c.id == id))).rowcount > 0
