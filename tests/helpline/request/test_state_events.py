"""What an event for an NGO's own system says, and when there is one."""

import json
from datetime import UTC, datetime, timedelta

from helpline.request import requests
from helpline.request.model import State
from helpline.request.state_events import KIND, Event, signature
from helpline.store.engine import Database
from helpline.store.schema import outbox, request
from tests.steps.caller import claim
from tests.world import CALLER, World

URL, KEY = "https://example.org/komek", "a key of more than twenty-two letters"


def waiting(world: World) -> list[Event]:
    return [Event.of(row.ref) for row in world.rows(outbox) if row.kind == KIND]


def test_a_signature_is_over_time_and_body() -> None:
    """Calculated with `openssl dgst -sha256 -hmac key`."""
    sent = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    made = signature("key", b"{}", sent)
    assert made.startswith("t=1795496400,v1=")
    assert made != signature("key", b"{ }", sent)
    assert made != signature("key", b"{}", sent + timedelta(seconds=1))


def test_nothing_is_stored_or_sent_by_default(world: World) -> None:
    world.ask()
    claim(world)
    assert waiting(world) == []


def test_r29_an_event_tells_nothing_about_a_person_and_only_after_its_hour(db: Database) -> None:
    """A claim at ten past the hour leaves when the hour is over, as an hour and a random id."""
    world = World.on(db, events_url=URL, events_key=KEY)
    world.wait(minutes=10)
    world.ask()
    claim(world)
    (event,) = waiting(world)
    assert event.hour == world.clock().replace(minute=0, second=0)
    told = json.loads(event.body("KG"))
    assert told == {"id": event.id, "type": "request.claimed", "hour": "2026-11-24T04:00:00Z", "country": "KG"}
    (row,) = (row for row in world.rows(outbox) if row.kind == KIND)
    assert row.due == event.hour + timedelta(hours=1)
    (held,) = world.rows(request)
    for secret in (held.id, held.session, CALLER[1:]):
        assert secret not in row.ref
    assert Event.new(State.CLAIMED, world.clock()).id != event.id


def test_a_practice_request_is_no_event(db: Database) -> None:
    world = World.on(db, events_url=URL, events_key=KEY)
    world.ask()
    world.run()
    (held,) = world.rows(request)
    with world.db.write(world.clock()) as tx:
        tx.execute(request.update().values(kind="drill"))
        assert requests.move(tx, held.id, State.OFFERED, State.CLAIMED)
    assert waiting(world) == []
