"""Nonsense at every endpoint: any request, by strangers or people signed in, is answered without an error."""

import random
from collections.abc import Iterator

import pytest
from flask import Response

from helpline.staff.roles import Role
from tests.conftest import Databases
from tests.gateway.console.office import Browser, Office
from tests.gateway.console.test_permissions import routes

REQUESTS = 2_000
WORDS = [
    "", "0", "-1", "a", "../../etc/passwd", "%00", "\x00", "\u202eevil", "\u200b", "é́", "𝔘𝔫𝔦", "{{7*7}}", "{title}", "<b>&\"'", "' or 1=1 --",
    "null", "[]", "{}", '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}', '{"id": 5}', "x" * 5_000, "я" * 3_000,
    "123456", "１２３４５６", "٣٤٥٦٧٨", "²²²²²²", "/", "//", "/account", "ru", "xx", "Asia/Bishkek", "UTC", "\ud83d", "f" * 32,
]  # fmt: skip
FIELDS = [
    "_form", "_from", "login", "password", "next", "code", "answer", "repeat", "digits", "language", "zone", "old", "new", "secret", "name", "what",
]  # fmt: skip


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def nonsense(chance: random.Random, places: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Return requests: a method, an address, a form."""
    for _ in range(REQUESTS):
        place = chance.choice(places).replace("f" * 32, chance.choice(["f" * 32, "x", "%2e%2e", "я", "%00", "a" * 300]))
        if chance.random() < 0.2:
            place += f"?{chance.choice(FIELDS)}={chance.choice(['/account', '%ff', '%00', 'x' * 200, '//e', '%F0%9F'])}"
        form = {chance.choice(FIELDS): chance.choice(WORDS) for _ in range(chance.randrange(6))}
        yield chance.choice(["GET", "POST", "POST", "PUT", "HEAD", "OPTIONS", "TRACE"]), place, form


@pytest.mark.long
def test_any_request_is_answered(office: Office) -> None:
    """Half of the forms have a valid token, so that the code behind that check is reached too."""
    chance = random.Random(20261124)
    inside, stranger = office.signed_in(office.insider(Role.COORDINATOR)), office.browser()
    places = [
        *dict.fromkeys(place for _, place, _ in routes(office)),
        "/nowhere",
        "/account/",
        "//",
        "/%2e%2e/x",
        "/static/..%2fapp.py",
    ]
    codes: dict[int, int] = {}
    for number, (method, place, form) in enumerate(nonsense(chance, places)):
        browser: Browser = chance.choice([inside, stranger])
        if chance.random() < 0.5:
            form |= proof(browser)
        form = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
        response = browser.client.open(place, method=method, data=form if method == "POST" else None)
        assert response.status_code < 500, (number, method, place, form)
        codes[response.status_code] = codes.get(response.status_code, 0) + 1
        if number % 50 == 0:
            office.wait(minutes=1)
        if browser is inside and inside.get("/account").status_code != 200:
            inside = office.signed_in(office.insider(Role.COORDINATOR, f"c{number}"))
    assert {200, 303, 400, 404, 422} <= set(codes)


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
