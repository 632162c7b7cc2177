"""The HTTP API of the directory: off without a token, its paging, and that every answer is what OpenAPI says."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from gateway.console import hsds_openapi
from gateway.console.hsds_openapi import LISTS
from helpline.directory import records
from helpline.directory.hsds.draft import bodies
from helpline.directory.hsds.files import read
from helpline.staff import raid_lock
from tests.conftest import Databases
from tests.gateway.console.office import ELSEWHERE, Office
from tests.helpline.directory.hsds.ground import EXAMPLE
from tests.helpline.directory.hsds.published_schema import errors

TOKEN = "a token of twenty-four letters"
WITH = {"Authorization": f"Bearer {TOKEN}"}
API = "https://desk.example.org/hsds"


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    office = Office.on(new_sqlite(), directory_token=TOKEN, console_url="https://desk.example.org")
    tables, flaws = read(EXAMPLE)
    assert not flaws
    with office.console.db.write() as tx:
        records.replace(tx, "KG", bodies(tables))
    return office


def get(office: Office, place: str, headers: dict[str, str] | None = None) -> TestResponse:
    """Ask as another machine does."""
    return office.app.test_client().get(
        f"/hsds/{place}", headers=WITH if headers is None else headers, environ_base={"REMOTE_ADDR": ELSEWHERE}
    )


def listed(office: Office, place: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(office, place).get_json()["contents"]
    return found


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN[:-1]}])
def test_r41_without_the_token_there_is_no_api(office: Office, headers: dict[str, str]) -> None:
    for place in ("", "openapi.json", "services", "services/x", "locations"):
        response = get(office, place, headers)
        assert (response.status_code, response.get_json()) == (404, {"error": "not found"})


def test_it_is_off_by_default(new_sqlite: Databases) -> None:
    """Also for a client that sends an empty token, and for this machine."""
    client = Office.on(new_sqlite()).app.test_client()
    for headers in ({}, WITH, {"Authorization": "Bearer "}):
        assert client.get("/hsds/services", headers=headers).status_code == 404


def test_pages_of_a_list(office: Office) -> None:
    first = get(office, "services?per_page=2").get_json()
    last = get(office, "services?per_page=2&page=2").get_json()
    beyond = get(office, "services?per_page=2&page=3").get_json()
    assert [(each["size"], each["first_page"], each["last_page"], each["empty"]) for each in (first, last, beyond)] == [
        (2, True, False, False), (1, False, True, False), (0, False, True, True),
    ]  # fmt: skip
    assert {(each["total_items"], each["total_pages"]) for each in (first, last, beyond)} == {(3, 2)}
    assert [each["name"] for each in first["contents"]] == ["Unpaid wages and papers", "South"]
    assert "schedules" not in first["contents"][0]
    assert "schedules" in listed(office, "services?full=true")[0]


def test_a_list_is_narrowed_by_organization_or_term(office: Office) -> None:
    services = listed(office, "services?full=true")
    owner = services[1]["organization_id"]
    assert [each["name"] for each in listed(office, f"services?organization_id={owner}")] == ["South", "Doctor"]
    (term,) = [each["id"] for each in listed(office, "taxonomy_terms?per_page=200") if each["code"] == "need:health"]
    assert [each["name"] for each in listed(office, f"services?taxonomy_term_id={term}")] == ["Doctor"]
    assert listed(office, "services?taxonomy_term_id=other") == []


@pytest.mark.parametrize("query", ["page=0", "page=x", "per_page=201", "per_page=-1", "page=\u0661", "full=1"])
def test_a_wrong_parameter_says_what_is_right(office: Office, query: str) -> None:
    response = get(office, f"services?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in response.get_json()["error"]


def test_r41_nothing_that_is_not_public_is_in_any_answer(office: Office) -> None:
    told = "".join(get(office, f"{name}?full=true&per_page=200").text for name in LISTS)
    assert "400004" in told  # the doctor's reception
    for never in ("400001", "400002", "400003", "400009", "accepts_numbers", "coordinator", "72.8,", "Osh region"):
        assert never not in told


def test_nothing_is_answered_while_numbers_are_locked(office: Office) -> None:
    with office.console.db.write(office.clock()) as tx:
        raid_lock.lock(tx, "somebody", b"k" * 32)
    response = get(office, "services")
    assert (response.status_code, response.get_json()) == (503, {"error": "not available now"})


def test_a_directory_that_shows_a_shelter_is_not_answered(office: Office) -> None:
    with office.console.db.write() as tx:
        records.put(tx, "KG", "address", "x", {"id": "x", "location_id": "place-house", "address_1": "1 Street"})
    assert get(office, "services").status_code == 503


def test_every_answer_is_what_the_openapi_document_says(office: Office) -> None:
    """Every path of the document is asked, and every object has the form of HSDS 3.0."""
    document = get(office, "openapi.json").get_json()
    assert document == hsds_openapi.document(API)
    seen = 0
    for path, operations in document["paths"].items():
        name = path.strip("/").partition("/")[0]
        ids = [each["id"] for each in listed(office, f"{name}?per_page=200")] if "{id}" in path else [""]
        assert ids, path
        for id in ids:
            body = get(office, path.lstrip("/").replace("{id}", id)).get_json()
            schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            found = Draft202012Validator({**schema, "components": document["components"]}).iter_errors(body)
            assert [each.message for each in found] == [], path
            if id:
                assert errors(LISTS[name], body) == []
            seen += 1
    assert seen > 60


def test_the_openapi_document_names_every_path_and_its_schemas_are_schemas(office: Office) -> None:
    document = get(office, "openapi.json").get_json()
    rules = {rule.rule.replace("<id>", "{id}") for rule in office.app.url_map.iter_rules()}
    there = {rule.removeprefix("/hsds") for rule in rules if rule.startswith("/hsds/")}
    assert set(document["paths"]) == there - {"/openapi.json"}
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    ids = [each["get"]["operationId"] for each in document["paths"].values()]
    assert len(ids) == len(set(ids))
    assert get(office, "").get_json()["openapi_url"] == f"{API}/openapi.json"
