"""Nonsense in headers, bodies that are too long, and internal errors: each is answered, and reveals nothing."""

import pytest
from flask import Response

from tests.conftest import Databases
from tests.gateway.console.office import Browser, Office

WORDS = [
    "", "0", "-1", "a", "../../etc/passwd", "%00", "\x00", "\u202eevil", "\u200b", "é́", "𝔘𝔫𝔦", "{{7*7}}", "{title}", "<b>&\"'", "' or 1=1 --",
    "null", "[]", "{}", '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}', '{"id": 5}', "x" * 5_000, "я" * 3_000,
    "123456", "１２３４５６", "٣٤٥٦٧٨", "²²²²²²", "/", "//", "/account", "ru", "xx", "Asia/Bishkek", "UTC", "\ud83d", "f" * 32,
]  # fmt: skip


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def proof(browser: Browser) -> dict[str, str]:
    """Return a form token that is valid for this browser."""
    browser.get("/account")
    action = "/account/looks" if 'action="/account/looks"' in browser.page else "/login"
    if f'action="{action}"' not in browser.page:
        browser.get("/login")
    return {"_form": browser.hidden(action)["_form"]}


@pytest.mark.parametrize(
    "head",
    [
        "Cookie",
        "User-Agent",
        "Accept-Language",
        "X-Forwarded-For",
        "Host",
        "Content-Type",
        "Sec-Fetch-Site",
        "Accept-Encoding",
    ],
)
def test_nonsense_in_headers_is_answered(office: Office, head: str) -> None:
    client = office.app.test_client()
    for word in WORDS:
        value = "".join(each for each in word if " " <= each < "\x7f")
        value = f"komek={value}; komek-language={value}" if head == "Cookie" else value
        assert client.get("/login", headers={head: value}).status_code < 500
        assert client.post("/login", headers={head: value}, data=b"\xff\xfe=%zz&&&=").status_code < 500


def test_a_body_that_is_too_long_is_refused_with_a_text(office: Office) -> None:
    response = office.browser().post("/login", {"login": "x" * 300_000})
    assert response.status_code == 413
    assert "This is too long" in response.get_data(as_text=True)


def test_an_internal_error_reveals_nothing(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """No message of an exception reaches the page or the log."""
    office.endpoints.add(
        "/breaks",
        lambda _: dict[str, Response]()["+996000111001"],
        asks=next(iter(office.endpoints.rules.values())).asks,
    )
    browser = office.signed_in(office.insider())
    response = browser.get("/breaks")
    assert response.status_code == 500
    assert (
        "000111001" not in response.get_data(as_text=True) + caplog.text
    )  # the whole number, since a form token may contain 996
    assert response.headers["Cache-Control"] == "no-store"
