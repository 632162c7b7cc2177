"""JSON Schema of the menus and notices, for editors. It is made from the same tables that `parse` uses.

A schema can only check the form of the values in one file. `komek check` checks whether a screen exists, can be
reached and fits.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from menus.choices import SOURCES
from menus.draft import ANSWERS, PRESET, Act
from menus.kinds import MOST, SHAPES
from menus.parse import BEGINNINGS, OF_KEYS
from menus.tree import BACK, DRAWN, EMERGENCY, MORE, OPTION_KEYS

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "[a-z][a-z0-9_]*"
KEYS = (*OPTION_KEYS, EMERGENCY, MORE, BACK, DRAWN)
BESIDE_A_LIST = (EMERGENCY, BACK)
BESIDE_DRAWN = (EMERGENCY, MORE, BACK, DRAWN)


def table(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    """Return the schema of a table with these keys and no others."""
    closed = {"type": "object", "additionalProperties": False}
    return {**closed, "properties": dict(properties), "required": list(required)}


def rows(value: Schema, names: Schema | None = None) -> Schema:
    """Return the schema of a table with at least one key. All its values have the schema `value`."""
    named = {"propertyNames": names} if names else {}
    return {"type": "object", "minProperties": 1, "additionalProperties": value, **named}


def menus(placeholders: Iterable[str]) -> Schema:
    """Return the schema of `menus/*.yaml`. `placeholders` are the names allowed in `{}`."""
    notice = table({"notice": _named(rf"{NAME}(\.[a-z0-9_]+)+")}, ["notice"])
    screens = rows(_at("screen", "One screen."), {"pattern": f"^{NAME}$"}) | {"description": "The screens, by name."}
    beginnings = {key: _at("goto", "A screen. Only one file has this key.") for key in (*BEGINNINGS, *OF_KEYS)}
    parts = {
        "text": {"anyOf": [_words(placeholders), notice]},
        "goto": _named(rf"({NAME}\.)?{NAME}"),
        "keep": table({name: _kept(values) for name, values in ANSWERS.items()}, []) | {"minProperties": 1},
        "option": _option(),
        "options": _options(KEYS) | {"minProperties": 1, "if": {"required": [DRAWN]}, "then": _only(BESIDE_DRAWN)},
        "each": {"oneOf": [_each(source, answers) for source, answers in SOURCES.items()]},
        "screen": {"oneOf": [*(_kind(kind) for kind in SHAPES), _list()]},
    }
    title = {"$schema": DIALECT, "title": "Komek: the screens of one topic"}
    return {**title, **table({**beginnings, "screens": screens}, ["screens"]), "$defs": parts}


def notices(placeholders: Iterable[str]) -> Schema:
    """Return the schema of `notices.yaml`: sections of texts, which can be nested."""
    names = {"pattern": "^([a-z0-9_]+|[A-Z]{2})$"}  # weekdays have their HSDS names: MO
    section = rows({"anyOf": [_words(placeholders), {"$ref": "#/$defs/section"}]}, names)
    title = {"$schema": DIALECT, "title": "Komek: texts that are no screens"}
    return {**title, **rows({"$ref": "#/$defs/section"}, names), "$defs": {"section": section}}


def _at(part: str, about: str) -> Schema:
    return {"$ref": f"#/$defs/{part}", "description": about}


def _named(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _length(most: int, about: str) -> Schema:
    """Return the schema of a length: a number, or a range as `1-7`. Editors read a single number as an integer."""
    number = {"type": "integer", "minimum": 1, "maximum": most}
    two = {"type": "string", "pattern": "^[1-9][0-9]?(-[1-9][0-9]?)?$"}
    return {"anyOf": [number, two], "description": f"{about}; at most {most}."}


VALUES: Mapping[str, Schema] = {
    "choice": _at("text", "A question with keys: the text above them."),
    "ask": _at("text", "A question with a typed answer: digits or letters."),
    "statement": _at("text", "A text to read. It is cut into pages automatically; key 1 on the last page continues."),
    "end": _at("text", "The last screen of the call."),
    "fork": {
        "enum": sorted({**ANSWERS, **PRESET}),
        "description": "Never shown: continues depending on an earlier answer. This is the name of that answer.",
    },
    "options": _at("options", "The keys: 1 to 7; 8 emergency; 9 more; 0 back or no; drawn, another one in each call."),
    "each": _at("each", "Options from a list, on as many pages as needed."),
    "again": _at("text", "The text after a wrong key, if the usual error text does not fit above the screen."),
    "inline": {"enum": [True, False], "description": "true: the options are side by side."},
    "sms_safe": {
        "enum": [True, False],
        "description": "true: the words may be sent by SMS and stay on a caller's phone. In sms.yaml only.",
    },
    "digits": _length(MOST["digits"], "How many digits: 6, or 1-7"),
    "letters": _length(MOST["letters"], "How many letters: 2-20"),
    "skip": _at("goto", "The screen of key 0, if 0 does not go back."),
    "keep": {
        "enum": sorted(answer for answer, values in ANSWERS.items() if values is None),
        "description": "The answer in which the typed text is stored.",
    },
    "goto": _at("goto", "The next screen: one of this file, or topic.screen."),
    "act": {"enum": [act.value for act in Act], "description": "The action when the call ends here."},
    "cases": rows(_at("goto", "The next screen for this value.")) | {"description": "A screen for each value."},
    "else": _at("goto", "The next screen for any other value, or none."),
}
"""The schema of each key of a screen."""


def _kind(kind: str) -> Schema:
    """Return the schema of a screen of one kind. A choice from a list has its own schema."""
    required, optional = SHAPES[kind]
    found = table({key: VALUES[key] for key in (*required, *optional) if key != "each"}, required)
    match kind:
        case "ask":
            found["oneOf"] = [{"required": ["digits"]}, {"required": ["letters"]}]
        case "fork":
            found["allOf"] = [_cases(name, values) for name, values in {**ANSWERS, **PRESET}.items() if values]
    return found | {"title": kind}


def _list() -> Schema:
    """Return the schema of a choice from a list, which needs neither a text nor options."""
    required, optional = SHAPES["choice"]
    said = {"anyOf": [VALUES["choice"], {"enum": ["", None]}]}
    own = {"choice": said, "options": _options(BESIDE_A_LIST)}
    return table({key: VALUES[key] for key in (*required, *optional)} | own, ["each"]) | {"title": "choice from a list"}


def _option() -> Schema:
    say, keep = _at("text", "The label of the key."), _at("keep", "The answers to store.")
    return table({"say": say, "keep": keep, "goto": VALUES["goto"]}, ["say", "goto"])


def _options(keys: Iterable[str]) -> Schema:
    return table({key: _at("option", "The label, the answers to store, and the next screen.") for key in keys}, [])


def _only(keys: Iterable[str]) -> Schema:
    return {"propertyNames": {"enum": sorted(keys)}}


def _kept(values: Iterable[str] | None) -> Schema:
    return {"enum": sorted(values)} if values else {"type": "string", "minLength": 1}


def _each(source: str, answers: Iterable[str]) -> Schema:
    found: Schema = {"from": {"const": source}, "keep": {"enum": list(answers)}, "goto": VALUES["goto"]}
    return table(found, found)


def _cases(answer: str, values: Iterable[str]) -> Schema:
    asked = {"properties": {"fork": {"const": answer}}, "required": ["fork"]}
    return {"if": asked, "then": {"properties": {"cases": _only(values)}}}


def _words(placeholders: Iterable[str]) -> Schema:
    """Return the schema of a text: no spaces at its ends, and curly brackets only around a known placeholder."""
    names = "|".join(sorted(placeholders))
    return {"type": "string", "pattern": rf"^(?=\S)(?:[^{{}}]|\{{(?:{names})\}})*(?<!\s)$"}
