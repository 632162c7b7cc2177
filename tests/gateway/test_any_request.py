"""Random requests over every route of both webs, by strangers and by people of each role: no internal error.

What a request is made of is drawn with a fixed seed: address, method, query, body, headers and cookies. Half of the
forms of the console carry a valid token, and many addresses a real id, so that the code behind these checks is reached.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pydantic import SecretStr
from werkzeug.routing import Rule

from gateway.app import bridged_calls_of, create_public
from gateway.demo import Demo
from gateway.phone.inboxes import Inboxes
from gateway.phone.receipts import Receipts
from gateway.phone.reloading import Findings
from helpline.core.clock import DemoClock, clock_of
from helpline.staff.roles import Role
from helpline.store.schema import metadata
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_crawl import WORDS, proof
from tests.world import CALL_ME, CALLER, contents

FEW, MANY = 600, 10_000
ROOT = Path(__file__).parents[2]
SECRET = "s" * 32
NAMED = re.compile(r"""(?:name="|form\.get\("|args\.get\("|one\("|\["|sent\.get\(")([A-Za-z_]{2,20})["\\]""")
METHODS = ("GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW")
HEADERS = (
    "Accept-Language", "Cookie", "Content-Type", "Host", "If-None-Match", "Origin", "Range", "Referer", "Sec-Fetch-Site",
    "Transfer-Encoding", "User-Agent", "X-Forwarded-For", "Authorization", "Last-Event-ID",
)  # fmt: skip
KINDS = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain", "\x00", "",
)  # fmt: skip
NUMBERS = (CALLER, "+996000111001", "+99600000001", "anonymous", "100", "+")
KEYS = (*"0123456789", "00", "*".join(CALL_ME), "482913", "1*1*1*1*1")
BODIES = (
    b"", b"\xff\xfe=%zz&&&=", b"[]", b'{"id": 5, "response": []}', b'{"index": "a", "messages": {}}', b"null", b"1e999",
    b"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\xff\"\r\n\r\n\x00\r\n--x--\r\n", b"a=" + b"x" * 9_000,
    b"x" * 201_000,
)  # fmt: skip
STRANGER, HALF_WAY = "a stranger", "half way in"


def field_names(folder: str) -> list[str]:
    """Return what the pages of a web call their fields."""
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".html", ".js"}]
    return sorted({name for path in files for name in NAMED.findall(path.read_text())})


@dataclass
class Webs:
    """Both webs on one database, and those who use them."""

    house: CaseOffice
    public: Flask
    chance: random.Random
    ids: Sequence[str] = ()
    visitors: dict[str, Browser] = field(default_factory=dict)
    codes: Counter[tuple[str, int]] = field(default_factory=Counter)
    came: int = 0

    def __post_init__(self) -> None:
        self.names = {"public": field_names("gateway/channels") + field_names("gateway/phone")}
        self.names["console"] = field_names("gateway/console")
        console = self.house.office.app
        self.rules = [(which, rule) for which, app in (("public", self.public), ("console", console))
                      for rule in app.url_map.iter_rules()]  # fmt: skip

    def go(self, requests: int) -> None:
        """Send this many requests, to each route in turn."""
        for number in range(requests):
            if number % 100 == 0:
                self._time_goes_on(number // 100)
            if number % len(self.rules) == 0:
                self.chance.shuffle(self.rules)
            self._send(number, *self.rules[number % len(self.rules)])

    def _time_goes_on(self, hundreds: int) -> None:
        """Make a request, let the workers run, and learn the ids of all rows."""
        self.house.world.ask(f"+996000{130_000 + hundreds}", window=self.chance.choice("1234"))
        self.house.world.run()
        self.house.world.wait(minutes=self.chance.choice((3, 45)))
        with self.house.world.db.read() as tx:
            columns = [table.c.id for table in metadata.sorted_tables if "id" in table.c]
            self.ids = [str(id) for column in columns for id in tx.execute(sa.select(column).limit(20)).scalars()]

    def _send(self, number: int, which: str, rule: Rule) -> None:
        who = self.chance.choice((STRANGER, STRANGER, HALF_WAY, *Role)) if which == "console" else STRANGER
        usual = sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"})
        method = self.chance.choice((*usual, *usual, *usual, *METHODS))
        sent: dict[str, Any] = {"method": method, "headers": self._headers(), "query_string": self._query(which)}
        browser = self._visitor(who) if which == "console" else None
        sent |= self._body(which, browser)
        place = self._place(rule)
        client = browser.client if browser else self.public.test_client()
        with client.open(
            place, environ_base={"REMOTE_ADDR": self.chance.choice(("192.0.2.10", "x", ""))}, **sent
        ) as got:
            assert got.status_code < 500, (number, which, who, place, sent)
        self.codes[which, got.status_code] += 1

    def _place(self, rule: Rule) -> str:
        """Return an address of a route, with real or random values in it."""
        return re.sub(r"<(?:[^>:]+:)?([^>]+)>", lambda found: self._value(found[1]), rule.rule)

    def _value(self, name: str) -> str:
        known = {
            "secret": SECRET,
            "channel": "africastalking",
            "kind": self.chance.choice(("sms", "receipt", "optout")),
        }
        if name in known and self.chance.random() < 0.9:
            return known[name]
        return self.chance.choice(
            (self._id(), self._id(), self._id(), "x", "%2e%2e", "я", "%00", "a" * 300, "2026-10", "-1")
        )

    def _id(self) -> str:
        return self.chance.choice(self.ids)

    def _query(self, which: str) -> dict[str, str]:
        return {self.chance.choice(self.names[which]): self._word() for _ in range(self.chance.choice((0, 0, 1, 3)))}

    def _word(self) -> str:
        kinds: tuple[Sequence[str], ...] = (WORDS, NUMBERS, KEYS, self.ids)
        return self.chance.choice(self.chance.choice(kinds)).encode("utf-8", "replace").decode()

    def _headers(self) -> dict[str, str]:
        names = self.chance.sample(HEADERS, self.chance.choice((0, 0, 1, 3)))
        return {name: "".join(each for each in self._word() if " " <= each < "\x7f") for name in names}

    def _body(self, which: str, browser: Browser | None) -> dict[str, Any]:
        if self.chance.random() < 0.15:
            return {"data": self.chance.choice(BODIES), "content_type": self.chance.choice(KINDS)}
        form = {name: self._word() for name in self.chance.sample(self.names[which], self.chance.randrange(7))}
        if which == "public":
            usual = {"sessionId": f"ATUid_{self.chance.randrange(50)}", "phoneNumber": self.chance.choice(NUMBERS)}
            form = {**usual, "serviceCode": "*500#", "networkCode": "1", "text": self.chance.choice(KEYS), **form}
        elif browser and self.chance.random() < 0.5:
            form |= proof(browser)
        return {"data": form}

    def _visitor(self, who: str) -> Browser:
        """Return a browser of this kind of visitor. It signs in again after it has been signed out."""
        browser = self.visitors.get(who)
        if browser is None or (who not in {STRANGER, HALF_WAY} and browser.get("/account").status_code != 200):
            browser = self.visitors[who] = self._comes(who)
        return browser

    def _comes(self, who: str) -> Browser:
        office, self.came = self.house.office, self.came + 1
        if who == STRANGER:
            return office.browser()
        role = Role.AUDITOR if who == HALF_WAY else Role(who)
        insider = office.insider(role, f"visitor{self.came}", self.house.service_of(self.house.newest()))
        if who != HALF_WAY:
            return office.signed_in(insider)
        browser = office.browser()
        browser.log_in(insider)
        return browser


@pytest.fixture
def webs(new_sqlite: Databases, tmp_path: Path) -> Webs:
    house = CaseOffice.on(new_sqlite(), bridge=True)
    world = house.world
    config = world.config.model_copy(update={"webhook_secret": SecretStr(SECRET), "data": tmp_path})
    texts, now = contents(config), clock_of(True, tmp_path)
    assert isinstance(now, DemoClock)
    inboxes = Inboxes(now)
    demo = Demo(config, now, Findings(), inboxes, Receipts(inboxes, lambda _: None))
    public = create_public(
        world.public, config, list, content="test", emergency=world.public.emergency(),
        bridged=bridged_calls_of(config, texts, world.db), pages=demo.pages(texts, world.public.ctx.words),
    )  # fmt: skip
    return Webs(house, public, random.Random(20261127))


@pytest.mark.long
def test_no_request_causes_an_internal_error(webs: Webs) -> None:
    webs.go(FEW)
    assert webs.codes.total() == FEW
    wanted = {("public", code) for code in (200, 400, 404)}
    wanted |= {("console", code) for code in (200, 303, 400, 403, 404, 413, 422)}
    while not wanted <= set(webs.codes) and webs.codes.total() < 3 * FEW:
        webs.go(100)  # each new route changes what is drawn, and so when the rarest answer comes
    assert wanted <= set(webs.codes)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_none_of_ten_thousand_requests_causes_an_internal_error(webs: Webs) -> None:
    webs.go(MANY)
    assert webs.codes.total() == MANY
