"""People with an account. An account that was changed without the contact key counts as disabled.

An account that says it is disabled counts as disabled even without a valid code: somebody who can write such a row
could delete the row as well. Coordinators must be called about a request even before an operator has sealed their
accounts.
"""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from helpline.keys.row_seal import ContactKey
from helpline.staff import contacts
from helpline.staff.roles import Person, Role
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import person
from helpline.store.sql import insert_if_new

OF_ID = Fixed(sa.select(person).where(person.c.id == sa.bindparam("of_id")))
SEALED = ("id", "name", "login", "role", "service", "contact", "password")
"""With the app's secret and whether the account is disabled, these columns give all power: identity, rights and
sign-in.

The code does not cover what people choose for themselves (language, zone). Nor does it cover `totp_last`, which
changes at each sign-in and only keeps a code from counting twice. Passkeys and recovery codes have tables of their
own, with codes of the session key."""


def get(tx: Tx, id: str) -> Person | None:
    """Return a person by their id."""
    row = tx.execute(OF_ID, {"of_id": id}).first()
    return _person(tx, row._asdict()) if row else None


def by_login(tx: Tx, login: str) -> Person | None:
    """Return a person by their login."""
    row = tx.execute(sa.select(person).where(person.c.login == login)).mappings().first()
    return _person(tx, row) if row else None


def everybody(tx: Tx) -> list[Person]:
    """Return all people, sorted by login."""
    return [_person(tx, row) for row in tx.execute(sa.select(person).order_by(person.c.login)).mappings()]


def names(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return the names of those of these ids that are accounts."""
    found = tx.execute(sa.select(person.c.id, person.c.name).where(person.c.id.in_(ids)))
    return {row.id: row.name for row in found}


def joined(tx: Tx, id: str) -> datetime | None:
    """Return when an account was made, or None if there is none."""
    return tx.execute(sa.select(person.c.created).where(person.c.id == id)).scalar_one_or_none()


def of_service(tx: Tx, service: str) -> list[str]:
    """Return the ids of all accounts of a service, disabled ones included."""
    return list(tx.execute(sa.select(person.c.id).where(person.c.service == service)).scalars())


def genuine_of_service(tx: Tx, service: str) -> list[str]:
    """Return the ids of the accounts of a service that are as the contact key has sealed them."""
    rows = tx.execute(sa.select(person).where(person.c.service == service)).mappings().all()
    return [str(row["id"]) for row in rows if _holds(tx, row)]


def ids_of_desk(tx: Tx, desk: str) -> set[str]:
    """Return the ids of all who act for a desk: itself, its telephones and its accounts, if they are genuine."""
    return {desk, *genuine_of_service(tx, desk), *map(attrgetter("id"), contacts.of_service(tx, desk))}


def has_active_account(tx: Tx, service: str) -> bool:
    """Whether a service has an account that is not disabled."""
    there = sa.exists().where(person.c.service == service, person.c.disabled.is_(None))
    return bool(tx.execute(sa.select(there)).scalar_one())


def is_disabled(tx: Tx, contact: str) -> bool:
    """Whether this contact had accounts and all of them are disabled."""
    rows = tx.execute(sa.select(person.c.disabled).where(person.c.contact == contact)).scalars().all()
    return bool(rows) and all(rows)


def has_another(tx: Tx, account: Person) -> bool:
    """Whether the person's telephone is linked to another account that is not disabled."""
    others = person.c.contact == account.contact, person.c.id != account.id, person.c.disabled.is_(None)
    return bool(tx.execute(sa.select(sa.exists().where(*others))).scalar_one())


def person_of(tx: Tx, by: str) -> str:
    """Return what tells one person from another: the telephone that an account is linked to, else `by` itself."""
    account = get(tx, by)
    return (account and account.contact) or by


def is_named(tx: Tx, by: str, name: str) -> bool:
    """Whether a typed name, in small letters, is the login or the name of an account."""
    account = get(tx, by)
    return account is not None and name in (account.login, account.name.casefold())


def has_left(tx: Tx, by: str) -> bool:
    """Whether an account is disabled or no longer counts; then its approvals do not count either."""
    account = get(tx, by)
    return account is not None and account.disabled is not None


def waits_for_seal(tx: Tx, by: str) -> bool:
    """Whether an account is not sealed. Until it is, its approvals do not count."""
    account = get(tx, by)
    return account is not None and not account.sealed


def add(tx: Tx, account: Person, password: str, totp: bytes, at: datetime, by: str) -> bool:
    """Save a person. Return False if the login is taken. Raise `NoContactKey` if this process cannot seal it."""
    values = {
        "id": account.id,
        "name": account.name,
        "login": account.login,
        "role": account.role.value,
        "service": account.service,
        "language": account.language,
        "zone": account.zone,
        "password": password,
        "totp": totp,
        "totp_last": 0,
        "created": at,
        "created_by": by,
        "contact": account.contact,
        "disabled": None,
    }
    return insert_if_new(tx, person, {**values, "mac": _code(tx.contact_key, values)})


def change(tx: Tx, id: str, values: Mapping[str, Any]) -> bool:
    """Change columns of an account. Return False if there is none. Raise `NoContactKey` if this process cannot seal it.

    An account that did not count before does not count afterwards: a change never makes an account genuine.
    """
    key, row = tx.contact_key, _whole(tx, id)
    if row is None:
        return False
    mac = {"mac": _code(key, {**row, **values})} if _holds(tx, row) else {}
    tx.execute(sa.update(person).where(person.c.id == id).values({**values, **mac}))
    return True


def seal(tx: Tx, id: str) -> None:
    """Seal an account as its row is, after an operator at the machine has reviewed it.

    Raise `NoContactKey` if this process cannot seal it.
    """
    if row := _whole(tx, id):
        tx.execute(sa.update(person).where(person.c.id == id).values(mac=_code(tx.contact_key, row)))


def _whole(tx: Tx, id: str) -> sa.RowMapping | None:
    """Return a row and lock it until the transaction ends."""
    return tx.execute(sa.select(person).where(person.c.id == id).with_for_update()).mappings().first()


def _person(tx: Tx, row: sa.RowMapping) -> Person:
    """Make a `Person` of a row. If the row is not genuine, they are disabled, whatever else it says."""
    sealed = _holds(tx, row)
    role = next((each for each in Role if each == row["role"]), Role.OPERATOR)  # an unknown role sees no cases
    return Person(
        row["id"], row["name"], row["login"], role, row["service"], row["language"], row["zone"],
        row["disabled"] if sealed else row["disabled"] or row["created"], row["contact"], sealed,
    )  # fmt: skip


def _holds(tx: Tx, row: sa.RowMapping) -> bool:
    """Whether a row has the code that the contact key makes of it."""
    key = tx.contacts
    return key is not None and hmac.compare_digest(row["mac"].encode(), _code(key, row).encode())


def _code(key: ContactKey, row: Mapping[Any, Any]) -> str:
    app = None if row["totp"] is None else bytes(row["totp"]).hex()
    return key.account(*(row[name] for name in SEALED), app, "out" if row["disabled"] else "in")


def display_name(tx: Tx, by: str, language: str) -> str:
    """Return the name of an actor: of the account, of the contact, or as it was typed at the command line."""
    account = get(tx, by)
    if account:
        return account.name
    phone = contacts.get(tx, by)
    return phone.name(language) if phone else by


def colleagues(tx: Tx, service: str) -> list[Person]:
    """Return the people of a service whose account counts, sorted by name."""
    rows = sa.select(person).where(person.c.service == service, person.c.disabled.is_(None)).order_by(person.c.login)
    found = [_person(tx, row) for row in tx.execute(rows).mappings()]
    return sorted((each for each in found if not each.disabled), key=lambda each: each.name.casefold())
