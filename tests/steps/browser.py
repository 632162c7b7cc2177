"""Chromium for the tests that use a page as people do. One process of tests starts it once: a start takes a second.

If it dies, the next test starts it again, so that one crash fails one test.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from helpline.operations.testing import BROWSERS

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: it is among the test dependencies")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(slots=True)
class Chromium:
    """A browser that is started again if it has died."""

    playwright: Any
    browser: Any

    def running(self) -> Any:
        """Return the browser. Whether it still runs shows only when it is asked something."""
        try:
            self.browser.new_browser_cdp_session().detach()
        except sync_api.Error:
            self.browser = launch(self.playwright)
        return self.browser


def launch(playwright: Any) -> Any:
    """Start Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))


@contextmanager
def started() -> Iterator[Chromium]:
    """Run Chromium until the block ends."""
    with sync_api.sync_playwright() as playwright:
        chromium = Chromium(playwright, launch(playwright))
        yield chromium
        chromium.browser.close()
