"""The languages that a deployment can offer, with the names that callers see on the first screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from menus.faults import ContentFaults, Mark

SOURCE = "en"
"""The language in which content is written. All other languages are translated from it."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language on offer."""

    name: str
    """What its speakers call it."""
    base: str
    """The code of the language whose translations and word lists it uses. A second alphabet has none of its own."""


def read(path: Path) -> Mapping[str, Language]:
    """Read `languages.yaml`: code → language. Raise `ContentFaults` if it is not valid."""
    name = f"content/{path.name}"
    try:
        rows = yaml.load(path.read_text("utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
        return {code: Language(row["name"], row.get("base", code)) for code, row in rows.items()}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        what = f"cannot be read ({type(error).__name__}); each line is 'code: {{name: what callers call it}}'"
        raise ContentFaults([Mark(name, 1, 1).fault(what)]) from None


LANGUAGES = read(Path(__file__).parents[2] / "content" / "languages.yaml")
"""Every language that a country can offer. Loaded on import, because all code that reads content needs it."""


def base_of(code: str) -> str:
    """Return the code of the language whose translations `code` uses. An unknown code is returned as it is."""
    return LANGUAGES[code].base if code in LANGUAGES else code


def spoken(code: str) -> str:
    """Return the spoken language without the alphabet: `uz` for `uz_Cyrl`, `tk` for `tk_gsm`.

    A caseworker must speak the caller's language; the alphabet of the menu does not matter on the phone. So matching
    compares `spoken(…)` of the caller's language with `spoken(…)` of each language of a service.
    """
    return code.partition("_")[0]
