"""Access to each endpoint: every route × every role, forged forms, headers, and redirects to other sites."""

import itertools
import re
from collections.abc import Iterator

import pytest

from gateway.console.access import Endpoint, Form, Open
from gateway.console.hsds_openapi import LISTS
from gateway.console.pages import HEADERS, POLICY
from helpline.staff.roles import MAY, OF_A_SERVICE, Permission, Person, Role, may_invite
from tests.conftest import Databases
from tests.gateway.console.office import Browser, Office

ANYBODY, HALF_WAY = "anybody", "half way"
EVERYONE = (ANYBODY, HALF_WAY, *Role)


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def routes(office: Office) -> Iterator[tuple[str, str, Endpoint]]:
    """Return every route of the app as method, address and endpoint."""
    for rule in office.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            yield method, re.sub(r"<[^>]+>", "f" * 32, rule.rule), office.endpoints.rules[rule.endpoint]


def browsers(office: Office) -> dict[str, Browser]:
    """Return a browser of each role, one that is half signed in, and a stranger's."""
    everybody = {role.value: office.signed_in(office.insider(role)) for role in Role}
    half = office.browser()
    half.log_in(office.insider(Role.AUDITOR, "half"))
    return {ANYBODY: office.browser(), HALF_WAY: half, **everybody}


def expected(who: str, endpoint: Endpoint) -> str:
    """Return what the table of permissions says."""
    if endpoint.asks is Open.EVERYBODY:
        return "in"
    if endpoint.asks is Open.HALF_WAY:
        return "in" if who == HALF_WAY else "/login"
    if who in {ANYBODY, HALF_WAY} and endpoint.quiet:
        return "nothing more"
    if who == ANYBODY:
        return "/login"
    if who == HALF_WAY:
        return "/second"
    if endpoint.asks not in MAY[Role(who)]:
        return "forbidden"
    return "/again" if endpoint.sudo else "in"


def test_every_route_has_an_endpoint_with_a_permission(office: Office) -> None:
    """No route is without a permission, and none answers a method that is not used."""
    named = {rule.endpoint for rule in office.app.url_map.iter_rules()}
    assert named == set(office.endpoints.rules)
    assert not any("OPTIONS" in (rule.methods or ()) for rule in office.app.url_map.iter_rules())
    assert office.app.view_functions.keys() == named


def test_only_these_endpoints_are_open_to_everybody(office: Office) -> None:
    """A person who changes this list must review each new entry."""
    opened = {f"{method} {place}" for method, place, endpoint in routes(office) if endpoint.asks is Open.EVERYBODY}
    assert opened == {
        "GET /login", "POST /login", "POST /language", "POST /leave", "GET /away", "GET /welcome", "POST /welcome",
        "POST /welcome/set-up", f"GET /static/{'f' * 32}", "GET /health/live", "GET /health/ready",
        "GET /metrics",  # needs a token, or a client on this machine
        "GET /hsds/", "GET /hsds/openapi.json",  # need a token, and hold nothing that is not public
        *(f"GET /hsds/{name}" for name in LISTS), *(f"GET /hsds/{name}/{'f' * 32}" for name in LISTS),
    }  # fmt: skip


def test_every_route_obeys_the_permissions_of_every_role(office: Office) -> None:
    """A second factor was entered, but not in the last five minutes."""
    everybody = browsers(office)
    office.wait(minutes=4)
    seen = 0
    for (method, place, endpoint), who in itertools.product(list(routes(office)), EVERYONE):
        browser = everybody[who]
        if place in {"/sign-out", "/leave"}:
            continue  # ends the session, so it is tested below
        response = browser.get(place) if method == "GET" else browser.post(place, {})
        told = (response.location or "").partition("?")[0]
        code, want = response.status_code, expected(who, endpoint)
        if want.startswith("/"):
            assert (code, told) == (303, want), (method, place, who)
        elif want == "nothing more":
            assert (code, told) == (204, ""), (method, place, who)
        elif want == "forbidden":
            assert code == 403, (method, place, who)
        else:
            through = code in {200, 303, 404} if method == "GET" else code == 400  # a form without its token
            assert through, (method, place, who, code)
            assert told not in {"/login", "/second", "/again"}, (method, place, who)
        seen += 1
    assert seen == (len(list(routes(office))) - 2) * len(EVERYONE)


def test_a_permission_that_nobody_has_lets_nobody_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new route is closed if its permission is in no row of the table."""
    caseworker = office.signed_in(office.insider())
    for permission in sorted(set(Permission) - MAY[Role.CASEWORKER]):
        office.app._got_first_request = False
        office.endpoints.add(f"/try/{permission}", lambda _: pytest.fail("came through"), permission)
        assert caseworker.get(f"/try/{permission}").status_code == 403


def test_only_the_service_with_the_claim_sees_numbers() -> None:
    """Not a coordinator, an auditor or an operator: no row of the table permits it."""
    assert {role for role in Role if Permission.REVEAL in MAY[role]} == {Role.CASEWORKER, Role.LEAD}
    assert MAY[Role.OPERATOR] == {Permission.ACCOUNT, Permission.MACHINE}
    wanted = Person("", "", "", Role.COORDINATOR, "", "en", "")
    services = {role: "service" if role in OF_A_SERVICE else "" for role in Role}
    inviters = {role: Person("", "", "", role, service, "en", "") for role, service in services.items()}
    assert {role for role, by in inviters.items() if may_invite(by, wanted)} == {Role.COORDINATOR}


def test_a_disabled_person_is_signed_out_at_once(office: Office) -> None:
    who = office.insider()
    browser = office.signed_in(who)
    assert browser.get("/account").status_code == 200
    with office.console.db.write() as tx:
        office.console.invitations.disable(tx, who.person, None)
    assert browser.get("/account").location.startswith("/login")
    assert office.browser().log_in(who).status_code == 422


FORGED = [
    ("nothing", lambda proof, other: {}),
    ("a made-up proof", lambda proof, other: {"_form": "0123456789abcdef." + "0" * 32}),
    ("that of another session", lambda proof, other: {"_form": other}),
    ("another nonce", lambda proof, other: {"_form": f"{'0' * 16}.{proof.partition('.')[2]}"}),
    ("a proof without a nonce", lambda proof, other: {"_form": proof.partition(".")[2]}),
    (
        "letters that are none",
        lambda proof, other: {"_form": "\udcff.\udcff".encode("utf-8", "surrogatepass").decode("latin-1")},
    ),
]


@pytest.mark.parametrize(("why", "made"), FORGED, ids=[row[0] for row in FORGED])
def test_a_forged_form_does_nothing(office: Office, why: str, made: object) -> None:
    who, other = office.insider(), office.signed_in(office.insider(Role.LEAD))
    browser = office.signed_in(who)
    other.get("/account")
    browser.get("/account")
    proof = browser.hidden("/account/looks")["_form"]
    forged = made(proof, other.hidden("/account/looks")["_form"])  # type: ignore[operator]
    assert browser.post("/account/looks", {**forged, "language": "ru", "zone": ""}).status_code == 400
    assert "Мой аккаунт" not in browser.get("/account").get_data(as_text=True)


def test_every_form_except_sign_out_needs_its_token(office: Office) -> None:
    assert [place for method, place, endpoint in routes(office) if method == "POST" and endpoint.form is Form.ANY] == [
        "/leave"
    ]


def test_a_form_from_another_site_is_refused_even_with_a_valid_token(office: Office) -> None:
    browser = office.signed_in(office.insider())
    browser.get("/account")
    typed = {"language": "ru", "zone": ""}
    assert browser.send("/account/looks", typed, Sec_Fetch_Site="cross-site").status_code == 400
    browser.get("/account")
    assert browser.send("/account/looks", typed, Sec_Fetch_Site="same-origin").status_code == 303


def test_a_form_that_is_sent_twice_counts_once(office: Office) -> None:
    browser = office.signed_in(office.insider())
    browser.get("/account")
    form = {**browser.hidden("/account/looks"), "language": "ru", "zone": ""}
    assert browser.post("/account/looks", form).status_code == 303
    again = browser.post("/account/looks", {**form, "language": "en"})
    assert again.status_code == 409
    assert 'href="/account"' in again.get_data(as_text=True)
    assert "Мой аккаунт" in browser.get("/account").get_data(as_text=True)


def test_a_form_that_was_refused_may_be_sent_again(office: Office) -> None:
    browser = office.signed_in(office.insider())
    browser.get("/account")
    form = browser.hidden("/account/looks")
    assert browser.post("/account/looks", {**form, "language": "xx", "zone": ""}).status_code == 422
    assert browser.post("/account/looks", {**form, "language": "ru", "zone": ""}).status_code == 303


def test_every_response_has_the_security_headers(office: Office) -> None:
    """This includes refusals, redirects, errors and unknown addresses."""
    browser = office.signed_in(office.insider())
    for place in ("/account", "/login", "/nowhere", "/away", "/account/app", "/health/ready", "/static/nothing"):
        response = browser.get(place)
        for name, value in HEADERS:
            assert response.headers[name] == value, (place, name)
        assert "Server" not in response.headers
    assert browser.post("/account/looks", {}).headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'; ")


def test_only_static_files_are_cached(office: Office) -> None:
    browser = office.browser()
    browser.get("/login")
    for place in re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.page):
        response = browser.get(place)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("place", ["/account", "/login", "/welcome", "/account/app", "/nowhere", "/away", "/again"])
def test_no_page_has_inline_code_or_addresses_of_other_hosts(office: Office, place: str) -> None:
    """Inline code would need an exception in the policy. Another host would learn who works here."""
    browser = office.signed_in(office.insider())
    page = browser.get(place).get_data(as_text=True)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page)
    assert not re.findall(r"(?:https?:)?//", page.replace("<!doctype html>", ""))
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "place",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%5cevil.example", "javascript:alert(1)",
     "/account\r\nLocation: x", "/\tevil", "http:/account", "/nowhere", "/account/looks", "/" + "a" * 600, "///evil.example",
     "/account@evil.example", "/account/../../evil", "account"],
)  # fmt: skip
def test_after_signing_in_nobody_is_redirected_to_another_site(office: Office, place: str) -> None:
    who = office.insider()
    browser = office.browser()
    browser.get("/login")
    form = {
        **browser.hidden("/login"),
        "login": who.person.login,
        "password": "four quite unrelated words",
        "next": place,
    }
    assert browser.post("/login", form).location == "/second"
    browser.get("/second")
    form = {**browser.hidden("/second"), "code": office.code(who), "next": place}
    assert browser.post("/second", form).location == "/"


def test_after_signing_in_a_person_returns_to_their_page(office: Office) -> None:
    who = office.insider()
    browser = office.browser()
    to_login = browser.get("/account?done=looks").location
    assert to_login == "/login?next=/account%3Fdone%3Dlooks"
    browser.get(to_login)
    to_second = browser.send("/login", {"login": who.person.login, "password": "four quite unrelated words"}).location
    browser.get(to_second)
    assert browser.send("/second", {"code": office.code(who)}).location == "/account?done=looks"
