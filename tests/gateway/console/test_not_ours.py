"""A case of which its service has said that it is not for them: the console must not ask them to go on helping."""

import pytest

from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.test_cases import act, claimed, shown

ENDS, HELPS = "Not for us: the request ends by itself", "Help, and close the case."
PART, HELPED = "Not for us: ends by itself", "Reached, being helped"


@pytest.mark.engines
@pytest.mark.parametrize("reached", [False, True], ids=["first", "after a talk"])
def test_r46_a_case_that_is_not_for_the_service_says_when_it_ends(office: CaseOffice, *, reached: bool) -> None:
    """The page, the list and the sheet agree with what was answered: it ends in a few minutes. It can be taken back."""
    id, browser = claimed(office)
    shown(browser, id)
    if reached:
        assert act(browser, id, "told", outcome="reached") == "reached"
    assert act(browser, id, "told", outcome="not_for_us") == "not_for_us"
    page = browser.get(f"/cases/{id}").get_data(as_text=True)
    assert ENDS in page
    assert HELPS not in page
    assert not [form for form in ("agreed", "hours", "done") if f'action="/cases/{id}/{form}"' in page]
    assert f'action="/cases/{id}/undo"' in page
    assert f'href="/cases/{id}/hand"' in page
    listed = browser.get("/cases").get_data(as_text=True)
    assert PART in listed
    assert HELPED not in listed
    assert ENDS in browser.get("/cases/shift").get_data(as_text=True)
    assert act(browser, id, "undo") == "undone"
    assert PART not in browser.get("/cases").get_data(as_text=True)
