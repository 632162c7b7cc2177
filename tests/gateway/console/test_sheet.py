"""The sheet of a shift on paper, as Chromium prints it: one sheet for an ordinary shift, and a second one that is whole."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.staff.roles import Role
from helpline.store.schema import offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, sign_in
from tests.steps.desk import DESK, only

pytestmark = IN_A_BROWSER
SHEET = {"width": 718, "height": 1000}
"""About what is printable of A4, in CSS pixels."""


def held(house: CaseOffice, count: int) -> None:
    """A service claims requests whose promised call does not come, so that each takes two lines. One is in danger."""
    only(house.world, DESK)
    for at in range(count):
        house.world.ask(f"+9960001{at:05}")
        house.world.run()
        to, code = house.world.offered()
        house.world.text(to, f"YES {code}")
    with house.world.db.write() as tx:
        first = sa.select(offer.c.request).where(offer.c.state == "claimed").limit(1).scalar_subquery()
        tx.execute(sa.update(request).where(request.c.id == first).values(risk="now"))
    house.world.clock.at += timedelta(hours=12)


def printed(page: Any) -> int:
    """Return how many sheets of A4 a page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


@pytest.mark.parametrize(("count", "sheets"), [(3, 1), (12, 1), (30, 2)])
@pytest.mark.parametrize("language", ["en", "ru", "tg"])
def test_an_ordinary_shift_is_on_one_sheet(
    served: Served, house: CaseOffice, page_of: Open, count: int, sheets: int, language: str
) -> None:
    """Nothing is cut, also by printers that cut what is near the edge. Each sheet has its time and its columns."""
    held(house, count)
    page = page_of()
    sign_in(served, page, served.insider(Role.LEAD, language=language, service=DESK))
    page.goto(f"{served.url}/cases/shift")
    assert page.locator("table.sheet tbody tr").count() == count
    assert printed(page) == sheets
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    time = page.locator("main strong", has_text="24.11.2026 22:")
    assert [each.is_visible() for each in time.all()] == [False, True]
    assert page.locator("table.sheet thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"
    first = page.locator("table.sheet tbody tr").first.locator(".badge")
    assert first.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"  # browsers print no background
    rules = "[...document.styleSheets[0].cssRules].filter(e => e instanceof CSSPageRule).map(e => e.style.marginLeft)"
    assert page.evaluate(rules) == ["12mm"]
