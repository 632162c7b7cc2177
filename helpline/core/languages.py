"""The languages that a deployment can offer, as callers see their names on the first screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from menus.faults import ContentFaults, Mark

SOURCE = "en"
"""The language that content is written in; all others are translated from it."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language on offer. `base` names its translations and word lists; a choice of other letters has none itself."""

    name: str
    base: str


def read(path: Path) -> Mapping[str, Language]:
    """Read `languages.yaml`: code → language. Raises `ContentFaults`."""
    name = f"content/{path.name}"
    try:
        rows = yaml.load(path.read_text("utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
        return {code: Language(row["name"], row.get("base", code)) for code, row in rows.items()}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        what = f"cannot be read ({type(error).__name__}); each line is 'code: {{name: what callers call it}}'"
        raise ContentFaults([Mark(name, 1, 1).fault(what)]) from None


LANGUAGES = read(Path(__file__).parents[2] / "content" / "languages.yaml")
"""Every language that a country can offer. Read as the service starts, since all that reads content asks for it."""


def base_of(code: str) -> str:
    """Give the code whose translations a language uses; an unknown one stands for itself."""
    return LANGUAGES[code].base if code in LANGUAGES else code


def spoken(code: str) -> str:
    """Give the language that is spoken, whatever letters it is written in: `uz` for `uz_Cyrl`, `tk` for `tk_gsm`.

    Who rings must speak her language; which alphabet she read the menu in does not matter to a voice. So matching
    compares `spoken(hers)` with `spoken(each)` of a service's languages. An unknown code stands for itself.
    """
    return code.partition("_")[0]
