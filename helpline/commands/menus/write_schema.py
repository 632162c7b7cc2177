"""`komek schema`: the JSON Schemas of the files in `content/`, made from the code that reads them.

An editor with a YAML language server finds the schema in the first line of each file.
"""

import json
from pathlib import Path
from typing import Any

from helpline.content import console_texts, phone_texts
from helpline.content.country_file import CountryData
from helpline.content.sources import IN_NOTICES, ROOT, SETTINGS
from helpline.core.languages import LANGUAGES
from helpline.directory.opening_hours import DAYS
from menus import schema
from menus.book import AT_HOP
from menus.draft import ANSWERS
from menus.salt import CALLER_WORDS
from menus.schema import DIALECT, Schema, rows, table

FOLDER = ROOT / "schema"
WRITE = "./komek schema --write"
FILES = {
    "menu.json": "menus/*.yaml",
    "notices.json": "notices.yaml",
    "console.json": console_texts.FILES,
    "phone.json": phone_texts.FILE,
    "country.json": "countries/*.yaml",
    "languages.json": "languages.yaml",
    "words.json": "words.yaml",
    "keywords.json": "keywords.yaml",
    "directory.json": "directory/sample.yaml",
}
"""Each schema, and the files of `content/` that it describes."""
TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {"type": "array", "items": TEXT}
BASES = sorted({language.base for language in LANGUAGES.values()})
TELEPHONE: Schema = {"type": "string", "pattern": "^\\+[0-9]{7,15}$"}
TIME: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}


def schemas() -> dict[str, Schema]:
    """Return all schemas by file name."""
    placeholders = AT_HOP | SETTINGS | IN_NOTICES
    return {
        "menu.json": schema.menus(placeholders),
        "notices.json": schema.notices(placeholders),
        "console.json": schema.notices(console_texts.SLOTS),
        "phone.json": schema.notices(phone_texts.SLOTS),
        "country.json": {"$schema": DIALECT, **CountryData.model_json_schema(), "title": "Komek: one country"},
        "languages.json": _languages(),
        "words.json": _words(),
        "keywords.json": _keywords(),
        "directory.json": _directory(),
    }


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the names of schemas that are missing or out of date."""
    return [name for name, text in _written().items() if not _same(folder / name, text)]


def write(folder: Path = FOLDER) -> list[str]:
    """Update the schemas and return the names of those that changed."""
    changed = stale(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (folder / name).write_text(_written()[name], "utf-8")
    return changed


def _written() -> dict[str, str]:
    return {name: json.dumps(each, ensure_ascii=False, indent=1) + "\n" for name, each in schemas().items()}


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


def _languages() -> Schema:
    said = {"name": TEXT, "base": {"enum": BASES}}
    codes = {"pattern": "^[a-z]{2,3}(_[A-Za-z]+)?$"}
    return {"$schema": DIALECT, "title": "Komek: how each language is called", **rows(table(said, ["name"]), codes)}


def _words() -> Schema:
    caller = {"type": "array", "items": TEXT, "uniqueItems": True, "minItems": CALLER_WORDS, "maxItems": CALLER_WORDS}
    service_words = {"type": "array", "items": TEXT, "uniqueItems": True, "minItems": 1}
    lists = {"caller": _by_language(caller), "ours": _by_language(service_words)}
    return {"$schema": DIALECT, "title": "Komek: everyday words (R6)", **table(lists, lists)}


def _keywords() -> Schema:
    """Keywords by action, then by language. Some are first grouped by their position in a text."""
    said = {"anyOf": [_by_language(TEXTS), rows({"$ref": "#/$defs/said"}, {"pattern": "^[a-z_]{3,}[0-9]*$|^no$"})]}
    found = {"$schema": DIALECT, "title": "Komek: what people write by SMS", "$defs": {"said": said}}
    return {**found, **rows({"$ref": "#/$defs/said"}), "required": ["stop", "call", "help", "ngo"]}


def _directory() -> Schema:
    names = _by_language(TEXT)
    language: Schema = {"enum": sorted(LANGUAGES)}
    person = {"id": TEXT, "phone": TELEPHONE, "language": language, "names": names}
    country = {"coordinators": _list_of(table(person, person)), "services": _list_of(_service(names, language))}
    by_country = rows(table(country, country), {"pattern": "^[A-Z]{2}$"})
    return {"$schema": DIALECT, "title": "Komek: the made-up services of the demo", **by_country}


def _service(names: Schema, language: Schema) -> Schema:
    number: Schema = {"type": "number"}
    opening = {"days": _list_of({"enum": list(DAYS)}), "opens": TIME, "closes": TIME}
    must: dict[str, Schema] = {
        "id": TEXT, "names": names, "phone": TELEPHONE, "language": language, "languages": _list_of(language),
        "needs": _list_of({"enum": sorted(ANSWERS["need"] or ())}), "regions": TEXTS,
        "at": {"type": "array", "prefixItems": [number, number], "minItems": 2, "maxItems": 2},
        "schedule": _list_of(table(opening, opening)), "checked_days_ago": {"type": "integer", "minimum": 0},
        "child_safeguarding": {"type": "boolean"}, "accepts_numbers_by_sms": {"type": "boolean"},
    }  # fmt: skip
    may: dict[str, Schema] = {
        "abroad": TEXTS, "sexes": _list_of({"enum": ["woman", "man"]}), "shows": {"enum": ["number", "hidden"]},
        "public_phone": TELEPHONE, "second_phone": TELEPHONE, "calls_back": {"type": "boolean"},
    }  # fmt: skip
    return table(must | may, must)


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _by_language(value: Schema) -> dict[str, Any]:
    return rows(value, {"enum": BASES})
