"""The safety card fits one screen of a small phone: nobody scrolls while they talk."""

import pytest
import sqlalchemy as sa

from helpline.staff.roles import Role
from helpline.store.schema import request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, shots, sign_in

pytestmark = IN_A_BROWSER
PHONE = {"width": 360, "height": 640}


@pytest.mark.parametrize("language", ["en", "ru", "ky", "tg", "uz_Cyrl"])
def test_the_safety_card_fits_one_screen_of_a_phone(
    served: Served, page_of: Open, house: CaseOffice, language: str
) -> None:
    """With no permission at all, a cover, chosen days and who should call: more than nearly every caller says."""
    id = house.offered()
    wishes = {"cover": "delivery", "days": "135", "operator_sex": "woman", "other": "1"}
    with house.world.db.write() as tx:
        tx.execute(sa.update(request).values(**wishes))
    page = page_of(viewport=PHONE)
    sign_in(served, page, served.insider(Role.CASEWORKER, language=language, service=house.service_of(id)))
    page.goto(f"{served.url}/cases/{id}")
    page.locator(f'form[action="/cases/{id}/claim"] button').click()
    card = page.locator(".safety")
    card.scroll_into_view_if_needed()
    if folder := shots():
        page.screenshot(path=folder / f"card-{language}-360.png", full_page=True)
    assert card.evaluate("card => card.getBoundingClientRect().height") <= PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
