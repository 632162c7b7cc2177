"""What a translator is given: every text with what to know about it, a file that stays as it is, and her screens."""

import json
import re
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract
from click.testing import CliRunner

from helpline.authoring.merge import merge
from helpline.authoring.room import IN_SMS, Room, rooms
from helpline.cli import komek
from helpline.commands.menus import summary
from helpline.commands.translate import preview
from helpline.commands.translate.review import review
from helpline.commands.translate.status import progress, table
from helpline.commands.translate.update import AWAITING, REVIEW, bases, template, update_language, write_template
from helpline.content import catalogs, console_texts, po
from helpline.content.glossary import Glossary
from helpline.content.loading import load, print_content
from helpline.content.po import Entry, Po
from helpline.content.sms_fit import sms_misfits
from helpline.content.sources import ROOT, Sources, load_country, read_sources
from helpline.content.translatable import files_of, texts, worded
from helpline.content.yaml_files import read_yaml
from helpline.core.config import Config
from menus.book import SLOT, Book
from menus.gsm7 import weigh

PO = Path("locale/ru/LC_MESSAGES/content.po")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of one country in Russian and English."""
    copy = Path(shutil.copytree(ROOT, tmp_path / "content"))
    for path in (*(copy / "countries").glob("*.yaml"), *(copy / "locale").iterdir()):
        if path.stem not in ("kg", "ru", "content"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    country = copy / "countries/kg.yaml"
    country.write_text(re.sub(r"(?m)^languages: .*", "languages: [ru, en]", country.read_text("utf-8")), "utf-8")
    return copy


def edit(path: Path, was: str, now: str) -> None:
    """Change the one place of a file that has some words."""
    text = path.read_text("utf-8")
    assert text.count(was) == 1, text.count(was)
    path.write_text(text.replace(was, now), "utf-8")


def entry(root: Path, path: str) -> Entry:
    """Return what the Russian file has for a text."""
    found, faults = po.read(PO.name, (root / PO).read_bytes())
    assert faults == []
    return next(each for each in found.entries if each.context == path)


def glossary(root: Path = ROOT) -> Glossary:
    return Glossary.of(read_yaml(root / "glossary.yaml"))


def test_every_text_that_is_shown_is_extracted_and_no_other() -> None:
    """The extractor reads YAML by itself, as Babel wants it; what the menus say is the measure."""
    assert {text.path: text.english for text in texts(files_of(ROOT), glossary())} == {
        path: english for path, (english, _) in all_texts(ROOT).items()
    }


def all_texts(root: Path) -> catalogs.Wanted:
    """What callers and services are shown, and what the console says."""
    console = {path: each for path, each in console_texts.wanted(root).items() if worded(each[0])}
    return {**read_sources(root).wanted, **console}


def test_every_text_is_said_to_stand_where_it_stands() -> None:
    """So that an editor's jump to the source lands on the words."""
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


def test_what_stands_beside_a_text() -> None:
    """Its comment in the source, the kind of screen, what a placeholder stands for, the terms of the glossary."""
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
    """`pybabel extract` calls it by its entry point, one file at a time."""
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


def test_a_longer_term_hides_the_shorter_within_it() -> None:
    """*Safe place* is one thing; a term in capitals is found only in capitals."""
    found = [term.name for term in glossary().found_in("A safe place. Yes, dial again.")]
    assert found == ["dial", "safe place"]


def test_a_file_that_is_up_to_date_is_not_touched(root: Path) -> None:
    """To the byte, however often one updates."""
    update_language("ru", root)
    before = (root / PO).read_bytes()
    assert "(unchanged)" in update_language("ru", root)
    assert (root / PO).read_bytes() == before


def test_the_template_stays_as_it_is_while_no_text_changes(root: Path) -> None:
    """Its date is that of the last change, not of the last run."""
    write_template(root)
    file = root / "locale/content.pot"
    dated = re.sub("POT-Creation-Date: [^\\\\]*", "POT-Creation-Date: 2001-01-01 00:00+0000", file.read_text("utf-8"))
    file.write_text(dated, "utf-8")
    assert "(unchanged)" in write_template(root)
    edit(root / "notices.yaml", '"No such key."', '"There is no such key."')
    write_template(root)
    assert "2001-01-01" not in file.read_text("utf-8")


def test_what_changed_in_english_becomes_a_guess(root: Path) -> None:
    """With the English of before beside it; nothing else is touched, and so the language is not whole."""
    said = entry(root, "hints.key").said
    edit(root / "notices.yaml", '"No such key."', '"There is no such key."')
    update_language("ru", root)
    changed = entry(root, "hints.key")
    assert (changed.english, changed.said, changed.fuzzy) == ("There is no such key.", said, True)
    assert changed.previous == ('msgid "No such key."',)
    update_language("ru", root)
    assert entry(root, "hints.key") == changed


def test_a_new_language_is_made_with_all_texts_empty(root: Path) -> None:
    """And its head says that nobody has read it."""
    shutil.rmtree(root / "locale/ru")
    count = len(all_texts(root))
    assert update_language("ru", root) == f"content/{PO}: 0 translated, 0 fuzzy, {count} missing"
    found, faults = po.read(PO.name, (root / PO).read_bytes())
    assert faults == []
    assert found.headers() | {"Language": "ru", REVIEW: AWAITING} == found.headers()


A, B = Entry("a.b.1", "One", "Один"), Entry("a.c", "Two", "Два")


@pytest.mark.parametrize(
    ("old", "new", "gives"),
    [
        ([A, B], [A, B], [A, B]),
        ([replace(A, previous=('msgid "Uno"',))], [replace(A, said="")], [A]),
        ([A], [replace(A, said="", notes=("x",))], [replace(A, notes=("x",))]),
        ([replace(A, flags=("fuzzy", "max-length:3", "no-wrap"))], [replace(A, said="", flags=("max-length:9",))],
            [replace(A, flags=("fuzzy", "max-length:9", "no-wrap"))]),
        ([A], [Entry("a.b.2", "One")], [Entry("a.b.2", "One", "Один")]),
        ([A], [Entry("a.x", "One")], [Entry("a.x", "One", "Один", ("fuzzy",))]),
        ([A], [replace(A, said=""), Entry("a.x", "One")], [A, Entry("a.x", "One", "Один", ("fuzzy",))]),
        ([A], [Entry("a.b.1", "Uno")], [Entry("a.b.1", "Uno", "Один", ("fuzzy",), previous=('msgid "One"',))]),
        ([A, B], [replace(A, said="")], [A, replace(B, obsolete=True)]),
        ([replace(B, obsolete=True)], [replace(B, said="")], [B]),
        ([replace(A, said="")], [Entry("z", "Z")], [Entry("z", "Z")]),
        ([replace(A, comments=("mine",))], [replace(A, said="")], [replace(A, comments=("mine",))]),
    ],
    ids=["same", "looked at", "notes", "flags", "key moved", "screen moved", "also elsewhere", "English changed", "gone", "back",
        "never translated", "comment"],
)  # fmt: skip
def test_how_a_file_is_merged(old: list[Entry], new: list[Entry], gives: list[Entry]) -> None:
    """What holds is kept; what may not hold is a guess; what is gone is kept for the day it comes back."""
    head = Entry("", "", "Language: ru\n")
    assert merge(Po(head, tuple(old)), new) == Po(head, tuple(gives))


def test_a_moved_option_keeps_its_translation(root: Path) -> None:
    """Renumbering a menu is no work for translators."""
    said = entry(root, "start.home.4").said
    edit(root / "menus/start.yaml", '      4: {say: "Advice"', '      5: {say: "Advice"')
    update_language("ru", root)
    moved = entry(root, "start.home.5")
    assert (moved.said, moved.fuzzy) == (said, False)


@pytest.fixture(scope="module")
def measured() -> dict[str, int]:
    """How much room each Russian text has, in Kyrgyzstan."""
    return rooms(read_sources(ROOT), "ru", ["KG"])


def test_every_text_has_room(measured: dict[str, int]) -> None:
    """And what is translated already, and fits, is never said to be too long."""
    sources = read_sources(ROOT)
    assert measured.keys() == sources.wanted.keys()
    for (path, _), said in sources.translation("ru").catalog.items():
        assert len(said) <= measured.get(path, 999), path


@pytest.mark.parametrize(
    "path", ["callback.may_sms", "callback.consent.0", "to_caller.hello", "promise.window", "needs.health"]
)
def test_one_letter_more_than_the_room_does_not_fit(measured: dict[str, int], path: str) -> None:
    """The room is what the screens and texts really leave, with the longest values in place: not less, not more."""
    sources = read_sources(ROOT)
    english, _ = sources.wanted[path]
    slots = "".join(f"{{{slot}}}" for slot in SLOT.findall(english))
    before, misfits_before = print_content(Config(country="KG"), sources)
    for over in (0, 1):
        said = "Ы" * (measured[path] + over - len(slots)) + slots
        content, misfits = print_content(Config(country="KG"), saying(sources, path, said))
        more = len(misfits) > len(misfits_before) or _pages(content.book, "ru") > _pages(before.book, "ru")
        assert more == bool(over), (path, measured[path], over, misfits)


def saying(sources: Sources, path: str, said: str) -> Sources:
    """Return the sources with other words in Russian for one text."""
    file = sources.translation("ru")
    entries = (replace(each, said=said) if each.context == path else each for each in file.po.entries)
    other = replace(file, po=replace(file.po, entries=tuple(entries)))
    return replace(sources, translation=lambda tongue: other if tongue == "ru" else sources.translation(tongue))


def _pages(book: Book, language: str) -> int:
    return sum(map(len, book.pages[language].values()))


def test_a_text_in_septets_has_more_room(measured: dict[str, int]) -> None:
    """Uzbek in Latin letters has 160 for what Cyrillic has 70."""
    assert measured["to_caller.hello"] == 70
    sources = read_sources(ROOT)
    here = Room.of(sources, "uz", load_country(ROOT, "UZ"))
    hello = ("to_caller.hello", sources.wanted["to_caller.hello"][0])
    assert here.room(hello, []) == 160


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_the_texts_that_contain_a_longer_text_are_the_only_ones_that_get_longer(language: str) -> None:
    """Finding the room of a text weighs only those, so a text that is part of others must be known as one."""
    book = load(Config(country="UZ")).book
    texts = book.notices[language]
    for path in texts:
        if path.startswith(IN_SMS):
            longer = replace(book, languages=(language,), notices={language: {**texts, path: f"{texts[path]} " * 20}})
            too_long = {misfit.path for misfit in sms_misfits(longer)}
            assert {misfit.path for misfit in sms_misfits(longer, path)} == too_long, path


def test_the_room_stands_beside_the_text() -> None:
    """For tools as a flag, for people as a note."""
    (found,) = (each for each in template(ROOT, "ru") if each.context == "to_caller.hello")
    assert "max-length:70" in found.flags
    assert "Room: 70 letters, placeholders as they are written." in found.notes


def test_the_word_chosen_for_a_term_stands_beside_the_text() -> None:
    """In the file of its language."""
    word = glossary().said["ru"]["helper"]
    (found,) = (each for each in template(ROOT, "ru") if each.context == "callback.consent")
    assert any(note.startswith(f"helper → {word}: ") for note in found.notes)


def test_status_counts_what_is_left(root: Path) -> None:
    """Missing, guessed, too long, unread; for programs the same as JSON."""
    found, _ = po.read(PO.name, (root / PO).read_bytes())
    said = {"to_caller.hello": "", "to_caller.later": "Ы" * 71}
    rows = (replace(each, said=said.get(each.context, each.said)) for each in found.entries)
    (root / PO).write_text(po.write(replace(found, entries=tuple(rows))), "utf-8")
    (row,) = progress(["ru"], root)
    assert (row["missing"], row["fuzzy"], row["long"], row["whole"]) == (1, 0, ["to_caller.later"], False)
    assert row["translated"] == len(read_sources(root).wanted) - 1
    assert row["unreviewed"]["to_caller"] == 8
    assert "too long in ru: to_caller.later" in table([row])


def test_status_for_programs() -> None:
    """One JSON list, a row a language."""
    done = CliRunner().invoke(komek, ["translate", "status", "ru", "tk_gsm", "--json"])
    assert [row["language"] for row in json.loads(done.output)] == ["ru", "tk"]


@pytest.mark.parametrize("command", ["extract", "update", "status", "preview", "reviewed"])
def test_every_command_says_what_it_does(command: str) -> None:
    assert "Usage:" in CliRunner().invoke(komek, ["translate", command, "--help"]).output


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    done = CliRunner().invoke(komek, ["translate", "update", "xx"])
    assert done.exit_code == 2
    assert f"there are {', '.join(bases())}" in " ".join(done.output.split())


def test_the_preview_draws_a_screen_with_its_longest_values() -> None:
    """As the telephone shows it, whole or not, with what it weighs."""
    shown = preview.screens("ru", "callback.kept", "KG")
    assert [each.path for each in shown] == ["callback.kept", "callback.kept (wrong key)"]
    assert "{" not in shown[0].text
    assert shown[0].foot == f"{weigh(shown[0].text)} of 70"
    assert preview.terminal(shown).count("UCS-2") == 2


def test_in_the_preview_of_a_whole_language_nothing_is_too_long() -> None:
    """It shows what a telephone can show, and no more: after a last screen no key is read."""
    assert [each.path for each in preview.screens("ru", "", "KG") if each.too_long] == []


def test_the_preview_as_a_page_holds_every_screen_and_needs_nothing_else() -> None:
    """No address, no script: it can be sent to a reviewer as it is."""
    shown = preview.screens("ru", "", "KG")
    page = preview.page("ru", shown)
    assert page.count("<figure") == len(shown) > 200
    assert "http" not in page
    assert "<script" not in page


def test_a_preview_of_nothing_says_so() -> None:
    """A path that is mistyped, a language that a country does not offer."""
    for arguments in (["ru", "nowhere"], ["tk", "--country", "KG"], ["xx"]):
        assert CliRunner().invoke(komek, ["translate", "preview", *arguments]).exit_code == 2


def test_r13_a_review_shows_the_wordings_and_notes_who_has_read_them(root: Path) -> None:
    """The mark is for these very words: it counts at once, and no more after a change."""
    shown = review("ru", "to_caller", "A. Reader", "", write=False, root=root)
    assert entry(root, "to_caller.no_call").said in " ".join(shown.replace("│", "").split())
    assert "not written" in shown
    assert progress(["ru"], root)[0]["unreviewed"]["to_caller"] == 8
    review("ru", "to_caller", "A. Reader", "", write=True, root=root)
    assert "to_caller" not in progress(["ru"], root)[0]["unreviewed"]
    edit(root / PO, entry(root, "to_caller.no_call").said, "Хорошо. Тихо.")
    assert progress(["ru"], root)[0]["unreviewed"]["to_caller"] == 1


def test_r13_the_head_of_the_file_says_who_has_read_it_only_when_all_is_read(root: Path) -> None:
    """Until then it says that it awaits a native reviewer."""
    topics = list(progress(["ru"], root)[0]["unreviewed"])
    for topic in topics:
        assert progress(["ru"], root)[0]["header"] == AWAITING
        review("ru", topic, "A. Reader", "", write=True, root=root)
    (row,) = progress(["ru"], root)
    assert row["unreviewed"] == {}
    assert re.fullmatch(r"A\. Reader, \d{4}-\d\d-\d\d", row["header"])
    assert row["whole"]


def test_marks_are_added_below_those_that_are_there(root: Path) -> None:
    """With quotes in a name, too."""
    for reviewer in ('The "first"', "second"):
        review("ru", "to_caller" if reviewer == "second" else "callback", reviewer, "", write=True, root=root)
    rows = read_yaml(root / "reviews.yaml")["marks"]
    assert list(dict.fromkeys(row["reviewer"] for row in rows)) == ['The "first"', "second"]


def test_every_language_has_its_file_and_its_section() -> None:
    """A translator finds where to begin, and where to write what she doubted."""
    page = (ROOT.parent / "docs" / "translations.md").read_text("utf-8")
    for language in bases():
        assert catalogs.file_of(ROOT, language).exists(), language
        assert f"({language})\n" in page, language
        assert language in glossary().said, language


def test_a_request_is_found_by_walking() -> None:
    """Not by knowing the keys: whoever moves an option moves no test. An emergency number is nearer still."""
    book = load(Config(country="KG")).book
    for language in book.languages:
        assert summary.to_request(book, language) == 4
        assert (summary.to_emergency(book, language) or 9) <= 2
        deep, where = summary.to_deepest(book, language)
        assert 4 < deep < 25
        assert where in book.tree.screens
