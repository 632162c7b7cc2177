"""Keeps the rows of HSDS in step with telephones that come and go at the console, so that an export has them, too."""

from collections.abc import Callable, Collection

from helpline.directory.hsds.draft import Bodies, tables_of
from helpline.directory.hsds.ground import readings
from helpline.directory.hsds.reach import phones_of, texted
from helpline.directory.hsds.tables import Body, Row, said
from helpline.directory.service import Contact

Rows = dict[str, dict[str, Body]]
LINKED = {"language": "phone_id", "attribute": "link_id"}
"""Tables with rows about a telephone, and the field that leads to it."""


def with_phone(rows: Bodies, who: Contact, country: str, spoken: Collection[str], new_id: Callable[[], str]) -> Rows:
    """Give the rows with a telephone that gets texts, where its service stands in them and it does not yet.

    The language of its texts is written only where the service speaks it: HSDS has a telephone's language for one that
    is spoken on it, and a promise must not come of it.
    """
    after = {table: dict(listed) for table, listed in rows.items()}
    if who.service not in after.get("service", {}) or _rows_of(rows, who, country):
        return after
    id = new_id()
    after.setdefault("phone", {})[id] = {"id": id, "number": who.phone, "type": "cell", "service_id": who.service}
    if who.language in spoken:
        language = new_id()
        after.setdefault("language", {})[language] = {"id": language, "phone_id": id, "code": who.language}
    return after


def without_phone(rows: Bodies, who: Contact, country: str) -> Rows:
    """Give the rows without a telephone that got texts. One that callers may be told stays theirs to ring."""
    after = {table: dict(listed) for table, listed in rows.items()}
    for row in _rows_of(rows, who, country):
        if _is_public(rows, row):
            after["phone"][row.id] = row.body | {"type": "voice"}
            continue
        del after["phone"][row.id]
        for table, name in LINKED.items():
            listed = after.get(table, {})
            after[table] = {id: each for id, each in listed.items() if not _is_about(table, each, name, row.id)}
    return after


def _rows_of(rows: Bodies, who: Contact, country: str) -> list[Row]:
    tables = tables_of(rows)
    service = tables.get("service", who.service)
    phones = texted(phones_of(service, tables)) if service else []
    return [row for row in phones if who.phone in readings(row.text("number"), country)]


def _is_about(table: str, body: Body, name: str, phone: str) -> bool:
    return said(body.get(name)) == phone and (table != "attribute" or body.get("link_entity") == "phone")


def _is_public(rows: Bodies, row: Row) -> bool:
    about = (each for each in rows.get("attribute", {}).values() if _is_about("attribute", each, "link_id", row.id))
    return any(said(each.get("taxonomy_term_id")) == "phone_use:public" for each in about)
