"""Directories that must be refused: one row per fault, with its position and what to do."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpline.directory.hsds.ground import EXAMPLE, GROUND, Rows, example, flaws, of, term, without, written

Change = Callable[[Rows], object]


def change(table: str, id: str, /, **fields: object) -> Change:
    """Change fields of a row."""
    return lambda rows: of(rows, table, id).update(fields)


def add(table: str, /, **fields: object) -> Change:
    """Add a row."""
    return lambda rows: rows.setdefault(table, []).append(fields)


def drop(table: str, /, **fields: object) -> Change:
    """Remove all rows with these values."""
    return lambda rows: rows.update({table: [row for row in rows[table] if not fields.items() <= row.items()]})


def lose(table: str, id: str, field: str) -> Change:
    """Empty a field."""
    return lambda rows: of(rows, table, id).pop(field)


def say(table: str, id: str, what: str, value: str = "") -> Change:
    return lambda rows: term(rows, table, id, what, value)


def unsay(id: str, taxonomy: str) -> Change:
    return lambda rows: without(rows, id, taxonomy)


def every(*changes: Change) -> Change:
    return lambda rows: [each(rows) for each in changes]


def parents(rows: Rows) -> None:
    of(rows, "organization", "org-north")["parent_organization_id"] = "org-south"
    of(rows, "organization", "org-south")["parent_organization_id"] = "org-north"


HOURS = {"service_id": "north-wages", "timezone": "Asia/Bishkek", "opens_at": "09:00", "closes_at": "12:00"}
BAD = [
    ("no id", lose("phone", "north-1", "id"), "phone[0], id: it is missing; use any word"),
    ("an id with blanks", change("unit", "bed", id="a bed"), "unit[0], id: 'a bed' cannot be an id"),
    ("an id too long", change("phone", "lead-1", id="b" * 37), "phone[4], id: 'bbb"),
    ("an id twice", add("unit", id="bed", name="Bed, too"), "id: bed is there twice (first at directory.json: unit[0]), and its name differs"),
    ("a phone with a service's id", change("phone", "lead-1", id="north-wages"), "id: north-wages is also the id at"),
    ("no name", lose("service", "north-wages", "name"), "service[0], name: it is missing"),
    ("an empty name", change("service", "north-wages", name="  "), "service[0], name: it is missing"),
    ("a name without end", change("service", "north-wages", name="n" * 201), "name: it has 201 letters; 200 at most"),
    ("no organization", lose("service", "north-wages", "organization_id"), "organization_id: it is missing"),
    ("another's organization", change("service", "north-wages", organization_id="org-noth"),
     "organization_id: there is no organization org-noth (did you mean org-north?)"),
    ("a phone of nobody", change("phone", "north-1", service_id="north"), "service_id: there is no service north"),
    ("an attribute of nobody", add("attribute", id="x", link_id="soth-house", link_entity="service", taxonomy_term_id="need:talk"),
     "link_id: there is no service soth-house (did you mean south-house?)"),
    ("an attribute of no table", add("attribute", id="x", link_id="bed", link_entity="services", taxonomy_term_id="need:talk"),
     "link_entity: 'services' is not a table (did you mean service?)"),
    ("a term of nothing", say("service", "north-wages", "ned:wages"),
     "taxonomy_term_id: there is no taxonomy_term ned:wages (did you mean need:wages?)"),
    ("a term misspelt", say("service", "north-wages", "need:wage"),
     "taxonomy_term_id: 'wage' is not a term of need (did you mean wages?); known: documents, go_home"),
    ("nothing follows, and something does",
     every(unsay("south-house", "after_contact"), say("service", "south-house", "after_contact:nothing_follows"),
           say("service", "south-house", "after_contact:reports_to_police")),
     "nothing_follows stands alone, but there is also reports_to_police; keep what is true"),
    ("a term on another table", say("phone", "north-1", "need:talk"), "link_entity: need is for rows of service"),
    ("numbers by SMS without a date", say("service", "south-house", "accepts_numbers_by_sms:yes"),
     "value: accepts_numbers_by_sms:yes needs the day on which it agreed in writing"),
    ("numbers by SMS agreed tomorrow", say("service", "south-house", "accepts_numbers_by_sms:yes", "2026-11-25"),
     "value: '2026-11-25' is not the day on which it agreed"),
    ("organizations in a circle", parents, "org-north is under org-south is under org-north: a circle"),
    ("an unknown status", change("service", "north-wages", status="actve"),
     "status: 'actve' is not one of active, inactive, defunct, temporarily closed (did you mean active?)"),
    ("an unknown kind of phone", change("phone", "north-1", type="mobile"), "type: 'mobile' is not one of text, voice"),
    ("an unknown kind of place", change("location", "place-doctor", location_type="house"), "location_type: 'house' is"),
    ("no such day", change("service", "north-wages", assured_date="10.11.2026"), "assured_date: '10.11.2026' is not a date"),
    ("checked tomorrow", change("service", "north-wages", assured_date="2026-11-25"), "2026-11-25 is in the future"),
    ("ages upside down", change("service", "north-wages", minimum_age=30, maximum_age=18),
     "minimum_age: 30 is above maximum_age, 18"),
    ("no age", change("service", "north-wages", minimum_age="adults"), "minimum_age: 'adults' is not an age in years"),
    ("a point nowhere", change("location", "place-doctor", latitude="100"), "latitude: '100' is not a latitude"),
    ("half a point", lose("location", "place-doctor", "longitude"), "latitude and longitude go together"),
    ("a number of no country", change("phone", "north-1", number="+999 123 456"),
     "number: '+999 123 456' is not a telephone number of any country"),
    ("a number too short", change("phone", "north-1", number="12"), "number: '12' is not a telephone number of any country"),
    ("a short code for texts", change("phone", "north-1", number="189"), "number: '189' is not a telephone number of any country"),
    ("one phone for two", change("phone", "house-1", number="+996000400001"),
     "number: +996000400001 also gets the texts of directory.json: phone[0]"),
    ("no zone", lose("schedule", "h1", "timezone"), "timezone: it is missing; write the time zone of these hours"),
    ("a wrong zone", change("schedule", "h1", timezone="Asia/Bishkent"),
     "timezone: there is no zone 'Asia/Bishkent' (did you mean Asia/Bishkek?)"),
    ("too far east", change("schedule", "h1", timezone=15), "timezone: there is no zone '15'"),
    ("two zones in one row", change("schedule", "h1", opens_at="09:00Z", closes_at="18:00+06:00"),
     "closes_at: opens_at and closes_at have different zones"),
    ("no opening", lose("schedule", "h1", "opens_at"), "opens_at: it is missing; write it as 09:00"),
    ("no closing", lose("schedule", "h1", "closes_at"), "closes_at: it is missing"),
    ("no such hour", change("schedule", "h1", opens_at="25:00"), "opens_at: '25:00' is not a time of day"),
    ("no days", lose("schedule", "h1", "byday"), "byday: it is missing; write the days"),
    ("an unknown day", change("schedule", "h1", byday="MON,TU"), "byday: 'MON' is not a day"),
    ("a second Monday each week", change("schedule", "h1", byday="2MO"), "byday: '2MO' is not a day"),
    ("an unknown frequency", change("schedule", "h1", freq="WEEKLEY"),
     "freq: 'WEEKLEY' is neither WEEKLY nor MONTHLY (did you mean WEEKLY?)"),
    ("days of a month each week", change("schedule", "h1", bymonthday="1"), "bymonthday: it goes with freq MONTHLY only"),
    ("no day of a month", change("schedule", "h2", byday="", bymonthday="32"), "bymonthday: '32' is not a day of a month"),
    ("weeks of the year", change("schedule", "h1", byweekno="41"), "byweekno: Komek does not read it"),
    ("every second week from nowhere", change("schedule", "h1", interval="2"), "dtstart: interval and count are counted"),
    ("no interval", change("schedule", "h1", interval="0"), "interval: '0' is not a number from 1"),
    ("a week that begins nowhere", change("schedule", "h1", wkst="XX"), "wkst: 'XX' is not one of MO"),
    ("over before it begins", change("schedule", "h1", valid_from="2026-12-02", valid_to="2026-12-01"),
     "valid_to: 2026-12-01 is before valid_from"),
    ("closed, but when?", lose("schedule", "h3", "valid_from"), "valid_from: a row that closes needs days"),
    ("hours that overlap", add("schedule", id="h9", byday="FR", **HOURS),
     "opens_at: on 2026-11-27 these hours overlap with directory.json: schedule[0]"),
    ("hours that overlap once a month", add("schedule", id="h9", freq="MONTHLY", byday="SA", **HOURS),
     "opens_at: on 2026-12-05 these hours overlap with directory.json: schedule[1]"),
    ("hours that overlap after midnight", add("schedule", id="h9", byday="TU", **HOURS | {"service_id": "south-house", "opens_at": "07:00"}),
     "these hours overlap with directory.json: schedule[3]"),
    ("no language that is one", change("language", "l1", code="Kyrgyz"), "code: 'Kyrgyz' is not a language of ISO 639"),
    ("a phone in no language of ours", every(change("language", "l7", code="ur"), drop("language", service_id="north-wages")),
     "texts to it can be in ky, ru, uz_Cyrl, en"),
    ("a place that is none", change("service_area", "a3", uri="KG-X"), "uri: 'KG-X' is not a known place"),
    ("a place without a code", lose("service_area", "a3", "uri"), "uri: it is missing; write KG, a region as KG-GB"),
    ("room for half a person", change("service_capacity", "c1", maximum="1.5"), "available and maximum are whole"),
    ("nobody knows whose", unsay("north-wages", "kind"), "north-wages serves nobody: nobody knows who runs it"),
    ("it helps with nothing", unsay("north-wages", "need"), "north-wages serves nobody: it helps with nothing"),
    ("it speaks nothing", every(drop("language", service_id="south-doctor")),
     "south-doctor serves nobody: nobody there speaks a language"),
    ("it is never open", drop("schedule", service_id="south-doctor"), "south-doctor serves nobody: it is never open"),
    ("it serves no place", drop("service_area", service_id="south-doctor"), "south-doctor serves nobody: it serves no place"),
    ("it gets no texts", change("phone", "house-1", type="voice"), "south-house serves nobody: no telephone gets our texts"),
    ("nobody can reach it", unsay("doctor-1", "phone_use"), "south-doctor serves nobody: it calls nobody back"),
    ("no short name", unsay("south-house", "short_name:ky"), "it has no short name in ky"),
    ("a short name too long", say("service", "south-house", "short_name:ky", "у" * 25), "short_name:ky has 25 units; 24 at"),
    ("a short name with a new line", say("service", "south-house", "short_name:ky", "a\nb"), "24 at most, in one line"),
    ("a short name of nothing", say("service", "south-house", "short_name:ky"), "value: short_name:ky needs the name"),
    ("a coordinator without a telephone", every(drop("phone", contact_id="lead"), drop("language", phone_id="lead-1")), "this coordinator has no telephone of type"),
]  # fmt: skip


def test_the_example_of_the_documents_has_no_faults(tmp_path: Path) -> None:
    assert flaws(written(example(), tmp_path)) == []


@pytest.mark.parametrize(("broken", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_fault_has_its_position_and_says_what_to_do(broken: Change, message: str, tmp_path: Path) -> None:
    rows = example()
    broken(rows)
    found = [str(flaw) for flaw in flaws(written(rows, tmp_path))]
    assert any(message in each for each in found), found
    assert all(each.startswith("directory.json: ") for each in found)
    assert len(found) == (2 if "texts to it" in message else 1), found  # of two telephones, both have no language


def test_all_faults_of_a_directory_are_reported_at_once(tmp_path: Path) -> None:
    """Twenty faults in one directory are twenty lines."""
    rows = example()
    apart = (
        "ages upside down",
        "no zone",
        "a number too short",
        "an unknown status",
        "a term misspelt",
        "checked tomorrow",
    )
    for name, broken, _ in BAD:
        if name in apart:
            broken(rows)
    found = "\n".join(map(str, flaws(written(rows, tmp_path))))
    assert [message for name, _, message in BAD if name in apart and message not in found] == []


def test_a_made_up_phone_is_accepted_in_the_demo_only(tmp_path: Path) -> None:
    found = flaws(written(example(), tmp_path), replace(GROUND, demo=False))
    assert len([each for each in found if "made-up numbers are for the demo" in str(each)]) == 5
    assert len(found) == 5, "two wrong numbers are not one number of two services"


@pytest.mark.parametrize(
    "number", ["+996 555 123456", "0555 123456", "996555123456", "00996555123456", '"+996 (555) 12-34-56"']
)
def test_a_number_is_read_as_people_write_it(number: str) -> None:
    assert replace(GROUND, demo=False).number(number) == "+996555123456"


def test_a_service_that_is_not_active_may_be_half_filled_in(tmp_path: Path) -> None:
    rows = example()
    rows["service"].append({"id": "later", "organization_id": "org-north", "name": "Later", "status": "inactive"})
    assert flaws(written(rows, tmp_path)) == []


def test_unknown_columns_are_not_a_fault(tmp_path: Path) -> None:
    rows = example()
    of(rows, "service", "north-wages")["colour"] = "green"
    assert flaws(written(rows, tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "bytes_", "message"),
    [
        ("service.csv", b"id,name\n\xcd\xe5\xf2,x\n", "service.csv: it is not UTF-8; save it again as 'CSV UTF-8'"),
        ("service.csv", b"id,name\na,b,c\n", "service.csv row 2: it has 3 cells, the first row 2"),
        ("unit.csv", b"id,name\na,b\na,b\n", "unit.csv row 3, id: a is there twice (first at unit.csv row 2)"),
        ("service.csv", b"id,id\na,b\n", "service.csv, id: this column is there twice"),
        ("sevice.csv", b"id\na\n", "sevice.csv: HSDS has no such table (did you mean service?)"),
        ("notes.txt", b"hello", "it has no rows; a folder needs service.csv"),
        ("service.csv", b"", "it has no rows"),
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_read_says_so(name: str, bytes_: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bytes_)
    assert any(message in str(flaw) for flaw in flaws(tmp_path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "d.json: it is not JSON"),
        ("[1]", "d.json: [0]: this is not an object for organization"),
        ('{"servces": []}', "it has no rows"),
        ('{"servces": [{"id": "a"}]}', "d.json, servces: HSDS has no such table (did you mean services?)"),
        ("[" * 100_000, "d.json: objects are nested too deeply"),
        ("null", "d.json: $: this is not an object"),
        (json.dumps({"id": "a", "name": "b", "description": "c", "phones": [{"number": "+996555123456"}]}),
         "d.json: $.phones[0], id: it is missing"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_so(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(text)
    assert any(message in str(flaw) for flaw in flaws(path)), [str(flaw) for flaw in flaws(path)]


def test_a_table_with_semicolons_is_read(tmp_path: Path) -> None:
    """Excel saves such tables where the comma is the decimal separator."""
    (tmp_path / "unit.csv").write_text("\ufeffid;name\nbed;Bed\n", "utf-8")
    assert flaws(tmp_path) == []


@pytest.mark.parametrize(
    "wrong",
    [
        change("attribute", "t39", taxonomy_term_id="kind:nog"),
        change("attribute", "t21", taxonomy_term_id="kind:nog"),
        change("phone", "house-1", number="12"),
        change("schedule", "h5", opens_at="early"),
        change("schedule", "h4", timezone="Asia/Bishkeck"),
        change("schedule", "h3", id="h33"),
        change("attribute", "t20", taxonomy_term_id="closd:yes"),
        change("attribute", "t20", link_entity="schedules"),
        change("attribute", "t17", taxonomy_term_id="shortname:ky"),
        change("contact", "lead", id="leed"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_once_and_not_what_follows_from_it(wrong: Change, tmp_path: Path) -> None:
    """The only faulty row is the one to correct: the service lacks nothing else."""
    rows = example()
    wrong(rows)
    found = flaws(written(rows, tmp_path))
    assert len(found) == 1, [str(flaw) for flaw in found]
    assert "serves nobody" not in found[0].what


def replaced(name: str, before: str, after: str, count: int = -1) -> Callable[[Path], object]:
    """Write something else into a table, once or everywhere."""

    def write(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after, count), "utf-8")

    return write


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (
            replaced("service.csv", "north-wages", "nort-wages", 1),
            ["phone.csv row 2, service_id: there is no service north-wages (did you mean nort-wages?); 29 more rows link to it"],
        ),
        (
            replaced("organization.csv", "org-north", "org-nort", 1),
            ["service.csv row 2, organization_id: there is no organization org-north (did you mean org-nort?); 1 more row links to it"],
        ),
        (
            replaced("phone.csv", "number", "numbr", 1),
            [f"phone.csv row {row}, number: it is missing" for row in range(2, 7)],
        ),
        (
            replaced("schedule.csv", "id,", "ids,", 1),
            [f"schedule.csv row {row}, id: it is missing; use any word that no other row of the table has" for row in range(2, 7)],
        ),
        (
            lambda folder: (folder / "service.csv").write_bytes("id,name\nа,б\n".encode("cp1251")),
            ["service.csv: it is not UTF-8; save it again as 'CSV UTF-8'"],
        ),
        (
            lambda folder: (folder / "service.csv").rename(folder / "sevice.csv"),
            ["sevice.csv: HSDS has no such table (did you mean service?); rename or remove it"],
        ),
        (
            replaced("service.csv", "north-wages,org-north,", "north-wages,,org-north,", 1),
            ["service.csv row 2: it has 10 cells, the first row 9; is there a comma too many?"],
        ),
    ],
    ids=["id of a service", "id of an organization", "a column", "the column of ids", "no UTF-8", "name of a file", "a comma"],
)  # fmt: skip
def test_one_mistake_in_a_sheet_is_one_fault(wrong: Callable[[Path], object], found: list[str], tmp_path: Path) -> None:
    """What follows from it is not reported: it would be gone with the mistake."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "sheets")
    wrong(folder)
    assert [str(flaw) for flaw in flaws(folder)] == found
