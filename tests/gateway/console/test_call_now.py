"""What the console says of a caller in danger who asked for a call *now*: within two hours, and then when no more."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.staff.roles import Role
from helpline.store.schema import offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import act, shown
from tests.gateway.console.test_steer import coordinator
from tests.gateway.console.test_watch import answer
from tests.steps.desk import DESK, only

FIRST = "kg-coordinator-1"


@pytest.fixture
def browser(office: CaseOffice) -> Browser:
    """The browser of a coordinator with a telephone."""
    return coordinator(office, "coordinator", FIRST)[1]


def asks_now(office: CaseOffice) -> str:
    """Ask for a call now, in danger, as the story `danger_now` does. Return the id of the offer."""
    only(office.world, DESK)
    office.world.dial().press("2", "1", "2").agree().press("1").press("0")
    office.world.run()
    return office.newest()


def taken(office: CaseOffice) -> tuple[str, Browser]:
    """Claim it at the console. Return the id of the offer and the browser of the caseworker."""
    id = asks_now(office)
    who, worker = office.worker(DESK)
    assert act(worker, id, "claim") == "card"
    office.prove(who, worker, f"/cases/{id}")
    return id, worker


def test_coordinators_read_that_the_number_was_shown_not_that_no_time_is_left(
    office: CaseOffice, browser: Browser
) -> None:
    """The service may be talking to the caller at this moment."""
    id, worker = taken(office)
    assert "May be called until" in browser.get("/requests").get_data(as_text=True)
    shown(worker, id)
    read = browser.get("/requests").get_data(as_text=True)
    assert "The number was shown for a call in these hours already." in read
    assert "No time to call is left" not in read


def test_nobody_is_offered_to_take_a_request_that_nobody_may_call(office: CaseOffice, browser: Browser) -> None:
    asks_now(office)
    answer(office, "NO")
    (row,) = office.world.rows(request)
    form = f'action="/requests/{row.id}/take"'
    assert row.state == "stranded"
    assert form in browser.get(f"/requests/{row.id}").get_data(as_text=True)
    office.office.wait(hours=3)
    browser = office.office.signed_in(office.office.insider(Role.COORDINATOR, "later"))
    read = browser.get(f"/requests/{row.id}").get_data(as_text=True)
    assert "Nobody may call until the caller writes or dials again." in read
    assert form not in read
    assert 'id="take"' not in read


def test_a_case_is_urgent_no_more_once_the_caller_was_reached(office: CaseOffice) -> None:
    """Its hours were *NOW*, and *URGENT* after a service had saved other hours."""
    id, worker = taken(office)
    assert re.search(r"<dd[^>]*>NOW</dd>", worker.get(f"/cases/{id}").get_data(as_text=True))
    shown(worker, id)
    assert act(worker, id, "told", outcome="reached") == "reached"
    read = worker.get(f"/cases/{id}").get_data(as_text=True)
    assert re.search(r"<dd[^>]*>no time is agreed now</dd>", read), "its clock is known: nobody is abroad"
    assert "time not known" not in read
    worker.get(f"/cases/{id}")
    hours: dict[str, Any] = {"first": "9", "last": "18", "day": ["1", "2", "3", "4", "5", "6", "7"]}
    done = worker.send(f"/cases/{id}/hours", hours)
    assert (done.location or "").endswith("said=hours_set")
    for place in ("/cases", f"/cases/{id}"):
        read = worker.get(place).get_data(as_text=True)
        assert "09:00–18:00" in read, place
        assert "URGENT" not in read


def test_r11_coordinators_read_that_the_window_was_used_after_the_request_has_moved_on(
    office: CaseOffice, browser: Browser
) -> None:
    """The service that has it next gets no number in these two hours, until the caller asks for a call at once again."""
    id, worker = taken(office)
    shown(worker, id)
    about = office.world.rows(request)[-1].id
    with office.world.db.write() as tx:
        tx.execute(sa.update(offer).values(state="passed"))
        tx.execute(sa.update(request).values(state="waiting"))
    for place in ("/requests", f"/requests/{about}"):
        read = browser.get(place).get_data(as_text=True)
        assert "The number was shown for a call in these hours already." in read, place
        assert "May be called" not in read, place
    office.world.wait(minutes=2)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(since=tx.now))
    assert "May be called now" in browser.get(f"/requests/{about}").get_data(as_text=True)
