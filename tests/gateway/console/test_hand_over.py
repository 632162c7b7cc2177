"""A case is handed over at the console: the giver chooses and calls, the receiver accepts, and each reads what is true."""

import re

import pytest
import sqlalchemy as sa

from helpline.staff import contacts
from helpline.staff.roles import Role
from helpline.store.schema import offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import act, claimed, shown, state
from tests.helpline.directory.hsds.test_taking_up import checkups
from tests.world import CALLER


def asked(office: CaseOffice, id: str, browser: Browser, to: str = "kg-bishkek") -> str:
    """Ask a service to take a case over. Return the id of what it was asked."""
    browser.get(f"/cases/{id}/hand")
    assert browser.send(f"/cases/{id}/hand", {"to": to}).location == f"/cases/{id}?said=handing"
    (row,) = [row for row in office.world.rows(offer) if row.state == "proposed"]
    assert row.service == to
    return str(row.id)


def telephone(office: CaseOffice, service: str) -> str:
    with office.world.db.read() as tx:
        contact = contacts.on_duty(tx, service)
    assert contact is not None
    return contact.phone


def test_the_giver_chooses_among_services_that_fit_and_reads_why_others_do_not(office: CaseOffice) -> None:
    id, browser = claimed(office)
    page = browser.get(f"/cases/{id}/hand").get_data(as_text=True)
    assert f'href="tel:{telephone(office, "kg-bishkek")}"' in page
    assert 'value="kg-bishkek" required' in page
    assert "It was not checked recently." in page
    assert 'value="kg-stale"' not in page
    assert browser.send(f"/cases/{id}/hand", {"to": "kg-stale"}).location == f"/cases/{id}/hand?said=handed_unfit"
    refused = browser.get(f"/cases/{id}/hand?said=handed_unfit").get_data(as_text=True)
    assert "That service cannot take it" in refused
    assert 'value="kg-bishkek" required' in refused


def test_the_sheet_of_a_shift_says_who_is_asked_to_take_a_case_over_and_until_when(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert "Asked to take it over" not in browser.get("/cases/shift").get_data(as_text=True)
    asked(office, id, browser)
    sheet = browser.get("/cases/shift").get_data(as_text=True)
    until = re.findall(
        r"They can accept it until ([\d.]+ [\d:]+)\.", browser.get(f"/cases/{id}").get_data(as_text=True)
    )
    assert len(until) == 1
    assert "Asked to take it over: Sample Bishkek" in sheet
    assert f"They can accept it until {until[0]}." in sheet
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/hand/back")
    assert "Asked to take it over" not in browser.get("/cases/shift").get_data(as_text=True)


def test_a_coordinator_sees_who_is_asked_to_take_a_case_over_and_until_when(office: CaseOffice) -> None:
    id, browser = claimed(office)
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))
    (about,) = {row.request for row in office.world.rows(offer)}
    for place in ("/requests", f"/requests/{about}"):
        assert "is asked to take it over" not in coordinator.get(place).get_data(as_text=True)
    asked(office, id, browser)
    for place, until in (("/requests", "Answer by"), (f"/requests/{about}", "It can accept until")):
        page = coordinator.get(place).get_data(as_text=True)
        assert "Sample Bishkek is asked to take it over." in page
        assert re.search(rf"{until} <time", page), place
        promised = page.index("A call was promised" if place == "/requests" else "Bishkek is asked")
        assert promised <= page.index("Bishkek is asked"), "a line of the list is cut behind the hours"


def test_the_giver_reads_how_long_the_other_has_before_asking(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert "It has 30 minutes to accept." in browser.get(f"/cases/{id}/hand").get_data(as_text=True)


def test_r30_the_giver_keeps_the_case_and_the_number_until_the_other_accepts(office: CaseOffice) -> None:
    id, browser = claimed(office)
    asked(office, id, browser)
    assert "Asked to take it over: Sample Bishkek" in browser.get("/cases").get_data(as_text=True)
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "is asked to take over" in page
    assert "Asked on 24.11.2026" in page
    bar = page[page.index('<div class="bar">') : page.index("<dl ")]
    assert f'href="tel:{telephone(office, "kg-bishkek")}"' in bar, "the next step is to call the other service"
    assert f"/cases/{id}/number" in page
    assert state(office) == "claimed"


def test_the_receiver_reads_who_asks_and_accepts(office: CaseOffice) -> None:
    id, browser = claimed(office)
    theirs = asked(office, id, browser)
    _, receiver = office.worker("kg-bishkek", "receiver")
    assert f'href="/cases/{theirs}"' in receiver.get("/cases").get_data(as_text=True)
    page = receiver.get(f"/cases/{theirs}").get_data(as_text=True)
    assert "asks you to take over this case" in page
    assert f'href="tel:{telephone(office, office.service_of(id))}"' in page
    assert f"/cases/{theirs}/number" not in page
    assert act(receiver, theirs, "claim") == "card"
    page = receiver.get(f"/cases/{theirs}").get_data(as_text=True)
    assert f"/cases/{theirs}/number" in page
    assert "You took it over from" in page
    assert "this case has other digits" in page
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "The other service takes over" in page
    assert "delete the number" not in page, "it was never shown to the giver"
    assert state(office) == "claimed"


def test_a_giver_that_saw_the_number_is_asked_to_delete_it(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert CALLER in shown(browser, id)
    theirs = asked(office, id, browser)
    _, receiver = office.worker("kg-bishkek", "receiver")
    assert act(receiver, theirs, "claim") == "card"
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "The other service takes over. Please delete the number." in page


def test_a_service_that_is_offered_a_case_later_does_not_read_who_handed_it_over_before(office: CaseOffice) -> None:
    """It took nothing over, and who had the case before is not its business."""
    checkups(office.world.db, office.world.clock).record("kg-stale", "AB", "ru")
    id, browser = claimed(office)
    theirs = asked(office, id, browser)
    _, receiver = office.worker("kg-bishkek", "receiver")
    act(receiver, theirs, "claim")
    assert act(receiver, theirs, "pass", why="full") == "passed"
    office.world.run()
    third = office.newest()
    assert office.service_of(third) not in {office.service_of(id), "kg-bishkek"}
    _, other = office.worker(office.service_of(third), "other")
    assert "You took it over from" not in other.get(f"/cases/{third}").get_data(as_text=True)
    assert act(other, third, "claim") == "card"
    assert "You took it over from" not in other.get(f"/cases/{third}").get_data(as_text=True)


def test_a_caller_who_was_reached_passes_to_the_receiver(office: CaseOffice) -> None:
    id, browser = claimed(office)
    shown(browser, id)
    act(browser, id, "told", outcome="reached")
    theirs = asked(office, id, browser)
    _, receiver = office.worker("kg-bishkek", "receiver")
    assert act(receiver, theirs, "claim") == "taken_over"
    assert state(office) == "reached"
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR, "coordinator"))
    read = coordinator.get("/requests").get_data(as_text=True)
    assert "took it over from another service, and keeps helping." in read, "the receiver has called nobody"
    assert "reached the caller" not in read
    gone = browser.get(f"/cases/{id}?said=handing").get_data(as_text=True)
    assert "The other service takes over. Please delete the number." in gone
    assert "stays yours until it accepts" not in gone
    assert act(receiver, theirs, "done", sure="yes") == "done"


def test_a_receiver_declines_with_a_reason_and_the_giver_may_ask_another(office: CaseOffice) -> None:
    id, browser = claimed(office)
    theirs = asked(office, id, browser)
    _, receiver = office.worker("kg-bishkek", "receiver")
    assert act(receiver, theirs, "pass", why="full") == "not_taken"
    read = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert "is asked to take over" not in read
    assert re.search(r"<p>[^<]*Bishkek declined\. </p>", read), "the giver reads it at the console, too"
    assert len(re.findall(r"Bishkek</bdi></strong> \(asked before", browser.get(f"/cases/{id}/hand").text)) == 1
    asked(office, id, browser, "kg-country" if office.service_of(id) != "kg-country" else "kg-bishkek")


def test_the_giver_stops_asking(office: CaseOffice) -> None:
    id, browser = claimed(office)
    theirs = asked(office, id, browser)
    browser.get(f"/cases/{id}")
    assert browser.send(f"/cases/{id}/hand/back").location == f"/cases/{id}?said=undone"
    _, receiver = office.worker("kg-bishkek", "receiver")
    assert "over for your service" in receiver.get(f"/cases/{theirs}").get_data(as_text=True)


def test_a_second_service_is_not_asked_and_the_refusal_looks_like_one(office: CaseOffice) -> None:
    id, browser = claimed(office)
    browser.get(f"/cases/{id}/hand")
    form = browser.hidden(f"/cases/{id}/hand")
    asked(office, id, browser)
    assert browser.get(f"/cases/{id}/hand").location == f"/cases/{id}?said=handing_waits"
    assert browser.post(f"/cases/{id}/hand", {**form, "to": "kg-country"}).status_code == 303
    assert 'class="refused" role="status"' in browser.get(f"/cases/{id}?said=handing_waits").get_data(as_text=True)
    assert len([row for row in office.world.rows(offer) if row.state == "proposed"]) == 1


def test_hand_over_and_case_name_the_same_next_call(office: CaseOffice) -> None:
    """R11: the window in which the giver got the number is over for the other service, too."""
    id, browser = claimed(office)
    shown(browser, id)
    assert act(browser, id, "told", outcome="no_answer") == "noted"
    case, hand = (browser.get(f"/cases/{id}{page}").get_data(as_text=True) for page in ("", "/hand"))
    (due,) = set(re.findall(r"Call from <time[^>]*>(\d+\.\d+)", case))
    calls = re.findall(r"Could call: (\d+\.\d+)", hand)
    assert calls
    assert set(calls) == {due}


def test_r11_lists_send_the_receiver_to_no_window_in_which_the_giver_had_the_number(office: CaseOffice) -> None:
    """Nor do the pages of a coordinator: the number is not shown again before the next window."""
    id, browser = claimed(office)
    shown(browser, id)
    theirs = asked(office, id, browser)
    _, receiver = office.worker("kg-bishkek", "receiver")
    assert act(receiver, theirs, "claim") == "card"
    for place in ("/cases", f"/cases/{theirs}", "/cases/shift"):
        page = receiver.get(place).get_data(as_text=True)
        assert "Call until" not in page, place
        assert "Call from" in page, place
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR, "coordinator"))
    (about,) = {row.request for row in office.world.rows(offer)}
    page = coordinator.get(f"/requests/{about}").get_data(as_text=True)
    assert "The number was shown for a call in these hours already. May be called next: 25.11.2026" in page
    assert "May be called until" not in coordinator.get("/requests").get_data(as_text=True)


def test_no_distance_is_shown_without_a_place(office: CaseOffice) -> None:
    """Services are ranked from the capital then, which nobody has named. Neither side reads how far that is."""
    id, browser = claimed(office)
    (about,) = {row.request for row in office.world.rows(offer)}
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))
    for place in ("KG-GB", ""):
        with office.world.db.write() as tx:
            tx.execute(sa.update(request).values(place=place))
        for page in (browser.get(f"/cases/{id}/hand").text, coordinator.get(f"/requests/{about}").text):
            assert ("km away" in page) is bool(place)


@pytest.mark.parametrize("reached", [False, True], ids=["claimed", "reached"])
def test_danger_is_loud_for_the_receiver_until_somebody_has_talked_to_the_caller(
    office: CaseOffice, reached: bool
) -> None:
    """In the list, on the page of the case, and among what every other page counts."""
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(risk="now"))
    if reached:
        shown(browser, id)
        act(browser, id, "told", outcome="reached")
    theirs = asked(office, id, browser)
    _, receiver = office.worker("kg-bishkek", "receiver")
    for place in ("/cases", f"/cases/{theirs}", "/duty"):
        page = receiver.get(place).get_data(as_text=True)
        assert ('class="badge danger"' in page) is not reached, place
    assert ('id="part_danger"' in receiver.get("/cases").get_data(as_text=True)) is not reached
    assert ('id="part_answer"' in receiver.page) is reached
