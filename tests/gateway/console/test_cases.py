"""A service's desk at the console: the list, a case, the number, the outcome. The rules are those of SMS."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from helpline.casework.freeze import FOR_SAFETY
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.directory import services
from helpline.keys.sealing import Opening
from helpline.request import offers
from helpline.staff import raid_lock
from helpline.staff.roles import Role
from helpline.store import arrivals, audit_log
from helpline.store.arrivals import Source
from helpline.store.schema import attempt, audit, desk_code, harm, message, offer, outbox, request
from menus.keywords import Category
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.world import CALLER, OTHER

UNOPENABLE = "0" * 31 + "1"
WAYS_OUT = re.compile("Decline|Give it back")
SAID = re.compile(r'role="status">([^<]*)<')


def act(browser: Browser, id: str, what: str, **typed: str) -> str:
    """Send one of the forms of a case. Return the reply."""
    browser.get(f"/cases/{id}")
    done = browser.send(f"/cases/{id}/{what}", typed)
    assert done.status_code == 303, (what, done.status_code, browser.page)
    return (done.location or "").partition("said=")[2]


def find(browser: Browser, code: str) -> TestResponse:
    """Look for the case of five digits."""
    browser.get("/cases")
    return browser.send("/cases/find", {"code": code})


def claimed(office: CaseOffice) -> tuple[str, Browser]:
    """Offer a request and claim it at the console, with a fresh second factor."""
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    assert act(browser, id, "claim") == "card"
    office.prove(who, browser, f"/cases/{id}")
    return id, browser


def a_form(browser: Browser) -> dict[str, str]:
    """Return the hidden fields of a form that each account has."""
    browser.get("/account")
    return browser.hidden("/account/looks")


def shown(browser: Browser, id: str) -> str:
    """Ask for the number, also if the page has no button for it. Return the page, or the reply if there is none."""
    done = browser.post(f"/cases/{id}/number", {**a_form(browser), "read": "yes"})
    return browser.page if done.status_code == 200 else (done.location or "").partition("said=")[2]


def state(office: CaseOffice) -> str:
    return str(office.world.rows(request)[0].state)


def test_a_case_is_worked_on_from_the_list_to_its_end(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert f'href="/cases/{id}"' in browser.get("/cases").get_data(as_text=True)
    assert CALLER in shown(browser, id)
    assert act(browser, id, "told", outcome="reached") == "reached"
    assert state(office) == "reached"
    assert act(browser, id, "done") == "done_first", "it deletes the number, and nothing undoes it"
    assert state(office) == "reached"
    assert act(browser, id, "done", sure="yes") == "done"
    assert state(office) == "closed"
    actors = {row.actor for row in office.world.rows(audit) if row.action in ("claim", "reveal", "reached", "done")}
    assert len(actors) == 1
    assert actors == {row.actor for row in office.world.rows(attempt)}


def test_a_reply_on_a_page_is_not_also_sent_by_sms(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    before = len(office.world.gateway.sent)
    rows = len(office.world.rows(message))
    act(browser, id, "claim")
    assert len(office.world.rows(message)) == rows
    assert "send" not in {row.kind for row in office.world.rows(outbox) if row.state == "ready"}
    office.world.run()
    assert len(office.world.gateway.sent) == before


@pytest.mark.parametrize("what", ["", "/hand"])
def test_another_service_cannot_open_a_case(office: CaseOffice, what: str) -> None:
    id, own_browser = claimed(office)
    _, other_browser = office.worker("kg-osh" if office.service_of(id) != "kg-osh" else "kg-bishkek", "elsewhere")
    assert own_browser.get(f"/cases/{id}{what}").status_code == 200
    assert other_browser.get(f"/cases/{id}{what}").status_code == 404
    assert id not in other_browser.get("/cases").get_data(as_text=True)


@pytest.mark.parametrize(
    ("what", "typed"),
    [("claim", {}), ("pass", {"why": "full"}), ("told", {"outcome": "reached"}), ("done", {"sure": "yes"}), ("undo", {}),
     ("hand", {"to": "kg-osh"}), ("number", {"read": "yes"}), ("bridge", {"read": "yes"})],
)  # fmt: skip
def test_another_service_cannot_act_on_a_case(office: CaseOffice, what: str, typed: dict[str, str]) -> None:
    id, _ = claimed(office)
    _, other_browser = office.worker("kg-osh" if office.service_of(id) != "kg-osh" else "kg-bishkek", "elsewhere")
    before = [office.world.rows(table) for table in (request, offer, attempt, audit)]
    other_browser.get("/account")
    proof = other_browser.hidden("/account/looks")
    assert other_browser.post(f"/cases/{id}/{what}", {**proof, **typed}).status_code == 404
    assert [office.world.rows(table) for table in (request, offer, attempt, audit)] == before


def test_one_of_two_claims_succeeds_and_the_other_is_told(office: CaseOffice) -> None:
    id = office.offered()
    service = office.service_of(id)
    (_, first), (_, second) = office.worker(service, "first"), office.worker(service, "second")
    first.get(f"/cases/{id}")
    second.get(f"/cases/{id}")
    assert first.send(f"/cases/{id}/claim").location == f"/cases/{id}?said=card"
    assert second.send(f"/cases/{id}/claim").location == f"/cases/{id}?said=taken"
    assert [row.action for row in office.world.rows(audit) if row.action == "claim"] == ["claim"]


def test_one_of_two_simultaneous_claims_succeeds(office: CaseOffice) -> None:
    id = office.offered()
    pair = [office.worker(office.service_of(id), login)[1] for login in ("first", "second")]
    for browser in pair:
        browser.get(f"/cases/{id}")
    with ThreadPoolExecutor(2) as both:
        replies = both.map(lambda browser: browser.send(f"/cases/{id}/claim").location.partition("said=")[2], pair)
    assert sorted(replies) == ["card", "taken"]
    assert [row.action for row in office.world.rows(audit)].count("claim") == 1


def test_a_stale_form_changes_nothing_and_counts_as_no_wrong_guess(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    office.world.text(CALLER, "STOP")
    assert state(office) == "paused"
    assert browser.send(f"/cases/{id}/claim").location == f"/cases/{id}?said=not_open"
    assert state(office) == "paused"
    assert office.world.rows(desk_code) == []


def test_r48_an_unread_stop_is_obeyed_before_a_number_is_shown(office: CaseOffice) -> None:
    id, browser = claimed(office)
    office.world.public.sms("at", sms(CALLER, "STOP"))
    assert shown(browser, id) == "wait"
    assert not [row for row in office.world.rows(audit) if row.action == "reveal"]


def test_r48_an_unread_answer_to_stop_all_calls_is_waited_for(office: CaseOffice) -> None:
    """Without that question a digit of theirs delays nothing."""
    id, browser = claimed(office)
    office.world.text(CALLER, "уже дома")
    office.world.public.sms("at", sms(CALLER, "1"))
    assert shown(browser, id) == "wait"
    assert not [row for row in office.world.rows(audit) if row.action == "reveal"]


@pytest.mark.parametrize("path", ["/cases", "/cases/shift"])
def test_r18_no_list_shows_a_case_whose_stop_is_unread(office: CaseOffice, path: str) -> None:
    """Somebody may call from the list. A stop of another telephone hides nothing."""
    id, browser = claimed(office)
    with office.world.db.read() as tx:
        held = offers.get(tx, id)
    assert held is not None
    code = office.world.work.ctx.offer_code(held.id, held.draws)
    office.world.public.sms("at", sms(OTHER, "STOP"))
    browser.get(path)
    assert code in browser.page
    office.world.public.sms("at", sms(CALLER, "STOP"))
    browser.get(path)
    assert code not in browser.page


def test_r18_what_waits_is_opened_once_for_all_polls_and_pages(
    office: CaseOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Anybody can send many stops. One that no key opens is logged once, and hides nothing."""
    id, browser = claimed(office)
    opened = list[str]()
    known = Opening.open

    def noted(self: Opening, row: str, sealed: bytes) -> Hidden:
        opened.append(row)
        return known(self, row, sealed)

    monkeypatch.setattr(Opening, "open", noted)
    for at in range(3):
        office.world.public.sms("at", IncomingSms(f"in-{at}", msisdn(OTHER), Hidden("STOP")))
    with office.world.db.write() as tx:
        arrivals.add_text(tx, UNOPENABLE, Source("in-9", "at", ""), b"sealed with another key", Category.STOP)
    for place in ("/cases", "/cases/bell", f"/cases/{id}", "/cases/bell"):
        assert browser.get(place).status_code == 200
    assert len(opened) == len(set(opened)) == 5, "three stops, one that cannot be opened, and the case's own telephone"
    assert CALLER in shown(browser, id)
    assert len(opened) == len(set(opened)) + 1 == 6, "the number that is shown is opened for that"
    assert [[*vars(row)["ids"].values()] for row in caplog.records if row.msg == "cannot_open"] == [[UNOPENABLE]]


def test_an_unread_text_of_another_phone_delays_nothing(office: CaseOffice) -> None:
    id, browser = claimed(office)
    office.world.public.sms("at", sms(OTHER, "STOP"))
    assert CALLER in shown(browser, id)


def test_r32_the_number_is_shown_once_in_a_window_and_logged(office: CaseOffice) -> None:
    id, browser = claimed(office)
    page = shown(browser, id)
    assert CALLER in page
    assert shown(browser, id) == "used"
    assert [row.action for row in office.world.rows(audit) if row.action == "reveal"] == ["reveal"]
    with office.world.db.read() as tx:
        assert audit_log.broken_at(tx, office.office.console.sign_in.audit_key) is None


def test_r32_the_number_asks_for_a_second_factor_and_for_the_tick(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    act(browser, id, "claim")
    office.office.wait(minutes=6)
    browser.get(f"/cases/{id}")
    assert browser.send(f"/cases/{id}/number", {"read": "yes"}).location == f"/again?next=/cases/{id}%23show"
    assert not [row for row in office.world.rows(audit) if row.action == "reveal"]


def test_r32_without_the_tick_no_number_is_shown(office: CaseOffice) -> None:
    id, browser = claimed(office)
    done = browser.send(f"/cases/{id}/number")
    assert done.location == f"/cases/{id}?said=read_card"
    assert CALLER not in browser.get(done.location).get_data(as_text=True)


def test_r32_a_number_is_in_one_response_only(office: CaseOffice) -> None:
    """No browser stores it, no address leads to it, and it disappears by itself.

    Going back sends a form that was used.
    """
    id, browser = claimed(office)
    form = {**browser.hidden(f"/cases/{id}/number"), "read": "yes"}
    first = browser.post(f"/cases/{id}/number", form)
    assert CALLER in browser.page
    assert first.headers["Cache-Control"] == "no-store"
    assert first.headers["Refresh"] == f"180; url=/cases/{id}"
    assert browser.post(f"/cases/{id}/number", form).status_code == 409
    assert CALLER not in browser.page
    for place in ("/cases", f"/cases/{id}", f"/cases/{id}?said=number", f"/cases/{id}/number"):
        browser.get(place)
        assert CALLER not in browser.page


def test_r32_no_number_is_shown_during_the_raid_lock(office: CaseOffice) -> None:
    id, browser = claimed(office)
    browser.get(f"/cases/{id}")
    with office.world.db.write(office.world.clock()) as tx:
        raid_lock.lock(tx, "coordinator", office.office.console.sign_in.audit_key)
    assert browser.send(f"/cases/{id}/number", {"read": "yes"}).location == f"/cases/{id}?said=locked"


def test_r32_a_service_that_left_the_directory_sees_no_number_at_the_console(office: CaseOffice) -> None:
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        service = services.service_by_id(tx, office.service_of(id))
        assert service is not None
        services.write(tx, "KG", replace(service, status=services.GONE))
    assert shown(browser, id) == "not_open"
    assert CALLER not in browser.page


def test_r03_no_number_is_shown_outside_the_callers_hours(office: CaseOffice) -> None:
    id = office.offered(window="4")
    who, browser = office.worker(office.service_of(id))
    act(browser, id, "claim")
    office.prove(who, browser, f"/cases/{id}")
    assert shown(browser, id) == "not_now"
    assert not [row for row in office.world.rows(audit) if row.action == "reveal"]


def test_r32_the_window_of_a_claim_that_another_hosts_clock_has_made_later_is_not_used_up(office: CaseOffice) -> None:
    """The clock of the console is five minutes behind. Five minutes later the number is shown."""
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    office.office.clock.at += timedelta(minutes=5)
    act(browser, id, "claim")
    office.office.clock.at -= timedelta(minutes=5)
    office.prove(who, browser, f"/cases/{id}")
    assert shown(browser, id) == "not_yet", "the window on the card is open: it must not say to wait for it"
    office.office.clock.at += timedelta(minutes=5)
    office.prove(who, browser, f"/cases/{id}")
    assert CALLER in shown(browser, id)


def test_r11_the_daily_limit_counts_all_accounts_of_a_service(office: CaseOffice) -> None:
    limit = office.world.config.reveals_a_day
    id, browser = claimed(office)
    service = office.service_of(id)
    colleague, _ = office.worker(service, "colleague")
    with office.world.db.write() as tx:
        for _ in range(limit):
            audit_log.append(
                tx, office.office.console.sign_in.audit_key, office.world.clock(), colleague.person.id, "reveal", "x"
            )
    assert shown(browser, id) == "enough"


def test_r08_if_somebody_else_answers_the_request_is_frozen_and_coordinators_are_called(office: CaseOffice) -> None:
    id, browser = claimed(office)
    shown(browser, id)
    browser.get(f"/cases/{id}")
    assert "freezes the request" in browser.page
    assert act(browser, id, "told", outcome="someone_else_answered") == "stop"
    assert state(office) == "frozen"
    assert len(office.world.rows(harm)) == 1
    office.world.run()
    called = [
        to for to, text in office.world.gateway.sent if "LIFT" in text or "СНЯТЬ" in text or to.startswith("+9960009")
    ]
    assert {"+996000900001", "+996000900002"} <= set(called)


def test_r08_an_outcome_chosen_as_the_session_ended_is_shown_again_as_not_saved(
    office: CaseOffice,
) -> None:
    """Otherwise a person who signs in again would believe that the line is frozen."""
    id, browser = claimed(office)
    service = office.service_of(id)
    who = office.office.insider(login="latecomer", service=service)
    browser = office.office.signed_in(who)
    office.prove(who, browser, f"/cases/{id}")
    shown(browser, id)
    browser.get(f"/cases/{id}")
    assert "Nothing was done yet" not in browser.page
    office.office.wait(minutes=16)
    assert browser.send(f"/cases/{id}/told", {"outcome": "wrong_code_word"}).location.startswith("/login")
    browser.log_in(who)
    browser.prove(who)
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "Nothing was done yet" in page
    assert 'value="wrong_code_word" required checked' in page
    assert state(office) == "claimed"
    assert browser.send(f"/cases/{id}/told", {"outcome": "wrong_code_word"}).location == f"/cases/{id}?said=stop"
    assert "Nothing was done yet" not in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert state(office) == "frozen"


def test_after_a_call_only_what_concerns_safety_can_be_added(office: CaseOffice) -> None:
    """And the card names the next time, as the top of the page does."""
    id, browser = claimed(office)
    shown(browser, id)
    assert act(browser, id, "told", outcome="no_answer") == "noted"
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    choices = re.findall(r'name="outcome" value="(\w+)"', page)
    assert "reached" not in choices
    assert set(choices) == FOR_SAFETY
    assert 'Time to call: <strong lang="en">25.11' in page


def test_who_is_asked_for_the_code_again_keeps_the_tick(office: CaseOffice) -> None:
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    act(browser, id, "claim")
    office.office.wait(minutes=6)
    assert 'id="read" name="read" value="yes" required>' in browser.get(f"/cases/{id}").get_data(as_text=True)
    again = browser.send(f"/cases/{id}/number", {"read": "yes"}).location
    browser.get(again)
    assert browser.prove(who, place="/again").location == f"/cases/{id}#show", "the act that it interrupted"
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert 'id="read" name="read" value="yes" required checked>' in page
    assert not [row for row in office.world.rows(audit) if row.action == "reveal"]


def test_an_outcome_needs_a_shown_number(office: CaseOffice) -> None:
    id, browser = claimed(office)
    browser.get(f"/cases/{id}")
    proof = browser.hidden(f"/cases/{id}/pass")
    done = browser.post(f"/cases/{id}/told", {**proof, "outcome": "reached"})
    assert done.location == f"/cases/{id}?said=ask_first"
    assert state(office) == "claimed"


def test_a_report_after_which_no_time_is_left_says_that_it_was_saved(office: CaseOffice) -> None:
    """The reply looked like a refusal, so a person would have saved the outcome again."""
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(window="now", risk="now", since=tx.now))
    browser.get(f"/cases/{id}")
    assert CALLER in shown(browser, id)
    assert act(browser, id, "told", outcome="no_answer") == "last_danger"
    browser.get(f"/cases/{id}?said=last_danger")
    assert '<p class="done" role="status">Saved.' in browser.page
    assert "A coordinator is told." in browser.page
    assert [row.outcome for row in office.world.rows(attempt)] == ["claim", "no_answer"]


def test_an_offer_can_be_declined_and_a_claim_given_back(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert WAYS_OUT.findall(page) == 2 * ["Decline"]  # its heading and its button
    act(browser, id, "claim")
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert WAYS_OUT.findall(page) == 3 * ["Give it back"]  # a link to it, its heading and its button
    assert page.count('href="#pass"') == page.count('id="pass"') == 1


def test_a_reason_is_stored_in_the_log(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    assert act(browser, id, "pass", why="language") == "passed"
    assert office.world.rows(audit)[-1].action == "pass_language"
    assert browser.get(f"/cases/{id}?said=passed").status_code == 200
    assert browser.send(f"/cases/{id}/undo").location == f"/cases/{id}?said=undone_again"
    assert "with other digits" in browser.get(f"/cases/{id}?said=undone_again").get_data(as_text=True)


def test_a_colleague_cannot_undo_another_persons_report(office: CaseOffice) -> None:
    id, _ = claimed(office)
    _, colleague = office.worker(office.service_of(id), "colleague")
    assert f'action="/cases/{id}/undo"' not in colleague.get(f"/cases/{id}").get_data(as_text=True)
    done = colleague.post(f"/cases/{id}/undo", colleague.hidden(f"/cases/{id}/note"))
    assert done.location == f"/cases/{id}?said=not_undone"
    assert state(office) == "claimed"


def test_r08_undo_of_a_freeze_is_answered_that_it_stays(office: CaseOffice) -> None:
    """The page has a text for it, as the text by SMS has other words."""
    id, browser = claimed(office)
    shown(browser, id)
    assert act(browser, id, "told", outcome="wrong_code_word") == "stop"
    browser.get("/account")  # the page of the case, still open in another tab, has the form
    done = browser.post(f"/cases/{id}/undo", browser.hidden("/account/looks"))
    assert done.location == f"/cases/{id}?said=stays"


def test_a_desk_pauses_and_opens_again(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    browser.get("/duty")
    assert browser.send("/duty/full", {"days": "3"}).location == "/duty?said=full"
    office.world.run()
    with office.world.db.read() as tx:
        assert tx.execute(sa.select(offer.c.state).where(offer.c.id == id)).scalar_one() == "passed"
    assert "You get no new requests until" in browser.get("/cases").get_data(as_text=True), "a colleague sees it, too"
    browser.get("/duty")
    assert browser.send("/duty/open").location == "/duty?said=opened_all", (
        "the service asked meanwhile has not answered"
    )
    assert "Nothing comes back" in browser.get("/duty?said=opened_none").get_data(as_text=True)
    assert "You get no new requests until" not in browser.get("/cases").get_data(as_text=True)


def test_r25_the_card_of_a_relative_says_what_may_be_told(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert "nothing, ever" not in browser.get(f"/cases/{id}").get_data(as_text=True)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(kind="about_someone"))
    assert "nothing, ever" in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_before_a_claim_a_page_shows_neither_words_nor_number(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    assert "Their word" not in browser.page
    assert "their word" not in browser.page
    assert f"/cases/{id}/number" not in browser.page


def sms(sender: str, text: str) -> IncomingSms:
    return IncomingSms(f"wait{sender[-4:]}", msisdn(sender), Hidden(text))


def given_back(office: CaseOffice) -> tuple[str, Browser]:
    """Return a case that was given back after its number was shown."""
    id, browser = claimed(office)
    shown(browser, id)
    assert act(browser, id, "pass", why="other") == "stop"
    return id, browser


def test_r08_a_late_report_is_accepted_after_the_claim_was_given_back(office: CaseOffice) -> None:
    """The caseworker remembers only now that somebody else answered. The next service must not call that phone."""
    id, browser = given_back(office)
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert 'value="someone_else_answered"' in page
    assert 'value="reached"' not in page
    assert act(browser, id, "told", outcome="someone_else_answered") == "stop"
    assert state(office) == "frozen"
    assert 'name="outcome"' not in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_r08_a_late_report_is_offered_for_two_days_to_those_who_saw_the_number(office: CaseOffice) -> None:
    id, _ = given_back(office)
    _, elsewhere = office.worker("kg-osh" if office.service_of(id) != "kg-osh" else "kg-bishkek", "elsewhere")
    assert elsewhere.get(f"/cases/{id}").status_code == 404
    who = office.office.insider(login="later", service=office.service_of(id))
    office.office.wait(days=2)
    assert 'name="outcome"' not in office.office.signed_in(who).get(f"/cases/{id}").get_data(as_text=True)


def test_r08_a_person_who_never_saw_the_number_cannot_report_late(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    act(browser, id, "claim")
    act(browser, id, "pass", why="other")
    assert 'name="outcome"' not in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_each_line_has_the_digits_of_the_sms_and_they_open_it(office: CaseOffice) -> None:
    """Both sides mean the same case, and no two lines read alike."""
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    _, code = office.world.offered()
    assert f'<span class="digits">{code}</span>' in browser.get("/cases").get_data(as_text=True)
    assert f'class="digits">{code}<' in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert find(browser, code).location == f"/cases/{id}"
    wrong = "00000" if code != "00000" else "00001"
    assert "No case of yours has these digits." in find(browser, wrong).get_data(as_text=True)
    page = browser.get("/cases/find").get_data(as_text=True)  # as the page loads itself again after its session
    assert f'class="digits">{code}<' in page
    assert "No case of yours" not in page


def test_the_digits_of_an_offer_that_ended_lead_to_a_page_that_says_so(office: CaseOffice) -> None:
    """A caseworker who is telephoned about it must not doubt the digits. The page says nothing about the request."""
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    code = office.world.offered()[1]
    act(browser, id, "pass", why="full")
    assert find(browser, code).location == f"/cases/{id}"
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "It is over for your service: you do not need to answer or call any more." in page
    assert "<dl" not in page


def test_r30_the_page_of_an_ended_case_asks_to_delete_a_number_that_was_shown(office: CaseOffice) -> None:
    """Whatever ended it. The page says the same of each, so it says nothing of the caller."""
    id, browser = claimed(office)
    assert CALLER in shown(browser, id)
    office.world.text(CALLER, "STOP")
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "Do not call any more. Please delete the number wherever you saved it." in page


def ended(browser: Browser, page: str = "") -> list[str]:
    """Return the lines of what ended lately, as text."""
    page = page or browser.get("/cases").get_data(as_text=True)
    part = page.partition('id="ended"')[2].partition("</details>")[0]
    return [re.sub("<[^>]+>", "", line).strip() for line in re.findall("<li>(.*?)</li>", part)]


def test_an_empty_list_says_what_ended_lately_and_what_comes_next(office: CaseOffice) -> None:
    """Nobody must wonder where a request has gone that was there an hour ago."""
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    code = office.world.offered()[1]
    assert ended(browser) == []
    office.world.wait(hours=1)
    browser = office.office.signed_in(who)  # an idle session has ended
    page = browser.get("/cases").get_data(as_text=True)
    assert "You have no open requests. A new one appears here" in page
    assert '<details class="fold" id="ended" open>' in page
    (line,) = ended(browser, page)
    assert line.startswith(code)
    assert line.endswith("Nobody answered in time. You do not need to answer any more.")
    assert "Nobody answered in time." in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_r33_what_ended_lately_says_of_the_caller_only_that_it_is_over(office: CaseOffice) -> None:
    """A claim that the caller stopped reads like one that a coordinator has taken away."""
    id, browser = claimed(office)
    office.world.text(CALLER, "stop")
    office.world.run()
    assert [line.partition(". ")[2] for line in ended(browser)] == [
        "It is over. You do not need to answer or call any more."
    ]
    assert f'href="/cases/{id}"' in browser.page


def test_what_ended_lately_says_what_the_service_did(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    act(browser, id, "pass", why="full")
    assert [line.partition(". ")[2] for line in ended(browser)] == ["Declined."]
    browser.get(f"/cases/{id}?said=passed")
    browser.send(f"/cases/{id}/undo")
    assert [line.partition(". ")[2] for line in ended(browser)] == [
        "It is over. You do not need to answer or call any more."
    ]


def test_what_ended_lately_says_that_no_report_came(office: CaseOffice) -> None:
    id, _ = claimed(office)
    while state(office) == "claimed":
        office.world.wait(hours=24)
    who = office.office.insider(login="another", service=office.service_of(id))
    (line,) = ended(office.office.signed_in(who))
    assert "No report came in time" in line


def test_what_ended_lately_calls_no_service_silent_that_has_called_in_vain(office: CaseOffice) -> None:
    """It has reported its call. The caller's hours are over, so the request goes on."""
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(window="now"))
    assert CALLER[-4:] in shown(browser, id)
    act(browser, id, "told", outcome="no_answer")
    for _ in range(2):
        office.world.wait(hours=26)
    who = office.office.insider(login="another", service=office.service_of(id))
    lines = ended(office.office.signed_in(who))
    assert [line.partition(". ")[2] for line in lines] == ["It is over. You do not need to answer or call any more."]


def test_what_ended_more_than_two_days_ago_is_not_listed(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    act(browser, id, "pass", why="full")
    office.office.clock.at += timedelta(days=2, seconds=1)
    who = office.office.insider(login="another", service=office.service_of(id))
    assert ended(office.office.signed_in(who)) == []


def test_undo_says_what_it_would_undo_and_until_when(office: CaseOffice) -> None:
    """It is offered as long as the domain allows it, and no minute longer."""
    id, browser = claimed(office)
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "It would undo: Taken." in page
    assert "until <time" in page
    office.office.clock.at += timedelta(minutes=10, seconds=1)
    assert f'action="/cases/{id}/undo"' not in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_undo_is_not_offered_once_something_has_followed(office: CaseOffice) -> None:
    id, browser = claimed(office)
    shown(browser, id)
    assert f'action="/cases/{id}/undo"' not in browser.get(f"/cases/{id}").get_data(as_text=True)
    act(browser, id, "told", outcome="busy")
    assert "It would undo: Busy." in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert act(browser, id, "undo") == "undone"


def test_digits_in_an_address_look_for_nothing(office: CaseOffice) -> None:
    """They authorise orders by SMS (R35), and an address stays in the history of a browser."""
    _, browser = office.worker(office.service_of(office.offered()))
    assert browser.get(f"/cases?code={office.world.offered()[1]}").status_code == 200
    assert '<form method="post" action="/cases/find"' in browser.get("/cases").get_data(as_text=True)


def test_danger_is_loud_until_somebody_has_talked_to_the_caller(office: CaseOffice) -> None:
    """In the list, above all others, and on the page of the case."""
    id, browser = claimed(office)
    loud = 'class="badge danger"'
    assert loud not in browser.get("/cases").get_data(as_text=True)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(risk="now"))
    assert browser.get("/cases").get_data(as_text=True).index(loud) < browser.page.index(f"/cases/{id}")
    assert 'id="part_danger"' in browser.page
    assert loud in browser.get(f"/cases/{id}").get_data(as_text=True)
    shown(browser, id)
    act(browser, id, "told", outcome="reached")
    assert loud not in browser.get("/cases").get_data(as_text=True)
    assert loud not in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_a_call_without_an_outcome_is_marked_in_the_list(office: CaseOffice) -> None:
    id, browser = claimed(office)
    missing = 'class="badge missing"'
    assert missing not in browser.get("/cases").get_data(as_text=True)
    shown(browser, id)
    assert missing in browser.get("/cases").get_data(as_text=True)
    act(browser, id, "told", outcome="no_answer")
    assert missing not in browser.get("/cases").get_data(as_text=True)


def test_a_need_that_was_not_said_is_not_said_at_the_console(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(need=""))
    for page in ("/cases", f"/cases/{id}"):
        assert re.search("need (and place )?not said", browser.get(page).get_data(as_text=True))
        assert "To talk" not in browser.page
    assert '<dt>Need</dt><dd lang="en">not said</dd>' in browser.page, "the label is not said again"


def test_the_number_has_a_button_only_when_it_would_be_shown(office: CaseOffice) -> None:
    """Else the page says when it will be, by the clock and the date."""
    id, browser = claimed(office)
    assert f'action="/cases/{id}/number"' in browser.get(f"/cases/{id}").get_data(as_text=True)
    shown(browser, id)
    act(browser, id, "told", outcome="no_answer")
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert f'action="/cases/{id}/number"' not in page
    assert 'href="#show"' not in page
    assert page.count('Call from <time datetime="2026-11-25T02:00:00+00:00">25.11 08:00') >= 2


def test_a_promise_for_later_takes_the_button_from_no_open_window(office: CaseOffice) -> None:
    """The number would be shown, and the caller may be in danger until then."""
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        later = {"promised_from": tx.now + timedelta(hours=2), "promised_to": tx.now + timedelta(hours=3)}
        tx.execute(sa.update(request).values(**later))
    assert f'action="/cases/{id}/number"' in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert CALLER in shown(browser, id)


def test_what_was_not_said_has_whole_words_at_the_console(office: CaseOffice) -> None:
    """An SMS has shorter ones: in Kyrgyz it says "жер белгисиз"."""
    id = office.offered()
    kyrgyz = office.office.signed_in(
        office.office.insider(service=office.service_of(id), language="ky", login="kyrgyz")
    )
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(need="", place="", window="any"))
    for page in ("/cases", f"/cases/{id}"):
        kyrgyz.get(page)
        assert "эмне керек экени да, жери да айтылган эмес" in kyrgyz.page
        assert " ?" not in re.sub(r"<[^>]+>", "", kyrgyz.page)


def test_r05_the_card_says_who_speaks_first_and_who_to_say_one_is(office: CaseOffice) -> None:
    """The opening question comes before our word, our word before theirs, and all before the number."""
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(may_name_us="no", cover="survey"))
    for page in (browser.get(f"/cases/{id}").get_data(as_text=True), shown(browser, id)):
        script = [page.index(text) for text in ("You speak first", "say our word", "their word", "Only then")]
        assert script == sorted(script)
        assert "say you are: doing a survey" in page
        assert "You may say who you are" not in page
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(cover=""))
    assert "a first name, no service" in browser.get(f"/cases/{id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("speaks", "hello"),
    [("ru", 'lang="ru">«Здравствуйте.'), ("ky", 'lang="ky">«Саламатсызбы.'), ("tk", 'lang="en">“Hello.')],
)
def test_r05_the_greeting_is_in_the_language_of_the_caller(office: CaseOffice, speaks: str, hello: str) -> None:
    """Where the console has that language, whatever the language of the page is: somebody else may listen."""
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(operator_language=speaks))
    assert f"Say only: <span {hello}" in browser.get(f"/cases/{id}").get_data(as_text=True)


def test_full_says_what_is_passed_on_and_can_be_taken_back(office: CaseOffice) -> None:
    id = office.offered()
    service = office.service_of(id)
    _, browser = office.worker(service)
    _, code = office.world.offered()
    assert f'class="digits">{code}</a>' in browser.get("/duty").get_data(as_text=True)
    browser.send("/duty/full", {"days": "3"})
    assert "those that nobody has taken come back" in browser.get("/duty").get_data(as_text=True)
    office.world.run()
    assert [row.service == service for row in office.world.rows(offer) if row.state == "open"] == [False]
    assert browser.send("/duty/open").location == "/duty?said=opened_all"
    office.world.run()
    assert [row.service == service for row in office.world.rows(offer) if row.state == "open"] == [True]


def test_after_the_caller_was_reached_the_card_stays_with_what_to_agree(office: CaseOffice) -> None:
    """What to agree is read during the call: after it, the number is gone."""
    id, browser = claimed(office)
    assert "Promised call" in browser.get(f"/cases/{id}").get_data(as_text=True)
    shown(browser, id)
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert page.index(f'action="/cases/{id}/told"') < page.index("Safety card")
    assert "agree on the next call: when, with which word" in page
    assert "The number is not shown again." in page, "said where one chooses it, before it is too late"
    act(browser, id, "told", outcome="reached")
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    reported, agreed, card, more = (
        page.index(each)
        for each in ("What was reported", "Save in the notes which word proves", "Safety card", "something else")
    )
    assert reported < agreed < page.index('href="#notes"', agreed) < card < more, "the notes are far below"
    assert "The case closes by itself on " in page
    assert "How was the call?" not in page
    assert "Promised call" not in page
    assert f"/cases/{id}/number" not in page


def test_r34_a_coordinator_reads_the_same_end_of_a_reached_case_as_its_service(office: CaseOffice) -> None:
    """Until then it is the end of consent, which no longer ends anything."""
    id, browser = claimed(office)
    shown(browser, id)
    aida = office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))
    page = f"/requests/{office.world.rows(offer)[0].request}"
    assert "Consent ends" in aida.get(page).get_data(as_text=True)
    act(browser, id, "told", outcome="reached")
    closes = re.compile(r"The case closes by itself on [^.]+\.")
    own = closes.findall(browser.get(f"/cases/{id}").get_data(as_text=True))
    seen = aida.get(page).get_data(as_text=True)
    assert own
    assert closes.findall(seen) == own
    assert "Consent ends" not in seen


def test_r39_a_missed_promise_is_called_missed(office: CaseOffice) -> None:
    """In the list, on the page of the case and on the sheet of the shift, in the words of the coordinator's page."""
    id, browser = claimed(office)
    pages = (f"/cases/{id}", "/cases", "/cases/shift")
    missed = "A call was promised and did not come: "
    assert all(missed not in browser.get(page).get_data(as_text=True) for page in pages)
    with office.world.db.write() as tx:
        now = office.office.clock.at
        tx.execute(sa.update(request).values(promised_from=now - timedelta(hours=3), promised_to=now))
    assert all(missed in browser.get(page).get_data(as_text=True) for page in pages)
    assert "<dt>Promised call</dt>" not in browser.get(f"/cases/{id}").get_data(as_text=True)


@pytest.mark.parametrize("left", [0, 2], ids=["its time is over", "its time goes on"])
def test_r39_a_promise_is_kept_by_a_call_in_vain(office: CaseOffice, left: int) -> None:
    """The service called as promised, and nobody answered: the next time to call is what counts."""
    id, browser = claimed(office)
    shown(browser, id)
    act(browser, id, "told", outcome="no_answer")
    with office.world.db.write() as tx:
        now = office.office.clock.at
        ends = now + timedelta(hours=left)
        tx.execute(sa.update(request).values(promised_from=now - timedelta(hours=3), promised_to=ends))
    for page in (f"/cases/{id}", "/cases", "/cases/shift"):
        said = browser.get(page).get_data(as_text=True)
        assert "promised" not in said.replace("With a promised call: 0", ""), page
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR))
    for page in ("/requests", f"/requests/{office.world.rows(request)[-1].id}"):
        assert "promised" not in coordinator.get(page).get_data(as_text=True), page
    assert "<dt>Promised call</dt>" not in browser.get(f"/cases/{id}").get_data(as_text=True)
