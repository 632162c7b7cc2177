"""A coordinator blocks the number of a request at the console, sees the block without the number, and ends it."""

import pytest

from helpline.caller import blocks
from helpline.core.phone_numbers import msisdn
from helpline.request import sealed_numbers
from helpline.staff.roles import Role
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_steer import actions, newest
from tests.gateway.console.test_watch import answer
from tests.world import CALLER, OTHER

SURE = {"reason": "hoax", "sure": "yes"}


def coordinator(office: CaseOffice, place: str) -> Browser:
    """Return the browser of a coordinator who has just given a second factor, on a page."""
    who = office.office.insider(Role.COORDINATOR, "aida")
    browser = office.office.signed_in(who)
    office.prove(who, browser, place)
    return browser


def may_ask(office: CaseOffice, caller: str) -> bool:
    """Whether the menus offer a call to a caller."""
    with office.world.db.read(office.world.clock()) as tx:
        return not blocks.holds(msisdn(caller), blocks.marks(tx))


def test_r49_a_block_at_the_console_hides_only_the_call_of_that_number(office: CaseOffice) -> None:
    office.offered()
    place = f"/requests/{newest(office)}"
    browser = coordinator(office, place)
    assert browser.send(f"{place}/block", SURE).location == f"{place}?said=blocked"
    assert (may_ask(office, CALLER), may_ask(office, OTHER)) == (False, True)
    page = browser.get(f"{place}?said=blocked").get_data(as_text=True)
    assert 'href="/requests/blocks"' in page
    assert f'action="{place}/block"' not in page
    page = browser.get("/requests/blocks").get_data(as_text=True)
    assert "Invented requests" in page
    assert f'<a href="{place}">' in page
    assert CALLER.lstrip("+") not in page
    with office.world.db.read(office.world.clock()) as tx:
        (block,) = blocks.active(tx)
    assert browser.send(f"/requests/blocks/{block.id}/end").location == "/requests/blocks?said=ended"
    assert may_ask(office, CALLER)
    assert [each for each in actions(office) if "block" in each] == ["block", "unblock"]


@pytest.mark.parametrize("typed", [{}, {"reason": "hoax"}, {"sure": "yes"}, {"reason": "unliked", "sure": "yes"}])
def test_r49_a_block_needs_a_known_reason_and_a_tick(office: CaseOffice, typed: dict[str, str]) -> None:
    office.offered()
    place = f"/requests/{newest(office)}"
    browser = coordinator(office, place)
    assert browser.send(f"{place}/block", typed).location == f"{place}?said=block_choose"
    assert may_ask(office, CALLER)
    assert 'class="refused"' in browser.get(f"{place}?said=block_choose").get_data(as_text=True)


def test_a_tick_claims_only_what_a_service_could_say(office: CaseOffice) -> None:
    """Somebody who had just asked to stop was blocked, with a tick that a service had confirmed the misuse."""
    office.offered()
    place = f"/requests/{newest(office)}"
    browser = coordinator(office, place)
    heard, unheard, stop = "I have talked to the service", "No service has talked to this caller", "A stop alone is no"
    page = browser.get(place).get_data(as_text=True)
    assert [each in page for each in (heard, unheard, stop)] == [False, True, False]
    answer(office, "YES")
    page = browser.get(place).get_data(as_text=True)
    assert [each in page for each in (heard, unheard, stop)] == [True, False, False]
    office.world.text(CALLER, "STOP")
    page = browser.get(place).get_data(as_text=True)
    assert stop in page


def test_r49_a_number_that_is_deleted_cannot_be_blocked(office: CaseOffice) -> None:
    office.offered()
    id = newest(office)
    browser = coordinator(office, f"/requests/{id}")
    hidden = browser.hidden(f"/requests/{id}/block")
    with office.world.db.write() as tx:
        sealed_numbers.drop(tx, id)
    assert browser.post(f"/requests/{id}/block", {**hidden, **SURE}).location == f"/requests/{id}?said=block_not"


def test_r27_a_second_block_of_one_telephone_reads_as_the_first(office: CaseOffice) -> None:
    """Otherwise a coordinator could find out which requests are from one telephone."""
    office.offered()
    place = f"/requests/{newest(office)}"
    browser = coordinator(office, place)
    for _ in range(2):
        browser.get(place)
        assert browser.send(f"{place}/block", SURE).location == f"{place}?said=blocked"
