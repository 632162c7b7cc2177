"""Rows of HSDS in which one service is being changed: the same rows that a sheet would have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from helpline.hsds.differences import Bodies
from helpline.hsds.ground import Ground
from helpline.hsds.profile import named
from helpline.hsds.tables import Body, Row, Tables, gathered, said


@dataclass(slots=True)
class Draft:
    """Rows in which a service is being changed. `places`: in which field of the form a row was written."""

    rows: dict[str, dict[str, Body]]
    service: str
    ground: Ground
    new_id: Callable[[], str]
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Bodies, service: str, ground: Ground, new_id: Callable[[], str]) -> "Draft":
        """Begin with rows, which stay as they are."""
        return cls({table: dict(listed) for table, listed in rows.items()}, service, ground, new_id)

    @property
    def tables(self) -> Tables:
        """The rows as they are by now. The place of one that was changed is its field."""
        places = self.places
        return gathered(
            Row(table, places.get((table, id), f"{table} {id}"), body)
            for table, listed in self.rows.items()
            for id, body in listed.items()
        )

    @property
    def row(self) -> Body:
        """The service's own row."""
        return self.rows["service"][self.service]

    def of_service(self, table: str) -> list[Row]:
        """Give the rows of a table that lead to the service."""
        return self.tables.linked(table, "service_id", self.service)

    def write(self, table: str, body: Body, place: str) -> str:
        """Write a row, a new one where it has no id; give its id."""
        id = said(body.get("id")) or self.new_id()
        self.rows.setdefault(table, {})[id] = {**body, "id": id}
        self.places[table, id] = place
        return id

    def drop(self, table: str, id: str) -> None:
        """Take a row out, and what is said about it."""
        self.rows[table].pop(id)
        about = self.rows.get("attribute", {})
        gone = [
            key for key, body in about.items() if (body.get("link_entity"), said(body.get("link_id"))) == (table, id)
        ]
        for key in gone:
            about.pop(key)

    def terms(self, taxonomy: str) -> dict[str, str]:
        """Give the codes of a list of ours that the service has, each with its value."""
        return {code: row.text("value") for row, code in self._attributes(taxonomy)}

    def say(self, taxonomy: str, wanted: Mapping[str, str], places: Mapping[str, str]) -> None:
        """Let the service have just these codes of a list; `places`: the field of each."""
        found = set[str]()
        for row, code in self._attributes(taxonomy):
            if code not in wanted or code in found:
                self.drop("attribute", row.id)
            elif row.text("value") != wanted[code]:
                self.write("attribute", row.body | {"value": wanted[code]}, places[code])
            found.add(code)
        for code in (each for each in wanted if each not in found):
            body = {"link_id": self.service, "link_entity": "service", "taxonomy_term_id": f"{taxonomy}:{code}"}
            self.write("attribute", body | ({"value": wanted[code]} if wanted[code] else {}), places[code])

    def _attributes(self, taxonomy: str) -> list[tuple[Row, str]]:
        tables = self.tables
        about = ("service", self.service)
        own = [row for row in tables.of("attribute") if (row.text("link_entity"), row.text("link_id")) == about]
        return [(row, code) for row in own for of, code in [named(row, tables)] if of == taxonomy]
