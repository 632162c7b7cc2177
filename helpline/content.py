"""Reads `content/` from disk, once at the start, and prints the book of one country.

Pure work is done by `menus`; here are only files, the country's data and the settings that stand in texts.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po
from pydantic import ValidationError

from helpline.config import Config
from helpline.country import CountryData
from helpline.languages import LANGUAGES, SOURCE
from helpline.reviews import Mark as ReviewMark
from helpline.reviews import Reviews, marks_of
from menus.faults import ContentFaults, Fault, Mark
from menus.gsm7 import fold
from menus.parse import Parsed, read
from menus.render import AT_HOP, SLOT, Book, Catalog, Local, Misfit, fill, print_book

ROOT = Path(__file__).parent.parent / "content"
SETTINGS = frozenset({"days", "emergency", "direct"})
IN_NOTICES = frozenset({
    "day", "from", "to", "offer", "place", "speaks", "need", "window", "others", "message", "name", "number",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """All that was read: the book, the country, the words of SMS, and where each text stands."""

    book: Book
    country: CountryData
    keywords: Mapping[str, object]
    parsed: Parsed
    reviews: tuple[ReviewMark, ...]


def load(config: Config, root: Path = ROOT) -> Content:
    """Read everything. Raises `ContentFaults` with every fault, where it is and what to do."""
    country = load_country(root, config.country)
    parsed = read(_texts(root, "menus/*.yaml"), _texts(root, "notices.yaml"), AT_HOP | SETTINGS | IN_NOTICES)
    words = read_yaml(root / "words.yaml")
    settings = settings_of(config, country)
    locals_ = {language: _local(root, language, country, words, parsed, settings) for language in country.languages}
    faults: list[Fault] = []
    book = print_book(
        parsed.tree, locals_, settings, digest_of(root), lambda misfit: faults.append(_placed(parsed, misfit))
    )
    faults += untranslated(parsed, locals_)
    if faults:
        raise ContentFaults(faults)
    keywords = read_yaml(root / "keywords.yaml")
    return Content(book, country, keywords, parsed, marks_of(read_yaml(root / "reviews.yaml")["marks"]))


def unfit(config: Config, texts: Content) -> list[str]:
    """Say why this content must not meet a real caller: numbers that nobody verified, wordings that nobody read."""
    if config.demo:
        return []
    unread = Reviews(texts.book, texts.reviews, all_allowed=False).missing()
    return [
        *(
            f"content/countries/{config.country.lower()}.yaml: {n} is not verified (R19)"
            for n in texts.country.unverified
        ),
        *(f"content/reviews.yaml: {text} has no review in {language} (R13)" for text, language in unread),
    ]


def read_yaml(path: Path) -> Any:
    """Read a data file with every scalar as text but `null`: `on`, `no` and `0` mean what they look like."""

    def plain(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: plain(value) for key, value in node.items()}
        if isinstance(node, list):
            return [plain(each) for each in node]
        return None if node == "null" else node

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return plain(yaml.load(path.read_text("utf-8"), loader))  # noqa: S506  # this loader makes nothing but texts
    except (OSError, UnicodeDecodeError) as error:
        raise ContentFaults([Mark(path.name, 1, 1).fault(f"cannot be read ({type(error).__name__})")]) from None
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        where = Mark(path.name, at.line + 1, at.column + 1) if at else Mark(path.name, 1, 1)
        raise ContentFaults([where.fault(f"not YAML: {getattr(error, 'problem', error)}; look there")]) from None


def load_country(root: Path, code: str) -> CountryData:
    """Read one country. Raises `ContentFaults`."""
    path = root / "countries" / f"{code.lower()}.yaml"
    if not path.exists():
        there = ", ".join(sorted(file.stem.upper() for file in path.parent.glob("*.yaml")))
        raise ContentFaults(
            [Fault(f"content/countries/{path.name}", 1, 1, f"there is no country {code}; there are {there}")]
        )
    try:
        return CountryData.model_validate(read_yaml(path))
    except ValidationError as error:
        places = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
        raise ContentFaults([Fault(f"content/countries/{path.name}", 1, 1, what) for what in places]) from None


def settings_of(config: Config, country: CountryData) -> dict[str, str]:
    """Give the placeholders that are the same at every hop of one deployment."""
    return {
        "days": str(config.keep_days),
        "emergency": ", ".join(line.shown for line in country.emergency),
        "direct": country.direct_line.shown,
    }


def digest_of(root: Path) -> str:
    """Name this very content: the version that a consent is given to."""
    seen = hashlib.blake2b(digest_size=8)
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".yaml", ".po"}):
        seen.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


def _texts(root: Path, pattern: str) -> dict[str, str]:
    return {path.relative_to(root.parent).as_posix(): path.read_text("utf-8") for path in sorted(root.glob(pattern))}


def catalog_of(root: Path, language: str) -> Catalog:
    """Read the translations of a language; none for English. Fuzzy ones count as missing."""
    path = root / "locale" / LANGUAGES[language].base / "LC_MESSAGES" / "content.po"
    if language == SOURCE or not path.exists():
        return {}
    with path.open("rb") as file:
        found = read_po(file, locale=None)
    return {(m.context or "", str(m.id)): str(m.string) for m in found if m.id and m.string and not m.fuzzy}


def _local(
    root: Path, language: str, country: CountryData, words: Mapping[str, Mapping[str, list[str]]],
    parsed: Parsed, settings: Mapping[str, str],
) -> Local:  # fmt: skip
    catalog = catalog_of(root, language)
    notices = {name: catalog.get((t.path, t.english), t.english) for name, t in parsed.tree.notices.items()}
    needs = [(name.removeprefix("needs."), said) for name, said in notices.items() if name.startswith("needs.")]
    lists = {
        "regions": [(region.code, region.name[LANGUAGES[language].base]) for region in country.regions],
        "languages": [(each, LANGUAGES[each].name) for each in country.languages],
        "needs": [(code, fold(said, language)) for code, said in needs],
        "words": [(str(at), word) for at, word in enumerate(words["caller"][LANGUAGES[language].base])],
    }
    ours = words["ours"][LANGUAGES[language].base]
    return Local(catalog, lists, ours, longest(notices, settings, words["caller"][LANGUAGES[language].base], ours))


def longest(
    notices: Mapping[str, str], settings: Mapping[str, str], mine: list[str], ours: list[str]
) -> dict[str, str]:
    """Give the longest value of each placeholder that is filled at a hop."""
    values = {
        **settings, "drawn": "7", "code": "000000", "word": max(mine, key=len), "ours": max(ours, key=len),
        "day": "30.12", "from": "08:00", "to": "12:00",
    }  # fmt: skip
    said = {name: fill(text, values) for name, text in notices.items()}
    values["promise"] = max((text for name, text in said.items() if name.startswith("promise.")), key=len)
    values["status"] = max((fill(t, values) for name, t in said.items() if name.startswith("status.")), key=len)
    return values


def untranslated(parsed: Parsed, locals_: Mapping[str, Local]) -> list[Fault]:
    """Name each text that an offered language lacks: a language is offered whole or not at all."""
    faults = []
    for language, local in locals_.items():
        for path, text in texts_of(parsed).items():
            if language == SOURCE or not text:
                continue
            said = local.catalog.get((path, text))
            if not said:
                faults.append(_mark(parsed, path).fault(f"has no translation into {language}; add it to content.po"))
            elif set(SLOT.findall(said)) != set(SLOT.findall(text)):
                faults.append(
                    _mark(parsed, path).fault(f"the {language} translation has other placeholders than the English")
                )
    return faults


def texts_of(parsed: Parsed) -> dict[str, str]:
    """Give every text of the content that is translated, by its path (its msgctxt)."""
    found = {name: text.english for name, text in parsed.tree.notices.items()}
    for screen in parsed.tree.screens.values():
        texts = [getattr(screen, "text", None), getattr(screen, "again", None)]
        texts += [option.label for option in getattr(screen, "options", ())]
        found.update({text.path: text.english for text in texts if text is not None})
    return found


def _mark(parsed: Parsed, path: str) -> Mark:
    return parsed.marks.get(path) or Mark("content", 1, 1)


def _placed(parsed: Parsed, misfit: Misfit) -> Fault:
    return _mark(parsed, misfit.path).fault(f"[{misfit.language}] {misfit.what}")
