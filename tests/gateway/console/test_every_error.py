"""A browser meets every error of the console, and axe checks each page in light and in dark colours."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Response
from jinja2 import DictLoader

from gateway.console import app as console_app
from helpline.core.languages import SOURCE
from helpline.staff.roles import Role
from tests.gateway.console.office import texts
from tests.gateway.console.pages import IN_A_BROWSER, PATIENCE_MS, WIDE, Served, check_accessibility, sign_in
from tests.steps.by_day import FEW

COLOURS = ("dark",) if FEW else ("light", "dark")
FORM = "/account/looks"
TOKENS = "form => [...form.querySelectorAll('[type=hidden]')].map(each => [each.name, each.value])"
SEND = """(form, tokens) => {
  for (const [name, value] of tokens) {
    const one = form.querySelector(`[name="${name}"]`)
      || form.appendChild(Object.assign(document.createElement('input'), {type: 'hidden', name}))
    one.value = value
  }
  form.submit()
}"""


@pytest.fixture
def page(chromium: Any, served: Served) -> Iterator[Any]:
    """The account page of a caseworker, in a window that may meet errors."""
    with chromium.new_context(viewport=WIDE, locale="en-GB") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        sign_in(served, page, served.insider(Role.CASEWORKER))
        page.goto(f"{served.url}/account")
        yield page


def tokens(page: Any) -> list[list[str]]:
    """Return the hidden fields of a form of the account page."""
    found: list[list[str]] = page.eval_on_selector(f'form[action="{FORM}"]', TOKENS)
    return found


def send(page: Any, fields: list[list[str]]) -> int:
    """Send that form with some hidden fields changed or added. Return the status of what answers."""
    with page.expect_navigation() as coming:
        page.eval_on_selector(f'form[action="{FORM}"]', SEND, fields)
    return int(coming.value.status)


def missing(served: Served, page: Any) -> int:
    return int(page.goto(f"{served.url}/nowhere").status)


def wrong_method(served: Served, page: Any) -> int:
    return int(page.goto(f"{served.url}{FORM}").status)


def forbidden(served: Served, page: Any) -> int:
    return int(page.goto(f"{served.url}/requests").status)


def stale(_: Served, page: Any) -> int:
    return send(page, [[name, "wrong"] for name, _ in tokens(page)])


def twice(served: Served, page: Any) -> int:
    sent = tokens(page)
    assert send(page, sent) == 200
    page.goto(f"{served.url}/account")
    return send(page, sent)


def large(_: Served, page: Any) -> int:
    return send(page, [["more", "x" * (console_app.MAX_FORM_BYTES + 1)]])


def broken(served: Served, page: Any) -> int:
    served.office.app.view_functions["GET /duty"] = dict[str, Response]().__getitem__
    return int(page.goto(f"{served.url}/duty").status)


def without_templates(served: Served, page: Any) -> int:
    """Break the page of the error, too."""
    served.office.app.jinja_env.loader = DictLoader({})
    served.office.app.jinja_env.cache = None
    return int(page.goto(f"{served.url}/account").status)


ERRORS: dict[Callable[[Served, Any], int], tuple[int, str]] = {
    missing: (404, "missing"), wrong_method: (404, "missing"), forbidden: (403, "forbidden"), stale: (400, "stale"),
    twice: (409, "twice"), large: (413, "large"), broken: (500, "broken"), without_templates: (500, "broken"),
}  # fmt: skip
"""Each error with its status and its text in `console.errors`."""


@pytest.mark.browser
@IN_A_BROWSER[1]
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_is_accessible(served: Served, page: Any, error: Callable[[Served, Any], int]) -> None:
    status, text = ERRORS[error]
    assert error(served, page) == status
    assert page.locator("main h1").inner_text() == texts().say(SOURCE, f"errors.{text}")
    for colours in COLOURS:
        page.emulate_media(color_scheme=colours)
        check_accessibility(page, f"error-{error.__name__}-{colours}")


def test_every_error_of_the_console_is_met() -> None:
    """A new text of an error page belongs in `ERRORS`."""
    named = {name.partition("errors.")[2] for name in texts().english}
    pages = {name for name in named if f"{name}_text" in named}
    assert pages == {text for _, text in ERRORS.values()}
