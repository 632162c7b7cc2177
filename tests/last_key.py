"""Telephones on a gateway that sends only the last key of a call, and whose ids of calls may be the same."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Press, Reply
from tests.world import World


@dataclass(slots=True)
class Telephone:
    """One telephone in a call."""

    world: World
    number: str
    call: str = "7"
    numbered: bool = True
    """Whether the gateway numbers its hops."""
    seen: list[str] = field(default_factory=list)
    hops: "itertools.count[int]" = field(default_factory=itertools.count)

    def dial(self) -> Reply:
        """Begin a call."""
        return self.send(None)

    def press(self, *keys: str) -> Reply:
        """Press keys, one a hop. Return the last screen."""
        return [self.send(key) for key in keys][-1]

    def agree(self) -> Reply:
        """Press the key that is printed on the first consent screen."""
        return self.press(self.seen[-1].split("\n")[-1][0])

    def ask(self, *path: str) -> Reply:
        """Dial and ask for a call."""
        self.dial()
        self.press(*path)
        self.agree()
        return self.press("1")

    def send(self, key: str | None, hop: str = "") -> Reply:
        """Send one hop."""
        hop = hop or (f"{self.call}-{self.number[-4:]}-{next(self.hops)}" if self.numbered else "")
        reply = self.world.public.press("at", Press(self.call, msisdn(self.number), key, hop=hop))
        self.seen.append(reply.text)
        return reply


def codes(screens: Sequence[str]) -> set[str]:
    """Return the codes of six digits on screens."""
    return {
        word.strip(".,:")
        for text in screens
        for word in text.split()
        if word.strip(".,:").isdecimal() and len(word.strip(".,:")) == 6
    }
