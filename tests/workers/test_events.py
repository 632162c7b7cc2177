"""Events for an NGO's own system: signed, sent with TLS, and dropped after a day."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest

from helpline.caller import my_request
from helpline.core.config import Config, ConfigError
from helpline.core.ports import SendFailed
from helpline.core.process_keys import Role
from helpline.request.model import State
from helpline.request.state_events import KIND, Event
from helpline.store.engine import Database
from helpline.store.schema import outbox
from tests.steps.caller import code_of
from tests.world import Clock, World, keys
from workers.event_delivery import GIVE_UP, REST, deliver

DOCS = Path(__file__).parents[2] / "docs" / "interoperation.md"
KEY = "a key of more than twenty-two letters"


@dataclass
class Receiver:
    """The receiver of the documents, with our key and on a free port."""

    server: HTTPServer
    told: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/komek"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    (code,) = re.findall(r"runs this receiver -->\n```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    told: list[str] = []
    names: dict[str, Any] = {"print": lambda what, **_: told.append(what)}
    assert len(list(filter(None, code.splitlines()))) == 10
    exec(code.replace("the secret that is in KOMEK_EVENTS_KEY", KEY), names)  # noqa: S102
    names["Receiver"].log_message = lambda *_: None
    server = HTTPServer(("127.0.0.1", 0), names["Receiver"])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Receiver(server, told)
    server.shutdown()
    thread.join()
    server.server_close()


def config(url: str, key: str = KEY) -> Config:
    return Config.model_validate({**keys(), "data": "nowhere", "events_url": url, "events_key": key})


def waiting(world: World) -> list[Event]:
    return [Event.of(row.ref) for row in world.rows(outbox) if row.kind == KIND]


def test_the_receiver_of_the_documents_takes_what_is_signed(receiver: Receiver) -> None:
    now = datetime.now(UTC)
    event = Event.new(State.STRANDED, now)
    assert deliver(config(receiver.url), event, now)
    assert receiver.told == ["request.stranded"]
    for other, at in ((config(receiver.url, "another key of twenty-two letters"), now),
                      (config(receiver.url), now - timedelta(minutes=6))):  # fmt: skip
        with pytest.raises(SendFailed, match="403"):
            deliver(other, event, at)
    assert len(receiver.told) == 1


def test_a_withdrawal_is_an_event_and_is_sent(db: Database, receiver: Receiver) -> None:
    """It happens in the public process, and a worker sends it."""
    clock = Clock(datetime.now(UTC))
    world = World.on(db, clock=clock, events_url=receiver.url, events_key=KEY)
    world.ask()
    assert my_request.withdraw(world.public.ctx, *code_of(world)) == "withdrawn"
    (event,) = waiting(world)
    assert (event.what, receiver.told) == ("closed", [])
    assert deliver(world.config, event, datetime.now(UTC))
    assert receiver.told == ["request.closed"]


def test_if_a_receiver_does_not_answer_all_events_wait_and_are_dropped_after_a_day(db: Database) -> None:
    world = World.on(db, events_url="http://127.0.0.1:9/nobody", events_key=KEY)
    events = [Event.new(State.CLOSED, world.clock()) for _ in range(3)]
    due = events[0].due
    with world.db.write() as tx:
        for event in events:
            tx.execute(outbox.insert().values(
                kind=KIND, ref=event.ref, dedupe=f"{KIND}:{event.ref}", queue="low", due=event.due, state="ready",
                attempts=0, failures=0,
            ))  # fmt: skip
    world.clock.at = due
    world.run()
    rows = [row for row in world.rows(outbox) if row.kind == KIND]
    assert {row.due for row in rows} == {due + REST}
    assert sum(row.attempts for row in rows) == 1
    world.clock.at = due + GIVE_UP + REST
    world.run()
    assert waiting(world) == []


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://example.org", "https://user:word@example.org", "here"])
def test_events_go_to_an_address_with_tls_only(url: str) -> None:
    with pytest.raises(ConfigError, match="KOMEK_EVENTS_URL"):
        Config.read({"KOMEK_EVENTS_URL": url})


def test_who_sends_events_needs_a_key() -> None:
    given = {"KOMEK_EVENTS_URL": "https://example.org/komek", "KOMEK_EVENTS_KEY": "short"}
    assert Config.read(given).events_url
    with pytest.raises(ConfigError, match="KOMEK_EVENTS_KEY"):
        Config.read(given, role=Role.WORKER)
