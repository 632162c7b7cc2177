"""`komek translate`: updating the files of a language without losing translations."""

import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpline.authoring.merge import merge
from helpline.cli import komek
from helpline.commands.translate.status import progress, table
from helpline.commands.translate.update import AWAITING, REVIEW, bases, update_language, write_template
from helpline.content import po
from helpline.content.po import Entry, Po
from helpline.content.sources import read_sources
from tests.helpline.authoring.conftest import copied
from tests.steps.translations import PO, all_texts, edit, entry


@dataclass(frozen=True, slots=True)
class Updated:
    """A copy in which a text and the digit of an option changed, and whose Russian file was updated then."""

    root: Path
    key: str
    """The translation of the text before it changed."""
    advice: str
    """The translation of the option before it moved."""


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """An update measures the room of every text, which takes seconds. So several tests read the same result."""
    root = copied(tmp_path_factory.mktemp("updated"))
    found = Updated(root, entry(root, "hints.key").translation, entry(root, "start.home.4").translation)
    edit(root / "notices.yaml", '"Use a key below."', '"There is no such key."')
    edit(root / "menus/start.yaml", '      4: {say: "Advice"', '      6: {say: "Advice"')
    update_language("ru", root)
    return found


def test_an_up_to_date_file_is_not_changed(updated: Updated) -> None:
    """To the byte, after any number of updates."""
    update_language("ru", updated.root)  # a new guess leaves the other texts another room
    before = (updated.root / PO).read_bytes()
    assert "(unchanged)" in update_language("ru", updated.root)
    assert (updated.root / PO).read_bytes() == before


@pytest.mark.nightly
def test_the_template_is_unchanged_while_no_text_changes(root: Path) -> None:
    """Its date is that of the last change, not of the last run."""
    write_template(root)
    file = root / "locale/content.pot"
    dated = re.sub("POT-Creation-Date: [^\\\\]*", "POT-Creation-Date: 2001-01-01 00:00+0000", file.read_text("utf-8"))
    file.write_text(dated, "utf-8")
    assert "(unchanged)" in write_template(root)
    edit(root / "notices.yaml", '"Use a key below."', '"There is no such key."')
    write_template(root)
    assert "2001-01-01" not in file.read_text("utf-8")


def test_a_text_that_changed_in_english_becomes_a_guess(updated: Updated) -> None:
    """The former English is beside it and nothing else changes. So the language is not complete."""
    changed = entry(updated.root, "hints.key")
    assert (changed.english, changed.translation, changed.fuzzy) == ("There is no such key.", updated.key, True)
    assert changed.previous == ('msgid "Use a key below."',)


@pytest.mark.nightly
def test_a_new_language_starts_with_empty_translations(root: Path) -> None:
    """Its header says that nobody has reviewed it."""
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
        ([replace(A, previous=('msgid "Uno"',))], [replace(A, translation="")], [A]),
        ([A], [replace(A, translation="", notes=("x",))], [replace(A, notes=("x",))]),
        ([replace(A, flags=("fuzzy", "max-length:3", "no-wrap"))], [replace(A, translation="", flags=("max-length:9",))],
            [replace(A, flags=("fuzzy", "max-length:9", "no-wrap"))]),
        ([A], [Entry("a.b.2", "One")], [Entry("a.b.2", "One", "Один")]),
        ([A], [Entry("a.x", "One")], [Entry("a.x", "One", "Один", ("fuzzy",))]),
        ([A], [replace(A, translation=""), Entry("a.x", "One")], [A, Entry("a.x", "One", "Один", ("fuzzy",))]),
        ([A], [Entry("a.b.1", "Uno")], [Entry("a.b.1", "Uno", "Один", ("fuzzy",), previous=('msgid "One"',))]),
        ([A, B], [replace(A, translation="")], [A, replace(B, obsolete=True)]),
        ([replace(B, obsolete=True)], [replace(B, translation="")], [B]),
        ([replace(A, translation="")], [Entry("z", "Z")], [Entry("z", "Z")]),
        ([replace(A, comments=("my note",))], [replace(A, translation="")], [replace(A, comments=("my note",))]),
    ],
    ids=["same", "looked at", "notes", "flags", "key moved", "screen moved", "also elsewhere", "English changed", "gone", "back",
        "never translated", "comment"],
)  # fmt: skip
def test_a_file_is_merged_like_this(old: list[Entry], new: list[Entry], gives: list[Entry]) -> None:
    """Valid translations are kept, doubtful ones become guesses, and unused ones are stored for later."""
    head = Entry("", "", "Language: ru\n")
    assert merge(Po(head, tuple(old)), new) == Po(head, tuple(gives))


def test_a_moved_option_keeps_its_translation(updated: Updated) -> None:
    """Renumbering a menu makes no work for translators."""
    moved = entry(updated.root, "start.home.6")
    assert (moved.translation, moved.fuzzy) == (updated.advice, False)


def test_status_counts_the_remaining_work(root: Path) -> None:
    """Missing, guessed, too long and unread texts. For programs the same as JSON."""
    found, _ = po.read(PO.name, (root / PO).read_bytes())
    translations = {"to_caller.hello": "", "to_caller.cannot": "Ы" * 71}
    rows = (replace(each, translation=translations.get(each.context, each.translation)) for each in found.entries)
    (root / PO).write_text(po.write(replace(found, entries=tuple(rows))), "utf-8")
    (row,) = progress(["ru"], root)
    assert (row["missing"], row["fuzzy"], row["long"], row["whole"]) == (1, 0, ["to_caller.cannot"], False)
    assert row["translated"] == len(read_sources(root).wanted) - 1
    assert row["unreviewed"]["to_caller"] == 22
    assert "too long in ru: to_caller.cannot" in table([row])


def test_status_can_be_printed_as_json() -> None:
    """One JSON list with a row for each language."""
    done = CliRunner().invoke(komek, ["translate", "status", "ru", "tk_gsm", "--json"])
    assert [row["language"] for row in json.loads(done.output)] == ["ru", "tk"]


@pytest.mark.parametrize("command", ["extract", "update", "status", "preview", "reviewed"])
def test_every_command_prints_what_it_did(command: str) -> None:
    assert "Usage:" in CliRunner().invoke(komek, ["translate", command, "--help"]).output


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    done = CliRunner().invoke(komek, ["translate", "update", "xx"])
    assert done.exit_code == 2
    assert f"choose from {', '.join(bases())}" in " ".join(done.output.split())
