"""Telephones of services and coordinators. Only a row that somebody wrote who has the contact key is one
(docs/decisions/0015-contacts.md); the public process has no right to read them.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory.service import Contact
from helpline.store.engine import contact_key
from helpline.store.schema import contact

LONGEST_ID = 32
"""Letters of an id to which a dot and a number are put."""
CONTACTS = sa.select(contact).order_by(contact.c.id)
BY_ID = CONTACTS.where(contact.c.id == sa.bindparam("of"))
BY_PHONE = CONTACTS.where(contact.c.phone == sa.bindparam("of"))
OF_SERVICE = (
    sa.select(contact).where(contact.c.service == sa.bindparam("of")).order_by(contact.c.on_duty.desc(), contact.c.id)
)


class NoContactKey(Exception):
    """This process may write neither contacts nor accounts: it has no key to make them count."""


def of_kind(tx: Connection, kind: str, country: str) -> list[Contact]:
    """Give the services or the coordinators of a country with their telephones."""
    return _genuine(tx, CONTACTS.where(contact.c.kind == kind, contact.c.country == country))


def get(tx: Connection, id: str) -> Contact | None:
    """Give a contact by its id."""
    return next(iter(_genuine(tx, BY_ID, of=id)), None)


def of_service(tx: Connection, service: str) -> list[Contact]:
    """Give the telephones of a service, the one on duty first.

    One statement: a second one within the first would leave a read open where it fails, and SQLite its lock.
    """
    return _genuine(tx, OF_SERVICE, of=service)


def by_phone(tx: Connection, phone: str) -> Contact | None:
    """Find the service or coordinator whose work telephone this is."""
    return next(iter(_genuine(tx, BY_PHONE, of=phone)), None)


def strangers(tx: Connection, country: str) -> int:
    """Count the rows that are no contacts, since their code is not right."""
    rows = CONTACTS.where(contact.c.country == country)
    return len(tx.execute(rows).all()) - len(_genuine(tx, rows))


def add(tx: Connection, country: str, who: Contact) -> None:
    """Write a contact down. Raises `NoContactKey`."""
    tx.execute(sa.insert(contact).values(country=country, on_duty=who.on_duty, **_sealed(tx, country, who)))


def change(tx: Connection, country: str, id: str, who: Contact) -> None:
    """Put `who` in the place of the contact that has this id, which stays. Raises `NoContactKey`."""
    values = _sealed(tx, country, replace(who, id=id))
    tx.execute(sa.update(contact).where(contact.c.id == id).values(**values))


def rename(tx: Connection, country: str, who: Contact) -> None:
    """Change what a telephone that counts is called and in which language it is written to. Raises `NoContactKey`."""
    change(tx, country, who.id, who)


def silence(tx: Connection, country: str, gone: Sequence[str]) -> None:
    """Show services no number any more, and write to none of their telephones, which may still say how a call went."""
    tx.execute(sa.update(contact).where(contact.c.service.in_(gone), contact.c.on_duty).values(on_duty=False))
    for who in _genuine(tx, CONTACTS.where(contact.c.service.in_(gone), contact.c.accepts_numbers_by_sms)):
        change(tx, country, who.id, replace(who, accepts_numbers_by_sms=False))


def fill_duty(tx: Connection, wanted: Sequence[Contact]) -> None:
    """Let the first telephone be on duty where none of a service is."""
    services_ = {who.service for who in wanted if who.service}
    on_duty = set(tx.execute(sa.select(contact.c.service).where(contact.c.on_duty)).scalars())
    first = {who.service: who.phone for who in reversed(wanted) if who.service in services_ - on_duty}
    for phone in first.values():
        tx.execute(sa.update(contact).where(contact.c.phone == phone).values(on_duty=True))


def free(who: Contact, ids: Collection[str]) -> str:
    """Give a free id: the desk's own for its first telephone, so that what was written to the desk still finds it."""
    further = (f"{who.id[:LONGEST_ID]}.{at}" for at in range(2, len(ids) + 3))
    return next(id for id in (who.desk, who.id, *further) if id not in ids)


def _sealed(tx: Connection, country: str, who: Contact) -> dict[str, Any]:
    """Give the columns that the code of a contact covers, and the code. Raises `NoContactKey`."""
    key = contact_key(tx)
    if key is None:
        raise NoContactKey
    return {
        "id": who.id, "kind": who.kind, "phone": who.phone, "names": dict(who.names), "language": who.language,
        "accepts_numbers_by_sms": who.accepts_numbers_by_sms, "service": who.service, "mac": key.mac(country, who),
    }  # fmt: skip


def _genuine(tx: Connection, rows: "sa.Select[Any]", **of: str) -> list[Contact]:
    """Give the contacts among rows that somebody wrote who has the contact key: any other row does not exist."""
    key = contact_key(tx)
    found = [(row, _contact(row)) for row in tx.execute(rows, of)]
    return [who for row, who in found if key and key.made(row.mac, row.country, who)]


def _contact(row: Any) -> Contact:
    return Contact(
        row.id, row.kind, row.phone, row.names, row.language, row.accepts_numbers_by_sms, row.service, row.on_duty
    )


def on_duty(tx: Connection, desk: str) -> Contact | None:
    """Give whom a text to a desk goes to: the phone on duty, the first where none says so, a coordinator herself."""
    return next(iter(phones(tx, desk)), None) or get(tx, desk)


def phones(tx: Connection, desk: str) -> list[Contact]:
    """Give the telephones of a service, the one on duty first; none for a coordinator."""
    return of_service(tx, desk)


def put_on_duty(tx: Connection, who: str, others: list[str]) -> None:
    """Let one contact be on duty, and none of the others."""
    tx.execute(sa.update(contact).where(contact.c.id.in_(others)).values(on_duty=False))
    tx.execute(sa.update(contact).where(contact.c.id == who).values(on_duty=True))
