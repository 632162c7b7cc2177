"""Marks of wordings at the console (R13): set by a coordinator, taken back, and added to the content by command."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from helpline.commands.translate import review
from helpline.content.reviews import Mark, Reviews, all_texts, marks_of, review_states
from helpline.content.yaml_files import read_yaml
from helpline.oversight import marking
from helpline.staff import review_marks
from helpline.staff.review_marks import SetMark
from helpline.staff.roles import Role
from helpline.store.schema import audit
from tests.conftest import Databases
from tests.gateway.console.office import Browser, Office

TEXT, LANGUAGE = "to_caller.ask", "ky"


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def reviews_of(office: Office) -> Reviews:
    return office.console.case_context.reviews


def coordinator(office: Office) -> Browser:
    """Return a coordinator's browser, with a fresh second factor."""
    who = office.insider(Role.COORDINATOR)
    browser = office.signed_in(who)
    browser.get("/again?next=/reviews")
    assert browser.prove(who, place="/again").location == "/reviews"
    return browser


def mark(browser: Browser, **typed: str) -> str:
    """Send the form of a text. Return the name of the answer."""
    browser.get(f"/reviews/mark?text={TEXT}&language={LANGUAGE}")
    form = {"reviewer": "Aida", "role": "reader", **typed}
    done = browser.post("/reviews/mark", {**browser.hidden("/reviews/mark"), **form})
    return (done.location or "").partition("said=")[2] or str(done.status_code)


def waiting(office: Office) -> list[SetMark]:
    """Return the marks that the command would add."""
    with office.console.db.read() as tx:
        return marking.to_add(tx, [reviews_of(office)])


def test_confirming_once_more_leads_back_to_the_text(office: Office) -> None:
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    office.wait(minutes=6)
    page = browser.get(f"/reviews/mark?text={TEXT}&language={LANGUAGE}").get_data(as_text=True)
    after = parse_qs(urlsplit(unescape(page.split('href="/again')[1].split('"')[0])).query)["next"][0]
    assert browser.get(after).status_code == 200
    assert f"text={TEXT}" in after


def test_r13_a_mark_of_the_console_is_for_the_words_that_were_shown(office: Office, tmp_path: Path) -> None:
    """It lets nothing be sent before it is in the content. There it does, as one that was made by command."""
    browser = coordinator(office)
    assert mark(browser, hash="0" * 16) == "changed"
    assert waiting(office) == []
    assert mark(browser) == "marked"
    (found,) = waiting(office)
    assert (found.mark.text, found.mark.language, found.mark.reviewer) == (TEXT, LANGUAGE, "Aida")
    assert not reviews_of(office).allow(TEXT, LANGUAGE)
    page = browser.get("/reviews").get_data(as_text=True)
    assert "Set here, not yet in the content" in page
    (tmp_path / "reviews.yaml").write_text("marks: []\n")
    review.add([found.mark], tmp_path)
    stored = replace(reviews_of(office), marks=marks_of(read_yaml(tmp_path / "reviews.yaml")["marks"]))
    assert stored.allow(TEXT, LANGUAGE)
    with office.console.db.read() as tx:
        assert marking.to_add(tx, [stored]) == []
    assert _audited(office) == ["marked"]


def test_a_mark_is_taken_back_once(office: Office) -> None:
    browser = coordinator(office)
    assert mark(browser, role="doctor") == "marked"
    (found,) = waiting(office)
    browser.get("/reviews")
    assert (browser.send(f"/reviews/{found.id}/take-back").location or "").endswith("said=taken_back")
    assert waiting(office) == []
    with office.console.db.write() as tx:
        assert not review_marks.take_back(tx, found.id)
    assert _audited(office) == ["marked", "unmarked"]


def test_a_form_that_is_sent_twice_stores_one_mark(office: Office) -> None:
    """A double click does it. After it is taken back, the same person may set it again."""
    browser = coordinator(office)
    assert [mark(browser), mark(browser)] == ["marked", "marked"]
    (found,) = waiting(office)
    assert mark(browser, reviewer="Bek") == "marked"
    assert len(waiting(office)) == 2
    browser.get("/reviews")
    browser.send(f"/reviews/{found.id}/take-back")
    assert mark(browser) == "marked"
    assert len(waiting(office)) == 2
    assert _audited(office) == ["marked", "marked", "unmarked", "marked"]


@pytest.mark.parametrize("typed", [{"reviewer": " \u200b "}, {"reviewer": "x" * 81}, {"role": "owner"}, {"role": ""}])
def test_a_mark_needs_a_name_and_a_role(office: Office, typed: dict[str, str]) -> None:
    browser = coordinator(office)
    assert mark(browser, **typed) == "who"
    assert waiting(office) == []


def test_a_mark_is_for_a_text_that_exists(office: Office) -> None:
    browser = coordinator(office)
    assert browser.get("/reviews/mark?text=start.nowhere&language=ky").status_code == 404
    assert browser.get(f"/reviews/mark?text={TEXT}&language=xx").status_code == 404
    assert mark(browser, text="start.nowhere") == "changed"
    assert mark(browser, text=TEXT, language="xx") == "changed"


def test_every_text_can_be_found_and_marked(office: Office) -> None:
    """The list says who has read each text, counts them, and shows those that wait or all, page by page."""
    browser, reviews = coordinator(office), reviews_of(office)
    known, here = all_texts(reviews.book, LANGUAGE), f"/reviews/texts?language={LANGUAGE}"
    assert {"health.first", "to_ngo.offer", "promise.now", TEXT} <= {*known}
    assert _listed(browser, here) == known
    for text in ("health.first", "advice.first"):
        form = f"/reviews/mark?text={text}&language={LANGUAGE}"
        browser.get(form)
        done = browser.post("/reviews/mark", {**browser.hidden("/reviews/mark"), "reviewer": "Aida", "role": "reader"})
        assert done.location == f"{here}&show=waiting&page=1&said=marked"
    assert _listed(browser, here) == [text for text in known if text not in {"health.first", "advice.first"}]
    assert _listed(browser, f"{here}&show=all") == known
    pages = [browser.get(f"{here}&show=all&page={at}").get_data(as_text=True) for at in range(1, len(known) // 50 + 2)]
    assert sum(page.count("<bdi>Aida</bdi>") for page in pages) == 2
    assert f"Reviewed: 2. Not yet reviewed: {len(known) - 2}." in pages[0]


def test_r13_a_signature_is_no_readers_mark_in_the_list(office: Office) -> None:
    """A text that only a doctor has signed still waits for a reader. A mark for other words is not shown."""
    reviews = reviews_of(office)
    now = marking.hash_now(reviews, "health.first", LANGUAGE)
    signed = Mark("health.first", LANGUAGE, "Dr. Aida", "2026-11-24", now, "doctor")
    stale = Mark("health.menu", LANGUAGE, "Aida", "2026-11-24", "0" * 16)
    found = {each.text: each for each in marking.states(replace(reviews, marks=(signed, stale)), [], LANGUAGE)}
    assert (list(found["health.first"].marks), found["health.first"].is_read) == ([signed], False)
    assert (list(found["health.menu"].marks), found["health.menu"].is_read) == ([], False)


def test_the_list_says_who_must_still_sign_a_text(office: Office) -> None:
    """A signature at the console counts at once. A text that nobody must sign is not among them."""
    here = f"/reviews/texts?language={LANGUAGE}&show=unsigned"
    browser = coordinator(office)
    before = _listed(browser, here)
    assert {"health.first", "advice.wages"} <= {*before}
    assert "health.menu" not in before
    page = browser.get(here).get_data(as_text=True)
    assert f"To be signed: {len(before)}." in page
    form = f"/reviews/mark?text=health.force&language={LANGUAGE}"
    assert re.search(
        r"<code>health\.force</code>, reading age \d+ · To be signed by: a doctor, a psychologist, a lawyer", page
    )
    for role in ("doctor", "psychologist", "lawyer"):
        assert "health.force" in _listed(browser, here)
        browser.get(form)
        browser.post("/reviews/mark", {**browser.hidden("/reviews/mark"), "reviewer": "Aida", "role": role})
    assert _listed(browser, here) == [text for text in before if text != "health.force"]


def test_who_has_signed_a_text_goes_on_with_the_same_list(office: Office) -> None:
    """A doctor has many to sign. An unknown list is the first one."""
    browser = coordinator(office)
    listed = browser.get(f"/reviews/texts?language={LANGUAGE}&show=unsigned&page=1").get_data(as_text=True)
    link = f"/reviews/mark?text=health.first&language={LANGUAGE}&show=unsigned&page=1"
    assert link.replace("&", "&amp;") in listed
    browser.get(link)
    form = {**browser.hidden("/reviews/mark"), "reviewer": "Aida", "role": "doctor"}
    done = browser.post("/reviews/mark", form)
    assert done.location == f"/reviews/texts?language={LANGUAGE}&show=unsigned&page=1&said=marked"
    browser.get(link)
    done = browser.post("/reviews/mark", {**form, **browser.hidden("/reviews/mark"), "show": "x", "page": "x"})
    assert done.location == f"/reviews/texts?language={LANGUAGE}&show=waiting&page=1&said=marked"


def test_the_words_to_read_are_shown_once_with_a_reading_age(office: Office) -> None:
    """A wrong key repeats a page below a line of its own: only that line is shown again."""
    page = coordinator(office).get("/reviews/mark?text=advice.wages&language=ru").get_data(as_text=True)
    assert page.count("Кто-то видел? Запишите кто.") == 1
    assert page.count("Не та цифра.") == 1
    assert re.search(r"<code>advice\.wages</code>, Русский, reading age \d+<", page)


def test_an_auditor_reads_the_marks_and_sets_none(office: Office) -> None:
    assert mark(coordinator(office)) == "marked"
    auditor = office.signed_in(office.insider(Role.AUDITOR, "auditor"))
    page = auditor.get("/reviews").get_data(as_text=True)
    assert "Aida" in page
    assert "/reviews/mark?" not in page
    assert "take-back" not in page
    texts = auditor.get("/reviews/texts?show=all&language=ky").get_data(as_text=True)
    assert "/reviews/mark?" not in texts
    states = review_states(reviews_of(office))
    assert auditor.get(f"/reviews/mark?text={states[0].text}&language={states[0].language}").status_code == 403


def _listed(browser: Browser, place: str) -> list[str]:
    """Return the names of the texts on all pages of a list, in order."""
    found: list[str] = []
    for number in range(1, 30):
        names = re.findall(r"<code>([\w.]+)</code>", browser.get(f"{place}&page={number}").get_data(as_text=True))
        if found[-len(names) :] == names:
            break
        found += names
    return found


def _audited(office: Office) -> list[str]:
    with office.console.db.read() as tx:
        actions = [str(action) for action in tx.execute(sa.select(audit.c.action).order_by(audit.c.seq)).scalars()]
    return [each for each in actions if each.endswith("marked")]
