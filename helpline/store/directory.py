"""Services, as matching and promises need them. They lie apart from names and telephones (`contacts`), which the public
process has no right to read: but for the name of a service that may be told to anybody, with its entry telephone."""

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import Country, Service
from helpline.request import CallbackRequest
from helpline.store.facts import facts_of, service_of
from helpline.store.schema import service, term
from helpline.terms import Groups, terms, wanted, wanted_for_health

READ_BEFORE = 20_000
"""Services that a process remembers as it last read them: to parse one takes longer than to match it."""
GONE = "inactive"
"""HSDS `service.status` of a service that the directory has no more."""


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
