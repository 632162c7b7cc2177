"""A lost telephone is disabled at the console, by the name of its service or coordinator."""

import pytest

from helpline.directory import records
from helpline.oversight import open_requests
from helpline.staff.roles import Role
from helpline.store.engine import Database
from helpline.store.schema import contact, lost_phone
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.steps.desk import DESK

HERE = "/directory/lost"


@pytest.fixture
def browser(office: CaseOffice) -> Browser:
    """The browser of a coordinator who has just given a second factor."""
    who = office.office.insider(Role.COORDINATOR)
    made = office.office.signed_in(who)
    office.prove(who, made, HERE)
    return made


def test_threat_a_lost_telephone_is_disabled_at_once(office: CaseOffice, browser: Browser) -> None:
    phone = office.world.phone(DESK)
    assert browser.send(f"{HERE}/off", {"contact": DESK, "sure": "yes"}).location == f"{HERE}?said=out&service={DESK}"
    assert [row.phone for row in office.world.rows(lost_phone)] == [phone]
    assert phone not in browser.get(HERE).get_data(as_text=True)


def test_nothing_is_disabled_without_a_choice_and_a_tick(office: CaseOffice, browser: Browser) -> None:
    for typed in ({"contact": DESK}, {"sure": "yes"}):
        browser.get(HERE)
        assert browser.send(f"{HERE}/off", typed).location == f"{HERE}?said=choose"
    assert office.world.rows(lost_phone) == []


def test_the_last_coordinators_telephone_stays(office: CaseOffice, browser: Browser) -> None:
    said = []
    for id in [row.id for row in office.world.rows(contact) if row.kind == "coordinator"]:
        browser.get(HERE)
        said.append(browser.send(f"{HERE}/off", {"contact": id, "sure": "yes"}).location.partition("=")[2])
    assert {*said[:-1]} == {"out"}
    assert said[-1] == "last"


def test_the_search_finds_a_telephone_by_name(office: CaseOffice, browser: Browser) -> None:
    with office.world.db.read():
        name = next(row.names["en"] for row in office.world.rows(contact) if row.id == DESK)
    found = browser.get(f"{HERE}?q={name.upper()}").get_data(as_text=True)
    assert office.world.phone(DESK) in found
    assert office.world.phone("kg-coordinator-1") not in found
    assert "No telephone was found" in browser.get(f"{HERE}?q=nobody").get_data(as_text=True)


def test_who_must_confirm_first_comes_back_to_the_same_search_and_choice(office: CaseOffice) -> None:
    who = office.office.insider(Role.COORDINATOR)
    browser = office.office.signed_in(who)
    office.office.wait(minutes=6)
    browser.get(f"{HERE}?q=whole")
    asked = browser.send(f"{HERE}/off", {"contact": DESK, "sure": "yes"}).location or ""
    browser.get(asked)
    assert browser.prove(who, place="/again").location == f"{HERE}?q=whole"
    page = browser.get(f"{HERE}?q=whole").get_data(as_text=True)
    assert f'value="{DESK}" required checked' in page
    assert 'name="sure" value="yes" required>' in page, "the tick is to be set again"
    assert "Nothing was done yet." in page
    assert browser.send(f"{HERE}/off", {"contact": DESK, "sure": "yes"}).location == f"{HERE}?said=out&service={DESK}"


@pytest.mark.engines
def test_a_form_made_by_hand_with_a_nul_names_no_telephone(db: Database) -> None:
    office = CaseOffice.on(db)
    who = office.office.insider(Role.COORDINATOR)
    browser = office.office.signed_in(who)
    office.prove(who, browser, HERE)
    assert browser.send(f"{HERE}/off", {"contact": "kg\0x", "sure": "yes"}).status_code == 404


def test_the_page_says_which_telephone_was_disabled_and_leads_to_its_service(
    office: CaseOffice, browser: Browser
) -> None:
    browser.send(f"{HERE}/off", {"contact": DESK, "sure": "yes"})
    page = browser.get(f"{HERE}?said=out&service={DESK}").get_data(as_text=True)
    assert "A telephone of this service is disabled: Sample Whole Country." in page
    assert f'<a href="/directory/{DESK}">' in page


def test_the_page_says_which_telephones_a_service_still_has_and_keeps_its_name(
    office: CaseOffice, browser: Browser
) -> None:
    """The other telephone has a name of its own, which must not read like the one that was disabled."""
    (other,) = (row for row in office.world.rows(contact) if row.service == "kg-bishkek" and row.id != "kg-bishkek")
    gone = office.world.phone("kg-bishkek")
    browser.send(f"{HERE}/off", {"contact": "kg-bishkek", "sure": "yes"})
    page = browser.get(f"{HERE}?said=out&service=kg-bishkek").get_data(as_text=True)
    assert "A telephone of this service is disabled: Sample Bishkek." in page
    assert f"It still has: <code>{other.phone}</code>." in page
    assert gone not in page


def test_the_page_says_if_a_service_has_no_telephone_left(office: CaseOffice, browser: Browser) -> None:
    """From then on it is asked about no request, which nobody else would notice."""
    left = "The service has no telephone now, so it is asked about no request."
    assert left not in browser.get(f"{HERE}?said=out&service={DESK}").get_data(as_text=True)
    browser.send(f"{HERE}/off", {"contact": DESK, "sure": "yes"})
    assert left in browser.get(f"{HERE}?said=out&service={DESK}").get_data(as_text=True)


def test_a_service_of_the_demo_without_a_telephone_keeps_its_name(office: CaseOffice, browser: Browser) -> None:
    """The demo's directory has no sheets, and a service that callers cannot telephone has its name in no other place."""
    browser.send(f"{HERE}/off", {"contact": "kg-naryn", "sure": "yes"})
    for place in ("/directory", "/directory/kg-naryn", "/requests/tonight", "/people", "/harm"):
        page = browser.get(place).get_data(as_text=True)
        assert "Sample Naryn" in page, place
        assert ">kg-naryn<" not in page, place
    assert "has no telephone on duty" in browser.get("/requests/tonight").get_data(as_text=True)


@pytest.mark.engines
def test_a_service_without_a_telephone_keeps_its_name(db: Database) -> None:
    """Its name was in its telephones only. The sheets of the directory have it, too."""
    office = CaseOffice.on(db)
    with office.world.db.write() as tx:
        records.put(tx, "KG", "service", "kg-new", {"id": "kg-new", "name": "New House"})
        short = {
            "link_entity": "service",
            "link_id": "kg-new",
            "taxonomy_term_id": "short_name:ru",
            "value": "Новый дом",
        }
        records.put(tx, "KG", "attribute", "kg-new-ru", {"id": "kg-new-ru", **short})
        for language, name in (("en", "New House"), ("ky", "New House"), ("ru", "Новый дом")):
            assert open_requests.desks(tx, language, {"kg-new", DESK})["kg-new"].name == name
            assert open_requests.desks(tx, language)["kg-new"].name == name
