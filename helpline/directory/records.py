"""Rows of HSDS as they were imported, which an export writes again; and the check calls of services."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpline.core.languages import base_of
from helpline.store.engine import Tx
from helpline.store.schema import hsds, test_call

Body = dict[str, Any]
DIRECTORY = 0x44697265
"""The key of PostgreSQL's advisory lock around the rows."""


@dataclass(frozen=True, slots=True)
class CheckCall:
    """A check call of a service."""

    service: str
    at: datetime
    by: str
    """Who called."""
    answered: bool
    language: str
    """The language that was heard; empty if nobody answered."""


def rows(tx: Tx, country: str) -> dict[str, dict[str, Body]]:
    """Return all rows of a country by table and id, in the order in which they were imported."""
    found: dict[str, dict[str, Body]] = {}
    for row in tx.execute(sa.select(hsds).where(hsds.c.country == country).order_by(hsds.c.seq)):
        found.setdefault(row.entity, {})[row.id] = row.body
    return found


def rows_to_change(tx: Tx, country: str) -> dict[str, dict[str, Body]]:
    """Return all rows, and lock the directory until the transaction ends."""
    lock_rows(tx)
    return rows(tx, country)


def is_empty(tx: Tx, country: str) -> bool:
    """Whether a country has no rows at all: its directory is made up, or there is none."""
    return not tx.execute(sa.select(sa.exists().where(hsds.c.country == country))).scalar_one()


def lock_rows(tx: Tx) -> None:
    """Lock the directory until the transaction ends."""
    if tx.dialect.name != "sqlite":  # SQLite has one writer at a time
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(DIRECTORY)))


def replace(tx: Tx, country: str, tables: Mapping[str, Mapping[str, Body]]) -> None:
    """Replace all rows of a country. Rows that are right already are not written again."""
    listed = [(entity, id, body) for entity, bodies in tables.items() for id, body in bodies.items()]
    wanted = {(entity, id): (seq, body) for seq, (entity, id, body) in enumerate(listed)}
    found = tx.execute(sa.select(hsds).where(hsds.c.country == country))
    present = {(row.entity, row.id): (row.seq, row.body) for row in found}
    here = sa.and_(hsds.c.country == country, hsds.c.entity == sa.bindparam("of"), hsds.c.id == sa.bindparam("is"))
    gone = [{"of": entity, "is": id} for entity, id in present if (entity, id) not in wanted]
    other = [
        {"of": entity, "is": id, "at": seq, "holds": body}
        for (entity, id), (seq, body) in wanted.items()
        if (entity, id) in present and present[entity, id] != (seq, body)
    ]
    new = [
        {"country": country, "entity": entity, "id": id, "seq": seq, "body": body}
        for (entity, id), (seq, body) in wanted.items()
        if (entity, id) not in present
    ]
    change = sa.update(hsds).values(seq=sa.bindparam("at"), body=sa.bindparam("holds"))
    for statement, rows in ((sa.delete(hsds).where(here), gone), (change.where(here), other), (sa.insert(hsds), new)):
        if rows:
            tx.execute(statement, rows)


def put(tx: Tx, country: str, entity: str, id: str, body: Body) -> None:
    """Save one row: in its place if it exists, else after all others."""
    key = (hsds.c.country == country, hsds.c.entity == entity, hsds.c.id == id)
    if tx.execute(sa.update(hsds).where(*key).values(body=body)).rowcount:
        return
    last = sa.select(sa.func.coalesce(sa.func.max(hsds.c.seq), -1)).where(hsds.c.country == country)
    seq = tx.execute(last).scalar_one() + 1
    tx.execute(sa.insert(hsds).values(country=country, entity=entity, id=id, seq=seq, body=body))


def get(tx: Tx, country: str, entity: str, id: str) -> Body | None:
    """Return one row."""
    key = (hsds.c.country == country, hsds.c.entity == entity, hsds.c.id == id)
    found = tx.execute(sa.select(hsds.c.body).where(*key)).first()
    return dict(found.body) if found else None


def service_names(tx: Tx, language: str, ids: Collection[str] | None = None) -> dict[str, str]:
    """Return the names of services (None: of all) by their ids, as in the sheets: for one without a telephone now.

    A service without a short name in the language has the name of its own row.
    """
    body, short = hsds.c.body, hsds.c.entity == "attribute"
    term = body["taxonomy_term_id"].as_string() == f"short_name:{base_of(language)}"
    about = sa.case((short, body["link_id"].as_string()), else_=hsds.c.id)
    name = sa.case((short, body["value"].as_string()), else_=body["name"].as_string())
    is_short = sa.and_(short, term, body["link_entity"].as_string() == "service")
    named = sa.select(about.label("id"), name.label("name")).where(sa.or_(hsds.c.entity == "service", is_short))
    found = tx.execute((named if ids is None else named.where(about.in_(ids))).order_by(short))
    return {row.id: row.name for row in found if row.name}


def add_call(tx: Tx, call: CheckCall) -> None:
    """Save a check call."""
    tx.execute(
        sa.insert(test_call).values(
            service=call.service, at=call.at, by=call.by, answered=call.answered, language=call.language
        )
    )


def calls_of(tx: Tx, service: str) -> list[CheckCall]:
    """Return the check calls of a service, newest first."""
    found = sa.select(test_call).where(test_call.c.service == service)
    rows = tx.execute(found.order_by(test_call.c.at.desc(), test_call.c.id.desc()))
    return [CheckCall(row.service, row.at, row.by, row.answered, row.language) for row in rows]


def last_calls(tx: Tx) -> dict[str, CheckCall]:
    """Return the last check call of each service that had one."""
    found = tx.execute(sa.select(test_call).order_by(test_call.c.at, test_call.c.id))
    return {row.service: CheckCall(row.service, row.at, row.by, row.answered, row.language) for row in found}
