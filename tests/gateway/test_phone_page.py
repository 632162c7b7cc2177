"""The demo's phone page, seen from the server: its state, its clock, its weights, and who may post to it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.phone import page as page_module
from gateway.phone.inboxes import Inboxes
from gateway.phone.page import PhonePage, phone_page

HOOK = "/in/africastalking/a-secret-of-the-test"
START = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class World:
    """A clock that the page moves, and the inboxes that it shows."""

    moved: timedelta = timedelta()
    inboxes: Inboxes = field(init=False)
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.inboxes = Inboxes(self.now)
        page = PhonePage(
            hook=HOOK,
            service_code="*384*1234#",
            callers=("+996000000001", "+996000000002", "+996000000003"),
            contacts=(("Example <refuge>", "+996000000101"),),
            inboxes=self.inboxes,
            now=self.now,
            move_clock=self.move,
            reset_clock=self.reset,
            country="KG",
            zone=ZoneInfo("Asia/Bishkek"),
        )
        app = Flask("anything", static_folder=None)
        app.register_blueprint(phone_page(page))
        self.client = app.test_client()

    def now(self) -> datetime:
        return START + self.moved

    def move(self, by: timedelta) -> None:
        self.moved += by

    def reset(self) -> None:
        self.moved = timedelta()


@pytest.fixture
def world() -> World:
    return World()


def test_the_page_says_that_it_is_a_demo_and_names_its_phones(world: World) -> None:
    html = world.client.get("/phone").text
    assert "DEMO" in html
    assert f'data-hook="{HOOK}"' in html
    assert '<option value="+996000000002">' in html
    assert "Example &lt;refuge&gt;<" in html


def test_the_policy_forbids_other_hosts_and_inline_code(world: World) -> None:
    answer = world.client.get("/phone")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)|https?://", answer.text)


class Page(HTMLParser):
    """Collects what a screen reader needs of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]


def test_everything_on_the_page_has_a_name(world: World) -> None:
    page = Page(world.client.get("/phone").text)
    ids = [str(attrs["id"]) for _, attrs in page.tags if "id" in attrs]
    labelled = {attrs.get("for") for attrs in page.all("label")} | {"follow"}  # its label is around it
    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert page.all("html")[0]["lang"] == "en"
    assert all(
        attrs.get("id") in labelled or attrs.get("aria-label") for attrs in page.all("input", "select", "textarea")
    )
    assert all(attrs.get("aria-label") for attrs in page.all("button") if "data-key" in attrs or "data-do" in attrs)
    assert all(attrs["aria-labelledby"] in ids for _, attrs in page.tags if "aria-labelledby" in attrs)


@pytest.mark.parametrize("name", sorted(path.name for path in (Path(page_module.__file__).parent / "static").iterdir()))
def test_every_static_file_is_served_and_asks_no_other_host(world: World, name: str) -> None:
    with world.client.get(f"/phone/static/{name}") as answer:
        assert answer.status_code == 200
        assert not re.search(r"https?://|//[a-z]+\.[a-z]", answer.get_data(as_text=True))


def test_the_state_has_what_came_since(world: World) -> None:
    world.inboxes.put("m1", "+996000000101", "KOMEK", "one")
    first = world.client.get("/phone/state?since=0").json
    assert first is not None
    assert first["demo"] is True
    assert first["now"] == "2026-11-25T02:30:00+06:00"
    assert first["messages"] == [
        {
            "seq": 1,
            "id": "m1",
            "to": "+996000000101",
            "sender": "KOMEK",
            "text": "one",
            "parts": 1,
            "encoding": "GSM-7",
            "status": "Queued",
            "at": "2026-11-25T02:30:00+06:00",
        }
    ]
    world.inboxes.mark("m1", "Sent")
    world.inboxes.put("m2", "+996000000001", "KOMEK", "два")
    later = world.client.get(f"/phone/state?since={first['seq']}").json
    assert later is not None
    assert [(m["id"], m["status"], m["encoding"]) for m in later["messages"]] == [
        ("m1", "Sent", "GSM-7"),
        ("m2", "Queued", "UCS-2"),
    ]
    assert _messages(world, later["seq"]) == []


def _messages(world: World, since: object) -> list[str]:
    state = world.client.get(f"/phone/state?since={since}").json
    assert state is not None
    return [message["id"] for message in state["messages"]]


@pytest.mark.parametrize("since", ["900", "x", "-1", ""])
def test_a_page_older_than_the_process_gets_everything(world: World, since: str) -> None:
    world.inboxes.put("m1", "+996000000101", "", "one")
    assert _messages(world, since) == ["m1"]


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ({"minutes": 60}, "2026-11-25T03:30:00+06:00"),
        ({"minutes": 240}, "2026-11-25T06:30:00+06:00"),
        ({"to": "08:05"}, "2026-11-26T08:05:00+06:00"),  # it is Wednesday there already
        ({"to": "00:00"}, "2026-11-26T00:00:00+06:00"),
    ],
)
def test_the_clock_moves_in_the_time_of_the_country(world: World, given: dict[str, object], then: str) -> None:
    assert world.client.post("/phone/clock", json=given, headers=OURS).json == {"now": then}
    assert world.client.post("/phone/clock", json={"reset": True}, headers=OURS).json == {
        "now": "2026-11-25T02:30:00+06:00"
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        *({"minutes": minutes} for minutes in (0, -5, True, "60", 10**9, 1.5)),
        *({"to": moment} for moment in ("24:00", "8:05", 805, "08:05\n")),
        {"reset": False},
        [],
        "reset",
        7,
    ],
)
def test_nothing_else_moves_the_clock(world: World, given: object) -> None:
    answer = world.client.post("/phone/clock", json=given, headers=OURS)
    assert answer.status_code == 400
    assert world.moved == timedelta()


def test_tomorrow_is_right_on_the_day_on_which_summer_time_ends() -> None:
    world = World()
    zone = ZoneInfo("Europe/Berlin")
    page = PhonePage(
        HOOK, "*1#", (), (), world.inboxes, lambda: START.replace(month=10), world.move, world.reset, "DE", zone
    )
    app = Flask("anything")
    app.register_blueprint(phone_page(page))
    app.test_client().post("/phone/clock", json={"to": "08:05"}, headers=OURS)
    assert START.replace(month=10) + world.moved == datetime(2026, 10, 25, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("Call me", {"used": 7, "room": 160, "encoding": "GSM-7", "culprit": None}),
        ("{x}", {"used": 5, "room": 160, "encoding": "GSM-7", "culprit": None}),
        ("1 Русский", {"used": 9, "room": 70, "encoding": "UCS-2", "culprit": "Р"}),
        ("", {"used": 0, "room": 160, "encoding": "GSM-7", "culprit": None}),
    ],
)
def test_a_screen_is_weighed_by_the_one_that_weighs_all(world: World, text: str, weight: dict[str, object]) -> None:
    assert world.client.post("/phone/weight", json={"text": text}, headers=OURS).json == weight


def test_what_is_no_text_has_no_weight(world: World) -> None:
    assert world.client.post("/phone/weight", json={"text": 7}, headers=OURS).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
@pytest.mark.parametrize("address", ["/phone/clock", "/phone/weight"])
def test_only_the_page_itself_may_post(world: World, address: str, headers: dict[str, str], status: int) -> None:
    answer = world.client.post(address, json={"minutes": 60, "text": ""}, headers=headers)
    assert answer.status_code == status
    assert bool(world.moved) == (address == "/phone/clock" and status == 200)


@pytest.mark.parametrize("ask", [FlaskClient.get, FlaskClient.put])
def test_the_clock_is_moved_by_posts_alone(world: World, ask: Callable[..., object]) -> None:
    assert getattr(ask(world.client, "/phone/clock"), "status_code", None) == 405
