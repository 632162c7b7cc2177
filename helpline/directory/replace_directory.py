"""Replace a whole directory: its services and their telephones."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from helpline.directory import services
from helpline.directory.search_terms import terms
from helpline.directory.service import Service
from helpline.directory.services import facts_of
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store.engine import Tx


def replace_all(tx: Tx, country: str, listed: Sequence[Service], people: Sequence[Contact]) -> None:
    """Delete a country's directory and save a made-up one.

    `people` are coordinators, and second telephones of services. The first telephone of a service is its `phone`.
    """
    services.delete_all(tx, country)
    contacts.delete_except(tx, country, ())
    for each in listed:
        services.write(tx, country, each)
        first = Contact(each.id, "service", each.phone, each.names, each.language, each.accepts_numbers_by_sms, each.id)
        contacts.add(tx, country, first)
    there = {each.id for each in listed}
    for person in people:
        if person.kind == "coordinator" or person.service in there:
            contacts.add(tx, country, person)


def put(tx: Tx, country: str, listed: Sequence[Service], wanted: Sequence[Contact]) -> list[str]:
    """Save an imported directory. Return the ids of services that are no longer offered.

    A service that is gone stays for those who hold its requests, but gets no offer and no number. A telephone that
    stays keeps its id and whether it is on duty.
    """
    before = services.services(tx, country)
    gone = [each for each in before if each.id not in {each.id for each in listed}]
    closing = [each for each in gone if each.status != services.GONE]
    for each in closing:
        services.write(tx, country, replace(each, status=services.GONE))
    if gone:
        contacts.retire(tx, country, [each.id for each in gone])
    _exchange(tx, country, wanted, {each.id for each in gone})
    there = {contact.service for contact in contacts.of_kind(tx, "service", country)}
    _write_changed(tx, country, [replace(each, reached=each.id in there) for each in listed])
    contacts.ensure_on_duty(tx, wanted)
    return [each.id for each in closing]


def _write_changed(tx: Tx, country: str, listed: Sequence[Service]) -> None:
    """Save the services that differ from the stored ones, with their search terms."""
    facts = {each.id: facts_of(each) for each in services.services(tx, country)}
    found = services.terms_by_service(tx, country)
    for each in listed:
        if facts.get(each.id) != facts_of(each) or found.get(each.id) != set(terms(each)):
            services.write(tx, country, each)


def _exchange(tx: Tx, country: str, wanted: Sequence[Contact], gone: Collection[str]) -> None:
    """Change contacts to those wanted. Numbers and ids are unique, so those that others will get are freed first."""
    present = contacts.of_kind(tx, "service", country) + contacts.of_kind(tx, "coordinator", country)
    contacts.delete_except(tx, country, [contact.id for contact in present])
    desk_of = {contact.phone: contact.desk for contact in wanted}
    kept_ids = {contact.phone: contact.id for contact in present if desk_of.get(contact.phone) == contact.desk}
    left = {
        contact.id
        for contact in present
        if contact.phone not in kept_ids and (contact.phone in desk_of or contact.desk not in gone)
    }
    contacts.delete(tx, left)
    before = {contact.phone: contact for contact in present}
    ids = {contact.id for contact in present} - left
    for contact in wanted:
        if contact.phone in kept_ids:
            old = before[contact.phone]
            if replace(contact, id=old.id, on_duty=old.on_duty, names=dict(contact.names)) != old:
                contacts.change(tx, country, old.id, contact)
        else:
            id = contacts.free_id(contact, ids)
            ids.add(id)
            contacts.add(tx, country, replace(contact, id=id, on_duty=contact.kind == "coordinator"))
