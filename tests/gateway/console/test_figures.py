"""Figures in the console: who sees which, what is hidden, files, and speed."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import dist

import pytest
import sqlalchemy as sa

from gateway.console import charts
from gateway.console.charts import Spot
from helpline.caller import conversations
from helpline.content.gazetteer import outline_of
from helpline.content.sources import ROOT, load_country
from helpline.oversight import monthly
from helpline.oversight.small_numbers import SMALLEST
from helpline.staff.roles import Role
from helpline.store.schema import contact, departure, figure, request
from tests.conftest import Databases
from tests.gateway.console.office import Office
from tests.steps.month import fill

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    """An office in November 2026, with requests of September and October."""
    office = Office.on(new_sqlite())
    fill(office.console.db, OCTOBER, 90)
    fill(office.console.db, OCTOBER - timedelta(days=30), 4)
    return office


def numbers(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'<td class="count">(\d+)</td>', page)]


def test_a_coordinator_sees_all_figures_and_a_lead_those_of_their_service(office: Office) -> None:
    whole = office.signed_in(office.insider(Role.COORDINATOR))
    assert whole.get("/figures").status_code == 200
    assert "Requests in October 2026: 90" in whole.page
    assert "Requests in October 2026" in office.signed_in(office.insider(Role.AUDITOR)).get("/figures").text
    lead = office.signed_in(office.insider(Role.LEAD)).get("/figures").text
    own = int(re.findall(r"Requests in October 2026: (\d+)", lead)[0])
    assert 5 <= own < 90
    assert office.signed_in(office.insider(Role.LEAD, "other", service="ngo-3")).get("/figures").text != lead


def test_a_coordinator_reads_the_names_of_services_that_the_directory_does_not_publish(office: Office) -> None:
    """The files have the id: others may read them."""
    named = {"id": "ngo-1", "kind": "service", "country": "KG", "phone": "", "names": {"en": "A quiet house"},
             "language": "en", "accepts_numbers_by_sms": False}  # fmt: skip
    with office.console.db.write() as tx:
        tx.execute(sa.insert(contact), named)
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    assert "A quiet house" in browser.get("/figures?month=2026-10").text
    assert "A quiet house" not in browser.get("/figures/report.csv?month=2026-10").text


def test_r36_nothing_under_five_is_on_the_page(office: Office) -> None:
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    browser.get("/figures?month=2026-10")
    assert len(numbers(browser.page)) > 30
    assert min(numbers(browser.page)) >= SMALLEST
    browser.get("/figures?month=2026-09")
    assert "Fewer than five requests in September 2026" in browser.page
    assert set(numbers(browser.page)) == {90}  # of the other month


def test_kinds_that_had_to_be_combined_are_a_sentence_and_no_bar(office: Office) -> None:
    """A service with few requests had a chart with one bar, *Others, together, 100 %*, for nearly everything."""
    fill(office.console.db, OCTOBER - timedelta(days=61), 8)
    page = office.signed_in(office.insider(Role.COORDINATOR)).get("/figures?month=2026-08").text
    assert page.count("Too few to show them apart.") > 3
    assert not re.search(r"Others, together</th><td[^>]*>8</td><td[^>]*>100 %", page)


@pytest.mark.parametrize(
    ("language", "month"), [("en", "October 2026"), ("ru", "октябрь 2026"), ("ky", "октябрь 2026")]
)
def test_months_and_screens_have_names_in_the_readers_language(office: Office, language: str, month: str) -> None:
    """The file for programs keeps 2026-10. A screen that is no longer in the menus keeps its id."""
    with office.console.db.write(OCTOBER) as tx:
        for name in ("start.home", "start.gone") * 9:
            conversations.count_left(tx, "2026-10", name)
    book = office.console.case_context.wording.book
    first = book.pages[language]["start.home"][0].text.split("\n")[0].rstrip(":")
    browser = office.signed_in(office.insider(Role.COORDINATOR, language=language))
    page = browser.get("/figures?month=2026-10").get_data(as_text=True)
    assert f'<option value="2026-10" selected>{month}</option>' in page
    assert "start.home" not in page
    for name in (first, "start.gone"):
        assert f'<th scope="row">{name}</th>' in page
    assert "2026-10," in browser.get("/figures/report.csv?month=2026-10").get_data(as_text=True)


def test_r36_the_running_month_is_for_coordinators_only_and_in_no_file(office: Office) -> None:
    """They see every request of it anyway. Small counts are hidden there, too."""
    fill(office.console.db, OCTOBER + timedelta(days=31), 30)
    with office.console.db.write() as tx:
        tx.execute(departure.insert(), {"month": "2026-11", "screen": "start.home", "calls": 40})
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    browser.get("/figures?month=2026-11")
    assert "Requests in November 2026: 30" in browser.page
    assert "not for publishing" in browser.page
    assert min(numbers(browser.page)) >= SMALLEST
    assert "report.csv" not in browser.page
    assert browser.get("/figures/report.csv?month=2026-11").status_code == 404
    assert browser.get("/figures/report-en.pdf?month=2026-11").status_code == 404
    assert 'id="left"' not in browser.page
    assert browser.get("/figures?month=2026-12").status_code == 422
    with office.console.db.read() as tx:
        assert "2026-11" not in {row.month for row in tx.execute(figure.select())}
    for role in (Role.AUDITOR, Role.LEAD):
        other = office.signed_in(office.insider(role))
        assert "Requests in November 2026" not in other.get("/figures?month=2026-11").text
        assert "2026-11" not in other.get("/figures").text


def test_r36_a_month_is_counted_once(office: Office) -> None:
    """A person who looks again after a request was added sees the same."""
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    before = browser.get("/figures").text
    fill(office.console.db, OCTOBER, 30, seed=2)
    with office.console.db.write() as tx:
        tx.execute(request.update().values(outcome="withdrew"))
    assert len(numbers(before)) > 30
    assert numbers(browser.get("/figures").text) == numbers(before)


@pytest.mark.parametrize("month", ["2026-11", "2026-12", "2026-13", "2019-01", "x", "%00x", "2026-10%0d%0a"])
def test_r36_an_unfinished_month_is_not_shown(office: Office, month: str) -> None:
    """An auditor sees neither the running month nor one to come."""
    browser = office.signed_in(office.insider(Role.AUDITOR))
    assert browser.get(f"/figures?month={month}").status_code == 422
    for file in ("report.csv", "report-en.pdf"):
        assert browser.get(f"/figures/{file}?month={month}").status_code == 404
    assert browser.get("/figures/report-xx.pdf?month=2026-10").status_code == 404
    with office.console.db.read() as tx:
        assert month not in set(tx.execute(figure.select()).scalars())


@pytest.mark.parametrize(("language", "label"), [("en", "Wages not paid"), ("ru", "Не платят за работу")])
def test_files_have_the_figures_of_the_page(office: Office, language: str, label: str) -> None:
    who = office.insider(Role.COORDINATOR)
    office.console.account.choose(who.person, language, "")
    browser = office.signed_in(who)
    page = browser.get("/figures?month=2026-10").text
    table = browser.get("/figures/report.csv?month=2026-10")
    assert table.content_type == "text/csv; charset=utf-8"
    assert table.headers["Content-Disposition"] == 'attachment; filename="komek-2026-10.csv"'
    rows = list(csv.reader(io.StringIO(table.get_data().decode("utf-8-sig"))))
    counts = {row[2]: row[3] for row in rows}
    assert label in page
    assert f'<td class="count">{counts[label]}</td>' in page
    paper = office.signed_in(who).get(f"/figures/report-{language}.pdf?month=2026-10")
    assert paper.get_data().startswith(b"%PDF-")
    assert paper.headers["Content-Disposition"].startswith("attachment")


def test_pictures_obey_the_policy_and_have_a_name(office: Office) -> None:
    page = office.signed_in(office.insider(Role.COORDINATOR)).get("/figures").text
    main = page[page.index("<main") :]  # the header's icons have no name: their links have one
    pictures = re.findall(r"<svg.*?</svg>", main, re.DOTALL)
    assert len(pictures) == len(monthly.NAMES) + 2  # plus days and former months
    for each in pictures:
        assert re.search(r'role="img" aria-label="[^"]+"', each)
        assert "<title>" in each
        assert "style=" not in each
        assert "script" not in each


def test_the_map_is_inside_the_border_of_the_country(office: Office) -> None:
    """Bishkek has a circle, and Talas without requests an empty one. The border is one of our files."""
    page = office.signed_in(office.insider(Role.COORDINATOR)).get("/figures?month=2026-10").text
    drawn = next(each for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL) if "chart map" in each)
    assert re.search(r"<title>Bishkek: \d+</title>", drawn)
    assert re.search(r'<title>Talas: 0</title><circle class="none"', drawn)
    west, east = (side(float(x) for x in re.findall(r"[ML]([\d.]+) ", drawn)) for side in (min, max))
    circles = [float(x) for x in re.findall(r'cx="([\d.]+)"', drawn)]
    assert west < min(circles) < max(circles) < east


def test_the_map_says_in_words_what_its_circles_mean(office: Office) -> None:
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    assert office.console.texts.say("en", "figures.map_legend") in browser.get("/figures?month=2026-10").text


def test_days_are_shown_in_order(office: Office) -> None:
    page = office.signed_in(office.insider(Role.COORDINATOR)).get("/figures?month=2026-10").text
    assert re.findall(r'<th scope="row">(\d+–\d+)</th>', page) == ["1–7", "8–14", "15–21", "22–31"]
    assert page.index("Requests by day") < page.index("How they asked")


def test_what_a_report_says_first_is_on_top_and_the_rest_is_folded(office: Office) -> None:
    """At 360 px the page was 7,000 px long. A link opens all sections, without scripts and for printing."""
    browser = office.signed_in(office.insider(Role.COORDINATOR))
    page = browser.get("/figures?month=2026-10").text
    order = [page.index(f'id="{each}"') for each in ("month-total", "months", "outcome", "need", "region", "more")]
    assert order == sorted(order)
    assert re.search(r"<dt>Reached</dt><dd>\d+ <span class=\"also\">\d+ %</span>", page)
    assert page.count('<details class="fold">') == 2 + 1 + len(monthly.NAMES) - 3
    assert re.search(r'<h3 id="channel">How they asked</h3> <span class="also">[^<]+: \d+ %', page)
    whole = browser.get("/figures?month=2026-10&all=1").text
    assert '<details class="fold">' not in whole
    assert numbers(whole) == numbers(page)


def test_r36_reached_is_not_said_on_top_if_the_count_is_hidden(office: Office) -> None:
    fill(office.console.db, OCTOBER - timedelta(days=61), 8)
    page = office.signed_in(office.insider(Role.COORDINATOR)).get("/figures?month=2026-08").text
    assert 'class="main"' in page
    assert "<dt>Reached</dt>" not in page


def test_r36_a_hidden_count_has_no_visible_size() -> None:
    """For days and circles: a hidden count of four looks like a hidden count of one."""
    drawn = charts.columns([("1", 9, "1: 9"), ("2", None, "2: too few to say")], "days")
    drawn += charts.places([Spot("x: too few to say", (41, 70), None)], [[(40, 69), (40, 71), (42, 70)]], "map")
    assert drawn.count('class="none"') == drawn.count("too few to say") == 2


@pytest.mark.parametrize("country", ["KG", "KZ", "TJ", "TM", "UZ"])
def test_no_circle_of_the_map_lies_on_another(country: str) -> None:
    """A city and the region around it have nearly the same place, and both numbers must be readable."""
    regions = load_country(ROOT, country).regions
    spots = [Spot(each.code, each.at, 400 // at) for at, each in enumerate(regions, 1)]
    drawn = str(charts.places(spots, outline_of(ROOT, country), "map"))
    found = re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', drawn)
    circles = [(float(x), float(y), float(radius)) for x, y, radius in found]
    assert len(circles) == len(regions)
    for (x, y, radius), other in combinations(circles, 2):
        assert dist((x, y), other[:2]) >= radius + other[2]
