"""Telephones that are to come: who asked for them, and who said yes. Each row carries a code, as contacts do.

Lets one telephone count, or count no more, and keeps with the facts of its service whether it has any.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import services
from helpline.directory.service import Contact
from helpline.staff import contacts
from helpline.staff.contacts import NoContactKey
from helpline.store.engine import contact_key
from helpline.store.schema import contact, contact_change

FIELDS = ("id", "kind", "phone", "language", "accepts_numbers_by_sms", "service")


@dataclass(frozen=True, slots=True)
class Asked:
    """A telephone that waits. `replaces`: the id of the contact that goes when it counts. `agreed_by`: the second."""

    id: str
    wanted: Contact
    replaces: str
    by: str
    at: datetime
    agreed_by: str = ""


def add(tx: Connection, country: str, asked: Asked) -> None:
    """Write a change down. Raises `NoContactKey`."""
    wanted = {name: getattr(asked.wanted, name) for name in FIELDS} | {"names": dict(asked.wanted.names)}
    values = {"id": asked.id, "country": country, "wanted": wanted, "replaces": asked.replaces, "by": asked.by}
    tx.execute(sa.insert(contact_change).values(**values, at=asked.at, mac=_mac(tx, country, asked)))


def agree(tx: Connection, country: str, asked: Asked) -> None:
    """Keep who said yes to a change. Raises `NoContactKey`."""
    row = sa.update(contact_change).where(contact_change.c.id == asked.id)
    tx.execute(row.values(agreed_by=asked.agreed_by, mac=_mac(tx, country, asked)))


def drop(tx: Connection, id: str) -> bool:
    """Forget a change; false where there is none."""
    return tx.execute(sa.delete(contact_change).where(contact_change.c.id == id)).rowcount > 0


def waiting(tx: Connection, country: str) -> list[Asked]:
    """Give the changes that wait, the oldest first: those only that somebody wrote who has the contact key."""
    rows = sa.select(contact_change).where(contact_change.c.country == country)
    found = tx.execute(rows.order_by(contact_change.c.at, contact_change.c.id)).all()
    return [asked for asked, mac in map(_read, found) if _made(tx, country, asked, mac)]


def get(tx: Connection, country: str, id: str) -> Asked | None:
    """Give one change that waits."""
    return next((each for each in waiting(tx, country) if each.id == id), None)


def _read(row: Any) -> tuple[Asked, str]:
    wanted = Contact(**row.wanted)
    return Asked(row.id, wanted, row.replaces, row.by, row.at, row.agreed_by), row.mac


def _parts(country: str, asked: Asked) -> tuple[str, ...]:
    return asked.id, country, asked.replaces, asked.by, asked.at.isoformat(), asked.agreed_by


def _mac(tx: Connection, country: str, asked: Asked) -> str:
    key = contact_key(tx)
    if key is None:
        raise NoContactKey
    return key.mac(country, asked.wanted, *_parts(country, asked))


def _made(tx: Connection, country: str, asked: Asked, mac: str) -> bool:
    key = contact_key(tx)
    return key is not None and key.made(mac, country, asked.wanted, *_parts(country, asked))


def admit(tx: Connection, country: str, who: Contact, replaces: str = "") -> None:
    """Let a telephone count: in place of what its desk had under that number or id, or as one more of it.

    Whoever else had that number has it no more.
    """
    known = [contacts.by_phone(tx, who.phone), contacts.get(tx, replaces) if replaces else None]
    before = next((each for each in known if each and each.desk == who.desk), None)
    tx.execute(sa.delete(contact).where(contact.c.phone == who.phone, contact.c.id != (before.id if before else "")))
    if before is not None:
        contacts.change(tx, country, before.id, who)
    else:
        others = contacts.of_service(tx, who.service) if who.service else []
        ids = tx.execute(sa.select(contact.c.id)).scalars().all()
        fresh = replace(who, id=contacts.free(who, ids), on_duty=not any(each.on_duty for each in others))
        contacts.add(tx, country, fresh)
    _reach(tx, country, who.service)


def dismiss(tx: Connection, country: str, who: Contact) -> None:
    """Let a telephone count no more; another of its service is on duty then."""
    tx.execute(sa.delete(contact).where(contact.c.id == who.id))
    contacts.fill_duty(tx, contacts.of_service(tx, who.service))
    _reach(tx, country, who.service)


def _reach(tx: Connection, country: str, id: str) -> None:
    """Keep with the facts of a service whether it has a telephone that counts."""
    each, there = services.service_by_id(tx, id), bool(contacts.of_service(tx, id))
    if each is not None and each.reached != there:
        services.write(tx, country, replace(each, reached=there))
