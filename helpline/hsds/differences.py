"""What an import would change, row by row and field by field; and what it may not take back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline.hsds.tables import Body, Row, Tables, gathered, said

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
