"""Fixtures of the console: a whole service behind it, the console on a port, and windows to open it in."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from helpline.store.engine import Database
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser, Office
from tests.steps.desk import all_fit
from tests.world import World


@pytest.fixture
def served(new_sqlite: Databases) -> Iterator[Any]:
    """The console at ten in the morning, whatever the machine's time, with nobody signed in."""
    from tests.gateway.console.pages import Served

    server = make_server("localhost", 0, lambda environ, start: office.app(environ, start), threaded=True)
    url = f"http://localhost:{server.server_port}"
    office = Office.on(new_sqlite(), console_url=url)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield Served(office, url)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def house(served: Any) -> CaseOffice:
    """A whole service behind the console."""
    return CaseOffice(World.on(served.office.console.db, clock=served.office.clock), served.office)


@pytest.fixture
def fitting(db: Database) -> CaseOffice:
    """A whole service behind the console, on each kind of database. Each request fits each service."""
    made = CaseOffice.on(db)
    all_fit(made.world)
    return made


@pytest.fixture
def giver(fitting: CaseOffice) -> Browser:
    """The browser of the coordinator who gives requests to other services."""
    from tests.gateway.console.test_steer import FIRST, coordinator

    return coordinator(fitting, "coordinator", FIRST)[1]


@pytest.fixture
def page_of(chromium: Any, served: Any) -> Iterator[Any]:
    """A function that opens windows. An error in one, or a request to another host, fails the test."""
    from tests.gateway.console.pages import PATIENCE_MS, REFUSAL, WIDE
    from tests.steps.browser import sync_api

    sync_api.expect.set_options(
        timeout=PATIENCE_MS
    )  # set here because it holds for the whole process: the last value wins
    contexts, wrong = [], []

    def new(**options: Any) -> Any:
        context = chromium.new_context(**{"viewport": WIDE, "locale": "en-GB", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda told: wrong.append(told.text) if told.type == "error" and not REFUSAL.search(told.text) else None,
        )
        page.on(
            "request",
            lambda asked: wrong.append(asked.url) if not asked.url.startswith((served.url, "data:")) else None,
        )
        return page

    yield new
    for context in contexts:
        context.close()
    assert wrong == []
