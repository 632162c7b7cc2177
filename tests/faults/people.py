"""Callers who dial, and people at services who answer. They know only what a phone shows."""

import itertools
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Lock, Thread

from gateway.phone.inboxes import Message
from menus.book import Book
from tests.faults.phones import says, shows
from tests.faults.service import Service


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code that a caller was shown. From then on their request must exist."""

    session: str
    number: str
    code: str
    word: str
    window: str
    """The key that the caller chose."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last hop of a caller who asked for a call. Its times are in seconds of `time.monotonic`."""

    sent: float
    answered: float
    screen: str
    saved: bool


def not_saved_seconds(ends: Iterable[Ended]) -> float:
    """Return how long callers were not saved: from the first such hop until one is saved that is answered after the last.

    It is 0 if all were saved, and has no end if nobody was saved afterwards.
    """
    every = list(ends)
    refused = [each for each in every if not each.saved]
    if not refused:
        return 0.0
    last = max(each.answered for each in refused)
    saved = (each.answered for each in every if each.saved and each.answered > last)
    return min(saved, default=math.inf) - min(each.sent for each in refused)


@dataclass(slots=True)
class Callers:
    """The callers, and what their screens showed."""

    service: Service
    book: Book
    chance: Random
    shown_codes: list[ShownCode] = field(default_factory=list)
    """The codes that callers were shown."""
    ends: list[Ended] = field(default_factory=list)
    tries: "itertools.count[int]" = field(default_factory=itertools.count)

    def call(self, number: str) -> None:
        """Ask for a call until the request is stored. Then continue or hang up."""
        while True:
            session, window = f"AT{next(self.tries)}-{self.chance.getrandbits(64):x}", self.chance.choice("11124")
            call = Call(self.service, self.book, session, number, self.chance)
            call.ask(window)
            kept = shows(self.book, "callback.kept", call.screen)
            self.ends.append(Ended(call.sent, call.answered, call.screen, bool(kept)))
            if kept:
                self.shown_codes.append(ShownCode(session, number, kept["code"], kept["word"], window))
                return call.go_on()

    @property
    def refusals(self) -> list[Ended]:
        """The last hops of calls that were not saved."""
        return [each for each in list(self.ends) if not each.saved]


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
    sent: float = 0.0
    answered: float = 0.0

    def show(self, keys: tuple[str, ...]) -> str:
        """Send a hop and return what the handset shows."""
        return self.service.hop(self.session, self.number, "*".join(keys))

    def press(self, *pressed: str) -> None:
        """Press keys, one per hop. Now and then the gateway repeats an earlier hop late."""
        for key in ("", *pressed) if not self.keys else pressed:
            if self.over:
                return
            self.keys = (*self.keys, key) if key else ()
            self.sent = time.monotonic()
            kind, _, self.screen = self.show(self.keys).partition(" ")
            self.answered = time.monotonic()
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
