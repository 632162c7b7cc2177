"""Checks of any row of HSDS: it has an id and the required fields, its values can be read, and there is no circle."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from math import isfinite

from helpline.directory.hsds.files import near
from helpline.directory.hsds.tables import REQUIRED, Flaw, Row, Tables

LONGEST_ID = 64
LONGEST_OF_DESK = 36
"""Letters of a UUID, which the standard's JSON has. Tables made by hand may have shorter ids."""
DESKS = ("service", "phone", "contact")
"""Tables whose ids are saved in requests, offers and texts."""
ID = re.compile(r"[A-Za-z0-9._:-]+", re.ASCII)
LONGEST_TITLE = 200
STATUS = ("active", "inactive", "defunct", "temporarily closed")
PHONE_TYPES = ("text", "voice", "fax", "cell", "video", "pager", "textphone")
LOCATION_TYPES = ("physical", "postal", "virtual")
CHOICES = {
    ("service", "status"): STATUS, ("phone", "type"): PHONE_TYPES, ("location", "location_type"): LOCATION_TYPES,
}  # fmt: skip
"""Fields with a list of values (HSDS `service.status`, `phone.type` after RFC 6350, `location.location_type`)."""
DATES = {("service", "assured_date"), ("service", "last_modified"), ("metadata", "last_action_date")}
AGES = ("minimum_age", "maximum_age")
OLDEST = 130
PARENTS = {"organization": "parent_organization_id", "taxonomy_term": "parent_id"}


def flaws_of_rows(tables: Tables, today: date) -> Iterator[Flaw]:
    """Yield what is wrong with rows, for any use of them."""
    for table, rows in tables.rows.items():
        seen: dict[str, Row] = {}
        for row in rows:
            yield from _identity(row, seen)
            yield from (row.flaw(name, "it is missing") for name in REQUIRED[table][1:] if not row.text(name))
            yield from _values(row, today)
            if row.table == "attribute" and (entity := row.text("link_entity")) not in {"", *REQUIRED}:
                yield row.flaw("link_entity", f"{entity!r} is not a table{near(entity, REQUIRED)}")
    yield from _same_id_in_two(tables)
    for table, name in PARENTS.items():
        yield from _circles(tables, table, name)


def _identity(row: Row, seen: dict[str, Row]) -> Iterator[Flaw]:
    if not row.id:
        yield row.flaw("id", "it is missing; use any word that no other row of the table has")
    elif len(row.id) > (most := LONGEST_OF_DESK if row.table in DESKS else LONGEST_ID) or not ID.fullmatch(row.id):
        yield row.flaw("id", f"{row.id[:most]!r} cannot be an id: at most {most} Latin letters, digits, dots, dashes")
    elif before := seen.get(row.id):
        yield row.flaw(
            "id", f"{row.id} is there twice (first at {before.place}); change one of the ids, or remove a row"
        )
    seen.setdefault(row.id, row)


def _same_id_in_two(tables: Tables) -> Iterator[Flaw]:
    """Services, phones and contacts are all recipients of texts, so no two of them may share an id."""
    known = dict(tables.ids.get("service", {}))
    for row in (*tables.of("phone"), *tables.of("contact")):
        if row.id and (other := known.get(row.id)) and other.table != row.table:
            yield row.flaw("id", f"{row.id} is also the id at {other.place}; give this row another id")
        known.setdefault(row.id, row)


def _values(row: Row, today: date) -> Iterator[Flaw]:
    for (table, name), choices in CHOICES.items():
        value = row.text(name) if row.table == table else ""
        if value and value not in choices:
            yield row.flaw(name, f"{value!r} is not one of {', '.join(choices)}{near(value, choices)}")
    for table, name in DATES:
        if row.table == table and row.text(name):
            yield from _date(row, name, today)
    if row.table in {"service", "organization"} and len(row.text("name")) > LONGEST_TITLE:
        yield row.flaw("name", f"it has {len(row.text('name'))} letters; {LONGEST_TITLE} at most")
    if row.table == "service":
        yield from _ages(row)
    if row.table == "location":
        yield from _point(row)


def _date(row: Row, name: str, today: date) -> Iterator[Flaw]:
    found = day(row.text(name)[:10])
    if found is None:
        yield row.flaw(name, f"{row.text(name)!r} is not a date; write year-month-day, as {today}")
    elif found > today:
        yield row.flaw(name, f"{found} is in the future")


def day(text: str) -> date | None:
    """Return a date in ISO 8601 form; None if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ages(row: Row) -> Iterator[Flaw]:
    ages = {name: row.text(name) for name in AGES if row.text(name)}
    for name, age in ages.items():
        if age_of(age) is None:
            yield row.flaw(name, f"{age!r} is not an age in years")
    youngest, oldest = (age_of(ages.get(name, "")) for name in AGES)
    if youngest is not None and oldest is not None and youngest > oldest:
        yield row.flaw("minimum_age", f"{youngest} is above maximum_age, {oldest}: nobody could come")


def age_of(text: str) -> int | None:
    """Return an age in whole years; None if it is none. Spreadsheets sometimes write 18 as 18.0."""
    whole = text.removesuffix(".0")
    return int(whole) if whole.isascii() and whole.isdigit() and int(whole) <= OLDEST else None


def _point(row: Row) -> Iterator[Flaw]:
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = row.text(name)
        if value and ((found := number_of(value)) is None or abs(found) > most):
            yield row.flaw(name, f"{value!r} is not a {name}: degrees from -{most} to {most}, with a dot")
    if bool(row.text("latitude")) != bool(row.text("longitude")):
        yield row.flaw("latitude", "latitude and longitude go together; fill in both or neither")


def number_of(text: str) -> float | None:
    """Return a finite number; None if it is none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) else None


def _circles(tables: Tables, table: str, name: str) -> Iterator[Flaw]:
    """Yield a flaw for each circle of rows that are their own parents."""
    safe: set[str] = set()
    for row in tables.of(table):
        path: list[str] = []
        at: Row | None = row
        while at is not None and at.id not in safe and at.id not in path:
            path.append(at.id)
            at = tables.get(table, at.text(name)) if at.text(name) else None
        if at is not None and at.id in path:
            circle = path[path.index(at.id) :]
            yield at.flaw(name, f"{_as_circle(circle)}: a circle; one of them must have no parent")
        safe.update(path)


def _as_circle(ids: Collection[str]) -> str:
    return " is under ".join([*ids, next(iter(ids))])
