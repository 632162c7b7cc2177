"""Notes on a case: who reads them, what they may contain, that no typed text is lost, and that they are deleted."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.casework.notes import MOST_LETTERS, MOST_NOTES, fault_of
from helpline.core.typed_text import strip_invisible
from helpline.staff import raid_lock
from helpline.store.schema import audit, note, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.world import CALLER

WORDS = "They are at an aunt's until Friday."


def claimed(office: CaseOffice) -> tuple[str, Browser]:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/claim")
    return id, browser


def notes(browser: Browser, id: str, text: str = WORDS) -> str:
    """Write a note. Return the reply, or the page."""
    browser.get(f"/cases/{id}")
    done = browser.send(f"/cases/{id}/note", {"note": text})
    return (done.location or "").partition("said=")[2] or browser.page


def test_a_colleague_can_read_a_note(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert notes(browser, id) == "note_kept"
    _, colleague = office.worker(office.service_of(id), "colleague")
    page = colleague.get(f"/cases/{id}").get_data(as_text=True)
    assert "They are at an aunt&#39;s until Friday." in page
    assert "Demo caseworker" in page
    assert "note" in [row.action for row in office.world.rows(audit)]


def test_r32_no_other_service_reads_a_note(office: CaseOffice) -> None:
    id, browser = claimed(office)
    notes(browser, id)
    other = "kg-osh" if office.service_of(id) != "kg-osh" else "kg-bishkek"
    _, other_browser = office.worker(other, "elsewhere")
    assert other_browser.get(f"/cases/{id}").status_code == 404
    other_browser.get("/account")
    proof = other_browser.hidden("/account/looks")
    assert other_browser.post(f"/cases/{id}/note", {**proof, "note": "x"}).status_code == 404
    assert len(office.world.rows(note)) == 1


def test_r32_after_a_claim_is_given_back_no_service_reads_its_notes(office: CaseOffice) -> None:
    id, browser = claimed(office)
    notes(browser, id)
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/pass", {"why": "other"})
    assert "aunt" not in browser.get(f"/cases/{id}").get_data(as_text=True)
    office.world.run()
    again = office.newest()
    assert office.service_of(again) != office.service_of(id)
    assert len(office.world.rows(note)) == 1
    _, other_browser = office.worker(office.service_of(again), "next")
    other_browser.get(f"/cases/{again}")
    other_browser.send(f"/cases/{again}/claim")
    assert "aunt" not in other_browser.get(f"/cases/{again}").get_data(as_text=True)
    assert office.world.rows(note) == []


def test_a_note_reappears_when_the_caller_returns_to_the_same_service(office: CaseOffice) -> None:
    """A stop pauses and does not erase. A person who has the caller's phone must not undo the help given (R48)."""
    id, browser = claimed(office)
    notes(browser, id)
    office.world.text(CALLER, "STOP")
    assert "aunt" not in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert len(office.world.rows(note)) == 1


def test_r34_a_note_is_deleted_when_the_request_ends(office: CaseOffice) -> None:
    id, browser = claimed(office)
    notes(browser, id)
    with office.world.db.write(office.world.clock() + timedelta(minutes=10)) as tx:
        tx.execute(sa.update(request).values(state="closed"))
        office.world.work.erasure.erase(tx)
    assert office.world.rows(note) == []


def test_r35_a_note_is_sealed_and_in_no_log(office: CaseOffice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    id, browser = claimed(office)
    notes(browser, id)
    (row,) = office.world.rows(note)
    assert b"aunt" not in row.sealed
    assert "aunt" not in caplog.text
    assert office.office.console.sign_in.key.open(f"note {row.id} {row.request} kg-other", row.sealed) is None


def test_no_note_is_shown_during_the_raid_lock(office: CaseOffice) -> None:
    id, browser = claimed(office)
    notes(browser, id)
    with office.world.db.write(office.world.clock()) as tx:
        raid_lock.lock(tx, "coordinator", office.office.console.sign_in.audit_key)
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "aunt" not in page
    assert "Notes are not shown now" in page


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("", "Write the note first"), (" \u200b\u2066\n", "Write the note first"),
     ("a" * (MOST_LETTERS + 1), "longer than 4000 characters"),
     ("ы" * 20_000, "longer than 4000 characters"), ("Ring 0 (555) 12-34-56", "No telephone numbers"),
     ("٠٥٥٥١٢٣", "No telephone numbers")],
    ids=["nothing", "nothing that is seen", "too long", "huge", "a telephone number", "in other digits"],
)  # fmt: skip
def test_a_refused_note_stays_in_its_field_with_the_reason(office: CaseOffice, typed: str, fault: str) -> None:
    id, browser = claimed(office)
    page = notes(browser, id, typed)
    assert fault in page
    assert f'aria-invalid="true">\n{typed}</textarea>' in page
    assert office.world.rows(note) == []
    assert notes(browser, id, "Shorter.") == "note_kept"


def test_the_number_of_notes_is_limited(office: CaseOffice) -> None:
    id, browser = claimed(office)
    notes(browser, id)
    (row,) = office.world.rows(note)
    with office.world.db.write() as tx:
        for each in range(MOST_NOTES - 1):
            tx.execute(sa.insert(note).values({**row._mapping, "id": f"{each:032}"}))
    assert f"There are {MOST_NOTES} notes" in notes(browser, id, "One more.")
    assert "One more." in browser.page
    assert "This note cannot be read any more" in browser.get(f"/cases/{id}").get_data(
        as_text=True
    )  # rows that were moved


def test_invisible_and_direction_characters_are_removed() -> None:
    assert strip_invisible("a\u202eb\u2066c\u200bd\ufeffe\x00f\x1b[31mg\r\nh\u2028i\tj") == "abcdef[31mg\nh\ni j"
    assert strip_invisible("й") == "й"
    assert fault_of("12.11.2026 14:30, 3 children, room 1204") == ""


def test_markup_in_a_note_is_shown_as_text(office: CaseOffice) -> None:
    id, browser = claimed(office)
    notes(browser, id, "<script>alert(1)</script></p>{{ 7*7 }}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;{{ 7*7 }}" in browser.get(f"/cases/{id}").get_data(
        as_text=True
    )


def test_a_note_on_a_case_that_moved_on_is_shown_to_its_author_again(office: CaseOffice) -> None:
    id, browser = claimed(office)
    browser.get(f"/cases/{id}")
    office.world.text(CALLER, "STOP")
    done = browser.send(f"/cases/{id}/note", {"note": WORDS})
    assert done.status_code == 422
    assert "They are at an aunt&#39;s until Friday.</textarea>" in browser.page
    assert office.world.rows(note) == []


def test_a_long_note_survives_the_end_of_its_session(office: CaseOffice) -> None:
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/claim")
    browser.get(f"/cases/{id}")
    office.office.wait(minutes=16)
    assert browser.send(f"/cases/{id}/note", {"note": "ы" * 20_000}).location.startswith("/login")
    browser.log_in(who)
    browser.prove(who)
    assert "ы" * 20_000 in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert notes(browser, id, WORDS) == "note_kept"
    assert "ы" * 100 not in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_a_note_that_is_sent_twice_is_stored_once(office: CaseOffice) -> None:
    id, browser = claimed(office)
    browser.get(f"/cases/{id}")
    form = {**browser.hidden(f"/cases/{id}/note"), "note": WORDS}
    assert browser.post(f"/cases/{id}/note", form).status_code == 303
    assert browser.post(f"/cases/{id}/note", form).status_code == 409
    assert len(office.world.rows(note)) == 1


def test_text_typed_in_an_old_session_appears_in_the_next_form(office: CaseOffice) -> None:
    """Two tabs: the session ended, and the person signed in again in one tab and sends what they typed in the other."""
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/claim")
    browser.get(f"/cases/{id}")
    old = browser.hidden(f"/cases/{id}/note")
    office.office.wait(minutes=16)
    browser.log_in(who)
    browser.prove(who)
    assert browser.post(f"/cases/{id}/note", {**old, "note": WORDS}).status_code == 400
    assert office.world.rows(note) == []
    assert "aunt" in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_a_form_of_another_person_stores_no_text(office: CaseOffice) -> None:
    id, browser = claimed(office)
    browser.get(f"/cases/{id}")
    their_form = browser.hidden(f"/cases/{id}/note")
    _, colleague = office.worker(office.service_of(id), "colleague")
    assert colleague.post(f"/cases/{id}/note", {**their_form, "note": WORDS}).status_code == 400
    assert "aunt" not in colleague.get(f"/cases/{id}").get_data(as_text=True)
