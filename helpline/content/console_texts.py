"""The texts of the console, in every language that has them.

They are separate from the texts to callers, and a language can be complete for callers without them. A caseworker can
use a page in English, a caller cannot. If a *section* (`account`, `frame` …) is not complete in a language, it is shown
in English, so that no page mixes languages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.content import browser_texts
from helpline.content.browser_texts import Part
from helpline.content.catalogs import CONSOLE, Translation, Wanted
from helpline.content.translatable import worded
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.book import Catalog, fill

FILES = "console/*.yaml"
"""One file for each page. `frame.yaml` has the texts of all pages."""
SLOTS = frozenset({"agent", "count", "login", "name", "secret", "when", "zone"})
"""Placeholders that pages fill."""
PART = Part(CONSOLE, FILES, SLOTS, "the console")
EVERYWHERE = (SOURCE, "ru")
"""The console's languages in every country."""


@dataclass(frozen=True, slots=True)
class ConsoleTexts:
    """All texts of the console."""

    english: Mapping[str, str]
    catalogs: Mapping[str, Catalog]
    complete: Mapping[str, frozenset[str]]
    """Language → the sections that are complete in it."""
    order: Sequence[str]
    """The languages, in the order of the choice."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages to choose from. At least the frame must be complete in them."""
        return [code for code in self.order if code == SOURCE or "frame" in self.complete[code]]

    def language_of(self, language: str, section: str) -> str:
        """Return the language in which a section is shown to a person who reads `language`."""
        return language if section in self.complete.get(language, frozenset()) else SOURCE

    def say(self, language: str, name: str, values: Mapping[str, str] | None = None) -> str:
        """Return a text (`account.title`). Raise `KeyError` if it does not exist, which is a programming error."""
        path, english = f"{CONSOLE}{name}", self.english[f"{CONSOLE}{name}"]
        said = english
        if self.language_of(language, name.partition(".")[0]) != SOURCE:
            said = self.catalogs[language].get((path, english), english)
        return fill(said, values) if values else said


def wanted(root: Path) -> Wanted:
    """Read the English texts with their places. Raise `ContentFaults` if they are not valid."""
    return browser_texts.wanted(root, PART)


def read(root: Path, country_languages: Sequence[str] = ()) -> ConsoleTexts:
    """Read the texts in English, Russian and the languages of a country.

    Raise `ContentFaults` if the English is not valid.
    """
    texts = wanted(root)
    own = (base for code in country_languages if (base := base_of(code)) in LANGUAGES)
    order = tuple(dict.fromkeys((*EVERYWHERE, *own)))
    said = {code: browser_texts.usable(translation(root, code, texts), PART) for code in order if code != SOURCE}
    complete = {code: _complete(texts, said[code]) for code in said} | {SOURCE: _sections(texts)}
    return ConsoleTexts({path: english for path, (english, _) in texts.items()}, said, complete, order)


def translation(root: Path, language: str, texts: Wanted) -> Translation:
    """Read the console's part of a PO file with its faults. A missing text is not a fault."""
    return browser_texts.translation(root, language, texts, PART)


def _sections(texts: Wanted) -> frozenset[str]:
    return frozenset(path.split(".")[1] for path in texts)


def _complete(texts: Wanted, said: Catalog) -> frozenset[str]:
    incomplete = {
        path.split(".")[1] for path, (english, _) in texts.items() if worded(english) and (path, english) not in said
    }
    return _sections(texts) - incomplete
