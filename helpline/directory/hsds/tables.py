"""Tables of HSDS 3.0: their names, required fields and links; and their rows.

Source: openreferral/specification, `schema/*.json`; `service_capacity` and `unit` are from 3.1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Body = dict[str, Any]
"""One row as it came, by field."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "organization": ("id", "name", "description"),
    "service": ("id", "organization_id", "name", "status"),
    "service_at_location": ("id", "service_id", "location_id"),
    "location": ("id", "location_type"),
    "address": ("id", "location_id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "phone": ("id", "number"),
    "schedule": ("id",),
    "service_area": ("id",),
    "language": ("id",),
    "required_document": ("id",),
    "taxonomy": ("id", "name", "description"),
    "taxonomy_term": ("id", "code", "name", "description"),
    "attribute": ("id", "link_id", "taxonomy_term_id", "link_entity"),
    "metadata": ("id", "resource_id", "resource_type", "last_action_date", "last_action_type", "field_name"),
    "contact": ("id",),
    "service_capacity": ("id", "service_id", "unit_id", "available", "updated"),
    "unit": ("id", "name"),
    "program": ("id",),
    "funding": ("id",),
    "cost_option": ("id",),
    "accessibility": ("id",),
    "organization_identifier": ("id",),
    "url": ("id",),
    "meta_table_description": ("id",),
}
"""Every table, and what each of its rows must have. The last seven tables are stored but not used."""
LINKS: Mapping[str, str] = {
    "organization_id": "organization",
    "parent_organization_id": "organization",
    "service_id": "service",
    "program_id": "program",
    "service_at_location_id": "service_at_location",
    "location_id": "location",
    "phone_id": "phone",
    "contact_id": "contact",
    "taxonomy_id": "taxonomy",
    "taxonomy_term_id": "taxonomy_term",
    "parent_id": "taxonomy_term",
    "unit_id": "unit",
}
"""Fields that hold the id of another row."""
LISTS: Mapping[str, str] = {
    "services": "service", "organizations": "organization", "service_at_locations": "service_at_location",
    "locations": "location", "addresses": "address", "phones": "phone", "schedules": "schedule",
    "service_areas": "service_area", "languages": "language", "required_documents": "required_document",
    "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term", "attributes": "attribute", "metadata": "metadata",
    "contacts": "contact", "capacities": "service_capacity", "service_capacities": "service_capacity",
    "units": "unit", "programs": "program", "funding": "funding", "cost_options": "cost_option",
    "accessibility": "accessibility", "organization_identifiers": "organization_identifier",
    "urls": "url", "additional_urls": "url", "additional_websites": "url",
    "meta_table_descriptions": "meta_table_description",
}  # fmt: skip
"""Lists inside an object of the API's form, and the plural names of files."""
SINGLE: Mapping[str, str] = {
    "organization": "organization", "location": "location", "program": "program", "unit": "unit",
    "taxonomy_term": "taxonomy_term", "taxonomy_detail": "taxonomy", "taxonomy_details": "taxonomy",
    "service": "service",
}  # fmt: skip
"""Objects inside another one, which then holds their id."""
NUMBERS = frozenset({
    "minimum_age", "maximum_age", "latitude", "longitude", "timezone", "count", "interval", "available", "maximum",
    "extension", "year_incorporated", "amount",
})  # fmt: skip
"""Fields that are numbers in JSON and text in CSV."""


def table_of(name: str) -> str:
    """Return the table that a file or a list is named after, in singular or plural; empty if there is none."""
    return name if name in REQUIRED else LISTS.get(name, "")


def as_text(value: object) -> str:
    """Return the value of a field as CSV has it. None becomes an empty text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """Something wrong in a row, and how to fix it."""

    place: str
    """For people: `phone.csv row 5`."""
    field: str
    what: str
    hides: bool = False
    """Whether rows could not be read because of it, so that nobody can say what is wrong with the others."""

    def __str__(self) -> str:
        return f"{self.place}{f', {self.field}' if self.field else ''}: {self.what}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    table: str
    place: str
    """Where it was read, as a flaw names it."""
    body: Body

    @property
    def id(self) -> str:
        """Its `id`."""
        return self.text("id")

    def text(self, name: str) -> str:
        """Return a field as text, without space around it."""
        return as_text(self.body.get(name)).strip()

    def flaw(self, name: str, what: str) -> Flaw:
        """Return a flaw of one field of this row."""
        return Flaw(self.place, name, what)


@dataclass(frozen=True)
class Tables:
    """All rows of a directory, each table in the order in which its rows were read."""

    rows: Mapping[str, list[Row]] = field(default_factory=dict)

    def of(self, table: str) -> list[Row]:
        """Return the rows of a table."""
        return self.rows.get(table, [])

    def every(self) -> Iterator[Row]:
        """Yield all rows, table by table."""
        for rows in self.rows.values():
            yield from rows

    @cached_property
    def ids(self) -> Mapping[str, Mapping[str, Row]]:
        """Each table's rows by id; of two rows with one id, the first."""
        return {table: {row.id: row for row in reversed(rows)} for table, rows in self.rows.items()}

    def get(self, table: str, id: str) -> Row | None:
        """Return a row by its id; None if there is none."""
        return self.ids.get(table, {}).get(id)

    @cached_property
    def _linked(self) -> Mapping[tuple[str, str, str], list[Row]]:
        found: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.every():
            for name in LINKS.keys() & row.body.keys():
                found.setdefault((row.table, name, row.text(name)), []).append(row)
        return found

    def linked(self, table: str, name: str, id: str) -> list[Row]:
        """Return the rows of a table whose field `name` holds `id`."""
        return self._linked.get((table, name, id), [])


def tables_from(rows: Iterable[Row]) -> Tables:
    """Return rows sorted by their table, in the order of the standard."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    return Tables({table: found[table] for table in REQUIRED if table in found})
