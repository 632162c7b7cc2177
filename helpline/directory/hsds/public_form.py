"""The part of a directory that anybody may know, as the JSON schema of HSDS asks for it: nested, UUIDs, typed.

A field is published only if `FIELDS` names it, so a new column of a sheet stays here until somebody decides. Never
published: telephones without the term `phone_use:public`, contacts, e-mail addresses, the history of check calls, and
of a shelter its place, the areas it serves and its free texts (R41).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from helpline.directory.hsds.hours import hour_of, zone_of
from helpline.directory.hsds.profile import PROFILE, Terms, terms_of
from helpline.directory.hsds.public_fields import (
    FIELDS,
    HIDDEN_FIELDS,
    PUBLIC_TERMS,
    SHOWN,
    VERSIONS,
    day_of,
    number_in,
    value_of,
)
from helpline.directory.hsds.shelters import STREET, is_hidden
from helpline.directory.hsds.tables import REQUIRED, Body, Row, Tables

Fields = Mapping[str, Sequence[str]]
"""The published fields of each table."""
NEEDED = frozenset(REQUIRED["address"]) - {"location_id"}
"""What an address must have inside its location."""


@dataclass(frozen=True)
class PublicForm:
    """The published part of a directory."""

    tables: Tables
    terms: Terms
    today: date
    origin: str
    """The address of this deployment. The same id of two deployments gives two UUIDs."""
    version: str = VERSIONS[0]

    @classmethod
    def of(cls, tables: Tables, today: date, origin: str, version: str = VERSIONS[0]) -> "PublicForm":
        """Return the published part of these rows."""
        return cls(tables, terms_of(tables, [], today), today, origin, version)

    @cached_property
    def services(self) -> list[Body]:
        """Every published service, with all that belongs to it."""
        return [self._service(row) for row in self._shown]

    @cached_property
    def organizations(self) -> list[Body]:
        """The organizations of published services."""
        wanted = {row.text("organization_id") for row in self._shown}
        return [self._organization(row) for row in self.tables.of("organization") if row.id in wanted]

    @cached_property
    def service_at_locations(self) -> list[Body]:
        """Where published services are, but shelters."""
        found = (self._there(row) for row in self._shown)
        return [each for there in found for each in there]

    @cached_property
    def locations(self) -> list[Body]:
        """The locations of published services, each once."""
        return [*{each["location"]["id"]: each["location"] for each in self.service_at_locations}.values()]

    @cached_property
    def taxonomies(self) -> list[Body]:
        """Our lists of terms."""
        return [self._taxonomy(name) for name in PUBLIC_TERMS]

    @cached_property
    def taxonomy_terms(self) -> list[Body]:
        """Our terms."""
        return [self._term(name, code) for name in PUBLIC_TERMS for code in PROFILE[name].codes]

    @cached_property
    def _shown(self) -> list[Row]:
        return [row for row in self.tables.of("service") if row.text("status") in SHOWN]

    @cached_property
    def _hidden(self) -> set[str]:
        """Shelters, whatever their state is: a closed one may open again."""
        return {row.id for row in self.tables.of("service") if is_hidden(row, self.terms)}

    def _service(self, row: Row) -> Body:
        """Return a service. A shelter has no place, and only fields that cannot tell the way (R41)."""
        hidden = row.id in self._hidden
        fields = HIDDEN_FIELDS if hidden else FIELDS
        made = self._body(row, fields) | ({"name": self._short_name(row)} if hidden else {})
        if organization := self.tables.get("organization", row.text("organization_id")):
            body = self._organization(organization)
            made |= {"organization_id": body["id"], "organization": body}
        lists = {
            "phones": [self._phone(each, fields) for each in self._linked("phone", row) if self._told(each)],
            "schedules": [self._hours(each, fields) for each in self._linked("schedule", row)],
            "languages": [self._body(each, fields) for each in self._linked("language", row)],
            "required_documents": self._open_only(row, "required_document"),
            "service_areas": self._open_only(row, "service_area"),
            "service_at_locations": self._there(row),
            "attributes": self._attributes("service", row.id, PUBLIC_TERMS),
            "capacities": [] if self.version == VERSIONS[0] else list(self._capacities(row, fields)),
        }
        return made | {name: listed for name, listed in lists.items() if listed}

    def _open_only(self, row: Row, table: str) -> list[Body]:
        """Return rows that are published of services that are no shelter."""
        return [] if row.id in self._hidden else [self._body(each) for each in self._linked(table, row)]

    def _short_name(self, row: Row) -> str:
        """Return the name that callers are told: an import refuses one that looks like an address."""
        names = self.terms.of("service", row.id, "short_name")
        return names.get("en") or next(iter(names.values()), "Shelter")

    def _organization(self, row: Row) -> Body:
        """Return an organization. One that has a shelter is a name without a street."""
        if not self._hidden.intersection(each.id for each in self._linked("service", row)):
            return self._body(row)
        name = row.text("name") if not STREET.search(row.text("name")) else "Organization"
        return {"id": self._uuid(row.table, row.id), "name": name, "description": name}

    def _there(self, row: Row) -> list[Body]:
        """Return where a service is. A location that a shelter uses, too, is left out."""
        made = []
        for link in self._linked("service_at_location", row):
            location = self.tables.get("location", link.text("location_id"))
            others = self.tables.linked("service_at_location", "location_id", link.text("location_id"))
            if location is None or any(each.text("service_id") in self._hidden for each in others):
                continue
            body = self._body(location)
            addresses = [self._body(each) for each in self.tables.linked("address", "location_id", location.id)]
            whole = [each for each in addresses if NEEDED.issubset(each)]
            body |= {"addresses": whole} if whole else {}
            ids = {"service_id": self._uuid("service", row.id), "location_id": body["id"]}
            made.append(self._body(link) | ids | {"location": body})
        return made

    def _told(self, phone: Row) -> bool:
        """Whether a caller may be told this telephone. No other one is published."""
        return "public" in self.terms.of("phone", phone.id, "phone_use")

    def _phone(self, row: Row, fields: Fields) -> Body:
        spoken = [self._body(each, fields) for each in self.tables.linked("language", "phone_id", row.id)]
        return self._body(row, fields) | ({"languages": spoken} if spoken else {})

    def _hours(self, row: Row, fields: Fields) -> Body:
        """Return hours with their distance from Greenwich, which the standard wants as a number."""
        closes = self.terms.yes("schedule", row.id, "closed")
        opens, until = (hour_of(row, name, closes, []) for name in ("opens_at", "closes_at"))
        zone = zone_of(row, opens, until, closes, [])
        made = self._body(row, fields)
        if zone:
            midnight = datetime.combine(max(self.today, day_of(row.text("valid_from"))), time(), ZoneInfo(zone))
            made["timezone"] = number_in(str((midnight.utcoffset() or timedelta()) / timedelta(hours=1)))
            times = (("opens_at", opens), ("closes_at", until))
            made |= {
                name: f"{hour.at:%H:%M}{midnight.isoformat()[19:]}" for name, hour in times if hour and row.text(name)
            }
        if closes:
            made = {"description": "Closed"} | made | {"attributes": self._attributes("schedule", row.id, ("closed",))}
        return made

    def _capacities(self, row: Row, fields: Fields) -> Iterator[Body]:
        for each in self._linked("service_capacity", row):
            unit, day = self.tables.get("unit", each.text("unit_id")), day_of(each.text("updated")[:10])
            made = self._body(each, fields)
            if unit and "available" in made and day > date.min:
                yield made | {"unit": self._body(unit), "updated": f"{day.isoformat()}T00:00:00Z"}

    def _attributes(self, table: str, id: str, taxonomies: Sequence[str]) -> list[Body]:
        return [
            {
                "id": self._uuid("attribute", f"{table} {id} {taxonomy}:{code}"), "link_id": self._uuid(table, id),
                "link_entity": table, "taxonomy_term_id": self._uuid("taxonomy_term", f"{taxonomy}:{code}"),
                **({"value": value} if value else {}), "taxonomy_term": self._term(taxonomy, code),
            }
            for taxonomy in taxonomies for code, value in sorted(self.terms.of(table, id, taxonomy).items())
        ]  # fmt: skip

    def _term(self, taxonomy: str, code: str) -> Body:
        of = self._taxonomy(taxonomy)
        about = {"code": f"{taxonomy}:{code}", "name": code, "description": of["description"], "taxonomy": taxonomy}
        id = self._uuid("taxonomy_term", f"{taxonomy}:{code}")
        return {"id": id, **about, "taxonomy_id": of["id"], "taxonomy_detail": of}

    def _taxonomy(self, name: str) -> Body:
        return {"id": self._uuid("taxonomy", name), "name": name, "description": PROFILE[name].about}

    def _linked(self, table: str, row: Row) -> list[Row]:
        return self.tables.linked(table, f"{row.table}_id", row.id)

    def _body(self, row: Row, fields: Fields = FIELDS) -> Body:
        values = {name: value_of(row.table, name, row.text(name)) for name in fields[row.table]}
        return {"id": self._uuid(row.table, row.id)} | {name: value for name, value in values.items() if value != ""}

    def _uuid(self, table: str, id: str) -> str:
        """Return an id as a UUID, always the same for the same row."""
        try:
            return str(UUID(id))
        except ValueError:
            return str(uuid5(NAMESPACE_URL, f"{self.origin}/{table}/{id}"))
