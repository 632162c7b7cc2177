"""An import: one transaction, idempotent, with differences. References to the former directory remain."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config
from helpline.directory import records, replace_directory
from helpline.directory import services as service_rows
from helpline.directory.check_calls import CheckCalls, Unknown
from helpline.directory.hsds.api_form import nest
from helpline.directory.hsds.files import as_json
from helpline.directory.importing import ImportResult, MeanwhileChanged, Refused
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import why_not
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store.engine import Database, Tx
from helpline.store.schema import contact, service, test_call
from helpline.store.schema import hsds as hsds_table
from tests.helpline.caller.test_withdrawal import statements
from tests.helpline.directory.hsds.ground import (
    CHANGES,
    COUNTRY,
    Rows,
    directories,
    example,
    made,
    of,
    term,
    without,
    written,
)
from tests.helpline.matching.test_matching import asked
from tests.world import MORNING, Clock, World, contents

TABLES = (service, contact, hsds_table, test_call)


def stored(db: Database) -> list[list[object]]:
    """Return everything that is stored of the directory."""
    with db.read() as tx:
        return [[tuple(row) for row in tx.execute(sa.select(table).order_by(*table.primary_key))] for table in TABLES]


def services(db: Database) -> dict[str, Service]:
    with db.read() as tx:
        return {each.id: each for each in service_rows.services(tx, "KG")}


def telephones(db: Database, of_service: str = "") -> list[Contact]:
    with db.read() as tx:
        found = contacts.of_kind(tx, "service", "KG") + contacts.of_kind(tx, "coordinator", "KG")
    return [each for each in found if not of_service or each.service == of_service]


def lines(taken: ImportResult) -> list[str]:
    return [line for change in taken.changes for line in change.lines()]


def on_duty(db: Database) -> list[str]:
    return sorted(each.phone for each in telephones(db, "north-wages") if each.on_duty)


def go_on_duty(db: Database, phone: str) -> None:
    with db.write() as tx:
        at = contact.c.service == "north-wages"
        tx.execute(sa.update(contact).where(at).values(on_duty=contact.c.phone == phone))


def all_agreed(db: Database) -> None:
    """Approve all waiting phones, and wait three days."""
    with db.write(MORNING + timedelta(hours=73)) as tx:
        for each in CHANGES.waiting(tx):
            assert CHANGES.agree(tx.at(MORNING), each.id, "coordinator") == "agreed"
            CHANGES.look(tx, each.id)


@pytest.fixture
def taken(db: Database, tmp_path: Path) -> Database:
    directories(db).take(written(example(), tmp_path))
    return db


@pytest.mark.engines
def test_the_stored_directory_equals_the_imported_one(db: Database, tmp_path: Path) -> None:
    """Hours, holidays and closures: only names and phones are left out of the stored facts."""
    path = written(example(), tmp_path)
    directories(db).take(path)
    for each in made(path).services:
        shown = {"names": each.names} if each.public_phone else {"names": {}}
        assert services(db)[each.id] == _bare(each, **shown)


def _bare(each: Service, **fields: object) -> Service:
    return replace(each, phone="", reached=bool(each.phone), accepts_numbers_by_sms=False, **fields)  # type: ignore[arg-type]


def test_importing_the_same_directory_again_changes_nothing(taken: Database, tmp_path: Path) -> None:
    before = stored(taken)
    again = directories(taken).take(written(example(), tmp_path))
    assert (again.changes, again.gone) == ([], [])
    assert stored(taken) == before


def written_rows(db: Database, path: Path) -> list[str]:
    """Import. Return each statement that wrote to the directory, with its table."""
    with statements(db) as executed:
        directories(db).take(path)
    found = [re.match(r"(INSERT INTO|UPDATE|DELETE FROM) (service|term|hsds|contact)\b", each) for each in executed]
    return [" ".join(each.groups()) for each in found if each and each.groups() != ("DELETE FROM", "contact")]


def test_an_import_writes_only_changed_rows(taken: Database, tmp_path: Path) -> None:
    """The same directory again writes no row. A change of one service writes its row and its terms."""
    rows = example()
    assert written_rows(taken, written(rows, tmp_path)) == []
    of(rows, "service", "north-wages")["minimum_age"] = 17
    assert written_rows(taken, written(rows, tmp_path)) == [
        "UPDATE hsds", "DELETE FROM service", "DELETE FROM term", "INSERT INTO service", "INSERT INTO term",
    ]  # fmt: skip
    rows["unit"].insert(0, {"id": "chair", "name": "Chair"})
    assert set(written_rows(taken, written(rows, tmp_path))) == {"INSERT INTO hsds", "UPDATE hsds"}
    assert directories(taken).rows()["unit"][0]["id"] == "chair", "in the order in which it came"
    assert written_rows(taken, written(rows, tmp_path)) == []


def test_a_nested_directory_is_exported_nested_and_can_be_imported_again(taken: Database, tmp_path: Path) -> None:
    path = tmp_path / "nested.json"
    path.write_text(as_json(nest(directories(taken).rows())), "utf-8")
    again = directories(taken).take(path)
    assert (again.changes, again.gone) == ([], [])
    assert services(taken).keys() == {each.id for each in made(path).services}


def test_a_directory_without_a_coordinator_to_call_is_refused(taken: Database, tmp_path: Path) -> None:
    """The last coordinator can neither be removed nor get another number, which would wait for days."""
    gone, moved = example(), example()
    without(gone, "lead", "coordinator")
    lead = next(row for row in moved["phone"] if row.get("contact_id") == "lead")
    lead["number"] = "+996000400099"
    before = stored(taken)
    for rows in (gone, moved):
        with pytest.raises(Refused, match="no coordinator would be left"):
            directories(taken).take(written(rows, tmp_path))
    assert stored(taken) == before


def test_a_dry_run_prints_all_differences_and_writes_nothing(db: Database, tmp_path: Path) -> None:
    before = stored(db)
    told = directories(db).take(written(example(), tmp_path), dry=True)
    assert stored(db) == before
    real = directories(db).take(written(example(), tmp_path))
    assert told == real
    assert (told.services, told.offered, told.telephones, told.coordinators) == (3, 2, 3, 1)


def test_differences_are_printed_field_by_field(taken: Database, tmp_path: Path) -> None:
    rows = example()
    of(rows, "service", "north-wages")["status"] = "temporarily closed"
    del of(rows, "service", "north-wages")["minimum_age"]
    of(rows, "unit", "bed")["scheme"] = "own"
    rows["schedule"] = [row for row in rows["schedule"] if row["id"] != "h2"]
    rows["language"].append({"id": "l9", "service_id": "south-doctor", "code": "ky"})
    assert lines(directories(taken).take(written(rows, tmp_path))) == [
        "~ service north-wages (Unpaid wages and papers), status: active → temporarily closed",
        "~ service north-wages (Unpaid wages and papers), minimum_age: 16 → nothing",
        "- schedule h2",
        "+ language l9",
        "~ unit bed (Bed), scheme: nothing → own",
    ]


def test_one_fault_refuses_the_whole_directory(taken: Database, tmp_path: Path) -> None:
    before = stored(taken)
    rows = example()
    of(rows, "service", "north-wages")["name"] = "New name"
    of(rows, "phone", "house-1")["number"] = "12"
    with pytest.raises(Refused):
        directories(taken).take(written(rows, tmp_path))
    assert stored(taken) == before


class Broken(Exception):
    """The power fails."""


@pytest.mark.engines
def test_a_crashed_import_leaves_the_former_directory(
    taken: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies at its very last statement."""

    def die(tx: Tx, wanted: Sequence[Contact]) -> None:
        raise Broken

    before = stored(taken)
    rows = example()
    of(rows, "service", "north-wages")["name"] = "New name"
    rows["phone"] = [row for row in rows["phone"] if row["id"] != "north-2"]
    monkeypatch.setattr(contacts, "ensure_on_duty", die)
    with pytest.raises(Broken):
        directories(taken).take(written(rows, tmp_path))
    assert stored(taken) == before


@pytest.mark.engines
def test_two_imports_at_once_do_not_mix(taken: Database, tmp_path: Path) -> None:
    rows = example()
    of(rows, "service", "north-wages")["name"] = "New name"

    def meanwhile(what: str) -> None:
        if what == "writing":
            with taken.write() as tx:
                records.put(tx, "KG", "unit", "bed", {"id": "bed", "name": "Other"})

    with pytest.raises(MeanwhileChanged):
        replace(directories(taken), say=meanwhile).take(written(rows, tmp_path))
    assert directories(taken).rows()["service"][0]["name"] == "Unpaid wages and papers"


def test_an_import_leaves_the_phone_on_duty_on_duty(taken: Database, tmp_path: Path) -> None:
    """Whatever else changes about the service, and in any order of its phones."""
    assert on_duty(taken) == ["+996000400001"]
    go_on_duty(taken, "+996000400002")
    rows = example()
    rows["phone"].reverse()
    term(rows, "service", "north-wages", "serves:foreigners")
    directories(taken).take(written(rows, tmp_path))
    assert on_duty(taken) == ["+996000400002"]
    assert services(taken)["north-wages"].serves == {"women", "men", "foreigners"}


def test_if_the_phone_on_duty_is_removed_the_first_one_takes_over(taken: Database, tmp_path: Path) -> None:
    go_on_duty(taken, "+996000400002")
    rows = example()
    rows["phone"] = [row for row in rows["phone"] if row["id"] != "north-2"]
    directories(taken).take(written(rows, tmp_path))
    assert on_duty(taken) == ["+996000400001"]
    assert [each.phone for each in telephones(taken, "north-wages")] == ["+996000400001"]


def test_the_first_telephone_has_the_id_of_its_service(taken: Database) -> None:
    """Texts to a service use that id."""
    with taken.read() as tx:
        first = contacts.get(tx, "north-wages")
        second = contacts.by_phone(tx, "+996000400002")
    assert first is not None
    assert second is not None
    assert (first.phone, first.desk, second.id, second.desk) == (
        "+996000400001",
        "north-wages",
        "north-2",
        "north-wages",
    )


@pytest.mark.engines
def test_telephones_may_be_swapped(taken: Database, tmp_path: Path) -> None:
    """Numbers are swapped between rows and between services. Each is stored once."""
    rows = example()
    one, two, house = (of(rows, "phone", id) for id in ("north-1", "north-2", "house-1"))
    one["number"], two["number"], house["number"] = two["number"], house["number"], one["number"]
    rows["phone"].append({"id": "north-3", "number": "+996000400077", "type": "cell", "service_id": "north-wages"})
    directories(taken).take(written(rows, tmp_path))
    all_agreed(taken)
    assert sorted((each.phone[-3:], each.service) for each in telephones(taken)) == [
        ("001", "south-house"), ("002", "north-wages"), ("003", "north-wages"), ("009", ""), ("077", "north-wages"),
    ]  # fmt: skip
    assert len({each.id for each in telephones(taken)}) == 5


def test_a_removed_service_gets_no_offers_and_no_numbers(taken: Database, tmp_path: Path) -> None:
    """It stays because rows refer to it. Its phones can still report how a call went."""
    rows = without_shelter(example())
    found = directories(taken).take(written(rows, tmp_path))
    assert found.gone == ["south-house"]
    house = services(taken)["south-house"]
    assert (house.status, len(telephones(taken, "south-house"))) == ("inactive", 1)
    assert not any(each.accepts_numbers_by_sms or each.on_duty for each in telephones(taken, "south-house"))
    assert directories(taken).take(written(rows, tmp_path)).gone == [], "it is told once"
    assert "south-house" not in str(directories(taken).rows())


def test_a_service_that_returns_is_as_before(taken: Database, tmp_path: Path) -> None:
    before = stored(taken)
    directories(taken).take(written(without_shelter(example()), tmp_path))
    directories(taken).take(written(example(), tmp_path))
    all_agreed(taken)
    assert stored(taken) == before


def test_the_telephone_of_a_removed_service_may_be_used_by_another(taken: Database, tmp_path: Path) -> None:
    rows = without_shelter(example())
    of(rows, "phone", "north-2")["number"] = "+996000400003"
    directories(taken).take(written(rows, tmp_path))
    all_agreed(taken)
    assert telephones(taken, "south-house") == []
    assert {each.phone for each in telephones(taken, "north-wages")} == {"+996000400001", "+996000400003"}


def without_shelter(rows: Rows) -> Rows:
    """Remove the shelter from a directory."""
    for table, listed in rows.items():
        rows[table] = [row for row in listed if "south-house" not in row.values() and row["id"] != "place-house"]
    return rows


def checkups(db: Database, clock: Clock) -> CheckCalls:
    ids = iter(f"trail-{n}" for n in range(100))
    return CheckCalls(db, "KG", "Asia/Bishkek", 90, clock, b"key", lambda: next(ids))


def assured(db: Database) -> tuple[str, str]:
    """Return the day of the last check, as matching knows it and as an export has it."""
    (row,) = [row for row in directories(db).rows()["service"] if row["id"] == "north-wages"]
    return services(db)["north-wages"].assured.isoformat(), row["assured_date"]


def test_r40_an_answered_test_call_counts_as_a_check(taken: Database) -> None:
    """And it is logged: who called, when, the result, and what it changed."""
    clock = Clock(MORNING + timedelta(days=60))
    _, counts = checkups(taken, clock).record("north-wages", "AB", "uz_Cyrl")
    assert counts, "Uzbek is Uzbek in either alphabet"
    assert assured(taken) == ("2027-01-23", "2027-01-23")
    (trail,) = directories(taken).rows()["metadata"]
    assert trail == {
        "id": "trail-0", "resource_id": "north-wages", "resource_type": "service", "last_action_date": "2027-01-23",
        "last_action_type": "test call: answered in uz_Cyrl", "field_name": "assured_date",
        "previous_value": "2026-11-10", "replacement_value": "2027-01-23", "updated_by": "AB",
    }  # fmt: skip


@pytest.mark.parametrize(("language", "how"), [("", "test call: nobody answered"), ("en", "test call: answered in en")])
def test_r40_an_unanswered_test_call_or_another_language_is_no_check(taken: Database, language: str, how: str) -> None:
    """The call is saved, and the day of the last check stays the same."""
    clock = Clock(MORNING + timedelta(days=60))
    _, counts = checkups(taken, clock).record("north-wages", "AB", language)
    assert not counts
    assert assured(taken) == ("2026-11-10", "2026-11-10")
    assert directories(taken).rows()["metadata"][0]["last_action_type"] == how
    with taken.read() as tx:
        assert records.last_calls(tx)["north-wages"].answered == bool(language)


def test_r40_importing_an_older_table_keeps_a_test_call(taken: Database, tmp_path: Path) -> None:
    """Importing last month's table again changes neither the day nor the log."""
    clock = Clock(MORNING + timedelta(days=1))
    checkups(taken, clock).record("north-wages", "AB", "ru")
    before = stored(taken)
    assert directories(taken).take(written(example(), tmp_path)).changes == []
    assert stored(taken) == before
    assert assured(taken) == ("2026-11-25", "2026-11-25")


def test_an_import_may_contain_a_later_check(taken: Database, tmp_path: Path) -> None:
    checkups(taken, Clock(MORNING - timedelta(days=5))).record("north-wages", "AB", "ru")
    rows = example()
    of(rows, "service", "north-wages")["assured_date"] = "2026-11-23"
    directories(taken).take(written(rows, tmp_path))
    assert assured(taken) == ("2026-11-23", "2026-11-23")


@pytest.mark.engines
def test_r40_due_test_calls_are_listed_most_urgent_first(taken: Database, tmp_path: Path) -> None:
    """Checked 76 days ago, never called, or answered wrongly; not if answered well or inactive."""
    rows = example()
    of(rows, "service", "south-doctor")["status"] = "inactive"
    directories(taken).take(written(rows, tmp_path))
    clock = Clock(MORNING)
    calls = checkups(taken, clock)
    assert [(due.service.id, due.why[:16]) for due in calls.due()] == [
        ("north-wages", "no test call yet"), ("south-house", "no test call yet"),
    ]  # fmt: skip
    calls.record("north-wages", "AB", "ru")
    calls.record("south-house", "AB", "en")
    assert [(due.service.id, due.why) for due in calls.due()] == [
        ("south-house", "at the last test call somebody spoke en")
    ]
    calls.record("south-house", "AB", "ru")
    assert calls.due() == []
    clock.at += timedelta(days=75)
    assert calls.due() == []
    clock.at += timedelta(days=1)
    assert [(due.service.id, due.why, due.by.isoformat()) for due in calls.due()] == [
        ("north-wages", "checked 2026-11-24", "2027-02-22"), ("south-house", "checked 2026-11-24", "2027-02-22"),
    ]  # fmt: skip
    assert calls.due()[0].telephones == ("+996000400002", "+996000400001")


def test_a_test_call_of_an_unknown_service_is_refused_with_similar_names(taken: Database) -> None:
    with pytest.raises(Unknown, match="there is no service north-wage \\(did you mean north-wages\\?\\)"):
        checkups(taken, Clock()).record("north-wage", "AB", "ru")


def test_the_made_up_directory_can_be_test_called(world: World) -> None:
    """It has no rows of HSDS."""
    checkups(world.db, world.clock).record("kg-stale", "AB", "ru")
    assert services(world.db)["kg-stale"].assured == MORNING.date()


def test_an_imported_service_gets_an_offer_and_claims(world: World, tmp_path: Path) -> None:
    """From a table to a claim: the whole service works with an imported directory."""
    rows = example()
    without(rows, "south-house", "need")
    term(rows, "service", "south-house", "need:safe_place")
    directories(world.db).take(written(rows, tmp_path))
    to, code = world.claimed()
    assert to == "+996000400001"
    assert world.state() == "claimed"
    world.text(to, f"НОМЕР {code}")
    assert world.inbox(to)


def test_a_service_of_a_district_is_found_by_the_district(taken: Database, tmp_path: Path) -> None:
    """SQL finds it by its own code, and by no other code of that region."""
    rows = example()
    rows["service_area"] = [row for row in rows["service_area"] if row["id"] not in {"a3", "a4"}]
    rows["service_area"].append({"id": "a9", "service_id": "south-house", "uri": "KG-1222597"})
    directories(taken).take(written(rows, tmp_path))
    country = replace(COUNTRY.for_matching, places=contents(Config()).places)
    for place, there in (("KG-1222597", True), ("KG-1222671", False), ("KG-B", False)):
        request = asked(need="safe_place", place=place)
        with taken.read() as tx:
            found = [each.id for each in candidates.candidates(tx, country, request)]
        assert ("south-house" in found, services(taken)["south-house"].serves_place(country, place)) == (there, there)


def test_a_service_that_does_not_call_back_gets_no_offers(taken: Database) -> None:
    doctor = services(taken)["south-doctor"]
    country = COUNTRY.for_matching
    request = asked(need="health", place="KG-GO")
    assert why_not(doctor, Criteria(request, country, MORNING, 90)) == "it calls nobody back"
    assert why_not(replace(doctor, callback=True), Criteria(request, country, MORNING, 90)) != "it calls nobody back"


def test_a_stranded_request_is_tried_again_after_an_import(db: Database, tmp_path: Path) -> None:
    """No service was listed, so a person was called. Then a directory with a service is imported."""
    world = World.on(db)
    with db.write() as tx:
        replace_directory.replace_all(tx, "KG", [], contacts.of_kind(tx, "coordinator", "KG"))
    world.ask()
    world.run()
    assert world.state() == "stranded"
    directories(db).take(written(example(), tmp_path))
    world.run()
    assert world.state() == "offered"


def test_an_import_warns_of_telephones_that_no_channel_sends_to(db: Database, tmp_path: Path) -> None:
    """The directory is imported all the same: the channels file may be corrected later."""
    importer = directories(db)
    path = written(example(), tmp_path)
    told = "no channel sends texts to "
    assert not [each for each in importer.take(path, dry=True).doubts if told in each]
    abroad = ChannelSettings(name="a", kind="emulator", countries=("7",))
    doubts = replace(importer, channels=[abroad]).take(path).doubts
    lost = [each for each in doubts if told in each]
    assert len(lost) == len(telephones(db))
    assert "+996" not in str(lost)
    here = ChannelSettings(name="b", kind="emulator", countries=("996",))
    assert not [each for each in replace(importer, channels=[abroad, here]).take(path).doubts if told in each]
