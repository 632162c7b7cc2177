"""The form on the page of a case that changes when the caller may be called."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from helpline.core.call_windows import NOW
from helpline.staff import locks
from helpline.store.schema import audit, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser, Insider
from tests.gateway.console.test_cases import act, claimed, shown
from tests.steps.caller import AGREED, save_draft
from tests.world import CALLER

DAYS = [str(day) for day in range(1, 8)]


def save(browser: Browser, id: str, first: str, last: str, days: list[str]) -> str:
    """Send the form. Return the name of the answer."""
    browser.get(f"/cases/{id}")
    done = browser.post(f"/cases/{id}/hours", {**browser.hidden(f"/cases/{id}/hours"), "first": first, "last": last,
                                               "day": days})  # fmt: skip
    return (done.location or "").partition("said=")[2] or str(done.status_code)


def hours(office: CaseOffice) -> tuple[str, str]:
    (row,) = office.world.rows(request)
    return row.window, row.days


def test_r03_the_form_offers_only_hours_that_the_caller_chose_until_they_were_reached(office: CaseOffice) -> None:
    id = office.offered(window="3")
    who, browser = office.worker(office.service_of(id))
    assert f"/cases/{id}/hours" not in browser.get(f"/cases/{id}").get_data(as_text=True)
    act(browser, id, "claim")
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "The caller chose: 12:00–17:00" in page
    assert '<option value="11">' not in page
    assert '<option value="18">' not in page
    assert save(browser, id, "13", "16", ["2", "3"]) == "hours_set"
    assert hours(office) == ("13-16", "23")
    page = browser.get(f"/cases/{id}?said=hours_set").get_data(as_text=True)
    assert 'class="done"' in page
    assert '<option value="13" selected>' in page
    assert "The caller chose: 12:00–17:00" in page
    assert save(browser, id, "9", "16", DAYS) == "hours_wider"
    assert 'class="refused"' in browser.get(f"/cases/{id}?said=hours_wider").get_data(as_text=True)
    office.world.set_local(13)
    browser = office.office.signed_in(who)
    office.prove(who, browser, f"/cases/{id}")
    assert CALLER[-3:] in shown(browser, id)
    assert act(browser, id, "told", outcome="reached") == "reached"
    assert "Hours changed" in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert '<option value="8">' in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert save(browser, id, "9", "20", DAYS) == "hours_set"
    assert hours(office) == ("09-20", "")
    assert [row.actor for row in office.world.rows(audit) if row.action == "hours"] == [who.person.id] * 2


def test_r03_a_caller_who_chose_two_hours_has_chosen_no_other_time(office: CaseOffice) -> None:
    """The page names no hours as theirs, and offers a form only when the service may agree on hours with them."""
    save_draft(office.world, replace(AGREED, window=NOW, risk=NOW))
    office.world.run()
    id = office.newest()
    who, browser = office.worker(office.service_of(id))
    act(browser, id, "claim")
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "The caller chose" not in page
    assert f"/cases/{id}/hours" not in page
    office.prove(who, browser, f"/cases/{id}")
    assert CALLER[-3:] in shown(browser, id)
    assert act(browser, id, "told", outcome="reached") == "reached"
    assert "The caller chose" not in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert save(browser, id, "9", "12", DAYS) == "hours_set"
    assert "The caller chose: 09:00–12:00" in browser.get(f"/cases/{id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [("", "", DAYS), ("x", "16", DAYS), ("13", "16", []), ("13", "16", ["x", "9", "0"]), ("16", "13", DAYS),
     ("١٣", "16", DAYS), ("13", "99", DAYS)],
)  # fmt: skip
def test_a_form_that_makes_no_hours_changes_nothing(office: CaseOffice, first: str, last: str, days: list[str]) -> None:
    id, browser = claimed(office)
    before = hours(office)
    assert save(browser, id, first, last, days) == "hours_unclear"
    assert hours(office) == before
    assert "choose at least one day" in browser.get(f"/cases/{id}?said=hours_unclear").get_data(as_text=True)


def test_r32_another_service_cannot_change_the_hours(office: CaseOffice) -> None:
    id, _ = claimed(office)
    before = hours(office)
    _, theirs = office.worker("kg-osh", "elsewhere")
    theirs.get("/account")
    done = theirs.post(
        f"/cases/{id}/hours", {**theirs.hidden("/account/looks"), "first": "9", "last": "10", "day": DAYS}
    )
    assert done.status_code == 404
    assert hours(office) == before


def after_reached(office: CaseOffice) -> tuple[str, Insider, Browser, str]:
    """Reach a caller at 13 o'clock. Return the case, who did it, their browser, and the day."""
    id = office.offered(window="3")
    who, browser = office.worker(office.service_of(id))
    act(browser, id, "claim")
    office.world.set_local(13)
    browser = office.office.signed_in(who)
    office.prove(who, browser, f"/cases/{id}")
    shown(browser, id)
    assert act(browser, id, "told", outcome="reached") == "reached"
    return id, who, browser, office.office.clock.at.astimezone(ZoneInfo("Asia/Bishkek")).date().isoformat()


def test_a_call_that_is_hidden_because_the_hours_changed_says_so(office: CaseOffice) -> None:
    """In the list, on the case and on the sheet: otherwise the colleague would look for it, or call from memory."""
    id, _, browser, today = after_reached(office)
    assert act(browser, id, "agreed", how="we_call", day=today, clock="15:30") == "agreed_saved"
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(window="morning"))
    assert "Hours changed: agree again" in browser.get("/cases").get_data(as_text=True)
    for page in (f"/cases/{id}", "/cases/shift"):
        text = browser.get(page).get_data(as_text=True)
        assert "Do not call at the agreed time: the caller&#39;s hours changed." in text
        assert "15:30 – " not in text


def test_r32_the_page_says_that_the_lock_hides_the_next_contact_and_saves_none(office: CaseOffice) -> None:
    id, _, browser, today = after_reached(office)
    assert act(browser, id, "agreed", how="comes", day=today, clock="15:30") == "agreed_saved"
    with office.world.db.write() as tx:
        locks.put_on(tx, locks.RAID, "kg-coordinator-1")
    said = "While numbers are locked, the next contact is neither shown nor saved."
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert said in page
    assert f'action="/cases/{id}/agreed"' not in page
    browser.get("/account")
    fields = browser.hidden("/account/looks") | {"how": "comes", "day": today, "clock": "16:00"}
    assert browser.post(f"/cases/{id}/agreed", fields).location == f"/cases/{id}?said=agreed_locked"
    assert said in browser.get(f"/cases/{id}?said=agreed_locked").get_data(as_text=True)


def test_the_next_contact_is_saved_shown_in_the_list_and_reported(office: CaseOffice) -> None:
    """Also on the sheet of a shift, which does not say who comes."""
    id, who, browser, today = after_reached(office)
    assert act(browser, id, "agreed", how="comes", day=today, clock="10:00") == "agreed_past"
    assert act(browser, id, "agreed", how="comes", day=today, clock="99:00") == "agreed_unclear"
    assert 'value="comes" required checked' in browser.get(f"/cases/{id}?said=agreed_unclear").get_data(as_text=True)
    assert act(browser, id, "agreed", how="comes", day=today, clock="15:30") == "agreed_saved"
    assert "They come <time" in browser.get("/cases").get_data(as_text=True)
    sheet = browser.get("/cases/shift").get_data(as_text=True)
    assert "Agreed contact: " in sheet
    assert "they come" not in sheet
    office.office.clock.at += timedelta(hours=4)
    browser = office.office.signed_in(who)
    assert "Did it happen? <time" in browser.get("/cases?show=due").get_data(as_text=True)
    assert act(browser, id, "told", outcome="not_met") == "agreed_not_met"
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "No contact: nobody answered or came" in page
    assert "Did it happen?" not in page
    assert 'value="met"' not in page
