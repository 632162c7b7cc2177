"""Every story, through the engine, through the web app, and over Africa's Talking's protocol with its real SDK."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from werkzeug.serving import make_server

from gateway.app import create_public
from gateway.channels.africastalking import AfricasTalking
from gateway.phone.emulator import Emulator, emulator
from gateway.phone.inboxes import Inboxes
from gateway.phone.receipts import Receipts
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import Hop, IncomingSms, Reply
from tests.conftest import Databases
from tests.story import Door, tell, world_of
from tests.world import World

STORIES = sorted((Path(__file__).parent / "stories").glob("*.story"))
DOORS = ("engine", "web", "wire")
SECRET = "a-secret-only-for-tests-xx"
HOOK = f"/in/africastalking/{SECRET}"


@dataclass(slots=True)
class Engine:
    """Calls the domain directly."""

    world: World

    def hop(self, hop: Hop) -> Reply:
        """Answer a hop."""
        return self.world.public.hop("africastalking", hop)

    def text(self, sender: str, text: str) -> None:
        """Receive a text."""
        self.world.public.sms(
            "africastalking", IncomingSms(f"in{next(self.world.sessions)}", msisdn(sender), Hidden(text))
        )
        self.world.run()

    def inbox(self, phone: str) -> list[str]:
        """Return what was sent to a phone."""
        return self.world.inbox(phone)

    def restart(self) -> None:
        """Use what the world has now: a hop always does."""


@dataclass(slots=True)
class Web:
    """Uses the web app, with forms as Africa's Talking posts them."""

    world: World
    app: Flask
    ids: list[str] = field(default_factory=list)

    def hop(self, hop: Hop) -> Reply:
        """Post a hop. Return the answer without its prefix."""
        form = {
            "sessionId": hop.session, "serviceCode": "*500#", "phoneNumber": hop.caller.reveal(),
            "networkCode": "99999", "text": "*".join(hop.keys),
        }  # fmt: skip
        answer = self.app.test_client().post(f"{HOOK}/ussd", data=form)
        assert answer.status_code == 200
        return Reply(answer.text[4:], last=answer.text.startswith("END "))

    def text(self, sender: str, text: str) -> None:
        """Post a text twice, as a gateway does that missed our answer."""
        id = f"ATXid_{next(self.world.sessions)}"
        form = {"id": id, "from": sender, "to": "500", "text": text, "date": "2026-11-24 10:00:00"}
        for _ in range(2):
            assert self.app.test_client().post(f"{HOOK}/sms", data=form).status_code == 200
        self.world.run()

    def inbox(self, phone: str) -> list[str]:
        """Return what was sent to a phone."""
        return self.world.inbox(phone)

    def restart(self) -> None:
        """Serve what the world has now."""
        self.app = web_of(self.world)


@dataclass(slots=True)
class Wire(Web):
    """Like `Web`, but texts leave by the real SDK over HTTP to the emulator, whose receipts come back."""

    inboxes: Inboxes = field(default_factory=Inboxes)
    receipts: Receipts | None = None

    def report(self, form: Mapping[str, str]) -> None:
        """Post a delivery receipt, as the emulator does."""
        assert self.app.test_client().post(f"{HOOK}/receipt", data=form).status_code == 200

    def inbox(self, phone: str) -> list[str]:
        """Return what the emulator was sent for a phone."""
        assert self.receipts is not None
        self.receipts.flush()
        return [message.text for message in self.inboxes.of(phone)]


def web_of(world: World) -> Flask:
    """Return the public web of a world."""
    config = world.config.model_copy(update={"webhook_secret": SecretStr(SECRET)})
    return create_public(world.public, config, list, content="test", emergency=world.public.emergency())


@contextmanager
def serving(gateway: Emulator) -> Iterator[str]:
    """Serve the emulator on loopback. Return its address."""
    app = Flask(__name__)
    app.register_blueprint(emulator(gateway))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def door(
    request: pytest.FixtureRequest, story: Path, new_sqlite: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Door]:
    """A service behind each interface."""
    if request.param == "engine":
        yield Engine(world_of(story, new_sqlite()))
    elif request.param == "web":
        world = world_of(story, new_sqlite())
        yield Web(world, web_of(world))
    else:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield from _wire(new_sqlite, story)


def _wire(new_sqlite: Databases, story: Path) -> Iterator[Door]:
    inboxes = Inboxes()
    door: list[Wire] = []
    receipts = Receipts(inboxes, lambda form: door[0].report(form))
    with serving(Emulator(inboxes, receipts)) as url:
        sender = AfricasTalking("sandbox", SecretStr("key"), "", url)
        world = world_of(story, new_sqlite(), sender)
        door.append(Wire(world, web_of(world), inboxes=inboxes, receipts=receipts))
        yield door[0]


def ways() -> list[Any]:
    """Return each story with each interface: one of them for each change, and the others at night."""
    return [
        pytest.param(
            story, door, id=f"{door}-{story.stem}", marks=[pytest.mark.nightly] * (door != DOORS[at % len(DOORS)])
        )
        for at, story in enumerate(STORIES)
        for door in DOORS
    ]


@pytest.mark.parametrize(("story", "door"), ways(), indirect=["door"])
def test_story(story: Path, door: Door) -> None:
    """Every line of the story holds."""
    tell(story, door)
