"""The change signal of the console: it says that something changed but not what, and extends no session."""

import json
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from random import Random

import sqlalchemy as sa

from gateway.console.cases.live import MOST
from gateway.console.pages import POLICY
from helpline.store.schema import offer, request
from tests.bench.crowd import fill
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import act, claimed
from tests.world import CALLER, OTHER

MOST_STATEMENTS = 12
"""Of the signal: two for the session, two for the list, two for who does what, two for reminders and outcomes, one each for stops and hand-overs, and the transaction's."""


def heard(browser: Browser, case: str = "") -> tuple[str, list[str]]:
    """Fetch the signal once. Return its mark and the due cases."""
    came = browser.get(f"/cases/bell?case={case}" if case else "/cases/bell")
    assert came.status_code == 200
    assert came.content_type == "text/event-stream; charset=utf-8"
    retry, data, *rest = browser.page.split("\n")
    assert 8000 <= int(retry.removeprefix("retry: ")) <= 12000
    assert rest == ["", ""]
    told = json.loads(data.removeprefix("data: "))
    assert len(told["due"]) == min(told["count"], MOST)
    return told["mark"], told["due"]


def test_the_mark_changes_only_with_the_list(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    first, due = heard(browser)
    assert due == [id[:8]]
    assert heard(browser) == (first, due)
    assert f'data-mark="{first}"' in browser.get("/cases").get_data(as_text=True)
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/claim")
    second, _ = heard(browser)
    assert second != first


def test_the_mark_changes_when_another_service_is_asked_to_take_a_case_over(office: CaseOffice) -> None:
    """And again when it is not asked any more: on the list, on the case, and on the list beside it."""
    id, browser = claimed(office)
    marks = [heard(browser)[0]], [heard(browser, id)[0]]
    assert f'data-mark="{marks[1][0]}"' in browser.get(f"/cases/{id}").get_data(as_text=True)
    browser.get(f"/cases/{id}/hand")
    to = re.findall(r'name="to" value="([^"]+)"|<option value="(kg-[^"]+)"', browser.page)[0]
    browser.send(f"/cases/{id}/hand", {"to": to[0] or to[1], "sure": "yes"})
    for each, case in zip(marks, ("", id), strict=True):
        each.append(heard(browser, case)[0])
    assert f'data-mark="{marks[1][1]}"' in browser.get(f"/cases/{id}").get_data(as_text=True)
    assert all(first != second for first, second in marks)


def test_if_many_cases_are_due_only_the_most_urgent_are_named(office: CaseOffice) -> None:
    """The signal is sent every ten seconds, perhaps over a slow line."""
    service = fill(office, MOST * 3, 0, Random(1))
    _, browser = office.worker(service)
    _, due = heard(browser)
    first, *_ = re.findall(r'href="/cases/([0-9a-f]{8})', browser.get("/cases").get_data(as_text=True))
    assert (len(due), due[0]) == (MOST, first)


def test_a_change_on_another_page_does_not_update_this_one(office: CaseOffice) -> None:
    service = fill(office, 70, 0, Random(1))
    _, browser = office.worker(service)
    marks = [re.search(r'data-mark="(\w+)"', browser.get(f"/cases?page={at}").get_data(as_text=True)) for at in (1, 2)]
    last = re.findall(r'href="/cases/([0-9a-f]{32})"', browser.page)[-1]
    with office.world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.id == last).values(state="passed"))
    for at, mark in enumerate(marks, 1):
        browser.get(f"/cases/bell?page={at}")
        assert mark
        assert (f'"mark": "{mark[1]}"' in browser.page) == (at == 1), at


def test_a_case_has_a_second_mark_for_the_list_beside_it(office: CaseOffice) -> None:
    service = fill(office, 3, 0, Random(1))
    _, browser = office.worker(service)
    first, *_, last = re.findall(r'href="/cases/([0-9a-f]{32})"', browser.get("/cases").get_data(as_text=True))

    def marks() -> tuple[str, str]:
        data = browser.get(f"/cases/bell?case={first}").get_data(as_text=True).split("data: ")[1]
        return json.loads(data)["mark"], json.loads(data)["beside"]

    case, beside = marks()
    page = browser.get(f"/cases/{first}").get_data(as_text=True)
    assert f'data-mark="{case}"' in page
    assert f'data-beside="{beside}"' in page
    with office.world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.id == last).values(state="passed"))
    assert (marks()[0] == case, marks()[1] == beside) == (True, False)
    piece = browser.get(f"/cases/beside?case={first}").get_data(as_text=True)
    assert (last in piece, f'href="/cases/{first}" aria-current="page"' in piece) == (False, True)
    assert "<html" not in piece


def test_a_window_that_opens_updates_the_page(office: CaseOffice) -> None:
    """Nobody has done anything, but now there is something to do."""
    id = office.offered(window="4")
    who, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/claim")
    before, due = heard(browser)
    assert due == []
    office.office.wait(hours=10)
    after, due = heard(office.office.signed_in(who))
    assert (after != before, due) == (True, [id[:8]])


def test_a_window_that_opens_or_closes_updates_the_page_of_the_case(office: CaseOffice) -> None:
    """The page invites to call, or says from when. Left open, it would say so after the window, too."""
    id = office.offered(window="4")
    who, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/claim")
    marks = [heard(browser, id)[0]]
    for hours in (1, 8, 1, 6):  # still before the window, in it, still in it, after it
        office.office.wait(hours=hours)
        marks.append(heard(office.office.signed_in(who), id)[0])
    assert [now == before for before, now in pairwise(marks)] == [True, False, True, False]


def test_r48_a_stop_updates_the_page_that_shows_the_number(office: CaseOffice) -> None:
    id = office.offered()
    who, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    browser.send(f"/cases/{id}/claim")
    office.prove(who, browser, f"/cases/{id}")
    assert CALLER in browser.send(f"/cases/{id}/number", {"read": "yes"}).get_data(as_text=True)
    mark, _ = heard(browser, id)
    browser.get(f"/cases/{id}")
    assert f'data-mark="{mark}"' in browser.page
    office.world.text(CALLER, "STOP")
    assert heard(browser, id)[0] != mark


def test_r32_the_change_signal_contains_no_data_of_a_case(office: CaseOffice) -> None:
    id = office.offered()
    service = office.service_of(id)
    _, browser = office.worker(service)
    _, other_browser = office.worker("kg-osh" if service != "kg-osh" else "kg-bishkek", "elsewhere")
    assert heard(other_browser)[1] == []
    assert other_browser.get(f"/cases/bell?case={id}").status_code == 404
    assert browser.get("/cases/bell?case=nonsense").status_code == 404
    heard(browser, id)
    assert len(browser.page) < 130
    assert all(number not in browser.page for number in (CALLER, OTHER))


def test_requests_of_scripts_do_not_extend_a_session(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    browser.get("/cases")
    for _ in range(3):
        office.office.wait(minutes=4)
        heard(browser)
        assert id in browser.get("/cases/now?page=1").get_data(as_text=True)
    office.office.wait(minutes=4)
    for place in ("/cases/bell", f"/cases/bell?case={id}", f"/cases/beside?case={id}", "/cases/now"):
        assert (browser.get(place).status_code, browser.page) == (204, "")


def test_tabs_that_were_opened_at_one_instant_ask_at_different_ones(office: CaseOffice) -> None:
    """Of 200 tabs no more than a few ask within the same tenth of a second, from their second question on."""
    _, browser = office.worker(office.service_of(office.offered()))
    pauses = Counter(int(browser.get("/cases/bell").get_data(as_text=True).split()[1]) // 100 for _ in range(200))
    assert len(pauses) > 20
    assert max(pauses.values()) < 25


def test_the_change_signal_needs_few_statements_however_long_the_list_is(office: CaseOffice) -> None:
    service = fill(office, 70, 0, Random(1))
    _, browser = office.worker(service)
    asked = list[str]()
    browser.get("/cases/bell")
    sa.event.listen(office.office.console.db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    browser.get("/cases/bell")
    assert 0 < len(asked) <= MOST_STATEMENTS, asked


def test_ones_own_case_that_the_service_was_reminded_of_comes_first(office: CaseOffice) -> None:
    """A reminder of a case that somebody does is one to that person. Only danger is above it."""
    service = fill(office, 40, 0, Random(1))
    (aida, hers), (bek, his) = office.worker(service, "aida"), office.worker(service, "bek")
    with office.world.db.write() as tx:
        calm = sa.select(request.c.id).where(request.c.risk != "now")
        claims = tx.execute(
            sa.select(offer.c.id).where(offer.c.state == "claimed", offer.c.request.in_(calm))
        ).scalars()
        first, second, third, *_ = sorted(claims)
        at = {first: (aida.person.id, 3), second: (bek.person.id, 2), third: (None, 1)}
        for id, (owner, hours) in at.items():
            reminded = tx.now + timedelta(days=9, hours=-hours)  # after a window of every caller has passed
            tx.execute(sa.update(offer).where(offer.c.id == id).values(owner=owner, reminded=reminded))
    for browser, own, others in ((hers, first, [second, third]), (his, second, [first, third])):
        page = browser.get("/cases").get_data(as_text=True)
        yours, of_all = (page.index(f'<h2 id="{part}">') for part in ("part_reminded_you", "part_reminded"))
        rows = re.findall(r'href="/cases/([0-9a-f]{32})"', page[yours:])
        assert rows[:3] == [own, *others]
        assert page.index('<h2 id="part_danger"') < yours < page.index(own) < of_all < page.index(others[0])
        assert page.count("Report by <time") == 3
        assert "After that the case is taken from your service." in browser.get(f"/cases/{own}").get_data(as_text=True)
        due = heard(browser)[1]
        danger = page[:yours].count('<li class="row urgent">')
        assert due[danger : danger + 3] == [id[:8] for id in rows[:3]]
        beside = re.findall(
            r'href="/cases/([0-9a-f]{32})"', browser.get(f"/cases/beside?case={own}").get_data(as_text=True)
        )
        assert beside[danger : danger + 3] == rows[:3]


def test_after_a_report_a_case_is_no_longer_among_those_reminded_of(office: CaseOffice) -> None:
    id = office.offered(window="1")
    _, browser = office.worker(office.service_of(id), "aida")
    act(browser, id, "claim")
    with office.world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.id == id).values(reminded=tx.now + timedelta(days=2)))
    assert "part_reminded_you" in browser.get("/cases").get_data(as_text=True)
    with office.world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.id == id).values(reminded=tx.now - timedelta(days=1)))
    assert "part_reminded" not in browser.get("/cases").get_data(as_text=True)


def test_a_page_that_a_person_opens_extends_their_session(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    for _ in range(3):
        office.office.wait(minutes=8)
        assert browser.get("/cases").status_code == 200


def test_the_change_signal_ends_with_the_session(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    browser.get("/cases")
    browser.send("/sign-out")
    assert browser.get("/cases/bell").status_code == 204  # after this status a browser does not ask again


def test_the_change_signal_obeys_the_policy_and_is_not_cached(office: CaseOffice) -> None:
    id = office.offered()
    _, browser = office.worker(office.service_of(id))
    answer = browser.get("/cases/bell")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "default-src 'none'" in POLICY
    assert "connect-src 'self'" in POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())


def test_only_requests_of_scripts_do_not_count_as_activity(office: CaseOffice) -> None:
    quiet = {name for name, endpoint in office.office.endpoints.rules.items() if endpoint.quiet}
    lists = {f"GET {at}/{name}" for at in ("/cases", "/requests") for name in ("bell", "danger", "now")}
    assert quiet == {*lists, "GET /cases/beside", "GET /idle"}
