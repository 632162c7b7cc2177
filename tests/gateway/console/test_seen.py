"""Every page of the console is checked by axe and at 360 px.

Pages without a browser test of their own are checked here.
"""

from pathlib import Path

import pytest

from gateway.console.hsds_openapi import LISTS
from helpline.referral import harm_register
from helpline.staff import raid_lock
from helpline.staff.roles import Role
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Office
from tests.gateway.console.pages import IN_A_BROWSER, LOCALES, Open, Served, check_accessibility, sign_in
from tests.gateway.console.test_cases import act
from tests.gateway.console.test_marks import LANGUAGE, TEXT

HERE = Path(__file__)
ELSEWHERE = {
    "test_browser.py": (
        "/login", "/second", "/again", "/away", "/welcome", "/account", "/account/app", "/cases", "/duty", "/help", "/figures", "/exports",
    ),
    "test_coordinator.py": ("/requests", "/requests/<id>", "/requests/tonight"),
    "test_directory_browser.py": (
        "/directory", "/directory/<id>", "/directory/<id>/edit/<topic>", "/directory/<id>/edit/safety", "/directory/new",
        "/people",
    ),
    "test_live.py": ("/cases/<id>",), "test_look.py": ("/components",),
}  # fmt: skip
"""Pages that another test checks with axe, and that test."""
PLACES = {
    Role.AUDITOR: ("/audit", "/reviews", "/reviews/texts"), Role.OPERATOR: ("/machine",),
    Role.COORDINATOR: ("/lock", "/harm", "/harm/<id>", "/drills", "/requests/blocks", "/requests/find", "/directory/lost", "/reviews/mark",
                       "/people/<id>/sure/<act>"),
    Role.LEAD: ("/colleagues",),
    Role.CASEWORKER: ("/cases/<id>/hand", "/cases/shift", "/cases/<id>"),
}  # fmt: skip
"""Pages that are checked here, each with a role."""
ASKS = {"/reviews/mark": f"?text={TEXT}&language={LANGUAGE}"}
"""What a page must be asked for."""
NO_PAGES = {
    "/", "/cases/bell", "/cases/beside", "/cases/danger", "/cases/find", "/cases/now", "/figures/report.csv", "/figures/report-<language>.pdf", "/static/<name>", "/metrics",
    "/health/live", "/health/ready", "/idle", "/stay", "/hsds/", "/hsds/openapi.json", *(f"/hsds/{name}" for name in LISTS),
    *(f"/hsds/{name}/<id>" for name in LISTS),
}  # fmt: skip
"""Redirects, files, fragments, what programs read, and a second address of the list of cases."""


def test_every_page_is_checked_by_axe(new_sqlite: Databases) -> None:
    """A new page belongs in `PLACES`, or among the pages of another browser test."""
    there = {rule.rule for rule in Office.on(new_sqlite()).app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked = {place for places in (*ELSEWHERE.values(), *PLACES.values()) for place in places}
    assert there - NO_PAGES - looked == set()
    assert looked | NO_PAGES <= there
    for file, places in ELSEWHERE.items():
        text = HERE.with_name(file).read_text()
        assert [place for place in places if place.partition("<")[0].rstrip("/") not in text] == [], file
        assert "check_accessibility(" in text or "check_with_axe(" in text


@pytest.mark.browser
@IN_A_BROWSER[1]
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("role", PLACES)
def test_a_page_is_accessible(served: Served, house: CaseOffice, page_of: Open, role: Role, language: str) -> None:
    office = served.office
    offer = house.offered()
    who, browser = house.worker(house.service_of(offer))
    act(browser, offer, "claim")
    worker = who.person.id
    with office.console.db.write(office.clock()) as tx:
        entry = harm_register.enter(
            tx,
            "",
            house.service_of(offer),
            "call",
            "somebody",
            b"k" * 32,
            frozenset([house.service_of(offer)]),
        )
        raid_lock.lock(tx, who.person.id, b"k" * 32, way=raid_lock.Way.ACCOUNT)
    if role is Role.CASEWORKER:
        office.console.account.choose(who.person, language, "")
    else:
        who = served.insider(role, language=language)
    page = page_of(locale=LOCALES[language])
    sign_in(served, page, who)
    for place in PLACES[role]:
        id = {"harm": entry, "people": worker}.get(place.split("/")[1], offer)
        page.goto(f"{served.url}{place.replace('<id>', id).replace('<act>', 'reset')}{ASKS.get(place, '')}")
        assert page.locator("main h1").count() == 1
        check_accessibility(
            page, f"{place.strip('/').replace('/', '-').replace('<id>', 'one').replace('<act>', 'reset')}-{language}"
        )
