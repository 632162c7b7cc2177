"""A service that a coordinator adds by form. It is checked as an import is, and counts no sooner."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from helpline.directory import records, services
from helpline.directory.hsds.made import offered
from helpline.directory.hsds.making import NEVER
from helpline.directory.new_service import may_take_back
from helpline.directory.service import Service
from helpline.staff import contacts
from helpline.staff.roles import Role
from helpline.store import audit_log
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.example_office import office
from tests.gateway.console.office import Browser, Insider
from tests.helpline.directory.hsds.ground import CHANGES, GROUND, directories, example, written
from tests.world import MORNING

__all__ = ["office"]
NEW = "/directory/new"
PHONE = "+996000500790"
FILLED: Mapping[str, Any] = {
    "organization": "Bridge", "phone": PHONE, "phone_language": "ru", "kind": "ngo", "shows": "number",
    "name_ky": "Көпүрө", "name_ru": "Мост", "name_en": "Bridge", "name_uz_Cyrl": "Кўприк", "needs": ["legal", "wages"],
    "speaks": ["ru", "ky"], "areas": ["KG-GO", "RU"], "hours_MO": "9:00-18:00", "hours_TU": "9:00-18:00",
    "minimum_age": "18", "maximum_age": "60", "serves": ["men"], "papers": "passport\n a copy  of it ", "capacity": "4",
    "child": "no", "hidden": "no", "after": ["anonymous_ok"],
}  # fmt: skip


@pytest.fixture
def aida(office: CaseOffice) -> tuple[Insider, Browser]:
    who = office.office.insider(Role.COORDINATOR, "aida")
    browser = office.office.signed_in(who)
    office.prove(who, browser, NEW)
    return who, browser


def step(browser: Browser, step: str, typed: Mapping[str, Any]) -> str:
    """Send the form. Return its redirect, or the page."""
    assert browser.get(NEW).status_code == 200
    form: dict[str, Any] = {**browser.hidden(NEW), **typed, "step": step}
    response = browser.post(NEW, form)
    return response.location or unescape(browser.page)


def added(office: CaseOffice, browser: Browser, typed: Mapping[str, Any] = FILLED) -> Service:
    """Add a service and return it."""
    place = step(browser, "save", typed)
    assert re.findall(r'<a href="#\w+">', place) == []
    with office.world.db.read() as tx:
        found = services.service_by_id(tx, place.split("/")[2].partition("?")[0])
    assert found is not None
    return found


def test_a_form_is_shown_again_before_it_counts(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    rows = directories(office.world.db).rows()
    page = step(aida[1], "check", FILLED)
    assert "Add this service?" in page
    assert "a copy  of it" in page
    assert "Nobody is referred to it before a test call" in page
    assert directories(office.world.db).rows() == rows, "nothing is saved yet"
    assert aida[1].page.count('type="hidden" name="needs"') == 2, "the confirmation sends the whole form again"
    form: dict[str, Any] = {**FILLED, **aida[1].hidden(NEW), "step": "change"}
    form |= {name: value for name, value in FILLED.items() if isinstance(value, list)}
    assert aida[1].post(NEW, form).status_code == 200
    assert 'value="Мост"' in aida[1].page
    assert aida[1].page.count(" checked") == 12, "the ticked boxes are kept, too"
    assert directories(office.world.db).rows() == rows


def test_each_error_names_its_field(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    page = step(aida[1], "check", {"organization": "", "hours_MO": "late"})
    listed = re.findall(r'<li><a href="#(\w+)">([^<:]*): [^<]+</a></li>', page)
    labels = dict(listed)
    assert labels["name_ru"] == "Short names, Русский"
    assert labels["organization"] == "Name of the organization"
    assert labels["hours_MO"] == "Monday"
    assert len(listed) == page.count('<li><a href="#'), "no error without a name"
    assert len(set(labels.values())) == len(labels)
    assert "A name is needed in: " in page


@pytest.mark.parametrize("other", [{"after": ["nothing_follows", "reports_to_police"]}, {"phone": "12"}, {}])
def test_everything_that_is_missing_is_told_at_once(aida: tuple[Insider, Browser], other: Mapping[str, Any]) -> None:
    """A fault of one kind hid what was missing in rows of the same table. It came back when the fault was mended."""
    page = step(aida[1], "check", {**other, "hidden": "yes"})
    listed = set(re.findall(r'<li><a href="#(\w+)">', page))
    assert {"organization", "phone", "phone_language", "kind", "name_ky", "name_ru", "needs", "speaks", "areas",
            "hours_MO", "child"} <= listed  # fmt: skip
    assert len(listed) == page.count('<li><a href="#'), "each once"


def test_the_confirmation_shows_the_number_as_it_is_saved_and_every_language(aida: tuple[Insider, Browser]) -> None:
    typed = {**FILLED, "phone": "+996 000-500 790", "speaks": ["ky"]}
    page = step(aida[1], "check", typed)
    assert '<span class="tel">+<span>996</span><span>000</span><span>500</span><span>790</span></span>' in page
    assert "<dd>Кыргызча, Русский</dd>" in page, "the telephone's language counts"


def test_an_added_service_is_what_the_same_rows_of_a_sheet_make(
    office: CaseOffice, aida: tuple[Insider, Browser], new_sqlite: Databases, tmp_path: Path
) -> None:
    service = added(office, aida[1])
    rows = {table: [dict(row) for row in listed] for table, listed in directories(office.world.db).rows().items()}
    other = new_sqlite()
    directories(other).take(written(example(), tmp_path))
    taken = directories(other).take(written(rows, tmp_path))
    assert [each.phone for each in taken.waiting] == [PHONE]
    with other.read() as tx:
        assert services.service_by_id(tx, service.id) == service
        assert [each.wanted.phone for each in CHANGES.waiting(tx, service.id)] == [PHONE]
    again = directories(office.world.db).take(written(rows, tmp_path))
    assert (again.changes, again.gone) == ([], []), "an export of it imports without a change"
    with office.world.db.read() as tx:
        assert len(CHANGES.waiting(tx, service.id)) == 1
        assert [each.action for each in audit_log.search(tx, ref=service.id)] == ["added_service"]
    assert service.regions == {"KG-GO", *GROUND.places.get("KG-GO", ())}
    assert (service.abroad, service.serves) == (frozenset({"RU"}), frozenset({"men"}))
    assert (service.minimum_age, service.maximum_age) == (18, 60)
    assert service.documents == {"passport", "a copy of it"}


def test_r40_a_typed_service_is_not_checked_by_being_typed(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    """Not even if somebody adds a date to the form."""
    service = added(office, aida[1], {**FILLED, "assured_date": "2026-11-01", "assured": "2026-11-01"})
    assert service.assured == NEVER
    assert not offered(service, MORNING.date(), 90)
    aida[1].get("/directory")
    assert "Мост" in aida[1].page or "Bridge" in aida[1].page
    aida[1].get(f"/directory/{service.id}")
    assert "Never checked" in aida[1].page


def test_r32_the_telephone_of_a_new_service_waits_for_a_second_person_and_three_days(
    office: CaseOffice, aida: tuple[Insider, Browser]
) -> None:
    service = added(office, aida[1])
    with office.world.db.write(MORNING) as tx:
        assert contacts.of_service(tx, service.id) == []
        (change,) = CHANGES.waiting(tx, service.id)
        assert CHANGES.agree(tx, change.id, aida[0].person.id) == "own"
        assert not change.wanted.accepts_numbers_by_sms
    bek = office.office.insider(Role.COORDINATOR, "bek")
    with office.world.db.write(MORNING) as tx:
        assert CHANGES.agree(tx, change.id, bek.person.id) == "agreed"
        assert CHANGES.look(tx, change.id), "it is too early"
    with office.world.db.write(MORNING + timedelta(hours=73)) as tx:
        assert CHANGES.look(tx, change.id) is None
        assert [each.phone for each in contacts.of_service(tx, service.id)] == [PHONE]
        assert not may_take_back(tx, service.id)
        numbers = [row["number"] for row in records.rows(tx, "KG")["phone"].values()]
        assert numbers.count(PHONE) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"organization": " "}, "organization"), ({"organization": "х" * 201}, "organization"),
        ({"phone": ""}, "phone"), ({"phone": "12"}, "phone"), ({"phone": "+996000500001"}, "phone"),
        ({"name_ru": ""}, "name_ru"), ({"name_ky": "х" * 25}, "name_ky"), ({"kind": ""}, "kind"),
        ({"needs": []}, "needs"), ({"needs": ["escape"]}, "needs"), ({"speaks": ["a1"]}, "speaks"),
        ({"areas": []}, "areas"), ({"areas": ["Mars"]}, "areas"), ({"hours_MO": "", "hours_TU": ""}, "hours_MO"),
        ({"hours_TU": "25:00-26:00"}, "hours_TU"), ({"minimum_age": "old"}, "minimum_age"),
        ({"minimum_age": "61"}, "minimum_age"), ({"maximum_age": "-1"}, "maximum_age"),
        ({"capacity": "many"}, "capacity"), ({"after": ["reports_to_police", "nothing_follows"]}, "after"),
    ],
)  # fmt: skip
def test_a_fault_is_beside_its_field_and_keeps_what_was_typed(
    office: CaseOffice, aida: tuple[Insider, Browser], typed: dict[str, Any], field: str
) -> None:
    rows = directories(office.world.db).rows()
    if typed.get("phone", "").startswith("+"):
        with office.world.db.read() as tx:
            typed = {"phone": contacts.of_kind(tx, "service", "KG")[0].phone}
    for way in ("check", "save"):
        page = step(aida[1], way, {**FILLED, **typed})
        assert page.count('class="fault"') == 1, typed
        assert f'<a href="#{field}">' in page
        assert f'id="{field}"' in page
        assert 'value="Bridge"' in page
    assert directories(office.world.db).rows() == rows


def test_an_empty_form_names_each_field_that_is_needed(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    page = step(aida[1], "check", {})
    needed = ["organization", "phone", "kind", "needs", "speaks", "areas", "hours_MO", "name_ky", "name_ru"]
    assert [each for each in needed if f'<a href="#{each}">' not in page] == []
    assert "<title>Error: Add a service" in page
    assert "Monday: Please write the hours of at least one day" in page


def test_r01_what_concerns_safety_must_be_answered(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    """Whether minors may be sent there, and whether its place must stay hidden, was "no" if nobody chose."""
    for field in ("child", "hidden"):
        assert not re.search(rf'name="{field}" value="\w+" required checked', step(aida[1], "change", {}))
        page = step(aida[1], "save", {name: value for name, value in FILLED.items() if name != field})
        assert page.count('class="fault"') == 1
        assert f'<fieldset id="{field}" class="wrong" tabindex="-1" aria-describedby="{field}-fault">' in page


def test_r41_a_new_shelter_cannot_be_named_after_its_street(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    typed = {**FILLED, "needs": ["safe_place"], "name_ru": "ул. Тайная 12"}
    assert "would say where a shelter is" in step(aida[1], "save", typed)
    assert "Тайная" not in str(directories(office.world.db).rows())


def test_the_page_of_a_service_shows_what_was_typed(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    """A shelter's place is hidden, whatever was answered (R41)."""
    cases = (("yes", ["legal"], "Yes"), ("no", ["legal"], "No"), ("no", ["safe_place"], "Yes"))
    for last, (hidden, needs, answer) in enumerate(cases):
        typed = {"hidden": hidden, "needs": needs, "phone": f"{PHONE[:-1]}{last}"}
        service = added(office, aida[1], {**FILLED, **typed})
        aida[1].get(f"/directory/{service.id}")
        shown = re.sub(r"<[^>]+>", "", unescape(aida[1].page))
        for line in ("Name of the organizationBridge", "Who runs it?An NGO", f"Must nobody know where it is?{answer}",
                     "Opening hoursMonday: 09:00-18:00; Tuesday: 09:00-18:00"):  # fmt: skip
            assert line in shown, line


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ({"minimum_age": "30", "serves": ["children"]}, "adults only"),
        ({"child": "yes"}, "adults only"),
        ({"minimum_age": "", "maximum_age": "17"}, "nobody would be sent there"),
        ({"capacity": "0"}, "would never be asked"),
        ({"name_en": "\u041c\u043e\u0441\u0442"}, "letters of another language"),
        ({"name_ru": "Most"}, "letters of another language"),
        ({"hidden": "yes", "name_ru": "\u041e\u0448 \u0434\u043e\u043c"}, "says a region or town"),
        ({"needs": ["safe_place"], "name_en": "Bishkek house"}, "says a region or town"),
    ],
)  # fmt: skip
def test_r23_a_contradiction_is_saved_only_after_somebody_has_looked_again(
    office: CaseOffice, aida: tuple[Insider, Browser], typed: Mapping[str, Any], doubt: str
) -> None:
    form = {**FILLED, **typed}
    for at in ("check", "save"):
        page = step(aida[1], at, form)
        assert "Please look at this again" in page
        assert doubt in page
    with office.world.db.read() as tx:
        assert [each for each in services.services(tx, "KG") if "Bridge" in each.names.values()] == []
    assert step(aida[1], "save", {**form, "sure": "yes"}).endswith("said=new")


def test_what_is_not_doubtful_is_saved_at_once(aida: tuple[Insider, Browser]) -> None:
    assert "Please look at this again" not in step(aida[1], "check", FILLED)


@pytest.mark.parametrize(
    ("hours", "cause"),
    [("9-", "not a time"), ("25:00-26:00", "not a time"), ("9:00-13:00, 12:00-18:00", "hours overlap")],
)
def test_the_fault_of_hours_names_its_cause(aida: tuple[Insider, Browser], hours: str, cause: str) -> None:
    page = step(aida[1], "check", {**FILLED, "hours_MO": hours})
    assert cause in page
    assert ("not a time" in page) is not ("hours overlap" in page)


def test_a_known_organization_is_not_added_twice(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    with office.world.db.read() as tx:
        known = records.rows(tx, "KG")["organization"]
    name = str(next(iter(known.values()))["name"])
    added(office, aida[1], {**FILLED, "organization": name.upper()})
    with office.world.db.read() as tx:
        assert records.rows(tx, "KG")["organization"] == known


def test_adding_needs_a_fresh_second_factor(office: CaseOffice) -> None:
    browser = office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))
    office.office.wait(minutes=6)
    assert browser.get(NEW).location == f"/again?next={NEW}"


def test_a_new_service_can_be_taken_back_with_all_its_rows(
    office: CaseOffice, aida: tuple[Insider, Browser], tmp_path: Path
) -> None:
    known = directories(office.world.db).rows()
    service = added(office, aida[1], {**FILLED, "organization": "Bridge"})
    place = f"/directory/{service.id}"
    aida[1].get(place)
    assert aida[1].send(f"{place}/remove", {}).location.endswith("said=choose")
    aida[1].get(place)
    assert aida[1].send(f"{place}/remove", {"sure": "yes"}).location == "/directory?said=removed"
    left = {table: listed for table, listed in directories(office.world.db).rows().items() if listed}
    left["organization"] = [row for row in left["organization"] if row["name"] != "Bridge"]
    assert left == {**known, "unit": left["unit"]}
    with office.world.db.read() as tx:
        assert services.service_by_id(tx, service.id) is None
        assert CHANGES.waiting(tx, service.id) == []
        assert [each.action for each in audit_log.search(tx, ref=service.id)] == ["added_service", "removed_service"]


def test_a_service_of_a_sheet_cannot_be_taken_back(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    aida[1].get("/directory/north-wages")
    assert "/remove" not in aida[1].page
    assert step_remove(aida[1], "north-wages") == 404


def step_remove(browser: Browser, id: str) -> int:
    """Send the form that removes a service, with the token of another page."""
    browser.get(NEW)
    form = {**browser.hidden(NEW), "sure": "yes"}
    return browser.post(f"/directory/{id}/remove", form).status_code
