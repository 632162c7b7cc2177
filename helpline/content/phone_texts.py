"""The texts of the demo's page with two phones, in every language that has all of them.

A language that lacks a text is not offered on the page, so that it never mixes two languages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.content import browser_texts
from helpline.content.browser_texts import Part
from helpline.content.catalogs import PHONE
from helpline.core.languages import LANGUAGES, SOURCE

FILE = "phone.yaml"
SLOTS = frozenset({
    "count", "country", "dial", "fault", "letters", "number", "step", "steps", "time",
})  # fmt: skip
"""Placeholders that the page fills."""
PART = Part(PHONE, FILE, SLOTS, "the demo's page with two phones")


@dataclass(frozen=True, slots=True)
class PhoneTexts:
    """All texts of the page: language → name (`tour.again`) → text. Each language is complete."""

    said: Mapping[str, Mapping[str, str]]

    @property
    def languages(self) -> Sequence[str]:
        """The languages to choose from, in the order of `languages.yaml`."""
        return tuple(self.said)


def read(root: Path) -> PhoneTexts:
    """Read the texts. Raise `ContentFaults` if the English is not valid."""
    texts = browser_texts.wanted(root, PART)
    said: dict[str, Mapping[str, str]] = {}
    for language in dict.fromkeys(each.base for each in LANGUAGES.values()):
        found = browser_texts.translation(root, language, texts, PART) if language != SOURCE else None
        catalog = browser_texts.usable(found, PART) if found else {}
        if language == SOURCE or not any(browser_texts.missing(texts, catalog)):
            said[language] = {
                path.removeprefix(PHONE): catalog.get((path, english), english) for path, (english, _) in texts.items()
            }
    return PhoneTexts(said)
