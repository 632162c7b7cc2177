"""The whole service as one starts it, and its phone page in a real browser: from the dial to the number and to nothing.

Keys are looked up in the book by where they lead, so that the content may change. With KOMEK_TAKE_PICTURE=1 it also
takes docs/phone-page.png anew.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gateway.phone.pieces import Template
from helpline.core.config import Config
from menus.book import Book
from menus.tree import Option
from tests.conftest import Databases
from tests.others import PATIENCE_SECONDS, free_port, kill, until
from tests.story import country_of, tell
from tests.test_stories import Engine
from tests.world import World, contents

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: it is among the test dependencies")
expect = sync_api.expect

CHROMIUM = next(filter(None, map(shutil.which, ("/usr/bin/chromium", "chromium", "chromium-browser"))), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: there is none at /usr/bin/chromium or on the PATH"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc, to see which processes are left"),
    pytest.mark.timeout(900),
]

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "phone-page.png"
PATIENCE_MS = 1000 * PATIENCE_SECONDS
"""For what several processes do together on a busy machine; it is waited for, not slept through."""
PARTS = {"valkey", "web", "console", "worker 1", "clock"}
SOURCES = ("content", "gateway", "helpline", "menus", "workers")


@dataclass(frozen=True, slots=True)
class Service:
    """A running `komek up`, with all that it started."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str

    @property
    def said(self) -> str:
        return (self.folder / "out").read_text()

    def pids(self) -> set[int]:
        """Return every living process that knows of this service's folder, whoever its parent is by now."""
        found = set()
        for each in Path("/proc").glob("[0-9]*"):
            try:
                known = (each / "environ").read_bytes() + (each / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.folder).encode() in known:
                found.add(int(each.name))
        return found

    def interrupt(self) -> None:
        """Press Ctrl-C: the terminal tells the whole group that stands in front."""
        os.killpg(self.process.pid, signal.SIGINT)


@contextmanager
def komek_up(folder: Path, *options: str, root: Path = ROOT, **settings: str) -> Iterator[Service]:
    """Start the service in a folder, wait until it says that it is ready, and leave nothing of it in the end."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "helpline.cli",
        "up",
        "--data",
        str(folder / "data"),
        "--port",
        str(port),
        "--console-port",
        str(free_port()),
        *options,
    ]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONTZPATH": "", **settings}
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(command, cwd=root, env=environ, stdout=out, stderr=out, start_new_session=True)
    service = Service(process, folder, f"http://127.0.0.1:{port}")
    try:
        until(lambda: "\nready" in service.said or process.poll() is not None, f"ready; said {service.said}")
        assert process.poll() is None, service.said
        yield service
    finally:
        process.kill()
        process.wait()
        for pid in service.pids():
            kill(pid)  # most are about to die with it


@dataclass
class Phones:
    """The page with the two phones, driven by keyboard or by fingers, and what it complained of."""

    page: Any
    url: str
    fingers: bool
    book: Book
    language: str = "ru"
    pressed: int = 0
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self.hosts.add(urlsplit(asked.url).netloc))
        self.page.goto(f"{self.url}/phone")
        self.answers()

    def answers(self) -> None:
        """Wait until the service answers."""
        expect(self.page.locator("#link")).to_have_text("The service answers.", timeout=PATIENCE_MS)

    def _heard(self, said: Any) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def dial(self) -> None:
        """Dial, and choose the language by its key."""
        self.pressed = -1
        self.key()
        self.lands(self.book.tree.start)
        self.choose(lambda option: ("language", self.language) in option.keep)

    def key(self, key: str = "") -> None:
        """Press a key of the caller's phone, if any, then the green one; wait for what comes."""
        if self.fingers:
            for each in key:
                self.page.locator(f"#caller [data-key='{each}']").tap()
            self.page.locator("#caller [data-part=green]").tap()
        else:
            self.page.locator("#caller-entry").focus()  # a button, clicked before, would take Enter for itself
            for each in (*key, "Enter"):
                self.page.keyboard.press(each)
        self.pressed += 1
        expect(self.page.locator("#presses")).to_have_text(str(self.pressed), timeout=PATIENCE_MS)

    @property
    def screen(self) -> str:
        """The name of the screen that the caller sees."""
        return str(self.page.locator("#where-screen").inner_text())

    @property
    def shown(self) -> str:
        """What stands on it."""
        return str(self.page.locator("#caller [data-part=display]").inner_text())

    def lands(self, screen: str) -> dict[str, str]:
        """Wait for a screen of the caller's; give what is filled in on it."""
        expect(self.page.locator("#where-screen")).to_have_text(screen, timeout=PATIENCE_MS)
        text, page = self.shown, self.book.page(self.language, screen, 0)
        return filled(Template.of(screen, page.text), text, self.book, self.language)

    def choose(self, wish: Callable[[Option], bool]) -> None:
        """Press the key of the present screen whose option is the wished one."""
        keys = self.book.page(self.language, self.screen, 0).keys
        self.key(next(key for key, step in keys.items() if isinstance(step, Option) and wish(step)))

    def text(self, words: str) -> None:
        """Send a text from the NGO's phone."""
        self.page.locator("#ngo-entry").fill(words)
        self.page.locator("#ngo-entry").press("Enter")

    def gets(self, notice: str) -> dict[str, str]:
        """Wait for a text of this kind, in any language; give what is filled in, and `to` whom it went."""
        return until(lambda: self._found(notice), notice)

    def _found(self, notice: str) -> dict[str, str] | None:
        for to, text in reversed(self.texts()):
            for language in self.book.languages:
                template = Template.of(notice, self.book.notices[language][notice])
                if template.pattern.fullmatch(text):
                    return filled(template, text, self.book, language) | {"phone": to}
        return None

    def clock(self, name: str, shows: str) -> None:
        """Move the service's clock by one of its buttons; what it shows alone may be so already, by the hour of the day."""
        with self.page.expect_response("**/phone/clock"):
            self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.page.locator("#now-time")).to_have_text(shows, timeout=PATIENCE_MS)

    def texts(self) -> list[tuple[str, str]]:
        """Return every text that left the service: to whom, and what."""
        state = self.page.evaluate("fetch('/phone/state?since=0').then(answer => answer.json())")
        return [(each["to"], each["text"]) for each in state["messages"]]


def filled(template: Template, text: str, book: Book, language: str) -> dict[str, str]:
    """Return what stands for each placeholder of a text; nothing where it is another text."""
    return {piece.slot: piece.text for piece in template.read(text, book, language) or () if piece.slot}


def leads_to(screen: str) -> Callable[[Option], bool]:
    """Wish for the option that leads to a screen."""
    return lambda option: option.goto == screen


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path is short enough for a socket of Valkey."""
    return tmp_path_factory.mktemp("up")


@pytest.fixture
def chromium() -> Iterator[Any]:
    """A browser with nothing in it."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def phones_of(
    chromium: Any, service: Service, width: int, height: int = 900, scale: float = 1, country: str = "KG"
) -> Iterator[Phones]:
    """Open the page; in the end it must have had nothing to complain of, and have asked no other host."""
    narrow = width < 600
    size = {"width": width, "height": height}
    context = chromium.new_context(viewport=size, has_touch=narrow, device_scale_factor=scale)
    context.set_default_timeout(PATIENCE_MS)
    book = contents(Config(country=country)).book
    phones = Phones(context.new_page(), service.url, narrow, book)
    yield phones
    context.close()
    assert phones.complaints == []
    assert phones.hosts == {urlsplit(service.url).netloc}


def asks_for_the_morning(phones: Phones) -> dict[str, str]:
    """Ask to be called in the morning, up to the screen that says it is written down; give code and words."""
    phones.dial()
    phones.lands(phones.book.tree.home)
    phones.choose(leads_to("callback.enter"))
    phones.key(phones.lands(phones.book.tree.consent)["drawn"])
    phones.lands("callback.when")
    phones.choose(lambda option: ("window", "morning") in option.keep)
    return phones.lands("callback.kept")


def answers_all_else(phones: Phones) -> None:
    """Choose the first place and the first need, and allow nothing."""
    phones.key("1")
    while phones.screen != "callback.done":
        phones.key("1" if phones.screen in {"callback.place", "callback.need"} else "0")
    assert phones.pressed < 20


@pytest.mark.parametrize(
    ("country", "width"),
    [("KG", 360), *(pytest.param(country, 1280, marks=pytest.mark.nightly) for country in ("KG", "TJ"))],
)
def test_from_the_dial_to_the_number_and_back_to_nothing(folder: Path, chromium: Any, country: str, width: int) -> None:
    """A caller asks, an NGO takes it and gets her number inside her hours; then Ctrl-C leaves no process behind."""
    caller = f"{contents(Config(country=country)).country.made_up}111001"
    with komek_up(folder, KOMEK_COUNTRY=country) as service:
        with phones_of(chromium, service, width, country=country) as phones:
            phones.clock("08:05 tomorrow", "08:05")
            phones.clock("+4 hours", "12:05")  # her morning is over whatever the hour is here
            mark = asks_for_the_morning(phones)
            answers_all_else(phones)
            ngo = takes_it_and_gets_the_number(phones, caller, mark)
            assert [to for to, text in phones.texts() if caller in text] == [ngo]
            assert not any(to == caller for to, _ in phones.texts())
            assert phones.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        stops_wholly(service)
        assert caller not in service.said
        assert "Traceback" not in service.said


def takes_it_and_gets_the_number(phones: Phones, caller: str, mark: dict[str, str]) -> str:
    """Claim, read the same words as the caller did, be told to wait, and get the number when her hours have come.

    Gives the phone of the service that took it.
    """
    asked = phones.gets("to_ngo.offer")
    offer, ngo = asked["offer"], asked["phone"]
    expect(phones.page.locator("#ngo-number")).to_have_value(ngo, timeout=PATIENCE_MS)
    expect(phones.page.locator("#ngo [data-part=thread]")).to_contain_text(offer, timeout=PATIENCE_MS)
    phones.text(f"YES {offer}")
    card = phones.gets("to_ngo.card")
    assert (card["phone"], card["offer"], card["word"], card["ours"]) == (ngo, offer, mark["word"], mark["ours"])
    phones.text(f"NUMBER {offer}")
    assert phones.gets("to_ngo.not_now")["offer"] == offer
    assert not any(caller in text for _, text in phones.texts())
    phones.clock("08:05 tomorrow", "08:05")
    phones.text(f"NUMBER {offer}")
    assert phones.gets("to_ngo.number") | {"to": ""} == {"offer": offer, "number": caller, "to": "", "phone": ngo}
    return ngo


def test_what_was_recorded_on_the_page_is_a_story_that_comes_true(
    folder: Path, chromium: Any, new_sqlite: Databases, tmp_path: Path
) -> None:
    """Record a whole request in the browser, then tell that very text to a service in memory, on another day."""
    with komek_up(folder) as service, phones_of(chromium, service, 1280) as phones:
        phones.clock("08:05 tomorrow", "08:05")
        phones.clock("+4 hours", "12:05")
        phones.page.get_by_role("button", name="Record as story").click()
        phones.page.get_by_role("button", name="Gateway retry").click()
        mark = asks_for_the_morning(phones)
        answers_all_else(phones)
        caller = f"{contents(Config()).country.made_up}111001"
        takes_it_and_gets_the_number(phones, caller, mark)
        expect(phones.page.locator("#log")).to_contain_text(caller, timeout=PATIENCE_MS)
        phones.page.get_by_role("button", name="Record as story").click()
        story = phones.page.locator("#story").inner_text()
    path = tmp_path / "recorded.story"
    path.write_text(story, "utf-8")
    for said in ("again", "> {on}", "{code}", "{word}", "{ours}", " sends: YES {offer}", "at 08:05"):
        assert said in story
    assert mark["code"] not in story
    assert country_of(path) == "KG"
    tell(path, Engine(World.on(new_sqlite())))


def test_an_author_sees_each_change_and_every_fault(folder: Path, chromium: Any, tmp_path: Path) -> None:
    """`up --author` on a copy of the sources: a changed text, a broken file, its correction."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    menu = tmp_path / "content" / "menus" / "start.yaml"
    whole = menu.read_text("utf-8")
    with (
        komek_up(folder, "--author", root=tmp_path) as service,
        phones_of(chromium, service, 1280) as phones,
    ):
        phones.language = "en"
        phones.dial()
        phones.lands(phones.book.tree.home)
        screen = phones.page.locator("#caller [data-part=display]")
        menu.write_text(whole.replace("How can we help?", "What is it you need?"), "utf-8")
        expect(screen).to_contain_text("What is it you need?", timeout=PATIENCE_MS)
        alarm = phones.page.get_by_role("alert")
        expect(alarm).to_contain_text("In use, but not ready for callers", timeout=PATIENCE_MS)
        menu.write_text(whole.replace("goto: emergency", "goto: nowhere"), "utf-8")
        expect(alarm).to_contain_text(re.compile(r"content/menus/start\.yaml:\d+:\d+: "), timeout=PATIENCE_MS)
        printed = re.compile(r"^content/menus/start\.yaml:\d+:\d+: ", re.MULTILINE)
        until(lambda: printed.search(service.said), "the same in what is printed")  # after the page has it
        expect(screen).to_contain_text("What is it you need?")
        menu.write_text(whole.replace("Call me", "Ring me"), "utf-8")
        expect(screen).to_contain_text("Ring me", timeout=PATIENCE_MS)
        expect(screen).to_contain_text("How can we help?")


def test_the_demo_goes_on_with_another_country_and_comes_back(folder: Path, chromium: Any) -> None:
    """The switch on the page ends this country's service and begins the other's, with a database of its own."""
    with komek_up(folder) as service:
        with phones_of(chromium, service, 1280) as phones:
            kept = asks_for_the_morning(phones)
            for times, country in enumerate(("TJ", "KG"), start=2):
                phones.page.locator("#country").select_option(country)
                expect(phones.page.locator("#caller .net")).to_have_text(f"DEMO {country}", timeout=PATIENCE_MS)
                phones.answers()
                until(partial(said_ready, service, times), "every part up")  # the console comes last
                phones.complaints = [said for said in phones.complaints if "ERR_" not in said]  # while none was there
                phones.book = contents(Config(country=country)).book
                assert asks_for_the_morning(phones)["code"] != kept["code"]
        stops_wholly(service)
        assert (folder / "data" / "demo-tj" / "komek.sqlite3").exists()
        assert service.said.count("\nready") == 3


def said_ready(service: Service, times: int) -> bool:
    """Whether every part was up so many times."""
    return service.said.count("\nready") == times


def stops_wholly(service: Service) -> None:
    """See that every part is there, and that one Ctrl-C is the end of all of them."""
    up = {line.partition("  ")[0] for line in service.said.splitlines() if re.search(r"  up\b", line)}
    assert up == PARTS
    assert len(service.pids()) > len(PARTS)  # the supervisor, and the web's worker
    service.interrupt()
    assert service.process.wait() == 0
    assert service.pids() == set()
    assert service.said.endswith("stopped\n")


@pytest.mark.skipif(
    "KOMEK_TAKE_PICTURE" not in os.environ, reason="takes docs/phone-page.png; set KOMEK_TAKE_PICTURE=1"
)
def test_the_picture_for_the_readme(folder: Path, chromium: Any) -> None:
    """The caller reads code and words, and the NGO has just been asked; small enough for a README."""
    with komek_up(folder, KOMEK_GRACE_SECONDS="0") as service, phones_of(chromium, service, 1280, 850, 0.75) as phones:
        phones.language = "en"
        phones.clock("08:05 tomorrow", "08:05")
        asks_for_the_morning(phones)
        phones.gets("to_ngo.offer")
        expect(phones.page.locator("#ngo [data-part=thread]")).to_contain_text("Success", timeout=PATIENCE_MS)
        phones.page.screenshot(path=PICTURE, animations="disabled")
    assert PICTURE.stat().st_size <= 200_000
