"""The FLOIP package: of the shape that the specification gives it, and with the same ways through it as the menus."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from helpline.authoring.flow_package import CASE, MESSAGE, NUMERIC, OPEN, RUN_FLOW, SELECT_ONE, SET_PROPERTY, language
from helpline.cli import komek
from helpline.commands.menus.flow import AGAIN, BEGIN, container
from helpline.commands.menus.flow_parts import ways
from helpline.core.languages import LANGUAGES
from menus.book import Book
from menus.graph import topic_of, topics
from menus.tree import Ask, Choice, End, Fork, Statement
from tests.menus.walking import books

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Json = dict[str, Any]


def table(required: dict[str, object], optional: dict[str, object] | None = None) -> Json:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def listed(items: object, least: int = 0) -> Json:
    return {"type": "array", "items": items, "minItems": least}


TEXT = {"type": "string", "minLength": 1}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"}
MODES = {"enum": ["TEXT", "SMS", "USSD", "IVR", "RICH_MESSAGING", "OFFLINE"]}
EXIT = table({"uuid": UUID, "name": TEXT}, {"destination_block": UUID, "test": TEXT, "default": {"const": True}})
CHOICES = listed(table({"name": TEXT, "prompt": UUID, "test": TEXT}), 1)
PROPERTY = table({"property_key": TEXT, "property_value": {"type": "string", "pattern": r"^@\(.+\)$"}})
NUMBER = {"type": "number"}
CONFIGS: dict[str, Json] = {
    MESSAGE: table({"prompt": UUID}),
    SELECT_ONE: table({"prompt": UUID, "choices": CHOICES}),
    NUMERIC: table({"prompt": UUID, "validation_minimum": NUMBER, "validation_maximum": NUMBER}),
    OPEN: table({"prompt": UUID}),
    CASE: table({}),
    RUN_FLOW: table({"flow_id": UUID}),
    SET_PROPERTY: table({"set_contact_property": listed(PROPERTY, 1)}),
}
BLOCK = table({
    "uuid": UUID, "name": {"type": "string", "pattern": r"^[a-zA-Z_]\w+$"}, "type": {"enum": list(CONFIGS)},
    "label": TEXT, "config": {"type": "object"}, "exits": listed(EXIT, 1), "vendor_metadata": table({
        "floip": table({"ui_metadata": table({"branching_type": TEXT})}), "komek": {"type": "object"}})})  # fmt: skip
VALUE = table({"language_id": {"enum": list(LANGUAGES)}, "content_type": {"const": "TEXT"},
    "mime_type": {"const": "text/plain"}, "modes": listed(MODES, 1), "value": TEXT})  # fmt: skip
LANGUAGE = table({"id": {"enum": list(LANGUAGES)}, "label": TEXT, "bcp_47": TEXT,
    "iso_639_3": {"type": "string", "pattern": "^[a-z]{3}$"}}, {"variant": TEXT})  # fmt: skip
FLOW = table({
    "uuid": UUID, "name": {"type": "string", "minLength": 3}, "label": TEXT, "last_modified": TEXT,
    "interaction_timeout": {"type": "number", "minimum": 0}, "supported_modes": listed(MODES, 1),
    "languages": listed(LANGUAGE, 1), "blocks": listed(BLOCK, 1), "first_block_id": UUID,
    "resources": listed(table({"uuid": UUID, "values": listed(VALUE, 1)}))})  # fmt: skip
CONTAINER = table({"specification_version": {"const": "1.0.0-rc4"}, "uuid": UUID, "name": TEXT, "description": TEXT,
    "flows": listed(FLOW, 1), "vendor_metadata": {"type": "object"}})  # fmt: skip


BOOKS = books()


@pytest.fixture(scope="module", params=BOOKS)
def country(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def book(country: str) -> Book:
    return BOOKS[country]


@pytest.fixture(scope="module")
def package(book: Book, country: str) -> Json:
    return container(book, country, NOON)


def blocks(package: Json) -> Iterator[Json]:
    for flow in package["flows"]:
        yield from flow["blocks"]


def valid(schema: Json, value: object) -> list[str]:
    found = jsonschema.Draft202012Validator(schema).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def test_it_has_the_shape_of_the_specification(package: Json) -> None:
    assert valid(CONTAINER, json.loads(json.dumps(package))) == []
    for block in blocks(package):
        assert valid(CONFIGS[block["type"]], block["config"]) == [], block["label"]
        assert sum("default" in leaves for leaves in block["exits"]) <= 1
        assert all(("test" in leaves) != ("default" in leaves) for leaves in block["exits"])


def test_no_id_is_used_twice(package: Json) -> None:
    """But for texts, which two topics may share: a flow has its own resources."""
    things = [package, *package["flows"], *blocks(package)]
    ids = [thing["uuid"] for thing in things] + [leaves["uuid"] for each in blocks(package) for leaves in each["exits"]]
    assert [id for id, times in Counter(ids).items() if times > 1] == []


def test_every_exit_leads_to_a_block_of_its_flow_or_ends_there(package: Json) -> None:
    for flow in package["flows"]:
        here = {block["uuid"] for block in flow["blocks"]}
        goals = [leaves.get("destination_block") for block in flow["blocks"] for leaves in block["exits"]]
        assert {goal for goal in goals if goal} <= here
        ended = [each["type"] for each in flow["blocks"] for exit in each["exits"] if "destination_block" not in exit]
        assert set(ended) <= {MESSAGE, RUN_FLOW}
        assert flow["first_block_id"] == flow["blocks"][0]["uuid"]


def test_every_block_is_reached_and_every_text_is_there(package: Json) -> None:
    for flow in package["flows"]:
        by_id = {block["uuid"]: block for block in flow["blocks"]}
        found, todo = set[str](), [flow["first_block_id"]]
        while todo:
            if (id := todo.pop()) not in found:
                found.add(id)
                todo += [leaves["destination_block"] for leaves in by_id[id]["exits"] if "destination_block" in leaves]
        assert {block["label"] for block in flow["blocks"] if block["uuid"] not in found} == set()
        texts = {resource["uuid"] for resource in flow["resources"]}
        configs = [block["config"] for block in flow["blocks"]]
        used = [config["prompt"] for config in configs if "prompt" in config]
        used += [choice["prompt"] for config in configs for choice in config.get("choices", ())]
        assert set(used) == texts


def test_every_text_is_there_in_every_language(book: Book, package: Json) -> None:
    for resource in (each for flow in package["flows"] for each in flow["resources"]):
        assert {value["language_id"] for value in resource["values"]} == set(book.languages)
    for flow in package["flows"]:
        assert [each["id"] for each in flow["languages"]] == list(book.languages)


def test_there_are_as_many_of_each_kind_as_in_the_menus(book: Book, package: Json) -> None:
    types = Counter(block["type"] for block in blocks(package))
    kinds = Counter(type(screen) for screen in book.tree.screens.values())
    assert types[SELECT_ONE] == kinds[Choice]
    assert types[OPEN] + types[NUMERIC] == kinds[Ask]
    assert types[MESSAGE] == kinds[Statement] + kinds[End]
    assert types[CASE] == kinds[Fork] + len(package["flows"])
    assert [flow["label"] for flow in package["flows"]] == topics(book.tree)


def test_each_way_leads_where_it_does_in_the_menus_and_keeps_the_same(book: Book, package: Json) -> None:
    """Followed through the blocks between: properties are set, another flow begins where it is told to."""
    by_id = {block["uuid"]: block for block in blocks(package)}
    flows = {flow["uuid"]: flow for flow in package["flows"]}
    by_screen = {each["vendor_metadata"]["komek"].get("screen"): each for each in blocks(package)}
    for screen in book.tree.screens.values():
        leads = {leaves["name"]: leaves for leaves in by_screen[screen.name]["exits"]}
        wanted = {way.name: (way.goto, dict(way.keep)) for way in ways(screen)}
        assert {name: arrives(leads[name], by_id, flows) for name in wanted} == wanted
        own = {"end"} if isinstance(screen, End) else {AGAIN} if isinstance(screen, Choice | Ask) else set()
        assert leads.keys() - wanted.keys() == own
        assert all(
            topic_of(screen.name) == flow["label"]
            for flow in flows.values()
            if by_screen[screen.name] in flow["blocks"]
        )


def arrives(leaves: Json, by_id: dict[str, Json], flows: dict[str, Json]) -> tuple[str, dict[str, str]]:
    """Follow an exit to the next screen; give it and what was kept on the way."""
    block, kept = by_id[leaves["destination_block"]], dict[str, str]()
    while "screen" not in block["vendor_metadata"]["komek"]:
        for each in block["config"].get("set_contact_property", ()):
            kept[each["property_key"]] = each["property_value"].removeprefix("@(").removesuffix(")")
        if block["type"] == RUN_FLOW:
            block = by_id[flows[block["config"]["flow_id"]]["first_block_id"]]
            begin = kept.pop(BEGIN)
            exits = [each for each in block["exits"] if each.get("test") == f"contact.{BEGIN} = {begin}"]
        else:
            exits = block["exits"]
        (only,) = exits
        block = by_id[only["destination_block"]]
    return block["label"], kept


def test_what_the_specification_cannot_say_is_said_beside_it(book: Book, package: Json) -> None:
    ours = {each["label"]: each["vendor_metadata"]["komek"] for each in blocks(package)}
    assert ours[book.tree.consent]["drawn"]
    assert ours["callback.kept"]["slots"] == ["code", "ours", "word"]
    acts = {
        name: screen.act.value for name, screen in book.tree.screens.items() if isinstance(screen, End) and screen.act
    }
    assert {name: own["act"] for name, own in ours.items() if "act" in own} == acts


def test_an_export_is_the_same_every_time(book: Book, country: str, package: Json) -> None:
    assert container(book, country, NOON) == package
    later = container(book, country, datetime(2027, 1, 1, tzinfo=UTC))
    assert [block["uuid"] for block in blocks(later)] == [block["uuid"] for block in blocks(package)]


@pytest.mark.parametrize(
    ("code", "iso", "tag"),
    [("en", "eng", "en"), ("ky", "kir", "ky"), ("uz", "uzb", "uz"), ("uz_Cyrl", "uzb", "uz-Cyrl"),
        ("tk_gsm", "tuk", "tk-x-gsm")],
)  # fmt: skip
def test_a_language_is_named_as_others_name_it(code: str, iso: str, tag: str) -> None:
    assert (language(code)["iso_639_3"], language(code)["bcp_47"]) == (iso, tag)
    assert all(valid(LANGUAGE, language(each)) == [] for each in LANGUAGES)


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    out = tmp_path / "flow.json"
    done = CliRunner().invoke(komek, ["export", "flow", "--country", "tj", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text("utf-8"))["name"] == "Komek TJ"
