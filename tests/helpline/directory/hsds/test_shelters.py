"""Nobody may learn from us where a shelter is: a directory that reveals it is refused (R41)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpline.directory.importing import Refused
from helpline.store.engine import Database
from helpline.store.schema import hsds, service
from tests.helpline.directory.hsds.ground import Rows, directories, example, flaws, made, of, term, without, written

STREET = "12 Hidden Lane"
ADDRESS = {
    "id": "addr", "location_id": "place-house", "address_1": STREET, "city": "Osh", "state_province": "Osh",
    "postal_code": "723500", "country": "KG", "address_type": "physical",
}  # fmt: skip


def with_address(rows: Rows) -> None:
    rows["address"] = [dict(ADDRESS)]


def only_says_safe_place(rows: Rows) -> None:
    without(rows, "south-house", "service_type")
    without(rows, "south-house", "confidential_address")
    with_address(rows)


def only_says_shelter(rows: Rows) -> None:
    without(rows, "south-house", "need")
    term(rows, "service", "south-house", "need:talk")
    without(rows, "south-house", "confidential_address")
    with_address(rows)


def only_says_confidential(rows: Rows) -> None:
    without(rows, "south-house", "service_type")
    without(rows, "south-house", "need")
    term(rows, "service", "south-house", "need:talk")
    with_address(rows)


def at_the_organization(rows: Rows) -> None:
    """Put an address on the organization. It does not say which service is there, so it may be the shelter."""
    rows["location"].append({"id": "somewhere", "location_type": "virtual", "organization_id": "org-south"})
    rows["address"] = [ADDRESS | {"location_id": "somewhere"}]


@pytest.mark.parametrize(
    "told", [with_address, only_says_safe_place, only_says_shelter, only_says_confidential, at_the_organization]
)
def test_r41_the_address_of_a_shelter_is_refused(told: Callable[[Rows], None], db: Database, tmp_path: Path) -> None:
    """Whatever makes it a shelter, nothing of the directory is imported, and the error does not repeat the street."""
    rows = example()
    told(rows)
    with pytest.raises(Refused) as refused:
        directories(db).take(written(rows, tmp_path))
    assert "remove its address (R41)" in str(refused.value)
    assert STREET not in str(refused.value)
    with db.read() as tx:
        assert not tx.execute(hsds.select()).all()
        assert not tx.execute(service.select()).all()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"latitude": "40.53017"}, "latitude: it is too exact for a shelter"),
        ({"longitude": "72.798"}, "longitude: it is too exact for a shelter"),
        ({"location_type": "physical"}, "location_type: the place of south-house is kept secret: write virtual"),
        ({"external_identifier": "///cheer.parent.mole"}, "external_identifier: it tells where a shelter is"),
        ({"transportation": "Bus 7, last stop"}, "transportation: it tells where a shelter is"),
        ({"Street_name": STREET}, "Street_name: it tells where a shelter is"),
    ],
)
def test_r41_no_other_field_may_reveal_where_a_shelter_is(fields: dict[str, str], message: str, tmp_path: Path) -> None:
    rows = example()
    of(rows, "location", "place-house").update(fields)
    found = [str(flaw) for flaw in flaws(written(rows, tmp_path))]
    assert len(found) == 1
    assert message in found[0]
    assert next(iter(fields.values())) not in found[0] or "location_type" in fields


@pytest.mark.parametrize(("table", "id"), [("service", "south-house"), ("organization", "org-south")])
@pytest.mark.parametrize("field", ["name", "alternate_name", "description"])
@pytest.mark.parametrize("message", ["Hidden Lane", "Дом на улице Ленина", "Ленин көчөсү", "Navoiy ko'chasi"])
def test_r41_a_street_in_a_text_about_a_shelter_is_a_warning(
    table: str, id: str, field: str, message: str, tmp_path: Path
) -> None:
    """It may be harmless, so it is only a warning, which does not repeat the street."""
    rows = example()
    of(rows, table, id)[field] = message
    found = made(written(rows, tmp_path))
    (doubt,) = found.doubts
    assert f"{field} names a street, and south-house is a shelter" in doubt
    assert message not in doubt
    assert found.flaws == []


@pytest.mark.parametrize(("table", "id"), [("service", "south-house"), ("organization", "org-south")])
@pytest.mark.parametrize("field", ["name", "alternate_name"])
@pytest.mark.parametrize("message", [STREET, "Приют Надежда, улица Навои 5", "Navoiy ko'chasi, 5-uy"])
def test_r41_a_street_and_a_number_in_a_name_of_a_shelter_are_refused(
    table: str, id: str, field: str, message: str, tmp_path: Path
) -> None:
    """A name is told to callers or to other services."""
    rows = example()
    of(rows, table, id)[field] = message
    (flaw,) = made(written(rows, tmp_path)).flaws
    assert str(flaw).endswith(f"{field}: it looks like an address, and south-house is a shelter; remove it (R41)")
    assert message not in str(flaw)


def test_r41_a_street_in_a_text_about_another_service_is_no_warning(tmp_path: Path) -> None:
    rows = example()
    of(rows, "service", "south-doctor")["description"] = f"Come to {STREET}. Open 24/7."
    of(rows, "service", "south-house")["description"] = "Open 24/7, since 2005."
    assert made(written(rows, tmp_path)).doubts == []


def test_r41_an_unknown_column_of_a_shelter_may_not_contain_an_address(tmp_path: Path) -> None:
    rows = example()
    of(rows, "service", "south-house")["visiting_address"] = STREET
    assert [flaw.what for flaw in flaws(written(rows, tmp_path))] == [
        "it tells where a shelter is; leave it empty (R41)"
    ]


def test_r41_a_service_that_anybody_may_visit_can_have_an_address(tmp_path: Path) -> None:
    rows = example()
    rows["address"] = [ADDRESS | {"location_id": "place-doctor"}]
    assert flaws(written(rows, tmp_path)) == []


def test_r41_matching_knows_a_shelter_only_to_the_kilometre(db: Database, tmp_path: Path) -> None:
    directories(db).take(written(example(), tmp_path))
    with db.read() as tx:
        facts = {row.id: row.facts for row in tx.execute(service.select())}
    assert facts["south-house"]["at"] == [40.5, 72.8]
    assert facts["south-house"]["names"] == {}
