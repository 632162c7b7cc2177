"""JSON Schema of the menus and notices, for editors: made from the same tables that `parse` reads by.

A schema sees one file and the shape of each value. Whether a screen exists, can be reached or fits, only
`komek check` can say.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from menus.choices import SOURCES
from menus.draft import ANSWERS, TOLD, Act
from menus.kinds import MOST, SHAPES
from menus.parse import BEGINNINGS
from menus.tree import BACK, DRAWN, EMERGENCY, MORE, OPTION_KEYS

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "[a-z][a-z0-9_]*"
KEYS = (*OPTION_KEYS, EMERGENCY, MORE, BACK, DRAWN)
BESIDE_A_LIST = (EMERGENCY, BACK)
BESIDE_DRAWN = (EMERGENCY, MORE, BACK, DRAWN)


def table(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    """Give the schema of a table with these keys and no others."""
    closed = {"type": "object", "additionalProperties": False}
    return {**closed, "properties": dict(properties), "required": list(required)}


def rows(value: Schema, names: Schema | None = None) -> Schema:
    """Give the schema of a table with any keys, at least one, all of whose values are alike."""
    named = {"propertyNames": names} if names else {}
    return {"type": "object", "minProperties": 1, "additionalProperties": value, **named}


def menus(placeholders: Iterable[str]) -> Schema:
    """Give the schema of `menus/*.yaml`; `placeholders` are the names that may stand in `{}`."""
    notice = table({"notice": _named(rf"{NAME}(\.[a-z0-9_]+)+")}, ["notice"])
    screens = rows(_at("screen", "One screen."), {"pattern": f"^{NAME}$"}) | {"description": "The screens, by name."}
    beginnings = {key: _at("goto", "A screen; said in one file only.") for key in BEGINNINGS}
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
    """Give the schema of `notices.yaml`: sections of texts, and sections in them."""
    names = {"pattern": "^([a-z0-9_]+|[A-Z]{2})$"}  # the days are named as HSDS names them: MO
    section = rows({"anyOf": [_words(placeholders), {"$ref": "#/$defs/section"}]}, names)
    title = {"$schema": DIALECT, "title": "Komek: texts that are no screens"}
    return {**title, **rows({"$ref": "#/$defs/section"}, names), "$defs": {"section": section}}


def _at(part: str, about: str) -> Schema:
    return {"$ref": f"#/$defs/{part}", "description": about}


def _named(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _length(most: int, about: str) -> Schema:
    """Say how much may be typed: a number, or two as `1-7`; an editor reads the first as a number, not as a text."""
    number = {"type": "integer", "minimum": 1, "maximum": most}
    two = {"type": "string", "pattern": "^[1-9][0-9]?(-[1-9][0-9]?)?$"}
    return {"anyOf": [number, two], "description": f"{about}; at most {most}."}


VALUES: Mapping[str, Schema] = {
    "choice": _at("text", "A question with keys: what the caller reads above them."),
    "ask": _at("text", "A question whose answer is typed: digits, or letters."),
    "statement": _at("text", "A text to read, cut into pages by itself; 1 on the last one goes on."),
    "end": _at("text", "The last screen of the call."),
    "fork": {
        "enum": sorted({**ANSWERS, **TOLD}),
        "description": "Never shown: goes where an earlier answer says. This is the name of that answer.",
    },
    "options": _at("options", "The keys: 1 to 7; 8 emergency; 9 more; 0 back or no; drawn, another one in each call."),
    "each": _at("each", "Options from data: a list, page by page."),
    "again": _at("text", "What is said after a wrong key, where the usual hint does not fit above the screen."),
    "inline": {"enum": [True, False], "description": "true: the options stand beside each other."},
    "digits": _length(MOST["digits"], "How many digits: 6, or 1-7"),
    "letters": _length(MOST["letters"], "How many letters: 2-20"),
    "skip": _at("goto", "Where 0 leads, if it does not lead back."),
    "keep": {
        "enum": sorted(answer for answer, values in ANSWERS.items() if values is None),
        "description": "Which answer is typed here.",
    },
    "goto": _at("goto", "The screen that it leads to: one of this file, or topic.screen."),
    "act": {"enum": [act.value for act in Act], "description": "What is done when the call ends here."},
    "cases": rows(_at("goto", "Where that value leads.")) | {"description": "For each value of the answer, a screen."},
    "else": _at("goto", "Where it goes with any other value, or none."),
}
"""What may stand at each key of a screen."""


def _kind(kind: str) -> Schema:
    """Give the schema of a screen of one kind; a choice from a list has its own."""
    required, optional = SHAPES[kind]
    found = table({key: VALUES[key] for key in (*required, *optional) if key != "each"}, required)
    match kind:
        case "ask":
            found["oneOf"] = [{"required": ["digits"]}, {"required": ["letters"]}]
        case "fork":
            found["allOf"] = [_cases(name, values) for name, values in {**ANSWERS, **TOLD}.items() if values]
    return found | {"title": kind}


def _list() -> Schema:
    """Give the schema of a choice that offers a list: it may do without a text and without options."""
    required, optional = SHAPES["choice"]
    said = {"anyOf": [VALUES["choice"], {"enum": ["", None]}]}
    own = {"choice": said, "options": _options(BESIDE_A_LIST)}
    return table({key: VALUES[key] for key in (*required, *optional)} | own, ["each"]) | {"title": "choice from a list"}


def _option() -> Schema:
    say, keep = _at("text", "What stands beside the key."), _at("keep", "What is remembered.")
    return table({"say": say, "keep": keep, "goto": VALUES["goto"]}, ["say", "goto"])


def _options(keys: Iterable[str]) -> Schema:
    return table({key: _at("option", "What it says, what it keeps, where it leads.") for key in keys}, [])


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
    """Give the schema of words: no space at their edges, no curly bracket but around a name that is known."""
    names = "|".join(sorted(placeholders))
    return {"type": "string", "pattern": rf"^(?=\S)(?:[^{{}}]|\{{(?:{names})\}})*(?<!\s)$"}
