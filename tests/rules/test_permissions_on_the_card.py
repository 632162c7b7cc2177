"""The four permissions are on the card before the number: by SMS in every language, and at the console (R4, R12)."""

import re
from zoneinfo import ZoneInfo

import pytest

from helpline.content.sources import countries
from helpline.core.config import Config
from helpline.messaging.wording import Wording
from helpline.store.engine import Database
from menus.draft import NOT_SAID, PERMISSIONS, YES, Draft
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.test_cases import act, shown
from tests.steps.caller import AGREED, claim, save_draft
from tests.steps.requests import waiting_request
from tests.world import CALLER, World, contents

SPOKEN = [
    (country, language) for country in countries() for language in contents(Config(country=country)).country.languages
]
ASKED = {
    "others_may_answer": ("Somebody else answers? You may talk", "Somebody else answers? “Wrong number”"),
    "may_leave_message": ("You may leave a message", "No message"),
    "may_sms": ("You may send an SMS", "No SMS"),
    "may_name_us": ("You may say who you are", "Never say who you are"),
}
"""Each permission, and what the console says if the caller gave it or not."""


def allowing(permission: str) -> Draft:
    """Return the answers of a caller who has allowed one thing, or nothing."""
    return AGREED.keep(((permission, YES),) if permission else ())


@pytest.mark.parametrize("allowed", [*ASKED, ""])
def test_r04_the_card_by_sms_says_each_permission_before_the_number(db: Database, allowed: str) -> None:
    """Only what the caller has allowed is *yes*. An SMS is as visible as a message."""
    world = World.on(db)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    save_draft(world, allowing(allowed))
    to, _ = claim(world)
    others, message, sms, name = ("yes" if each == allowed else "no" for each in ASKED)
    card = world.inbox(to)[-1]
    assert f"Talk to others: {others}. Leave a message: {message}. SMS: {sms}. Say who we are: {name}." in card
    assert not any(CALLER in text for text in world.inbox(to))


@pytest.mark.parametrize("notice", ["to_ngo.card", "to_ngo.permissions"])
@pytest.mark.parametrize(("country", "language"), SPOKEN)
def test_r04_the_card_says_each_permission_in_every_language(country: str, language: str, notice: str) -> None:
    """Each permission changes one answer of the text, each another one."""
    book = contents(Config(country=country)).book
    wording = Wording(book, ZoneInfo("Asia/Bishkek"))
    said = set[str]()
    yes, no = (f" {book.notice(language, f'answers.{answer}')}[,.]" for answer in ("yes", "no"))
    for allowed in PERMISSIONS:
        request = waiting_request(language=language, **dict.fromkeys(PERMISSIONS, NOT_SAID) | {allowed: YES})
        text = book.notice(language, notice, **wording.card(request, language, None))
        assert len(re.findall(yes, text)) == 1
        assert len(re.findall(no, text)) == len(PERMISSIONS) - 1
        said.add(text)
    assert len(said) == len(PERMISSIONS)


@pytest.mark.parametrize("allowed", [*ASKED, ""])
def test_r04_the_case_page_says_each_permission_before_the_number(new_sqlite: Databases, allowed: str) -> None:
    """Also on the page with the number itself."""
    office = CaseOffice.on(new_sqlite())
    save_draft(office.world, allowing(allowed))
    office.world.run()
    id = office.newest()
    who, browser = office.worker(office.service_of(id))
    assert act(browser, id, "claim") == "card"
    office.prove(who, browser, f"/cases/{id}")
    for page in (browser.get(f"/cases/{id}").get_data(as_text=True), shown(browser, id)):
        for name, (given, refused) in ASKED.items():
            assert (given in page, refused in page) == (name == allowed, name != allowed)
