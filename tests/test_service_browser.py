"""The whole service with its phone page in a real browser: from the dial to the number and back to an empty machine.

Keys are found in the book by the screen they lead to, so that the content may change. With KOMEK_TAKE_PICTURE=1 the
tests also take docs/phone-page.png again.
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
from tests.steps.browser import CHROMIUM, sync_api
from tests.story import country_of, tell
from tests.test_stories import Engine
from tests.world import World, contents

expect = sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: there is none on the PATH"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc, to see which processes are left"),
    pytest.mark.timeout(900),
]

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "phone-page.png"
PATIENCE_MS = 1000 * PATIENCE_SECONDS
"""The limit for what several processes do together on a busy machine. Tests wait for events, not for this time."""
PARTS = {"valkey", "web", "console", "worker 1", "clock"}
SOURCES = ("content", "gateway", "helpline", "menus", "workers")


@dataclass(frozen=True, slots=True)
class Service:
    """A running `komek up` with all its processes."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str

    @property
    def output(self) -> str:
        return (self.folder / "out").read_text()

    def pids(self) -> set[int]:
        """Return every living process that uses this service's folder, whichever parent it has now."""
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
        """Press Ctrl-C, which the terminal sends to the whole foreground process group."""
        os.killpg(self.process.pid, signal.SIGINT)


@contextmanager
def komek_up(folder: Path, *options: str, root: Path = ROOT, **settings: str) -> Iterator[Service]:
    """Start the service in a folder, wait until it is ready, and leave no process in the end."""
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
        "--empty",
        *options,
    ]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONTZPATH": "", **settings}
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(command, cwd=root, env=environ, stdout=out, stderr=out, start_new_session=True)
    service = Service(process, folder, f"http://127.0.0.1:{port}")
    try:
        until(lambda: "\nready" in service.output or process.poll() is not None, f"ready; output {service.output}")
        assert process.poll() is None, service.output
        yield service
    finally:
        process.kill()
        process.wait()
        for pid in service.pids():
            kill(pid)  # most are about to end with it


@dataclass
class Phones:
    """The page with the two phones, used by keyboard or touch, and the errors it reported."""

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
        self.page.add_init_script("localStorage.setItem('komek-technical', 'open')")
        self.page.goto(f"{self.url}/phone")
        self.answers()

    def answers(self) -> None:
        """Wait until the service answers."""
        expect(self.page.locator("#link")).to_have_text("Komek answers.", timeout=PATIENCE_MS)

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def dial(self) -> None:
        """Dial and choose the language by its key."""
        self.pressed = -1
        self.key()
        self.lands(self.book.tree.start)
        self.choose(lambda option: ("language", self.language) in option.keep)

    def shows(self, part: str) -> None:
        """Show one part of the page, where there is room for one only: `caller`, `ngo` or `rest`."""
        if self.fingers:
            self.page.locator(f"[data-show={part}]").tap()

    def key(self, key: str = "") -> None:
        """Press a key of the caller's phone, if any, then the green one. Wait for the answer."""
        self.shows("caller")
        if self.fingers:
            for each in key:
                self.page.locator(f"#caller [data-key='{each}']").tap()
            self.page.locator("#caller [data-part=green]").tap()
        else:
            self.page.locator("#caller-entry").focus()  # a button that was clicked before would react to Enter
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
        """The text on the caller's screen."""
        return str(self.page.locator("#caller [data-part=display]").inner_text())

    def lands(self, screen: str) -> dict[str, str]:
        """Wait for a screen of the caller. Return the values on it."""
        expect(self.page.locator("#where-screen")).to_have_text(screen, timeout=PATIENCE_MS)
        text, page = self.shown, self.book.page(self.language, screen, 0)
        return filled(Template.of(screen, page.text), text, self.book, self.language)

    def choose(self, wish: Callable[[Option], bool]) -> None:
        """Press the key of the wanted option on the present screen."""
        keys = self.book.page(self.language, self.screen, 0).keys
        self.key(next(key for key, step in keys.items() if isinstance(step, Option) and wish(step)))

    def text(self, words: str) -> None:
        """Send a text from the NGO's phone."""
        self.shows("ngo")
        self.page.locator("#ngo-entry").fill(words)
        self.page.locator("#ngo-entry").press("Enter")

    def gets(self, notice: str) -> dict[str, str]:
        """Wait for a text of this kind in any language. Return its values, and its receiver as `to`."""
        return until(lambda: self._found(notice), notice)

    def _found(self, notice: str) -> dict[str, str] | None:
        for to, text in reversed(self.texts()):
            for language in self.book.languages:
                template = Template.of(notice, self.book.notices[language][notice])
                if template.pattern.fullmatch(text):
                    return filled(template, text, self.book, language) | {"phone": to}
        return None

    def clock(self, name: str, shows: str) -> None:
        """Move the service's clock by one of its buttons, and wait for the time shown.

        The shown time alone could already be the same, depending on the hour of the day.
        """
        self.shows("rest")
        with self.page.expect_response("**/phone/clock"):
            self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.page.locator("#now-time")).to_have_text(shows, timeout=PATIENCE_MS)

    def texts(self) -> list[tuple[str, str]]:
        """Return every sent text with its receiver."""
        state = self.page.evaluate("fetch('/phone/state?since=0').then(answer => answer.json())")
        return [(each["to"], each["text"]) for each in state["messages"]]


def filled(template: Template, text: str, book: Book, language: str) -> dict[str, str]:
    """Return the value of each placeholder of a text, or None if it is another text."""
    return {piece.slot: piece.text for piece in template.read(text, book, language) or () if piece.slot}


def leads_to(screen: str) -> Callable[[Option], bool]:
    """Return a test for options that lead to a screen."""
    return lambda option: option.goto == screen


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path is short enough for a socket of Valkey."""
    return tmp_path_factory.mktemp("up")


@contextmanager
def phones_of(
    chromium: Any, service: Service, width: int, height: int = 900, scale: float = 1, country: str = "KG"
) -> Iterator[Phones]:
    """Open the page. In the end it must have reported no error and asked no other host."""
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


def ask_for_the_morning(phones: Phones) -> dict[str, str]:
    """Ask for a call in the morning, up to the confirmation screen. Return code and words."""
    phones.dial()
    phones.lands(phones.book.tree.home)
    phones.choose(leads_to("callback.enter"))
    phones.key(phones.lands(phones.book.tree.consent)["drawn"])
    phones.lands("callback.when")
    phones.choose(lambda option: ("window", "morning") in option.keep)
    return phones.lands("callback.kept")


ONE_GOES_ON = {
    "callback.which_day", "callback.which_day_today", "callback.place", "callback.need", "callback.words",
}  # fmt: skip
"""The screens after a stored request on which key 1 is an answer that is wanted here."""


def answer_other_questions(phones: Phones) -> None:
    """Choose the first place and the first need, and permit nothing."""
    phones.key("1")
    while phones.page.locator("#caller").get_attribute("data-showing") != "over":
        phones.key("1" if phones.screen in ONE_GOES_ON else "0")
    assert phones.pressed < 20


@pytest.mark.parametrize(
    ("country", "width"),
    [("KG", 360), *(pytest.param(country, 1280, marks=pytest.mark.nightly) for country in ("KG", "TJ"))],
)
def test_a_request_from_the_dial_to_the_number_and_a_clean_stop(
    folder: Path, chromium: Any, country: str, width: int
) -> None:
    """A caller asks, an NGO claims and gets the number in the caller's hours. Then Ctrl-C leaves no process."""
    caller = f"{contents(Config(country=country)).country.made_up}111001"
    with komek_up(folder, KOMEK_COUNTRY=country) as service:
        with phones_of(chromium, service, width, country=country) as phones:
            phones.clock("08:05 tomorrow", "08:05")
            phones.clock("+4 h", "12:05")  # the caller's morning is over at any hour here
            mark = ask_for_the_morning(phones)
            answer_other_questions(phones)
            ngo = claim_and_get_the_number(phones, caller, mark)
            assert [to for to, text in phones.texts() if caller in text] == [ngo]
            assert not any(to == caller for to, _ in phones.texts())
            assert phones.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        stops_completely(service)
        assert caller not in service.output
        assert "Traceback" not in service.output


def claim_and_get_the_number(phones: Phones, caller: str, mark: dict[str, str]) -> str:
    """Claim, read the caller's words, be told to wait, and get the number in the caller's hours.

    Return the phone of the service that claimed it.
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


@pytest.mark.parametrize("width", [1366, pytest.param(360, marks=pytest.mark.nightly)])
def test_the_tour_tells_a_request_from_the_dial_to_the_stop(folder: Path, chromium: Any, width: int) -> None:
    """Each step has one button. In the end the service has been told to stop."""
    with komek_up(folder) as service, phones_of(chromium, service, width, 768) as phones:
        for step in range(1, 7):
            phones.page.locator("#tour-go").click()
            expect(phones.page.locator("#tour-step")).to_have_text(f"Step {step} of 6", timeout=PATIENCE_MS)
            assert "Start the tour again" not in phones.page.locator("#tour-text").inner_text()
            assert phones.page.locator("#tour-list").is_visible() is (step > 2)  # a service was asked
        asked, told = phones.gets("to_ngo.offer"), phones.gets("to_ngo.stop")
        assert (told["phone"], told["offer"]) == (asked["phone"], asked["offer"])
        assert phones.gets("to_ngo.number")["offer"] == asked["offer"]


@pytest.mark.nightly
def test_the_tour_finds_its_own_request_if_another_one_is_offered_first(folder: Path, chromium: Any) -> None:
    """The service gives the other one back at once, and claims the one with the two words of the tour."""
    with (
        komek_up(folder) as service,
        phones_of(chromium, service, 1366, 768) as tour,
        phones_of(chromium, service, 1366, 768) as other,
    ):
        go = tour.page.locator("#tour-go")
        for step in (1, 2):
            go.click()
            expect(tour.page.locator("#tour-step")).to_have_text(f"Step {step} of 6", timeout=PATIENCE_MS)
        other.page.locator("#caller-number").select_option(index=1)
        ask_for_the_morning(other)
        go.click()
        other.page.locator("#caller [data-part=red]").click()  # who hangs up is offered while the tour still answers
        for step in (3, 4, 5):
            expect(tour.page.locator("#tour-step")).to_have_text(f"Step {step} of 6", timeout=PATIENCE_MS)
            go.click()
        assert tour.gets("to_ngo.number")["number"] == tour.page.locator("#caller-other").input_value()


@pytest.mark.nightly
@pytest.mark.parametrize("country", ["KG", "TJ"])
def test_a_gateway_that_sends_the_last_key_only_leads_to_the_same_request(
    folder: Path, chromium: Any, country: str
) -> None:
    """Every request holds one key. A repeated one counts once, and a copy of an earlier hop changes nothing."""
    with (
        komek_up(folder, KOMEK_COUNTRY=country) as service,
        phones_of(chromium, service, 1366, country=country) as phones,
    ):
        phones.language = "ru" if country == "KG" else "tg"
        phones.page.locator("#style").select_option("last")
        phones.page.get_by_role("button", name="Hop sent twice").click()
        mark = ask_for_the_morning(phones)
        assert re.fullmatch("[0-9]{6}", mark["code"])
        sent = phones.page.locator("#request").inner_text()
        assert re.search(r"key=\d$", sent)
        assert "text=" not in sent
        phones.page.get_by_role("button", name="Late copy of an earlier hop").click()
        answer_other_questions(phones)
        assert phones.gets("to_ngo.offer")
        phones.page.locator("#style").select_option("texts")
        phones.page.locator("#caller-entry").press("Enter")  # from the last screen to the first
        phones.page.locator("#caller-entry").press("Enter")
        expect(phones.page.locator("#caller [data-part=display]")).to_contain_text("This line has no menus.")


@pytest.mark.nightly
def test_a_story_recorded_on_the_page_passes(
    folder: Path, chromium: Any, new_sqlite: Databases, tmp_path: Path
) -> None:
    """Record a whole request in the browser, then play that text to a service in memory on another day."""
    with komek_up(folder) as service, phones_of(chromium, service, 1280) as phones:
        phones.clock("08:05 tomorrow", "08:05")
        phones.clock("+4 h", "12:05")
        phones.page.get_by_role("button", name="Record as story").click()
        phones.page.get_by_role("button", name="Hop sent twice").click()
        mark = ask_for_the_morning(phones)
        answer_other_questions(phones)
        caller = f"{contents(Config()).country.made_up}111001"
        claim_and_get_the_number(phones, caller, mark)
        expect(phones.page.locator("#log")).to_contain_text(caller, timeout=PATIENCE_MS)
        phones.page.get_by_role("button", name="Record as story").click()
        story = phones.page.locator("#story").inner_text()
    path = tmp_path / "recorded.story"
    path.write_text(story, "utf-8")
    for line in ("again", "> {on}", "{code}", "{word}", "{ours}", " sends: YES {offer}", "at 08:05"):
        assert line in story
    assert mark["code"] not in story
    assert country_of(path) == "KG"
    tell(path, Engine(World.on(new_sqlite())))


@pytest.mark.nightly
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
        until(lambda: printed.search(service.output), "the same in what is printed")  # after the page has it
        expect(screen).to_contain_text("What is it you need?")
        menu.write_text(whole.replace("Call me", "Ring me"), "utf-8")
        expect(screen).to_contain_text("Ring me", timeout=PATIENCE_MS)
        expect(screen).to_contain_text("How can we help?")


@pytest.mark.nightly
def test_the_demo_switches_to_another_country_and_back(folder: Path, chromium: Any) -> None:
    """The switch on the page ends this country's service and starts the other's with its own database."""
    with komek_up(folder) as service:
        with phones_of(chromium, service, 1280) as phones:
            kept = ask_for_the_morning(phones)
            for times, country in enumerate(("TJ", "KG"), start=2):
                phones.page.locator("#country").select_option(country)
                expect(phones.page.locator("#caller .net")).to_have_text(f"DEMO {country}", timeout=PATIENCE_MS)
                phones.answers()
                until(partial(was_ready, service, times), "every part up")  # the console comes last
                phones.complaints = [
                    error for error in phones.complaints if "ERR_" not in error
                ]  # while no server was running
                phones.book = contents(Config(country=country)).book
                assert ask_for_the_morning(phones)["code"] != kept["code"]
        stops_completely(service)
        assert (folder / "data" / "demo-tj" / "komek.sqlite3").exists()
        assert service.output.count("\nready") == 3


def was_ready(service: Service, times: int) -> bool:
    """Whether every part was up that many times."""
    return service.output.count("\nready") == times


def stops_completely(service: Service) -> None:
    """Check that every part runs and that one Ctrl-C ends all of them."""
    up = {line.partition("  ")[0] for line in service.output.splitlines() if re.search(r"  up\b", line)}
    assert up == PARTS
    assert len(service.pids()) > len(PARTS)  # the supervisor, and the web's worker
    service.interrupt()
    assert service.process.wait() == 0
    assert service.pids() == set()
    assert service.output.endswith("stopped\n")


@pytest.mark.skipif(
    "KOMEK_TAKE_PICTURE" not in os.environ, reason="takes docs/phone-page.png; set KOMEK_TAKE_PICTURE=1"
)
def test_take_the_picture_for_the_readme(folder: Path, chromium: Any) -> None:
    """The caller reads code and words, and the NGO has just been asked. The picture is small enough for a README."""
    with komek_up(folder, KOMEK_GRACE_SECONDS="0") as service, phones_of(chromium, service, 1280, 850, 0.75) as phones:
        phones.language = "en"
        phones.clock("08:05 tomorrow", "08:05")
        ask_for_the_morning(phones)
        phones.gets("to_ngo.offer")
        phones.page.locator("#technical > summary").click()
        expect(phones.page.locator("#ngo [data-part=thread]")).to_contain_text("Success", timeout=PATIENCE_MS)
        phones.page.screenshot(path=PICTURE, animations="disabled")
    assert PICTURE.stat().st_size <= 200_000
