"""Many texts through Africa's Talking's real SDK, while the emulator fails now and then in each of its ways (R12).

No text is lost, no caller gets a text twice, and hardly any service does: only where an answer was lost. Each text goes
by the worker's own steps in this process, and each report comes in as at the webhook.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from threading import Event

import pytest
from flask import Flask
from pydantic import SecretStr

from gateway.channels.africastalking import AfricasTalking, read_receipt
from gateway.phone.emulator import Emulator, Switches, emulator
from gateway.phone.inboxes import Inboxes
from gateway.phone.receipts import Form, Receipts, When
from helpline.store.schema import message
from tests.conftest import Databases
from tests.gateway.test_at_sdk import KEY, served
from tests.others import PATIENCE_SECONDS
from tests.steps.desk import DESK
from tests.world import World

ANSWER_SECONDS = 0.5
"""How long the SDK waits for an answer where none comes."""
EVERY = 50
"""Of so many pairs of texts, one to a caller and one to a service meet the failure."""
FAILURES = {
    "none": Switches(),
    "wrong key": Switches(unauthorized=True),
    "sender refused": Switches(empty_recipients=True),
    "server error": Switches(server_error=True),
    "odd content type": Switches(odd_content_type=True),
    "no answer": Switches(timeout_after_taking=60),
    "not delivered": Switches(undelivered=True),
    "late receipts": Switches(receipts=When.LATE),
    "receipts twice": Switches(receipts=When.TWICE),
    "receipts out of order": Switches(receipts=When.OUT_OF_ORDER),
    "no receipts": Switches(receipts=When.NEVER),
}
REFUSED = frozenset({"wrong key", "sender refused"})
"""The failures after which the gateway has certainly no text, and another try would end alike."""
USUAL = ("delivered", "delivered")
ENDS = {
    "wrong key": ("failed", "failed"),
    "sender refused": ("failed", "failed"),
    "not delivered": ("failed", "failed"),
    "no answer": ("sent", "delivered"),
    "no receipts": ("sent", "sent"),
}
"""What becomes of a text to a caller and one to a service that meet a failure.

If the answer of the gateway is lost, a caller's text is not sent again, and its report cannot be matched.
"""


@dataclass(slots=True)
class Sent:
    """What became of the texts while one thing failed."""

    to_callers: list[int]
    """How often each caller got their reply."""
    to_services: int
    states: Counter[str]
    """How many texts ended in each state."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the SDK from using the machine's proxy for this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def released() -> Iterator[Event]:
    """Ends the wait of requests that get no answer."""
    event = Event()
    yield event
    event.set()


def send(world: World, switches: Switches, pairs: int, released: Event) -> Sent:
    """Send a reply to each of that many callers, and as many answers to a service. Some of each meet the failure."""
    inboxes = Inboxes()
    reports = Receipts(inboxes, partial(report, world), lambda: world.clock().timestamp())
    gateway = Emulator(inboxes, reports, sleep=released.wait)
    app = Flask(__name__)
    app.register_blueprint(emulator(gateway))
    callers = [f"{world.public.ctx.made_up}{at:06}" for at in range(pairs)]
    got, taken = [], 0
    with served(app) as url:
        limits = (PATIENCE_SECONDS, ANSWER_SECONDS)
        world.send_by(AfricasTalking("helpline", SecretStr(KEY), sender="4040", timeout_seconds=limits, url=url))
        for at, caller in enumerate(callers):
            gateway.switches = switches if at % EVERY == 0 else Switches()
            world.text(caller, "help")
            world.text(world.phone(DESK), "LIST")
            gateway.switches = Switches()
        for _ in range(30):
            world.wait(minutes=1)
            reports.flush()
            world.run()
        got = [len(inboxes.of(caller)) for caller in callers]
        taken = len(inboxes.of(world.phone(DESK)))
        released.set()
    return Sent(got, taken, Counter(row.state for row in world.rows(message)))


def report(world: World, form: Form) -> None:
    """Take a delivery report as the webhook does."""
    world.public.receipt("at", read_receipt(form))


@pytest.mark.parametrize("pairs", [4, pytest.param(125, marks=pytest.mark.nightly)])
def test_r12_no_text_is_lost_and_none_reaches_a_caller_twice(new_sqlite: Databases, pairs: int) -> None:
    """Nightly 2,750 texts, of which 60 meet a failure; by day 88 and 20.

    Of all texts to services, at most one of a hundred comes twice: one whose answer was lost.
    """
    doubled, met = 0, len(range(0, pairs, EVERY))
    for name, switches in FAILURES.items():
        sent = send(World.on(new_sqlite()), switches, pairs, Event())
        reached = pairs - met if name in REFUSED else pairs
        twice = met if name == "no answer" else 0
        assert max(sent.to_callers) == 1, f"{name}: a caller got a text twice"
        assert sum(sent.to_callers) == reached, f"{name}: a reply is lost"
        assert sent.to_services == reached + twice, f"{name}: a text to a service is lost, or came twice for no reason"
        ended = Counter(["delivered"] * 2 * (pairs - met) + list(ENDS.get(name, USUAL)) * met)
        assert sent.states == ended, f"{name}: what became of each text is known"
        doubled += twice
    assert pairs < EVERY or doubled * 100 <= pairs * len(FAILURES)
