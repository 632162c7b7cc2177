"""The table of services, as matching and promises need them.

A service's facts are one JSON column, which the public process reads. So they hold no names and no telephones, except a
public entry telephone and its service's name. All others are in `contacts`, which the public process may not read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date, time
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from helpline.directory.opening_hours import Opening
from helpline.directory.search_terms import Groups, terms
from helpline.directory.service import ACTIVE, Service
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import service, term

READ_BEFORE = 20_000
"""How many services a process remembers as it last read them. Parsing one takes longer than matching it."""
ROWS = (
    sa.select(service.c.id, sa.cast(service.c.facts, sa.Text).label("facts"))
    .where(service.c.country == sa.bindparam("country"))
    .order_by(service.c.id)
)
"""The facts are read as text, so only changed services are parsed again."""
OF_COUNTRY = Fixed(ROWS)
GONE = "inactive"
"""HSDS `service.status` of a service that the directory no longer has."""


def services(tx: Tx, country: str) -> list[Service]:
    """Return the services of a country, without names and telephones other than public ones."""
    return _read(tx.execute(OF_COUNTRY, {"country": country}))


def with_terms(tx: Tx, country: str, groups: Groups) -> list[Service]:
    """Return the services with at least one term of each group."""
    numbered = {_place(at, nth): word for at, group in enumerate(groups) for nth, word in enumerate(sorted(group))}
    return _read(tx.execute(_narrowed(tuple(map(len, groups))), {"country": country, **numbered}))


def _place(group: int, nth: int) -> str:
    """Return the parameter of a term."""
    return f"term_{group}_{nth}"


@cache
def _narrowed(sizes: tuple[int, ...]) -> Fixed:
    """Build the statement for groups of so many terms.

    It reads the rows of the first group's terms and looks up the other groups for them. `OFFSET 0` has PostgreSQL do
    just that: planning a join of all groups in any order takes longer than all the rest.
    """
    places = [
        [sa.bindparam(_place(at, nth), type_=sa.String()) for nth in range(size)] for at, size in enumerate(sizes)
    ]
    rows = ROWS.join(term, term.c.service == service.c.id)
    rows = rows.where(term.c.country == sa.bindparam("country"), term.c.term.in_(places[0]))
    for group in places[1:]:
        also = term.alias()
        has = sa.and_(
            also.c.country == sa.bindparam("country"), also.c.term.in_(group), also.c.service == term.c.service
        )
        rows = rows.where(sa.exists(sa.select(also.c.term).where(has).offset(0)))
    return Fixed(rows)


def _read(rows: Iterable[Any]) -> list[Service]:
    """Return the services of rows of ids and facts, each once, even with two terms of a group."""
    return [_parsed(id, facts) for id, facts in dict(rows).items()]


@lru_cache(maxsize=READ_BEFORE)
def _parsed(id: str, facts: str) -> Service:
    return service_of(id, json.loads(facts))


def service_by_id(tx: Tx, id: str) -> Service | None:
    """Return a service by its id, without names and telephones other than public ones."""
    row = tx.execute(sa.select(service).where(service.c.id == id)).first()
    return service_of(row.id, row.facts) if row else None


def is_active(tx: Tx, id: str) -> bool:
    """Whether a service is in the directory and not closed."""
    found = service_by_id(tx, id)
    return found is not None and found.status == ACTIVE


def terms_by_service(tx: Tx, country: str) -> dict[str, set[str]]:
    """Return the stored search terms of each service of a country."""
    found: dict[str, set[str]] = {}
    for row in tx.execute(sa.select(term.c.service, term.c.term).where(term.c.country == country)):
        found.setdefault(row.service, set()).add(row.term)
    return found


def delete_all(tx: Tx, country: str) -> None:
    """Delete the services of a country and their search terms."""
    tx.execute(sa.delete(service).where(service.c.country == country))
    tx.execute(sa.delete(term).where(term.c.country == country))


def delete(tx: Tx, id: str) -> None:
    """Delete one service and its search terms."""
    tx.execute(sa.delete(service).where(service.c.id == id))
    tx.execute(sa.delete(term).where(term.c.service == id))


def set_assured(tx: Tx, country: str, each: Service, checked: date) -> None:
    """Save the day on which a service was last found to answer (R40)."""
    write(tx, country, replace(each, assured=checked))


def write(tx: Tx, country: str, each: Service) -> None:
    """Save a service, new or changed, with its search terms. This is the only place where services are written."""
    delete(tx, each.id)
    tx.execute(sa.insert(service).values(id=each.id, country=country, facts=facts_of(each)))
    found = [{"country": country, "term": word, "service": each.id} for word in sorted(terms(each))]
    tx.execute(sa.insert(term), found)


DEFAULTS = {field.name: field.default for field in fields(Opening) if field.default is not MISSING}


def facts_of(each: Service) -> dict[str, Any]:
    """Return a service as JSON, without what the public process must not read."""
    return {
        "kind": each.kind, "languages": list(each.languages), "needs": sorted(each.needs), "at": list(each.at),
        "regions": sorted(each.regions), "zone": each.zone, "assured": each.assured.isoformat(), "status": each.status,
        "child_safeguarding": each.child_safeguarding, "abroad": sorted(each.abroad), "sexes": sorted(each.sexes),
        "shows": each.shows, "public_phone": each.public_phone,
        "names": dict(each.names) if each.public_phone else {}, "language": each.language,
        "serves": sorted(each.serves), "documents": sorted(each.documents), "minimum_age": each.minimum_age,
        "maximum_age": each.maximum_age, "capacity": each.capacity,
        "after_contact": None if each.after_contact is None else sorted(each.after_contact),
        "schedule": [_line(opening) for opening in each.schedule], "holidays": sorted(each.holidays),
        "callback": each.callback, "reached": each.reached,
        "hides_place": each.hides_place,
    }  # fmt: skip


def _line(opening: Opening) -> dict[str, Any]:
    """Return one row of a schedule without its default values."""
    values = {field.name: getattr(opening, field.name) for field in fields(Opening)}
    return {name: _plain(value) for name, value in values.items() if value != DEFAULTS.get(name, ...)}


def _plain(value: object) -> object:
    if isinstance(value, date | time):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _opening(line: Mapping[str, Any]) -> Opening:
    read: dict[str, Any] = dict(line)
    read |= {name: frozenset(read[name]) for name in ("days", "month_days") if name in read}
    read |= {name: time.fromisoformat(read[name]) for name in ("opens", "closes")}
    read |= {name: date.fromisoformat(read[name]) for name in ("starts", "since", "until") if name in read}
    return Opening(**read)


def service_of(id: str, facts: Mapping[str, Any]) -> Service:
    """Return the service that was saved as these facts."""
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
        holidays=frozenset(facts.get("holidays", ())), callback=facts.get("callback", True),
        reached=facts.get("reached", True), hides_place=facts.get("hides_place", True),
    )  # fmt: skip
    return replace(bare, schedule=tuple(map(_opening, facts["schedule"])))
