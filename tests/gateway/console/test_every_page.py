"""A walk through every page of every role: nothing is wider than a small phone, and nothing is left in English.

The walk follows the links from a role's first page. Of pages that differ only in what they are about, it opens one. The
language of the walk is written in Cyrillic letters, so a Latin word shows what was not translated, were it a single
one. At night it walks in English, too, in light and in dark colours, and axe checks each page at three widths.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from helpline.core.languages import LANGUAGES, SOURCE
from helpline.staff.roles import Role
from tests.bench.crowd import fill
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import texts
from tests.gateway.console.pages import IN_A_BROWSER, Open, Served, check_accessibility, shots, sign_in
from tests.steps.browser import sync_api
from tests.steps.by_day import waits

pytestmark = IN_A_BROWSER
LANGUAGE = "tg"
WIDTHS = (360, 768, 1280)
ELSEWHERE = re.compile(r"^/(exports/|static/|health|metrics|hsds|figures/report|login|away|stay|cases/made-up)")
"""Links to files, and out of the console."""
LEAST = {Role.CASEWORKER: 7, Role.LEAD: 8, Role.COORDINATOR: 25, Role.AUDITOR: 5, Role.OPERATOR: 4}
"""How many pages the walk must find, so that it cannot pass by finding none."""
TOO_WIDE = """() => [...document.querySelectorAll('a, button, input, select, textarea, h1, h2, h3, p, li, dt, dd, label, svg')]
  .filter(each => each.checkVisibility({opacityProperty: true, visibilityProperty: true}))
  .filter(each => { for (let at = each; at && at !== document.body; at = at.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX) && at !== each) return false;
    return true; })
  .filter(each => each.getBoundingClientRect().width > 2 && each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.outerHTML.slice(0, 80))"""
CUT = """meant => [...document.querySelectorAll('main *')]
  .filter(each => getComputedStyle(each).textOverflow === 'ellipsis' && each.scrollWidth > each.clientWidth)
  .filter(each => !meant || !each.matches(meant))
  .map(each => each.innerText.slice(0, 80))"""
LONGEST = {"/components": ".row :is(.what a, .rest, .handing)", "/requests": ".request :is(.what a, .rest)"}
"""What a row may cut: its own page says it again. In the list of all requests, what is promised and next is never cut.

On the page of components, the longest next step of all states sets the width of each row.
"""
LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(
    r"^\(?(?:caseworker|lead|coordinator|auditor|operator)\)?$|\bDemo [a-z]+|\b[A-Z][a-z]+/[A-Z][a-z]+|\bUTC\b|"
    r"\b(?:Firefox|Safari), Linux\b|^digest$|Komek \(DEMO\)$|^[0-9a-f]{6}$|\b(?:[A-Z2-7]{4} ?){8}$|</?p[^>]*>|"
    + "|".join(re.escape(language.name) for language in LANGUAGES.values())
)
"""People and their logins, zones, browsers, what the tests made up, short codes, keys of apps, tags, and languages."""
SAID = """() => { const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest('script, style, bdi, code, .typed')) found.push(node.data);
  for (const each of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    found.push(...['aria-label', 'title', 'placeholder', 'alt'].map(name => each.getAttribute(name) || ''));
  return [document.title, ...found].map(each => each.replace(/\\s+/g, ' ').trim()).filter(each => each); }"""


def shape(place: str) -> str:
    """Return an address without what the page is about."""
    path = urlsplit(place).path
    path = re.sub(r"/[0-9a-f]{32}(?=/|$)", "/*", path)
    return re.sub(r"^/directory/(?!new$|lost$|waiting)[^/]+", "/directory/*", path)


@lru_cache(1)
def of_the_language() -> frozenset[str]:
    """Return the Latin words within Cyrillic translations of the console: a translator left them on purpose."""
    said = [text for text in texts(LANGUAGE).catalogs[LANGUAGE].values() if re.search("[а-я]", text)]
    return frozenset(word for text in said for word in LATIN.findall(re.sub(r"\{\w+\}", "", text)))


def left_in_english(said: Iterable[str]) -> list[str]:
    """Return the texts with a word in Latin letters that is neither a name nor a word of the translation."""
    return [each for each in said if not set(LATIN.findall(NAMES.sub("", each))) <= of_the_language()]


@pytest.mark.parametrize("text", ["Save", "Save and go on", "3 open", "Танҳо Save", "caseworkers", "Demo"])
def test_a_word_that_was_left_in_english_is_found(text: str) -> None:
    assert left_in_english([text]) == [text]
    assert left_in_english(["SMS", "Шумо даромадед: Demo lead", "Asia/Bishkek", "Türkmençe", "(lead)"]) == []


def pages(page: Any, url: str) -> Iterator[str]:
    """Open each page that links lead to from the page that is open. Yield its shape while it is open."""
    waiting, seen = [urlsplit(page.url).path, "/help", "/components", "/again", "/nowhere"], set[str]()
    while waiting:
        place = waiting.pop(0)
        if shape(place) in seen or ELSEWHERE.match(place):
            continue
        seen.add(shape(place))
        page.goto(f"{url}{place}")
        yield shape(place)
        waiting += page.evaluate(
            "() => [...document.querySelectorAll('a[href^=\"/\"]:not([download])')].map(each => each.getAttribute('href'))"
        )


def check(page: Any, name: str) -> list[str]:
    """Return what is too wide on a page."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{name} scrolls sideways at {width}")
        found += [f"{name} at {width}: {each}" for each in page.evaluate(TOO_WIDE)]
        if width == WIDTHS[-1]:
            found += [f"{name} cuts: {each}" for each in page.evaluate(CUT, LONGEST.get(urlsplit(page.url).path, ""))]
        if folder := shots():
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name.strip('/').replace('/', '-')}-{width}.png", full_page=True)
    return found


@pytest.mark.parametrize(("spoken", "colours"), [(LANGUAGE, "light"), waits(SOURCE, "light"), waits(SOURCE, "dark")])
@pytest.mark.parametrize("role", Role)
def test_no_page_is_too_wide_or_left_in_english(
    served: Served, house: CaseOffice, page_of: Open, role: Role, spoken: str, colours: str
) -> None:
    service = fill(house, 6, 4, Random(1))
    page = page_of(color_scheme=colours)
    sign_in(served, page, served.insider(role, language=spoken, service=service))
    wrong, seen = list[str](), list[str]()
    for name in pages(page, served.url):
        seen.append(name)
        wrong += check(page, f"{spoken}-{role.value}{name}")
        if spoken == SOURCE:
            check_accessibility(page, f"{colours}-{role.value}{name}".replace("/", "-"))
        else:
            wrong += [f"{name}: {each}" for each in left_in_english(page.evaluate(SAID))]
    assert wrong == []
    assert len(seen) >= LEAST[role], seen


@pytest.mark.parametrize("colours", ["light", waits("dark")])
def test_the_number_of_a_case_is_not_too_wide_or_left_in_english(
    served: Served, house: CaseOffice, page_of: Open, colours: str
) -> None:
    """Nor are the page that a new claim shows, the number, the outcomes, the hand-over, and what follows *Reached*."""
    id = house.offered()
    page = page_of(color_scheme=colours)
    sign_in(served, page, served.insider(Role.CASEWORKER, language=LANGUAGE, service=house.service_of(id)))
    wrong = list[str]()

    def look(name: str) -> None:
        wrong.extend(check(page, f"{LANGUAGE}-{colours}-case-{name}"))
        check_accessibility(page, f"case-{name}-{colours}")
        wrong.extend(left_in_english(page.evaluate(SAID)))

    page.goto(f"{served.url}/cases/{id}")
    look("offered")
    page.locator(f'form[action="/cases/{id}/claim"] button').click()
    page.wait_for_url(f"{served.url}/cases/{id}?said=card")
    look("card")
    page.locator("#read").click()
    page.locator(f'form[action="/cases/{id}/number"] button').click()
    sync_api.expect(page.locator("#number")).to_be_visible()
    look("number")
    page.locator('input[name="outcome"][value="reached"]').click()
    page.locator(f'form[action="/cases/{id}/told"] button').click()
    page.wait_for_url(re.compile(r"said=reached"))
    look("reached")
    page.goto(f"{served.url}/cases/{id}/hand")
    look("hand")
    assert wrong == []
