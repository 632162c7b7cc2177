"""A JSON schema of what the published schemas of HSDS demand, made from `published_schema.yaml`.

It is stricter than they are: it refuses properties that the standard does not have, and a day that is not one.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from jsonschema import Draft202012Validator, FormatChecker

SOURCE = Path(__file__).with_name("published_schema.yaml")
NEWER = "+"
NO_LINK = "tax_id"
FORMATS = FormatChecker(("uuid", "email", "date"))


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and " " not in value)


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or (value[10:11] == "T" and value[-1] == "Z")


FORMATS.checkers = {**FORMATS.checkers, "uri": (_is_uri, ()), "date-time": (_is_time, ())}


@cache
def schema_of(version: str) -> dict[str, Any]:
    """Return the schemas of all tables as `$defs`."""
    tables = yaml.safe_load(SOURCE.read_text("utf-8"))
    return {"$defs": {name: _table(table, version == "3.1") for name, table in tables.items()}}


def _table(table: dict[str, Any], newer: bool) -> dict[str, Any]:
    return {
        "type": "object", "required": table["required"], "additionalProperties": False,
        "properties": {"id": {"type": "string", "format": "uuid"}} | dict(_properties(table, newer)),
    }  # fmt: skip


def _properties(table: dict[str, Any], newer: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in (each.removeprefix(NEWER) for each in table.get("text", ()) if newer or each[0] != NEWER):
        linked = name.endswith("_id") and name != NO_LINK
        yield name, {"type": "string"} | ({"format": "uuid"} if linked else {})
    for kind, form in (("uri", "uri"), ("email", "email"), ("date", "date"), ("time", "date-time")):
        yield from ((name, {"type": "string", "format": form}) for name in table.get(kind, ()))
    yield from ((name, {"type": "number"}) for name in table.get("number", ()))
    yield from ((name, {"type": "string", "enum": codes}) for name, codes in table.get("enum", {}).items())
    for name, of in table.get("lists", {}).items():
        if newer or name[0] != NEWER:
            yield name.removeprefix(NEWER), {"type": "array", "items": {"$ref": f"#/$defs/{of}"}}
    yield from ((name, {"$ref": f"#/$defs/{of}"}) for name, of in table.get("objects", {}).items())


def errors(table: str, body: object, version: str = "3.0") -> list[str]:
    """Return what the schema of a table finds wrong with an object."""
    schema = schema_of(version) | {"$ref": f"#/$defs/{table}"}
    found = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(body)
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in found]
