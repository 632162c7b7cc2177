"""Exported files: the directory without a shelter's location (R41), and of cases what callers consented to (R29)."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from helpline.directory import records
from helpline.directory.hsds import files
from helpline.directory.hsds.public_form import PublicForm
from helpline.directory.hsds.tables import Row, Tables, tables_from
from helpline.oversight import exported_cases, htcds
from helpline.oversight.exported_cases import Case
from helpline.oversight.exports import Exports, as_zip
from helpline.oversight.htcds import NotConsented
from helpline.oversight.public_directory import ShelterAddressFound, has_shelter_address
from helpline.request.model import Outcome, State
from helpline.staff import raid_lock
from helpline.store.schema import audit, request
from tests.helpline.directory.hsds.ground import EXAMPLE
from tests.world import CALLER, World

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
CASE = Case(State.CLAIMED, None, "ky", "woman", NOW, NOW + timedelta(days=14), "yes")
KEY = b"k" * 32
NOTHING = PublicForm.of(Tables(), NOW.date(), "")
SHELTER = {
    "service": [{"id": "s", "name": "House"}],
    "attribute": [{"id": "a", "link_id": "s", "link_entity": "service", "taxonomy_term_id": "t"}],
    "taxonomy_term": [{"id": "t", "code": "yes", "taxonomy_id": "c"}],
    "taxonomy": [{"id": "c", "name": "confidential_address"}],
    "location": [{"id": "l", "location_type": "virtual"}],
    "service_at_location": [{"id": "at", "service_id": "s", "location_id": "l"}],
}


@pytest.mark.parametrize("state", State)
def test_r29_no_case_is_exported_without_its_own_consent(state: State) -> None:
    """Consent to an NGO or to a line of the state is not consent to a data exchange."""
    with pytest.raises(NotConsented):
        htcds.case(replace(CASE, state=state), NOW)
    made = htcds.export(NOTHING, [CASE, replace(CASE, state_line="no")], "KG", NOW)
    assert made["cases"] == []
    assert made["note"] == htcds.WHY


STATUS = [
    (State.CLAIMED, None, "Active"), (State.STRANDED, None, "Active"), (State.REACHED, None, "FollowUp"),
    (State.CLOSED, Outcome.WITHDREW, "Closed"), (State.CLOSED, Outcome.HANDED_OVER, "ClosedReferred"),
]  # fmt: skip


@pytest.mark.engines
@pytest.mark.parametrize(("state", "outcome", "status"), STATUS)
def test_r37_a_case_with_consent_is_exported_without_a_label(
    monkeypatch: pytest.MonkeyPatch, state: State, outcome: Outcome | None, status: str
) -> None:
    """As if the menus asked: status, day, language and gender. No `vic_` field, no number, no place."""
    monkeypatch.setattr(htcds, "covers", lambda kind, *_: kind == htcds.EXCHANGE)
    (made,) = htcds.export(NOTHING, [replace(CASE, state=state, outcome=outcome)], "KG", NOW)["cases"]
    assert made == {
        "con_Consent": True, "cas_Status": status, "cas_IncomingReferralDate": "2026-11-24",
        "prs_Gender": "Feminine", "prs_PrimaryLanguage": "kir",
    }  # fmt: skip


def test_r29_the_file_has_no_request_and_the_export_is_logged(world: World) -> None:
    world.ask()
    with world.db.write(world.clock()) as tx:
        assert len(exported_cases.rows(tx)) == 1
        made = Exports("KG", KEY).cases(tx, "somebody")
    (held,) = world.rows(request)
    assert json.loads(made)["cases"] == []
    assert len(json.loads(made)["services"]) > 3
    assert str(held.id) not in made
    assert CALLER[1:] not in made
    assert [(row.actor, row.action) for row in world.rows(audit)][-1] == ("somebody", "export_htcds")


def test_r41_an_organisation_has_no_street_town_or_point(world: World) -> None:
    with world.db.write(world.clock()) as tx:
        made = json.loads(Exports("KG", KEY).cases(tx, "somebody"))
    fields = {name for each in made["organisations"] for name in each}
    assert fields <= {"org_Name", "org_Type", "org_ShippingCountry"}
    assert {name for each in made["services"] for name in each} <= {"name", "org_Name", "phones"}


def test_a_service_and_its_organisation_are_apart() -> None:
    """Two services of one organisation name it, and it is listed once."""
    tables, flaws = files.read(EXAMPLE)
    assert not flaws
    made = htcds.export(PublicForm.of(tables, NOW.date(), ""), [], "KG", NOW)
    names = [each["org_Name"] for each in made["organisations"]]
    assert names == ["Sample Organization North (made up)", "Sample Organization South (made up)"]
    assert [each["org_Name"] for each in made["services"]] == [names[0], names[1], names[1]]
    assert {each["name"] for each in made["services"]}.isdisjoint(names)
    assert [each.get("phones") for each in made["services"]] == [None, None, ["+996 000 400004"]]


def test_r32_nothing_is_exported_while_numbers_are_locked(world: World) -> None:
    with world.db.write(world.clock()) as tx:
        raid_lock.lock(tx, "somebody", KEY)
        for give in (Exports("KG", KEY).cases, Exports("KG", KEY).directory):
            with pytest.raises(raid_lock.Locked):
                give(tx, "somebody")


def test_r41_a_directory_that_reveals_a_shelter_is_not_exported(world: World) -> None:
    """However it was stored, since an import would refuse it."""
    exports, address = Exports("KG", KEY), {"id": "x", "location_id": "l", "address_1": "1 Street"}
    with world.db.write(world.clock()) as tx:
        records.replace(tx, "KG", {name: {row["id"]: row for row in rows} for name, rows in SHELTER.items()})
        assert exports.directory(tx, "somebody").keys() == SHELTER.keys()
        records.put(tx, "KG", "address", "x", address)
        with pytest.raises(ShelterAddressFound):
            exports.directory(tx, "somebody")
    listed = {**SHELTER, "address": [address]}
    rows = tables_from(Row(table, "", body) for table, bodies in listed.items() for body in bodies)
    assert has_shelter_address(rows, date(2026, 11, 24))


def test_a_zipped_directory_is_the_same_each_time() -> None:
    assert as_zip(SHELTER) == as_zip(SHELTER)
