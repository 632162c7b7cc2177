"""Telephones of the directory that wait, who asked for them and who approved. Then they count, or no longer count.

Each row of a waiting telephone carries a code, as contacts do. When a telephone starts or stops to count, the facts of
its service are updated: they say whether it has any.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpline.directory import services
from helpline.directory.service import Contact
from helpline.staff import contacts
from helpline.staff.contacts import NoContactKey
from helpline.store.engine import Tx
from helpline.store.schema import contact, contact_change

FIELDS = ("id", "kind", "phone", "language", "accepts_numbers_by_sms", "service")


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """A telephone that waits."""

    id: str
    wanted: Contact
    replaces: str
    """The id of the contact that it replaces; empty for none."""
    by: str
    """Who asked for it: an account, or an import."""
    at: datetime
    agreed_by: str = ""
    """The second person; empty if nobody has approved yet."""


def add(tx: Tx, country: str, asked: PhoneChange) -> None:
    """Save a change. Raise `NoContactKey` if this process cannot seal it."""
    wanted = {name: getattr(asked.wanted, name) for name in FIELDS} | {"names": dict(asked.wanted.names)}
    values = {"id": asked.id, "country": country, "wanted": wanted, "replaces": asked.replaces, "by": asked.by}
    tx.execute(sa.insert(contact_change).values(**values, at=asked.at, mac=_mac(tx, country, asked)))


def agree(tx: Tx, country: str, asked: PhoneChange) -> None:
    """Save who approved a change. Raise `NoContactKey` if this process cannot seal it."""
    row = sa.update(contact_change).where(contact_change.c.id == asked.id)
    tx.execute(row.values(agreed_by=asked.agreed_by, mac=_mac(tx, country, asked)))


def drop(tx: Tx, id: str) -> bool:
    """Delete a change. Return False if there is none."""
    return tx.execute(sa.delete(contact_change).where(contact_change.c.id == id)).rowcount > 0


def waiting(tx: Tx, country: str) -> list[PhoneChange]:
    """Return the changes that wait, oldest first. Rows with a wrong code are left out."""
    rows = sa.select(contact_change).where(contact_change.c.country == country)
    found = tx.execute(rows.order_by(contact_change.c.at, contact_change.c.id)).all()
    return [asked for asked, mac in map(_read, found) if _made(tx, country, asked, mac)]


def get(tx: Tx, country: str, id: str) -> PhoneChange | None:
    """Return one change that waits."""
    return next((each for each in waiting(tx, country) if each.id == id), None)


def _read(row: Any) -> tuple[PhoneChange, str]:
    wanted = Contact(**row.wanted)
    return PhoneChange(row.id, wanted, row.replaces, row.by, row.at, row.agreed_by), row.mac


def _parts(country: str, asked: PhoneChange) -> tuple[str, ...]:
    return asked.id, country, asked.replaces, asked.by, asked.at.isoformat(), asked.agreed_by


def _mac(tx: Tx, country: str, asked: PhoneChange) -> str:
    key = tx.contacts
    if key is None:
        raise NoContactKey
    return key.mac(country, asked.wanted, *_parts(country, asked))


def _made(tx: Tx, country: str, asked: PhoneChange, mac: str) -> bool:
    key = tx.contacts
    return key is not None and key.is_genuine(mac, country, asked.wanted, *_parts(country, asked))


def admit(tx: Tx, country: str, who: Contact, replaces: str = "") -> None:
    """Make a telephone count.

    It replaces the contact that its desk had under that number or under the id `replaces`; else it is an additional
    one. Any other contact with that number is deleted.
    """
    known = [contacts.by_phone(tx, who.phone), contacts.get(tx, replaces) if replaces else None]
    before = next((each for each in known if each and each.desk == who.desk), None)
    tx.execute(sa.delete(contact).where(contact.c.phone == who.phone, contact.c.id != (before.id if before else "")))
    if before is not None:
        contacts.change(tx, country, before.id, who)
    else:
        others = contacts.of_service(tx, who.service) if who.service else []
        ids = tx.execute(sa.select(contact.c.id)).scalars().all()
        fresh = replace(who, id=contacts.free_id(who, ids), on_duty=not any(each.on_duty for each in others))
        contacts.add(tx, country, fresh)
    _reach(tx, country, who.service)


def dismiss(tx: Tx, country: str, who: Contact) -> None:
    """Delete a telephone. Another one of its service goes on duty."""
    tx.execute(sa.delete(contact).where(contact.c.id == who.id))
    contacts.ensure_on_duty(tx, contacts.of_service(tx, who.service))
    _reach(tx, country, who.service)


def _reach(tx: Tx, country: str, id: str) -> None:
    """Save with the facts of a service whether it has a telephone that counts."""
    each, there = services.service_by_id(tx, id), bool(contacts.of_service(tx, id))
    if each is not None and each.reached != there:
        services.write(tx, country, replace(each, reached=there))
