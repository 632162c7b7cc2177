"""The console's texts: complete in English and Russian, separate from callers' texts, and small to download."""

import gzip
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import request

from gateway.console import menu
from gateway.console.context import visit_of
from gateway.console.pages import Fault
from gateway.console.sign_in.sign_in import login
from helpline.accounts import demo_accounts
from helpline.commands.staff import demo_people
from helpline.content import catalogs, console_texts
from helpline.content.loading import compose
from helpline.content.sources import ROOT, countries, read_sources
from helpline.core.config import Config
from helpline.core.languages import base_of
from helpline.staff import people
from helpline.staff.roles import Role, password_faults
from menus.faults import ContentFaults
from tests.conftest import Databases
from tests.gateway.console.office import Insider, Office

TEMPLATES = Path(__file__).parents[3] / "gateway" / "console"
FIRST_PAGE_BYTES = 25_000

CODE_FILLED_IN = r'id="code" name="code" type="text" value="(\d{6})"'


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A content folder that tests may damage."""
    shutil.copytree(ROOT, tmp_path / "content")
    return tmp_path / "content"


def test_russian_is_complete() -> None:
    texts = console_texts.read(ROOT, ("ky", "ru", "uz_Cyrl", "en"))
    assert texts.complete["ru"] == texts.complete["en"]
    assert texts.languages[:2] == ["en", "ru"]


@pytest.mark.parametrize("country", countries())
def test_every_country_offers_english_and_russian(country: str) -> None:
    languages = compose(Config(country=country), read_sources(ROOT))[0].country.languages
    texts = console_texts.read(ROOT, languages)
    assert {"en", "ru"} <= set(texts.languages)
    assert set(texts.order) <= {"en", "ru", *map(base_of, languages)}


def test_a_missing_console_text_removes_no_language_from_callers(copy: Path) -> None:
    """The page with the missing text is shown in English, the others stay Russian."""
    path = catalogs.file_of(copy, "ru")
    text = path.read_text("utf-8")
    assert 'msgstr "Вход"' in text
    path.write_text(text.replace('msgstr "Вход"', 'msgstr ""'), "utf-8")
    _, lacking = compose(Config(country="KG"), read_sources(copy))
    assert "ru" not in lacking
    texts = console_texts.read(copy, ("ru",))
    assert texts.language_of("ru", "login") == "en"
    assert texts.say("ru", "login.send") == "Next"
    assert texts.say("ru", "account.save") == "Сохранить"


def test_a_translation_without_its_placeholder_counts_as_missing(copy: Path) -> None:
    path = catalogs.file_of(copy, "ru")
    path.write_text(path.read_text("utf-8").replace("Ваш логин: {login}", "Ваш логин"), "utf-8")
    texts = console_texts.read(copy, ("ru",))
    assert texts.language_of("ru", "welcome") == "en"
    found = console_texts.translation(copy, "ru", console_texts.wanted(copy))
    assert [fault.what for fault in found.faults] == [
        "console.welcome.login: {login} of the English is missing; add it to the translation"
    ]


def test_bad_english_is_reported_with_its_position(copy: Path) -> None:
    (copy / "console" / "login.yaml").write_text("console:\n  login:\n    title: ''\n", "utf-8")
    where = r"content/console/login.yaml:3:\d+: console.login.title"
    with pytest.raises(ContentFaults, match=f"{where}: is empty; write the text"):
        console_texts.read(copy)


def test_a_text_in_two_files_is_reported_at_its_second_place(copy: Path) -> None:
    (copy / "console" / "zzz.yaml").write_text("console:\n  login:\n    title: Enter\n", "utf-8")
    where = r"content/console/zzz.yaml:3:\d+: console.login.title"
    with pytest.raises(ContentFaults, match=f"{where}: is also in content/console/login.yaml; keep one of them"):
        console_texts.read(copy)


def test_a_console_without_texts_is_a_fault(copy: Path) -> None:
    shutil.rmtree(copy / "console")
    with pytest.raises(ContentFaults, match="the console has no texts"):
        console_texts.read(copy)


def test_every_text_that_the_code_names_exists() -> None:
    """Texts of templates are found by reading them; texts of faults, roles and the menu by their values."""
    known = set(console_texts.read(ROOT).english)
    named = {f"console.{text}" for _, _, text in menu.MENU} | {f"console.roles.{role}" for role in Role}
    for path in sorted(TEMPLATES.glob("templates/**/*.html")):
        section = path.relative_to(TEMPLATES / "templates").parts[0].partition(".")[0]
        for name in re.findall(r"\bt\('([a-z_.]+)'", path.read_text()):
            if not name.endswith(("_", ".")) and (path.stem, name) != ("frame", "title"):
                named.add(f"console.{name}" if "." in name else f"console.{section}.{name}")
    code = "".join(path.read_text() for path in TEMPLATES.glob("**/*.py"))
    named |= {f"console.faults.{name}" for name in re.findall(r'Fault\("([a-z_]+)"', code)}
    named |= {
        f"console.faults.{name}"
        for name in (*password_faults("aa", "a"), *password_faults("ab" * 150, "zz"), "refused", "session")
    }
    named |= {
        f"console.errors.{name}{more}"
        for name in re.findall(r'explain\([^,]+, "([a-z]+)"', code)
        for more in ("", "_text")
    }
    assert named <= known
    assert len(named) > 90
    assert Fault("refused").field == ""


ELSEWHERE = (
    "helpline/casework/notes.py", "helpline/staff/roles.py", "helpline/accounts/inviting.py", "helpline/accounts/account.py", "helpline/oversight/report.py", "helpline/oversight/report.py",
    "helpline/oversight/report_pdf.py", "helpline/oversight/monthly.py", "helpline/oversight/month_rows.py", "helpline/oversight/published.py", "helpline/request/model.py",
    "helpline/directory/service.py", "helpline/core/call_windows.py", "helpline/referral/harms.py", "menus/draft.py", "content/menus/callback.yaml",
    "helpline/matching/eligibility.py", "helpline/matching/ranking.py", "helpline/oversight/history.py", "helpline/oversight/tonight.py", "helpline/casework/reassign.py", "helpline/request/offers.py",
    "helpline/directory/hsds/checks.py", "helpline/casework/block_number.py", "helpline/casework/assignment.py", "helpline/casework/answers.py", "helpline/oversight/narrowing.py",
    "helpline/oversight/ended_cases.py", "helpline/directory/doubts.py",
)  # fmt: skip
"""Other places that name console texts: faults, and the kinds of figures."""


def test_every_text_is_used() -> None:
    known = {path.removeprefix("console.") for path in console_texts.read(ROOT).english}
    elsewhere = ("audit.did.", "help.on_", "help.first_")  # checked by the tests of the log and of the help
    known = {each for each in known if not each.startswith(elsewhere)}
    everything = "".join(
        path.read_text() for path in [*TEMPLATES.glob("templates/**/*.html"), *TEMPLATES.glob("**/*.py")]
    )
    everything += "".join((TEMPLATES.parents[1] / path).read_text() for path in ELSEWHERE)
    unnamed = {
        name for name in known if name.rpartition(".")[2].removeprefix("done_").removesuffix("_text") not in everything
    }
    assert unnamed == set()


def test_the_language_is_chosen_by_browser_then_link_then_account(office: Office) -> None:
    browser = office.browser()
    assert '<html lang="ru">' in browser.get("/login", Accept_Language="de-DE,ru-KG;q=0.8,en;q=0.5").get_data(
        as_text=True
    )
    browser.get("/login")
    assert browser.send("/language", {"language": "ru"}).location == "/login"
    assert "<h1>Вход</h1>" in browser.get("/login").get_data(as_text=True)
    who = office.insider()
    inside = office.signed_in(who)
    assert "<h1>My account</h1>" in inside.get("/account", Accept_Language="ru").get_data(as_text=True)


@pytest.mark.parametrize("place", ["/login?demo=lead", "/login?next=/cases", "/welcome"])
def test_a_chosen_language_keeps_the_page_on_which_it_was_chosen(office: Office, place: str) -> None:
    """So nobody chooses an account again, and a link still leads where it was to lead."""
    browser = office.browser()
    browser.get(place)
    assert browser.send("/language", {"language": "ru"}).location == place
    assert '<html lang="ru">' in browser.get(place).get_data(as_text=True)


def test_the_link_of_the_demos_phone_page_carries_its_language(office: Office) -> None:
    browser = office.browser()
    assert browser.get("/login?language=ru", Accept_Language="en").location == "/login"
    assert '<html lang="ru">' in browser.get("/login", Accept_Language="en").get_data(as_text=True)
    assert browser.get("/login?language=xx").location is None


def test_a_demo_account_uses_the_language_of_the_sign_in_page(office: Office) -> None:
    """Until the person chooses another one on the account page."""
    list(demo_people.lines(office.console.sign_in, "ngo-1"))
    password, secret = demo_accounts.of(office.console.sign_in, "operator")
    with office.console.db.read() as tx:
        person = people.by_login(tx, "operator")
    assert person is not None
    browser, who = office.browser(), Insider(person, secret, [])
    browser.get("/login")
    browser.send("/language", {"language": "ru"})
    browser.log_in(who, password)
    browser.prove(who)
    assert '<html lang="ru">' in browser.get("/account").get_data(as_text=True)
    assert "Demo " not in browser.page, "the name of the account needs no translation"
    assert demo_accounts.NAMES["operator"] in browser.page
    assert '<option value="ru" lang="ru" selected>' in browser.page


def test_the_demos_accounts_are_filled_in(office: Office) -> None:
    """One click chooses the account; then *Next* and *Sign in*."""
    list(demo_people.lines(office.console.sign_in, "ngo-1"))
    browser = office.browser()
    assert browser.get("/login").get_data(as_text=True).count('href="/login?demo=') == len(demo_accounts.ACCOUNTS)
    password, _ = demo_accounts.of(office.console.sign_in, "operator")
    assert 'href="/login?demo=lead&amp;next=/cases/00"' in browser.get("/login?next=/cases/00").get_data(as_text=True)
    filled = browser.get("/login?demo=operator").get_data(as_text=True)
    assert 'value="operator"' in filled
    assert f'value="{password}"' in filled
    assert password not in browser.get("/login?demo=nobody").get_data(as_text=True)
    assert browser.get("/login?demo=operator&language=ru").location == "/login?demo=operator"  # from the phone page
    assert browser.get("/login?demo=nobody&language=en").location == "/login"
    browser.get("/login?demo=operator")
    browser.send("/login", {"login": "operator", "password": password})
    for place in ("/second", "/again"):  # the second one minutes later, before a sensitive act
        found = re.search(CODE_FILLED_IN, browser.get(place).get_data(as_text=True))
        assert found
        browser.send(place, {"code": ""})
        assert re.search(CODE_FILLED_IN, browser.page), "also after a wrong one"
        assert browser.send(place, {"code": found[1]}).location == "/"
        office.wait(minutes=6)


def test_production_fills_in_no_account(office: Office) -> None:
    production = replace(office.console, demo=False)
    list(demo_people.lines(office.console.sign_in, "ngo-1"))
    for address in ("/login", "/login?demo=operator"):
        with office.app.test_request_context(address):
            page = login(visit_of(production, request)).get_data(as_text=True)
        assert 'id="login"' in page
        assert "demo" not in page.partition("<main")[2].partition("</main>")[0]
        assert demo_accounts.of(office.console.sign_in, "operator")[0] not in page


@pytest.mark.parametrize(("number", "ways"), [(1, [2]), (2, [1, 3]), (3, [2])])
def test_a_long_list_links_to_its_neighbouring_pages(office: Office, number: int, ways: list[int]) -> None:
    page = SimpleNamespace(t=lambda text, **_: text, spoken=lambda section: section)
    pieces: Any = office.app.jinja_env.get_template("pieces.html").module
    assert re.findall(r'href="(.+?)"', pieces.pager(page, "/harm", number, 3)) == [f"/harm?page={way}" for way in ways]
    assert pieces.pager(page, "/harm", 1, 1).strip() == ""


def test_the_first_page_is_small(office: Office) -> None:
    """With all its files, compressed, since the line may be slow."""
    browser = office.signed_in(office.insider())
    for place in ("/login", "/account"):
        page = browser.get(place).get_data()
        files = [browser.get(file).get_data() for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode())]
        weight = sum(len(gzip.compress(each)) for each in (page, *files))
        assert weight < FIRST_PAGE_BYTES, (place, weight)


def test_a_file_is_sent_compressed_to_a_browser_that_accepts_it(office: Office) -> None:
    browser = office.browser()
    packed = browser.client.get("/static/desk.css", headers={"Accept-Encoding": "gzip, br"})
    plain = browser.client.get("/static/desk.css")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert plain.headers["Vary"] == "Accept-Encoding"
