"""The whole service as one starts it, and its phone page in a real browser: from the dial to the number and to nothing.

With KOMEK_TAKE_PICTURE=1 it also takes docs/phone-page.png anew.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.workers.conftest import until

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
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: there is none at /usr/bin/chromium or on the PATH"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc, to see which processes are left"),
    pytest.mark.timeout(300),
]

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "phone-page.png"
PATIENCE_MS = 60_000
"""For what several processes do together on a busy machine; it is waited for, not slept through."""
PARTS = {"valkey", "web", "worker 1", "clock"}
DOOR, MENU = "1 Русский\n2 English\n8 SOS", "Чем помочь?\n1 Позвоните мне\n2 Моя просьба\n3 Не звоните мне\n8 SOS"
CONSENT = re.compile(r"Вам позвонит помощник\. Номер увидит одна служба помощи\.\n([1-7]) Дальше 0 Нет")
WHEN = "Храним 30 дней, отмена тут. Когда?\n1 Любое\n2 Утро\n3 День\n4 Вечер\n0 Нет"
KEPT = re.compile(r"Записано\. Код (\d{6}), слово (\S+), наше (\S+)\.\n1 Дальше 0 Конец")
DONE = re.compile(r"Ждите звонка \d\d\.\d\d 08:00-12:00\. Отмена: наберите снова\.")
IN_ENGLISH = {
    "home": re.compile(r"How can we help\?\n1 Call me\n.+", re.DOTALL),
    "consent": re.compile(r"A helper will ring you\. .+\n([1-7]) Go on 0 No"),
    "when": re.compile(r"We keep it 30 days\. .+\n2 Morning\n.+", re.DOTALL),
    "kept": re.compile(r"Written down\. Code \d{6}, your word \S+, our word \S+\.\n1 Go on 0 End"),
}
QUESTIONS = (
    "Если ответит другой, говорить с ним?",
    "Можно оставить сообщение?",
    "Можно сказать, кто мы?",
    "Можно прислать вам СМС?",
)


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
        """Give every living process that knows of this service's folder, whoever its parent is by now."""
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
def komek_up(folder: Path, **settings: str) -> Iterator[Service]:
    """Start the service in a folder, wait until it says that it is ready, and leave nothing of it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "helpline.cli", "up", "--data", str(folder / "data"), "--port", str(port)]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONTZPATH": "", **settings}
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True)
    service = Service(process, folder, f"http://127.0.0.1:{port}")
    try:
        until(lambda: "\nready" in service.said or process.poll() is not None, f"ready; said {service.said}")
        assert process.poll() is None, service.said
        yield service
    finally:
        process.kill()
        process.wait()
        for pid in service.pids():
            os.kill(pid, signal.SIGKILL)


@dataclass
class Phones:
    """The page with the two phones, driven by keyboard or by fingers, and what it complained of."""

    page: Any
    url: str
    fingers: bool
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self.hosts.add(urlsplit(asked.url).netloc))
        self.page.goto(f"{self.url}/phone")
        expect(self.page.locator("#link")).to_have_text("The service answers.", timeout=PATIENCE_MS)

    def _heard(self, said: Any) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def key(self, key: str = "") -> None:
        """Press a key of the caller's phone, if any, then the green one."""
        if not self.fingers:
            self.page.locator("#caller-entry").focus()  # a clock's button, clicked before, would take Enter for itself
            for each in (*key, "Enter"):
                self.page.keyboard.press(each)
            return
        for each in key:
            self.page.locator(f"#caller [data-key='{each}']").tap()
        self.page.locator("#caller [data-part=green]").tap()

    def shows(self, text: str | re.Pattern[str]) -> "re.Match[str] | None":
        """Wait for a screen of the caller's; give what the pattern found on it."""
        screen = self.page.locator("#caller [data-part=display]")
        whole = re.compile(rf"^{text.pattern}$", text.flags) if isinstance(text, re.Pattern) else text
        expect(screen).to_have_text(whole, use_inner_text=True, timeout=PATIENCE_MS)
        return text.fullmatch(screen.inner_text()) if isinstance(text, re.Pattern) else None

    def found(self, pattern: re.Pattern[str]) -> "re.Match[str]":
        """Wait for a screen of the caller's, and read it."""
        found = self.shows(pattern)
        assert found
        return found

    def text(self, words: str) -> None:
        """Send a text from the NGO's phone."""
        self.page.locator("#ngo-entry").fill(words)
        self.page.locator("#ngo-entry").press("Enter")

    def gets(self, pattern: str) -> "re.Match[str]":
        """Wait for a new text on the NGO's phone, the last one there, and read it."""
        last = self.page.locator("#ngo [data-part=thread] article.came").last.locator("p")
        expect(last).to_have_text(re.compile(f"^{pattern}$"), timeout=PATIENCE_MS)
        found = re.fullmatch(pattern, last.inner_text())
        assert found
        return found

    def clock(self, name: str, shows: str) -> None:
        """Move the service's clock by one of its buttons."""
        self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.page.locator("#now-time")).to_have_text(shows, timeout=PATIENCE_MS)

    def texts(self) -> list[tuple[str, str]]:
        """Give every text that left the service: to whom, and what."""
        state = self.page.evaluate("fetch('/phone/state?since=0').then(answer => answer.json())")
        return [(each["to"], each["text"]) for each in state["messages"]]


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
def phones_of(chromium: Any, service: Service, width: int, height: int = 900, scale: float = 1) -> Iterator[Phones]:
    """Open the page; in the end it must have had nothing to complain of, and have asked no other host."""
    narrow = width < 600
    size = {"width": width, "height": height}
    context = chromium.new_context(viewport=size, has_touch=narrow, device_scale_factor=scale)
    context.set_default_timeout(PATIENCE_MS)
    phones = Phones(context.new_page(), service.url, narrow)
    yield phones
    context.close()
    assert phones.complaints == []
    assert phones.hosts == {urlsplit(service.url).netloc}


def asks_for_the_morning(phones: Phones) -> tuple[str, str]:
    """Ask to be called in the morning, up to the screen that says it is written down; give her word and ours."""
    phones.key()
    phones.shows(DOOR)
    phones.key("1")
    phones.shows(MENU)
    phones.key("1")
    phones.key(phones.found(CONSENT)[1])
    phones.shows(WHEN)
    phones.key("2")
    _, word, ours = phones.found(KEPT).groups()
    return word, ours


def answers_all_else(phones: Phones) -> None:
    """Choose the first place and the first need, and allow nothing."""
    phones.key("1")
    phones.shows(re.compile(r"Где вы\?\n1 [^\n]+(\n[^\n]+)+"))
    phones.key("1")
    phones.shows(re.compile(r"Что нужно\?\n1 Не платят(\n[^\n]+)+"))
    phones.key("1")
    for question in QUESTIONS:
        phones.shows(f"{question}\n1 Да\n0 Нет")
        phones.key("0")
    phones.shows(DONE)


@pytest.mark.parametrize(
    ("country", "width", "place", "caller", "ngo"),
    [
        ("KG", 1280, "Бишкек", "+996000111001", "+996000500001"),
        ("KG", 360, "Бишкек", "+996000111001", "+996000500001"),
        ("TJ", 1280, "Душанбе", "+992000111001", "+992000500001"),
    ],
)
def test_from_the_dial_to_the_number_and_back_to_nothing(
    folder: Path, chromium: Any, country: str, width: int, place: str, caller: str, ngo: str
) -> None:
    """A caller asks, an NGO takes it and gets her number inside her hours; then Ctrl-C leaves no process behind."""
    with komek_up(folder, KOMEK_COUNTRY=country) as service:
        with phones_of(chromium, service, width) as phones:
            phones.clock("08:05 tomorrow", "08:05")
            phones.clock("+4 hours", "12:05")  # her morning is over whatever the hour is here
            word, ours = asks_for_the_morning(phones)
            answers_all_else(phones)
            offer = phones.gets(rf"(\d{{5}}): {place}, RU, Не платят, утро\. ДА \1 / НЕТ \1")[1]
            expect(phones.page.locator("#ngo-number")).to_have_value(ngo)
            takes_it_and_gets_the_number(phones, offer, caller, word, ours)
            assert [to for to, text in phones.texts() if caller in text] == [ngo]
            assert not any(to == caller for to, _ in phones.texts())
            assert phones.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        stops_wholly(service)
        assert caller not in service.said
        assert "Traceback" not in service.said


def takes_it_and_gets_the_number(phones: Phones, offer: str, caller: str, word: str, ours: str) -> None:
    """Claim, read the same words as the caller did, be told to wait, and get the number when her hours have come."""
    phones.text(f"ДА {offer}")
    phones.gets(
        rf"{offer} ваша\. \S+ 08:00-12:00\. Спросить: удобно\? Слово {word}, ваше {ours}\."
        rf" Другим нет, запись нет, о нас нет\. НОМЕР {offer}"
    )
    phones.text(f"НОМЕР {offer}")
    phones.gets(rf"{offer}: не сейчас\. НОМЕР {offer} - \S+ 08:00-12:00\.")
    assert not any(caller in text for _, text in phones.texts())
    phones.clock("08:05 tomorrow", "08:05")
    phones.text(f"НОМЕР {offer}")
    phones.gets(rf"{offer}: {re.escape(caller)} до 12:00\. Слово не то\? Извиниться, положить\.")


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
        phones.clock("08:05 tomorrow", "08:05")
        for key, then in (("", DOOR), ("2", IN_ENGLISH["home"]), ("1", IN_ENGLISH["consent"])):
            phones.key(key)
            phones.shows(then)
        phones.key(phones.found(IN_ENGLISH["consent"])[1])
        phones.shows(IN_ENGLISH["when"])
        phones.key("2")
        phones.shows(IN_ENGLISH["kept"])
        phones.gets(r"Request (\d{5}): place not said, EN, To talk, morning\. YES \1 / NO \1")
        expect(phones.page.locator("#ngo [data-part=thread]")).to_contain_text("Success", timeout=PATIENCE_MS)
        phones.page.screenshot(path=PICTURE, animations="disabled")
    assert PICTURE.stat().st_size <= 200_000
