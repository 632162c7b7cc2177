"""People of every role press anything for days. Each page is answered, and no number is where it must not be."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from helpline.staff.roles import OF_A_SERVICE, Role
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import PASSWORD, Insider
from tests.gateway.console.test_crawl import WORDS
from tests.gateway.console.wandering import Wanderer

STEPS, MANY_STEPS = 200, 10_000
ROLES = list(Role)
STILL_IN = 'action="/sign-out"'
"""What every page contains for a person who is signed in."""


@dataclass
class Days:
    """A running service, and a wandering person of each role at its console."""

    house: CaseOffice
    chance: random.Random
    callers: list[str] = field(default_factory=list)
    people: dict[Role, tuple[Insider, Wanderer]] = field(default_factory=dict)
    codes: Counter[int] = field(default_factory=Counter)
    came: int = 0

    def go(self, steps: int) -> Counter[int]:
        """Take this many steps. Return how often each status was answered."""
        for step in range(steps):
            if step % 20 == 0:
                self._time_goes_on()
            self._step(self.chance.choice(ROLES))
        return self.codes

    def _time_goes_on(self) -> None:
        """Make a request and run the workers."""
        self.callers.append(f"+996000{120_000 + len(self.callers)}")
        self.house.world.ask(self.callers[-1], window=self.chance.choice("1234"))
        self.house.world.run()
        self.house.world.wait(
            minutes=self.chance.choices((3, 45, 300), (9, 1, 1))[0]
        )  # after a long time everybody is signed out

    def _step(self, role: Role) -> None:
        if role not in self.people or self._is_out(self.people[role][1]):
            self._comes(role)
        who, wanderer = self.people[role]
        wanderer.typed = [*WORDS, self.house.office.code(who), PASSWORD, *self.callers[-1:]]
        response = wanderer.step()
        self.codes[response.status_code] += 1
        assert response.status_code < 500, (role, wanderer.place)
        self._no_number(role, wanderer)

    def _no_number(self, role: Role, wanderer: Wanderer) -> None:
        """Check that a caller's number is only shown to the holder of the claim who asked for it (R32)."""
        if role in OF_A_SERVICE and wanderer.place.split(" ")[1:2] and wanderer.place.split(" ")[1].endswith("/number"):
            return
        if self.callers[-1] in wanderer.place:  # typed just now and shown as typed
            return
        page = wanderer.browser.page.replace(" ", "")
        assert not [each for each in self.callers if each[1:] in page], (role, wanderer.place)

    def _is_out(self, wanderer: Wanderer) -> bool:
        """Whether a session has ended. After a file or another's page, a wanderer starts from the beginning."""
        if STILL_IN in wanderer.browser.page:
            return False
        at = wanderer.browser.get("/")
        return at.status_code != 303 or STILL_IN not in wanderer.browser.get(at.location).text

    def _comes(self, role: Role) -> None:
        self.came += 1
        service = self.house.service_of(self.house.newest())
        who = self.house.office.insider(role, f"{role}{self.came}", service)
        browser = self.house.office.signed_in(who)
        browser.get("/")
        self.people[role] = who, Wanderer(browser, self.chance, WORDS)


@pytest.fixture
def days(new_sqlite: Databases) -> Days:
    return Days(CaseOffice.on(new_sqlite()), random.Random(20261126))


@pytest.mark.long
def test_r32_random_clicks_find_no_number_and_no_error(days: Days) -> None:
    codes = days.go(STEPS)
    assert codes.total() == STEPS
    assert {200, 303} <= set(codes), codes


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_r32_many_days_of_random_clicks_find_no_number_and_no_error(days: Days) -> None:
    codes = days.go(MANY_STEPS)
    assert codes.total() == MANY_STEPS
