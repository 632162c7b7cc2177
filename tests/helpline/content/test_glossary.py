"""One glossary, used by all: a translation says each term with the word that its language chose."""

import re
import shutil
from pathlib import Path

import pytest

from helpline.commands.menus import check_content
from helpline.content import po
from helpline.content.catalogs import file_of
from helpline.content.glossary import Glossary
from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml

GLOSSARY = Glossary.of(read_yaml(ROOT / "glossary.yaml"))
SMALL = {
    "terms": {"service": {"means": "", "forms": ["services"]}, "saved": {"means": ""}},
    "languages": {"ru": {"service": "служба помощи", "saved": "записано"}},
    "stems": {"ru": {"service": ["служб"]}},
    "without": [
        {"term": "service", "texts": ["a.short"], "reason": "no room"},
        {"term": "service", "texts": ["a.tajik"], "languages": ["tg"], "reason": "no room"},
    ],
}


@pytest.mark.parametrize(
    ("path", "english", "translation", "missed"),
    [
        ("a.list", "Services", "Организации", ["service"]),
        ("a.list", "Services", "Службы", []),
        ("a.list", "Call a service.", "Позвоните в СЛУЖБУ.", []),
        ("a.list", "Call a service.", "Позвоните: подслужба.", ["service"]),
        ("a.list", "Call {service}.", "Позвоните: {service}.", []),  # the name of a placeholder is no word
        ("a.list", "Saved.", "Готово.", []),  # a term without stems is not checked
        ("a.short", "Services", "Кто", []),
        ("a.tajik", "Services", "Кто", ["service"]),
    ],
)
def test_a_translation_without_the_agreed_word_is_found(
    path: str, english: str, translation: str, missed: list[str]
) -> None:
    assert Glossary.of(SMALL).missed(path, english, translation, "ru") == missed


def test_check_warns_of_it_with_its_place_and_the_words_that_it_looks_for(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT, tmp_path / "content"))
    file = file_of(root, "ru")
    said = file.read_text(encoding="utf-8").replace('msgstr "Моя просьба"', 'msgstr "Моя заявка"', 1)
    file.write_text(said, encoding="utf-8")
    found = [str(doubt) for doubt in check_content.doubts(root)]
    assert len(found) == 1
    assert re.search(r"content\.po:\d+:1: \S+: the English says 'request', the translation none of: прось…;", found[0])


@pytest.mark.parametrize("language", GLOSSARY.words)
def test_the_chosen_word_of_each_language_is_one_that_check_accepts(language: str) -> None:
    """So the word beside a text and the word that is looked for are never two. Every language checks the same terms."""
    stems = GLOSSARY.stems[language]
    assert [*stems] == [*GLOSSARY.stems["ru"]]
    chosen = GLOSSARY.words[language]
    assert [term for term in stems if GLOSSARY.missed("", term, chosen[term], language)] == []


def test_every_accepted_exception_is_still_needed() -> None:
    """An exception that no translation needs would hide the next mistake."""
    strict = Glossary(GLOSSARY.terms, GLOSSARY.words, stems=GLOSSARY.stems)
    needed = set[tuple[str, str, str]]()
    for language in GLOSSARY.stems:
        read, _ = po.read("", file_of(ROOT, language).read_bytes())
        for entry in (each for each in read.entries if each.translation and not each.obsolete):
            for term in strict.missed(entry.context, entry.english, entry.translation, language):
                needed |= {(term, entry.context, ""), (term, entry.context, language)}
    assert needed >= GLOSSARY.without
