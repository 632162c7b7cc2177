"""The raid lock at the console: one press locks, everybody sees it, two accounts unlock, and exports are closed."""

import pytest

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.staff import locks, people, raid_lock
from helpline.staff.raid_lock import Way
from helpline.staff.roles import Role
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import claimed, shown
from tests.gateway.console.test_permissions import routes
from tests.world import CALLER


def coordinator(office: CaseOffice, login: str) -> Browser:
    return office.office.signed_in(office.office.insider(Role.COORDINATOR, login))


def lock(browser: Browser) -> str:
    browser.get("/lock")
    return browser.send("/lock/on", {"sure": "yes"}).location.partition("said=")[2]


def unlock(office: CaseOffice, browser: Browser) -> str:
    browser.get("/lock")
    return browser.send("/lock/off", {"sure": "yes"}).location.partition("said=")[2]


def is_locked(office: CaseOffice) -> bool:
    with office.world.db.read() as tx:
        return locks.is_raid_on(tx)


def test_r32_one_person_locks_and_no_number_is_shown(office: CaseOffice) -> None:
    id, worker = claimed(office)
    browser = coordinator(office, "aida")
    browser.get("/lock")
    assert browser.send("/lock/on").location == "/lock?said=tick"
    assert "tick the box" in browser.get("/lock?said=tick").get_data(as_text=True)
    assert not is_locked(office)
    assert lock(browser) == "on"
    assert "no number can be shown" in worker.get(f"/cases/{id}").get_data(as_text=True).lower()
    assert CALLER not in worker.page


def test_everybody_sees_the_lock_on_every_page(office: CaseOffice) -> None:
    inside = {role: office.office.signed_in(office.office.insider(role, f"see-{role}")) for role in Role}
    stranger = office.office.browser()
    assert all("Locked." not in each.get("/account").get_data(as_text=True) for each in inside.values())
    lock(inside[Role.COORDINATOR])
    for role, browser in inside.items():
        assert "<strong>Locked.</strong>" in browser.get("/account").get_data(as_text=True), role
        assert ('href="/lock"' in browser.page) is (role is Role.COORDINATOR)
        assert "<strong>Locked.</strong>" in browser.get("/nowhere").get_data(as_text=True)
    assert "Locked." not in stranger.get("/login").get_data(as_text=True)


def test_while_numbers_are_locked_the_pages_lead_to_how_to_unlock(office: CaseOffice) -> None:
    browser = coordinator(office, "aida")
    assert "<h1>Lock numbers</h1>" in browser.get("/lock").get_data(as_text=True)
    lock(browser)
    assert '<a href="/lock#unlock">How to unlock</a></p>' in browser.get("/account").get_data(as_text=True)
    assert "<h1>Numbers are locked</h1>" in browser.get("/lock").get_data(as_text=True)
    assert 'id="unlock"' in browser.page


def test_r32_unlocking_needs_two_accounts(office: CaseOffice) -> None:
    aida, bek = coordinator(office, "aida"), coordinator(office, "bek")
    lock(aida)
    assert unlock(office, aida) == "agreed"
    assert "You have agreed" in aida.get("/lock").get_data(as_text=True)
    assert aida.post("/lock/off", {}).status_code == 400
    assert is_locked(office)
    assert unlock(office, bek) == "off"
    assert not is_locked(office)


def test_r32_an_account_that_was_closed_does_not_count(office: CaseOffice) -> None:
    aida, bek = coordinator(office, "aida"), coordinator(office, "bek")
    lock(aida)
    unlock(office, aida)
    with office.world.db.write() as tx:
        gone = next(each for each in people.everybody(tx) if each.login == "aida")
        office.office.console.invitations.disable(tx, gone, None)
    assert unlock(office, bek) == "agreed"
    assert is_locked(office)


@pytest.mark.parametrize(("joined", "off"), [("", False), ("kg-coordinator-1", False), ("kg-coordinator-2", True)])
def test_r32_an_account_and_a_telephone_count_as_two_people_only_if_that_is_known(
    office: CaseOffice, joined: str, off: bool
) -> None:
    """Linked to no phone, an account may belong to the phone's owner.

    Linked to that phone it does, linked to another it does not.
    """
    aida = coordinator(office, "aida")
    lock(aida)
    with office.world.db.write() as tx:
        account = people.by_login(tx, "aida")
        assert account is not None
        people.change(tx, account.id, {"contact": joined})
        key, now = office.world.work.ctx.audit_key, office.world.clock()
        raid_lock.unlock(tx.at(now), "kg-coordinator-1", key, Way.TEXT)
    assert (unlock(office, aida) == "off") is off


def test_unlocking_asks_for_a_second_factor_and_locking_does_not(office: CaseOffice) -> None:
    browser = coordinator(office, "aida")
    office.office.wait(minutes=6)
    assert lock(browser) == "on"
    browser.get("/lock")
    assert browser.send("/lock/off", {"sure": "yes"}).location.startswith("/again")


def test_people_who_approved_are_named_with_their_channel(office: CaseOffice) -> None:
    browser = coordinator(office, "aida")
    lock(browser)
    with office.world.db.write() as tx:
        key, now = office.world.work.ctx.audit_key, office.world.clock()
        raid_lock.unlock(tx.at(now), "kg-coordinator-1", key, Way.TEXT)
    page = browser.get("/lock").get_data(as_text=True)
    assert "kg-coordinator-1" not in page
    assert "(telephone)" in page


def test_r32_every_export_is_closed_during_the_lock(office: CaseOffice) -> None:
    """Every endpoint that sends a file to store says that exports are closed."""
    browser = coordinator(office, "aida")
    query = "?month=2026-10"
    doors = [(method, place.replace("f" * 32, "en"), endpoint) for method, place, endpoint in routes(office.office)]
    exports = [(method, place) for method, place, endpoint in doors if endpoint.exports]
    assert browser.get(f"/figures/report.csv{query}").headers["Content-Disposition"].startswith("attachment")
    lock(browser)
    for method, place in exports:
        response = browser.get(place + query) if method == "GET" else browser.post(place, {})
        assert response.status_code == 423, place
        assert "Locked: nothing is exported now" in browser.page
    for method, place, endpoint in doors:
        if method == "GET" and not endpoint.exports:
            assert "Content-Disposition" not in browser.get(place + query).headers, place
    assert len(exports) >= 4


def test_r32_no_number_is_shown_while_a_coordinators_text_is_unread(office: CaseOffice) -> None:
    """It may be LOCK, which holds from the moment it arrived."""
    id, worker = claimed(office)
    phone = office.world.phone("kg-coordinator-1")
    office.world.public.sms("at", IncomingSms("in-lock", msisdn(phone), Hidden("LOCK")))
    assert shown(worker, id) == "wait"
    office.world.run()
    assert is_locked(office)
    assert "no number can be shown" in worker.get(f"/cases/{id}").get_data(as_text=True).lower()


def test_r32_a_lock_by_sms_is_kept_at_the_console(office: CaseOffice) -> None:
    """The page says that it ends by itself. One press makes it stay."""
    office.world.text(office.world.phone("kg-coordinator-1"), "LOCK")
    browser = coordinator(office, "aida")
    assert "The lock ends by itself" in browser.get("/lock").get_data(as_text=True)
    assert browser.send("/lock/on", {"sure": "yes"}).location == "/lock?said=on"
    assert "The lock ends by itself" not in browser.get("/lock").get_data(as_text=True)
    office.world.wait(hours=3)
    assert is_locked(office)
