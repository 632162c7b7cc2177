"""Telephones of the directory that wait, who asked for them and who approved. Then they count, or no longer count.

Each row of a waiting telephone carries a code, as contacts do. When a telephone starts or stops to count, the facts of
its service are updated: they say whether it has any.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpline.directory import services
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.contacts import code
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import contact as contact_table
from helpline.store.schema import contact_change

WAITING = Fixed(
    sa.select(contact_change)
    .where(contact_change.c.country == sa.bindparam("of_country"))
    .order_by(contact_change.c.at, contact_change.c.id)
)
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


def add(tx: Tx, country: str, change: PhoneChange) -> None:
    """Save a change. Raise `NoContactKey` if this process cannot seal it."""
    wanted = {name: getattr(change.wanted, name) for name in FIELDS} | {"names": dict(change.wanted.names)}
    values = {"id": change.id, "country": country, "wanted": wanted, "replaces": change.replaces, "by": change.by}
    tx.execute(sa.insert(contact_change).values(**values, at=change.at, mac=_mac(tx, country, change)))


def agree(tx: Tx, country: str, change: PhoneChange) -> None:
    """Save who approved a change. Raise `NoContactKey` if this process cannot seal it."""
    row = sa.update(contact_change).where(contact_change.c.id == change.id)
    tx.execute(row.values(agreed_by=change.agreed_by, mac=_mac(tx, country, change)))


def drop(tx: Tx, id: str) -> bool:
    """Delete a change. Return False if there is none."""
    return tx.execute(sa.delete(contact_change).where(contact_change.c.id == id)).rowcount > 0


def waiting(tx: Tx, country: str) -> list[PhoneChange]:
    """Return the changes that wait, oldest first. Rows with a wrong code are left out."""
    found = tx.execute(WAITING, {"of_country": country})
    return [change for change, mac in map(_read, found) if _made(tx, country, change, mac)]


def get(tx: Tx, country: str, id: str) -> PhoneChange | None:
    """Return one change that waits."""
    return next((change for change in waiting(tx, country) if change.id == id), None)


def _read(row: Any) -> tuple[PhoneChange, str]:
    wanted = Contact(**row.wanted)
    return PhoneChange(row.id, wanted, row.replaces, row.by, row.at, row.agreed_by), row.mac


def _parts(country: str, change: PhoneChange) -> tuple[str, ...]:
    return change.id, country, change.replaces, change.by, change.at.isoformat(), change.agreed_by


def _mac(tx: Tx, country: str, change: PhoneChange) -> str:
    return code(tx.contact_key, country, change.wanted, *_parts(country, change))


def _made(tx: Tx, country: str, change: PhoneChange, mac: str) -> bool:
    key = tx.contacts
    return key is not None and key.is_genuine(mac, code(key, country, change.wanted, *_parts(country, change)))


def admit(tx: Tx, country: str, contact: Contact, replaces: str = "") -> None:
    """Make a telephone count.

    It replaces the contact that its desk had under that number or under the id `replaces`; else it is an additional
    one. Any other contact with that number is deleted.
    """
    candidates = [contacts.by_phone(tx, contact.phone), contacts.get(tx, replaces) if replaces else None]
    before = next((known for known in candidates if known and known.desk == contact.desk), None)
    tx.execute(
        sa.delete(contact_table).where(
            contact_table.c.phone == contact.phone, contact_table.c.id != (before.id if before else "")
        )
    )
    if before is not None:
        contacts.change(tx, country, before.id, contact)
    else:
        others = contacts.of_service(tx, contact.service) if contact.service else []
        ids = tx.execute(sa.select(contact_table.c.id)).scalars().all()
        fresh = replace(contact, id=contacts.free_id(contact, ids), on_duty=not any(other.on_duty for other in others))
        contacts.add(tx, country, fresh)
    _reach(tx, country, contact.service)


def dismiss(tx: Tx, country: str, contact: Contact) -> None:
    """Delete a telephone. Another one of its service goes on duty."""
    tx.execute(sa.delete(contact_table).where(contact_table.c.id == contact.id))
    contacts.ensure_on_duty(tx, contacts.of_service(tx, contact.service))
    _reach(tx, country, contact.service)


def _reach(tx: Tx, country: str, id: str) -> None:
    """Save with the facts of a service whether it has a telephone that counts."""
    service, there = services.service_by_id(tx, id), bool(contacts.of_service(tx, id))
    if service is not None and service.reached != there:
        services.write(tx, country, replace(service, reached=there))
