"""What a caseworker sees first: one line a case, danger whole, the next action in view, and the list beside a case."""

import gzip
import re
from datetime import timedelta
from random import Random
from typing import Any, get_args

import pytest
import sqlalchemy as sa

from gateway.console.cases.case_list import Step
from gateway.console.components import REQUESTS, ROWS
from helpline.oversight.open_requests import Part
from helpline.request import offers
from helpline.request.offers import IS_HELD, OfferState
from helpline.staff.roles import Role
from helpline.store.engine import Tx
from helpline.store.schema import offer, request
from tests.bench.crowd import fill
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Insider
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, check_accessibility, sign_in
from tests.gateway.console.test_texts import FIRST_PAGE_BYTES
from tests.steps.browser import sync_api
from tests.steps.by_day import waits

pytestmark = IN_A_BROWSER
MANY = 40
ONE_LINE = 50
"""Pixels: a second line would need more."""
WRAPPED = 190
"""Pixels of a request on a phone, where its line wraps: in Tajik, with a promise and a case that is handed over."""
HEADER = 110
"""Pixels of the header on a phone: names and quick exit, and two lines of the menu."""
CUT = """
lines => lines.filter(line => {
    const style = getComputedStyle(line)
    return line.scrollWidth > line.clientWidth || style.whiteSpace === "nowrap" || style.overflow !== "visible"
}).map(line => line.innerText)
"""
"""The lines of text that their boxes cut."""


def with_cases(house: CaseOffice) -> str:
    """Make many cases of one service: offered, claimed, without an outcome, in danger. Return the service."""
    service = fill(house, MANY, 0, Random(1))
    with house.world.db.write() as tx:
        some = sa.select(offer.c.id).where(offer.c.state == "claimed").limit(4)
        tx.execute(sa.update(offer).where(offer.c.id.in_(some)).values(shown_in=tx.now))
    return service


def hand_one_over(tx: Tx, who: Insider) -> None:
    """Assign the claims of a service to one person, and ask another service to take one of them over."""
    claims = tx.execute(sa.select(offer).where(offer.c.state == "claimed", offer.c.service == who.person.service)).all()
    tx.execute(sa.update(offer).where(offer.c.state == "claimed").values(owner=who.person.id))
    other = "kg-osh" if who.person.service != "kg-osh" else "kg-bishkek"
    assert offers.add(tx, claims[0].request, claims[0].line, other, 0, state=OfferState.PROPOSED)


def check_is_whole(page: Any, parts: str) -> None:
    """Check that none of some parts of lines is cut by its column, and that it begins within it."""
    cut = page.eval_on_selector_all(
        parts,
        """parts => parts.filter(part => part.getClientRects().length).map(part => {
            const column = part.closest('p').getBoundingClientRect(), box = part.getBoundingClientRect()
            return box.left < column.left - 1 || box.right > column.right + 1 || box.right > innerWidth
        }).filter(Boolean).length""",
    )
    assert cut == 0, (parts, page.viewport_size)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ru", "en", "ky"])
def test_the_list_and_a_case_show_the_next_action(
    served: Served, house: CaseOffice, page_of: Open, language: str, scheme: str
) -> None:
    """One line a case from 768 px. The next action stays in view. A wide screen shows the list beside a case."""
    who = served.insider(Role.CASEWORKER, language=language, service=with_cases(house))
    with house.world.db.write() as tx:
        hand_one_over(tx, who)
        tomorrow = {"promised_from": tx.now + timedelta(hours=20), "promised_to": tx.now + timedelta(hours=30)}
        tx.execute(sa.update(request).values(place="KG-GB", **tomorrow))
    page = page_of(color_scheme=scheme)
    sign_in(served, page, who)
    check_accessibility(page, f"list-{language}-{scheme}")
    assert page.locator("#list .row .owner").count() > 1
    assert page.locator("#list .row .handing").count() == 1
    for width in (768, 1099, 1100, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("#list .row").count() > MANY
        rows = [each.bounding_box()["height"] for each in page.locator("#list .row:not(.urgent)").all()]
        assert max(rows) < ONE_LINE, (width, rows)
        for part in ("digits", "promise", "next"):
            check_is_whole(page, f"#list .row .{part}")
        assert page.locator("#list .urgent").count() > 0
        assert page.eval_on_selector_all("#list .urgent :is(.what a, .rest)", CUT) == [], width
    page.locator("#list .row a").last.click()
    bar = page.locator(".bar")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
        sync_api.expect(bar).to_be_in_viewport()
    sync_api.expect(page.locator(".beside-case li").first).to_be_visible()
    check_accessibility(page, f"case-{language}-{scheme}")
    page.set_viewport_size({"width": 1000, "height": 740})
    sync_api.expect(page.locator(".beside-case")).to_be_hidden()


@pytest.mark.parametrize("spoken", ["tg", waits("ru"), waits("ky")])
def test_all_requests_are_one_line_each_and_a_phone_cuts_nothing(
    served: Served, house: CaseOffice, page_of: Open, spoken: str
) -> None:
    """What is next is never cut: until when somebody answers or may call. Nor is a promised time from 768 px.

    On a phone a line wraps, and the state of the request is whole.
    """
    worker = house.office.insider(Role.CASEWORKER, "worker", with_cases(house))
    with house.world.db.write() as tx:
        hand_one_over(tx, worker)
        tx.execute(sa.update(request).values(promised_from=tx.now, promised_to=tx.now + timedelta(hours=2)))
    page = page_of()
    sign_in(served, page, served.insider(Role.COORDINATOR, language=spoken))
    check_accessibility(page, f"requests-{spoken}")
    for width, most in ((360, WRAPPED), (390, WRAPPED), (768, ONE_LINE), (1099, ONE_LINE), (1280, ONE_LINE)):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".request").count() > MANY
        rows = [each.bounding_box()["height"] for each in page.locator(".request:not(.urgent)").all()]
        assert max(rows) < most, (width, rows)
        assert page.locator(".request.urgent").count() > 0
        assert page.eval_on_selector_all(".request.urgent :is(.what a, .rest)", CUT) == [], width
        check_is_whole(page, ".request .next")
        check_is_whole(page, ".request .digits")
        if width >= 768:
            check_is_whole(page, ".request .promise:first-child")
        else:
            assert page.eval_on_selector_all(".request .also", CUT) == []


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("spoken", ["tg", waits("ru"), waits("en")])
def test_the_header_leaves_a_phone_to_the_requests(served: Served, page_of: Open, spoken: str, script: bool) -> None:
    """The coordinator has the longest menu. All of it can be reached, and Tab follows the lines."""
    page = page_of(viewport={"width": 390, "height": 740}, java_script_enabled=script)
    sign_in(served, page, served.insider(Role.COORDINATOR, language=spoken))
    assert page.locator("header").bounding_box()["height"] <= HEADER
    parts = [
        ".leave button",
        'a[href="/requests"]',
        'a[href="/lock"]',
        "summary",
        "#help",
        'form[action="/sign-out"] button',
    ]
    for part in parts:
        sync_api.expect(page.locator(f"header {part}")).to_be_in_viewport(ratio=1)
    page.locator("body").press("Tab")
    for part in parts:
        for _ in range(20):
            if page.evaluate("part => document.activeElement.matches(part)", f"header {part}"):
                break
            page.keyboard.press("Tab")
        sync_api.expect(page.locator(f"header {part}")).to_be_focused()
    page.locator("summary").first.click()
    sync_api.expect(page.locator('header a[href="/account"]')).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 768, 1099, 1280])
def test_no_width_cuts_a_promised_time_or_what_is_next(
    served: Served, house: CaseOffice, page_of: Open, width: int
) -> None:
    who = served.insider(Role.CASEWORKER, language="ru", service=with_cases(house))
    with house.world.db.write() as tx:
        tx.execute(sa.update(request).values(promised_from=tx.now, promised_to=tx.now + timedelta(hours=2)))
    page = page_of(viewport={"width": width, "height": 740})
    sign_in(served, page, who)
    seen = 0
    for row in page.locator("#list .row").all():
        edge = row.bounding_box()
        for part in (*row.locator(".promise").all(), row.locator(".next")):
            box, column = part.bounding_box(), part.locator("xpath=ancestor-or-self::p").bounding_box()
            assert box["x"] + box["width"] <= column["x"] + column["width"] + 1 <= edge["x"] + edge["width"] + 2
            seen += 1
    assert seen > MANY


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_list_is_narrowed_with_the_strip_and_the_form(
    served: Served, house: CaseOffice, page_of: Open, script: bool
) -> None:
    page = page_of(java_script_enabled=script)
    sign_in(served, page, served.insider(Role.CASEWORKER, service=with_cases(house)))
    page.locator('.strip a[href="/cases?show=missing"]').click()
    sync_api.expect(page.locator('.strip a[aria-current="true"]')).to_contain_text("Outcome missing")
    assert page.locator("#list .badge.missing").count() > 0
    page.locator(".filters summary").click()
    page.locator("#order").select_option("oldest")
    page.locator(".find button").first.click()
    page.wait_for_url(re.compile("order=oldest"))
    assert page.locator('.strip a[aria-current="true"]').get_attribute("href") == "/cases?show=missing&order=oldest"


def test_keys_go_through_the_list_and_open_a_case(served: Served, house: CaseOffice, page_of: Open) -> None:
    """j and k go down and up, Enter opens, / goes to the search by the five digits."""
    page = page_of()
    sign_in(served, page, served.insider(Role.CASEWORKER, service=with_cases(house)))
    rows = page.locator("#list li a")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        sync_api.expect(rows.nth(at)).to_be_focused()
    second, third = (rows.nth(at).get_attribute("href") for at in (1, 2))
    digits = rows.nth(2).locator(".digits").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}{second}")
    page.go_back()
    page.keyboard.press("/")
    sync_api.expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}{third}")


def test_the_first_page_of_the_list_is_small(house: CaseOffice) -> None:
    """With all its files, compressed, and with many cases."""
    _, browser = house.worker(with_cases(house))
    page = browser.get("/cases").get_data()
    files = [browser.get(file).get_data() for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode())]
    assert sum(len(gzip.compress(each)) for each in (page, *files)) < FIRST_PAGE_BYTES


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_components_is_accessible(served: Served, page_of: Open, scheme: str) -> None:
    page = page_of(color_scheme=scheme)
    sign_in(served, page, served.insider(Role.LEAD))
    page.goto(f"{served.url}/components")
    rows = page.locator(".row:not(.request) .what a")
    sync_api.expect(rows).to_have_count(len(ROWS))
    sync_api.expect(page.locator(".request")).to_have_count(len(REQUESTS))
    assert {part for part, *_ in REQUESTS} == set(Part) - {Part.OVER}, "each part of the list of all requests"
    assert all("Unpaid wages" in each for each in rows.all_inner_texts())
    for piece, count in (
        (".row:not(.request) .promise", 2),
        (".row:not(.request) .promise .long", 1),
        (".fold", 3),
        (".bar", 1),
        ("#card", 1),
        ("#outcome", 1),
        (".fault", 1),
        (".chart", 3),
    ):
        sync_api.expect(page.locator(f"main {piece}")).to_have_count(count)
    check_accessibility(page, f"components-{scheme}")
    for width in (768, 1099, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        check_is_whole(page, ".row:not(.request) .promise")


@pytest.mark.parametrize("spoken", ["tg", waits("ru"), waits("ky"), waits("uz_Cyrl")])
def test_each_next_step_is_one_whole_line(served: Served, page_of: Open, spoken: str) -> None:
    """Also the contact that was agreed on with a caller who was reached, on another day."""
    page = page_of()
    sign_in(served, page, served.insider(Role.LEAD, language=spoken))
    page.goto(f"{served.url}/components")
    for width in (768, 1099, 1100, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        rows = [each.bounding_box()["height"] for each in page.locator(".row:not(.request, .urgent)").all()]
        assert max(rows) < ONE_LINE, (width, rows)
        check_is_whole(page, ".row:not(.request) .next time")


def test_the_page_of_components_shows_a_line_in_each_state() -> None:
    """mypy checks that a line of the list has no other next step."""
    assert {step for _, step, *_ in ROWS} == set(get_args(Step))
    assert {state.value for state, *_ in ROWS} == set(IS_HELD) - {OfferState.CALLED.value}
