"""The console with people, on its own database and a clock that tests move, and browsers to use it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from html import unescape
from typing import ClassVar
from urllib.parse import urlsplit

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from gateway.console.access import Endpoints
from gateway.console.app import console_of, create_console
from gateway.console.context import Console
from gateway.console.metrics import Metrics
from helpline.accounts.browser import Visitor
from helpline.accounts.credentials import HASHER, Passwords
from helpline.accounts.inviting import Accepted, InvitationRequest
from helpline.content import console_texts
from helpline.content.console_texts import ConsoleTexts
from helpline.content.sources import ROOT, load_country
from helpline.core.config import Config
from helpline.staff import people
from helpline.staff.roles import OF_A_SERVICE, Person, Role
from helpline.store.engine import Database
from tests.world import Clock, keys

PASSWORD = "four quite unrelated words"
OFFICE, ELSEWHERE = "192.0.2.10", "198.51.100.7"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""argon2id that costs nothing. Each person of a test would else cost as much time as a page."""
FIELD = re.compile(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


class Compiled(BytecodeCache):
    """Keeps the compiled templates of a process: compiling one takes longer than a test."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a compiled template."""
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template."""
        self.known[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()
Build = Callable[..., tuple[str, str]]


class KnownRule(Rule):
    """A route that is compiled once per process, although each test makes all routes again."""

    known: ClassVar[dict[tuple[str, bool], Build]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        key = self.rule, append_unknown
        if self.defaults or key not in self.known:
            self.known[key] = super()._compile_builder(append_unknown)
        return self.known[key]


Flask.url_rule_class = KnownRule


@lru_cache
def texts(*languages: str) -> ConsoleTexts:
    """Read the console's texts once for each country of a process."""
    return console_texts.read(ROOT, languages)


@dataclass(slots=True)
class Counted:
    """Compares passwords as usual, and counts the comparisons."""

    times: int = 0

    def __call__(self, hash: str, password: str) -> bool:
        self.times += 1
        return HASHER.verify(hash, password)


@dataclass(frozen=True, slots=True)
class Insider:
    """A person with an account: their password, and the authenticator app on their phone."""

    person: Person
    secret: str = field(repr=False)
    recovery: list[str] = field(repr=False)


@dataclass(slots=True)
class Office:
    """The console. All phones in it use its `clock`."""

    console: Console
    endpoints: Endpoints
    clock: Clock
    counted: Counted
    reasons: list[str]

    @classmethod
    def on(cls, db: Database, **settings: object) -> "Office":
        config = Config.model_validate({**keys(), "data": "nowhere", **settings})
        clock, counted, reasons = Clock(), Counted(), list[str]()
        country = load_country(ROOT, config.country)
        console = console_of(
            config, country, texts(*country.languages), db.watched_by(clock), clock, clock, Passwords(counted, QUICK)
        )
        endpoints = create_console(console, lambda: reasons, Metrics(console, config), content="digest")
        endpoints.app.jinja_env.bytecode_cache = COMPILED
        return cls(console, endpoints, clock, counted, reasons)

    @property
    def app(self) -> Flask:
        return self.endpoints.app

    def wait(self, **spans: float) -> None:
        self.clock.at += timedelta(**spans)

    def invite(
        self, role: Role, login: str = "", by: Person | None = None, service: str = "ngo-1", language: str = "en"
    ) -> str:
        """Invite a person. Return the code."""
        who = Person("", f"Demo {role}", login or role, role, service if role in OF_A_SERVICE else "", language, "")
        with self.console.db.write() as tx:
            code = self.console.invitations.invite(tx, InvitationRequest(who, by))
        assert code is not None
        return code

    def insider(
        self, role: Role = Role.CASEWORKER, login: str = "", service: str = "ngo-1", language: str = "en"
    ) -> Insider:
        """Return a person who has accepted an invitation of the office."""
        return self.accept(self.invite(role, login, service=service, language=language))

    def accept(self, code: str, password: str = PASSWORD, address: str = OFFICE) -> Insider:
        """Accept an invitation."""
        welcome = self.console.invitations.look_up(code)
        assert welcome is not None
        digits = pyotp.TOTP(welcome.secret).at(self.clock.at)
        done = self.console.invitations.accept(code, password, digits, Visitor.of(address, FIREFOX))
        assert isinstance(done, Accepted), done
        with self.console.db.read() as tx:
            person = people.get(tx, done.signed_in.session.person)
        assert person is not None
        self.wait(seconds=60)  # the code that was just used is not accepted again
        return Insider(person, welcome.secret, list(done.recovery))

    def code(self, who: Insider) -> str:
        """Return what a person's app shows now."""
        return pyotp.TOTP(who.secret).at(self.clock.at)

    def browser(self, address: str = OFFICE) -> "Browser":
        return Browser(self, self.app.test_client(), address)

    def signed_in(self, who: Insider, address: str = OFFICE) -> "Browser":
        """Sign a person in, in their own browser, and wait for the next code."""
        browser = self.browser(address)
        assert browser.log_in(who).location == "/second"
        assert browser.prove(who).location == "/"
        self.wait(seconds=60)
        return browser


@dataclass(slots=True)
class Browser:
    """A browser without JavaScript. It sends the forms of its page."""

    office: Office
    client: FlaskClient
    address: str
    page: str = ""

    def get(self, place: str, **headers: str) -> TestResponse:
        """Load a page."""
        return self._took(self.client.get(place, headers=self._headers(headers), environ_base=self._from))

    def send(self, place: str, typed: Mapping[str, str] | None = None, **headers: str) -> TestResponse:
        """Send the form of the present page whose address is `place`."""
        return self.post(place, {**self.hidden(place), **(typed or {})}, **headers)

    def post(self, place: str, form: Mapping[str, str | list[str]], **headers: str) -> TestResponse:
        """Send any form."""
        return self._took(
            self.client.post(place, data=dict(form), headers=self._headers(headers), environ_base=self._from)
        )

    def hidden(self, place: str) -> dict[str, str]:
        """Return the hidden fields of the form of the present page whose address is `place`."""
        for action, inside in FIELD.findall(self.page):
            if action == place:
                return {name: unescape(value) for name, value in HIDDEN.findall(inside)}
        raise AssertionError(
            f"no form on this page goes to {place}: {[action for action, _ in FIELD.findall(self.page)]}"
        )

    def log_in(self, who: Insider, password: str = PASSWORD, onward: str = "") -> TestResponse:
        """Do the first step of signing in."""
        self.get(f"/login?next={onward}" if onward else "/login")
        return self.send("/login", {"login": who.person.login, "password": password})

    def prove(self, who: Insider, code: str = "", place: str = "/second") -> TestResponse:
        """Do the second step of signing in."""
        if f'action="{place}"' not in self.page:
            self.get(place)
        return self.send(place, {"code": code or self.office.code(who)})

    def cookie(self) -> str:
        """Return the console's cookie in this browser."""
        held = self.client.get_cookie(self.office.console.cookie)
        return held.value if held else ""

    @property
    def _from(self) -> dict[str, str]:
        return {"REMOTE_ADDR": self.address}

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {"User-Agent": FIREFOX, **{name.replace("_", "-"): value for name, value in more.items()}}

    def _took(self, response: TestResponse) -> TestResponse:
        self.page = response.get_data().decode(errors="replace")  # a file is not text
        if response.location:
            assert not urlsplit(response.location).netloc, response.location
        return response
