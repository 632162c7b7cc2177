"""Facts of a service, changed at the console by the rules of an import, and contained in an export."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from helpline.directory import records, services
from helpline.directory.service import Service
from helpline.staff import contacts
from helpline.staff.roles import Role
from helpline.store import audit_log
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.example_office import office
from tests.gateway.console.office import Browser, Insider
from tests.helpline.directory.hsds.ground import directories, example, term, written

__all__ = ["office"]
WAGES, HOUSE = "north-wages", "south-house"
STREET = "ул. Тайная 12"


@pytest.fixture
def aida(office: CaseOffice) -> tuple[Insider, Browser]:
    who = office.office.insider(Role.COORDINATOR, "aida")
    return who, office.office.signed_in(who)


def place(topic: str, service: str = WAGES) -> str:
    return f"/directory/{service}/edit/{topic}"


def send(browser: Browser, topic: str, typed: Mapping[str, object], service: str = WAGES) -> str:
    """Fill in and send a form. Return its redirect, or the page with the faults."""
    assert browser.get(place(topic, service)).status_code == 200
    form = {**browser.hidden(place(topic, service)), **typed}
    response = browser.post(place(topic, service), form)  # type: ignore[arg-type]
    return response.location or unescape(browser.page)


def service(office: CaseOffice, id: str = WAGES) -> Service:
    with office.world.db.read() as tx:
        found = services.service_by_id(tx, id)
    assert found is not None
    return found


def log(office: CaseOffice, id: str = WAGES) -> list[str]:
    with office.world.db.read() as tx:
        return [each.action for each in audit_log.search(tx, ref=id)]


def check_round_trip(office: CaseOffice, folder: Path) -> dict[str, list[dict[str, object]]]:
    """Export and import the directory. Nothing may change: neither rows, services nor phones."""
    taking = directories(office.world.db)
    rows = {table: [dict(each) for each in listed] for table, listed in taking.rows().items()}
    with office.world.db.read() as tx:
        before = services.services(tx, "KG"), contacts.of_kind(tx, "service", "KG")
    taken = taking.take(written(rows, folder))
    assert (taken.changes, taken.waiting, taken.gone) == ([], [], [])
    with office.world.db.read() as tx:
        assert (services.services(tx, "KG"), contacts.of_kind(tx, "service", "KG")) == before
    return rows


WEEK = {f"hours_{day}": "" for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")}
EDITS: tuple[tuple[str, dict[str, object], str], ...] = (
    ("status", {"status": "temporarily closed"}, "status"),
    ("hours", {**WEEK, "hours_TU": "9:00–12:30, 14:00 - 18.00", "hours_SU": "22:00-02:00"}, "hours"),
    ("days", {"how": "closed", "first": "2026-12-07", "last": "2026-12-08"}, "days"),
    ("days", {"how": "closed", "first": "2026-12-07", "opens": "09:00", "closes": "12:00"}, "days"),
    ("days", {"how": "open", "first": "2026-12-13", "opens": "10:00", "closes": "12:00"}, "days"),
    ("days", {"how": "closed", "gone": "h3"}, "days"),
    ("capacity", {"capacity": "4"}, "capacity"),
    ("names", {"name_ru": "Труд\u202e и\u200b бумаги"}, "name"),
    ("speaks", {"speaks": ["ru", "tg"]}, "speaks"),
    ("needs", {"needs": ["wages", "legal"]}, "needs"),
)


@pytest.mark.parametrize(("topic", "typed", "field"), EDITS, ids=lambda each: each if isinstance(each, str) else "")
def test_an_edit_is_exported_and_logged(
    office: CaseOffice, aida: tuple[Insider, Browser], tmp_path: Path, topic: str, typed: dict[str, object], field: str
) -> None:
    before = service(office)
    assert send(aida[1], topic, typed) == f"/directory/{WAGES}?said=changed"
    assert log(office) == [f"edited_{field}"]
    if topic != "names":  # the public process has no names of services without a public phone
        assert service(office) != before
    check_round_trip(office, tmp_path)
    send(aida[1], topic, {} if topic == "days" else typed)
    assert len(log(office)) == 1, "the same once more is no change"


def test_opening_hours_are_stored_as_typed(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    send(aida[1], "hours", {**WEEK, "hours_MO": "8:00-24:00", "hours_TU": "8:00-24:00", "hours_WE": "20:00-06:00"})
    weekly = {(tuple(sorted(line.days)), str(line.opens), str(line.closes)) for line in service(office).schedule
              if line.freq == "WEEKLY" and not line.closed}  # fmt: skip
    assert weekly == {(("MO", "TU"), "08:00:00", "00:00:00"), (("WE",), "20:00:00", "06:00:00")}
    assert any(line.freq == "MONTHLY" for line in service(office).schedule), "what no form has stays"
    aida[1].get(place("hours"))
    assert 'value="08:00-24:00"' in aida[1].page


def test_invisible_letters_are_removed_from_a_name(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    send(aida[1], "names", {"name_ru": "Труд\u202e и\u200b\n бумаги"})
    with office.world.db.read() as tx:
        assert {each.names["ru"] for each in contacts.of_service(tx, WAGES)} == {"Труд и бумаги"}


@pytest.mark.parametrize(
    ("topic", "typed", "faults"),
    [
        ("status", {"status": "open"}, 1),
        ("hours", {**WEEK, "hours_MO": "25:00-26:00", "hours_FR": "morning"}, 2),
        ("hours", {**WEEK, "hours_MO": "09:00-12:00, 11:00-13:00"}, 1),
        ("days", {"first": "31.12.2026"}, 1),
        ("days", {"first": "2026-12-31", "last": "2026-12-01"}, 1),
        ("days", {"how": "open", "first": "2026-12-07", "opens": "10:00", "closes": "12:00"}, 1),
        ("capacity", {"capacity": "nan"}, 1),
        ("capacity", {"capacity": "-1"}, 1),
        ("names", {"name_ru": "", "name_ky": "х" * 25}, 2),
        ("needs", {"needs": ["escape"]}, 1),
    ],
)
def test_a_fault_is_beside_its_field_and_nothing_changes(
    office: CaseOffice, aida: tuple[Insider, Browser], topic: str, typed: dict[str, object], faults: int
) -> None:
    before, rows = service(office), directories(office.world.db).rows()
    page = send(aida[1], topic, typed)
    assert page.count('class="fault"') == faults
    assert all(str(value) in page for name, value in typed.items() if name in {"hours_MO", "hours_FR", "name_ky"})
    assert service(office) == before
    assert directories(office.world.db).rows() == rows
    assert log(office) == []


def test_a_service_must_speak_a_language(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    assert "tick at least one language" in send(aida[1], "speaks", {}, HOUSE)
    assert service(office, HOUSE).languages == ("ky", "ru")


@pytest.mark.parametrize("typed", [STREET, "Көчөсү Тайная", "Hidden Lane", "Юг 12"])
def test_r41_an_address_typed_into_a_name_of_a_shelter_is_refused(
    office: CaseOffice, aida: tuple[Insider, Browser], typed: str
) -> None:
    page = send(aida[1], "names", {"name_ru": typed}, HOUSE)
    assert "would say where a shelter is" in page
    with office.world.db.read() as tx:
        assert {each.names["ru"] for each in contacts.of_service(tx, HOUSE)} == {"Юг"}
    assert typed not in str(directories(office.world.db).rows())


def test_r41_a_service_with_an_address_cannot_become_a_shelter(
    office: CaseOffice, aida: tuple[Insider, Browser], tmp_path: Path
) -> None:
    """Its address is in the table and must be removed there first."""
    rows = example()
    rows["location"].append({"id": "here", "location_type": "physical"})
    rows["service_at_location"].append({"id": "at", "service_id": WAGES, "location_id": "here"})
    rows["address"] = [{"id": "a", "location_id": "here", "address_1": STREET, "city": "Osh", "state_province": "Osh",
                        "postal_code": "723500", "country": "KG", "address_type": "physical"}]  # fmt: skip
    directories(office.world.db).take(written(rows, tmp_path))
    page = send(aida[1], "needs", {"needs": ["wages", "safe_place"]})
    assert "would say where a shelter is" in page
    assert STREET not in page
    assert "safe_place" not in service(office).needs


class TestSafety:
    """Fields that make a service fit for more people."""

    def test_r23_fields_of_safety_need_a_fresh_second_factor(
        self, office: CaseOffice, aida: tuple[Insider, Browser]
    ) -> None:
        who, browser = aida
        office.office.wait(minutes=6)
        assert browser.get(place("safety")).location.startswith("/again")
        office.prove(who, browser, place("safety"))
        assert send(browser, "safety", {"child": "yes", "hidden": "no", "after": ["anonymous_ok"]}).endswith("=changed")
        assert service(office).child_safeguarding
        assert log(office) == ["edited_child"]

    def test_the_form_of_a_shelter_says_that_its_place_is_hidden(
        self, office: CaseOffice, aida: tuple[Insider, Browser]
    ) -> None:
        """A shelter is hidden whatever its row says (R41). A form that shows *no* contradicts the page of the service."""
        office.prove(aida[0], aida[1], place("safety"))

        def ticked(answer: str) -> bool:
            form = " ".join(aida[1].get(place("safety")).text.split())
            return bool(re.search(rf'name="hidden" value="{answer}"[^>]* checked', form))

        assert ticked("no")
        about = {"link_entity": "service", "link_id": WAGES, "taxonomy_term_id": "need:safe_place"}
        with office.world.db.write() as tx:
            records.put(tx, "KG", "attribute", "shelter", {"id": "shelter", **about})
        assert ticked("yes")
        assert not ticked("no")

    def test_r21_no_tick_means_not_said(
        self, office: CaseOffice, aida: tuple[Insider, Browser], tmp_path: Path
    ) -> None:
        office.prove(aida[0], aida[1], place("safety"))
        send(aida[1], "safety", {"child": "no", "hidden": "no"})
        assert service(office).after_contact is None
        send(aida[1], "safety", {"child": "no", "hidden": "no", "after": ["nothing_follows"]})
        assert service(office).after_contact == frozenset()
        assert log(office) == ["edited_after"] * 2
        check_round_trip(office, tmp_path)

    def test_r21_nothing_follows_is_refused_together_with_another_answer(
        self, office: CaseOffice, aida: tuple[Insider, Browser]
    ) -> None:
        """Else the form accepts both, and one of them is lost without a word."""
        office.prove(aida[0], aida[1], place("safety"))
        send(aida[1], "safety", {"child": "no", "hidden": "no", "after": ["reports_to_police"]})
        send(aida[1], "safety", {"child": "no", "hidden": "no", "after": ["reports_to_police", "nothing_follows"]})
        assert "cannot be true together with another answer" in aida[1].page
        assert '<a href="#after">' in aida[1].page
        assert service(office).after_contact == frozenset({"reports_to_police"})

    def test_r41_a_need_that_keeps_a_place_secret_is_removed_only_with_a_second_factor(
        self, office: CaseOffice, aida: tuple[Insider, Browser], tmp_path: Path
    ) -> None:
        """Without `safe_place` nothing says any more that the location is secret. The ticked boxes are kept."""
        who, browser = aida
        rows = example()
        rows["attribute"] = [row for row in rows["attribute"] if row["id"] not in {"t24", "t25"}]
        directories(office.world.db).take(written(rows, tmp_path))
        office.office.wait(minutes=6)
        assert send(browser, "needs", {"needs": ["talk"]}, HOUSE) == f"/again?next={place('needs', HOUSE)}"
        assert "safe_place" in service(office, HOUSE).needs
        office.prove(who, browser, place("needs", HOUSE))
        assert send(browser, "needs", {"needs": ["talk"]}, HOUSE).endswith("said=changed")
        assert "safe_place" not in service(office, HOUSE).needs


@pytest.mark.parametrize("shows", ["hidden", "number"])
def test_r10_what_a_callers_phone_shows_is_changed_only_with_a_second_factor(
    office: CaseOffice, aida: tuple[Insider, Browser], shows: str
) -> None:
    """Callers are told it and rely on it: a number on the screen may tell somebody else who calls."""
    who, browser = aida
    if shows == "number":
        office.prove(who, browser, place("runs"))
        send(browser, "runs", {"shows": "hidden"})
    office.office.wait(minutes=6)
    was = service(office).shows
    assert was != shows
    assert send(browser, "runs", {"shows": shows}) == f"/again?next={place('runs')}"
    assert service(office).shows == was
    office.prove(who, browser, place("runs"))
    assert send(browser, "runs", {"shows": shows}).endswith("said=changed")
    assert service(office).shows == shows


def test_an_outdated_form_is_refused_and_keeps_what_was_typed(
    office: CaseOffice, aida: tuple[Insider, Browser]
) -> None:
    bek = office.office.signed_in(office.office.insider(Role.COORDINATOR, "bek"))
    bek.get(place("capacity"))
    send(aida[1], "capacity", {"capacity": "4"})
    send(aida[1], "status", {"status": "temporarily closed"})
    refused = bek.send(place("capacity"), {"capacity": "77"})
    assert refused.status_code == 422
    assert "Somebody else has changed this" in bek.page
    assert 'value="77"' in bek.page
    assert service(office).capacity == 4
    assert bek.send(place("capacity"), {"capacity": "77"}).location.endswith("said=changed"), "now they know"
    assert service(office).status == "temporarily closed", "another form changes nothing of that"


def test_a_service_can_be_closed_despite_faults_elsewhere(office: CaseOffice, aida: tuple[Insider, Browser]) -> None:
    """Its last phone was removed, so an import of the same table would be refused."""
    who, browser = aida
    office.prove(who, browser, f"/directory/{HOUSE}")
    with office.world.db.read() as tx:
        (only,) = contacts.of_service(tx, HOUSE)
    browser.send(f"/directory/{HOUSE}/out", {"contact": only.id, "sure": "yes"})
    assert send(browser, "status", {"status": "temporarily closed"}).endswith("said=changed")
    assert not service(office, HOUSE).reached


def test_an_edit_changes_no_telephone(office: CaseOffice, aida: tuple[Insider, Browser], tmp_path: Path) -> None:
    """A phone that waits still waits, and an edit gives no agreement to get numbers by SMS (R32)."""
    rows = example()
    rows["phone"].append({"id": "more", "number": "+996000500777", "type": "cell", "service_id": WAGES})
    term(rows, "service", WAGES, "operator_sex:woman")
    rows["attribute"] = [row for row in rows["attribute"] if row["id"] != "t10"]
    directories(office.world.db).take(written(rows, tmp_path))
    with office.world.db.read() as tx:
        before = contacts.of_service(tx, WAGES)
    send(aida[1], "capacity", {"capacity": "4"})
    with office.world.db.read() as tx:
        assert contacts.of_service(tx, WAGES) == before


def test_a_made_up_service_of_the_demo_can_be_edited_too(new_sqlite: Databases, tmp_path: Path) -> None:
    """The first form makes rows of the whole directory. Only the typed value differs, in an export too."""
    office = CaseOffice.on(new_sqlite())
    browser = office.office.signed_in(office.office.insider(Role.COORDINATOR, "aida"))
    with office.world.db.read() as tx:
        before = {each.id: each for each in services.services(tx, "KG")}
        phones = contacts.of_kind(tx, "service", "KG")
    assert "/directory/kg-osh/edit/capacity" in browser.get("/directory/kg-osh").get_data(as_text=True)
    assert browser.get(place("nothing", "kg-osh")).status_code == 404
    assert send(browser, "capacity", {"capacity": "4"}, "kg-osh").endswith("said=changed")
    with office.world.db.read() as tx:
        after = {each.id: each for each in services.services(tx, "KG")}
        assert contacts.of_kind(tx, "service", "KG") == phones
    assert after == before | {"kg-osh": replace(before["kg-osh"], capacity=4)}
    taking = directories(office.world.db)
    rows = {table: [dict(each) for each in listed] for table, listed in taking.rows().items()}
    again = taking.take(written(rows, tmp_path))
    assert (again.changes, again.waiting, again.gone) == ([], [], [])
