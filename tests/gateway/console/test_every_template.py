"""A browser opens every template of the console, and axe checks each in light and in dark colours.

Also the pages that only a form shows: recovery codes, an invitation, the number, what a lock refuses, every error. A
template that no walk opens fails a test. By day axe checks each page once, in dark colours; the other tests of a
browser use light ones. At night it checks light and dark colours at three widths.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, template_rendered

from gateway.console import app as console_app
from gateway.console.cases import live
from helpline.accounts.credentials import code_now
from helpline.core.call_windows import NOW
from helpline.staff import raid_lock
from helpline.staff.roles import Role
from helpline.store.schema import offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import PASSWORD
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, check_accessibility, sign_in, type_a_service
from tests.gateway.console.test_marks import LANGUAGE, TEXT
from tests.steps.browser import sync_api
from tests.steps.by_day import FEW
from tests.steps.desk import DESK, only
from tests.world import CALLER, OTHER

HERE = Path(console_app.__file__).with_name("templates")
USED = re.compile(r"{%-? *(?:extends|from|import|include) '([^']+)'")
THIRD = "+996000000077"
COLOURS = ("dark",) if FEW else ("light", "dark")


@dataclass
class Walk:
    """One window, and the templates that were drawn for it and checked."""

    served: Served
    house: CaseOffice
    page: Any
    drawn: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)

    def go(self, place: str, template: str) -> None:
        """Open a page and check it."""
        self.page.goto(f"{self.served.url}{place}")
        self.look(template)

    def press(self, action: str, template: str = "") -> None:
        """Send the form with an address. Check the page that answers, if its template is named."""
        with self.page.expect_navigation():
            self.page.locator(f'form[action="{action}"] button').first.click()
        if template:
            self.look(template)

    def look(self, template: str) -> None:
        """Check the page that is open, which was drawn with a template, in each colour."""
        assert template in self.drawn, (template, self.drawn, self.page.url)
        for colours in COLOURS:
            self.page.emulate_media(color_scheme=colours)
            check_accessibility(self.page, f"{template}-{colours}".replace("/", "-"))
        self.checked.add(template)
        self.drawn.clear()

    def enter(self, role: Role, login: str = "", service: str = "ngo-1") -> None:
        """Sign a person in."""
        self.page.context.clear_cookies()
        sign_in(self.served, self.page, self.served.insider(role, login, service=service))


def nobody(walk: Walk) -> None:
    """Open what a person sees who has not signed in, and accept an invitation."""
    for place, template in (("/login", "login.html"), ("/away", "away.html"), ("/welcome", "welcome.html")):
        walk.go(place, template)
    page, office = walk.page, walk.served.office
    page.goto(f"{walk.served.url}/welcome?code={office.invite(Role.LEAD)}")
    page.locator("main button").click()
    secret = page.locator(".key").inner_text().partition(": ")[2].replace(" ", "")
    page.locator("#password").fill(PASSWORD)
    page.locator("#repeat").fill(PASSWORD)
    page.locator("#digits").fill(code_now(secret, office.clock()))
    page.locator("main button").click()
    sync_api.expect(page.locator(".codes li")).to_have_count(10)
    walk.look("recovery.html")
    page.context.clear_cookies()
    page.goto(f"{walk.served.url}/login")
    page.locator("#login").fill("lead")
    page.locator("#password").fill(PASSWORD)
    walk.press("/login", "second.html")


def caseworker(walk: Walk) -> None:
    """Go through a case from the offer to the hand-over, then through a case that is lost, beside one in danger."""
    page, house = walk.page, walk.house
    id = house.offered()
    walk.enter(Role.CASEWORKER, service=house.service_of(id))
    walk.go("/cases", "cases/list.html")
    walk.go(f"/cases/{id}", "cases/one.html")
    walk.press(f"/cases/{id}/claim")
    page.locator("#read").click()
    walk.press(f"/cases/{id}/number", "cases/number.html")
    page.locator('input[name="outcome"][value="reached"]').click()
    walk.press(f"/cases/{id}/told", "cases/one.html")
    for place, template in (
        (f"/cases/{id}/hand", "cases/hand.html"), ("/cases/shift", "shift.html"), ("/duty", "cases/duty.html"),
        ("/help", "help.html"), ("/account", "account.html"), ("/account/app", "app.html"), ("/again", "again.html"),
    ):  # fmt: skip
        walk.go(place, template)
    page.goto(f"{walk.served.url}/account")
    walk.press("/account/recovery", "recovery.html")
    for place, caller, template in (
        ("/duty", OTHER, "cases/danger.html"), (f"/cases/{id}", THIRD, "cases/beside.html"),
    ):  # fmt: skip
        page.goto(f"{walk.served.url}{place}")
        walk.drawn.clear()
        danger(house, id, caller)
        sync_api.expect(page.locator("#in-danger a")).to_contain_text("1" if caller == OTHER else "2")
        walk.look(template)
    house.world.text(CALLER, "STOP")
    walk.go(f"/cases/{id}", "cases/gone.html")


def danger(house: CaseOffice, id: str, caller: str) -> None:
    """Offer a request in danger to the service that has a case."""
    only(house.world, house.service_of(id))
    house.world.ask(caller)
    house.world.run()
    with house.world.db.write() as tx:
        asked = sa.select(offer.c.request).where(offer.c.state == "open")
        tx.execute(sa.update(request).where(request.c.id.in_(asked)).values(risk=NOW))


def coordinator(walk: Walk) -> None:
    """Open the pages of a coordinator, and those that their forms show. At last they lock the numbers."""
    page, house = walk.page, walk.house
    offered = house.offered()
    id = next(row.request for row in house.world.rows(offer) if row.id == offered)
    colleague = walk.served.insider(Role.CASEWORKER, service=DESK).person.id
    walk.enter(Role.COORDINATOR)
    for place, template in (
        ("/requests", "requests/list.html"), (f"/requests/{id}", "requests/one.html"),
        ("/requests/tonight", "requests/tonight.html"), ("/requests/find", "requests/find.html"),
        ("/requests/blocks", "blocks.html"), ("/directory", "directory/list.html"),
        (f"/directory/{DESK}", "directory/one.html"), (f"/directory/{DESK}/edit/hours", "edit.html"),
        ("/directory/lost", "lost.html"), ("/people", "people/list.html"),
        (f"/people/{colleague}/sure/reset", "people/sure.html"), ("/drills", "drills.html"),
        ("/exports", "exports.html"), ("/figures", "figures.html"), ("/reviews", "reviews.html"),
        (f"/reviews/mark?text={TEXT}&language={LANGUAGE}", "reviews/mark.html"), ("/components", "components.html"),
        ("/directory/new", "add/form.html"),
    ):  # fmt: skip
        walk.go(place, template)
    type_a_service(page)
    page.locator("button[value=check]").click()
    page.wait_for_selector("button[value=save]")
    walk.look("add/check.html")
    page.goto(f"{walk.served.url}/people")
    page.locator("#name").fill("Somebody")
    page.locator("#login").fill("somebody")
    page.locator("#role").select_option("auditor")
    walk.press("/people/invite", "people/link.html")
    walk.go("/harm", "harm/list.html")
    page.locator("#what").select_option(index=1)
    page.locator("#service").select_option(index=1)
    walk.press("/harm/add", "harm/one.html")
    walk.go("/lock", "lock/state.html")
    with house.world.db.write() as tx:
        raid_lock.lock(tx, colleague, b"k" * 32, way=raid_lock.Way.ACCOUNT)
    walk.go("/figures/report.csv", "lock/shut.html")
    walk.go("/lock", "lock/state.html")


def others(walk: Walk) -> None:
    """Open the pages of the other roles."""
    for role, place, template in (
        (Role.LEAD, "/colleagues", "people/own.html"), (Role.AUDITOR, "/audit", "audit.html"),
        (Role.AUDITOR, "/reviews/texts", "reviews/texts.html"), (Role.OPERATOR, "/machine", "machine.html"),
    ):  # fmt: skip
        walk.enter(role, f"{role}{place.replace('/', '-')}", DESK)
        walk.go(place, template)


WALKS: dict[Callable[[Walk], None], str] = {
    nobody: "login away welcome recovery second",
    caseworker: "cases/list cases/one cases/number cases/hand shift cases/duty help account app again recovery "
    "cases/beside cases/danger cases/gone",
    coordinator: "requests/list requests/one requests/tonight requests/find blocks directory/list directory/one edit "
    "lost people/list people/sure drills exports figures reviews reviews/mark components add/form add/check people/link "
    "harm/list harm/one lock/state lock/shut",
    others: "people/own audit reviews/texts machine",
}
"""The templates that each walk checks, without `.html`."""
ERRORS = "errors"
"""The template of the pages that `test_every_error.py` checks."""


def test_every_template_is_checked_by_axe() -> None:
    """A new template belongs in `WALKS`, unless another template uses it."""
    sources = {path.relative_to(HERE).as_posix(): path.read_text() for path in HERE.rglob("*.html")}
    pieces = {name for text in sources.values() for name in USED.findall(text)}
    assert pieces <= set(sources)
    checked = {f"{name}.html" for names in (*WALKS.values(), ERRORS) for name in names.split()}
    assert checked == set(sources) - pieces


@pytest.fixture
def drawn(served: Served) -> Iterator[set[str]]:
    """The templates that were drawn since the set was last emptied."""
    names = set[str]()

    def hear(_: Flask, template: Any, **__: object) -> None:
        names.add(template.name)

    with template_rendered.connected_to(hear, served.office.app):
        yield names


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make browsers ask every second what is new."""
    monkeypatch.setattr(live, "EVERY_SECONDS", 1)


@pytest.mark.browser
@IN_A_BROWSER[1]
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_a_template_is_accessible(
    served: Served, house: CaseOffice, page_of: Open, drawn: set[str], walk: Callable[[Walk], None]
) -> None:
    done = Walk(served, house, page_of(), drawn)
    walk(done)
    assert done.checked == {f"{name}.html" for name in WALKS[walk].split()}
