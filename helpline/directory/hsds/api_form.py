"""From the API's form of HSDS, where phones stand inside services, to rows that lead to each other by id, and back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpline.directory.hsds.tables import LINKS, LISTS, SINGLE, Body, Flaw, Row, said

DEEPEST = 12
"""So deep may objects stand in each other; the standard's own forms need six."""
INNER: Mapping[str, str] = {table: name for name, table in reversed([*LISTS.items()])}
"""What the list of a table's rows is called inside another object."""
OUTER = (
    "service", "organization", "service_at_location", "location", "contact", "phone", "taxonomy", "program", "unit",
)  # fmt: skip
"""Inside which a row stands that leads to several: the first. What else it leads to it goes on saying by id."""
TELL_OF = {"attribute": ("link_entity", "link_id"), "metadata": ("resource_type", "resource_id")}
"""Tables whose rows say of which table the row is that they lead to."""

Key = tuple[str, str]


@dataclass(slots=True)
class Flattening:
    """Collects rows. One that stands in several places (a phone of a service and of its location) becomes one row."""

    flaws: list[Flaw] = field(default_factory=list)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def take(self, table: str, found: Any, place: str, links: Mapping[str, str], depth: int = 0) -> str:
        """Take an object and all that stands inside; `links`: fields that lead out of it. Gives its id."""
        if not isinstance(found, dict) or depth > DEEPEST:
            self.flaws.append(Flaw(place, "", f"this is no object of {table}; write {{...}} with its fields"))
            return ""
        body: Body = {}
        id = str(found.get("id") or "")
        for name, value in found.items():
            body |= self._field(table, id, name, value, f"{place}.{name}", depth)
        self._add(Row(table, place, {**body, **links}))  # where it stands counts more than what it says of itself
        return id

    def _field(self, table: str, id: str, name: str, value: Any, place: str, depth: int) -> Body:
        """Give what stays in the row of a field; what stands inside is taken."""
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
                at_once = name in LINKS or name in {"link_id", "resource_id"}
                other = "it leads to two, and can to one" if at_once else f"its {name} is another"
                what = f"{row.id} is there twice (first at {before.place}), and {other}; give one another id"
                self.flaws.append(row.flaw("id", what))


def _link(table: str, parent: str, id: str) -> Body:
    """Give the fields by which a row inside another leads to it."""
    if table in TELL_OF:
        return dict(zip(TELL_OF[table], (parent, id), strict=True))
    return {f"{parent}_id": id}


def nest(tables: Mapping[str, Sequence[Body]]) -> dict[str, list[Body]]:
    """Put rows into each other as the API does; what stands inside nothing is listed under its table.

    Read again, it is the same rows.
    """
    rows = {(table, said(body.get("id"))): dict(body) for table, bodies in tables.items() for body in bodies}
    outer = {key: found for key, body in rows.items() if (found := _outer(key, body, rows))}
    inside = {key: found for key, found in outer.items() if _comes_to_an_end(key, outer)}
    for key, parent in inside.items():
        for name in _link(key[0], *parent):
            del rows[key][name]
        rows[parent].setdefault(INNER[key[0]], []).append(rows[key])
    free = [key for key in rows if key not in inside]
    return {table: [rows[key] for key in free if key[0] == table] for table in dict.fromkeys(key[0] for key in free)}


def _outer(key: Key, body: Body, rows: Mapping[Key, Body]) -> Key | None:
    """Give inside which row another one stands; None where it leads to none that is there and has room for it."""
    if key[0] in TELL_OF:
        table, id = (said(body.get(name)) for name in TELL_OF[key[0]])
        found = [(table, id)]
    else:
        found = [(table, said(body.get(f"{table}_id"))) for table in OUTER]
    return next((each for each in found if each in rows and INNER[key[0]] not in rows[each]), None)


def _comes_to_an_end(key: Key, outer: Mapping[Key, Key]) -> bool:
    """Tell whether whatever a row stands inside is not, in the end, inside that row itself."""
    seen = [key]
    while (above := outer.get(seen[-1])) is not None:
        if above in seen or len(seen) >= DEEPEST:
            return False
        seen.append(above)
    return True


def objects(found: Any) -> Iterator[tuple[str, Any, str]]:
    """Give what stands at the top of a JSON file: the table, the object, and where.

    A list, a page of the API (`contents`), one object, or lists by the names of tables.
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
    """Tell a service from an organization: only a service has a status (HSDS `service.status` is required)."""
    is_service = isinstance(found, dict) and bool({"status", "organization_id", "schedules"} & found.keys())
    return "service" if is_service else "organization"
