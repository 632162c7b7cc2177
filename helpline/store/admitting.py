"""Lets one telephone count, or count no more, and keeps with the facts of its service whether it has any."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import Contact
from helpline.store import contacts, directory
from helpline.store.schema import contact


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
    each, there = directory.service_by_id(tx, id), bool(contacts.of_service(tx, id))
    if each is not None and each.reached != there:
        directory.write(tx, country, replace(each, reached=there))
