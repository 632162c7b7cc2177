"""The page about adding a gateway: its provider is run, and what it names exists."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.guard import guard
from gateway.webhooks import Door, add_webhooks
from helpline.core.channels_file import ChannelSettings
from helpline.core.gateway_template import OURS, Template
from tests.gateway.test_webhooks import EMERGENCY, Recorder

PAGE = (Path(__file__).parents[2] / "docs" / "channels" / "adding.md").read_text()
SECRET = "s" * 32


def provider() -> dict[str, Any]:
    """Run the block of Python of the page. Return what it defines."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    made: dict[str, Any] = {"__name__": "example"}
    exec(compile(block, "adding.md", "exec"), made)  # noqa: S102  # the page is ours
    return made


@pytest.fixture
def web() -> tuple[FlaskClient, Recorder]:
    service, app = Recorder(), Flask(__name__)
    made = provider()["requests_of"](ChannelSettings(name="new", kind="example"))
    add_webhooks(app, {"new": Door(made, guard((SECRET,)))}, service, EMERGENCY)
    return app.test_client(), service


def test_the_provider_of_the_page_works(web: tuple[FlaskClient, Recorder]) -> None:
    client, service = web
    query = {"id": "1", "from": "+996000111001", "to": "4040", "text": "көмек"}
    answer = client.get(f"/in/new/{SECRET}/sms", query_string=query)
    assert (answer.status_code, answer.data) == (200, b"OK")
    assert service.events == [("sms", "new", "1", "+996000111001", "көмек")]
    assert client.get(f"/in/new/{SECRET}/sms", query_string={"id": "1"}).data == b"from is missing"
    assert client.post(f"/in/new/{SECRET}/sms").status_code == 404


def test_the_page_names_the_steps_and_the_values_that_there_are() -> None:
    steps = set(re.findall(r"^   \| `([a-z]+)` \|", PAGE, re.MULTILINE))
    assert steps == {"login", "send", "poll", "balance", "receipt", "inbound", "ussd"}
    assert steps <= Template.model_fields.keys()
    for name in (*OURS, "more", "last", "state"):
        assert f"`{name}`" in PAGE
