"""Files that a coordinator downloads: the directory and permitted case data, but nothing during the raid lock."""

import io
import json
import zipfile

import pytest

from helpline.directory import records
from helpline.staff import raid_lock
from helpline.staff.roles import Role
from helpline.store.schema import audit
from tests.conftest import Databases
from tests.gateway.console.office import Office

SERVICE = {"id": "s", "name": "Ally"}


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    office = Office.on(new_sqlite())
    with office.console.db.write() as tx:
        records.replace(tx, "KG", {"service": {"s": SERVICE}})
    return office


def test_the_directory_is_one_zip_file(office: Office) -> None:
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    browser.get("/exports")
    given = browser.send("/exports/directory")
    assert given.content_type == "application/zip"
    assert given.headers["Content-Disposition"].startswith('attachment; filename="komek-directory-')
    with zipfile.ZipFile(io.BytesIO(given.get_data())) as packed:
        assert sorted(packed.namelist()) == ["directory.json", "service.csv"]
        assert json.loads(packed.read("directory.json")) == {"service": [SERVICE]}


def test_r29_the_file_of_cases_is_empty_and_says_why(office: Office) -> None:
    who = office.insider(Role.COORDINATOR)
    browser = office.signed_in(who)
    browser.get("/exports")
    given = browser.send("/exports/cases")
    assert given.get_json()["cases"] == []
    assert "consent" in given.get_json()["note"]
    with office.console.db.read() as tx:
        written = [(row.actor, row.action) for row in tx.execute(audit.select())]
    assert (who.person.id, "export_htcds") in written


def test_r32_nothing_is_exported_during_the_raid_lock(office: Office) -> None:
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    with office.console.db.write(office.clock()) as tx:
        raid_lock.lock(tx, "somebody", b"k" * 32)
    page = browser.get("/exports").get_data(as_text=True)
    assert "Locked: nothing is exported now" in page
    assert 'action="/exports/' not in page
    for place in ("/exports/directory", "/exports/cases"):
        assert browser.post(place, browser.hidden("/sign-out")).status_code == 423


@pytest.mark.parametrize("role", [Role.LEAD, Role.CASEWORKER, Role.AUDITOR, Role.OPERATOR])
def test_only_coordinators_may_export(office: Office, role: Role) -> None:
    assert office.signed_in(office.insider(role)).get("/exports").status_code == 403
