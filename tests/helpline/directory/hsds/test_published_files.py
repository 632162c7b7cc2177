"""The export against the files that HSDS publishes. They are not part of this tree.

`HSDS_SCHEMA` names the folder `schema` of a copy of openreferral/specification at 3.0 or 3.1, or one file of it that
needs no other (`schema/compiled/service_with_definitions.json`). docs/interoperation.md says how.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from helpline.directory.hsds.public_fields import VERSIONS
from tests.helpline.directory.hsds.generated import generated
from tests.helpline.directory.hsds.ground import Rows, example
from tests.helpline.directory.hsds.published_schema import FORMATS
from tests.helpline.directory.hsds.test_public_form import form

GIVEN = os.environ.get("HSDS_SCHEMA", "")
DIRECTORIES = 40


def validator(given: Path) -> Draft202012Validator:
    """Return a validator of services. A table that a file names (`phone.json`) is the file beside it."""
    first = given / "service.json" if given.is_dir() else given
    read = {path.name: json.loads(path.read_text("utf-8")) for path in first.parent.glob("*.json")}
    tables = [
        (contents.get("$id", name), Resource.from_contents(contents, default_specification=DRAFT202012))
        for name, contents in read.items()
    ]
    registry: Registry[Any] = Registry().with_resources(tables)
    return Draft202012Validator(read[first.name], format_checker=FORMATS, registry=registry)


def directories() -> Iterator[Rows]:
    yield example()
    yield from (generated(seed) for seed in range(DIRECTORIES))


def errors(given: Path, services: list[Any]) -> list[str]:
    """Return what the published files find wrong with a list of services."""
    check = validator(given)
    return [
        f"{'/'.join(map(str, each.absolute_path))}: {each.message}"
        for service in services
        for each in check.iter_errors(service)
    ]


@pytest.mark.skipif(not GIVEN, reason="HSDS_SCHEMA names no published schema: docs/interoperation.md")
@pytest.mark.parametrize("version", VERSIONS)
def test_every_export_is_valid_by_the_published_files(version: str) -> None:
    wrong: dict[str, Any] = {"schedules": [{"timezone": "Asia/Bishkek"}], "phones": [{}], "organization": {"id": "o"}}
    assert len(errors(Path(GIVEN), [wrong])) >= 9, "the control: a file that refuses nothing proves nothing"
    services = [each for rows in directories() for each in form(rows, version).services]
    assert len(services) > DIRECTORIES
    assert errors(Path(GIVEN), services) == []


@pytest.mark.parametrize("base", ["", "https://example.org/refs/heads/3.2/schema/"])
def test_a_table_in_another_file_is_checked_too(base: str, tmp_path: Path) -> None:
    tables = {
        "service": {"type": "object", "properties": {"phones": {"type": "array", "items": {"$ref": "phone.json"}}}},
        "phone": {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}, "required": ["number"]},
    }  # fmt: skip
    for name, table in tables.items():
        named = {"$id": f"{base}{name}.json"} if base else {}
        (tmp_path / f"{name}.json").write_text(json.dumps(named | table))
    found = errors(tmp_path, [{"phones": [{"id": "one"}]}])
    assert sorted(each.partition(":")[0] for each in found) == ["phones/0", "phones/0/id"]
