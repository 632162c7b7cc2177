"""Rows of HSDS in which one service is being changed: the same rows that a sheet would have.

What an import would change, row by row and field by field; and what it may not take back.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.profile import named
from helpline.directory.hsds.tables import Body, Row, Tables, gathered, said

TEST_CALL = "test call"
"""How `metadata.last_action_type` begins in the trail of our test calls."""
Bodies = Mapping[str, Mapping[str, Body]]
"""The rows of each table by id."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that comes (`+`), goes (`-`), or is changed (`~`), and how."""

    kind: str
    table: str
    id: str
    name: str
    fields: tuple[tuple[str, str, str], ...] = ()

    def lines(self) -> Iterator[str]:
        """Give it as people read it: a line for each field."""
        what = f"{self.kind} {self.table} {self.id}{f' ({self.name})' if self.name else ''}"
        yield from [what] if not self.fields else []
        for name, before, after in self.fields:
            yield f"{what}, {name}: {before or 'nothing'} → {after or 'nothing'}"


def bodies(tables: Tables) -> dict[str, dict[str, Body]]:
    """Give the rows of a directory that was read and has no flaws."""
    return {table: {row.id: row.body for row in rows} for table, rows in tables.rows.items()}


def tables_of(rows: Bodies) -> Tables:
    """Give rows that are kept as tables; the place of each is its table and id."""
    return gathered(Row(table, f"{table} {id}", body) for table, listed in rows.items() for id, body in listed.items())


def kept(before: Bodies, coming: Bodies) -> dict[str, dict[str, Body]]:
    """Give what comes, with what an import may not take back: test calls, and the day of the last one (R40)."""
    found = {table: dict(rows) for table, rows in coming.items()}
    for id, row in before.get("metadata", {}).items():
        about = said(row.get("resource_id"))
        if not said(row.get("last_action_type")).startswith(TEST_CALL) or about not in found.get("service", {}):
            continue
        found.setdefault("metadata", {}).setdefault(id, row)
        service = found["service"][about]
        checked = said(before.get("service", {}).get(about, {}).get("assured_date"))
        if said(row.get("replacement_value")) == checked > said(service.get("assured_date")):
            found["service"][about] = service | {"assured_date": checked}
    return found


def differences(before: Bodies, after: Bodies) -> list[Change]:
    """Give what differs, in the order of the tables. What a field says counts, not whether as text or number."""
    found: list[Change] = []
    for table in dict.fromkeys([*after, *before]):
        old, new = before.get(table, {}), after.get(table, {})
        found += (Change("-", table, id, said(old[id].get("name"))) for id in old if id not in new)
        for id, row in new.items():
            name = said(row.get("name"))
            if id not in old:
                found.append(Change("+", table, id, name))
            elif fields := tuple(_fields(old[id], row)):
                found.append(Change("~", table, id, name, fields))
    return found


def _fields(old: Body, new: Body) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*new, *old]):
        before, after = said(old.get(name)), said(new.get(name))
        if before != after:
            yield name, before, after


def counts(changes: Sequence[Change]) -> str:
    """Say how much changes."""
    kinds = [change.kind for change in changes]
    return f"{kinds.count('+')} rows added, {kinds.count('~')} changed, {kinds.count('-')} removed"


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
