"""Services and coordinators. What matching needs lies apart from names and telephones, which the public
process has no right to read: but for the name of a service that may be told to anybody, with its entry telephone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import Contact, Country, Service
from helpline.request import CallbackRequest
from helpline.schedule import Opening
from helpline.store.schema import contact, service, term
from helpline.terms import Groups, terms, wanted, wanted_for_health

READ_BEFORE = 20_000
"""Services that a process remembers as it last read them: to parse one takes longer than to match it."""


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
    return _service(id, json.loads(facts))


def contacts(tx: Connection, kind: str, country: str) -> list[Contact]:
    """Give the services or the coordinators of a country with their telephones."""
    rows = tx.execute(
        sa.select(contact).where(contact.c.kind == kind, contact.c.country == country).order_by(contact.c.id)
    )
    return [_contact(row) for row in rows]


def contact_of(tx: Connection, id: str) -> Contact | None:
    """Give a contact by its id."""
    row = tx.execute(sa.select(contact).where(contact.c.id == id)).first()
    return _contact(row) if row else None


def contact_by_phone(tx: Connection, phone: str) -> Contact | None:
    """Find the service or coordinator whose work telephone this is."""
    row = tx.execute(sa.select(contact).where(contact.c.phone == phone)).first()
    return _contact(row) if row else None


def replace_all(tx: Connection, country: str, listed: Sequence[Service], coordinators: Sequence[Contact]) -> None:
    """Put a whole directory in place of a country's present one."""
    tx.execute(sa.delete(service).where(service.c.country == country))
    tx.execute(sa.delete(term).where(term.c.country == country))
    tx.execute(sa.delete(contact).where(contact.c.country == country))
    for each in listed:
        write(tx, country, each)
        _add_contact(
            tx,
            country,
            Contact(each.id, "service", each.phone, each.names, each.language, each.accepts_numbers_by_sms, each.id),
        )
    for person in coordinators:
        _add_contact(tx, country, person)


def write(tx: Connection, country: str, each: Service) -> None:
    """Write a service, new or changed, with the terms that it is found by. Every service is written here."""
    tx.execute(sa.delete(service).where(service.c.id == each.id))
    tx.execute(sa.delete(term).where(term.c.service == each.id))
    tx.execute(sa.insert(service).values(id=each.id, country=country, facts=_facts(each)))
    found = [{"country": country, "term": word, "service": each.id} for word in sorted(terms(each))]
    tx.execute(sa.insert(term), found)


def _add_contact(tx: Connection, country: str, who: Contact) -> None:
    tx.execute(
        sa.insert(contact).values(
            id=who.id,
            kind=who.kind,
            country=country,
            phone=who.phone,
            names=dict(who.names),
            language=who.language,
            accepts_numbers_by_sms=who.accepts_numbers_by_sms,
            service=who.service,
            on_duty=who.on_duty,
        )
    )


def _contact(row: Any) -> Contact:
    return Contact(
        row.id, row.kind, row.phone, row.names, row.language, row.accepts_numbers_by_sms, row.service, row.on_duty
    )


def _facts(each: Service) -> dict[str, Any]:
    return {
        "kind": each.kind, "languages": list(each.languages), "needs": sorted(each.needs), "at": list(each.at),
        "regions": sorted(each.regions), "zone": each.zone, "assured": each.assured.isoformat(), "status": each.status,
        "child_safeguarding": each.child_safeguarding, "abroad": sorted(each.abroad), "sexes": sorted(each.sexes),
        "shows": each.shows, "public_phone": each.public_phone,
        "names": dict(each.names) if each.public_phone else {}, "language": each.language,
        "serves": sorted(each.serves), "documents": sorted(each.documents), "minimum_age": each.minimum_age,
        "maximum_age": each.maximum_age, "capacity": each.capacity,
        "after_contact": None if each.after_contact is None else sorted(each.after_contact),
        "schedule": [[sorted(o.days), o.opens.isoformat(), o.closes.isoformat()] for o in each.schedule],
    }  # fmt: skip


def _service(id: str, facts: Mapping[str, Any]) -> Service:
    bare = Service(
        id=id, names=facts["names"], kind=facts["kind"], phone="", languages=tuple(facts["languages"]),
        needs=frozenset(facts["needs"]),
        regions=frozenset(facts["regions"]), at=(facts["at"][0], facts["at"][1]), zone=facts["zone"], schedule=(),
        assured=date.fromisoformat(facts["assured"]), status=facts["status"],
        child_safeguarding=facts["child_safeguarding"], abroad=frozenset(facts["abroad"]),
        sexes=frozenset(facts["sexes"]), shows=facts["shows"], public_phone=facts["public_phone"],
        language=facts["language"], serves=frozenset(facts.get("serves", ())),
        documents=frozenset(facts.get("documents", ())), minimum_age=facts.get("minimum_age"),
        maximum_age=facts.get("maximum_age"), capacity=facts.get("capacity"),
        after_contact=None if (after := facts.get("after_contact")) is None else frozenset(after),
    )  # fmt: skip
    lines = (Opening(frozenset(d), time.fromisoformat(o), time.fromisoformat(c)) for d, o, c in facts["schedule"])
    return replace(bare, schedule=tuple(lines))
