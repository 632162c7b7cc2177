"""What an import reads: terms, phones, hours and places of the example, and the API's nested form."""

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from helpline.content.sources import ROOT, load_country
from helpline.directory.hsds.draft import bodies
from helpline.directory.hsds.files import read
from helpline.directory.hsds.ground import Ground, places_of
from helpline.directory.hsds.made import Made
from helpline.directory.hsds.making import NEVER
from helpline.directory.hsds.profile import PROFILE, rows
from helpline.directory.hsds.reach import areas
from helpline.directory.hsds.tables import Row
from helpline.directory.opening_hours import Opening
from helpline.directory.service import Service
from tests.helpline.directory.hsds.ground import COUNTRY, EXAMPLE, GROUND, example, made, of, term, without, written

NESTED = Path(__file__).with_name("from_the_specification.json")
WEEKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR"})


def services(found: Made) -> dict[str, Service]:
    assert [str(flaw) for flaw in found.flaws] == []
    return {each.id: each for each in found.services}


def test_the_folder_of_the_documents_imports_cleanly_as_it_is() -> None:
    found = made(EXAMPLE)
    assert set(services(found)) == {"north-wages", "south-house", "south-doctor"}
    assert found.doubts == []


def test_a_service_is_read_from_its_rows() -> None:
    north = services(made(EXAMPLE))["north-wages"]
    assert north == Service(
        id="north-wages", kind="ngo", phone="+996000400001", language="ru", languages=("ky", "ru", "uz"),
        names={"ky": "Түндүк эмгек", "ru": "Север: труд", "uz_Cyrl": "Шимол меҳнат", "en": "North Labour"},
        needs=frozenset({"wages", "documents", "go_home", "talk"}), regions=frozenset(), abroad=frozenset({"RU"}),
        at=COUNTRY.regions[0].at, zone="Asia/Bishkek", assured=date(2026, 11, 10),
        schedule=(
            Opening(WEEKDAYS, time(9), time(18)),
            Opening(frozenset({"1SA", "3SA"}), time(10), time(14), "MONTHLY"),
            Opening(frozenset(), time(), time(), since=date(2026, 12, 28), until=date(2027, 1, 4), closed=True),
        ),
        accepts_numbers_by_sms=True, sexes=frozenset({"woman", "man"}), serves=frozenset({"women", "men"}),
        minimum_age=16, after_contact=frozenset({"anonymous_ok"}),
        holidays=frozenset(each.on for each in COUNTRY.holidays),
    )  # fmt: skip


def test_a_shelter_and_a_doctor_are_read_from_their_rows() -> None:
    found = services(made(EXAMPLE))
    house, doctor = found["south-house"], found["south-doctor"]
    assert (house.capacity, house.holidays, house.shows, house.child_safeguarding) == (12, frozenset(), "hidden", True)
    assert house.regions == {"KG-O", "KG-GO"}
    assert (doctor.callback, doctor.public_phone, doctor.phone) == (False, "+996000400004", "")
    assert doctor.at == (40.5301, 72.7985)


def test_a_service_with_two_telephones_has_two_contacts_and_the_first_is_on_duty() -> None:
    desks = [each for each in made(EXAMPLE).contacts if each.service == "north-wages"]
    assert [(each.phone, each.on_duty, each.language) for each in desks] == [
        ("+996000400001", True, "ru"),  # the phone's own language
        ("+996000400002", False, "ky"),  # the service's first phone
    ]


def test_a_coordinator_is_a_contact_with_our_mark() -> None:
    (lead,) = [each for each in made(EXAMPLE).contacts if each.kind == "coordinator"]
    assert (lead.id, lead.phone, lead.names["ru"]) == ("lead", "+996000400009", "Coordinator (sample)")


def test_missing_values_are_read_in_the_restrictive_way(tmp_path: Path) -> None:
    table = example()
    for taxonomy in ("after_contact", "child_safeguarding", "accepts_numbers_by_sms", "operator_sex", "caller_shows"):
        without(table, "south-house", taxonomy)
    del of(table, "service", "south-house")["assured_date"]
    found = made(written(table, tmp_path))
    house = services(found)["south-house"]
    assert (house.after_contact, house.child_safeguarding, house.accepts_numbers_by_sms) == (None, False, False)
    assert (house.sexes, house.shows, house.assured) == (frozenset(), "number", NEVER)
    assert found.doubts == ["service south-house was never checked: it is not offered before a test call (R40)"]


def test_that_nothing_follows_a_call_must_be_stated(tmp_path: Path) -> None:
    table = example()
    without(table, "south-house", "after_contact")
    term(table, "service", "south-house", "after_contact:nothing_follows")
    assert services(made(written(table, tmp_path)))["south-house"].after_contact == frozenset()


def test_no_overrides_yes(tmp_path: Path) -> None:
    table = example()
    term(table, "service", "south-house", "child_safeguarding:no")
    assert not services(made(written(table, tmp_path)))["south-house"].child_safeguarding


def test_a_directory_without_a_coordinator_is_a_warning(tmp_path: Path) -> None:
    table = example()
    without(table, "lead", "coordinator")
    assert "there is no coordinator" in made(written(table, tmp_path)).doubts[0]


def test_a_district_includes_its_towns() -> None:
    """If it is known which towns are in it. A code may be given as a whole address."""
    uzbekistan = load_country(ROOT, "UZ")
    ground = Ground(uzbekistan, GROUND.today, demo=True, places=places_of(ROOT, uzbekistan))
    row = Row("service_area", "here", {"id": "a", "uri": "urn:places:uz-s1703230"})
    assert areas([row], ground, []) == (frozenset({"UZ-S1703230", "UZ-1512832"}), frozenset())


def test_a_service_for_people_abroad_only_serves_nobody_at_home(tmp_path: Path) -> None:
    table = example()
    of(table, "service_area", "a1")["uri"] = "TR"
    north = services(made(written(table, tmp_path)))["north-wages"]
    country = COUNTRY.for_matching
    assert [place for place in ("RU", "TR", "KG-O", "", "abroad", "PL") if north.serves_place(country, place)] == [
        "RU",
        "TR",
        "abroad",
    ]


def test_terms_may_be_rows_of_a_taxonomy_with_their_name(tmp_path: Path) -> None:
    """As the standard has it. Other taxonomies are stored and decide nothing."""
    table = example()
    without(table, "south-doctor", "need")
    table["taxonomy"] = [
        {"id": "t", "name": "need", "description": "ours"}, {"id": "o", "name": "colour", "description": "theirs"},
    ]  # fmt: skip
    table["taxonomy_term"] = [
        {"id": "t1", "code": "health", "name": "Health", "description": "-", "taxonomy_id": "t"},
        {"id": "o1", "code": "green", "name": "Green", "description": "-", "taxonomy_id": "o"},
    ]
    for code in ("t1", "o1"):
        term(table, "service", "south-doctor", code)
    assert services(made(written(table, tmp_path)))["south-doctor"].needs == {"health"}


def test_our_term_lists_as_rows_have_no_faults(tmp_path: Path) -> None:
    table = example()
    for name, row in rows():
        table.setdefault(name, []).append(row)
    assert services(made(written(table, tmp_path)))
    assert len(table["taxonomy_term"]) == sum(len(listed.codes) for listed in PROFILE.values())


def test_a_directory_from_the_examples_of_the_specification_is_read() -> None:
    """The nested form of HSDS: a phone under a service, its contact and its location is one row."""
    found = made(NESTED)
    service = services(found)["ac148810-d857-441c-9679-408f346de14b"]
    assert (service.minimum_age, service.maximum_age, service.status) == (12, 100, "active")
    assert service.languages == ("ur", "ru")
    assert service.schedule[0].days == {"TH", "FR"}
    tables, _ = read(NESTED)
    (phone,) = [row for row in tables.of("phone") if row.id == "1554f2e2-a373-45db-a3fa-9fc48a61c15e"]
    links = {key: value for key, value in phone.body.items() if key.endswith("_id")}
    assert links == {
        "service_id": service.id, "contact_id": "1e7efce3-639b-4880-940c-b95cd30cdb50",
        "location_id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5",
    }  # fmt: skip
    assert tables.get("service", service.id).body["organization_id"] == "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"  # type: ignore[union-attr]
    assert [row.text("source")[:12] for row in tables.of("funding")] == ["Half of it f"]


def test_a_page_of_the_api_and_a_list_are_the_same_directory(tmp_path: Path) -> None:
    one = json.loads(NESTED.read_text())
    found = []
    for form in (one, [one], {"total_items": 1, "contents": [one]}, {"services": [one]}):
        path = tmp_path / "d.json"
        path.write_text(json.dumps(form))
        tables, wrong = read(path)
        assert wrong == []
        found.append(bodies(tables))
    assert found[0] == found[1] == found[2] == found[3]


@pytest.mark.parametrize(("form", "language"), [("kir", "ky"), ("RUS", "ru"), ("uz-Cyrl", "uz_Cyrl"), ("ur", "ur")])
def test_languages_are_read_with_two_or_three_letters(form: str, language: str) -> None:
    assert replace(GROUND).language(form) == language
