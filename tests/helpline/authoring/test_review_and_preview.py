"""Reviewing and previewing translations: the screens as a phone shows them, and the marks of readers."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from helpline.cli import komek
from helpline.commands.translate import preview
from helpline.commands.translate.review import IN_A_CHECKOUT, must_last, review
from helpline.commands.translate.status import progress
from helpline.commands.translate.update import AWAITING
from helpline.content.loading import blockers, load, reviews_of
from helpline.content.reviews import Mark, Reviews, marks_of, review_states
from helpline.content.sources import ROOT, countries
from helpline.content.yaml_files import read_yaml
from helpline.core.config import Config
from menus.gsm7 import weigh
from tests.steps.translations import PO, edit, entry


def test_the_preview_shows_a_screen_with_its_longest_values() -> None:
    """As the phone shows it, whether or not it fits, with its weight."""
    shown = preview.screens("ru", "callback.kept", "KG")
    assert [each.path for each in shown] == ["callback.kept", "callback.kept (wrong key)"]
    assert "{" not in shown[0].text
    assert shown[0].foot == f"{weigh(shown[0].text)} of 70"
    assert preview.terminal(shown).count("UCS-2") == 2


def test_in_the_preview_of_a_complete_language_every_screen_fits() -> None:
    """It shows only what a phone can show: after an end screen no key is read."""
    assert [each.path for each in preview.screens("ru", "", "KG") if each.too_long] == []


def test_the_preview_page_has_every_screen_and_needs_no_other_file() -> None:
    """It has no links and no scripts, so it can be sent to a reviewer as it is."""
    shown = preview.screens("ru", "", "KG")
    page = preview.page("ru", shown)
    assert page.count("<figure") == len(shown) > 200
    assert "http" not in page
    assert "<script" not in page


def test_a_preview_without_screens_says_so() -> None:
    """A mistyped path, or a language that the country does not offer."""
    for arguments in (["ru", "nowhere"], ["tk", "--country", "KG"], ["xx"]):
        assert CliRunner().invoke(komek, ["translate", "preview", *arguments]).exit_code == 2


def test_r13_a_review_shows_the_wordings_and_records_the_reader(root: Path) -> None:
    """The mark is for exactly these words. It counts at once, and no longer after a change."""
    shown = review("ru", ["to_caller"], "A. Reader", "", write=False, root=root)
    assert entry(root, "to_caller.no_call").translation in " ".join(shown.replace("│", "").split())
    assert "not saved" in shown
    assert progress(["ru"], root)[0]["unreviewed"]["to_caller"] == 22
    review("ru", ["to_caller"], "A. Reader", "", write=True, root=root)
    assert "to_caller" not in progress(["ru"], root)[0]["unreviewed"]
    edit(root / PO, entry(root, "to_caller.no_call").translation, "Хорошо. Тихо.")
    assert progress(["ru"], root)[0]["unreviewed"]["to_caller"] == 1


def test_r13_an_installed_copy_keeps_no_mark_and_says_where_to_write_it(root: Path) -> None:
    """Its content is replaced by the next update, and the public web would then refuse to start."""
    with pytest.raises(click.ClickException, match="in the checkout"):
        must_last(root)
    (root.parent / IN_A_CHECKOUT).touch()
    must_last(root)
    must_last()


def test_r13_several_topics_are_read_at_once_and_a_mistyped_one_is_named(root: Path) -> None:
    with pytest.raises(click.ClickException, match="no wording of 'dangr' in ru"):
        review("ru", ["to_caller", "dangr"], "A. Reader", "", write=True, root=root)
    assert progress(["ru"], root)[0]["unreviewed"]["to_caller"] == 22
    review("ru", ["to_caller", "danger"], "A. Reader", "", write=True, root=root)
    assert not {"to_caller", "danger"} & {*progress(["ru"], root)[0]["unreviewed"]}


def test_r13_the_command_that_production_names_for_a_language_resolves_it(root: Path) -> None:
    """Without a topic it covers all that is missing there: the language has no line any more, and the others keep theirs."""
    config = Config(country="KG", channels=("africastalking",))
    before = [line for line in blockers(config, load(config, root)) if "(R13)" in line]
    assert [line for line in before if "`./komek translate reviewed ru --country KG --by NAME`" in line]
    review("ru", (), "A. Reader", "KG", write=True, root=root)
    after = [line for line in blockers(config, load(config, root)) if "(R13)" in line]
    assert after == [line for line in before if " in ru " not in line]
    with pytest.raises(click.ClickException, match="no wording in ru needs a review"):
        review("ru", (), "A. Reader", "KG", write=True, root=root)


def test_r13_the_header_names_the_reviewer_only_after_all_is_read(root: Path) -> None:
    """Until then the header says that the file awaits a native reviewer."""
    *topics, last = progress(["ru"], root)[0]["unreviewed"]
    review("ru", topics, "A. Reader", "", write=True, root=root)
    assert progress(["ru"], root)[0]["header"] == AWAITING
    review("ru", [last], "A. Reader", "", write=True, root=root)
    (row,) = progress(["ru"], root)
    assert row["unreviewed"] == {}
    assert re.fullmatch(r"A\. Reader, \d{4}-\d\d-\d\d", row["header"])
    assert row["whole"]


def test_new_marks_are_added_below_the_old_ones(root: Path) -> None:
    """Names may contain quotes."""
    for reviewer in ('The "first"', "second"):
        review("ru", ["to_caller" if reviewer == "second" else "callback"], reviewer, "", write=True, root=root)
    rows = read_yaml(root / "reviews.yaml")["marks"]
    assert list(dict.fromkeys(row["reviewer"] for row in rows)) == ['The "first"', "second"]


@pytest.mark.parametrize("country", sorted(countries()))
def test_r13_the_marks_hold_where_fewer_languages_are_offered(country: str) -> None:
    """Otherwise the line could not start with `KOMEK_LANGUAGES`, and no command would show what lacks a mark."""
    whole = load(Config(country=country))
    shown = Reviews(whole.book, (), all_allowed=False)
    marks = [Mark(each.text, each.language, "A. Reader", "2026-11-24", each.hash) for each in review_states(shown)]
    for languages in ([whole.book.languages[0]], whole.book.languages[1:]):
        fewer = load(Config(country=country, languages=tuple(languages)))
        assert list(fewer.book.languages) == list(languages)
        assert list(Reviews(fewer.book, marks, all_allowed=False).missing()) == []


@pytest.mark.parametrize("country", sorted(countries()))
def test_r13_a_verified_number_ends_no_review_and_another_number_does(tmp_path: Path, country: str) -> None:
    """Otherwise readers would read the same words twice, or nobody the number that callers are shown now."""
    root = Path(shutil.copytree(ROOT, tmp_path / "content"))
    file = root / f"countries/{country.lower()}.yaml"
    shown = reviews_of(load(Config(country=country), root))
    marks = [Mark(each.text, each.language, "A. Reader", "2026-11-24", each.hash) for each in review_states(shown)]

    def unread() -> set[str]:
        present = load(Config(country=country), root)
        return {text for text, _ in replace(reviews_of(present), marks=marks).missing()}

    assert unread() == set()
    verified = file.read_text("utf-8").replace("verified: null", "verified: {by: A, on: 2026-11-20, how: a call}")
    file.write_text(verified, "utf-8")
    assert load(Config(country=country), root).country.unverified == []
    assert unread() == set()
    doctor, other = ("003", "001") if country == "TM" else ("103", "101")
    file.write_text(verified.replace(f'{{number: "{doctor}"', f'{{number: "{other}"'), "utf-8")
    assert {"start.bye", "start.refused", "start.emergency"} <= unread()


def test_a_doctor_signs_what_they_must_and_lets_no_text_be_sent(root: Path) -> None:
    """A signature holds for the words as they are, is asked for once, and is no reader's mark."""
    before = progress(["ru"], root)[0]["unsigned"]
    shown = review("ru", ["health"], "Dr. A", "KG", write=True, root=root, role="doctor")
    assert "health.first (reading age about " in shown
    rows = read_yaml(root / "reviews.yaml")["marks"]
    assert {row["role"] for row in rows} == {"doctor"}
    needed = {text for text, roles in load(Config(country="KG")).signers.items() if "doctor" in roles}
    assert {row["text"] for row in rows} == {text for text in needed if text.startswith("health.")}
    assert before > progress(["ru"], root)[0]["unsigned"] > 0
    with pytest.raises(click.ClickException, match="no wording of 'health'"):
        review("ru", ["health"], "Dr. A", "KG", write=True, root=root, role="doctor")
    review("ru", ["health"], "A. Lawyer", "KG", write=True, root=root, role="lawyer")
    texts = {row["text"] for row in read_yaml(root / "reviews.yaml")["marks"] if row["role"] == "lawyer"}
    assert texts == {"health.before", "health.intimate", "health.force"}
    marks = marks_of(read_yaml(root / "reviews.yaml")["marks"])
    signed = Reviews(load(Config(country="KG"), root).book, marks, all_allowed=False)
    assert not signed.allow("health.first", "ru")
