"""The caseworkers of the simulated day: each reads the texts to their desk and answers later."""

import heapq
import math
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from helpline.core.phone_numbers import Msisdn
from tests.bench.land import Habit
from tests.world import Clock

CODE = re.compile(r"\b[0-9]{5}\b")
HOUR = re.compile(r"(\d\d)\.(\d\d) (\d\d):(\d\d)-")
OUTCOMES, ODDS = ("REACHED", "NOANSWER", "BUSY", "OFF"), (60, 25, 8, 7)
"""How calls end, as weights. They are made up, but similar to what helplines report."""


@dataclass(slots=True)
class Desks:
    """Takes the place of the gateway."""

    clock: Clock
    zone: ZoneInfo
    by_phone: dict[str, Habit]
    chance: random.Random
    waiting: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    """The answers still to be sent: time, order, phone and text."""
    order: "count[int]" = field(default_factory=count)

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        """Take a text for a phone. A desk that answers texts will reply later."""
        phone, code = to.reveal(), CODE.search(text)
        habit = self.by_phone.get(phone)
        if habit and not habit.silent and code:
            self._read(phone, habit, text, code.group())
        return f"day-{next(self.order)}"

    def next(self) -> tuple[str, str]:
        """Return the first answer to be sent: its phone and its text."""
        _, _, phone, text = heapq.heappop(self.waiting)
        return phone, text

    def _read(self, phone: str, habit: Habit, text: str, code: str) -> None:
        at = self.clock() + timedelta(minutes=habit.minutes * math.exp(self.chance.gauss(0, 0.8)))
        if "NO/YES" in text:
            self._later(at, phone, f"{'YES' if self.chance.random() < habit.says_yes else 'NO'} {code}")
        elif " until " in text:
            self._later(at, phone, f"{self.chance.choices(OUTCOMES, ODDS)[0]} {code}")
        elif hour := HOUR.search(text):  # the card, "not now" and "try again" name when to ask
            self._later(max(at, self._time_in(hour)), phone, f"NUMBER {code}")

    def _time_in(self, hour: re.Match[str]) -> datetime:
        day, month, at, minute = map(int, hour.groups())
        told = datetime(self.clock().year, month, day, at, minute, tzinfo=self.zone)
        return told.astimezone(UTC) + timedelta(minutes=2)  # all times of the service are in UTC, as in the audit log

    def _later(self, at: datetime, phone: str, text: str) -> None:
        heapq.heappush(self.waiting, (at, next(self.order), phone, text))
