"""The console in a real browser: signing in with the keyboard, passkeys, leaving at once, and screen readers."""

from typing import Any

import pytest

from helpline.accounts.credentials import code_now
from helpline.caller import conversations
from helpline.oversight.monthly import last_months, span_of
from helpline.referral import harms
from helpline.staff.roles import Role
from helpline.store.schema import passkey
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import PASSWORD, Insider
from tests.gateway.console.pages import (
    IN_A_BROWSER,
    NARROW,
    WIDE,
    Open,
    Served,
    check_accessibility,
    esc_twice,
    sign_in,
    type_to_sign_in,
    window,
)
from tests.steps.browser import sync_api
from tests.steps.month import fill

pytestmark = IN_A_BROWSER
SAID = {
    "en": {"title": "Sign in", "next": "Next", "in": "Sign in", "account": "My account", "out": "Sign out", "away": "Units of measure", "leave": "Quick exit"},
    "ru": {"title": "Вход", "next": "Дальше", "in": "Войти", "account": "Мой аккаунт", "out": "Выйти", "away": "Единицы измерения", "leave": "Скрыть сразу"},
}  # fmt: skip


def at_account(served: Served, page: Any, who: Insider) -> None:
    """Sign in and open the account page."""
    sign_in(served, page, who)
    page.goto(f"{served.url}/account")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_person_signs_in_and_out(served: Served, page_of: Open, language: str, script: bool) -> None:
    texts = SAID[language]
    who = served.insider(Role.CASEWORKER, language=language)
    page = page_of(java_script_enabled=script, locale={"en": "en-GB", "ru": "ru-RU"}[language])
    type_to_sign_in(served, page, who)
    page.goto(f"{served.url}/account")
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text(texts["account"])
    assert page.locator("html").get_attribute("lang") == language
    page.get_by_role("button", name=texts["out"]).click()
    page.wait_for_url(f"{served.url}/login")
    page.goto(f"{served.url}/account")
    assert page.url == f"{served.url}/login?next=/account"
    page.go_back()
    assert who.person.name not in page.content()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_person_accepts_an_invitation(served: Served, page_of: Open, language: str, script: bool) -> None:
    code = served.office.invite(Role.LEAD)
    page = page_of(java_script_enabled=script, locale={"en": "en-GB", "ru": "ru-RU"}[language])
    page.goto(f"{served.url}/welcome?code={code}")
    page.locator("main button").click()
    secret = page.locator(".key").inner_text().partition(": ")[2].replace(" ", "")
    assert page.locator("img.code").evaluate("image => image.decode().then(() => image.naturalWidth > 50)")
    page.locator("#password").fill(PASSWORD)
    page.locator("#repeat").fill(PASSWORD)
    page.locator("#digits").fill(code_now(secret, served.office.clock()))
    page.locator("main button").click()
    sync_api.expect(page.locator(".codes li")).to_have_count(10)
    page.locator(".button").click()
    page.wait_for_url(f"{served.url}/cases")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_code_of_an_invitation_is_copied_or_selected(served: Served, page_of: Open, script: bool) -> None:
    who = served.insider(Role.COORDINATOR)
    page = page_of(java_script_enabled=script, locale="en-GB")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(served, page, who)
    served.office.wait(seconds=60)  # each code of the app is valid once
    page.goto(f"{served.url}/again?next=/people")
    page.locator("#code").fill(served.office.code(who))
    page.locator("#code").press("Enter")
    page.wait_for_url(f"{served.url}/people")
    page.locator("#name").fill("New One")
    page.locator("#login").fill("new")
    page.locator("#role").select_option("auditor")
    page.locator('form[action="/people/invite"] button').click()
    code = page.locator("#code").inner_text()
    button = page.locator('[data-copies="code"]')
    if script:
        button.click()
        sync_api.expect(button).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == code
        check_accessibility(page, "invitation")
    else:
        sync_api.expect(button).to_be_hidden()
        page.locator("#code").click()
        assert page.evaluate("getSelection().toString()") == code


@pytest.mark.parametrize("way", ["Esc twice", "the button", "without JavaScript"])
def test_esc_twice_signs_out_at_once(served: Served, page_of: Open, way: str) -> None:
    """The screen is empty at once, the session has ended, and *back* shows nothing of it."""
    who = served.insider(Role.CASEWORKER)
    page = page_of(java_script_enabled=way != "without JavaScript")
    at_account(served, page, who)
    if way == "Esc twice":
        esc_twice(page)
    else:
        page.get_by_role("button", name=SAID["en"]["leave"]).click()
    page.wait_for_url(f"{served.url}/away")
    assert page.title() == SAID["en"]["away"]
    assert "Komek" not in page.content()
    page.go_back()
    page.wait_for_load_state()
    assert who.person.name not in page.content()


def test_a_question_mark_opens_the_help_of_this_page(served: Served, page_of: Open) -> None:
    page = window(served, page_of, Role.LEAD, "en", script=True)
    page.goto(f"{served.url}/duty")
    page.keyboard.press("?")
    page.wait_for_url(f"{served.url}/help#duty")
    page.goto(f"{served.url}/account")
    page.locator("#old").focus()
    page.keyboard.type("?")
    sync_api.expect(page.locator("#old")).to_have_value("?")
    assert page.url == f"{served.url}/account"


def test_the_keys_of_a_list_work_for_a_coordinator_and_can_be_turned_off(
    served: Served, page_of: Open, house: CaseOffice
) -> None:
    """Somebody who speaks to the computer presses single letters by accident (WCAG 2.1.4)."""
    house.offered()
    page = window(served, page_of, Role.COORDINATOR, "en", script=True)
    row = page.locator("main .cases li a")
    page.keyboard.press("j")
    sync_api.expect(row).to_be_focused()
    page.keyboard.press("/")
    sync_api.expect(page.locator("#code")).to_be_focused()
    page.goto(f"{served.url}/help")
    page.locator("#keys-off").click()
    page.goto(f"{served.url}/requests")
    page.keyboard.press("j")
    sync_api.expect(row).not_to_be_focused()
    page.goto(f"{served.url}/help")
    page.locator("#keys-off").click()
    page.goto(f"{served.url}/requests")
    page.keyboard.press("j")
    sync_api.expect(row).to_be_focused()


@pytest.mark.parametrize(("key", "code"), [("о", "KeyJ"), ("j", "KeyC")])
def test_a_key_is_found_by_its_letter_or_its_place(
    served: Served, page_of: Open, house: CaseOffice, key: str, code: str
) -> None:
    """On a Russian keyboard the place of the letter counts. On one with other Latin letters, the letter does."""
    id = house.offered()
    page = window(served, page_of, Role.CASEWORKER, "en", script=True, service=house.service_of(id))
    page.evaluate(
        "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))",
        [key, code],
    )
    sync_api.expect(page.locator("li a:focus")).to_have_attribute("href", f"/cases/{id}")


def test_esc_once_does_nothing(served: Served, page_of: Open) -> None:
    page = page_of()
    at_account(served, page, served.insider(Role.CASEWORKER))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.url == f"{served.url}/account"
    assert page.locator("h1").is_visible()


def with_passkey(served: Served, page: Any, who: Insider) -> None:
    """Return a person with a passkey, at its button in the second step of signing in."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    at_account(served, page, who)
    page.locator("#name").fill("Stick")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{served.url}/account?done=passkey")
    sync_api.expect(page.get_by_text("Stick, since")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.locator("#login").fill(who.person.login)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Next").click()


def test_a_passkey_is_created_used_to_sign_in_and_removed(served: Served, page_of: Open) -> None:
    """Uses Chromium's own authenticator, which really signs."""
    who, page = served.insider(Role.COORDINATOR), page_of()
    with_passkey(served, page, who)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{served.url}/requests")
    page.goto(f"{served.url}/account")
    page.get_by_role("button", name="Remove the passkey: Stick").click()
    page.wait_for_url(f"{served.url}/account?done=dropped")
    sync_api.expect(page.get_by_text("No passkey yet")).to_be_visible()
    assert page.get_by_text("Stick, since").count() == 0


def test_a_passkey_added_by_sql_lets_nobody_in(served: Served, page_of: Open) -> None:
    """On SQLite the public process can write there. A key that it adds to an account must be worthless."""
    who, page = served.insider(Role.COORDINATOR), page_of()
    with_passkey(served, page, who)
    with served.office.console.db.write() as tx:
        tx.execute(passkey.update().values(id="0" * 32))  # the same key, in a row that the console did not write
    page.get_by_role("button", name="Use a passkey").click()
    sync_api.expect(page.get_by_role("alert")).to_be_visible()
    page.goto(f"{served.url}/account")
    assert "/second" in page.url


def test_a_passkey_answer_without_a_challenge_lets_nobody_in(served: Served, page_of: Open) -> None:
    who, page = served.insider(Role.COORDINATOR), page_of()
    page.goto(f"{served.url}/login")
    page.locator("#login").fill(who.person.login)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/second*")
    page.evaluate("""() => {
      const form = document.querySelector('form[action="/second"]');
      const answer = Object.assign(document.createElement('input'), {name: 'answer', value: '{"id":"AAAA"}'});
      form.append(answer); form.querySelector('#code').value = 'x'; form.submit(); }""")
    sync_api.expect(page.get_by_role("alert")).to_be_visible()
    page.goto(f"{served.url}/account")
    assert "/second" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_is_accessible(served: Served, page_of: Open, language: str, scheme: str) -> None:
    """Axe checks every page at 360 px and wide, also with a list of faults. Nothing is cut off."""
    who = served.insider(Role.CASEWORKER, language=language)
    page = page_of(color_scheme=scheme, locale={"en": "en-GB", "ru": "ru-RU"}[language])
    looked: list[str] = []

    def look(name: str) -> None:
        check_accessibility(page, f"{name.strip('/').replace('/', '-')}-{language}-{scheme}")
        looked.append(name)

    for place in ("/login", "/welcome", "/away"):
        page.goto(f"{served.url}{place}")
        look(place)
    code = served.office.invite(Role.LEAD)
    page.goto(f"{served.url}/welcome?code={code}")
    page.locator("main button").click()
    sync_api.expect(page.locator("#digits")).to_be_visible()
    look("/welcome-set-up")
    page.goto(f"{served.url}/login")
    page.locator("#login").fill("nobody")
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    sync_api.expect(page.get_by_role("alert")).to_be_visible()
    look("/login-refused")
    page.locator("#login").fill(who.person.login)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/second*")
    look("/second")
    page.locator("#code").fill(served.office.code(who))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/cases")
    for place in ("/cases", "/duty", "/help", "/account", "/account/app", "/again", "/nowhere"):
        page.goto(f"{served.url}{place}")
        look(place)
    page.goto(f"{served.url}/account")
    page.locator("#old").fill("wrong")
    page.locator("#new").fill("aaaa")
    page.locator("#repeat").fill("aaaa")
    page.keyboard.press("Enter")
    sync_api.expect(page.get_by_role("alert")).to_be_visible()
    look("/account-refused")
    assert len(looked) == 14


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_figures_are_accessible(served: Served, page_of: Open, language: str, scheme: str) -> None:
    """Axe checks the page at 360 px and wide, folded and open. Nothing is cut off; pictures have room and colours."""
    (month,) = last_months(served.office.clock(), 1)
    fill(served.office.console.db, span_of(month)[0], 400)
    with served.office.console.db.write(span_of(month)[0]) as tx:
        for at in range(30):
            conversations.count_left(tx, month, "start.home" if at % 2 else "callback.consent")
            harms.add(tx, f"r{at}", "caller", harms.WHAT[at % 2], "ngo-1")
    who = served.insider(Role.COORDINATOR, language=language)
    page = page_of(color_scheme=scheme, locale={"en": "en-GB", "ru": "ru-RU"}[language])
    at_account(served, page, who)
    for folded in (True, False):
        page.goto(f"{served.url}/figures{'' if folded else '?all=1'}")
        check_accessibility(page, f"figures-{'folded' if folded else 'open'}-{language}-{scheme}")
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            assert page.locator("svg.map").bounding_box()["width"] > 250
            assert page.evaluate("getComputedStyle(document.querySelector('.chart rect')).fill") != "rgb(0, 0, 0)"
    page.emulate_media(media="print")
    assert page.locator("td.count").first.is_visible()
    assert not page.locator("nav").is_visible()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_of_exports_is_accessible(served: Served, page_of: Open, language: str) -> None:
    """Axe checks the page at 360 px and wide. A file downloads without leaving the page."""
    who = served.insider(Role.COORDINATOR, language=language)
    page = page_of(locale={"en": "en-GB", "ru": "ru-RU"}[language])
    sign_in(served, page, who)
    page.goto(f"{served.url}/exports")
    check_accessibility(page, f"exports-{language}")
    with page.expect_download() as coming:
        page.locator("form[action='/exports/cases'] button").click()
    assert coming.value.suggested_filename.startswith("komek-htcds-")
    assert page.url == f"{served.url}/exports"
