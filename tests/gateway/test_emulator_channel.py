"""Several channels at once: each with its own secret, networks and language, through the public web."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from gateway.app import create_public
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config
from helpline.core.ports import Delivery, Reply
from tests.gateway.test_webhooks import CALLER, EMERGENCY, HOP, Recorder

A, B = "a" * 32, "b" * 32
HOOK = f"/in/operator-b/{B}"
PRESS = {"call": "7", "number": CALLER, "key": "2", "hop": "h3"}


def channel(name: str, kind: str, secret: str, **more: Any) -> ChannelSettings:
    return ChannelSettings(name=name, kind=kind, secrets={"webhook_secret": SecretStr(secret)}, **more)


def web(service: Recorder) -> FlaskClient:
    channels = [
        channel("operator-a", "africastalking", A),
        channel("operator-b", "emulator", B, allow_from=("127.0.0.0/8",)),
    ]
    app = create_public(service, Config(), list, content="", emergency=EMERGENCY, channels=channels)
    return app.test_client()


ARRIVALS = [
    ("ussd", PRESS, ("press", "operator-b", "7", CALLER, "2", "h3")),
    ("ussd", {"call": "7", "number": CALLER}, ("press", "operator-b", "7", CALLER, None, "")),
    ("ussd-ended", {"call": "7", "number": CALLER}, ("hung_up", "operator-b", "7", CALLER)),
    ("sms", {"id": "1", "from": CALLER, "to": "4040", "text": "көмек"}, ("sms", "operator-b", "1", CALLER, "көмек")),
    ("receipt", {"id": "1", "status": "delivered"}, ("receipt", "operator-b", "1", Delivery.DELIVERED)),
]


@pytest.mark.parametrize(("kind", "form", "event"), ARRIVALS)
def test_what_it_sends_reaches_the_service(kind: str, form: dict[str, str], event: tuple[Any, ...]) -> None:
    service = Recorder(reply=Reply("1 Көмек", last=False))
    answer = web(service).post(f"{HOOK}/{kind}", data=form)
    assert (answer.status_code, service.events) == (200, [event])
    if kind == "ussd":
        assert json.loads(answer.data) == {"text": "1 Көмек", "last": False}


def test_each_channel_has_its_own_secret_and_networks() -> None:
    service = Recorder()
    client = web(service)
    assert client.post(f"/in/operator-a/{A}/ussd", data=HOP).data.startswith(b"CON ")
    for path in (f"/in/operator-a/{B}/ussd", f"/in/operator-b/{A}/ussd", f"/in/africastalking/{A}/ussd"):
        assert client.post(path, data=HOP).status_code == 404
    outside = client.post(f"{HOOK}/ussd", data=PRESS, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert outside.status_code == 404
    assert len(service.events) == 1


def test_r19_each_channel_is_told_of_a_fault_in_its_own_language() -> None:
    client = web(Recorder(fails=ValueError("x")))
    assert client.post(f"/in/operator-a/{A}/ussd", data=HOP).data == b"END Call 112"
    assert json.loads(client.post(f"{HOOK}/ussd", data=PRESS).data) == {"text": "Call 112", "last": True}
    assert client.post(f"{HOOK}/sms", data=ARRIVALS[3][1]).status_code == 500
