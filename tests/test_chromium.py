"""The browser of the tests: if it dies, one test fails and not all that come after it."""

from typing import Any

import pytest

from tests.steps.browser import sync_api

pytestmark = pytest.mark.browser


def test_a_browser_that_died_is_started_again(chromium: Any, one_chromium: Any) -> None:
    with pytest.raises(sync_api.Error):
        chromium.new_browser_cdp_session().send("Browser.crash")
    page = one_chromium.running().new_page()
    page.set_content("<h1>here</h1>")
    assert page.inner_text("h1") == "here"
    page.close()
    assert one_chromium.running() is one_chromium.browser
