"""Events in any order: people ask, call again, stop and withdraw; desks answer late, twice or with wrong codes.

Texts fail, receipts arrive in any order, and the clock jumps. What `tests.steps.witness` checks must always hold.
"""

import os
import re
from collections.abc import Callable
from typing import Any, ClassVar

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpline.casework import handover, reassign, undo_reassign
from helpline.casework.console_actions import Cases
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import Delivery, IncomingSms, Receipt, SendFailed
from helpline.staff.roles import Person, Role
from helpline.store.engine import Database
from helpline.store.schema import request
from tests.conftest import Databases
from tests.postgres import empty
from tests.steps.by_day import FEW
from tests.steps.desk import all_fit
from tests.steps.witness import Asked, Witness
from tests.world import CALL_ME, HOME, SEE, STOPPED, WITHDRAW, Call, World

PHONES = tuple(f"+99600011100{at}" for at in range(1, 4))
VERBS = (
    "YES", "NO", "NUMBER", "REACHED", "NOANSWER", "BUSY", "OFF", "HUNGUP", "BADNUMBER", "WRONG", "UNSAFE", "DONE DONE",
    "UNDO", "AGAIN", "LIST", "TAKE", "LIFT", "1", "7",
)  # fmt: skip
OUTCOMES = ("REACHED", "REACHED", "NOANSWER", "BUSY", "OFF", "HUNGUP", "BADNUMBER", "WRONG", "UNSAFE", "NO", "NO", "NO")
HOUR, ANOTHER = (*HOME, "9", "2", "2"), (*HOME, "9", "2", "9", "3", "1")
RUNS = int(os.environ.get("KOMEK_MODEL_RUNS", "8"))
"""Runs with the same orders each time, for each change."""
NIGHTLY = 2000
"""Runs with other orders each night. One takes about a second."""
STEPS = 50
MOST_REQUESTS = 7
"""For three phones: each line gets several requests, and desks can finish some."""
SIGNS = {"TAKE": "TAKE", "LIFT": "LIFT", "YES": "YES", "ДА": "YES", "NUMBER": "NUMBER", "НОМЕР": "NUMBER", "DONE": "DONE DONE",
         "ГОТОВО": "DONE DONE"}  # fmt: skip
"""A word in a text to a desk, and what its reader writes next."""
COORDINATOR = Person("p1", "Sample", "sample", Role.COORDINATOR, "", "en", "")

a_phone = st.sampled_from(PHONES)
which = st.integers(0, 30)


class Model(RuleBasedStateMachine):
    """The events. The witness checks the results."""

    new: ClassVar[Callable[[], Database]]

    def __init__(self) -> None:
        super().__init__()
        self.world = World.on(type(self).new(), page_again_minutes=720, requests_a_day=1000, wrong_codes_a_day=1000)
        all_fit(self.world)
        self.witness = Witness(self.world)
        self.last: tuple[str, str, str] | None = None

    @initialize(claims=st.booleans())
    def somebody_has_asked(self, claims: bool) -> None:
        """Start with a request that a desk may have claimed."""
        self.ask(PHONES[0], "1", True, 5)
        if claims:
            self.a_desk_goes_on(0, "NOANSWER", 2)

    @precondition(lambda self: len(self.witness.requests) < MOST_REQUESTS)
    @rule(phone=a_phone, window=st.sampled_from("1112341"), end=st.booleans(), danger=st.integers(0, 9))
    def ask(self, phone: str, window: str, end: bool, danger: int) -> None:
        """A caller asks for a call. The call may drop at any later step."""
        call = self.world.dial(phone)
        if danger == 0:
            call.press(*HOME, "1")
            while "Дальше" in call.text or "9 " in call.text:
                call.press("9")
                if len(call.keys) > 8:
                    return
        else:
            call.press(*CALL_ME).agree().press(window)
            self.witness.asked(phone, window, call)
            if end:
                call.press("0")
                self.witness.promised(call.text)
        self.world.run()

    @rule(at=which, verb=st.sampled_from(VERBS), wrong_desk=st.integers(0, 9))
    def desk(self, at: int, verb: str, wrong_desk: int) -> None:
        """A desk, or another phone, writes about a text that the desk got."""
        told = self.witness.codes()
        if not told:
            return
        phone, code = told[-1 - at % min(len(told), 6)]
        if wrong_desk == 0:
            phone = told[at % len(told)][0]
        self.text(phone, f"{verb} {code}" if verb != "LIST" else verb)

    @rule(at=which, full=st.booleans())
    def a_desk_is_full(self, at: int, full: bool) -> None:
        """A desk takes no more requests for a day, and says so twice as it is asked to. Or it takes them again."""
        told = self.witness.codes()
        if not told:
            return
        phone = told[-1 - at % len(told)][0]
        self.text(phone, "FULL 1" if full else "OPEN")
        if full and (line := re.search(r"\b\d{5} 1\b", self.world.inbox(phone)[-1])):
            self.text(phone, line[0])

    @rule(at=st.integers(0, 2), outcome=st.sampled_from(OUTCOMES), steps=st.integers(1, 5))
    def a_desk_goes_on(self, at: int, outcome: str, steps: int) -> None:
        """The reader of a recent text follows it several times, and reports how the call went."""
        for _ in range(steps):
            told = self.witness.texts()
            if not told:
                return
            phone, code, text = told[-1 - at % len(told)]
            has_number = any(number in text for number in PHONES)
            verb = outcome if has_number else next((verb for sign, verb in SIGNS.items() if sign in text), "LIST")
            self.text(phone, f"{verb} {code}")
            at = 0

    @rule(times=st.integers(2, 4))
    def one_service_after_the_other(self, times: int) -> None:
        """Each service that is asked claims, gets the number in its window, and gives the request back."""
        for _ in range(times):
            offered = [(phone, code) for phone, code, text in self.witness.texts() if "YES" in text]
            if not offered:
                return
            phone, code = offered[-1]
            self.text(phone, f"YES {code}")
            self.world.set_local(10)
            self.text(phone, f"NUMBER {code}")
            self.text(phone, f"NO {code}")

    @rule(at=which, take_back=st.booleans(), minutes=st.sampled_from([0, 1, 11]))
    def a_coordinator_gives_it_to_another_service(self, at: int, take_back: bool, minutes: int) -> None:
        """At the console, for any request. They may take that back before a worker has offered it, later or too late."""
        world = self.world
        requests = [row.id for row in world.rows(request)]
        if not requests:
            return
        id, cases = requests[at % len(requests)], Cases.of(world.work.ctx, world.work.outgoing.opening)
        with world.db.write(world.clock()) as tx:
            about = reassign.hold(cases, tx, id)
            fit = [each.id for each in handover.candidates(cases.ctx, tx, about) if not each.why]
            reassign.give(cases, tx, COORDINATOR, id, fit[at % len(fit)] if fit else "", "fits", again=True)
        if minutes:
            world.wait(minutes=minutes)
        if take_back:
            with world.db.write(world.clock()) as tx:
                undo_reassign.undo(cases, tx, COORDINATOR, id)
        world.run()

    @rule()
    def the_gateway_hands_the_same_text_in_twice(self) -> None:
        """A duplicate changes nothing."""
        if self.last:
            before = self.witness.states()
            self.world.public.sms("at", IncomingSms(self.last[2], msisdn(self.last[0]), Hidden(self.last[1])))
            self.world.run()
            assert self.witness.states() == before

    def text(self, phone: str, text: str) -> None:
        """Receive a text."""
        id = f"m{next(self.world.sessions)}"
        self.last = (phone, text, id)
        self.witness.wrote(phone)
        self.witness.lifted(phone, text)
        self.world.text(phone, text, id)
        self.witness.look()  # what left before this text is judged by what was known before
        self.witness.noticed()

    @rule(phone=a_phone, by_sms=st.booleans())
    def stop(self, phone: str, by_sms: bool) -> None:
        """Do not call me, without a code."""
        self.witness.stopped(phone)
        if by_sms:
            self.text(phone, "стоп")
        else:
            self.world.dial(phone).press(*STOPPED)
            self.world.run()

    @rule(at=which, keys=st.sampled_from([SEE, WITHDRAW, HOUR, ANOTHER]), window=st.sampled_from("1234"))
    def my_request(self, at: int, keys: tuple[str, ...], window: str) -> None:
        """With code and word: check the state, withdraw, change the time, agree to one more service."""
        if not self.witness.requests:
            return
        asked = self.witness.requests[at % len(self.witness.requests)]
        call = self.world.dial(asked.phone).press(*keys)
        if keys == HOUR:
            call.press(window)
        self.with_code(call, asked)
        if keys == WITHDRAW:
            self.witness.withdrew(asked)
        if keys == HOUR:
            self.witness.moved(asked, window, call.text)
        if keys == ANOTHER:
            self.witness.agrees_to_another(asked, call.text)
        self.world.run()

    def with_code(self, call: Call, asked: Asked) -> None:
        """Type code and word."""
        call.press(asked.code).find(asked.word)

    @rule(minutes=st.sampled_from([1, 6, 31, 120, 300, 720, 1440]))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.world.wait(minutes=minutes)

    @rule(hours=st.sampled_from([-1, 1]))
    def the_clock_jumps(self, hours: int) -> None:
        """The clock is set forward, then back."""
        from datetime import timedelta

        self.world.clock.at += timedelta(hours=hours)
        self.world.run()

    @rule(number=st.integers(1, 60), status=st.sampled_from([Delivery.DELIVERED, Delivery.FAILED, Delivery.SENT]))
    def a_receipt(self, number: int, status: Delivery) -> None:
        """Late, doubled, for a text of long ago, or for one not yet sent."""
        self.world.public.receipt("at", Receipt(f"gw-{number}", status))
        self.world.run()

    @rule(retry=st.booleans(), unknown=st.booleans())
    def the_gateway_fails_next(self, retry: bool, unknown: bool) -> None:
        """It refuses the next text, or the outcome is unknown."""
        self.world.gateway.fails.append(SendFailed("made up", retry=retry, unknown=unknown))

    @invariant()
    def it_holds(self) -> None:
        """Check everything since the last event."""
        self.witness.look()

    def teardown(self) -> None:
        """In the end each request is over, or a person knows of it."""
        self.witness.at_last()
        self.world.db.dispose()


def emptied(new: Databases) -> Databases:
    """Return one database again and again, emptied each time: making and dropping thousands takes longer."""
    one = new()

    def again() -> Database:
        empty(one)
        return one

    return again


def live(new: Databases, runs: int, seed: int | None) -> None:
    """Run the model that often on databases of one kind. A seed repeats the same runs; without one they differ."""
    machine: Any = type("Kept", (Model,), {"new": staticmethod(new)})
    given = settings(
        max_examples=runs, stateful_step_count=STEPS, deadline=None, derandomize=seed is not None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(machine if seed is None else hypothesis.seed(seed)(machine), settings=given)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_promises_hold_for_any_order_of_events(new_sqlite: Databases) -> None:
    """On SQLite."""
    live(new_sqlite, RUNS, seed=0)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(1800)
def test_the_promises_hold_for_any_order_of_events_on_postgresql(new_postgres: Databases) -> None:
    """Half as often, because the deciding code is the same and a run takes twice as long.

    At night as often as on SQLite.
    """
    live(emptied(new_postgres), RUNS // 2 if FEW else RUNS, seed=0)


@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_the_promises_hold_for_many_more_orders_of_events(new_sqlite: Databases) -> None:
    """Other orders each night."""
    live(new_sqlite, NIGHTLY, seed=None)


@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.postgres
@pytest.mark.timeout(14400)
def test_the_promises_hold_for_many_more_orders_of_events_on_postgresql(new_postgres: Databases) -> None:
    """A quarter as often: the deciding code is the same, a run takes twice as long, and the night has to end."""
    live(emptied(new_postgres), NIGHTLY // 4, seed=None)
