"""The schemas for editors: valid for every file of the content, and as strict as a schema can be."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from helpline.commands.menus.write_schema import FILES, FOLDER, WRITE, schemas, stale
from helpline.content.sources import ROOT
from menus.kinds import SHAPES
from menus.schema import VALUES

SCHEMAS = schemas()
CONTENT = [(name, path) for name, pattern in FILES.items() for path in sorted(ROOT.glob(pattern))]
SAMPLES = sorted((Path(__file__).parents[2] / "menus" / "samples").glob("*.yaml"))
UNREADABLE = {"invalid_letters", "invalid_syntax", "invalid_yaml"}
"""Files that are not YAML, or YAML with features we do not accept (lists, tags, anchors). The parser reports them."""
ONLY_KOMEK_SEES = {"invalid_case", "invalid_circle", "invalid_lost", "invalid_stuck", "invalid_twice"}
"""Files whose screens are right one by one and wrong together: a screen is unreachable or has no end."""


class Editor(yaml.SafeLoader):
    """Reads YAML 1.2 as editors do: `yes` and `2026-11-01` are words."""


Editor.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]*", "-+0123456789"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), list(first))


def as_json(text: str) -> Any:
    """Return the document that an editor checks: JSON with text keys."""
    return json.loads(json.dumps(yaml.load(text, Editor), default=str))  # noqa: S506  # a SafeLoader


def faults(schema: str, text: str) -> list[str]:
    """Return the faults of a file that a schema finds."""
    found = jsonschema.Draft202012Validator(SCHEMAS[schema]).iter_errors(as_json(text))
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def called(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_schemas_on_disk_are_those_of_the_code() -> None:
    assert stale() == [], f"run: {WRITE}"
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(SCHEMAS)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("schema", "path"), CONTENT, ids=[called(path) for _, path in CONTENT])
def test_the_content_is_valid(schema: str, path: Path) -> None:
    assert faults(schema, path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [path for _, path in CONTENT], ids=called)
def test_the_first_line_of_a_file_names_its_schema(path: Path) -> None:
    line = path.read_text("utf-8").partition("\n")[0]
    inside = path.relative_to(ROOT)
    schema = next(name for name, pattern in FILES.items() if inside.match(pattern))
    assert line == f"# yaml-language-server: $schema={'../' * (len(inside.parts) - 1)}schema/{schema}"
    assert (path.parent / line.rpartition("=")[2]).resolve().parent == FOLDER


def test_each_key_of_each_kind_is_described() -> None:
    """Editors offer no help for a new key until the schema describes it."""
    assert set(VALUES) == {key for shape in SHAPES.values() for part in shape for key in part}
    assert all(len(value["description"]) > 9 for value in VALUES.values())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_schema_refuses_what_the_parser_refuses(path: Path) -> None:
    """Except for faults that no schema can see."""
    if path.stem not in UNREADABLE:
        refused = faults("menu.json", path.read_text("utf-8"))
        assert bool(refused) == (path.stem.startswith("invalid_") and path.stem not in ONLY_KOMEK_SEES), refused


SCREEN = "screens: {one: %s}"


@pytest.mark.parametrize(
    "screen",
    ["{choice: Hi, options: {}}", "{choice: Hi}", "{choice: Hi, options: {8: {say: x}}}", "{end: Bye, act: fly}",
        "{choice: Hi, options: {10: {say: x, goto: y}}}", "{choice: Hi, options: {1: {say: x, goto: A}}}",
        "{choice: Hi, options: {1: {say: x, goto: y, keep: {window: night}}}}", "{fork: need, cases: {x: y}, else: y}",
        "{choice: Hi, options: {drawn: {say: x, goto: y}, 1: {say: x, goto: y}}}", "{ask: Hi, keep: code, goto: y}",
        "{each: {from: words, keep: place, goto: y}}", "{each: {from: words, keep: word, goto: y}, options: {9: {}}}",
        "{ask: Hi, digits: 16, keep: code, goto: y}", "{ask: Hi, digits: 6, letters: 2-3, keep: code, goto: y}",
        "{ask: Hi, digits: 1-, keep: code, goto: y}", "{ask: Hi, digits: 6, keep: window, goto: y}", '{end: "{dais}"}',
        '{end: " Bye."}', "{end: Bye, statement: Hi, goto: y}", "{end: {notice: bye}}", "Bye", "{}"],
)  # fmt: skip
def test_a_wrong_screen_is_refused(screen: str) -> None:
    assert faults("menu.json", SCREEN % screen) != []


@pytest.mark.parametrize(
    "screen",
    ["{end: Bye}", "{end: {notice: to_caller.kept}, act: pause}", "{ask: Hi, letters: 2-40, keep: typed, goto: a.b}",
        "{ask: Hi, digits: 6, keep: code, goto: y, skip: z}", "{fork: duty, cases: {yes: y}, else: z}",
        "{each: {from: found, keep: place, goto: y}, options: {0: {say: x, goto: y}}}", '{end: "{code}, {days}."}',
        "{choice: Hi, inline: true, options: {drawn: {say: x, goto: y}, 0: {say: x, keep: {consent: no}, goto: y}}}",
        "{choice: Hi, options: {1: {say: x, keep: {window: any, need: health}, goto: y}, 9: {say: x, goto: y}}}"],
)  # fmt: skip
def test_a_right_screen_is_accepted(screen: str) -> None:
    assert faults("menu.json", SCREEN % screen) == []


@pytest.mark.parametrize(
    ("schema", "old", "new"),
    [("country.json", "zone:", "zones:"), ("country.json", "verified: null", "verified: yes"),
        ("country.json", "capital:", "capitol:"), ("words.json", "caller:", "callers:"),
        ("words.json", "[RAIN, BREAD", "[RAIN, RAIN"), ("words.json", "  en:", "  eng:"),
        ("keywords.json", "\nstop:", "\nstopp:"), ("notices.json", "{code}", "{cod}"),
        ("notices.json", "keys:", "Keys:"), ("directory.json", "services:", "service:"),
        ("directory.json", 'opens: "07:00"', 'opens: "7:00"'), ("directory.json", "wages", "wage")],
)  # fmt: skip
def test_a_typo_in_any_other_file_is_refused(schema: str, old: str, new: str) -> None:
    """Each typo is made in the first file of its kind that has the right word."""
    texts = (path.read_text("utf-8") for name, path in CONTENT if name == schema)
    text = next((text for text in texts if old in text), "")
    if not text and schema == "notices.json":
        text, new = "a: {b: '{code}'}", "{cod}"
    assert text
    assert faults(schema, text.replace(old, new, 1)) != []
