"""Everybody outside the service: the SMS gateway, callers who dial, people at services who answer.

They know only what a phone shows. A screen or a text is recognised by the content that it was made from.
"""

import http.client
import itertools
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from random import Random
from threading import Event, Lock, Thread
from urllib.parse import urlencode, urlsplit

from flask import Flask
from werkzeug.serving import make_server

from gateway.phone.emulator import Emulator, emulator
from gateway.phone.inboxes import Inboxes, Message
from gateway.phone.receipts import POST_SECONDS, Receipts
from helpline.core import clock
from helpline.core.config import Config
from menus.book import SLOT, Book
from tests.faults.service import SECRET, Service
from tests.world import contents

FLUSH_SECONDS = 0.1


def book() -> Book:
    """Return the texts for callers and services."""
    return contents(Config(country="KG")).book


@lru_cache
def pattern(text: str) -> re.Pattern[str]:
    """Return a pattern that recognises a text with `{slots}`, however they are filled."""
    made, seen = "", set[str]()
    for at, piece in enumerate(SLOT.split(text)):
        if at % 2 == 0:
            made += re.escape(piece)
        else:
            made += f"(?P={piece})" if piece in seen else f"(?P<{piece}>.+?)"
            seen.add(piece)
    return re.compile(made, re.DOTALL)


def shows(book: Book, screen: str, shown: str) -> re.Match[str] | None:
    """Recognise a screen in any language."""
    texts = (book.page(language, screen, 0).text for language in book.languages)
    return next(filter(None, (pattern(text).fullmatch(shown) for text in texts)), None)


def says(book: Book, notice: str, text: str) -> re.Match[str] | None:
    """Recognise a text in any language."""
    notices = (book.notices[language][notice] for language in book.languages)
    return next(filter(None, (pattern(each).fullmatch(text) for each in notices)), None)


class Phones(Inboxes):
    """Inboxes that, unlike the demo's, keep every text and report each one as it arrives."""

    def __init__(self) -> None:
        super().__init__(lambda: self.clock())
        self.clock: Callable[[], datetime] = clock.real
        self.taken: list[Message] = []
        self.on_text: Callable[[Message], object] = lambda message: None

    def put(self, id: str, to: str, sender: str, text: str) -> Message:
        """Store a text and report it."""
        message = super().put(id, to, sender, text)
        self.taken.append(message)
        self.on_text(message)
        return message


@dataclass(frozen=True, slots=True)
class Outside:
    """Africa's Talking: it takes texts at `url` and posts receipts to the addresses in `hook`."""

    phones: Phones
    gateway: Emulator
    url: str
    hook: list[str] = field(default_factory=list)

    def reports_to(self, service: Service) -> None:
        """Post delivery receipts to this service from now on, and use its clock."""
        self.phones.clock = service.clock
        self.hook.append(f"http://127.0.0.1:{service.port}/in/africastalking/{SECRET}/receipt")


def post(url: str, form: Mapping[str, str]) -> None:
    """Post a form over a connection of its own: the web at the other end may be killed at any moment."""
    where = urlsplit(url)
    with closing(http.client.HTTPConnection(where.netloc, timeout=POST_SECONDS)) as line:
        line.request("POST", where.path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = line.getresponse()
        answer.read()
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        raise http.client.HTTPException(f"HTTP {answer.status}")


@contextmanager
def outside(host: str = "127.0.0.1") -> Iterator[Outside]:
    """Run the emulator in this process, so that it outlives the processes that are killed."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    phones, hook, over = Phones(), list[str](), Event()
    receipts = Receipts(phones, lambda form: post(hook[0], form) if hook else None)
    gateway = Emulator(phones, receipts)
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(emulator(gateway))
    server = make_server(host, 0, app, threaded=True)

    def report() -> None:
        while not over.wait(FLUSH_SECONDS):
            receipts.flush()

    threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}), Thread(target=report)]
    for thread in threads:
        thread.start()
    try:
        yield Outside(phones, gateway, f"http://{host}:{server.port}", hook)
    finally:
        over.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code that a caller was shown. From then on their request must exist."""

    session: str
    number: str
    code: str
    word: str
    window: str
    """The key that the caller chose."""


@dataclass(slots=True)
class Callers:
    """The callers, and what their screens showed."""

    service: Service
    book: Book
    chance: Random
    shown_codes: list[ShownCode] = field(default_factory=list)
    """The codes that callers were shown."""
    refusals: list[tuple[float, str]] = field(default_factory=list)
    """The last screens of calls that were not saved, and when they were shown, in seconds of `time.monotonic`."""
    tries: "itertools.count[int]" = field(default_factory=itertools.count)

    def call(self, number: str) -> None:
        """Ask for a call until the request is stored. Then continue or hang up."""
        while True:
            session, window = f"AT{next(self.tries)}-{self.chance.getrandbits(64):x}", self.chance.choice("11124")
            call = Call(self.service, self.book, session, number, self.chance)
            call.ask(window)
            if kept := shows(self.book, "callback.kept", call.screen):
                self.shown_codes.append(ShownCode(session, number, kept["code"], kept["word"], window))
                return call.go_on()
            self.refusals.append((time.monotonic(), call.screen))


@dataclass(slots=True)
class Call:
    """One USSD call, as the gateway carries it."""

    service: Service
    book: Book
    session: str
    number: str
    chance: Random
    keys: tuple[str, ...] = ()
    screen: str = ""
    over: bool = False

    def show(self, keys: tuple[str, ...]) -> str:
        """Send a hop and return what the handset shows."""
        return self.service.hop(self.session, self.number, "*".join(keys))

    def press(self, *pressed: str) -> None:
        """Press keys, one per hop. Now and then the gateway repeats an earlier hop late."""
        for key in ("", *pressed) if not self.keys else pressed:
            if self.over:
                return
            self.keys = (*self.keys, key) if key else ()
            kind, _, self.screen = self.show(self.keys).partition(" ")
            self.over = kind == "END"
            if self.chance.random() < 0.05:
                self.show(self.keys[: self.chance.randint(0, len(self.keys))])

    def ask(self, window: str) -> None:
        """Take the shortest path to a saved request, pressing the drawn key that is printed."""
        self.press(self.chance.choice("1234"), "2")
        while (consent := shows(self.book, "callback.consent", self.screen)) and len(self.keys) < 9:
            self.press(consent["drawn"])  # shown again if the service could not record the first time
        self.press(window)

    def go_on(self) -> None:
        """Hang up, press *End*, or answer some or all of the questions."""
        place = self.chance.choice("01234")
        match self.chance.choices(("hang up", "end", "place", "all"), (2, 2, 5, 1))[0]:
            case "end":
                self.press("0")
            case "place":
                self.press("1", "0", place)
            case "all":
                self.press("1", "0", place, *("0" if place != "0" else ""))
                self.press(self.chance.choice("012"), *self.chance.choices("01", k=4), "0")


@dataclass(slots=True)
class Desks:
    """The people at the services."""

    service: Service
    book: Book
    chance: Random
    phones: Sequence[str]
    habits: Mapping[str, int]
    """How often they react to an offer in each way."""
    errands: ThreadPoolExecutor
    calm: bool = False
    """From now on everybody just says yes."""
    ids: "itertools.count[int]" = field(default_factory=itertools.count)
    lock: Lock = field(default_factory=Lock)
    seen: set[tuple[str, str]] = field(default_factory=set)
    cards: list[tuple[str, str]] = field(default_factory=list)
    shown: set[tuple[str, str]] = field(default_factory=set)
    doing: list["Future[None]"] = field(default_factory=list)

    def receive(self, message: Message) -> None:
        """Make a person read a text. They answer as soon as a thread is free."""
        self.doing.append(self.errands.submit(self.answer, message.to, message.text))

    def answer(self, phone: str, text: str) -> None:
        """React to a text. The same offer twice is answered once."""
        for name, act in (("offer", self.choose), ("card", self.ask_number), ("number", self.note)):
            if found := says(self.book, f"to_ngo.{name}", text):
                with self.lock:
                    new = (phone, name + found["offer"]) not in self.seen
                    self.seen.add((phone, name + found["offer"]))
                if new:
                    act(phone, found["offer"])

    def choose(self, phone: str, code: str) -> None:
        """Answer an offer."""
        habit = "yes" if self.calm else self.chance.choices(list(self.habits), list(self.habits.values()))[0]
        yes, other = f"YES {code}", self.chance.choice([each for each in self.phones if each != phone])
        id = self.id()
        match habit:
            case "silent":
                return
            case "no":
                self.send((id, phone, f"NO {code}"))
            case "copies":
                self.send((id, phone, yes), (id, phone, yes), (id, phone, yes))
            case "twice":
                self.send((id, phone, yes), (self.id(), phone, yes))
            case "wrong":
                self.send((self.id(), phone, f"YES {(int(code) + 1) % 10**5:05}"))
                self.send((id, phone, yes))
            case "race":
                self.send((self.id(), other, yes), (id, phone, yes), (self.id(), other, f"NUMBER {code}"))
            case "both":
                self.send((id, phone, yes), (self.id(), phone, f"NO NO {code}"))
            case _:
                self.send((id, phone, yes))

    def ask_number(self, phone: str, code: str) -> None:
        """Ask for the number of a claim. Sometimes a late copy of the yes arrives too."""
        self.cards.append((phone, code))
        self.send((self.id(), phone, f"NUMBER {code}"))
        if self.chance.random() < 0.1:
            self.send((self.id(), phone, f"NUMBER {code}"), (self.id(), phone, f"YES {code}"))

    def note(self, phone: str, code: str) -> None:
        """Record that the number of a claim has arrived."""
        self.shown.add((phone, code))

    def ask_numbers_again(self) -> None:
        """Ask again for the number of every claim whose number has not arrived."""
        for phone, code in set(self.cards) - self.shown:
            self.send((self.id(), phone, f"NUMBER {code}"))

    def id(self) -> str:
        """Return the id that the gateway gives a text."""
        return f"sms{next(self.ids)}"

    def send(self, *texts: tuple[str, str, str]) -> None:
        """Send several texts at the same time: (id, sender, text) each."""
        threads = [Thread(target=self.service.sms, args=each) for each in texts[1:]]
        for thread in threads:
            thread.start()
        self.service.sms(*texts[0])
        for thread in threads:
            thread.join()
