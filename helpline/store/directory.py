"""Services and coordinators. What matching needs lies apart from names and telephones, which the public
process has no right to read: but for the name of a service that may be told to anybody, with its entry telephone."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import Contact, Country, Service
from helpline.request import CallbackRequest
from helpline.store.database import contact_key
from helpline.store.facts import facts_of, service_of
from helpline.store.schema import contact, service, term
from helpline.terms import Groups, terms, wanted, wanted_for_health

READ_BEFORE = 20_000
"""Services that a process remembers as it last read them: to parse one takes longer than to match it."""
GONE = "inactive"
"""HSDS `service.status` of a service that the directory has no more."""
LONGEST_ID = 32
"""Letters of an id to which a dot and a number are put."""
CONTACTS = sa.select(contact).order_by(contact.c.id)
BY_ID = CONTACTS.where(contact.c.id == sa.bindparam("of"))
BY_PHONE = CONTACTS.where(contact.c.phone == sa.bindparam("of"))
OF_SERVICE = (
    sa.select(contact).where(contact.c.service == sa.bindparam("of")).order_by(contact.c.on_duty.desc(), contact.c.id)
)


class NoContactKey(Exception):
    """This process may not write contacts: it has no key to make them count."""


def services(tx: Connection, country: str) -> list[Service]:
    """Give the services of a country without names and telephones but public ones: enough to promise and match."""
    return _read(tx, _rows(country))


def candidates(tx: Connection, country: Country, request: CallbackRequest) -> list[Service]:
    """Give the services that are worth looking at for a request: all that fit, and few that do not."""
    return _read(tx, _narrowed(country.code, wanted(request, country)))


def for_health(tx: Connection, country: Country, place: str) -> list[Service]:
    """Give the services that are worth looking at for whoever needs health help that cannot wait (R15)."""
    return _read(tx, _narrowed(country.code, wanted_for_health(place, country)))


def _rows(country: str) -> sa.Select[str, str]:
    facts = sa.cast(service.c.facts, sa.Text)  # as it is stored: only what has changed is parsed again
    return sa.select(service.c.id, facts).where(service.c.country == country).order_by(service.c.id)


@lru_cache(maxsize=1_000)
def _narrowed(country: str, groups: Groups) -> sa.Select[str, str]:
    """Take up the rows of the first group's terms, and look each of the others up for them."""
    first, *others = groups
    rows = _rows(country).join(term, term.c.service == service.c.id)
    rows = rows.where(term.c.country == country, term.c.term.in_(sorted(first)))
    for group in others:
        also = term.alias()
        has = sa.and_(also.c.country == country, also.c.term.in_(sorted(group)), also.c.service == term.c.service)
        rows = rows.where(sa.exists().where(has))
    return rows


def _read(tx: Connection, rows: sa.Select[str, str]) -> list[Service]:
    found = dict(tx.execute(rows).all())  # once each, though it has two terms of a group
    return [_parsed(id, facts) for id, facts in found.items()]


@lru_cache(maxsize=READ_BEFORE)
def _parsed(id: str, facts: str) -> Service:
    return service_of(id, json.loads(facts))


def contacts(tx: Connection, kind: str, country: str) -> list[Contact]:
    """Give the services or the coordinators of a country with their telephones."""
    return _genuine(tx, CONTACTS.where(contact.c.kind == kind, contact.c.country == country))


def contact_of(tx: Connection, id: str) -> Contact | None:
    """Give a contact by its id."""
    return next(iter(_genuine(tx, BY_ID, of=id)), None)


def contacts_of_service(tx: Connection, service: str) -> list[Contact]:
    """Give the telephones of a service, the one on duty first.

    One statement: a second one within the first would leave a read open where it fails, and SQLite its lock.
    """
    return _genuine(tx, OF_SERVICE, of=service)


def contact_by_phone(tx: Connection, phone: str) -> Contact | None:
    """Find the service or coordinator whose work telephone this is."""
    return next(iter(_genuine(tx, BY_PHONE, of=phone)), None)


def strangers(tx: Connection, country: str) -> int:
    """Count the rows that are no contacts, since their code is not right."""
    rows = CONTACTS.where(contact.c.country == country)
    return len(tx.execute(rows).all()) - len(_genuine(tx, rows))


def replace_all(tx: Connection, country: str, listed: Sequence[Service], people: Sequence[Contact]) -> None:
    """Put a made-up directory in place of a country's present one; `people`: coordinators, and more telephones of
    services, of which each has its own `phone` first."""
    tx.execute(sa.delete(service).where(service.c.country == country))
    tx.execute(sa.delete(term).where(term.c.country == country))
    tx.execute(sa.delete(contact).where(contact.c.country == country))
    for each in listed:
        write(tx, country, each)
        first = Contact(each.id, "service", each.phone, each.names, each.language, each.accepts_numbers_by_sms, each.id)
        _add_contact(tx, country, first)
    there = {each.id for each in listed}
    for person in people:
        if person.kind == "coordinator" or person.service in there:
            _add_contact(tx, country, person)


def put(tx: Connection, country: str, listed: Sequence[Service], wanted: Sequence[Contact]) -> list[str]:
    """Take up a directory beside what refers to the present one; give the services that are not offered any more.

    A service that is gone stays for those who have its requests, but is offered nothing and shown no number. A
    telephone that stays keeps its id and whether it is on duty.
    """
    before = services(tx, country)
    gone = [each for each in before if each.id not in {each.id for each in listed}]
    closing = [each for each in gone if each.status != GONE]
    for each in closing:
        write(tx, country, replace(each, status=GONE))
    if gone:
        _silence(tx, country, [each.id for each in gone])
    _exchange(tx, country, wanted, {each.id for each in gone})
    there = {who.service for who in contacts(tx, "service", country)}
    _write_changed(tx, country, [replace(each, reached=each.id in there) for each in listed])
    _fill_duty(tx, wanted)
    return [each.id for each in closing]


def _write_changed(tx: Connection, country: str, listed: Sequence[Service]) -> None:
    """Write those services that are not there as they should be, with the terms that they should be found by."""
    facts = {each.id: facts_of(each) for each in services(tx, country)}
    found: dict[str, set[str]] = {}
    for row in tx.execute(sa.select(term.c.service, term.c.term).where(term.c.country == country)):
        found.setdefault(row.service, set()).add(row.term)
    for each in listed:
        if facts.get(each.id) != facts_of(each) or found.get(each.id) != set(terms(each)):
            write(tx, country, each)


def admit(tx: Connection, country: str, who: Contact, replaces: str = "") -> None:
    """Let a telephone count: in place of what its desk had under that number or id, or as one more of it.

    Whoever else had that number has it no more.
    """
    known = [contact_by_phone(tx, who.phone), contact_of(tx, replaces) if replaces else None]
    before = next((each for each in known if each and each.desk == who.desk), None)
    tx.execute(sa.delete(contact).where(contact.c.phone == who.phone, contact.c.id != (before.id if before else "")))
    if before is not None:
        _change_contact(tx, country, before.id, who)
    else:
        others = contacts_of_service(tx, who.service) if who.service else []
        ids = tx.execute(sa.select(contact.c.id)).scalars().all()
        fresh = replace(who, id=_free(who, ids), on_duty=not any(each.on_duty for each in others))
        _add_contact(tx, country, fresh)
    _reach(tx, country, who.service)


def rename(tx: Connection, country: str, who: Contact) -> None:
    """Change what a telephone that counts is called and in which language it is written to. Raises `NoContactKey`."""
    _change_contact(tx, country, who.id, who)


def dismiss(tx: Connection, country: str, who: Contact) -> None:
    """Let a telephone count no more; another of its service is on duty then."""
    tx.execute(sa.delete(contact).where(contact.c.id == who.id))
    _fill_duty(tx, contacts_of_service(tx, who.service))
    _reach(tx, country, who.service)


def _reach(tx: Connection, country: str, id: str) -> None:
    """Keep with the facts of a service whether it has a telephone that counts."""
    each, there = service_by_id(tx, id), bool(contacts_of_service(tx, id))
    if each is not None and each.reached != there:
        write(tx, country, replace(each, reached=there))


def _exchange(tx: Connection, country: str, wanted: Sequence[Contact], gone: Collection[str]) -> None:
    """Change contacts to those wanted. Numbers and ids are there once only, so what others get is given up first."""
    present = contacts(tx, "service", country) + contacts(tx, "coordinator", country)
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
                _change_contact(tx, country, old.id, who)
        else:
            id = _free(who, ids)
            ids.add(id)
            _add_contact(tx, country, replace(who, id=id, on_duty=who.kind == "coordinator"))


def _free(who: Contact, ids: Collection[str]) -> str:
    """Give a free id: the desk's own for its first telephone, so that what was written to the desk still finds it."""
    further = (f"{who.id[:LONGEST_ID]}.{at}" for at in range(2, len(ids) + 3))
    return next(id for id in (who.desk, who.id, *further) if id not in ids)


def service_by_id(tx: Connection, id: str) -> Service | None:
    """Give a service by its id, without names and telephones but public ones."""
    row = tx.execute(sa.select(service).where(service.c.id == id)).first()
    return service_of(row.id, row.facts) if row else None


def assure(tx: Connection, country: str, each: Service, checked: date) -> None:
    """Set the day on which a service was last found to answer (R40)."""
    write(tx, country, replace(each, assured=checked))


def write(tx: Connection, country: str, each: Service) -> None:
    """Write a service, new or changed, with the terms that it is found by. Every service is written here."""
    tx.execute(sa.delete(service).where(service.c.id == each.id))
    tx.execute(sa.delete(term).where(term.c.service == each.id))
    tx.execute(sa.insert(service).values(id=each.id, country=country, facts=facts_of(each)))
    found = [{"country": country, "term": word, "service": each.id} for word in sorted(terms(each))]
    tx.execute(sa.insert(term), found)


def _silence(tx: Connection, country: str, gone: Sequence[str]) -> None:
    """Show services no number any more, and write to none of their telephones, which may still say how a call went."""
    tx.execute(sa.update(contact).where(contact.c.service.in_(gone), contact.c.on_duty).values(on_duty=False))
    for who in _genuine(tx, CONTACTS.where(contact.c.service.in_(gone), contact.c.accepts_numbers_by_sms)):
        _change_contact(tx, country, who.id, replace(who, accepts_numbers_by_sms=False))


def _change_contact(tx: Connection, country: str, id: str, who: Contact) -> None:
    values = _sealed(tx, country, replace(who, id=id))
    tx.execute(sa.update(contact).where(contact.c.id == id).values(**values))


def _fill_duty(tx: Connection, wanted: Sequence[Contact]) -> None:
    """Let the first telephone be on duty where none of a service is."""
    services_ = {who.service for who in wanted if who.service}
    on_duty = set(tx.execute(sa.select(contact.c.service).where(contact.c.on_duty)).scalars())
    first = {who.service: who.phone for who in reversed(wanted) if who.service in services_ - on_duty}
    for phone in first.values():
        tx.execute(sa.update(contact).where(contact.c.phone == phone).values(on_duty=True))


def _add_contact(tx: Connection, country: str, who: Contact) -> None:
    tx.execute(sa.insert(contact).values(country=country, on_duty=who.on_duty, **_sealed(tx, country, who)))


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
