"""From the API's form of HSDS, where phones stand inside services, to rows that lead to each other by id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpline.hsds.tables import LINKS, LISTS, SINGLE, Body, Flaw, Row

DEEPEST = 12
"""So deep may objects stand in each other; the standard's own forms need six."""


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
    if table == "attribute":
        return {"link_id": id, "link_entity": parent}
    if table == "metadata":
        return {"resource_id": id, "resource_type": parent}
    return {f"{parent}_id": id}


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
