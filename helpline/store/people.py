"""People with an account, what they sign in with, and invitations that nobody has used yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.people import Person, Role
from helpline.store.rows import insert_if_new
from helpline.store.schema import invitation, passkey, person, recovery


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


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who may make an account, or (`person`) set up a second factor anew; handed over by hand."""

    token: str = field(repr=False)
    person: str
    keeps_password: bool
    name: str
    login: str
    role: Role
    service: str
    language: str
    totp: bytes = field(repr=False)
    invited_by: str
    expires: datetime


def get(tx: Connection, id: str) -> Person | None:
    """Give somebody by id."""
    row = tx.execute(sa.select(person).where(person.c.id == id)).first()
    return _person(row) if row else None


def by_login(tx: Connection, login: str) -> Person | None:
    """Give somebody by login."""
    row = tx.execute(sa.select(person).where(person.c.login == login)).first()
    return _person(row) if row else None


def everybody(tx: Connection) -> list[Person]:
    """Give all people, by login."""
    return [_person(row) for row in tx.execute(sa.select(person).order_by(person.c.login))]


def of_service(tx: Connection, service: str) -> list[str]:
    """Give the ids of all accounts of a service, those that were disabled among them."""
    return list(tx.execute(sa.select(person.c.id).where(person.c.service == service)).scalars())


def work_for(tx: Connection, service: str) -> bool:
    """Tell whether a service has an account that is not disabled."""
    there = sa.exists().where(person.c.service == service, person.c.disabled.is_(None))
    return bool(tx.execute(sa.select(there)).scalar_one())


def is_out(tx: Connection, contact: str) -> bool:
    """Tell whether somebody of the directory had an account and has none any more that is not disabled."""
    rows = tx.execute(sa.select(person.c.disabled).where(person.c.contact == contact)).scalars().all()
    return bool(rows) and all(rows)


def has_another(tx: Connection, who: Person) -> bool:
    """Tell whether somebody's telephone is joined to another account, too, that is not disabled."""
    others = person.c.contact == who.contact, person.c.id != who.id, person.c.disabled.is_(None)
    return bool(tx.execute(sa.select(sa.exists().where(*others))).scalar_one())


def person_of(tx: Connection, by: str) -> str:
    """Give by what one person is told from another: the telephone that an account is joined to, else what `by` is."""
    account = get(tx, by)
    return (account and account.contact) or by


def is_named(tx: Connection, by: str, name: str) -> bool:
    """Tell whether a name that was typed, in small letters, is the login or the name of an account."""
    account = get(tx, by)
    return account is not None and name in (account.login, account.name.casefold())


def has_left(tx: Connection, by: str) -> bool:
    """Tell whether an account was disabled: what only it has said counts no more."""
    account = get(tx, by)
    return account is not None and account.disabled is not None


def factors(tx: Connection, id: str) -> Factors:
    """Give what somebody proves themselves with. The row stays ours until the transaction ends."""
    row = tx.execute(sa.select(person).where(person.c.id == id).with_for_update()).one()
    return Factors(row.password, row.totp, row.totp_last)


def add(tx: Connection, who: Person, password: str, totp: bytes, at: datetime, by: str) -> bool:
    """Write somebody down; false where the login is taken."""
    values = {
        "id": who.id, "name": who.name, "login": who.login, "role": who.role.value, "service": who.service,
        "language": who.language, "zone": who.zone, "password": password, "totp": totp, "totp_last": 0,
        "created": at, "created_by": by,
    }  # fmt: skip
    return insert_if_new(tx, person, values)


def change(tx: Connection, id: str, values: Mapping[str, Any]) -> bool:
    """Change columns of somebody; false where there is nobody."""
    return tx.execute(sa.update(person).where(person.c.id == id).values(dict(values))).rowcount == 1


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


def invite(tx: Connection, made: Invitation) -> None:
    """Write an invitation down. An earlier one to the same login is worth nothing any more."""
    tx.execute(sa.delete(invitation).where(invitation.c.login == made.login, invitation.c.used.is_(None)))
    names = [name for name in Invitation.__slots__ if name != "role"]
    values = {name: getattr(made, name) for name in names} | {"role": made.role.value}
    tx.execute(sa.insert(invitation).values(values))


def invited(tx: Connection, token: str, now: datetime) -> Invitation | None:
    """Give the invitation with this hash, if it can still be used."""
    open_ = sa.and_(invitation.c.token == token, invitation.c.used.is_(None), invitation.c.expires > now)
    row = tx.execute(sa.select(invitation).where(open_)).first()
    return _invitation(row) if row else None


def open_invitations(tx: Connection, now: datetime) -> list[Invitation]:
    """Give every invitation that can still be used, by login."""
    open_ = sa.and_(invitation.c.used.is_(None), invitation.c.expires > now)
    return [_invitation(row) for row in tx.execute(sa.select(invitation).where(open_).order_by(invitation.c.login))]


def use_invitation(tx: Connection, token: str, now: datetime) -> bool:
    """Use an invitation up; false where somebody was first, or it is too late."""
    open_ = sa.and_(invitation.c.token == token, invitation.c.used.is_(None), invitation.c.expires > now)
    return tx.execute(sa.update(invitation).where(open_).values(used=now)).rowcount == 1


def withdraw_invitations(tx: Connection, login: str) -> None:
    """Make every open invitation to a login worth nothing."""
    tx.execute(sa.delete(invitation).where(invitation.c.login == login, invitation.c.used.is_(None)))


def withdraw_invitations_by(tx: Connection, id: str) -> None:
    """Make every open invitation that somebody made worth nothing: whoever made it may have kept its code."""
    tx.execute(sa.delete(invitation).where(invitation.c.invited_by == id, invitation.c.used.is_(None)))


def sweep(tx: Connection, now: datetime) -> None:
    """Forget invitations that were used or are too late."""
    over = sa.or_(invitation.c.used.is_not(None), invitation.c.expires <= now)
    tx.execute(sa.delete(invitation).where(over))


def _invitation(row: sa.Row[Any]) -> Invitation:
    values = {name: getattr(row, name) for name in Invitation.__slots__}
    return Invitation(**{**values, "role": Role(row.role)})


def _person(row: sa.Row[Any]) -> Person:
    return Person(
        row.id, row.name, row.login, Role(row.role), row.service, row.language, row.zone, row.disabled, row.contact
    )
