"""Tables of HSDS 3.0: their names, what must stand in a row, which field leads to which table. And rows.

Names and required fields: openreferral/specification, `schema/*.json`; `service_capacity` and `unit` from 3.1.
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
"""Every table, and what a row of it must have. Of the last seven nothing is used; they are kept."""
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
"""Fields that hold the id of a row elsewhere."""
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
"""Lists that stand inside an object of the API's form, and the plural names of files."""
SINGLE: Mapping[str, str] = {
    "organization": "organization", "location": "location", "program": "program", "unit": "unit",
    "taxonomy_term": "taxonomy_term", "taxonomy_detail": "taxonomy", "taxonomy_details": "taxonomy",
    "service": "service",
}  # fmt: skip
"""Objects that stand inside another, which then has their id."""
NUMBERS = frozenset({
    "minimum_age", "maximum_age", "latitude", "longitude", "timezone", "count", "interval", "available", "maximum",
    "extension", "year_incorporated", "amount",
})  # fmt: skip
"""Fields that JSON has as numbers and CSV as text."""


def table_of(name: str) -> str:
    """Give the table that a file or a list is called after, in singular or plural; empty where there is none."""
    return name if name in REQUIRED else LISTS.get(name, "")


def said(value: object) -> str:
    """Give what stands in a field as CSV has it; nothing is an empty text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """Something wrong: in which row, which field of it, and what to do. `place` is for people: `phone.csv row 5`."""

    place: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}{f', {self.field}' if self.field else ''}: {self.what}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. `place`: where it stood, as a flaw says it."""

    table: str
    place: str
    body: Body

    @property
    def id(self) -> str:
        """Its `id`."""
        return self.text("id")

    def text(self, name: str) -> str:
        """Give a field as text without blanks around it."""
        return said(self.body.get(name)).strip()

    def flaw(self, name: str, what: str) -> Flaw:
        """Make a flaw of a field."""
        return Flaw(self.place, name, what)


@dataclass(frozen=True)
class Tables:
    """All rows of a directory, each table in the order in which they came."""

    rows: Mapping[str, list[Row]] = field(default_factory=dict)

    def of(self, table: str) -> list[Row]:
        """Give the rows of a table."""
        return self.rows.get(table, [])

    def every(self) -> Iterator[Row]:
        """Give all rows, table by table."""
        for rows in self.rows.values():
            yield from rows

    @cached_property
    def ids(self) -> Mapping[str, Mapping[str, Row]]:
        """Each table's rows by their id; of two with one id the first."""
        return {table: {row.id: row for row in reversed(rows)} for table, rows in self.rows.items()}

    def get(self, table: str, id: str) -> Row | None:
        """Find a row."""
        return self.ids.get(table, {}).get(id)

    @cached_property
    def _linked(self) -> Mapping[tuple[str, str, str], list[Row]]:
        found: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.every():
            for name in LINKS.keys() & row.body.keys():
                found.setdefault((row.table, name, row.text(name)), []).append(row)
        return found

    def linked(self, table: str, name: str, id: str) -> list[Row]:
        """Give the rows of a table whose field `name` leads to `id`."""
        return self._linked.get((table, name, id), [])


def gathered(rows: Iterable[Row]) -> Tables:
    """Sort rows by their table, in the order of the standard."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    return Tables({table: found[table] for table in REQUIRED if table in found})
