"""The help page: each page in three sentences, for those who may open it, and the key that opens it."""

import re
from datetime import timedelta
from html import unescape

import pytest

from gateway.console.menu import MENU, menu_of
from helpline.content import console_texts
from helpline.content.sources import ROOT
from helpline.staff.roles import Role
from tests.conftest import Databases
from tests.gateway.console.office import Office


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


@pytest.mark.parametrize("place", [place for _, place, _ in MENU])
def test_each_page_is_explained_in_three_sentences(place: str) -> None:
    said = console_texts.read(ROOT).say("en", f"help.on_{place[1:]}")
    assert len(re.findall(r"[.!?](?= |$)", said)) == 3


def test_no_help_is_left_of_a_page_or_role_that_is_gone() -> None:
    known = {path.removeprefix("console.help.") for path in console_texts.read(ROOT).english}
    pages, roles = {place[1:] for _, place, _ in MENU}, {role.value for role in Role}
    assert {name[3:] for name in known if name.startswith("on_")} == pages
    assert {name[6:] for name in known if name.startswith("first_")} == roles


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_of_its_own_pages_only(office: Office, role: Role) -> None:
    who = office.insider(role)
    page = office.signed_in(who).get("/help").get_data(as_text=True)
    shown = re.findall(r'<h3 id="(\w+)"', page)
    assert shown == [place[1:] for place, _ in menu_of(who.person)]
    assert office.console.texts.say("en", f"help.first_{role.value}") in unescape(page)


def test_every_page_links_to_its_part_of_the_help(office: Office) -> None:
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    for place in ("/requests", "/people", "/account"):
        assert f'id="help" href="/help#{place[1:]}"' in browser.get(place).get_data(as_text=True)


@pytest.mark.parametrize("role", Role)
def test_a_first_visit_says_on_the_first_page_what_the_role_does_first(office: Office, role: Role) -> None:
    """In each session that began on the first day, and on no other page. A day later the work has the whole page."""
    who = office.insider(role)
    browser = office.signed_in(who)
    said, first = office.console.texts.say("en", f"help.first_{role.value}"), menu_of(who.person)[0][0]
    page = unescape(browser.get(first).get_data(as_text=True))
    assert 'id="first-steps"' in page
    assert said in page
    assert 'id="first-steps"' not in browser.get("/account").get_data(as_text=True)
    office.wait(seconds=timedelta(days=1).total_seconds())
    assert 'id="first-steps"' not in office.signed_in(who).get(first).get_data(as_text=True)
