"""The demo's two phones in a real browser, with a toy service: what the page posts, shows and stores."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from gateway.phone.guide import Guide
from gateway.phone.inboxes import Inboxes
from gateway.phone.page import Contact, Countries, PhonePage, phone_page
from gateway.phone.reloading import Findings
from menus.book import Book
from tests.gateway.console.pages import NARROW, check_accessibility
from tests.gateway.phone_book import answer, page_texts, salt, small_book
from tests.steps.browser import CHROMIUM, sync_api

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Page, expect = sync_api.Page, sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: there is none on the PATH"),
]

PATIENCE_MS = 20_000
sync_api.expect.set_options(timeout=PATIENCE_MS)
HOOK = "/in/africastalking/a-secret-of-the-test"
LAST_KEY_HOOK = "/in/last-key/a-secret-of-the-test"
CONSOLE = "https://console.example.org"
CODE = "*384*1234#"
CALLER, OTHER_CALLER = "+996000000001", "+996000000002"
REFUGE, LAWYERS = "+996000000101", "+996000000102"
FIRST = "1 Русский\n2 English\n8 SOS"
SCREENS = {
    "1": "Чем помочь?\n1 Позвоните мне\n2 Моя заявка\n3 Не звоните\n8 SOS",
    "2": "How can we help?\n1 Call me\n2 My request\n3 Do not ring me\n8 SOS",
    "2*1": "Written down. Code 482913, your word RAIN, our word LAMP.",
    "2*2": "A helper will ring you.\n3 Go on 0 No",
}

WIDEST_OF_LISTS = """Math.max(...["style", "caller-language"].map((id) => {
  const list = document.getElementById(id), measure = document.createElement("canvas").getContext("2d");
  measure.font = getComputedStyle(list).font;
  const texts = [...list.options].map(({ textContent }) => measure.measureText(textContent).width);
  return Math.max(...texts) + 36 - list.getBoundingClientRect().width;
}))"""
"""By how many pixels the longest entry is wider than its list, with room for padding and arrow."""


@dataclass
class Toy:
    """A service with a small book. It records what the page posts, and answers an NGO's text with its own."""

    hops: list[dict[str, str]] = field(default_factory=list)
    ended: list[dict[str, str]] = field(default_factory=list)
    texts: list[dict[str, str]] = field(default_factory=list)
    moved: timedelta = timedelta()
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    inboxes: Inboxes = field(init=False)
    url: str = ""
    book: Book = field(default_factory=small_book)
    findings: Findings = field(default_factory=Findings)
    country: str = "KG"
    refuses: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inboxes = Inboxes(self.now)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def move(self, by: timedelta) -> None:
        self.moved += by

    def reset(self) -> None:
        self.moved = timedelta()

    def ussd(self) -> Response:
        form = request.form.to_dict()
        self.hops.append(form)
        if not form["phoneNumber"].startswith("+"):
            return Response("phoneNumber begins with a space", 400, content_type="text/plain")
        session = form["sessionId"]
        texts = [hop["text"] for hop in self.hops if hop["sessionId"] == session]
        return Response(answer(self.book, session, texts), content_type="text/plain")

    def last_key(self) -> Response:
        """Answer a gateway that sends only the last key."""
        form = request.form.to_dict()
        self.hops.append(form)
        call = [hop for hop in self.hops if hop.get("call") == form["call"]]
        keys = list({hop["hop"]: hop.get("key") for hop in call}.values())[1:]
        told = answer(self.book, form["call"], ["*".join(map(str, keys[:n])) for n in range(len(keys) + 1)])
        return jsonify(text=told[4:], last=told.startswith("END"))

    def end(self) -> str:
        self.ended.append(request.form.to_dict())
        return ""

    def sms(self) -> str:
        self.texts.append(request.form.to_dict())
        self.text(request.form["from"], f"Thank you: {request.form['text']}")
        return ""

    def text(self, to: str, text: str) -> None:
        self.inboxes.put(f"m{len(self.inboxes.since(0))}", to, "3841234", text)

    def switch(self, country: str) -> Sequence[str]:
        if not self.refuses:
            self.country = country
        return self.refuses

    def author(self, old: str, new: str) -> None:
        """Change the texts while the service runs."""
        pages = {
            language: {
                name: tuple(replace(page, text=page.text.replace(old, new)) for page in several)
                for name, several in screens.items()
            }
            for language, screens in self.book.pages.items()
        }
        self.book = replace(self.book, pages=pages, digest="second-digest")

    def app(self) -> "WSGIApplication":
        """Return the app. Its page is built for each request, because content and country may have changed.

        Requests are handled one at a time: routes are compiled with `ast`, which fails on Python 3.11 in two threads.
        """
        making = Lock()

        def call(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            with making:
                app = Flask("toy", static_folder=None)
                for door, view in (("ussd", self.ussd), ("ussd-ended", self.end), ("sms", self.sms)):
                    app.add_url_rule(f"{HOOK}/{door}", door, view, methods=["POST"])
                app.add_url_rule(f"{LAST_KEY_HOOK}/ussd", "last-key", self.last_key, methods=["POST"])
                app.add_url_rule(f"{LAST_KEY_HOOK}/ussd-ended", "last-key-ended", self.end, methods=["POST"])
                app.register_blueprint(phone_page(self.page()))
            return app(environ, start)

        return call

    def page(self) -> PhonePage:
        return PhonePage(
            hook=HOOK,
            service_code=CODE,
            callers=(CALLER, OTHER_CALLER, "+996000000003"),
            contacts=(Contact("kg-refuge", "Example refuge", REFUGE), Contact("kg-law", "Example lawyers", LAWYERS)),
            inboxes=self.inboxes,
            now=self.now,
            move_clock=self.move,
            reset_clock=self.reset,
            countries=Countries(self.country, ("KG", "TJ"), self.switch),
            guide=Guide(self.book, salt),
            texts=page_texts,
            zone=ZoneInfo("Asia/Bishkek"),
            findings=self.findings,
            last_key_hook=LAST_KEY_HOOK,
            console=CONSOLE,
        )


@pytest.fixture
def toy() -> Iterator[Toy]:
    service = Toy()
    server = make_server("127.0.0.1", 0, service.app(), threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    service.url = f"http://127.0.0.1:{server.port}"
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Phones:
    """The page, and the errors it reported."""

    page: Any
    toy: Toy
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self.hosts.add(urlsplit(asked.url).netloc))
        self.page.add_init_script("localStorage.setItem('komek-technical', 'open')")
        self.page.goto(f"{self.toy.url}/phone")
        expect(self.page.locator("#link")).to_have_text("Komek answers.")

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def screen(self, phone: str = "caller") -> Any:
        return self.page.locator(f"#{phone} [data-part=display]")

    def shows(self, text: str, phone: str = "caller") -> None:
        expect(self.screen(phone)).to_have_text(text, use_inner_text=True)

    def entry(self, phone: str = "caller") -> Any:
        return self.page.locator(f"#{phone}-entry")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def call(self, *keys: str) -> None:
        """Dial, and press each key as soon as its screen is shown."""
        for key in ("", *keys):
            self.press(*key, "Enter")
            expect(self.page.locator("#caller")).to_have_attribute("data-showing", re.compile("menu|over"))

    def click(self, name: str, phone: str = "caller") -> None:
        self.page.locator(f"#{phone}").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def phones(chromium: Any, toy: Toy) -> Iterator[Phones]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    seen = Phones(context.new_page(), toy)
    yield seen
    context.close()
    assert seen.complaints == []
    assert seen.hosts == {urlsplit(toy.url).netloc}


def test_a_call_by_keyboard_alone(phones: Phones, toy: Toy) -> None:
    phones.press(*CODE, "Enter")
    phones.shows(FIRST)
    phones.press("2", "Enter")
    phones.shows(SCREENS["2"])
    phones.press("1", "Enter")
    phones.shows(SCREENS["2*1"])
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Success → 200")
    assert [hop["text"] for hop in toy.hops] == ["", "2", "2*1"]
    assert {hop["sessionId"] for hop in toy.hops} == {toy.ended[0]["sessionId"]}
    assert set(toy.hops[0]) == {"sessionId", "serviceCode", "phoneNumber", "networkCode", "text"}
    assert toy.hops[0] | {"sessionId": ""} == {
        "sessionId": "",
        "serviceCode": CODE,
        "phoneNumber": CALLER,
        "networkCode": "99999",
        "text": "",
    }


def test_a_gateway_that_sends_the_last_key_only(phones: Phones, toy: Toy) -> None:
    """A repeated hop has the same number, and the red key names the call."""
    phones.page.locator("#style").select_option("last")
    phones.page.get_by_role("button", name="Hop sent twice").click()
    phones.entry().focus()
    phones.call("2", "1")
    phones.shows(SCREENS["2*1"])
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Success → 200")
    expect(phones.page.locator("#log")).to_contain_text("ussd key=2 → 200")
    shown = [(hop["hop"], hop.get("key")) for hop in toy.hops]
    assert shown == [("hop-0", None), ("hop-0", None), ("hop-1", "2"), ("hop-2", "1")]
    assert toy.ended == [{"call": toy.hops[0]["call"], "number": CALLER}]
    expect(phones.page.locator("#where-path li")).to_have_count(0)


def test_a_line_without_menus_says_where_to_write(phones: Phones, toy: Toy) -> None:
    phones.page.locator("#style").select_option("texts")
    phones.click("Dial")
    expect(phones.screen()).to_contain_text("This line has no menus.")
    expect(phones.screen()).to_contain_text(CODE.strip("*#").replace("*", ""))
    assert toy.hops == []


def test_the_red_key_ends_the_session_and_the_service_is_told(phones: Phones, toy: Toy) -> None:
    phones.call("2", "1")
    phones.shows(SCREENS["2*1"])
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Success → 200")
    [ended] = toy.ended
    assert re.fullmatch(r"ATUid_[0-9a-f]{32}", ended["sessionId"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", ended["date"])
    assert (ended["status"], ended["hopsCount"], ended["input"]) == ("Success", "3", "2*1")
    assert ended["lastAppResponse"] == SCREENS["2*1"]
    phones.press("Enter")
    expect(phones.screen()).to_contain_text("Ready")
    phones.press("Enter")
    phones.shows(FIRST)
    assert toy.hops[-1]["sessionId"] != ended["sessionId"]


def test_a_call_by_mouse_that_is_hung_up(phones: Phones, toy: Toy) -> None:
    phones.click("Dial")
    phones.shows(FIRST)
    phones.click("2")
    expect(phones.entry()).to_have_value("2")
    phones.click("3")
    phones.click("Clear the last letter")
    phones.press("Enter")  # the green key, not the clicked one again
    phones.shows(SCREENS["2"])
    phones.click("Hang up")
    expect(phones.screen()).to_contain_text("Ready")
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Incomplete → 200")
    [ended] = toy.ended
    assert (ended["status"], ended["input"], ended["phoneNumber"]) == ("Incomplete", "2", CALLER)


def test_escape_is_the_red_key(phones: Phones, toy: Toy) -> None:
    phones.press("Enter")
    phones.shows(FIRST)
    phones.press("Escape")
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Incomplete → 200")
    assert toy.ended[0]["status"] == "Incomplete"


def test_tab_moves_through_a_phone_in_order_and_the_keypad_is_one_stop(phones: Phones) -> None:
    phones.page.locator("#tour-close").focus()
    names = []
    for _ in range(9):
        phones.press("Tab")
        names.append(phones.page.evaluate("(e => e.getAttribute('aria-label') ?? e.id)(document.activeElement)"))
    assert names == [
        "Screen",
        "caller-entry",
        "SMS",
        "Scroll up",
        "Clear the last letter",
        "Dial",
        "Scroll down",
        "Hang up",
        "1",
    ]
    phones.press("ArrowRight", "ArrowDown", "Space", "5")
    expect(phones.entry()).to_have_value("55")
    outline = phones.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    phones.press("Tab")
    assert phones.page.evaluate("document.activeElement.id") == "caller-number"


def test_technical_details_are_folded_away_until_they_are_opened(phones: Phones) -> None:
    page = phones.page
    page.locator("#technical > summary").click()
    expect(page.locator("#log")).to_be_hidden()
    phones.toy.text(REFUGE, "Request 48291: place not said. YES 48291 / NO 48291")
    expect(page.locator("#ngo [data-part=thread]")).to_contain_text("Request 48291")
    expect(page.locator("#ngo [data-part=thread] .weight")).to_be_hidden()
    page.locator("#technical > summary").click()
    expect(page.locator("#log")).to_be_visible()
    expect(page.locator("#ngo [data-part=thread] .weight")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1280, 720)])
def test_every_key_is_in_view_without_scrolling(phones: Phones, width: int, height: int) -> None:
    phones.page.set_viewport_size({"width": width, "height": height})
    for phone in ("caller", "ngo"):
        box = phones.page.locator(f"#{phone} [data-key='#']").bounding_box()
        assert box["y"] + box["height"] <= height
    tour = phones.page.locator("#tour-go").bounding_box()
    assert tour["y"] + tour["height"] <= height


@pytest.mark.parametrize("language", page_texts().languages)
def test_every_key_is_in_view_in_every_language(phones: Phones, language: str) -> None:
    """A head that needs one more line would push the last row of keys out of a laptop's window."""
    phones.page.set_viewport_size({"width": 1366, "height": 768})
    phones.page.locator("#page-language").select_option(language)
    expect(phones.page.locator("#link")).to_have_text(page_texts().said[language]["frame.answers"])
    for phone in ("caller", "ngo"):
        box = phones.page.locator(f"#{phone} [data-key='#']").bounding_box()
        assert box["y"] + box["height"] <= 768


def test_a_narrow_window_shows_one_part_at_a_time(phones: Phones, toy: Toy) -> None:
    page = phones.page
    page.set_viewport_size({"width": 360, "height": 740})
    parts = {"Caller": "#caller", "Service": "#ngo", "Clock": "#now-time"}
    for name, part in parts.items():
        page.get_by_role("button", name=name, exact=True).click()
        assert [other for other in parts.values() if page.locator(other).is_visible()] == [part]
    toy.text(REFUGE, "Request 48291: place not said. YES 48291 / NO 48291")
    expect(page.locator("[data-show=ngo]")).to_have_attribute("data-fresh", re.compile(r"|\d+"))


@pytest.mark.parametrize("language", page_texts().languages)
def test_the_tour_shows_screen_keys_and_step_together_in_a_narrow_window(
    phones: Phones, toy: Toy, language: str
) -> None:
    """Its card covered the keys of both phones."""
    page = phones.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("#page-language").select_option(language)
    expect(page.locator("#link")).to_have_text(page_texts().said[language]["frame.answers"])
    offer, keys = (page.locator(place).bounding_box() for place in ("#tour", "#caller .keypad"))
    assert offer["y"] + offer["height"] <= keys["y"], "nor does it before the tour begins"
    page.locator("#tour-go").click()
    expect(page.locator("#tour-step")).to_have_text(page_texts().said[language]["tour.step"].format(step=1, steps=6))
    screen, keys, card = (
        page.locator(place).bounding_box() for place in ("#caller .screen", "#caller .keypad", "#tour")
    )
    assert screen["y"] >= 0
    assert keys["y"] + keys["height"] <= card["y"]
    assert card["y"] + card["height"] <= 740
    for button in page.locator("#tour button").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box["x"] + box["width"] <= card["x"] + card["width"]


@pytest.mark.parametrize("typed", ["", "+12", "none", "996000000077"])
def test_a_phone_without_a_whole_number_does_not_call_and_says_so_at_the_field(
    phones: Phones, toy: Toy, typed: str
) -> None:
    page = phones.page
    page.locator("#caller-number").select_option("")
    page.locator("#caller-other").fill(typed)
    page.locator("#caller-other").press("Tab")
    expect(page.locator("#caller-wrong")).to_contain_text(f"Write a whole number, such as {CALLER}")
    page.locator("#caller [data-do=green]").click()
    phones.shows("This phone has no number. Write one below.")
    assert toy.hops == []
    page.locator("#caller-other").fill("+996 000 000 077")
    page.locator("#caller-other").press("Tab")
    expect(page.locator("#caller-wrong")).to_be_hidden()
    page.locator("#caller [data-do=green]").click()
    phones.shows(FIRST)
    assert toy.hops[0]["phoneNumber"] == "+996000000077"


@pytest.mark.parametrize("language", page_texts().languages)
def test_nothing_is_cut_in_the_lists_of_the_page(phones: Phones, language: str) -> None:
    """The longest entry of the caller's lists fits beside the arrow, at 360 and at 1280 pixels."""
    page = phones.page
    page.locator("#page-language").select_option(language)
    expect(page.locator("#link")).to_have_text(page_texts().said[language]["frame.answers"])
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(WIDEST_OF_LISTS) <= 0


def test_a_services_text_is_also_shown_in_the_language_of_the_page(phones: Phones, toy: Toy) -> None:
    phones.page.locator("#page-language").select_option("ru")
    expect(phones.page.locator("#link")).to_have_text("Komek отвечает.")
    toy.text(REFUGE, "48291 is yours. Word RAIN.")
    same = phones.page.locator("#ngo [data-part=thread] .translated")
    expect(same).to_have_text("48291: ваша. Слово RAIN.")
    expect(same).to_have_attribute("lang", "ru")


def test_the_tour_dials_in_the_language_of_the_page(phones: Phones, toy: Toy) -> None:
    phones.page.locator("#tour-go").click()
    expect(phones.page.locator("#tour-step")).to_have_text("Step 1 of 6")
    phones.shows(SCREENS["2"])
    assert toy.hops[0]["phoneNumber"] not in {CALLER, OTHER_CALLER}
    phones.page.locator("#tour-go").click()  # the toy has none of the screens of the tour
    expect(phones.page.locator("#tour-text")).to_contain_text("Start the tour again")
    phones.page.get_by_role("button", name="From the start").click()
    expect(phones.page.locator("#tour-title")).to_have_text("A call for help in three minutes")
    phones.page.locator("#tour-close").click()
    expect(phones.page.locator("#tour")).to_be_hidden()


def test_the_tour_says_that_it_has_set_the_clock_and_shows_no_text_that_is_not_its_own(
    phones: Phones, toy: Toy
) -> None:
    """The clock went to the next morning without a word, and the services' phone showed a text about the audit log."""
    tour, chosen = (phones.page.locator(place) for place in ("#tour-clock", "#ngo-number"))
    hour = int(phones.page.locator("#now-time").inner_text()[:2])
    toy.move(timedelta(hours=(21 - hour) % 24))
    expect(phones.page.locator("#now-time")).to_contain_text("21:")
    toy.text(LAWYERS, "before the tour")
    expect(chosen).to_have_value(LAWYERS)
    phones.page.locator("#tour-go").click()
    expect(tour).to_contain_text("The tour has set the demo's clock to 10:00, ")
    expect(chosen).to_have_value(REFUGE)
    toy.text(LAWYERS, "Log of 04.12: 10, 56b8415c")
    expect(phones.page.locator("#ngo-number option").nth(1)).to_contain_text("✉ 1")
    expect(chosen).to_have_value(REFUGE)
    phones.page.locator("#tour-close").click()
    toy.text(LAWYERS, "after the tour")
    expect(chosen).to_have_value(LAWYERS)


def test_a_text_arrives_on_its_phone_and_the_ngo_answers(phones: Phones, toy: Toy) -> None:
    toy.text(LAWYERS, "Request 48291: Osh, ru. YES 48291 / NO 48291")
    thread = phones.page.locator("#ngo [data-part=thread]")
    expect(thread).to_contain_text("Request 48291")
    expect(thread).to_contain_text("1 × SMS, GSM-7, Queued")
    expect(phones.page.locator("#ngo-number")).to_have_value(LAWYERS)
    expect(phones.page.locator("#caller [data-part=thread]")).to_be_hidden()
    toy.inboxes.mark("m0", "Success")
    expect(thread).to_contain_text("1 × SMS, GSM-7, Success")
    phones.entry("ngo").fill("yes 48291")
    phones.entry("ngo").press("Enter")
    expect(thread).to_contain_text("Thank you: yes 48291")
    [text] = toy.texts
    assert (text["from"], text["to"], text["text"]) == (LAWYERS, "3841234", "yes 48291")
    assert text["id"]
    assert text["date"]


def test_the_ngos_phone_stays_unless_it_is_set_to_follow(phones: Phones, toy: Toy) -> None:
    phones.page.locator("#follow").uncheck()
    toy.text(LAWYERS, "one")
    expect(phones.page.locator("#ngo-number option").nth(1)).to_contain_text("✉ 1")
    expect(phones.page.locator("#ngo-number")).to_have_value(REFUGE)
    phones.page.locator("#follow").check()
    phones.entry("ngo").fill("half a w")
    toy.text(LAWYERS, "two")
    expect(phones.page.locator("#ngo-number option").nth(1)).to_contain_text("✉ 2")
    expect(phones.entry("ngo")).to_have_value("half a w")


def test_a_text_does_not_hide_a_call(phones: Phones, toy: Toy) -> None:
    phones.press("Enter")
    phones.shows(FIRST)
    toy.text(CALLER, "Привет")
    expect(phones.page.locator("#caller [data-part=notice]")).to_have_text("SMS, 1 new")
    phones.shows(FIRST)
    phones.click("SMS, 1 new")
    expect(phones.page.locator("#caller [data-part=thread]")).to_contain_text("1 × SMS, UCS-2")
    phones.press("Escape")
    phones.shows(FIRST)
    phones.press("2", "Enter")
    phones.shows(SCREENS["2"])


def test_a_caller_writes_and_each_number_has_its_own_texts(phones: Phones, toy: Toy) -> None:
    phones.click("SMS")
    phones.entry().press_sequentially("HELP & +1")
    phones.press("Enter")
    thread = phones.page.locator("#caller [data-part=thread]")
    expect(thread).to_contain_text("Thank you: HELP & +1")
    assert toy.texts[0]["text"] == "HELP & +1"
    phones.page.locator("#caller-number").select_option(OTHER_CALLER)
    expect(phones.screen()).to_contain_text("Ready")
    phones.page.locator("#caller-number").select_option("Another number")
    phones.page.locator("#caller-other").fill("+996000000077")
    phones.page.locator("#caller-other").press("Tab")
    phones.click("Dial")
    phones.shows(FIRST)
    assert toy.hops[0]["phoneNumber"] == "+996000000077"


def test_the_clock_moves_and_returns(phones: Phones, toy: Toy) -> None:
    moved = phones.page.locator("#moved")
    expect(moved).to_have_text("Real time")
    moves(phones, "+4 h")
    expect(moved).to_have_text("+4:00")
    moves(phones, "08:05 tomorrow")
    expect(phones.page.locator("#now-time")).to_have_text("08:05")
    expect(phones.page.locator("#ngo [data-part=time]")).to_have_text("08:05")
    assert toy.moved > timedelta(hours=4)
    moves(phones, "Real time")
    expect(moved).to_have_text("Real time")
    assert toy.moved == timedelta()


def moves(phones: Phones, name: str) -> None:
    """Press a button of the clock and wait for the answer.

    The clock may already show the expected time, depending on the hour of the day.
    """
    with phones.page.expect_response("**/phone/clock"):
        phones.page.get_by_role("button", name=name).click()


def marked(phones: Phones, name: str) -> list[str]:
    """Return the letters that are highlighted as forcing UCS-2."""
    return list(phones.page.evaluate(f"[...(CSS.highlights.get('{name}') ?? [])].map(String)"))


def test_the_strip_shows_a_screens_weight_and_the_deciding_letter(phones: Phones) -> None:
    phones.press("Enter")
    page = phones.page
    expect(page.locator("#used")).to_have_text("25 / 70")
    expect(page.locator("#encoding")).to_have_text("UCS-2")
    expect(page.locator("#why")).to_have_text("Letters that force UCS-2: Р (U+0420) …")
    expect(page.locator("#gsm-used")).to_have_text("–")
    expect(page.locator("#ucs-used")).to_have_text("25 / 70")
    expect(page.locator("#gsm-bar")).to_have_class(re.compile("rests"))
    assert marked(phones, "culprit-caller") == ["Р"]
    expect(page.locator("#request")).to_contain_text("POST /in/africastalking/…/ussd")
    expect(page.locator("#request")).to_contain_text("phoneNumber=%2B996000000001")
    expect(page.locator("#reply")).to_have_text(f"CON {FIRST}", use_inner_text=True)
    phones.press("2", "Enter")
    expect(page.locator("#encoding")).to_have_text("GSM-7")
    expect(page.locator("#gsm-used")).to_have_text("62 / 160")
    expect(page.locator("#ucs-used")).to_have_text("62 / 70")
    expect(page.locator("#presses")).to_have_text("1")
    expect(page.locator("#ms")).to_have_text(re.compile(r"\d+ ms"))
    assert marked(phones, "culprit-caller") == []
    assert "a-secret-of-the-test" not in page.inner_text("main")


def test_a_letter_outside_gsm7_is_highlighted(phones: Phones, toy: Toy) -> None:
    toy.author("My request", "My ‘request’")
    phones.call("2")
    expect(phones.page.locator("#why")).to_have_text("Letters that force UCS-2: ‘ (U+2018) ’ (U+2019)")
    assert marked(phones, "culprit-caller") == ["‘", "’"]
    toy.text(REFUGE, "It’s yours")
    expect(phones.page.locator("#ngo [data-part=thread] meter")).to_have_attribute("aria-label", "SMS: 10 / 70, UCS-2")
    assert marked(phones, "culprit-sms") == ["’"]


def test_the_path_through_the_graph_is_shown(phones: Phones) -> None:
    phones.call("2", "5", "2")
    page = phones.page
    expect(page.locator("#where-screen")).to_have_text("t.consent")
    expect(page.locator("#where-path li")).to_have_text([f"{CODE}t.language", "2t.home", "5t.home", "2t.consent"])
    expect(page.locator("#where-path li.wrong")).to_have_count(1)
    expect(page.locator("#where-path [aria-current=step]")).to_have_text("2t.consent")


def test_a_phone_with_a_language_chooses_it_by_itself(phones: Phones, toy: Toy) -> None:
    phones.page.locator("#caller-language").select_option("English")
    phones.click("Dial")
    phones.shows(SCREENS["2"])
    assert [hop["text"] for hop in toy.hops] == ["", "2"]


@pytest.mark.parametrize("language", [code for code in page_texts().languages if code != "en"])
def test_the_page_is_whole_in_every_language(phones: Phones, language: str) -> None:
    """No text of it stays in English, neither those that came with the page nor those that its scripts show."""
    page = phones.page
    said, english = page_texts().said[language], page_texts().said["en"]
    page.locator("#page-language").select_option(language)
    expect(page.locator("#link")).to_have_text(said["frame.answers"])
    expect(page.locator("html")).to_have_attribute("lang", language.replace("_", "-"))
    phones.press("Enter")
    phones.shows(FIRST)
    phones.press("Escape")
    page.locator("#tour-go").click()
    expect(page.locator("#tour-title")).to_have_text(said["tour.dialled.title"])
    shown = page.evaluate(
        """() => [...document.querySelectorAll('h2, h3, button, label, dt, p, summary, option, [aria-label]')]
            .flatMap(each => [each.textContent.trim(), each.getAttribute('aria-label') ?? ''])"""
    )
    assert {*shown} & {text for name, text in english.items() if said[name] != text} == set()
    page.locator("#page-language").select_option("en")
    expect(page.locator("#link")).to_have_text("Komek answers.")


def test_the_page_stays_in_the_language_that_its_reader_chose(chromium: Any, toy: Toy) -> None:
    context = chromium.new_context(locale="ru")
    page = context.new_page()
    page.goto(f"{toy.url}/phone")
    expect(page.locator("#link")).to_have_text("Komek отвечает.")
    expect(page.locator("#page-language")).to_have_value("ru")
    expect(page.locator(".go-on")).to_have_attribute("href", f"{CONSOLE}/login?language=ru")
    page.locator("#page-language").select_option("en")
    expect(page.locator("#link")).to_have_text("Komek answers.")
    page.goto(f"{toy.url}/phone")
    expect(page.locator("#link")).to_have_text("Komek answers.")
    expect(page.locator(".go-on")).to_have_attribute("href", f"{CONSOLE}/login?language=en")
    context.close()


def test_another_country_replaces_this_one(phones: Phones, toy: Toy) -> None:
    assert phones.page.locator("#country option").all_inner_texts() == ["Kyrgyzstan (KG)", "Tajikistan (TJ)"]
    phones.page.locator("#country").select_option("TJ")
    expect(phones.page.locator("#caller .net")).to_have_text("DEMO TJ")
    expect(phones.page.locator("#link")).to_have_text("Komek answers.")  # the new page receives the next choice
    toy.refuses.append("content/countries/kg.yaml:1:1: no zone")
    phones.page.locator("#country").select_option("KG")
    expect(phones.page.locator("#country")).to_have_value("TJ")
    expect(phones.page.locator("#content-said")).to_contain_text("content/countries/kg.yaml:1:1: no zone")
    assert len(phones.complaints) == 1  # the browser itself reports each 409
    phones.complaints.pop()


def test_changed_content_and_its_faults_appear_by_themselves(phones: Phones, toy: Toy) -> None:
    phones.call("2")
    toy.author("How can we help?", "What now?")
    phones.shows(SCREENS["2"].replace("How can we help?", "What now?"))
    expect(phones.page.locator("#content-said")).to_have_text("New texts are in use.")
    assert [hop["text"] for hop in toy.hops] == ["", "2", "2"]
    faults = phones.page.get_by_role("alert")
    toy.findings.faults.append("content/menus/start.yaml:9:5: no such screen")
    expect(faults).to_contain_text("content/menus/start.yaml:9:5: no such screen")
    toy.findings.faults.clear()
    toy.findings.remarks.append("content/menus/start.yaml:9:5: has no translation")
    expect(faults).to_contain_text("In use, but not ready for callers")
    toy.findings.remarks.clear()
    expect(faults).to_be_hidden()


def test_a_conversation_is_recorded_as_a_story(phones: Phones, toy: Toy) -> None:
    phones.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phones.page.get_by_role("button", name="Record as story").click()
    phones.page.get_by_role("button", name="Hop sent twice").click()
    phones.entry().focus()
    phones.call("2", "2", "3")
    phones.shows(SCREENS["2*1"])
    toy.text(REFUGE, "Request 48291: place not said. YES 48291 / NO 48291")
    expect(phones.page.locator("#ngo [data-part=thread]")).to_contain_text("Request 48291")
    phones.entry("ngo").fill("yes 48291")
    phones.entry("ngo").press("Enter")
    expect(phones.page.locator("#ngo [data-part=thread]")).to_contain_text("Thank you: yes 48291")
    phones.page.get_by_role("button", name="Record as story").click()
    expect(phones.page.locator("#story-said")).to_be_empty()
    phones.page.get_by_role("button", name="Copy", exact=True).first.click()
    expect(phones.page.locator("#story-said")).to_have_text("Copied.")
    story = phones.page.evaluate("navigator.clipboard.readText()")
    head, _, told = story.partition("dial\n")
    assert re.fullmatch(r"# Recorded from the phone page\.\ncountry KG\n(wait \d days?\n)?at \d\d:\d\d\n", head)
    assert [line for line in told.splitlines() if not re.fullmatch(r"wait \d+ seconds", line)] == [  # on a slow machine
        f"< {FIRST}".replace("\n", "⏎"),
        "again",
        "> 2",
        f"< {SCREENS['2']}".replace("\n", "⏎"),
        "> 2",
        "< A helper will ring you.⏎{on} Go on 0 No",
        "> {on}",
        "< Written down. Code {code}, your word {word}, our word {ours}.",
        "kg-refuge gets: Request {offer}: place not said. YES {offer} / NO {offer}",
        "kg-refuge sends: yes {offer}",
        "kg-refuge gets: Thank you: yes 48291",  # this text is not in the content
    ]
    with phones.page.expect_download() as saved:
        phones.page.get_by_role("button", name="Download").click()
    assert saved.value.suggested_filename == "recorded.story"
    assert Path(saved.value.path()).read_text("utf-8") == story


def test_a_second_recorded_call_has_its_own_names_and_errors_are_comments(phones: Phones) -> None:
    phones.call("2", "2", "3")
    phones.page.locator("#caller-number").select_option(OTHER_CALLER)
    phones.entry().focus()
    phones.call("2", "2")
    phones.page.get_by_role("button", name="Time-out").click()
    phones.page.get_by_role("button", name="All so far").click()
    lines = phones.page.locator("#story").inner_text().splitlines()
    assert "other dials" in lines
    assert "< A helper will ring you.⏎{on_b} Go on 0 No" in lines
    assert lines[-1] == "hang up"


def test_the_log_shows_the_http_messages(phones: Phones) -> None:
    phones.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phones.call("2", "1")
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Success → 200")
    row = phones.page.locator("#log li", has_text="text=2*1")
    row.locator("summary").click()
    expect(row.locator("pre")).to_contain_text("text=2*1\n\n200\nEND Written down.", use_inner_text=True)
    phones.page.get_by_role("button", name="Copy", exact=True).last.click()
    expect(phones.page.locator("#log-said")).to_have_text("Copied.")
    phones.page.get_by_role("button", name="Clear", exact=True).last.click()
    expect(phones.page.locator("#log li")).to_have_count(0)
    expect(phones.page.locator("#where-screen")).to_have_text("–")


def fault(phones: Phones, name: str) -> None:
    phones.page.locator("#faults").get_by_role("button", name=name, exact=True).click()
    phones.entry().focus()


def test_a_gateway_retry_is_one_hop_sent_twice(phones: Phones, toy: Toy) -> None:
    fault(phones, "Hop sent twice")
    phones.press("Enter")
    phones.shows(FIRST)
    phones.press("2", "Enter")
    phones.shows(SCREENS["2"])
    assert [hop["text"] for hop in toy.hops] == ["", "", "2"]
    expect(phones.page.locator("#log")).to_contain_text("ussd again → the same")


def test_a_late_copy_comes_after_the_hop_that_followed_it(phones: Phones, toy: Toy) -> None:
    fault(phones, "Late copy of an earlier hop")
    status = phones.page.locator("#faults [role=status]")
    expect(status).to_have_text("There is no call: dial first.")
    phones.call()
    fault(phones, "Late copy of an earlier hop")
    expect(status).to_have_text("There is no earlier hop yet: press a key first.")
    phones.press("2", "Enter")
    phones.shows(SCREENS["2"])
    fault(phones, "Late copy of an earlier hop")
    expect(phones.page.locator("#log")).to_contain_text("ussd late copy text=(dial) → 200")
    assert [hop["text"] for hop in toy.hops] == ["", "2", ""]
    phones.shows(SCREENS["2"])


def test_a_lost_hop_never_reaches_the_service(phones: Phones, toy: Toy) -> None:
    phones.call("2")
    fault(phones, "Hop lost")
    phones.press("1", "Enter")
    phones.shows("Connection problem or invalid code.")
    expect(phones.page.locator("#log")).to_contain_text("lost on its way, never posted")
    assert [hop["text"] for hop in toy.hops] == ["", "2"]
    assert toy.ended == []


def test_a_lost_answer_is_not_shown(phones: Phones, toy: Toy) -> None:
    phones.call("2")
    fault(phones, "Answer lost")
    phones.press("1", "Enter")
    phones.shows("Connection problem or invalid code.")
    expect(phones.page.locator("#log")).to_contain_text("lost on its way back")
    assert [hop["text"] for hop in toy.hops] == ["", "2", "2*1"]
    phones.page.get_by_role("button", name="All so far").click()
    lines = phones.page.locator("#story").inner_text().splitlines()
    assert lines[-3:] == ["> 1", "# the network lost the answer", "hang up"]


def test_the_service_is_told_of_a_timeout(phones: Phones, toy: Toy) -> None:
    phones.call("2")
    fault(phones, "Time-out")
    phones.shows("Session timed out.")
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Incomplete → 200")
    assert (toy.ended[0]["status"], toy.ended[0]["input"]) == ("Incomplete", "2")


def test_the_service_is_not_told_of_a_dropped_call(phones: Phones, toy: Toy) -> None:
    phones.call()
    fault(phones, "Drop the call")
    phones.shows("Connection problem or invalid code.")
    expect(phones.page.locator("#log")).to_contain_text("call dropped")
    assert toy.ended == []


def test_a_lost_plus_sign_shows_the_networks_error(phones: Phones, toy: Toy) -> None:
    fault(phones, "Lost plus sign")
    phones.click("Dial")
    phones.shows("Connection problem or invalid code.")
    expect(phones.page.locator("#log")).to_contain_text("ussd-ended Failed → 200")
    assert toy.hops[0]["phoneNumber"] == f" {CALLER[1:]}"
    assert toy.ended[0]["errorMessage"] == "Received unexpected response code: 400"
    assert len(phones.complaints) == 1  # the browser itself reports each 400
    assert "400" in phones.complaints.pop()


@pytest.mark.parametrize("width", [320, 345, 360, 760, 1280])
def test_nothing_is_wider_than_the_window(phones: Phones, toy: Toy, width: int) -> None:
    phones.page.set_viewport_size({"width": width, "height": 740})
    phones.call("1")
    phones.shows(SCREENS["1"])
    fits(phones)
    if width < 680:
        phones.page.get_by_role("button", name="Service", exact=True).click()
    toy.text(REFUGE, f"Request 48291: {'W' * 60}. YES 48291 / NO 48291")
    expect(phones.page.locator("#ngo [data-part=thread]")).to_contain_text("Request")
    fits(phones)
    if width < 680:
        phones.page.get_by_role("button", name="Clock", exact=True).click()
    phones.page.get_by_role("button", name="All so far").click()
    fits(phones)


def fits(phones: Phones) -> None:
    """Check that nothing reaches beyond the window's right edge."""
    wide = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    assert phones.page.evaluate(f"{wide}.map(e => e.outerHTML.slice(0, 80))") == []
    assert phones.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_phone_page_is_accessible(phones: Phones, toy: Toy, scheme: str) -> None:
    """Axe checks it before a call, in one, after a fault, with a text, and on each tab of a small screen."""
    page = phones.page
    page.emulate_media(color_scheme=scheme)
    check_accessibility(page, f"phone-ready-{scheme}")
    phones.call("1")
    phones.shows(SCREENS["1"])
    toy.text(REFUGE, "Request 48291: wages, Bishkek. YES 48291 / NO 48291")
    expect(page.locator("#ngo [data-part=thread]")).to_contain_text("Request")
    page.get_by_role("button", name="All so far").click()
    check_accessibility(page, f"phone-call-{scheme}")
    for tab in ("ngo", "rest", "caller"):
        page.set_viewport_size(NARROW)
        page.locator(f"[data-show={tab}]").click()
        check_accessibility(page, f"phone-{tab}-{scheme}")
    fault(phones, "Drop the call")
    check_accessibility(page, f"phone-dropped-{scheme}")


def test_a_hidden_page_sends_no_requests(phones: Phones) -> None:
    asked: list[str] = []
    phones.page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true}); window.away = true"
    )
    phones.page.wait_for_timeout(900)
    phones.page.on("request", lambda request: asked.append(request.url))
    phones.page.wait_for_timeout(1600)
    assert asked == []
    with phones.page.expect_request("**/phone/**"):
        phones.page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
