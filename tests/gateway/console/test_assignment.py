"""Whose case it is: a colleague takes it, gives it on, and nobody's case is hidden when an account is closed."""

import re
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from gateway.console.cases.shift import MOST
from helpline.casework.assignment import ANYBODY
from helpline.oversight import desk_list, worklist_rows
from helpline.oversight.desk_list import When
from helpline.request import case_owners
from helpline.staff import people
from helpline.staff.roles import Role
from helpline.store.schema import audit, offer, request
from tests.bench.crowd import fill
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import act, claimed
from tests.world import CALLER, OTHER


def owner(office: CaseOffice, id: str) -> str | None:
    found: list[str | None] = [row.owner for row in office.world.rows(offer) if row.id == id]
    return found[0]


def assign(browser: Browser, id: str, to: str) -> str:
    """Assign a case, with a form that the page need not have. Return the answer."""
    browser.get("/account")
    done = browser.post(f"/cases/{id}/assign", {**browser.hidden("/account/looks"), "to": to})
    return done.location.partition("assigned=")[2] if done.status_code == 303 else str(done.status_code)


def test_who_takes_a_case_at_the_console_does_it_and_may_give_it_on(office: CaseOffice) -> None:
    id = office.offered()
    service = office.service_of(id)
    aida, browser = office.worker(service, "aida")
    bek, _ = office.worker(service, "bek")
    act(browser, id, "claim")
    assert owner(office, id) == aida.person.id
    assert assign(browser, id, bek.person.id) == "given"
    assert owner(office, id) == bek.person.id
    assert f"{bek.person.name} is handling it." in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert assign(browser, id, ANYBODY) == "free"
    assert owner(office, id) is None
    assert assign(browser, id, aida.person.id) == "yours"
    done = [(row.action, row.ref) for row in office.world.rows(audit) if "assign" in row.action]
    assert [action for action, _ in done] == ["assign", "assign_to", "unassign", "assign"]
    assert ("assign_to", bek.person.id) in done


def test_r32_a_case_is_given_to_colleagues_of_the_same_service_only(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id), "aida")
    elsewhere, theirs = office.worker("kg-osh", "elsewhere")
    lead = office.office.insider(Role.COORDINATOR, "coordinator")
    assert assign(browser, id, elsewhere.person.id) == "not_held"
    act(browser, id, "claim")
    before = owner(office, id)
    for to in (elsewhere.person.id, lead.person.id, "nobody", "", "\0"):
        assert assign(browser, id, to) == "no_colleague"
    assert assign(theirs, id, elsewhere.person.id) == "404"
    assert owner(office, id) == before


def test_when_an_account_is_closed_its_cases_are_everybodys(office: CaseOffice) -> None:
    id = office.offered()
    service = office.service_of(id)
    gone, browser = office.worker(service, "gone")
    stays, theirs = office.worker(service, "stays")
    act(browser, id, "claim")
    assert id not in theirs.get("/cases?whose=mine").get_data(as_text=True)
    with office.world.db.write() as tx:
        office.office.console.invitations.disable(tx, gone.person, None)
    for place in ("/cases", "/cases?whose=free"):
        page = theirs.get(place).get_data(as_text=True)
        assert f"/cases/{id}" in page
        assert gone.person.name + " is handling it." not in page
    assert assign(theirs, id, gone.person.id) == "no_colleague"
    assert assign(theirs, id, stays.person.id) == "yours"


def test_the_list_of_ones_own_says_how_many_it_leaves_out_and_shows_new_offers(office: CaseOffice) -> None:
    first = office.offered(CALLER)
    service = office.service_of(first)
    _, aida = office.worker(service, "aida")
    _, bek = office.worker(service, "bek")
    act(aida, first, "claim")
    page = bek.get("/cases?whose=mine").get_data(as_text=True)
    assert f"/cases/{first}" not in page
    assert "Not shown here: 1." in page
    assert f"/cases/{first}" in bek.get("/cases").get_data(as_text=True)
    assert f"/cases/{first}" in bek.get("/cases?whose=nonsense").get_data(as_text=True)
    second = office.offered(OTHER)
    if office.service_of(second) == service:
        assert f"/cases/{second}" in bek.get("/cases?whose=mine").get_data(as_text=True)


def test_ones_own_list_has_what_is_due_and_nobodys(office: CaseOffice) -> None:
    id = office.offered(window="1")
    service = office.service_of(id)
    _, aida = office.worker(service, "aida")
    _, bek = office.worker(service, "bek")
    act(aida, id, "claim")
    assign(aida, id, ANYBODY)
    with office.world.db.read() as tx:
        due = desk_list.held(tx, service)[0].when in desk_list.DUE
    assert (f"/cases/{id}" in bek.get("/cases?whose=mine").get_data(as_text=True)) is due
    assert f"/cases/{id}" in bek.get("/cases?whose=free").get_data(as_text=True)


def test_a_list_and_a_case_change_when_the_owner_does(office: CaseOffice) -> None:
    """So two colleagues with an open page do not call one caller."""
    id = office.offered()
    _, aida = office.worker(office.service_of(id), "aida")
    bek, theirs = office.worker(office.service_of(id), "bek")
    act(aida, id, "claim")
    places = ("/cases/bell?whose=all", "/cases/bell?whose=mine", f"/cases/bell?case={id}")
    before = [theirs.get(place).get_data(as_text=True) for place in places]
    assert assign(aida, id, bek.person.id) == "given"
    after = [theirs.get(place).get_data(as_text=True) for place in places]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_claim_that_was_undone_or_given_back_has_no_owner(office: CaseOffice) -> None:
    id = office.offered()
    service = office.service_of(id)
    _, aida = office.worker(service, "aida")
    act(aida, id, "claim")
    act(aida, id, "undo")
    office.world.run()
    with office.world.db.read() as tx:
        assert case_owners.of_service(tx, service) == {}
    again = office.newest()
    assert again != id
    assert owner(office, again) is None
    assert assign(aida, id, ANYBODY) == "not_held"


def test_a_claim_that_a_colleague_has_now_is_not_undone(office: CaseOffice) -> None:
    """Who gives a case away and thinks better of it does not take it from the service."""
    id = office.offered()
    service = office.service_of(id)
    _, aida = office.worker(service, "aida")
    bek, _ = office.worker(service, "bek")
    act(aida, id, "claim")
    undo = f'action="/cases/{id}/undo"'
    assert undo in aida.get(f"/cases/{id}").get_data(as_text=True)
    stale = aida.hidden(f"/cases/{id}/undo")
    assert assign(aida, id, bek.person.id) == "given"
    page = aida.get(f"/cases/{id}?assigned=given").get_data(as_text=True)
    assert f"{bek.person.name} is handling it now. Tell them." in page
    assert undo not in page
    assert aida.post(f"/cases/{id}/undo", stale).location == f"/cases/{id}?said=not_undone"
    assert owner(office, id) == bek.person.id
    assert assign(aida, id, ANYBODY) == "free"
    assert act(aida, id, "undo") == "undone_again"


def test_the_sums_of_the_sheet_count_what_does_not_fit_on_it(office: CaseOffice) -> None:
    service = fill(office, 2 * MOST + 10, 0, Random(1))
    _, browser = office.worker(service)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(promised_from=tx.now, promised_to=tx.now))
        tx.execute(sa.update(offer).where(offer.c.state == "claimed").values(shown_in=tx.now))
        claims = tx.execute(sa.select(sa.func.count()).where(offer.c.state == "claimed")).scalar_one()
        count = len(desk_list.held(tx, service))
        assert worklist_rows.promised(tx, service) == count
        assert len(worklist_rows.without_outcome(tx, service)) == claims
    sheet = browser.get("/cases/shift").get_data(as_text=True)
    assert f"With a promised call: {count}." in sheet
    assert f"Outcome missing: {claims}." in sheet
    assert f"{count - MOST} more are in the list." in sheet


def today(lines: list[desk_list.Placed]) -> int:
    """Return how many cases are due on the day of `office`, which ends at midnight in Bishkek."""
    midnight = datetime(2026, 11, 25, tzinfo=ZoneInfo("Asia/Bishkek"))
    return sum(each.when in desk_list.DUE or (each.at is not None and each.at < midnight) for each in lines)


def test_what_is_due_before_midnight_is_due_today(office: CaseOffice) -> None:
    """Also a call for this evening, and a contact that was agreed on, but nothing for tomorrow."""
    id, browser = claimed(office)
    shown = browser.get("/cases?show=today").get_data(as_text=True)
    assert f"/cases/{id}" in shown
    for days, is_today in (("2", True), ("3", False)):
        with office.world.db.write() as tx:
            tx.execute(sa.update(request).values(window="evening", days=days))
        assert (f"/cases/{id}" in browser.get("/cases?show=today").get_data(as_text=True)) is is_today, days
        assert f"/cases/{id}" not in browser.get("/cases?show=due").get_data(as_text=True)


def test_the_strip_counts_what_is_due_offered_and_without_an_outcome(office: CaseOffice) -> None:
    service = fill(office, 30, 0, Random(1))
    _, browser = office.worker(service)
    with office.world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.state == "claimed").values(shown_in=tx.now))
        lines = desk_list.held(tx, service)
        missing = worklist_rows.without_outcome(tx, service)
    counts = {
        "all": len(lines), "danger": sum(each.when is When.DANGER for each in lines),
        "due": sum(each.when in desk_list.DUE for each in lines), "today": today(lines), "offered": sum(each.offered for each in lines),
        "missing": len(missing),
    }  # fmt: skip
    page = browser.get("/cases").get_data(as_text=True)
    assert [int(each) for each in re.findall(r"<strong>(\d+)</strong>", page)] == list(counts.values())
    assert 0 < counts["missing"] < counts["all"]
    dangerous = {each.id for each in lines if each.when is When.DANGER}
    found = set(re.findall(r'href="/cases/([0-9a-f]{32})"', browser.get("/cases?show=missing").get_data(as_text=True)))
    assert found == missing | dangerous


def test_the_list_is_narrowed_by_language_and_place_and_sorted_by_age(office: CaseOffice) -> None:
    service = fill(office, 30, 0, Random(1))
    _, browser = office.worker(service)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.risk != "now", request.c.need == "health").values(place="KG-GB"))
        lines, callers = desk_list.held(tx, service), worklist_rows.callers(tx, service)
    dangerous = {each.id for each in lines if each.when is When.DANGER}
    for field in ("language", "place"):
        value = next(getattr(caller, field) for caller in callers.values() if getattr(caller, field))
        page = browser.get(f"/cases?{field}={value}").get_data(as_text=True)
        wanted = {id for id, caller in callers.items() if getattr(caller, field) == value} | dangerous
        assert set(re.findall(r'href="/cases/([0-9a-f]{32})"', page)) == wanted
    oldest = re.findall(r'href="/cases/([0-9a-f]{32})"', browser.get("/cases?order=oldest").get_data(as_text=True))
    by_id = {each.id: each for each in lines}
    assert [each in dangerous for each in oldest] == [True] * len(dangerous) + [False] * (len(lines) - len(dangerous))
    asked = [by_id[each].asked for each in oldest if each not in dangerous]
    assert asked == sorted(asked)


def test_r49_danger_is_in_every_narrowed_list(office: CaseOffice) -> None:
    id = office.offered()
    service = office.service_of(id)
    _, aida = office.worker(service, "aida")
    _, bek = office.worker(service, "bek")
    act(aida, id, "claim")
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(risk="now"))
    narrowed = (
        "whose=mine",
        "whose=free",
        "show=offered",
        "show=missing",
        "language=xx",
        "place=nowhere",
        "order=oldest",
    )
    for each in narrowed:
        assert f"/cases/{id}" in bek.get(f"/cases?{each}").get_data(as_text=True), each


def test_r35_the_sheet_of_a_shift_has_no_number_need_place_or_word_of_a_caller(office: CaseOffice) -> None:
    id = office.offered()
    who, browser = office.worker(office.service_of(id), "aida")
    act(browser, id, "claim")
    listed = browser.get("/cases").get_data(as_text=True)
    sheet = browser.get("/cases/shift").get_data(as_text=True)
    assert "To talk" not in sheet
    assert CALLER.lstrip("+") not in sheet
    code = listed.partition('class="digits">')[2][:5]
    assert code.isdigit()
    assert code in sheet
    assert who.person.name in sheet
    assert "Open: 1." in sheet
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).values(risk="now"))
    first = browser.get("/cases/shift").get_data(as_text=True)
    assert "First" in first
    sheet = first.partition("<main")[2]  # the line above it is not printed
    assert "danger now" not in sheet
    assert "DANGER" not in sheet


@pytest.mark.parametrize("who", ["owner", "left", "nobody"])
def test_a_reminder_names_the_colleague_who_does_the_case(office: CaseOffice, who: str) -> None:
    """An account has no telephone, so the text goes to the service. A name that does not count is not in it."""
    id = office.offered()
    service = office.service_of(id)
    insider, browser = office.worker(service)
    if who == "nobody":
        to, code = office.world.offered()
        office.world.text(to, f"YES {code}")
    else:
        browser.get(f"/cases/{id}")
        browser.send(f"/cases/{id}/claim")
    if who == "left":
        with office.world.db.write() as tx:
            people.change(tx, insider.person.id, {"disabled": tx.now})
    office.world.wait(days=4)
    asked = [text for text in office.world.inbox(office.world.phone(service)) if "no report yet" in text]
    assert [f", for {insider.person.name}: no report yet" in text for text in asked[:1]] == [who == "owner"]
