"""The gateway outside the service, and what a phone shows: a screen or a text is recognised by the content it is made from."""

import http.client
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from threading import Event, Thread
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
