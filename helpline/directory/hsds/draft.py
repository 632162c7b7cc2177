"""Rows of HSDS that are being changed: a draft of one service, and the differences that an import makes."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.profile import taxonomy_and_code
from helpline.directory.hsds.tables import Body, Row, Tables, as_text, tables_from

TEST_CALL = "test call"
"""How `metadata.last_action_type` begins in the trail of our check calls."""
Bodies = Mapping[str, Mapping[str, Body]]
"""The rows of each table by id."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is added (`+`), removed (`-`) or changed (`~`)."""

    kind: str
    table: str
    id: str
    name: str
    fields: tuple[tuple[str, str, str], ...] = ()
    """Name, value before and value after of each changed field."""

    def lines(self) -> Iterator[str]:
        """Yield the change as text for people: one line for each field."""
        what = f"{self.kind} {self.table} {self.id}{f' ({self.name})' if self.name else ''}"
        yield from [what] if not self.fields else []
        for name, before, after in self.fields:
            yield f"{what}, {name}: {before or 'nothing'} → {after or 'nothing'}"


def bodies(tables: Tables) -> dict[str, dict[str, Body]]:
    """Return the rows of a directory that was read without flaws."""
    return {table: {row.id: row.body for row in rows} for table, rows in tables.rows.items()}


def tables_of(rows: Bodies) -> Tables:
    """Return stored rows as tables. The place of each row is its table and id."""
    return tables_from(
        Row(table, f"{table} {id}", body) for table, listed in rows.items() for id, body in listed.items()
    )


def with_check_calls(before: Bodies, coming: Bodies) -> dict[str, dict[str, Body]]:
    """Return imported rows with what an import may not undo: check calls, and the date of the last one (R40)."""
    found = {table: dict(rows) for table, rows in coming.items()}
    for id, row in before.get("metadata", {}).items():
        about = as_text(row.get("resource_id"))
        if not as_text(row.get("last_action_type")).startswith(TEST_CALL) or about not in found.get("service", {}):
            continue
        found.setdefault("metadata", {}).setdefault(id, row)
        service = found["service"][about]
        checked = as_text(before.get("service", {}).get(about, {}).get("assured_date"))
        if as_text(row.get("replacement_value")) == checked > as_text(service.get("assured_date")):
            found["service"][about] = service | {"assured_date": checked}
    return found


def differences(before: Bodies, after: Bodies) -> list[Change]:
    """Return what differs, in the order of the tables. A number and the same number as text do not differ."""
    found: list[Change] = []
    for table in dict.fromkeys([*after, *before]):
        old, new = before.get(table, {}), after.get(table, {})
        found += (Change("-", table, id, as_text(old[id].get("name"))) for id in old if id not in new)
        for id, row in new.items():
            name = as_text(row.get("name"))
            if id not in old:
                found.append(Change("+", table, id, name))
            elif fields := tuple(_fields(old[id], row)):
                found.append(Change("~", table, id, name, fields))
    return found


def _fields(old: Body, new: Body) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*new, *old]):
        before, after = as_text(old.get(name)), as_text(new.get(name))
        if before != after:
            yield name, before, after


def counts(changes: Sequence[Change]) -> str:
    """Return how many rows change, as a sentence."""
    kinds = [change.kind for change in changes]
    return f"{kinds.count('+')} rows added, {kinds.count('~')} changed, {kinds.count('-')} removed"


@dataclass(slots=True)
class Draft:
    """Rows in which one service is being changed."""

    rows: dict[str, dict[str, Body]]
    service: str
    """Its id."""
    ground: Ground
    new_id: Callable[[], str]
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    """The field of the form that each changed row comes from."""

    @classmethod
    def of(cls, rows: Bodies, service: str, ground: Ground, new_id: Callable[[], str]) -> "Draft":
        """Start a draft. The original rows are not changed."""
        return cls({table: dict(listed) for table, listed in rows.items()}, service, ground, new_id)

    @property
    def tables(self) -> Tables:
        """The rows as they are now. The place of a changed row is its field of the form."""
        places = self.places
        return tables_from(
            Row(table, places.get((table, id), f"{table} {id}"), body)
            for table, listed in self.rows.items()
            for id, body in listed.items()
        )

    @property
    def row(self) -> Body:
        """The service's own row."""
        return self.rows["service"][self.service]

    def of_service(self, table: str) -> list[Row]:
        """Return the rows of a table that link to the service."""
        return self.tables.linked(table, "service_id", self.service)

    def write(self, table: str, body: Body, place: str) -> str:
        """Save a row, as a new one if it has no id. Return its id."""
        id = as_text(body.get("id")) or self.new_id()
        self.rows.setdefault(table, {})[id] = {**body, "id": id}
        self.places[table, id] = place
        return id

    def drop(self, table: str, id: str) -> None:
        """Remove a row and the attributes that link to it."""
        self.rows[table].pop(id)
        about = self.rows.get("attribute", {})
        gone = [
            key for key, body in about.items() if (body.get("link_entity"), as_text(body.get("link_id"))) == (table, id)
        ]
        for key in gone:
            about.pop(key)

    def keep_only(
        self, table: str, column: str, there: Mapping[str, str], wanted: Collection[str], place: str
    ) -> None:  # fmt: skip
        """Remove the rows of the service whose code is not wanted, and add a row for each code that is missing.

        `there` is the code of each row by its id. `column` holds the code of a new row.
        """
        for id in (id for id, code in there.items() if code not in wanted):
            self.drop(table, id)
        for code in (code for code in wanted if code not in there.values()):
            self.write(table, {"service_id": self.service, column: code}, place)

    def terms(self, taxonomy: str) -> dict[str, str]:
        """Return the codes of one of our taxonomies that the service has, each with its value."""
        return {code: row.text("value") for row, code in self._attributes(taxonomy)}

    def say(self, taxonomy: str, wanted: Mapping[str, str], places: Mapping[str, str]) -> None:
        """Set the codes of one taxonomy that the service has. `places` is the field of each code."""
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
        return [(row, code) for row in own for of, code in [taxonomy_and_code(row, tables)] if of == taxonomy]
