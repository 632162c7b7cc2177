"""People with an account. One that was changed by somebody without the contact key counts as disabled.

What only takes away counts without a code, too: a row that says that somebody is out. Whoever can write rows could as
well delete them, and coordinators must be called about a request also before an operator has sealed their accounts.

Who did something, in words: rows keep an id, people want a name.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.keys.row_seal import ContactKey
from helpline.staff import contacts
from helpline.staff.contacts import NoContactKey
from helpline.staff.roles import Person, Role
from helpline.store.engine import contact_key
from helpline.store.schema import person
from helpline.store.sql import insert_if_new

SEALED = ("id", "name", "login", "role", "service", "contact", "password")
"""With the app's secret and whether somebody is out, all that gives power: who it is, what they may, what signs in.

Outside stay what people choose for themselves (language, zone) and `totp_last`, which each sign-in changes and which
only keeps a code from counting twice. Passkeys and recovery codes have tables of their own, with codes of the session
key.
"""


def get(tx: Connection, id: str) -> Person | None:
    """Give somebody by id."""
    row = tx.execute(sa.select(person).where(person.c.id == id)).mappings().first()
    return _person(tx, row) if row else None


def by_login(tx: Connection, login: str) -> Person | None:
    """Give somebody by login."""
    row = tx.execute(sa.select(person).where(person.c.login == login)).mappings().first()
    return _person(tx, row) if row else None


def everybody(tx: Connection) -> list[Person]:
    """Give all people, by login."""
    return [_person(tx, row) for row in tx.execute(sa.select(person).order_by(person.c.login)).mappings()]


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
    """Tell whether an account was disabled, or counts no more: nor does what only it has said."""
    account = get(tx, by)
    return account is not None and account.disabled is not None


def waits_for_seal(tx: Connection, by: str) -> bool:
    """Tell whether an account is not sealed: what it has said counts for nothing until it is."""
    account = get(tx, by)
    return account is not None and not account.sealed


def add(tx: Connection, who: Person, password: str, totp: bytes, at: datetime, by: str) -> bool:
    """Write somebody down; false where the login is taken. Raises `NoContactKey`."""
    values = {
        "id": who.id, "name": who.name, "login": who.login, "role": who.role.value, "service": who.service,
        "language": who.language, "zone": who.zone, "password": password, "totp": totp, "totp_last": 0,
        "created": at, "created_by": by, "contact": who.contact, "disabled": None,
    }  # fmt: skip
    return insert_if_new(tx, person, {**values, "mac": _code(_key(tx), values)})


def change(tx: Connection, id: str, values: Mapping[str, Any]) -> bool:
    """Change columns of somebody; false where there is nobody. Raises `NoContactKey`.

    An account that did not count before does not count afterwards: nobody makes one genuine by the way.
    """
    key, row = _key(tx), _whole(tx, id)
    if row is None:
        return False
    mac = {"mac": _code(key, {**row, **values})} if _holds(tx, row) else {}
    tx.execute(sa.update(person).where(person.c.id == id).values({**values, **mac}))
    return True


def seal(tx: Connection, id: str) -> None:
    """Have an account count as its row stands, for somebody at the machine who has looked. Raises `NoContactKey`."""
    if row := _whole(tx, id):
        tx.execute(sa.update(person).where(person.c.id == id).values(mac=_code(_key(tx), row)))


def _whole(tx: Connection, id: str) -> sa.RowMapping | None:
    """Give a row, which stays ours until the transaction ends."""
    return tx.execute(sa.select(person).where(person.c.id == id).with_for_update()).mappings().first()


def _person(tx: Connection, row: sa.RowMapping) -> Person:
    """Make a person of a row; of one that is not genuine somebody who is disabled, whatever else it says."""
    sealed = _holds(tx, row)
    role = next((each for each in Role if each == row["role"]), Role.OPERATOR)  # none that there is: no cases
    return Person(
        row["id"], row["name"], row["login"], role, row["service"], row["language"], row["zone"],
        row["disabled"] if sealed else row["disabled"] or row["created"], row["contact"], sealed,
    )  # fmt: skip


def _holds(tx: Connection, row: sa.RowMapping) -> bool:
    """Tell whether a row is as somebody wrote it who has the contact key."""
    key = contact_key(tx)
    return key is not None and hmac.compare_digest(row["mac"].encode(), _code(key, row).encode())


def _code(key: ContactKey, row: Mapping[Any, Any]) -> str:
    app = None if row["totp"] is None else bytes(row["totp"]).hex()
    return key.account(*(row[name] for name in SEALED), app, "out" if row["disabled"] else "in")


def _key(tx: Connection) -> ContactKey:
    key = contact_key(tx)
    if key is None:
        raise NoContactKey
    return key


def named(tx: Connection, by: str, language: str) -> str:
    """Name whoever did something: the account, the telephone, or the name as it was typed at the command line."""
    account = get(tx, by)
    if account:
        return account.name
    phone = contacts.get(tx, by)
    return phone.name(language) if phone else by
