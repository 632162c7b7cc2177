"""What a translator is given: every text with what to know about it, a file that stays as it is, and her screens."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpline.cli import komek
from helpline.commands.translate import preview
from helpline.commands.translate.review import review
from helpline.commands.translate.status import progress
from helpline.commands.translate.update import AWAITING
from helpline.content import po
from helpline.content.po import Entry
from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml
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
    assert entry(root, "to_caller.no_call").translation in " ".join(shown.replace("│", "").split())
    assert "not saved" in shown
    assert progress(["ru"], root)[0]["unreviewed"]["to_caller"] == 8
    review("ru", "to_caller", "A. Reader", "", write=True, root=root)
    assert "to_caller" not in progress(["ru"], root)[0]["unreviewed"]
    edit(root / PO, entry(root, "to_caller.no_call").translation, "Хорошо. Тихо.")
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
