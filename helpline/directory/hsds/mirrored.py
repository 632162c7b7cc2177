"""Mirror telephones that come and go at the console in the rows of HSDS, so that an export has them."""

from collections.abc import Callable, Collection

from helpline.directory.hsds.draft import Bodies, tables_of
from helpline.directory.hsds.ground import readings
from helpline.directory.hsds.reach import phones_of, texted
from helpline.directory.hsds.tables import Body, Row, as_text
from helpline.staff.contact import Contact

Rows = dict[str, dict[str, Body]]
LINKED = {"language": "phone_id", "attribute": "link_id"}
"""Tables with rows about a telephone, and the field that links to it."""


def with_phone(
    rows: Bodies, contact: Contact, country: str, spoken: Collection[str], new_id: Callable[[], str]
) -> Rows:
    """Return the rows with one more telephone that gets texts, if its service has rows and the telephone has none.

    The language of its texts is saved only if the service speaks it. In HSDS, a telephone's language is one that is
    spoken on it, and a promise must not come of our text language.
    """
    after = {table: dict(listed) for table, listed in rows.items()}
    if contact.service not in after.get("service", {}) or _rows_of(rows, contact, country):
        return after
    id = new_id()
    after.setdefault("phone", {})[id] = {
        "id": id,
        "number": contact.phone,
        "type": "cell",
        "service_id": contact.service,
    }
    if contact.language in spoken:
        language = new_id()
        after.setdefault("language", {})[language] = {"id": language, "phone_id": id, "code": contact.language}
    return after


def without_phone(rows: Bodies, contact: Contact, country: str) -> Rows:
    """Return the rows without a telephone that got texts. If callers may be told it, it stays as a voice telephone."""
    after = {table: dict(listed) for table, listed in rows.items()}
    for row in _rows_of(rows, contact, country):
        if _is_public(rows, row):
            after["phone"][row.id] = row.body | {"type": "voice"}
            continue
        del after["phone"][row.id]
        for table, name in LINKED.items():
            listed = after.get(table, {})
            after[table] = {id: each for id, each in listed.items() if not _is_about(table, each, name, row.id)}
    return after


def _rows_of(rows: Bodies, contact: Contact, country: str) -> list[Row]:
    tables = tables_of(rows)
    service = tables.get("service", contact.service)
    phones = texted(phones_of(service, tables)) if service else []
    return [row for row in phones if contact.phone in readings(row.text("number"), country)]


def _is_about(table: str, body: Body, name: str, phone: str) -> bool:
    return as_text(body.get(name)) == phone and (table != "attribute" or body.get("link_entity") == "phone")


def _is_public(rows: Bodies, row: Row) -> bool:
    about = (each for each in rows.get("attribute", {}).values() if _is_about("attribute", each, "link_id", row.id))
    return any(as_text(each.get("taxonomy_term_id")) == "phone_use:public" for each in about)
