"""The published part of a directory: valid by the schema of HSDS, and nothing in it that is not public."""

import json
from typing import Any
from uuid import UUID

import pytest

from helpline.directory.hsds.files import read
from helpline.directory.hsds.public_fields import VERSIONS
from helpline.directory.hsds.public_form import PublicForm
from helpline.directory.hsds.tables import Body, Row, tables_from
from tests.helpline.directory.hsds.generated import generated
from tests.helpline.directory.hsds.ground import EXAMPLE, Rows, example
from tests.helpline.directory.hsds.published_schema import errors
from tests.world import MORNING

ORIGIN = "https://desk.example.org"
LISTS = {
    "services": "service", "organizations": "organization", "service_at_locations": "service_at_location",
    "locations": "location", "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
}  # fmt: skip


def form(rows: Rows, version: str = "3.0", origin: str = ORIGIN) -> PublicForm:
    tables = tables_from(Row(table, "", body) for table, bodies in rows.items() for body in bodies)
    return PublicForm.of(tables, MORNING.date(), origin, version)


def all_errors(public: PublicForm) -> list[str]:
    found = [(table, each) for name, table in LISTS.items() for each in getattr(public, name)]
    return [f"{table}: {error}" for table, each in found for error in errors(table, each, public.version)]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_example_is_valid_by_the_published_schema(version: str) -> None:
    public = form(example(), version)
    assert len(public.services) == 3
    assert all_errors(public) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(4))
def test_made_up_directories_are_valid_by_the_published_schema(seed: int, version: str) -> None:
    assert all_errors(form(generated(seed), version)) == []


def test_the_schema_refuses_what_an_ordinary_export_writes() -> None:
    """The control: ids that are no UUIDs, and a zone that is a name."""
    service = {"id": "s", "name": "S", "status": "active", "schedules": [{"id": "h", "timezone": "Asia/Bishkek"}]}
    assert len(errors("service", service)) == 3
    assert errors("service", {"id": "s"})
    assert errors("service", {**service, "id": "00000000-0000-4000-8000-000000000000", "schedules": [], "more": 1})


def test_what_the_schema_would_refuse_is_left_out() -> None:
    rows = example()
    rows["service"][0] |= {"minimum_age": "young", "url": "our page", "maximum_age": "nan", "email": "a@example.org"}
    rows["service"][0]["assured_date"] = "2026-11-10T09:00:00"
    rows["schedule"][0] |= {"wkst": "MON", "interval": "2", "until": "in spring"}
    public = form(rows)
    assert all_errors(public) == []
    assert not {"minimum_age", "maximum_age", "url", "email"} & public.services[0].keys()
    assert public.services[0]["assured_date"] == "2026-11-10"
    assert public.services[0]["schedules"][0]["interval"] == 2
    assert "until" not in public.services[0]["schedules"][0]


def test_hours_say_how_far_they_are_from_greenwich() -> None:
    rows = example()
    rows["schedule"][0]["timezone"] = "Asia/Kolkata"
    hours = form(rows).services[0]["schedules"]
    assert (hours[0]["timezone"], hours[0]["opens_at"]) == (5.5, "09:00+05:30")
    assert (hours[1]["timezone"], hours[1]["closes_at"]) == (6, "14:00+06:00")
    assert "opens_at" not in hours[2]
    assert [each["taxonomy_term"]["code"] for each in hours[2]["attributes"]] == ["closed:yes"]


def test_ids_are_the_same_each_time_and_differ_between_deployments() -> None:
    first, again = form(example()), form(example())
    assert first.services == again.services
    assert first.services[0]["id"] != form(example(), origin="https://other.example.org").services[0]["id"]
    rows, own = example(), str(UUID(int=7, version=4))
    rows["service"][0]["id"] = own
    assert form(rows).services[0]["id"] == own


def test_3_1_adds_how_many_people_a_service_can_take() -> None:
    assert all("capacities" not in each for each in form(example()).services)
    (most,) = [each for service in form(example(), "3.1").services for each in service.get("capacities", [])]
    assert most["unit"]["name"] == "Bed"


def test_r41_only_public_telephones_and_no_place_of_a_shelter_is_published() -> None:
    rows = example()
    rows["service"][1] |= {"alternate_name": "SECRET", "description": "SECRET", "alert": "SECRET", "name": "SECRET"}
    rows["organization"][1] |= {"name": "House in SECRET street", "website": "https://secret.example"}
    rows["phone"].append({"id": "p", "number": "189", "type": "voice", "service_id": "south-house",
                          "description": "SECRET"})  # fmt: skip
    rows["attribute"].append(
        {"id": "x", "link_id": "p", "link_entity": "phone", "taxonomy_term_id": "phone_use:public"}
    )
    rows["schedule"][3] |= {"description": "SECRET", "notes": "SECRET"}
    rows["service_area"].append({"id": "near", "service_id": "south-house", "uri": "SECRET"})
    public = form(rows)
    assert all_errors(public) == []
    house = public.services[1]
    assert (house["name"], house["organization"]["name"]) == ("South", "Organization")
    assert house["phones"][0]["number"] == "189"
    assert not {"service_at_locations", "service_areas", "required_documents"} & house.keys()
    told = json.dumps([getattr(public, name) for name in LISTS]).lower()
    assert "secret" not in told
    assert '72.8"' not in told
    assert len(public.locations) == 1
    for phone in ("400001", "400002", "400003", "400009"):
        assert phone not in told
    assert "400004" in told


@pytest.mark.parametrize("status", ["inactive", "defunct"])
def test_a_service_that_is_closed_for_good_is_not_published(status: str) -> None:
    rows = example()
    rows["service"][0]["status"] = status
    public = form(rows)
    assert [each["name"] for each in public.services] == ["South", "Doctor"]
    assert len(public.organizations) == 1


def test_people_and_agreements_are_not_published() -> None:
    tables, _ = read(EXAMPLE)
    told = json.dumps(PublicForm.of(tables, MORNING.date(), ORIGIN).services)
    for name in ("accepts_numbers_by_sms", "operator_sex", "caller_shows", "coordinator", "contacts", "metadata"):
        assert name not in told


def test_a_location_that_a_shelter_uses_too_is_not_published() -> None:
    rows = example()
    doctor = next(each for each in rows["service_at_location"] if each["service_id"] == "south-doctor")
    rows["service_at_location"].append(
        {"id": "both", "service_id": "south-house", "location_id": doctor["location_id"]}
    )
    assert form(rows).locations == []


def _address(**fields: Any) -> Body:
    whole = {"address_1": "1 Example street", "city": "Osh", "state_province": "Osh", "postal_code": "723500",
             "country": "KG", "address_type": "physical"}  # fmt: skip
    return {"id": "a", "location_id": "place-doctor"} | whole | fields


@pytest.mark.parametrize(("fields", "count"), [({}, 1), ({"city": ""}, 0), ({"address_type": "other"}, 0)])
def test_an_address_is_published_if_it_is_whole(fields: dict[str, str], count: int) -> None:
    rows = example()
    rows["address"] = [_address(**fields)]
    public = form(rows)
    assert all_errors(public) == []
    assert sum(len(each.get("addresses", [])) for each in public.locations) == count
