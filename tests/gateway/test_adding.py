"""The page about adding a gateway: its provider is run, and what it names exists."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from pydantic import SecretStr

from gateway.guard import guard
from gateway.webhooks import Endpoint, Webhooks, add_webhooks
from helpline.core.channels_file import ChannelSettings
from helpline.core.gateway_template import OURS, Template
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Delivery, SendFailed
from tests.gateway.test_templates import Provider, provider
from tests.gateway.test_webhooks import EMERGENCY, Recorder

PAGE = (Path(__file__).parents[2] / "docs" / "channels" / "adding.md").read_text()
SECRET = "s" * 32

__all__ = ["provider"]


def example() -> dict[str, Any]:
    """Run the block of Python of the page. Return what it defines."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    made: dict[str, Any] = {"__name__": "example"}
    exec(compile(block, "adding.md", "exec"), made)  # noqa: S102  # the page is ours
    return made


@pytest.fixture
def web() -> tuple[FlaskClient, Recorder]:
    service, app = Recorder(), Flask(__name__)
    made = example()["requests_of"](ChannelSettings(name="new", kind="example"))
    add_webhooks(app, Webhooks({"new": Endpoint(made, guard((SECRET,)))}, service, EMERGENCY))
    return app.test_client(), service


def test_the_provider_of_the_page_works(web: tuple[FlaskClient, Recorder]) -> None:
    client, service = web
    query = {"id": "1", "from": "+996000111001", "to": "4040", "text": "көмек"}
    answer = client.get(f"/in/new/{SECRET}/sms", query_string=query)
    assert (answer.status_code, answer.data) == (200, b"OK")
    assert service.events == [("sms", "new", "1", "+996000111001", "көмек")]
    assert client.get(f"/in/new/{SECRET}/sms", query_string={"id": "1"}).data == b"from is missing"
    assert client.post(f"/in/new/{SECRET}/sms").data == b"method is not GET"


def test_a_report_of_the_page_tells_what_became_of_a_text(web: tuple[FlaskClient, Recorder]) -> None:
    client, service = web
    for state in ("delivered", "failed", "new word"):
        assert client.get(f"/in/new/{SECRET}/receipt", query_string={"id": "1", "state": state}).status_code == 200
    assert service.events == [
        ("receipt", "new", "1", Delivery.DELIVERED), ("receipt", "new", "1", Delivery.FAILED),
        ("receipt", "new", "1", None),
    ]  # fmt: skip
    assert client.get(f"/in/new/{SECRET}/receipt", query_string={"id": "1"}).data == b"state is missing"


ANSWERS = [
    (200, "a1", "a1", False, False),
    (400, "no", "", False, False),
    (429, "slower", "", True, False),
    (503, "busy", "", True, False),
    (504, "late", "", False, True),
    (200, "<html>log in</html>", "", False, True),
]


@pytest.mark.parametrize(("status", "body", "id", "retry", "unknown"), ANSWERS)
def test_the_page_sends_a_text_and_says_what_a_failure_means(
    provider: Provider, status: int, body: str, id: str, retry: bool, unknown: bool
) -> None:
    secrets = {"key": SecretStr("k1")}
    settings = ChannelSettings(name="new", kind="example", options={"url": f"{provider.url}/send"}, secrets=secrets)
    sending = example()["sender_of"](settings)
    provider.answers.append(Response(body, status))
    number = msisdn("+996000111001")
    if id:
        assert sending.send(number, "Көмек", "r1", "4040") == id
    else:
        with pytest.raises(SendFailed) as caught:
            sending.send(number, "Көмек", "r1", "4040")
        assert (caught.value.retry, caught.value.unknown) == (retry, unknown)
        assert not any(said in str(caught.value) for said in ("996", "Көмек", "k1"))
    ((_, headers, sent),) = provider.got
    assert headers["X-Key"] == "k1"
    assert parse_qs(sent.decode()) == {"to": ["+996000111001"], "text": ["Көмек"], "from": ["4040"], "ref": ["r1"]}
    assert "k1" not in repr(sending)


def test_the_page_names_what_it_needs_to_send() -> None:
    with pytest.raises(ValueError, match=r"options\.url and the secret `key`"):
        example()["sender_of"](ChannelSettings(name="new", kind="example"))


def test_the_page_names_the_steps_and_the_values_that_there_are() -> None:
    steps = set(re.findall(r"^   \| `([a-z]+)` \|", PAGE, re.MULTILINE))
    assert steps == {"login", "send", "poll", "balance", "receipt", "inbound", "ussd"}
    assert steps <= Template.model_fields.keys()
    for name in (*OURS, "more", "last", "state"):
        assert f"`{name}`" in PAGE
