"""The demo's phone page, seen from the server: its state, its clock, the position of a call, and who may post."""

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from gateway.phone import page as page_module
from gateway.phone.guide import Guide
from gateway.phone.inboxes import Inboxes
from gateway.phone.page import Contact, Countries, PhonePage, page_language, phone_page
from gateway.phone.pieces import Template
from gateway.phone.reloading import Findings
from helpline.content import catalogs, phone_texts
from helpline.content.loading import compose
from helpline.content.phone_texts import PhoneTexts
from helpline.content.sources import ROOT, countries, read_sources
from helpline.core.config import Config
from menus.faults import Mark
from tests.gateway.phone_book import page_texts, salt, small_book, small_guide
from tests.world import CALLER, contents

HOOK = "/in/africastalking/a-secret-of-the-test"
START = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class World:
    """A clock that the page moves, and the inboxes that it shows."""

    moved: timedelta = timedelta()
    inboxes: Inboxes = field(init=False)
    switched: list[str] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.inboxes = Inboxes(self.now)
        page = PhonePage(
            hook=HOOK,
            service_code="*384*1234#",
            callers=("+996000000001", "+996000000002", "+996000000003"),
            contacts=(Contact("kg-refuge", "Example <refuge>", "+996000000101"),),
            inboxes=self.inboxes,
            now=self.now,
            move_clock=self.move,
            reset_clock=self.reset,
            countries=Countries("KG", ("KG", "TJ"), self.switch),
            guide=small_guide({"t.home": Mark("content/menus/t.yaml", 10, 3)}),
            texts=page_texts,
            zone=ZoneInfo("Asia/Bishkek"),
            findings=self.findings,
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

    def switch(self, country: str) -> Sequence[str]:
        if not self.refuses:
            self.switched.append(country)
        return self.refuses

    def where(self, text: str, hops: Sequence[int], shown: str) -> dict[str, Any]:
        """Ask for the position of a call."""
        given = {"session": "s1", "number": CALLER, "text": text, "hops": list(hops), "shown": shown}
        told = self.client.post("/phone/where", json=given, headers=OURS).json
        assert told is not None
        return dict(told)


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


def test_every_element_of_the_page_has_a_name(world: World) -> None:
    page = Page(world.client.get("/phone").text)
    ids = [str(attrs["id"]) for _, attrs in page.tags if "id" in attrs]
    labelled = {attrs.get("for") for attrs in page.all("label")} | {"follow"}  # its label contains it
    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert page.all("html")[0]["lang"] == "en"
    assert all(
        attrs.get("id") in labelled or attrs.get("aria-label") for attrs in page.all("input", "select", "textarea")
    )
    assert all(attrs.get("aria-label") for attrs in page.all("button") if "data-key" in attrs or "data-do" in attrs)
    named = [str(attrs["aria-labelledby"]).split() for _, attrs in page.tags if "aria-labelledby" in attrs]
    assert all(name in ids for names in named for name in names)


ALL = PhoneTexts({code: {} for code in ("en", "ru", "kk", "ky", "tg", "uz", "uz_Cyrl", "tk")})
SOME = PhoneTexts({"en": {}, "ru": {}})


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("tg", "tg"),
        ("tg-TJ,tg;q=0.9,en-US;q=0.8,en;q=0.7", "tg"),
        ("KY", "ky"),
        ("kk-KZ,kk", "kk"),
        ("uz-Latn-UZ", "uz"),
        ("uz-Cyrl-UZ,ru;q=0.5", "uz_Cyrl"),
        ("tk-TM", "tk"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("de,ru;q=0.5", "ru"),
        ("de,fr;q=0.5", "en"),
        ("", "en"),
    ],
)
def test_the_page_opens_in_the_language_of_the_browser(asked: str, language: str) -> None:
    accepted = parse_accept_header(asked, LanguageAccept)
    assert page_language(["", ""], accepted, ALL) == language
    assert page_language(["", ""], accepted, SOME) == ("en" if language == "en" else "ru")
    assert page_language(["", "ky"], accepted, ALL) == page_language(["ky", "tk"], accepted, ALL) == "ky"
    assert page_language(["xx", "kk"], accepted, SOME) == page_language(["", ""], accepted, SOME)


def test_a_language_in_the_address_is_kept_for_the_next_visit(world: World) -> None:
    assert world.client.get("/phone?lang=xx").headers.get("Set-Cookie") is None
    first = world.client.get("/phone?lang=ru")
    assert "HttpOnly; Path=/phone; SameSite=Lax" in first.headers["Set-Cookie"]
    for answer in (first, world.client.get("/phone", headers={"Accept-Language": "en"})):
        assert Page(answer.text).all("html")[0]["lang"] == "ru"


def test_the_page_is_offered_in_all_languages_of_callers() -> None:
    """And in each of them whole: a language that lacks a text is not offered."""
    assert page_texts().languages == ("en", "ru", "kk", "ky", "tg", "uz", "uz_Cyrl", "tk")


def test_a_language_that_lacks_a_text_is_not_offered(tmp_path: Path) -> None:
    copy = shutil.copytree(ROOT, tmp_path / "content")
    path = catalogs.file_of(copy, "ru")
    path.write_text(path.read_text("utf-8").replace('msgstr "Komek отвечает."', 'msgstr ""'), "utf-8")
    assert phone_texts.read(copy).languages == tuple(code for code in page_texts().languages if code != "ru")
    _, lacking = compose(Config(country="KG"), read_sources(copy))
    assert "ru" not in lacking  # callers have it


@pytest.mark.parametrize("name", sorted(path.name for path in (Path(page_module.__file__).parent / "static").iterdir()))
def test_every_static_file_is_served_and_uses_no_other_host(world: World, name: str) -> None:
    with world.client.get(f"/phone/static/{name}") as answer:
        assert answer.status_code == 200
        assert not re.search(r"https?://|//[a-z]+\.[a-z]", answer.get_data(as_text=True))


def test_the_page_names_every_text_and_no_other() -> None:
    folder = Path(page_module.__file__).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("static/*.js"))
    code += (folder / "templates" / "phone.html").read_text("utf-8")
    named = set(
        re.findall(r"""["']((?:frame|tabs|caller|service|handset|clock|console|tour|technical)\.[a-z_]+)["']""", code)
    )
    steps = re.findall(r"^      ([a-z]+): \(\) => ", code, re.MULTILINE)
    named |= {f"tour.{step}.{part}" for step in steps for part in ("title", "text", "button")}
    named |= {f"countries.{code}" for code in countries()}
    assert named == set(page_texts().said["en"])


def test_the_state_contains_new_messages(world: World) -> None:
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
            "pieces": [{"text": "one", "slot": ""}],
            "weight": {
                "encoding": "GSM-7",
                "used": 3,
                "room": 160,
                "septets": 3,
                "units": 3,
                "most_septets": 160,
                "most_units": 70,
                "culprit": None,
                "outside": "",
                "count": 0,
                "parts": 1,
            },
        }
    ]
    assert (first["content"], first["faults"], first["country"]) == ("first-digest", [], "KG")
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
        ({"to": "08:05"}, "2026-11-26T08:05:00+06:00"),  # there it is already Wednesday
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


def test_tomorrow_is_right_on_the_day_summer_time_ends() -> None:
    world = World()
    zone = ZoneInfo("Europe/Berlin")
    there = Countries("DE", (), world.switch)
    page = PhonePage(
        HOOK, "*1#", (), (), world.inboxes, lambda: START.replace(month=10), world.move, world.reset, there,
        small_guide(), page_texts, zone,
    )  # fmt: skip
    app = Flask("anything")
    app.register_blueprint(phone_page(page))
    app.test_client().post("/phone/clock", json={"to": "08:05"}, headers=OURS)
    assert START.replace(month=10) + world.moved == datetime(2026, 10, 25, 7, 5, tzinfo=UTC)


def test_where_names_the_screen_its_path_and_its_source_line(world: World) -> None:
    told = world.where("2", [0, 1], "How can we help?\n1 Call me\n2 My request\n3 Do not ring me\n8 SOS")
    assert (told["screen"], told["at"], told["language"]) == ("t.home", "content/menus/t.yaml:10", "en")
    assert (told["page"], told["pages"], told["wrong"], told["instead"]) == (1, 1, False, False)
    assert [(step["key"], step["screen"]) for step in told["path"]] == [("", "t.language"), ("2", "t.home")]


def test_where_follows_the_drawn_key_and_ignores_keys_dialled_past_consent(world: World) -> None:
    consent = "A helper will ring you.\n3 Go on 0 No"
    told = world.where("2*2", [0, 1, 2], consent)
    assert told["screen"] == "t.consent"
    assert {"text": "3", "slot": "drawn"} in told["pieces"]
    ahead = world.where("2*2*3", [0, 3], consent)  # all in one hop: the consent screen was not shown before
    assert (ahead["screen"], ahead["path"][-1]["screen"]) == ("t.consent", "t.consent")
    seen = world.where("2*2*3", [0, 1, 2, 3], "Written down. Code 482913, your word RAIN, our word LAMP.")
    assert (seen["screen"], seen["instead"]) == ("t.kept", False)
    filled = {piece["slot"]: piece["text"] for piece in seen["pieces"] if piece["slot"]}
    assert filled == {"code": "482913", "word": "RAIN", "ours": "LAMP"}


def test_the_way_leads_to_a_screen_and_shows_every_consent_screen(world: World) -> None:
    given = {"session": "s1", "number": CALLER, "text": "2", "hops": [0, 1], "to": "t.kept"}
    assert world.client.post("/phone/way", json=given, headers=OURS).json == {"keys": ["1"]}
    given |= {"text": "2*2", "hops": [0, 1, 2]}
    assert world.client.post("/phone/way", json=given, headers=OURS).json == {"keys": ["3"]}  # the drawn key
    given |= {"to": "t.nowhere"}
    assert world.client.post("/phone/way", json=given, headers=OURS).json == {"keys": []}


def test_the_screens_of_the_tour_are_in_the_content() -> None:
    tour = (Path(page_module.__file__).parent / "static" / "tour.js").read_text("utf-8")
    screens = set(re.findall(r'"((?:callback|start)\.[a-z_]+)"', tour))
    assert len(screens) == 5
    assert screens <= set(contents(Config()).book.tree.screens)


def test_an_offer_is_translated_and_a_callers_word_is_not() -> None:
    book = contents(Config()).book
    guide = Guide(book, salt)
    region, words = dict(book.locals["ru"].lists["regions"]), dict(book.locals["ru"].lists["words"])
    about = {"need": book.notice("ru", "needs.wages"), "window": book.notice("ru", "windows.any")}
    sent = book.notice("ru", "to_ngo.offer", place=region["KG-GB"], speaks="RU", offer="48291", **about)
    told = guide.translated(sent, "en")
    english = dict(book.locals["en"].lists["regions"])["KG-GB"]
    assert all(part in told for part in (english, book.notice("en", "needs.wages"), "48291"))
    rain = next(iter(words.values()))
    kept = guide.translated(book.notice("ru", "to_caller.kept", word=rain, ours="ЛАМПА"), "en")
    assert kept == book.notice("en", "to_caller.kept", word=rain, ours="ЛАМПА")
    assert guide.translated(sent, "ru") == ""
    assert guide.translated("Nobody wrote this.", "en") == ""


def test_where_reports_a_wrong_key(world: World) -> None:
    told = world.where("2*5", [0, 1, 2], "No such key.\nHow can we help?\n1 Call me\n2 My request")
    assert told["wrong"]
    assert [step["wrong"] for step in told["path"]] == [False, False, True]


def test_where_says_that_the_service_showed_another_screen(world: World) -> None:
    told = world.where("2*2", [0, 1, 2], "This number cannot be rung from here.")
    assert (told["screen"], told["instead"]) == ("t.unreached", True)
    nowhere = world.where("", [0], "Nobody wrote this.")
    assert (nowhere["screen"], nowhere["pieces"]) == ("", [{"text": "Nobody wrote this.", "slot": ""}])


@pytest.mark.parametrize(
    ("shown", "weight"),
    [
        ("Call me", {"encoding": "GSM-7", "used": 7, "room": 160, "septets": 7, "units": 7, "culprit": None}),
        ("{x}", {"encoding": "GSM-7", "used": 5, "septets": 5, "units": 3, "outside": "", "count": 0}),
        ("It’s, it’s", {"encoding": "UCS-2", "used": 10, "room": 70, "culprit": "’", "outside": "’", "count": 2}),
        ("1 Русский", {"used": 9, "septets": None, "units": 9, "culprit": "Р", "outside": "Руский", "count": 7}),
        ("😀", {"used": 2, "units": 2, "culprit": "😀"}),
        ("", {"encoding": "GSM-7", "used": 0, "most_septets": 160, "most_units": 70}),
    ],
)
def test_a_screen_is_weighed_by_the_same_code_as_in_production(
    world: World, shown: str, weight: dict[str, object]
) -> None:
    told = world.where("", [0], shown)["weight"]
    assert {name: told[name] for name in weight} == weight


def test_an_sms_of_several_parts_has_the_capacity_of_all(world: World) -> None:
    world.inboxes.put("m1", "+996000000101", "", "д" * 100)
    state = world.client.get("/phone/state?since=0").json
    assert state is not None
    weight = state["messages"][0]["weight"]
    assert (weight["parts"], weight["used"], weight["room"]) == (2, 100, 134)


def test_an_sms_is_parsed_with_its_template(world: World) -> None:
    world.inboxes.put("m1", "+996000000101", "", "Request 48291: place not said. YES 48291 / NO 48291")
    state = world.client.get("/phone/state?since=0").json
    assert state is not None
    pieces = state["messages"][0]["pieces"]
    assert [piece["text"] for piece in pieces if piece["slot"] == "offer"] == ["48291"] * 3
    assert "".join(piece["text"] for piece in pieces) == "Request 48291: place not said. YES 48291 / NO 48291"


def test_the_values_of_a_promise_have_names() -> None:
    book = small_book()
    pieces = Template.of("t", "{promise}").read("We ring 25.11 08:00-12:00.", book, "en")
    assert pieces is not None
    assert {piece.slot: piece.text for piece in pieces if piece.slot} == {
        "day": "25.11",
        "from": "08:00",
        "to": "12:00",
    }


def test_the_call_window_of_a_card_has_names_too() -> None:
    read = Template.of("t", "Word RAIN. {window}.").read("Word RAIN. 02.12 08:00-12:00.", small_book(), "en")
    assert read is not None
    assert [piece.slot for piece in read if piece.slot] == ["day", "from", "to"]
    assert "".join(piece.text for piece in read) == "Word RAIN. 02.12 08:00-12:00."


@pytest.mark.parametrize(
    "given",
    [
        {}, [], 7, {"session": "s", "number": CALLER, "text": "", "hops": []}, {"session": 1, "number": CALLER, "text": "", "hops": [], "shown": ""},
        {"session": "s", "number": CALLER, "text": "", "hops": ["0"], "shown": ""}, {"session": "s", "number": CALLER, "text": "", "hops": [True], "shown": ""},
        {"session": "s", "number": CALLER, "text": "", "hops": [-1], "shown": ""}, {"session": "s", "number": CALLER, "text": "1" * 401, "hops": [], "shown": ""},
    ],
)  # fmt: skip
def test_other_texts_have_no_position_in_the_graph(world: World, given: object) -> None:
    assert world.client.post("/phone/where", json=given, headers=OURS).status_code == 400
    assert world.client.post("/phone/way", json=given, headers=OURS).status_code == 400


def test_each_language_has_its_keys(world: World) -> None:
    assert small_guide().languages() == [("ru", "Русский", "1"), ("en", "English", "2")]
    assert '<option value="2" lang="en" data-language="en">English</option>' in world.client.get("/phone").text


def test_the_page_shows_an_authors_faults(world: World) -> None:
    world.findings.faults.append("content/menus/t.yaml:3:1: what is this")
    world.findings.remarks.append("content/menus/t.yaml:4:1: has no translation")
    state = world.client.get("/phone/state?since=0").json
    assert state is not None
    assert state["faults"] == ["content/menus/t.yaml:3:1: what is this"]
    assert state["remarks"] == ["content/menus/t.yaml:4:1: has no translation"]


def test_another_country_can_be_chosen_unless_its_content_has_faults(world: World) -> None:
    answer = world.client.post("/phone/country", json={"country": "TJ"}, headers=OURS)
    assert (answer.status_code, answer.json, world.switched) == (202, {"faults": []}, ["TJ"])
    world.refuses.append("content/countries/tj.yaml:1:1: no zone")
    answer = world.client.post("/phone/country", json={"country": "TJ"}, headers=OURS)
    assert (answer.status_code, answer.json, world.switched) == (409, {"faults": world.refuses}, ["TJ"])


@pytest.mark.parametrize("given", [{}, {"country": "ZZ"}, {"country": "../x"}, {"country": 7}, []])
def test_an_unknown_country_cannot_be_chosen(world: World, given: object) -> None:
    assert world.client.post("/phone/country", json=given, headers=OURS).status_code == 400
    assert world.switched == []


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
@pytest.mark.parametrize("address", ["/phone/clock", "/phone/where", "/phone/way", "/phone/country"])
def test_only_the_page_itself_may_post(world: World, address: str, headers: dict[str, str], status: int) -> None:
    given = {
        "minutes": 60,
        "session": "s",
        "number": CALLER,
        "text": "",
        "hops": [0],
        "shown": "",
        "to": "t.kept",
        "country": "TJ",
    }
    answer = world.client.post(address, json=given, headers=headers)
    assert answer.status_code in {status, status + 2}  # another country: 202
    assert bool(world.moved) == (address == "/phone/clock" and status == 200)
    assert bool(world.switched) == (address == "/phone/country" and status == 200)


@pytest.mark.parametrize("ask", [FlaskClient.get, FlaskClient.put])
def test_only_posts_move_the_clock(world: World, ask: Callable[..., object]) -> None:
    assert getattr(ask(world.client, "/phone/clock"), "status_code", None) == 405
