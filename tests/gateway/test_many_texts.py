"""Many texts through Africa's Talking's real SDK, while the emulator fails now and then in each of its ways (R12).

No text is lost, no caller gets a text twice, and hardly any service does: only where an answer was lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

import pytest
from flask import Flask
from pydantic import SecretStr

from gateway.channels.africastalking import AfricasTalking
from gateway.phone.emulator import Emulator, Switches, emulator
from gateway.phone.inboxes import Inboxes
from gateway.phone.receipts import Receipts, When
from helpline.store.schema import message
from tests.conftest import Databases
from tests.gateway.test_at_sdk import KEY, served
from tests.others import PATIENCE_SECONDS
from tests.steps.desk import DESK
from tests.world import World

ANSWER_SECONDS = 0.5
"""How long the SDK waits for an answer where none comes."""
EVERY = 50
"""Of so many texts, one to a caller and one to a service meet the failure."""
FAILURES = {
    "none": Switches(),
    "wrong key": Switches(unauthorized=True),
    "sender refused": Switches(empty_recipients=True),
    "server error": Switches(server_error=True),
    "odd content type": Switches(odd_content_type=True),
    "no answer": Switches(timeout_after_taking=60),
    "not delivered": Switches(undelivered=True),
    "late receipts": Switches(receipts=When.LATE),
}
REFUSED = frozenset({"wrong key", "sender refused"})
"""The failures after which the gateway has certainly no text, and another try would end alike."""


@dataclass(slots=True)
class Sent:
    """What became of the texts while one thing failed."""

    to_callers: list[int]
    """How often each caller got their reply."""
    to_services: int
    failed: int
    """Texts that are known as not sent."""


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
    gateway = Emulator(inboxes, Receipts(inboxes, lambda _form: None, lambda: 0.0), sleep=released.wait)
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
        world.wait(minutes=30)
        got = [len(inboxes.of(caller)) for caller in callers]
        taken = len(inboxes.of(world.phone(DESK)))
        released.set()
    failed = sum(row.state == "failed" for row in world.rows(message))
    return Sent(got, taken, failed)


@pytest.mark.parametrize("pairs", [4, pytest.param(125, marks=pytest.mark.nightly)])
def test_r12_no_text_is_lost_and_none_reaches_a_caller_twice(new_sqlite: Databases, pairs: int) -> None:
    """Nightly 2,000 texts, by day 64. Of all texts to services, at most one of a hundred comes twice."""
    doubled, services = 0, 0
    for name, switches in FAILURES.items():
        event = Event()
        sent = send(World.on(new_sqlite()), switches, pairs, event)
        met = len(range(0, pairs, EVERY))
        refused = met if name in REFUSED else 0
        assert max(sent.to_callers) == 1, f"{name}: a caller got a text twice"
        assert sum(sent.to_callers) == pairs - refused, f"{name}: a reply is lost"
        assert sent.failed == 2 * refused, f"{name}: what was not sent is known"
        assert sent.to_services >= pairs - refused, f"{name}: a text to a service is lost"
        doubled, services = doubled + sent.to_services - (pairs - refused), services + pairs
    assert pairs < EVERY or doubled <= services / 100
