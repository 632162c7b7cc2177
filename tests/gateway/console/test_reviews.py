"""The page of wordings: which texts a person has read in each language, and which wait (R13)."""

from dataclasses import replace

import pytest
from markupsafe import escape

from gateway.console.reviews import in_languages
from helpline.content.reviews import Mark, guarded, review_states
from helpline.staff.roles import Role
from tests.conftest import Databases
from tests.gateway.console.office import Office


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def test_r13_a_review_mark_ends_when_the_words_change(office: Office) -> None:
    reviews = replace(office.console.case_context.reviews, marks=())
    first, *others = review_states(reviews)
    mark = Mark(first.text, first.language, "Aida", "2026-11-24", first.hash)
    read = review_states(replace(reviews, marks=(mark,)))
    assert [each.mark for each in read] == [mark, *(None for _ in others)]
    stale = review_states(replace(reviews, marks=(replace(mark, hash="0" * 16),)))
    assert [each for each in stale if each.mark] == []


def test_the_page_lists_every_guarded_wording_of_every_language(office: Office) -> None:
    reviews = office.console.case_context.reviews
    languages = in_languages(reviews)
    for each in languages:
        assert len(each.read) + len(each.waits) == len(guarded(reviews.book))
    assert {each.code for each in languages} == set(reviews.book.languages)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_the_page_says_which_wordings_wait(office: Office, role: Role) -> None:
    browser = office.signed_in(office.insider(role))
    page = browser.get("/reviews").get_data(as_text=True)
    assert "Not yet reviewed" in page
    assert "Кыргызча" in page
    assert "to_caller.ask" in page
    for language in ("ru", "ky"):
        assert escape(office.console.case_context.reviews.parts("to_caller.ask", language)[0]) in page


def test_the_page_shows_who_signed_and_a_reading_age(office: Office) -> None:
    """A doctor's signature is no reader's mark: the text still waits for one."""
    reviews = office.console.case_context.reviews
    first, *_ = review_states(reviews)
    signature = Mark(first.text, first.language, "Dr. Aida", "2026-11-24", first.hash, "doctor")
    signed = replace(reviews, marks=(signature,), all_allowed=False)
    assert not signed.allow(first.text, first.language)
    found = {each.code: each for each in in_languages(signed)}[first.language]
    assert (list(found.signed), found.read) == ([signature], [])
    assert all(6 <= each.age <= 18 for each in found.waits)
    assert "reading age" in office.signed_in(office.insider(Role.AUDITOR)).get("/reviews").get_data(as_text=True)
