"""*Call now* at the console: it needs a line, asks what a reveal asks, and no page has a number."""

from dataclasses import replace

import pytest

from helpline.directory import services
from helpline.store.schema import audit
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import a_form, act, claimed, shown, state
from tests.steps.bridge import Caseworker
from tests.world import CALLER


@pytest.fixture
def office(new_sqlite: Databases) -> CaseOffice:
    return CaseOffice.on(new_sqlite(), bridge=True)


def call_now(browser: Browser, id: str, **typed: str) -> str:
    """Press *Call now*, also if the page has no button for it. Return the reply."""
    done = browser.post(f"/cases/{id}/bridge", {**a_form(browser), "read": "yes", **typed})
    assert done.status_code == 303, browser.page
    return (done.location or "").partition("said=")[2]


def test_r32_no_page_of_a_bridged_call_has_the_number(office: CaseOffice) -> None:
    id, browser = claimed(office)
    browser.get(f"/cases/{id}")
    assert f'formaction="/cases/{id}/bridge"' in browser.page
    assert call_now(browser, id) == "rings"
    browser.get(f"/cases/{id}?said=rings")
    assert "answer it and press 1" in browser.page
    assert CALLER not in browser.page
    office.world.run()
    assert Caseworker.of(office.world, id).join() == CALLER
    assert act(browser, id, "told", outcome="reached") == "reached"
    assert state(office) == "reached"
    assert "bridged" in [row.action for row in office.world.rows(audit)]


def test_r11_after_a_call_the_number_is_not_shown(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert call_now(browser, id) == "rings"
    assert shown(browser, id) == "used"


def test_r11_after_the_number_was_shown_nobody_is_called(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert CALLER in shown(browser, id)
    assert call_now(browser, id) == "used"


def test_r32_call_now_asks_for_a_second_factor_and_for_the_tick(office: CaseOffice) -> None:
    id, browser = claimed(office)
    assert call_now(browser, id, read="no") == "read_card"
    office.office.wait(minutes=6)
    browser.get(f"/cases/{id}")
    sent = browser.post(f"/cases/{id}/bridge", {**browser.hidden(f"/cases/{id}/number"), "read": "yes"})
    assert (sent.location or "").startswith("/again?")
    office.world.run()
    assert not office.world.gateway.calls


def test_call_now_is_absent_unless_it_is_switched_on(new_sqlite: Databases) -> None:
    office = CaseOffice.on(new_sqlite())
    id, browser = claimed(office)
    browser.get(f"/cases/{id}")
    assert f"/cases/{id}/bridge" not in browser.page
    assert call_now(browser, id) == "not_open"


def test_r10_call_now_is_absent_if_the_callers_phone_would_show_another_number(office: CaseOffice) -> None:
    id, browser = claimed(office)
    with office.world.db.write() as tx:
        service = services.service_by_id(tx, office.service_of(id))
        assert service is not None
        services.write(tx, "KG", replace(service, shows="hidden"))
    browser.get(f"/cases/{id}")
    assert f"/cases/{id}/bridge" not in browser.page
    assert call_now(browser, id) == "not_open"
