"""People with an account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.people import Person, Role
from helpline.store.rows import insert_if_new
from helpline.store.schema import person


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


def _person(row: sa.Row[Any]) -> Person:
    return Person(
        row.id, row.name, row.login, Role(row.role), row.service, row.language, row.zone, row.disabled, row.contact
    )
