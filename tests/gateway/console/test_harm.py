"""The register of harm at the console (R46): coordinators read, add and review entries; no stories, no numbers."""

import pytest
import sqlalchemy as sa

from helpline.referral import harms
from helpline.staff.roles import Role
from helpline.store import audit_log
from helpline.store.schema import contact, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import act, claimed, shown
from tests.world import CALLER


@pytest.fixture
def browser(office: CaseOffice) -> Browser:
    return office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))


def entries(office: CaseOffice) -> list[harms.Harm]:
    with office.world.db.read() as tx:
        return harms.every_harm(tx)


def add(browser: Browser, **typed: str) -> int:
    browser.get("/harm")
    return browser.send("/harm/add", typed).status_code


def test_r46_a_reported_harm_is_shown_with_its_service_until_it_is_reviewed(
    office: CaseOffice, browser: Browser
) -> None:
    id, worker = claimed(office)
    shown(worker, id)
    act(worker, id, "told", outcome="someone_else_answered")
    (entry,) = entries(office)
    assert entry.service == office.service_of(id)
    page = browser.get("/harm").get_data(as_text=True)
    assert "Not yet reviewed: 1" in page
    assert "Somebody else was reached, or the word was wrong" in page
    browser.get(f"/harm/{entry.id}")
    assert CALLER not in browser.page
    browser.send(f"/harm/{entry.id}/review", {"did": "talked"})
    assert "I talked with the person who called" in browser.get(f"/harm/{entry.id}").get_data(as_text=True)
    assert "Demo coordinator" in browser.page
    assert "Not yet reviewed: 0" in browser.get("/harm").get_data(as_text=True)
    with office.world.db.read() as tx:
        assert [row.action for row in audit_log.search(tx, ref=entry.id)] == ["review_harm"]


def test_r46_a_coordinator_adds_a_harm_once(office: CaseOffice, browser: Browser) -> None:
    typed = {"what": "message_seen", "service": "kg-country", "request": ""}
    assert [add(browser, **typed), add(browser, **typed)] == [303, 303]
    (entry,) = entries(office)
    assert (entry.source, entry.what, entry.service) == ("coordinator", "message_seen", "kg-country")
    with office.world.db.read() as tx:
        assert [row.action for row in audit_log.search(tx, ref=entry.id)] == ["add_harm"]


def test_r46_a_coordinator_adds_a_harm_from_the_request_that_caused_it(office: CaseOffice, browser: Browser) -> None:
    """The id of a request has 32 letters and digits, which nobody can copy from a list."""
    claimed(office)
    (about,) = office.world.rows(request)
    browser.get(f"/requests/{about.id}")
    assert f'href="/harm?request={about.id}#add"' in browser.page
    browser.get(f"/harm?request={about.id}")
    assert f'name="request" value="{about.id}"' in browser.page
    browser.send("/harm/add", {"what": "call", "service": "", "request": about.id})
    (entry,) = entries(office)
    assert entry.request == about.id
    browser.get(f"/harm/{entry.id}")
    assert f'<a href="/requests/{about.id}">' in browser.page


def test_r46_a_harm_is_entered_by_the_short_code_of_its_request(office: CaseOffice, browser: Browser) -> None:
    claimed(office)
    (about,) = office.world.rows(request)
    add(browser, what="call", service="", request=f"№ {about.id[:6]}")
    (entry,) = entries(office)
    assert entry.request == about.id
    assert f"<code>{about.id[:6]}</code>" in browser.get(f"/harm/{entry.id}").get_data(as_text=True)
    assert about.id[:7] not in browser.page.replace(f"/requests/{about.id}", "")


def test_a_service_that_lost_its_only_telephone_can_be_chosen_and_a_coordinator_cannot(
    office: CaseOffice, browser: Browser
) -> None:
    assert '<option value="kg-country"' in browser.get("/harm").get_data(as_text=True)
    with office.world.db.write(office.world.clock()) as tx:
        tx.execute(sa.delete(contact).where(contact.c.service == "kg-country"))
    assert '<option value="kg-country"' in browser.get("/harm").get_data(as_text=True)
    coordinators = {row.id for row in office.world.rows(contact) if row.kind == "coordinator"}
    assert coordinators
    assert not any(f'value="{each}"' in browser.page for each in coordinators)


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ({"what": "", "service": "kg-country", "request": ""}, "choose what happened"),
        ({"what": "call", "service": "", "request": ""}, "choose a service"),
        ({"what": "call", "service": "no-such", "request": ""}, "choose a service"),
        ({"what": "call", "service": "kg-country", "request": "+996000111001"}, "No request has this short code"),
        ({"what": "shouted", "service": "kg-country", "request": ""}, "choose what happened"),
    ],
)
def test_r46_the_register_refuses_stories_and_numbers(
    office: CaseOffice, browser: Browser, typed: dict[str, str], reply: str
) -> None:
    assert add(browser, **typed) == 422
    assert reply in browser.page
    assert entries(office) == []


def test_a_review_says_what_was_done_and_counts_once(office: CaseOffice, browser: Browser) -> None:
    add(browser, what="call", service="kg-country", request="")
    (entry,) = entries(office)
    other = office.office.signed_in(office.office.insider(Role.COORDINATOR, "bek"))
    for each in (browser, other):
        each.get(f"/harm/{entry.id}")
    browser.send(f"/harm/{entry.id}/review", {"did": "whatever"})
    assert entries(office)[0].reviewed is None
    browser.get(f"/harm/{entry.id}")
    browser.send(f"/harm/{entry.id}/review", {"did": "paused"})
    other.send(f"/harm/{entry.id}/review", {"did": "nothing"})
    assert entries(office)[0].did == "paused"


def test_an_unknown_entry_is_a_404(browser: Browser) -> None:
    assert browser.get("/harm/nothing").status_code == 404
