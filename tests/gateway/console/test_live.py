"""What the small scripts add, in a real browser: lists that update, a sound, and sign-out of every tab at once."""

import re
import time
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.console.cases import live
from helpline.core.call_windows import NOW
from helpline.staff.roles import Role
from helpline.store.schema import offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Insider
from tests.gateway.console.pages import (
    IN_A_BROWSER,
    SIGN_OUT,
    Open,
    Served,
    check_accessibility,
    esc_twice,
    sign_in,
)
from tests.others import PATIENCE_SECONDS, until
from tests.steps.browser import sync_api
from tests.steps.desk import only
from tests.world import CALLER, OTHER

pytestmark = IN_A_BROWSER


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make browsers ask every second."""
    monkeypatch.setattr(live, "EVERY_SECONDS", 1)


def worker(house: CaseOffice, id: str) -> Insider:
    return house.office.insider(Role.CASEWORKER, "worker", house.service_of(id))


def test_the_list_updates_by_itself(served: Served, page_of: Open, house: CaseOffice) -> None:
    who = worker(house, house.offered())
    page = page_of()
    sign_in(served, page, who)
    page.goto(f"{served.url}/cases")
    sync_api.expect(page.locator("#list .row")).to_have_count(1)
    sync_api.expect(page).to_have_title(re.compile(r"^\(1\) "))
    house.world.text(CALLER, "STOP")
    sync_api.expect(page.locator("#list .row")).to_have_count(0)
    sync_api.expect(page.locator("#changed")).to_be_visible()
    sync_api.expect(page).to_have_title(re.compile(r"^Requests"))


def test_a_case_says_that_it_changed_and_keeps_typed_text(served: Served, page_of: Open, house: CaseOffice) -> None:
    id = house.offered()
    who = worker(house, id)
    page = page_of()
    sign_in(served, page, who)
    page.goto(f"{served.url}/cases/{id}")
    page.get_by_role("button", name="We take it").click()
    page.locator("#note").fill("half a sent")
    assert not page.locator("#changed").is_visible()
    house.world.text(CALLER, "STOP")
    sync_api.expect(page.locator("#changed")).to_contain_text("Do not call")
    assert page.evaluate("scrollY") > 0, "the note is far below the top"
    sync_api.expect(page.locator("#changed")).to_be_in_viewport(ratio=1)
    assert page.locator("#note").input_value() == "half a sent"


def test_the_list_beside_an_open_case_shows_a_danger_that_arrives(
    served: Served, page_of: Open, house: CaseOffice
) -> None:
    """The case itself did not change, so the page does not say so, and nothing typed is lost."""
    id = house.offered()
    who = worker(house, id)
    page = page_of()
    sign_in(served, page, who)
    page.goto(f"{served.url}/cases/{id}")
    page.get_by_role("button", name="We take it").click()
    page.locator("#note").fill("half a sent")
    sync_api.expect(page.locator("#beside li")).to_have_count(1)
    sync_api.expect(page.locator("#in-danger")).to_be_empty()
    only(house.world, house.service_of(id))
    house.world.ask(OTHER)
    house.world.run()
    with house.world.db.write() as tx:
        newest = sa.select(offer.c.request).where(offer.c.id == house.newest()).scalar_subquery()
        tx.execute(sa.update(request).where(request.c.id == newest).values(risk=NOW))
    sync_api.expect(page.locator("#in-danger")).to_contain_text("Other requests in danger: 1")
    sync_api.expect(page.locator("#beside li")).to_have_count(2)
    sync_api.expect(page.locator("#beside li").first).to_contain_text("DANGER")
    sync_api.expect(page.locator("#beside [aria-current]")).to_have_attribute("href", f"/cases/{id}")
    assert page.locator("#note").input_value() == "half a sent"
    assert not page.locator("#changed").is_visible()
    check_accessibility(page, "case-beside")


TONES = """() => { window.tones = 0; window.AudioContext = class extends AudioContext {
    createOscillator() { window.tones += 1; return super.createOscillator(); } } }"""


@pytest.mark.parametrize("place", ["/cases", "/duty", "a case"])
def test_danger_has_a_word_in_the_title_and_a_sound_of_its_own(
    served: Served, page_of: Open, house: CaseOffice, place: str
) -> None:
    """Also if the request was due before: the caller has said just now that they are in danger."""
    id = house.offered()
    page = page_of()
    sign_in(served, page, worker(house, id))
    page.evaluate("localStorage.setItem('sound', 'on')")
    page.goto(f"{served.url}{f'/cases/{id}' if place == 'a case' else place}")
    page.evaluate(TONES)
    sync_api.expect(page).to_have_title(re.compile(r"^\(1\) (?!DANGER)"))
    with house.world.db.write() as tx:
        tx.execute(sa.update(request).values(risk=NOW))
    sync_api.expect(page).to_have_title(re.compile(r"^\(1\) DANGER! "))
    page.wait_for_function("window.tones === 4")


PLAYED = """() => { window.played = 0; window.AudioContext = class extends AudioContext {
    constructor() { super(); window.played += 1; } } }"""


@pytest.mark.parametrize("place", ["/duty", "/account", "/cases/shift"])
def test_danger_is_seen_and_heard_on_the_pages_without_a_list(
    served: Served, page_of: Open, house: CaseOffice, place: str
) -> None:
    """A person alone at night reads *Duty* or prints the sheet when it arrives. What they typed stays."""
    id = house.offered()
    page = page_of()
    sign_in(served, page, worker(house, id))
    page.evaluate("localStorage.setItem('sound', 'on')")
    page.goto(f"{served.url}{place}")
    page.evaluate(PLAYED)
    sync_api.expect(page).to_have_title(re.compile(r"^\(1\) "))
    sync_api.expect(page.locator("#in-danger")).to_be_empty()
    only(house.world, house.service_of(id))
    house.world.ask(OTHER)
    house.world.run()
    with house.world.db.write() as tx:
        newest = sa.select(offer.c.request).where(offer.c.id == house.newest()).scalar_subquery()
        tx.execute(sa.update(request).where(request.c.id == newest).values(risk=NOW))
    sync_api.expect(page.locator("#in-danger")).to_contain_text("Requests in danger: 1")
    sync_api.expect(page.locator("#in-danger a")).to_have_attribute("href", "/cases?show=danger")
    page.wait_for_function("window.played === 1")
    check_accessibility(page, "danger-elsewhere")
    page.reload()
    sync_api.expect(page.locator("#in-danger")).to_contain_text("Requests in danger: 1")
    if place == "/duty":  # "full" would pass it on
        sync_api.expect(page.locator("main section").first).to_contain_text("DANGER")
    page.emulate_media(media="print")
    sync_api.expect(page.locator("#in-danger")).to_be_hidden()


def test_a_page_without_a_list_opens_sign_in_when_the_session_ends_unless_something_is_typed(
    served: Served, page_of: Open, house: CaseOffice
) -> None:
    """A page that looks alive but hears nothing would be relied on. What is typed is saved after the next sign-in."""
    page = page_of()
    sign_in(served, page, worker(house, house.offered()))
    other: Any = page.context.new_page()
    page.goto(f"{served.url}/account")
    page.locator("#old").type("half a passw")
    other.goto(f"{served.url}/duty")
    other.bring_to_front()
    house.office.wait(minutes=16)
    other.wait_for_url(re.compile(r"/login\?next=/cases$"))
    page.bring_to_front()
    page.wait_for_timeout(1500)
    assert page.url == f"{served.url}/account"
    sync_api.expect(page.locator("#old")).to_have_value("half a passw")


def test_an_open_list_disappears_when_the_session_ends(served: Served, page_of: Open, house: CaseOffice) -> None:
    who = worker(house, house.offered())
    page = page_of()
    sign_in(served, page, who)
    page.goto(f"{served.url}/cases")
    house.office.wait(minutes=16)
    page.wait_for_url(re.compile(r"/login\?next=/cases$"))


def test_a_person_is_warned_before_they_are_signed_out_and_can_stay(
    served: Served, page_of: Open, house: CaseOffice
) -> None:
    """Who turned the sound on hears the warning: after the sign-out they would hear of no danger."""
    who = worker(house, house.offered())
    page = page_of()
    sign_in(served, page, who)
    page.evaluate("localStorage.setItem('sound', 'on')")
    page.clock.install()
    page.goto(f"{served.url}/account")
    page.evaluate(PLAYED)
    page.clock.fast_forward(11 * 60 * 1000)
    sync_api.expect(page.locator("#idle")).to_be_hidden()
    assert page.evaluate("window.played") == 0
    house.office.wait(minutes=14)
    page.clock.fast_forward(2 * 60 * 1000)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate("scrollY") > 0
    sync_api.expect(page.locator("#idle")).to_be_in_viewport(ratio=1)
    assert page.evaluate("window.played") == 1
    page.locator("#idle button").click()
    sync_api.expect(page.locator("#idle")).to_be_hidden()
    house.office.wait(minutes=10)
    page.goto(f"{served.url}/account")
    assert page.url == f"{served.url}/account"


def test_the_sound_is_off_until_a_person_turns_it_on_in_their_browser(
    served: Served, page_of: Open, house: CaseOffice
) -> None:
    who = worker(house, house.offered())
    page = page_of()
    sign_in(served, page, who)
    page.goto(f"{served.url}/cases")
    page.evaluate(PLAYED)
    sync_api.expect(page).to_have_title(re.compile(r"^\(1\) "))
    sync_api.expect(page.locator("#sound")).to_have_text("Sound: off")
    house.world.ask(OTHER)
    house.world.run()
    sync_api.expect(page.locator("#list .row")).to_have_count(2)
    assert page.evaluate("window.played") == 0
    page.locator("#sound").click()
    sync_api.expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.played") == 1
    page.goto(f"{served.url}/cases")
    sync_api.expect(page.locator("#sound")).to_have_text("Sound: on")


HIDDEN = "Object.defineProperty(document, 'hidden', {get: () => true})"


def test_of_many_tabs_that_nobody_sees_only_one_asks(served: Served, page_of: Open, house: CaseOffice) -> None:
    """Requests are counted while the asking tab asks five times."""
    who = worker(house, house.offered())
    page = page_of()
    sign_in(served, page, who)
    asked = list[int]()
    page.context.add_init_script(HIDDEN)
    tabs = [page.context.new_page() for _ in range(5)]
    for at, tab in enumerate(tabs):
        tab.on("request", lambda said, at=at: asked.append(at) if "/cases/bell" in said.url else None)
        tab.goto(f"{served.url}/cases")
    page.close()  # the tab that signed in asks no more, so another one must
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(asked) < 5 and time.monotonic() < deadline:
        tabs[0].wait_for_timeout(200)
    assert len(asked) >= 5
    assert len(set(asked)) == 1


@pytest.mark.parametrize("way", ["leaving", "signing out"])
def test_signing_out_empties_every_tab_at_once(served: Served, page_of: Open, house: CaseOffice, way: str) -> None:
    id = house.offered()
    who = worker(house, id)
    page = page_of()
    sign_in(served, page, who)
    page.evaluate("localStorage.setItem('sound', 'on')")
    other: Any = page.context.new_page()
    other.goto(f"{served.url}/cases/{id}")
    if way == "leaving":
        esc_twice(page)
    else:
        page.locator(SIGN_OUT).click()
    for tab, place in ((page, "away" if way == "leaving" else "login"), (other, "away")):
        tab.wait_for_url(f"{served.url}/{place}")
        tab.go_back()
        tab.wait_for_load_state()
        assert who.person.name not in tab.content()
        assert "Safety" not in tab.content()
    if way == "leaving":
        assert page.evaluate("localStorage.length") == 0


def test_a_page_that_is_left_at_once_goes_nowhere_else(served: Served, page_of: Open, house: CaseOffice) -> None:
    """The bell hears that the session is over before the answer of *leave at once* arrives. It opens no sign-in page."""
    who = worker(house, house.offered())
    page = page_of()
    sign_in(served, page, who)
    bells, exits = list[Any](), list[Any]()
    page.route("**/cases/bell*", lambda route: bells.append(route))
    page.goto(f"{served.url}/cases")
    page.route("**/leave", lambda route: exits.append(route))
    until(lambda: page.wait_for_timeout(50) or bells, "the bell")
    esc_twice(page)
    until(lambda: page.wait_for_timeout(50) or exits, "the exit")
    bells[0].fulfill(status=204)
    until(lambda: page.wait_for_timeout(50) or len(bells) > 1, "another look")
    opened = list[str]()
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    bells[1].fulfill(status=204)
    page.wait_for_timeout(500)
    assert opened == []
    exits[0].continue_()
    page.wait_for_url(f"{served.url}/away")


def test_a_page_in_the_back_cache_is_hidden(served: Served, page_of: Open, house: CaseOffice) -> None:
    """A page of the console is hidden before a browser stores it for its *back* key."""
    who = worker(house, house.offered(OTHER))
    page = page_of()
    sign_in(served, page, who)
    page.goto(f"{served.url}/cases")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert page.evaluate("document.documentElement.hidden")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_case_is_accessible(served: Served, page_of: Open, house: CaseOffice, language: str) -> None:
    """With notes, with a refused one, and after another service has taken the case."""
    id = house.offered()
    who, page = worker(house, id), page_of()
    served.office.console.account.choose(who.person, language, "")
    sign_in(served, page, who)
    page.goto(f"{served.url}/cases/{id}")
    page.locator(f'form[action="/cases/{id}/claim"] button').click()
    page.locator("#note").fill("Friday.\nAsk for the tailor.")
    page.locator(f'form[action="/cases/{id}/note"] button').click()
    page.wait_for_url(f"{served.url}/cases/{id}?said=note_kept")
    page.locator("#note").fill("Ring 0 555 123 456")
    page.locator(f'form[action="/cases/{id}/note"] button').click()
    sync_api.expect(page.locator("#note-fault")).to_be_visible()
    check_accessibility(page, "case")
    house.world.text(CALLER, "STOP")
    page.locator("#note").fill("Too late.")
    page.locator(f'form[action="/cases/{id}/note"] button').click()
    sync_api.expect(page.locator("#typed")).to_have_value("Too late.")
    check_accessibility(page, "case-gone")
