"""What a translator gets: every text with its notes, its sources and its room."""

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract as babel_extract

from helpline.commands.menus import summary
from helpline.commands.translate.update import bases, template
from helpline.content import catalogs
from helpline.content.glossary import Glossary
from helpline.content.loading import load
from helpline.content.po import Entry
from helpline.content.sources import ROOT
from helpline.content.translatable import files_of, texts
from helpline.content.yaml_files import read_yaml
from helpline.core.config import Config
from tests.steps.translations import all_texts


def glossary(root: Path = ROOT) -> Glossary:
    return Glossary.of(read_yaml(root / "glossary.yaml"))


@lru_cache
def russian() -> list[Entry]:
    """Return what a translator into Russian gets. Measuring the room of all texts takes seconds."""
    return template(ROOT, "ru")


def test_exactly_the_texts_that_are_shown_are_extracted() -> None:
    """The extractor reads YAML by itself, as Babel requires. It must find the texts that the menus have."""
    assert {text.path: text.english for text in texts(files_of(ROOT), glossary())} == {
        path: english for path, (english, _) in all_texts(ROOT).items()
    }


def test_every_text_names_its_source_line() -> None:
    """So an editor can jump to the source."""
    lines = {name: text.split("\n") for name, text in files_of(ROOT).items()}
    for text in texts(files_of(ROOT), glossary()):
        here, below = lines[text.file][text.line - 1 : text.line + 1]
        assert text.english.split(" ")[0] in (below if here.endswith(("|-", ">-")) else here), text


def test_no_digit_of_an_option_is_in_a_text() -> None:
    """A translator cannot move a key by mistake."""
    labels = [text for text in texts(files_of(ROOT), glossary()) if re.search(r"\.[0-9]$", text.path)]
    assert len(labels) > 50
    assert [text.path for text in labels if text.english.startswith(f"{text.path[-1]} ")] == []


MENU = """\
# About the file.

screens:
  # R28: says who rings.
  consent:
    choice: "A helper will ring you on {number}."
    again: "Again?"
    options:
      # Not *agree*.
      drawn: {say: "Go on", goto: when}
      0: {say: {notice: keys.no}, goto: when}
  when:
    end: "{promise}"
"""


def test_a_text_has_these_notes() -> None:
    """Its comment in the source, the kind of screen, the meaning of placeholders, the terms of the glossary."""
    found = {text.path: text for text in texts({"content/menus/ask.yaml": MENU}, glossary())}
    assert list(found) == ["ask.consent", "ask.consent.again", "ask.consent.drawn"]
    notes = found["ask.consent"].notes
    assert notes[:2] == ("R28: says who rings.", "A question; its keys stand below it.")
    assert "{number}: a telephone number." in notes
    assert any(note.startswith("helper: a person") for note in notes)
    assert found["ask.consent.again"].notes[0].startswith("Said after a wrong key instead of: “A helper will ring")
    assert found["ask.consent.drawn"].notes[0] == "Not *agree*."
    assert found["ask.consent"].entry().flags == ("python-brace-format",)


def test_babel_finds_the_same_through_our_extractor() -> None:
    """`pybabel extract` calls it through its entry point, one file at a time."""
    file = BytesIO(MENU.encode())
    file.name = str(ROOT / "menus" / "ask.yaml")
    rows = [
        (line, ids, context) for line, ids, _, context in babel_extract("helpline.content.translatable:extract", file)
    ]
    assert rows == [
        (6, "A helper will ring you on {number}.", "ask.consent"),
        (7, "Again?", "ask.consent.again"),
        (10, "Go on", "ask.consent.drawn"),
    ]


def test_a_longer_term_replaces_the_shorter_one_inside_it() -> None:
    """*Safe place* is one term. A term in capitals is found only in capitals."""
    found = [term.name for term in glossary().found_in("A safe place. Yes, dial again.")]
    assert found == ["dial", "safe place"]


def test_a_text_has_its_room_as_a_note() -> None:
    """As a flag for tools and as a note for people."""
    (found,) = (each for each in russian() if each.context == "to_caller.hello")
    assert "max-length:70" in found.flags
    assert "Room: 70 letters, placeholders as they are written." in found.notes


def test_a_text_has_the_chosen_translation_of_its_terms() -> None:
    """In the file of its language."""
    word = glossary().words["ru"]["helper"]
    (found,) = (each for each in russian() if each.context == "callback.consent")
    assert any(note.startswith(f"helper → {word}: ") for note in found.notes)


def test_every_language_has_its_file_and_its_section() -> None:
    """A translator sees where to begin, and where to write their doubts."""
    page = (ROOT.parent / "docs" / "translations.md").read_text("utf-8")
    for language in bases():
        assert catalogs.file_of(ROOT, language).exists(), language
        assert f"({language})\n" in page, language
        assert language in glossary().words, language


def test_the_guide_finds_the_path_to_a_request() -> None:
    """The keys are not fixed, so moving an option breaks no test. An emergency number is even nearer."""
    book = load(Config(country="KG")).book
    for language in book.languages:
        assert summary.to_request(book, language) == 4
        assert (summary.to_emergency(book, language) or 9) <= 2
        deep, where = summary.to_deepest(book, language)
        assert 4 < deep < 25
        assert where in book.tree.screens
