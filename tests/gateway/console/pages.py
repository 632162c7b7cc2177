"""The console on a port, and windows of a real browser to open it in."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpline.staff.roles import Role
from tests.gateway.console.office import PASSWORD, Insider, Office
from tests.others import PATIENCE_SECONDS
from tests.steps.browser import CHROMIUM
from tests.steps.by_day import FEW

axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="needs axe: it is among the test dependencies"
)
PATIENCE_MS = 1000 * PATIENCE_SECONDS
"""How long a page may take to show what is expected, when several browsers share a machine."""

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: there is none on the PATH"),
]
REFUSAL = re.compile(r"status of (403|404|422|423)")
"""A form with faults, a missing page, one of another role, and one that a lock closes: all of them requested."""
WIDEST, WIDE = {"width": 1920, "height": 1080}, {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}
LOCALES = {"en": "en-GB", "ru": "ru-RU"}
FIRST = re.compile(r":\d+/(?!second|login)[a-z]+$")
"""The address of a role's first page."""
SIGN_OUT = 'form[action="/sign-out"] button'
Open = Callable[..., Any]


@dataclass
class Served:
    """The console on a port of this machine. Its clock stands still until a test moves it; browsers ask for no time."""

    office: Office
    url: str

    def insider(self, role: Role, login: str = "", language: str = "en", service: str = "ngo-1") -> Insider:
        who = self.office.insider(role, login, service)
        self.office.console.account.choose(who.person, language, "")
        return who


def sign_in(served: Served, page: Any, who: Insider) -> None:
    """Open a person's first page in a window. They signed in a moment ago, with its network and browser.

    Two forms less to draw for each test. The test of signing in types (`type_to_sign_in`).
    """
    browser = served.office.browser("127.0.0.1")
    assert browser.log_in(who).location == "/second"
    assert browser.prove(who).location == "/"
    held = {"name": served.office.console.cookie, "value": browser.cookie(), "url": served.url}
    page.context.add_cookies([{**held, "httpOnly": True, "sameSite": "Strict"}])
    page.goto(served.url)
    page.wait_for_url(FIRST)


def type_to_sign_in(served: Served, page: Any, who: Insider) -> None:
    """Sign in with the keyboard alone, in the order of the page, in any language, up to a role's first page."""
    page.goto(f"{served.url}/login")
    page.locator("#login").focus()
    page.keyboard.type(who.person.login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/second*")
    page.locator("#code").fill(served.office.code(who))
    page.locator("#code").press("Enter")
    page.wait_for_url(FIRST)


def window(served: Served, page_of: Open, role: Role, language: str, script: bool, service: str = "ngo-1") -> Any:
    """Open a window with a person signed in."""
    page = page_of(java_script_enabled=script, locale=LOCALES[language])
    sign_in(served, page, served.insider(role, language=language, service=service))
    assert page.locator("html").get_attribute("lang") == language
    return page


def type_a_service(page: Any, name: str = "Мост", english: str = "Bridge") -> None:
    """Fill in what a new service needs at least, on the page that adds one."""
    page.locator("#organization").fill(english)
    for base in ("ky", "ru", "en", "uz_Cyrl"):
        page.locator(f"#name_{base}").fill(english if base == "en" else name)
    page.locator("#phone").fill("+996000500790")
    page.locator("#phone_language").select_option("ru")
    page.locator("#hours_MO").fill("09:00-18:00")
    answers = ("kind][value=ngo", "needs][value=legal", "speaks][value=ru", "areas][value=KG")
    for ticked in (*answers, "child][value=no", "hidden][value=no"):
        page.locator(f"input[name={ticked}]").check()


def esc_twice(page: Any) -> None:
    """Press Esc twice at one instant of the page.

    A busy machine may take longer than the permitted second in between.
    """
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def sign_out(served: Served, page: Any) -> None:
    """Sign out with the button of the frame. Then nothing of the account is visible."""
    page.locator(SIGN_OUT).click()
    page.wait_for_url(f"{served.url}/login")


def shots() -> Path | None:
    """Return the folder for pictures, if wanted. The variable's name has no KOMEK_, which is for settings."""
    folder = os.environ.get("CONSOLE_PICTURES")
    return Path(folder) if folder else None


def check_with_axe(page: Any, size: dict[str, int], name: str) -> None:
    """Check a page with axe, by day in its full width only."""
    if size is WIDE or not FEW:
        found = axe.Axe().run(page)
        assert found.violations_count == 0, (name, found.generate_report())


def check_accessibility(page: Any, name: str) -> None:
    """Check a page with axe, and check that nothing is cut off: at full width and 360 px, at night also at 1920 px."""
    for size in (WIDE, NARROW) if FEW else (WIDEST, WIDE, NARROW):
        page.set_viewport_size(size)
        check_with_axe(page, size, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)
        if folder := shots():
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}-{size['width']}.png", full_page=True)
    page.set_viewport_size(WIDE)
