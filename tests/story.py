"""Stories: conversations as text, played through three interfaces.

# a comment; it is ten in the morning in Bishkek, nine in Dushanbe, the 24th of November
country TJ                      (first line; KG where it is missing; `country TJ with a neutral front`,
                                `country TJ with topics by SMS`, `country TJ with a legal duty`)
at 10:00                        move the clock on to this time of the country
dial / other dials              a phone calls (`caller`, `other`, `third` to `seventh` have made-up numbers;
                                `abroad` calls from Russia, `withheld` without a number)
< Чем помочь?⏎1 Позвоните мне   what the screen must show; {name} stands for anything, the same each time
> 1                             a key
> 1*2*1                         keys that run ahead in one hop
> the digit of {word}           the key beside a word on the screen
again                           the gateway sends the same hop once more: the same words must come
hang up
wait 45 seconds                 timers do their work
kg-bishkek gets: …              the next text on that phone; `gets nothing`
kg-bishkek sends: ДА {offer}
request is claimed              the state of the only request
the database fails              it cannot be reached until `the database is back`
the texts change                the service starts again with other content
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from helpline.caller.calls_begun import CallsBegun
from helpline.caller.day_store import DayStore
from helpline.core.ports import Hop, Reply, Sender
from helpline.store.engine import Database
from menus.draft import YES
from tests.steps.legal_duty import explain_first
from tests.steps.sms_topics import switch_on
from tests.steps.unreachable import unreachable
from tests.world import Call, World

ABROAD = "+79123456789"
"""A Russian number from the examples of the phone number library."""
WITHHELD = "anonymous"
"""What Africa's Talking says where a caller hides their number."""
PHONES = ("caller", "other", "third", "fourth", "fifth", "sixth", "seventh")
NAMED = re.compile(r"\{([a-z_]+)\}")
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class Door(Protocol):
    """One interface of the service."""

    world: World

    def hop(self, hop: Hop) -> Reply: ...
    def text(self, sender: str, text: str) -> None: ...
    def inbox(self, phone: str) -> list[str]: ...
    def restart(self) -> None: ...


@dataclass(slots=True)
class Telling:
    """A running story: the values of its `{names}`, and how many texts each phone has read."""

    door: Door
    names: dict[str, str] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    call: Call | None = None
    trouble: ExitStack = field(default_factory=ExitStack)
    """What ends when the database is back."""

    def line(self, line: str) -> None:
        """Execute or check one line."""
        for pattern, does in LINES:
            if found := re.fullmatch(pattern, line):
                does(self, *found.groups())
                return
        raise AssertionError(f"a story has no such line: {line}")

    @property
    def world(self) -> World:
        """The service."""
        return self.door.world

    def phone(self, who: str) -> str:
        """Return the telephone of somebody in the story."""
        numbers = {name: f"{self.world.public.ctx.made_up}11100{at}" for at, name in enumerate(PHONES, 1)}
        numbers |= {"abroad": ABROAD, "withheld": WITHHELD}
        return numbers.get(who) or self.world.phone(who)

    def dial(self, who: str | None) -> None:
        """Begin a call."""
        session = f"ATUid_{next(self.world.sessions):032}"
        self.call = Call(self.world, self.phone(who or "caller"), session, hop=self.door.hop)
        self.call.show()

    def press(self, keys: str) -> None:
        """Press keys, all in one hop."""
        assert self.call is not None
        self.call.ahead(*self.filled(keys).split("*"))

    def press_digit_of(self, word: str) -> None:
        """Press the digit beside a word on the screen."""
        assert self.call is not None
        lines = [line.split(" ", 1) for line in self.call.text.split("\n")]
        self.press(next(line[0] for line in lines if line[-1] == self.filled(word)))

    def again(self) -> None:
        """Send the same hop once more."""
        assert self.call is not None
        before = self.call.text
        assert self.call.show().text == before

    def hang_up(self) -> None:
        """End the call."""
        self.call = None

    def shows(self, expected: str) -> None:
        """Check the screen."""
        assert self.call is not None
        self.match(expected.replace("⏎", "\n"), self.call.text)

    def sends(self, who: str, text: str) -> None:
        """Receive a text."""
        self.door.text(self.phone(who), self.filled(text))

    def gets(self, who: str, expected: str) -> None:
        """Check the next text on a phone."""
        self.world.run()
        inbox, at = self.door.inbox(self.phone(who)), self.read.get(who, 0)
        assert len(inbox) > at, f"{who} got nothing more; expected {expected!r}"
        self.match(expected.replace("⏎", "\n"), inbox[at])
        self.read[who] = at + 1

    def gets_nothing(self, who: str) -> None:
        """Check that a phone has no unread text."""
        self.world.run()
        assert self.door.inbox(self.phone(who))[self.read.get(who, 0) :] == []

    def wait(self, amount: str, unit: str) -> None:
        """Move the time on."""
        self.world.wait(seconds=int(amount) * UNITS[unit])

    def at(self, hour: str, minute: str) -> None:
        """Move the clock to a time of day."""
        self.world.set_local(int(hour), int(minute))

    def request_is(self, state: str) -> None:
        """Check the state of the only request."""
        assert self.world.state() == state, self.world.state()

    def database_fails(self) -> None:
        """Make the database unreachable."""
        self.trouble.enter_context(unreachable(self.world))

    def database_is_back(self) -> None:
        """Make it work again."""
        self.trouble.close()

    def texts_change(self) -> None:
        """Start the service again with other content. It knows no call that began before."""
        ctx = self.world.public.ctx
        ctx = replace(ctx, book=replace(ctx.book, digest="other content"))
        begun = CallsBegun(DayStore("unix:///nowhere/valkey.sock"))
        self.world.public = replace(self.world.public, ctx=ctx, begun=begun)
        self.door.restart()

    def filled(self, text: str) -> str:
        """Replace names by their values."""
        return NAMED.sub(lambda found: self.names[found[1]], text)

    def match(self, expected: str, shown: str) -> None:
        """Compare a text with its pattern, and store the values of new names."""
        new: list[str] = []

        def group(found: re.Match[str]) -> str:
            if found[1] in self.names:
                return re.escape(self.names[found[1]])
            new.append(found[1])
            return rf"(?P<{found[1]}>\S+?)" if new.count(found[1]) == 1 else rf"(?P={found[1]})"

        parts = NAMED.split(expected)
        pattern = "".join(
            re.escape(part) if at % 2 == 0 else group(re.fullmatch(NAMED, f"{{{part}}}"))  # type: ignore[arg-type]
            for at, part in enumerate(parts)
        )
        found = re.fullmatch(pattern, shown)
        assert found, f"\nexpected {self.expanded(expected)!r}\nbut saw  {shown!r}"
        self.names |= found.groupdict()

    def expanded(self, text: str) -> str:
        """Replace known names, for a message."""
        return NAMED.sub(lambda found: self.names.get(found[1], found[0]), text)


LINES: list[tuple[str, Callable[..., None]]] = [
    (r"(?:(\S+) )?dials?", Telling.dial),
    (r"> the digit of (.+)", Telling.press_digit_of),
    (r"> (.+)", Telling.press),
    (r"< (.+)", Telling.shows),
    (r"again", Telling.again),
    (r"hang up", Telling.hang_up),
    (r"wait (\d+) (second|minute|hour|day)s?", Telling.wait),
    (r"at (\d\d):(\d\d)", Telling.at),
    (r"(\S+) sends: (.+)", Telling.sends),
    (r"(\S+) gets: (.+)", Telling.gets),
    (r"(\S+) gets nothing", Telling.gets_nothing),
    (r"request is (\w+)", Telling.request_is),
    (r"the database fails", Telling.database_fails),
    (r"the database is back", Telling.database_is_back),
    (r"the texts change", Telling.texts_change),
]


def lines_of(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a story that say something, with their numbers."""
    rows = enumerate(path.read_text("utf-8").splitlines(), 1)
    return [(number, line.strip()) for number, line in rows if line.strip() and not line.startswith("#")]


def country_of(path: Path) -> str:
    """Return the country a story plays in."""
    first = lines_of(path)[0][1]
    return first.split()[1] if first.startswith("country ") else "KG"


def world_of(path: Path, db: Database, sender: Sender | None = None) -> World:
    """Return the service in which a story plays."""
    world = World.on(db, sender, country=country_of(path))
    if lines_of(path)[0][1].endswith(" with a neutral front"):
        world.public = replace(world.public, front=YES)
    if lines_of(path)[0][1].endswith(" with topics by SMS"):
        switch_on(world)
    if lines_of(path)[0][1].endswith(" with a legal duty"):
        explain_first(world)
    return world


def tell(path: Path, door: Door) -> None:
    """Play a story. A failure names its line."""
    telling = Telling(door)
    for number, line in lines_of(path):
        if line.startswith("country "):
            continue
        try:
            telling.line(line)
        except (AssertionError, KeyError) as failure:
            raise AssertionError(f"{path.name}:{number}: {line}\n{failure}") from failure
