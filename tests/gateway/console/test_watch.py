"""What coordinators see of all requests: the most urgent first, whether help arrives, and never who asked."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.core.call_windows import NOW
from helpline.matching import candidates
from helpline.oversight import most_urgent_first
from helpline.oversight.open_requests import Part
from helpline.request import waitlist_entries
from helpline.staff import contacts, people
from helpline.store.schema import contact, offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.steps.desk import DESK, only
from tests.world import CALLER, OTHER

HEADING = re.compile(r"<h2[^>]*>([^<]*)</h2>")


def headings(browser: Browser, place: str = "/requests") -> list[str]:
    return HEADING.findall(browser.get(place).get_data(as_text=True))


def parts(office: CaseOffice, now: datetime | None = None) -> list[Part]:
    with office.world.db.read(now or office.world.clock()) as tx:
        return [each.part for each in most_urgent_first.everything(tx)]


def answer(office: CaseOffice, word: str) -> None:
    """Answer by SMS from the service that was asked last."""
    to, code = office.world.offered()
    office.world.text(to, f"{word} {code}")


def stranded(office: CaseOffice, caller: str = CALLER) -> str:
    """Make a request that the only service declines. Return its id."""
    only(office.world, DESK)
    office.offered(caller)
    answer(office, "NO")
    return str(office.world.rows(request)[-1].id)


def test_all_requests_are_a_coordinators_first_page(office: CaseOffice, coordinator: Browser) -> None:
    """It is the first entry of the menu. A service has no such page."""
    assert coordinator.get("/").location == "/requests"
    _, worker = office.worker(DESK)
    assert worker.get("/requests").status_code == 403


def test_requests_without_help_come_first(office: CaseOffice, coordinator: Browser) -> None:
    office.world.ask(OTHER)
    office.world.run()
    answer(office, "ДА")
    stranded(office)
    assert parts(office) == [Part.STRANDED, Part.HELD]
    assert headings(coordinator) == ["No service is left to ask (1)", "Taken by a service (1)"]


def test_an_asked_service_has_a_time_until_which_it_can_answer(office: CaseOffice, coordinator: Browser) -> None:
    """So a coordinator sees how long a request waits for one service, in the list and on its page."""
    id = office.offered()
    asked = next(row.request for row in office.world.rows(offer) if row.id == id)
    for place, words in (("/requests", "Answer by"), (f"/requests/{asked}", r"is asked\.\s+It can answer until")):
        said = re.search(rf"{words} <time[^>]*>([^<]*)</time>", coordinator.get(place).get_data(as_text=True))
        assert said, place
        assert re.fullmatch(r"\d\d:\d\d( \(in \d+ \w+\))?", said[1].strip()), said
    answer(office, "YES")
    assert "Answer by" not in coordinator.get("/requests").get_data(as_text=True)


def test_a_space_is_between_the_state_and_since_when(office: CaseOffice, coordinator: Browser) -> None:
    office.offered()
    answer(office, "YES")
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(state="reached"))
        tx.execute(sa.update(offer).values(state="followed"))
    assert re.search(r"keeps helping\.\s+It was taken: ", coordinator.get("/requests").get_data(as_text=True))


def test_a_call_in_vain_moves_the_time_of_the_next_one(office: CaseOffice, coordinator: Browser) -> None:
    """In one call window the number is shown once (R11). A coordinator must not believe that a call is due now."""
    office.world.claimed()
    to, code = office.world.offered()
    id = str(office.world.rows(request)[-1].id)
    assert "May be called now" in coordinator.get(f"/requests/{id}").get_data(as_text=True)
    office.world.text(to, f"NUMBER {code}")
    office.world.text(to, f"BUSY {code}")
    read = coordinator.get(f"/requests/{id}").get_data(as_text=True)
    assert re.search(r"The number was shown for a call in these hours already\.\s+May be called next: 25\.11", read)
    assert "May be called now" not in read
    assert re.search(r"May be called from <time[^>]*>25\.11 ", coordinator.get("/requests").get_data(as_text=True))
    assert "May be called until" not in coordinator.page


def test_full_services_are_named_above_the_list(office: CaseOffice, coordinator: Browser) -> None:
    id = office.offered()
    service = office.service_of(id)
    assert "they get no new requests" not in coordinator.get("/requests").get_data(as_text=True)
    with office.world.db.write() as tx:
        candidates.set_full(tx, service, office.world.clock() + timedelta(days=2))
        name = contacts.of_service(tx, service)[0].name("en")
    read = coordinator.get("/requests").get_data(as_text=True)
    assert re.search(rf"they get no new requests:\s+<bdi>{re.escape(name)}</bdi> \(until ", read)


def test_a_request_says_why_nobody_is_asked_about_it(office: CaseOffice, coordinator: Browser) -> None:
    """A caller at the menu, a full service, or its turn: the last is said as the rule for all (R27)."""
    only(office.world, DESK)
    id = office.offered()
    about = str(office.world.rows(offer)[-1].request)
    with office.world.db.write() as tx:
        candidates.set_full(tx, office.service_of(id), office.world.clock() + timedelta(hours=3))
    answer(office, "NO")
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(state="waiting", due=office.world.clock() + timedelta(minutes=1)))
    assert "the caller may still be at the menu" in coordinator.get("/requests").get_data(as_text=True)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(due=office.world.clock()))
    assert "it waits for its turn" in coordinator.get("/requests").get_data(as_text=True)
    read = coordinator.get(f"/requests/{about}").get_data(as_text=True)
    assert read.index("Of one telephone only one request is offered at a time") < read.index("<dl>"), "at the top"
    with office.world.db.write() as tx:
        waitlist_entries.put(tx, about, [office.service_of(id)], frozenset())
    assert "those that fit are full" in coordinator.get("/requests").get_data(as_text=True)
    assert re.search(
        r"has room:\s+<bdi>[^<]+</bdi> \(until ", coordinator.get(f"/requests/{about}").get_data(as_text=True)
    )


def test_a_silent_claim_is_late(office: CaseOffice) -> None:
    office.world.claimed()
    assert parts(office) == [Part.HELD]
    office.world.wait(hours=49)
    assert parts(office) == [Part.LATE]


def test_an_unclaimed_request_whose_window_ends_soon_is_closing(office: CaseOffice) -> None:
    """Asked in the morning for the day. At half past three little time is left."""
    office.world.set_local(11)
    office.offered(window="3")
    assert parts(office) == [Part.ASKED]
    assert parts(office, office.world.clock() + timedelta(hours=4, minutes=30)) == [Part.CLOSING]


def test_drills_and_closed_requests_are_not_listed(office: CaseOffice) -> None:
    office.offered()
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(kind="drill"))
    assert parts(office) == []
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(kind="self", state="closed"))
    assert parts(office) == []


def test_the_page_shows_no_number_line_words_or_code(office: CaseOffice, coordinator: Browser) -> None:
    call = office.world.ask()
    office.world.run()
    page = coordinator.get("/requests").get_data(as_text=True)
    (row,), (asked,) = office.world.rows(request), office.world.rows(offer)
    assert f'href="/requests/{row.id}"' in page
    assert CALLER.lstrip("+") not in page
    assert asked.line not in page
    assert asked.id not in page
    words = {word for seen in call.seen for word in re.findall(r"\b[А-ЯЁ]{4,}\b", seen)}
    assert words
    assert not words & set(page.split())


def test_r27_a_stop_does_not_show_which_requests_share_a_telephone(office: CaseOffice, coordinator: Browser) -> None:
    """All requests of a line are paused at one instant, so the page shows only the day."""
    office.world.ask(CALLER)
    office.world.wait(minutes=7)
    office.world.ask(CALLER)
    office.world.run()
    office.world.text(CALLER, "STOP")
    assert [row.state for row in office.world.rows(request)] == ["paused", "paused"]
    page = coordinator.get("/requests").get_data(as_text=True)
    assert headings(coordinator) == ["Paused or stopped (2)"]
    assert re.findall(r"Since ([^<]*)\.", page) == ["24.11.2026", "24.11.2026"]


def test_r27_a_freeze_is_shown_on_one_request_of_a_telephone(office: CaseOffice, coordinator: Browser) -> None:
    """Only the one that was reported shows the freeze. The others look like any paused request."""
    only(office.world, DESK)
    office.world.ask(CALLER)
    office.world.wait(minutes=7)
    office.world.ask(CALLER)
    office.world.run()
    answer(office, "YES")
    to, code = office.world.phone(DESK), office.world.offered()[1]
    office.world.text(to, f"NUMBER {code}")
    office.world.text(to, f"STRANGER {code}")
    assert [row.state for row in office.world.rows(request)] == ["frozen", "frozen"]
    assert headings(coordinator) == ["Frozen: somebody else answered, or a wrong word (1)", "Paused or stopped (1)"]
    page = coordinator.get("/requests").get_data(as_text=True)
    assert [bool(re.search(":", each)) for each in re.findall(r"Since ([^<]*)\.", page)] == [True, False]


def test_r27_times_that_would_link_requests_are_shown_by_the_hour(office: CaseOffice, coordinator: Browser) -> None:
    """One request of a phone is given back and the other is offered at once. The log has the same minute for both."""
    office.world.ask(CALLER)
    office.world.wait(minutes=7)
    office.world.ask(CALLER)
    office.world.run()
    answer(office, "YES")
    coordinator.get("/requests")  # so that the coordinator's session continues
    office.world.wait(minutes=9)
    answer(office, "NO NO")
    ids = {row.request for row in office.world.rows(offer)}
    assert len(ids) == 2
    for id in ids:
        page = coordinator.get(f"/requests/{id}").get_data(as_text=True)
        asked = re.findall(r"<li>([0-9.]+ [0-9:–]+):\s+[^<]* was asked\.", page)
        assert asked
        assert all(":00–" in each for each in asked), asked


@pytest.mark.parametrize("many", [3, 120])
def test_a_page_needs_the_same_few_statements_for_any_number_of_requests(
    office: CaseOffice, coordinator: Browser, many: int
) -> None:
    copies(office, many)
    told: list[str] = []

    def tells(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        told.append(statement)

    listened: Callable[..., None] = tells
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", listened)
    try:
        page = coordinator.get("/requests").get_data(as_text=True)
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", listened)
    assert page.count('<li class="row request') == min(many, 50)
    assert len([each for each in told if "FROM request" in each]) == 6
    assert len([each for each in told if "FROM contact " in each]) == 1


def test_the_filter_shows_requests_that_wait_for_a_yes_and_all_in_danger(
    office: CaseOffice, coordinator: Browser
) -> None:
    """Two services had the number of one; the second one is only stranded; the third one is in danger."""
    waiting = stranded(office)
    copies(office, 3)
    only_stranded, danger = (f"{at:032x}" for at in range(2))
    with office.world.db.write() as tx:
        held = tx.execute(sa.select(offer).where(offer.c.request == waiting)).mappings().first()
        assert held is not None
        for service in ("had it first", "had it too"):
            row = {
                **held,
                "id": f"{len(service):032x}",
                "service": service,
                "seq": held["seq"] + len(service),
                "state": "passed",
                "left_at": tx.now,
            }
            tx.execute(sa.insert(offer).values(row))
        tx.execute(sa.update(request).where(request.c.id == danger).values(risk=NOW))

    def listed(place: str) -> set[str]:
        page = coordinator.get(place).get_data(as_text=True)
        return set(re.findall(r'href="/requests/([0-9a-f]{32})"', page))

    assert listed("/requests") == {waiting, only_stranded, danger}
    assert listed("/requests?only=yes") == {waiting, danger}
    assert headings(coordinator, "/requests?only=yes")[0] == "In danger: do these first (1)"
    assert "My request" in coordinator.page
    assert listed("/requests?only=no") == {waiting, only_stranded, danger}


def copies(office: CaseOffice, many: int) -> None:
    """Copy one request many times."""
    if not office.world.rows(request):
        office.offered()
    (row,) = office.world.rows(request)
    made = [
        {**row._mapping, "id": f"{at:032x}", "session": None, "code_mac": None, "draws": at} for at in range(many - 1)
    ]
    with office.world.db.write() as tx:
        tx.execute(sa.insert(request), made)


def test_the_list_has_pages(office: CaseOffice, coordinator: Browser) -> None:
    copies(office, 120)
    for number, there in ((1, 50), (3, 20), (4, 0)):
        page = coordinator.get(f"/requests?page={number}").get_data(as_text=True)
        assert page.count('<li class="row request') == there, number
    assert coordinator.get("/requests?page=x").status_code == 200


def test_two_requests_that_read_alike_have_different_codes(office: CaseOffice, coordinator: Browser) -> None:
    """The list had rows with the same words. The code is the start of the id, and says nothing about a telephone."""
    for caller in (CALLER, OTHER):
        office.world.ask(caller)
    ids = [row.id for row in office.world.rows(request)]
    page = coordinator.get("/requests").text
    shown = re.findall(r'class="digits">(\w{6})<', page)
    assert sorted(shown) == sorted(id[:6] for id in ids)
    assert f"№&nbsp;<code>{ids[0][:6]}</code>" in coordinator.get(f"/requests/{ids[0]}").text


def test_times_are_in_the_viewers_zone(office: CaseOffice, coordinator: Browser) -> None:
    office.offered()
    (about,) = office.world.rows(request)
    assert "24.11.2026 08:00–21:00" in coordinator.get(f"/requests/{about.id}").get_data(as_text=True)
    with office.world.db.write() as tx:
        (who,) = people.everybody(tx)
        people.change(tx, who.id, {"zone": "UTC"})
    page = coordinator.get(f"/requests/{about.id}").get_data(as_text=True)
    assert "24.11.2026 02:00–15:00" in page
    assert "All times: UTC+0<" in page


@pytest.mark.parametrize(
    ("zone", "said"),
    [("Asia/Dushanbe", "UTC+5"), ("Asia/Kolkata", "UTC+5:30"), ("America/St_Johns", "UTC-3:30"), ("UTC", "UTC+0")],
)
def test_each_page_says_in_which_zone_its_times_are(
    office: CaseOffice, coordinator: Browser, zone: str, said: str
) -> None:
    with office.world.db.write() as tx:
        (who,) = people.everybody(tx)
        people.change(tx, who.id, {"zone": zone})
    assert all(f"All times: {said}<" in coordinator.get(place).text for place in ("/requests", "/figures", "/account"))


def test_each_page_leads_to_the_choice_of_a_language(coordinator: Browser) -> None:
    """An invited person may not understand the language that somebody else chose for their account."""
    for place in ("/requests", "/figures", "/help"):
        assert '<a href="/account#looks">Language</a>: English</p>' in coordinator.get(place).text


def test_the_page_names_who_is_on_duty_tonight(office: CaseOffice, coordinator: Browser) -> None:
    """By name, without a phone number."""
    page = coordinator.get("/requests/tonight").get_data(as_text=True)
    assert "Tonight: 24.11.2026 17:00 – 25.11.2026 08:00." in page
    assert "Coordinator 1 (demo) <strong>on duty</strong>" in page
    assert office.world.phone(DESK) not in page
    assert headings(coordinator, "/requests/tonight")[0] == "Places that no service covers tonight"
    nobody, everywhere = "In these hours of the night no service is open", "For each district a service is open tonight"
    assert not (nobody in page and everywhere in page), "the second soothes what the first says"
    with office.world.db.write() as tx:
        tx.execute(sa.update(contact).values(on_duty=False))
    assert "has no telephone on duty, so it gets no request" in coordinator.get("/requests/tonight").get_data(
        as_text=True
    )
    with office.world.db.write() as tx:
        tx.execute(sa.delete(contact).where(contact.c.kind == "coordinator"))
    assert "nobody is called" in coordinator.get("/requests/tonight").get_data(as_text=True)


@pytest.mark.parametrize(("word", "said"), [("UNSAFE", "A call was not safe."), ("HUNGUP", "A call broke off.")])
def test_a_pause_after_a_call_says_why(office: CaseOffice, coordinator: Browser, word: str, said: str) -> None:
    office.world.claimed()
    to, code = office.world.offered()
    office.world.text(to, f"NUMBER {code}")
    office.world.text(to, f"{word} {code}")
    assert said in coordinator.get("/requests").get_data(as_text=True)
    office.world.wait(minutes=1)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(updated=office.world.clock()))  # it was paused later by something else
    read = coordinator.get("/requests").get_data(as_text=True)
    assert said not in read
    assert "The caller stopped it, or a call was not safe or broke off." in read
