"""Contacts: the telephones of services and coordinators.

A row is a contact only if its code was made with the contact key (docs/decisions/0015-contacts.md). The public process
has no right to read these rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from helpline.keys.row_seal import ContactKey
from helpline.staff import lost_phones
from helpline.staff.contact import Contact
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import contact as contact_table

LONGEST_ID = 32
"""Letters of an id to which a dot and a number are added."""
CONTACTS = sa.select(contact_table).order_by(contact_table.c.id)
BY_ID = Fixed(CONTACTS.where(contact_table.c.id == sa.bindparam("of")))
BY_PHONE = Fixed(CONTACTS.where(contact_table.c.phone == sa.bindparam("of")))
OF_SERVICE = Fixed(
    sa.select(contact_table)
    .where(contact_table.c.service == sa.bindparam("of"))
    .order_by(contact_table.c.on_duty.desc(), contact_table.c.id)
)


def of_kind(tx: Tx, kind: str, country: str) -> list[Contact]:
    """Return the contacts of one kind, `service` or `coordinator`, in a country."""
    return _genuine(tx, CONTACTS.where(contact_table.c.kind == kind, contact_table.c.country == country))


def get(tx: Tx, id: str) -> Contact | None:
    """Return a contact by its id."""
    return next(iter(_genuine(tx, BY_ID, of=id)), None)


def of_service(tx: Tx, service: str) -> list[Contact]:
    """Return the telephones of a service, the one on duty first.

    This is one statement. A second one inside the first would leave a read open if it fails, and SQLite its lock.
    """
    return _genuine(tx, OF_SERVICE, of=service)


def by_phone(tx: Tx, phone: str) -> Contact | None:
    """Return the service or coordinator with this work telephone."""
    return next(iter(_genuine(tx, BY_PHONE, of=phone)), None)


def count_not_genuine(tx: Tx, country: str) -> int:
    """Return how many rows of a country are no contacts because their code is wrong."""
    rows = CONTACTS.where(contact_table.c.country == country)
    return len(tx.execute(rows).all()) - len(_genuine(tx, rows))


def add(tx: Tx, country: str, contact: Contact) -> None:
    """Save a contact; it is not lost any more. Raise `NoContactKey` if this process cannot seal it."""
    lost_phones.remove(tx, contact.phone)
    tx.execute(
        sa.insert(contact_table).values(country=country, on_duty=contact.on_duty, **_sealed(tx, country, contact))
    )


def change(tx: Tx, country: str, id: str, contact: Contact) -> None:
    """Replace the contact that has this id, and keep the id. Its telephone is not lost any more.

    Raise `NoContactKey` if this process cannot seal it.
    """
    lost_phones.remove(tx, contact.phone)
    values = _sealed(tx, country, replace(contact, id=id))
    tx.execute(sa.update(contact_table).where(contact_table.c.id == id).values(**values))


def rename(tx: Tx, country: str, contact: Contact) -> None:
    """Change the names and the language of a contact. Raise `NoContactKey` if this process cannot seal it."""
    change(tx, country, contact.id, contact)


def delete(tx: Tx, ids: Collection[str]) -> None:
    """Delete contacts by their ids."""
    if ids:
        tx.execute(sa.delete(contact_table).where(contact_table.c.id.in_(sorted(ids))))


def delete_except(tx: Tx, country: str, ids: Collection[str]) -> None:
    """Delete all contacts of a country but these, also rows that are no genuine contacts."""
    tx.execute(
        sa.delete(contact_table).where(contact_table.c.country == country, contact_table.c.id.not_in(sorted(ids)))
    )


def retire(tx: Tx, country: str, gone: Sequence[str]) -> None:
    """Send these services no number and no text any more. Their telephones may still report outcomes."""
    tx.execute(
        sa.update(contact_table).where(contact_table.c.service.in_(gone), contact_table.c.on_duty).values(on_duty=False)
    )
    for contact in _genuine(
        tx, CONTACTS.where(contact_table.c.service.in_(gone), contact_table.c.accepts_numbers_by_sms)
    ):
        change(tx, country, contact.id, replace(contact, accepts_numbers_by_sms=False))


def ensure_on_duty(tx: Tx, wanted: Sequence[Contact]) -> None:
    """Put the first telephone of a service on duty if none of its telephones is."""
    services = {contact.service for contact in wanted if contact.service}
    on_duty = set(tx.execute(sa.select(contact_table.c.service).where(contact_table.c.on_duty)).scalars())
    first = {contact.service: contact.phone for contact in reversed(wanted) if contact.service in services - on_duty}
    for phone in first.values():
        tx.execute(sa.update(contact_table).where(contact_table.c.phone == phone).values(on_duty=True))


def free_id(contact: Contact, ids: Collection[str]) -> str:
    """Return an id that is not used yet.

    The first telephone of a desk gets the desk's own id, so texts that were addressed to the desk still find it.
    """
    further = (f"{contact.id[:LONGEST_ID]}.{at}" for at in range(2, len(ids) + 3))
    return next(id for id in (contact.desk, contact.id, *further) if id not in ids)


def _sealed(tx: Tx, country: str, contact: Contact) -> dict[str, Any]:
    """Return the columns that a contact's code covers, and the code. Raise `NoContactKey` if there is no key."""
    return {
        "id": contact.id,
        "kind": contact.kind,
        "phone": contact.phone,
        "names": dict(contact.names),
        "language": contact.language,
        "accepts_numbers_by_sms": contact.accepts_numbers_by_sms,
        "service": contact.service,
        "mac": code(tx.contact_key, country, contact),
    }


def _genuine(tx: Tx, rows: "sa.Select[Any] | Fixed", **of: str) -> list[Contact]:
    """Return the contacts among some rows. A row with a wrong code does not count as existing."""
    key = tx.contacts
    found = [(row, _contact(row)) for row in tx.execute(rows, of)]
    return [contact for row, contact in found if key and key.is_genuine(row.mac, code(key, row.country, contact))]


def code(key: ContactKey, country: str, contact: Contact, *more: str) -> str:
    """Return the code over all columns of a contact except `on_duty`, which the desk changes by SMS.

    `more` holds further columns of a contact that is not confirmed yet.
    """
    return key.contact(
        contact.id, contact.kind, country, contact.phone, sorted(contact.names.items()), contact.language,
        contact.accepts_numbers_by_sms, contact.service, *more,
    )  # fmt: skip


def _contact(row: Any) -> Contact:
    return Contact(
        row.id, row.kind, row.phone, row.names, row.language, row.accepts_numbers_by_sms, row.service, row.on_duty
    )


def on_duty(tx: Tx, desk: str) -> Contact | None:
    """Return the contact that a text to this desk goes to.

    It is the telephone on duty, or the first one if none is; for a coordinator it is the coordinator.
    """
    return next(iter(of_service(tx, desk)), None) or get(tx, desk)


def put_on_duty(tx: Tx, id: str, others: list[str]) -> None:
    """Put one contact on duty, and none of the others."""
    tx.execute(sa.update(contact_table).where(contact_table.c.id.in_(others)).values(on_duty=False))
    tx.execute(sa.update(contact_table).where(contact_table.c.id == id).values(on_duty=True))
