"""The help page: each page in three sentences, for those who may open it, and the key that opens it."""

import re
from datetime import timedelta
from html import unescape

import pytest

from gateway.console.help import BELOW, PARTS, part_of
from gateway.console.menu import menu_of
from helpline.content import console_texts
from helpline.content.sources import ROOT
from helpline.staff.roles import Permission, Role
from tests.conftest import Databases
from tests.gateway.console.office import Office


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


NO_PART = {
    "/": "it redirects to the first page", "/stay": "it redirects to the page that was open", "/help": "it is the help",
    "/again": "it says itself why it asks for a second step", "/components": "it exists in the demo only",
    "/figures/report.csv": "a file", "/figures/report-<language>.pdf": "a file",
}  # fmt: skip
"""Addresses that need no part of the help, and why."""
PART_ABOVE = {
    "/account/app": "account", "/cases/find": "cases", "/requests/find": "requests", "/harm/<id>": "harm",
    "/people/<id>/sure/<act>": "people", "/reviews/texts": "reviews", "/reviews/mark": "reviews",
    "/directory/<id>/edit/<topic>": "edit", "/directory/<id>/edit/safety": "edit",
}  # fmt: skip
"""Pages that are a step of the page above them, whose part says what to do on them."""


def test_each_page_is_explained_in_three_sentences(office: Office) -> None:
    """Each page for people who have signed in. A new page adds a part, or a line above."""
    texts = console_texts.read(ROOT)
    for rule in office.app.url_map.iter_rules():
        asks = office.endpoints.rules[rule.endpoint]
        if "GET" not in (rule.methods or ()) or not isinstance(asks.asks, Permission) or asks.quiet:
            continue
        if rule.rule not in NO_PART:
            assert rule.rule in PARTS or rule.rule in PART_ABOVE, rule.rule
            assert part_of(rule.rule) == PART_ABOVE.get(rule.rule, PARTS.get(rule.rule))
    for part in PARTS.values():
        assert len(re.findall(r"[.!?](?= |$)", texts.say("en", f"help.on_{part}"))) == 3, part


def test_each_part_of_the_help_is_for_those_who_may_open_the_page(office: Office) -> None:
    asked = {rule.rule: office.endpoints.rules[rule.endpoint].asks for rule in office.app.url_map.iter_rules()}
    asked["/directory/<id>/edit"] = asked["/directory/<id>/edit/<topic>"]
    assert [(route, permission) for permission, route, *_ in BELOW] == [(route, asked[route]) for _, route, *_ in BELOW]


def test_no_help_is_left_of_a_page_or_role_that_is_gone() -> None:
    known = {path.removeprefix("console.help.") for path in console_texts.read(ROOT).english}
    pages, roles = set(PARTS.values()), {role.value for role in Role}
    assert {name[3:] for name in known if name.startswith("on_")} == pages
    assert {name[6:] for name in known if name.startswith("first_")} == roles


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_of_its_own_pages_only(office: Office, role: Role) -> None:
    who = office.insider(role)
    page = office.signed_in(who).get("/help").get_data(as_text=True)
    shown = re.findall(r'<h3 id="(\w+)"', page)
    assert shown == [place[1:] for place, _ in menu_of(who.person)]
    below = [part for permission, _, part, _ in BELOW if who.person.may(permission)]
    assert re.findall(r'<h4 id="(\w+)"', page) == below
    assert office.console.texts.say("en", f"help.first_{role.value}") in unescape(page)


def test_every_page_links_to_its_part_of_the_help(office: Office) -> None:
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    for place in ("/requests", "/people", "/account"):
        assert f'id="help" href="/help#{place[1:]}"' in browser.get(place).get_data(as_text=True)
    for place, part in (("/requests/tonight", "tonight"), ("/requests/find", "requests"), ("/directory/lost", "lost")):
        assert f'id="help" href="/help#{part}"' in browser.get(place).get_data(as_text=True)
    assert 'id="help" href="/help#"' in browser.get("/nowhere").get_data(as_text=True)


@pytest.mark.parametrize("role", Role)
def test_a_first_visit_says_on_the_first_page_what_the_role_does_first(office: Office, role: Role) -> None:
    """In each session that began on the first day, and on no other page. A day later the work has the whole page."""
    who = office.insider(role)
    browser = office.signed_in(who)
    said, first = office.console.texts.say("en", f"help.first_{role.value}"), menu_of(who.person)[0][0]
    page = unescape(browser.get(first).get_data(as_text=True))
    assert '<details id="first-steps"' in page
    assert said in page
    assert 'id="first-steps"' not in browser.get("/account").get_data(as_text=True)
    office.wait(seconds=timedelta(days=1).total_seconds())
    assert 'id="first-steps"' not in office.signed_in(who).get(first).get_data(as_text=True)
