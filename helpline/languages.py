"""The languages that a deployment can offer, as callers see their names on the first screen."""

from collections.abc import Mapping
from dataclasses import dataclass

SOURCE = "en"
"""The language that content is written in; all others are translated from it."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language on offer. `base` names its translations and word lists; a choice of other letters has none itself."""

    name: str
    base: str


LANGUAGES: Mapping[str, Language] = {
    "en": Language("English", "en"),
    "ru": Language("Русский", "ru"),
    "kk": Language("Қазақша", "kk"),
    "ky": Language("Кыргызча", "ky"),
    "tg": Language("Тоҷикӣ", "tg"),
    "uz": Language("O'zbekcha", "uz"),
    "uz_Cyrl": Language("Ўзбекча", "uz_Cyrl"),
    "tk": Language("Türkmençe", "tk"),
    "tk_gsm": Language("Turkmence a-z", "tk"),
}
"""By code (ISO 639-1, a script where there are two). `tk_gsm`: Turkmen in the letters that every old handset has."""


def base_of(code: str) -> str:
    """Give the code whose translations a language uses; an unknown one stands for itself."""
    return LANGUAGES[code].base if code in LANGUAGES else code


def spoken(code: str) -> str:
    """Give the language that is spoken, whatever letters it is written in: `uz` for `uz_Cyrl`, `tk` for `tk_gsm`.

    Who rings must speak her language; which alphabet she read the menu in does not matter to a voice. So matching
    compares `spoken(hers)` with `spoken(each)` of a service's languages. An unknown code stands for itself.
    """
    return code.partition("_")[0]
