"""Convert between the API's form of HSDS, with phones nested in services, and flat rows that link to each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpline.directory.hsds.tables import LINKS, LISTS, SINGLE, Body, Flaw, Row, as_text

DEEPEST = 12
"""How deep objects may be nested. The standard's own forms need six levels."""
INNER: Mapping[str, str] = {table: name for name, table in reversed([*LISTS.items()])}
"""The name that the list of a table's rows has inside another object."""
OUTER = (
    "service", "organization", "service_at_location", "location", "contact", "phone", "taxonomy", "program", "unit",
)  # fmt: skip
"""A row that links to several tables is nested in the first of these. Its other links stay ids."""
TELL_OF = {"attribute": ("link_entity", "link_id"), "metadata": ("resource_type", "resource_id")}
"""Tables whose rows name the table of the row that they link to."""

Key = tuple[str, str]


@dataclass(slots=True)
class Flattening:
    """Collects rows. A row that occurs in several places (a phone of a service and of its location) is kept once."""

    flaws: list[Flaw] = field(default_factory=list)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def take(self, table: str, found: Any, place: str, links: Mapping[str, str], depth: int = 0) -> str:
        """Add an object and all objects nested in it. Return its id.

        `links` are the fields that link it to its parent.
        """
        if not isinstance(found, dict) or depth > DEEPEST:
            self.flaws.append(Flaw(place, "", f"this is not an object for {table}; write {{...}} with its fields"))
            return ""
        body: Body = {}
        id = str(found.get("id") or "")
        for name, value in found.items():
            body |= self._field(table, id, name, value, f"{place}.{name}", depth)
        self._add(Row(table, place, {**body, **links}))  # the parent counts more than links in the object itself
        return id

    def _field(self, table: str, id: str, name: str, value: Any, place: str, depth: int) -> Body:
        """Return what a field adds to its own row. Nested objects are added as rows."""
        if name in LISTS and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            for at, each in enumerate(value):
                self.take(LISTS[name], each, f"{place}[{at}]", _link(LISTS[name], table, id), depth + 1)
            return {}
        if name in SINGLE and isinstance(value, dict):
            inner = self.take(SINGLE[name], value, place, {}, depth + 1)
            return {f"{SINGLE[name]}_id": inner} if inner else {}
        return {name: value}

    def _add(self, row: Row) -> None:
        key = (row.table, row.id) if row.id else (row.table, row.place)
        before = self.rows.get(key)
        if before is None:
            self.rows[key] = row
            return
        for name, value in row.body.items():
            if name not in before.body:
                before.body[name] = value
            elif before.body[name] != value:
                is_link = name in LINKS or name in {"link_id", "resource_id"}
                other = "it links to two rows, but can link to one" if is_link else f"its {name} differs"
                what = f"{row.id} is there twice (first at {before.place}), and {other}; change one of the ids"
                self.flaws.append(row.flaw("id", what))


def _link(table: str, parent: str, id: str) -> Body:
    """Return the fields that link a nested row to its parent."""
    if table in TELL_OF:
        return dict(zip(TELL_OF[table], (parent, id), strict=True))
    return {f"{parent}_id": id}


def nest(tables: Mapping[str, Sequence[Body]]) -> dict[str, list[Body]]:
    """Nest rows as the API does. Rows that are nested in nothing are listed under their table.

    Reading the result gives the same rows again.
    """
    rows = {(table, as_text(body.get("id"))): dict(body) for table, bodies in tables.items() for body in bodies}
    outer = {key: found for key, body in rows.items() if (found := _outer(key, body, rows))}
    inside = {key: found for key, found in outer.items() if _comes_to_an_end(key, outer)}
    for key, parent in inside.items():
        for name in _link(key[0], *parent):
            del rows[key][name]
        rows[parent].setdefault(INNER[key[0]], []).append(rows[key])
    free = [key for key in rows if key not in inside]
    return {table: [rows[key] for key in free if key[0] == table] for table in dict.fromkeys(key[0] for key in free)}


def _outer(key: Key, body: Body, rows: Mapping[Key, Body]) -> Key | None:
    """Return the row that a row is nested in; None if it links to no such row, or that row has a field of this name."""
    if key[0] in TELL_OF:
        table, id = (as_text(body.get(name)) for name in TELL_OF[key[0]])
        found = [(table, id)]
    else:
        found = [(table, as_text(body.get(f"{table}_id"))) for table in OUTER]
    return next((each for each in found if each in rows and INNER[key[0]] not in rows[each]), None)


def _comes_to_an_end(key: Key, outer: Mapping[Key, Key]) -> bool:
    """Whether the chain of parents of a row ends, and no row occurs in it twice."""
    seen = [key]
    while (above := outer.get(seen[-1])) is not None:
        if above in seen or len(seen) >= DEEPEST:
            return False
        seen.append(above)
    return True


def objects(found: Any) -> Iterator[tuple[str, Any, str]]:
    """Yield the objects at the top of a JSON file: table, object, place.

    The file may be a list, a page of the API (`contents`), one object, or lists by the names of tables.
    """
    if isinstance(found, list):
        for at, each in enumerate(found):
            yield _kind(each), each, f"[{at}]"
    elif isinstance(found, dict) and isinstance(found.get("contents"), list):
        for at, each in enumerate(found["contents"]):
            yield _kind(each), each, f"contents[{at}]"
    elif isinstance(found, dict) and "id" not in found:
        for name, listed in found.items():
            for at, each in enumerate(listed if isinstance(listed, list) else [listed]):
                yield name, each, f"{name}[{at}]"
    else:
        yield _kind(found), found, "$"


def _kind(found: Any) -> str:
    """Return `service` or `organization`. Only a service has a status (HSDS `service.status` is required)."""
    is_service = isinstance(found, dict) and bool({"status", "organization_id", "schedules"} & found.keys())
    return "service" if is_service else "organization"
