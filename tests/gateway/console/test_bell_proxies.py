"""The bell behind the real Caddy and the real nginx, with the files in `deploy/`, and while they or the console fail."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gateway.console.cases import live
from helpline.staff.roles import Role
from tests.deploy.test_proxies import program, started
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.pages import IN_A_BROWSER, PATIENCE_MS, Served, sign_in
from tests.others import free_port, until
from tests.steps.browser import sync_api
from tests.world import CALLER, OTHER

pytestmark = IN_A_BROWSER
MINUTES = 2 * 60 * 1000
"""Longer than a browser ever waits before it asks again."""


@pytest.fixture(params=["caddy", "nginx"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A proxy. Browsers ask every second."""
    program(request.param)
    monkeypatch.setattr(live, "EVERY_SECONDS", 1)
    return str(request.param)


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A window in which requests may fail: the fixture of other tests permits no error."""
    sync_api.expect.set_options(timeout=PATIENCE_MS)
    context = chromium.new_context(locale="en-GB", ignore_https_errors=True)  # nginx has a certificate of its own
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


def test_the_bell_works_through_a_proxy(
    served: Served, page: Any, house: CaseOffice, kind: str, tmp_path: Path
) -> None:
    """Each event arrives whole and at once, and the list updates by itself."""
    who = house.office.insider(Role.CASEWORKER, "worker", house.service_of(house.offered()))
    console = port_of(served.url)
    with started(kind, tmp_path, free_port(), console) as proxy:
        sign_in(Served(served.office, proxy.console), page, who)
        sync_api.expect(page.locator("#list .row")).to_have_count(1)
        sync_api.expect(page).to_have_title(re.compile(r"^\(1\) "))
        came = page.evaluate(
            "fetch('/cases/bell').then(async each => [each.headers.get('Content-Type'), await each.text()])"
        )
        assert came[0] == "text/event-stream; charset=utf-8"
        assert json.loads(came[1].partition("data: ")[2])["count"] == 1
        house.world.text(CALLER, "STOP")
        sync_api.expect(page.locator("#list .row")).to_have_count(0)
        sync_api.expect(page).to_have_title(re.compile(r"^Requests"))
        page.goto("about:blank")  # nothing asks while the proxy stops


def test_the_bell_goes_on_after_a_proxy_or_the_console_was_away(
    served: Served, page: Any, house: CaseOffice, kind: str, tmp_path: Path
) -> None:
    """The proxy stops, then it answers 502 because the console is away. The list stays, and updates once all is back."""
    who = house.office.insider(Role.CASEWORKER, "worker", house.service_of(house.offered()))
    ports, console = (free_port(), free_port()), port_of(served.url)
    answers = list[int]()
    page.on("response", lambda each: answers.append(each.status) if "/cases/bell" in each.url else None)
    folders = [tmp_path / name for name in ("first", "broken", "again")]
    for folder in folders:
        folder.mkdir()
    with started(kind, folders[0], free_port(), console, ports) as proxy:
        sign_in(Served(served.office, proxy.console), page, who)
        page.clock.install()
        page.goto(f"{proxy.console}/cases")
        until(lambda: page.wait_for_timeout(50) or 200 in answers, "an event")
    with started(kind, folders[1], free_port(), free_port(), ports):
        until(lambda: page.wait_for_timeout(50) or answers.count(502) >= 2, "a refused event, and a second look")
        sync_api.expect(page.locator("#list .row")).to_have_count(1)
    house.world.ask(OTHER)
    house.world.run()
    house.world.text(CALLER, "STOP")
    answers.clear()
    with started(kind, folders[2], free_port(), console, ports):
        page.clock.fast_forward(MINUTES)
        until(lambda: page.wait_for_timeout(50) or 200 in answers, "the event after all is back")
        sync_api.expect(page.locator("#changed")).to_be_visible()
        page.goto("about:blank")
