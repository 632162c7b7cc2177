"""Takes up a whole directory: services and their telephones, in place of the present ones or beside them."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import services
from helpline.directory.search_terms import terms
from helpline.directory.service import Contact, Service
from helpline.directory.services import facts_of
from helpline.staff import contacts
from helpline.store.schema import contact, service, term


def replace_all(tx: Connection, country: str, listed: Sequence[Service], people: Sequence[Contact]) -> None:
    """Put a made-up directory in place of a country's present one; `people`: coordinators, and more telephones of
    services, of which each has its own `phone` first."""
    tx.execute(sa.delete(service).where(service.c.country == country))
    tx.execute(sa.delete(term).where(term.c.country == country))
    tx.execute(sa.delete(contact).where(contact.c.country == country))
    for each in listed:
        services.write(tx, country, each)
        first = Contact(each.id, "service", each.phone, each.names, each.language, each.accepts_numbers_by_sms, each.id)
        contacts.add(tx, country, first)
    there = {each.id for each in listed}
    for person in people:
        if person.kind == "coordinator" or person.service in there:
            contacts.add(tx, country, person)


def put(tx: Connection, country: str, listed: Sequence[Service], wanted: Sequence[Contact]) -> list[str]:
    """Take up a directory beside what refers to the present one; give the services that are not offered any more.

    A service that is gone stays for those who have its requests, but is offered nothing and shown no number. A
    telephone that stays keeps its id and whether it is on duty.
    """
    before = services.services(tx, country)
    gone = [each for each in before if each.id not in {each.id for each in listed}]
    closing = [each for each in gone if each.status != services.GONE]
    for each in closing:
        services.write(tx, country, replace(each, status=services.GONE))
    if gone:
        contacts.silence(tx, country, [each.id for each in gone])
    _exchange(tx, country, wanted, {each.id for each in gone})
    there = {who.service for who in contacts.of_kind(tx, "service", country)}
    _write_changed(tx, country, [replace(each, reached=each.id in there) for each in listed])
    contacts.fill_duty(tx, wanted)
    return [each.id for each in closing]


def _write_changed(tx: Connection, country: str, listed: Sequence[Service]) -> None:
    """Write those services that are not there as they should be, with the terms that they should be found by."""
    facts = {each.id: facts_of(each) for each in services.services(tx, country)}
    found: dict[str, set[str]] = {}
    for row in tx.execute(sa.select(term.c.service, term.c.term).where(term.c.country == country)):
        found.setdefault(row.service, set()).add(row.term)
    for each in listed:
        if facts.get(each.id) != facts_of(each) or found.get(each.id) != set(terms(each)):
            services.write(tx, country, each)


def _exchange(tx: Connection, country: str, wanted: Sequence[Contact], gone: Collection[str]) -> None:
    """Change contacts to those wanted. Numbers and ids are there once only, so what others get is given up first."""
    present = contacts.of_kind(tx, "service", country) + contacts.of_kind(tx, "coordinator", country)
    genuine = sorted(who.id for who in present)
    tx.execute(sa.delete(contact).where(contact.c.country == country, contact.c.id.not_in(genuine)))
    whose = {who.phone: who.desk for who in wanted}
    stays = {who.phone: who.id for who in present if whose.get(who.phone) == who.desk}
    left = {who.id for who in present if who.phone not in stays and (who.phone in whose or who.desk not in gone)}
    if left:
        tx.execute(sa.delete(contact).where(contact.c.id.in_(sorted(left))))
    before = {who.phone: who for who in present}
    ids = {who.id for who in present} - left
    for who in wanted:
        if who.phone in stays:
            old = before[who.phone]
            if replace(who, id=old.id, on_duty=old.on_duty, names=dict(who.names)) != old:
                contacts.change(tx, country, old.id, who)
        else:
            id = contacts.free(who, ids)
            ids.add(id)
            contacts.add(tx, country, replace(who, id=id, on_duty=who.kind == "coordinator"))
