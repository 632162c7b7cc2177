"""Each kind of channel against good and bad requests, and against gateways that answer oddly: one table, no processes.

The rows are written as the providers or their clients describe them. None is a recording of a real provider.
"""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from select import select
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from gateway.app import create_public
from gateway.channels import http
from gateway.channels.africastalking import AfricasTalking, session_of
from gateway.channels.providers import PROVIDERS
from gateway.channels.template_asking import Asking
from gateway.webhooks import Counting, uncounted
from helpline.core import gateway_template
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Delivery, Sender, SendFailed
from tests.gateway.test_template_asking import POLLED
from tests.gateway.test_templates import (
    CODES,
    POSTED,
    REFUSED,
    TAKEN,
    arkesel,
    hubtel,
    infobip,
    mobizon_report,
    nalo,
    nikita_report,
    play_mobile,
    smsc_report,
)
from tests.gateway.test_webhooks import EMERGENCY, Recorder

NUMBER, DIGITS, SECRET = "+996000111001", "996000111001", "n" * 32
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TEXTS = {
    "latin": "Please call 100%",
    "cyrillic": "Мага жардам керек, ңөү",
    "emoji": "help 🙏",
    "empty": "",
    "600 letters": "".join("абвгдежз"[n % 8] for n in range(600)),
    "more parts than most telephones send": "".join("абвгдежз"[n % 8] for n in range(2_600)),
}


@dataclass(frozen=True)
class Given:
    """A request of a gateway, and the events that it brings."""

    kind: str
    body: bytes
    type: str
    events: list[tuple[Any, ...]]
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""


def form(kind: str, fields: Mapping[str, str], *events: tuple[Any, ...]) -> Given:
    return Given(kind, urlencode(fields).encode(), FORM, list(events))


def tree(kind: str, body: Any, *events: tuple[Any, ...], path: str = "") -> Given:
    return Given(kind, json.dumps(body, ensure_ascii=False).encode(), JSON, list(events), path=path)


def kannel(text: str) -> Given:
    headers = {"X-Kannel-From": NUMBER, "X-Kannel-To": "4040", "X-Kannel-Smsc": "a"}
    event = ("sms", "kannel", "u-1", NUMBER, text)
    return Given("sms", text.encode(), 'text/plain; charset="UTF-8"', [event], "id=u-1", headers)


def texts(name: str, text: str) -> Given:
    """Return a request of a channel that brings one text."""
    event = ("sms", name, "m0", NUMBER, text)
    match name:
        case "africastalking":
            sms = {"id": "m0", "from": NUMBER, "to": "4040", "text": text, "date": "2026-11-24 10:00:00"}
            return form("sms", sms, event)
        case "emulator":
            return form("sms", {"id": "m0", "from": NUMBER, "to": "4040", "text": text}, event)
        case "kannel":
            return kannel(text)
        case "play-mobile":
            return Given("sms", play_mobile(text), "text/xml", [event])
    return Given("sms", infobip(text), JSON, [event])


TWO_WAY = ("africastalking", "emulator", "kannel", "play-mobile", "infobip")
AT_HOP = {"sessionId": "s1", "phoneNumber": NUMBER, "serviceCode": "*384#", "networkCode": "99999", "text": "1*2"}
PRESS = ("press", "7", NUMBER, "2", "")
INFOBIP_HOP = {"sessionActive": True, "exitCode": 0, "reason": "", "msisdn": DIGITS, "text": "2", "shortCode": "*500#"}


def press(name: str, key: str | None, hop: str = "", call: str = "7") -> tuple[Any, ...]:
    return ("press", name, call, NUMBER, key, hop)


def receipt(name: str, status: Delivery | None) -> tuple[Any, ...]:
    return ("receipt", name, "r1", status)


AT_RECEIPT = {"id": "r1", "status": "Success", "phoneNumber": NUMBER, "networkCode": "99999"}
REPORT = {"results": [{"messageId": "r1", "to": DIGITS, "status": {"groupName": "DELIVERED"}}]}
REQUESTS: list[tuple[str, Given]] = [
    *((name, texts(name, text)) for name in TWO_WAY for text in TEXTS.values()),
    ("africastalking", form("ussd", AT_HOP, ("hop", "africastalking", session_of("s1", NUMBER), NUMBER, ("1", "2")))),
    ("africastalking", form("receipt", AT_RECEIPT, receipt("africastalking", Delivery.DELIVERED))),
    ("africastalking", form("receipt", {**AT_RECEIPT, "status": "Odd"}, receipt("africastalking", None))),
    ("emulator", form("ussd", {"call": "7", "number": NUMBER, "key": "2"}, press("emulator", "2"))),
    ("emulator", form("receipt", {"id": "r1", "status": "failed"}, receipt("emulator", Delivery.FAILED))),
    ("kannel", Given("receipt", b"", "", [receipt("kannel", Delivery.DELIVERED)], "id=r1&status=1")),
    ("infobip", tree("receipt", REPORT, receipt("infobip", Delivery.DELIVERED))),
    ("nikita", Given("receipt", nikita_report("3", "r1"), "text/xml", [receipt("nikita", Delivery.DELIVERED)])),
    (
        "mobizon",
        Given("receipt", mobizon_report("UNDELIV"), JSON, [("receipt", "mobizon", "11", Delivery.FAILED)]),
    ),
    ("smsc", Given("receipt", smsc_report("1"), FORM, [("receipt", "smsc", "11", Delivery.DELIVERED)])),
    ("con-end", form("ussd", {"SESSIONID": "7", "MSISDN": DIGITS, "INPUT": "1*2"}, press("con-end", "2"))),
    ("hubtel-ussd", tree("ussd", hubtel("2"), press("hubtel-ussd", "2", "2"))),
    ("arkesel-ussd", tree("ussd", arkesel("2"), press("arkesel-ussd", "2"))),
    ("nalo-ussd", tree("ussd", nalo("2"), press("nalo-ussd", "2", call=DIGITS))),
    ("infobip-ussd", tree("ussd", INFOBIP_HOP, press("infobip-ussd", None), path="/session/7/start")),
    ("infobip-ussd", tree("ussd", INFOBIP_HOP, press("infobip-ussd", "2"), path="/session/7/response")),
    ("infobip-ussd", tree("ussd", INFOBIP_HOP, ("hung_up", "infobip-ussd", "7", NUMBER), path="/session/7/end")),
]
IDS = [f"{name}-{given.kind}-{at}" for at, (name, given) in enumerate(REQUESTS)]
EACH = pytest.mark.parametrize(("name", "given"), REQUESTS, ids=IDS)
READ_BY = dict(reversed(REQUESTS))
"""One good request of each channel."""


def settings(name: str) -> ChannelSettings:
    kind = name if name in PROVIDERS else "template"
    options = {"template": name, "url": "http://127.0.0.1:1", "smsc": "a", "user": "u", "username": "u", "login": "u"}
    return ChannelSettings(name=name, kind=kind, options=options, secrets={"webhook_secret": SecretStr(SECRET)})


def public(service: Recorder, count: Counting = uncounted, add_time: Callable[[float], None] = lambda _: None) -> Flask:
    return create_public(
        service, Config(), list, content="", emergency=EMERGENCY, channels=[settings(name) for name in READ_BY],
        count=count, add_time=add_time,
    )  # fmt: skip


@pytest.fixture(scope="module")
def door() -> tuple[FlaskClient, Recorder]:
    service = Recorder()
    return public(service).test_client(), service


def send(door: tuple[FlaskClient, Recorder], name: str, given: Given, secret: str = SECRET, **changed: Any) -> Any:
    """Send a request. Return the answer, and what reached the service."""
    client, service = door
    service.events.clear()
    given = Given(**{**given.__dict__, **changed})
    address = f"/in/{name}/{secret}/{given.kind}{given.path}"
    method = "GET" if name == "kannel" and given.kind == "receipt" else "POST"
    answer = client.open(
        address, method=method, query_string=given.query, data=given.body, content_type=given.type,
        headers=dict(given.headers),
    )  # fmt: skip
    return answer, list(service.events)


@EACH
def test_each_request_reaches_the_service(door: tuple[FlaskClient, Recorder], name: str, given: Given) -> None:
    answer, events = send(door, name, given)
    assert answer.status_code == 200
    assert events == given.events


@EACH
def test_a_repeated_request_brings_the_same_events_again(
    door: tuple[FlaskClient, Recorder], name: str, given: Given
) -> None:
    """Their ids are the same, so the domain takes them once."""
    assert send(door, name, given)[1] == send(door, name, given)[1] == given.events


@EACH
def test_nobody_gets_in_without_the_secret(door: tuple[FlaskClient, Recorder], name: str, given: Given) -> None:
    for secret in ("x" * 32, SECRET[:-1], SECRET + "n"):
        answer, events = send(door, name, given, secret)
        assert (answer.status_code, events) == (404, [])


def test_the_secret_of_a_channel_opens_no_other() -> None:
    """Who holds the secret of one gateway must not be able to speak for another."""
    service = Recorder()
    own = {name: f"{name:n<32}" for name in READ_BY}
    channels = [settings(name).model_copy(update={"secrets": {"webhook_secret": SecretStr(own[name])}}) for name in own]
    web = create_public(service, Config(), list, content="", emergency=EMERGENCY, channels=channels).test_client()
    for name, given in READ_BY.items():
        for other, secret in own.items():
            answer, events = send((web, service), name, given, secret)
            assert (answer.status_code, bool(events)) == ((200, True) if name == other else (404, False))


@EACH
def test_another_method_with_the_right_secret_is_refused_in_the_channels_own_way(
    caplog: pytest.LogCaptureFixture, name: str, given: Given
) -> None:
    """A gateway that is set to GET in place of POST would otherwise be silent for ever."""
    counted = list[tuple[str, str]]()
    service = Recorder()
    client = public(service, lambda *each: counted.append(each)).test_client()
    address = f"/in/{name}/{SECRET}/{given.kind}{given.path}"
    kinds = PROVIDERS[settings(name).kind].channel(settings(name)).kinds
    taken = kinds.get(given.kind) or kinds[f"{given.kind}/"]
    for method in {"GET", "POST", "PUT", "DELETE", "OPTIONS"} - taken:
        counted.clear()
        caplog.clear()
        answer = client.open(
            address, method=method, query_string=given.query, data=given.body, content_type=given.type,
            headers=dict(given.headers),
        )  # fmt: skip
        assert (answer.status_code, answer.text) == (
            (200, "") if name == "kannel" else (400, f"method is not {' or '.join(sorted(taken))}")
        )
        assert service.events == []
        assert counted == [(name, "method")]
        assert [record.getMessage() for record in caplog.records] == ["request_refused"]
        assert client.open(address.replace(SECRET, "x" * 32), method=method).status_code == 404
        assert DIGITS not in repr([vars(record) for record in caplog.records])


def test_hops_are_timed_and_nothing_else() -> None:
    """Not what comes with a wrong secret either: a stranger cannot fill the histogram."""
    service, seen = Recorder(), list[float]()
    app = public(service, add_time=seen.append)
    for name, given in REQUESTS:
        seen.clear()
        send((app.test_client(), service), name, given, "x" * 32)
        assert len(seen) == 0, name
        send((app.test_client(), service), name, given)
        assert len(seen) == (given.kind == "ussd"), name


BOMB = b"[" * 3_000 + b"]" * 3_000
DEEP = b'{"results":' + b'[{"a":' * 40 + b"1" + b"}]" * 40 + b"}"
BAD: dict[str, Any] = {
    "html": b"<html><body>502 Bad Gateway</body></html>",
    "a bomb of JSON": BOMB,
    "nested JSON": DEEP,
    "a bomb of XML": b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><sms-request>&c;</sms-request>',
    "a file by XML": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><sms-request/>',
    "NULs": b"\0" * 50,
    "odd octets": b"\xff\xfe\xfd" * 20,
    "numbers": b"12345",
    "null": b"null",
    "nothing": b"",
    "a list": b'["results"]',
    "another document of JSON": b'{"texts":[]}',
    "another document of XML": b"<texts/>",
}
NOT_KANNEL = sorted(READ_BY.keys() - {"kannel"})


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", NOT_KANNEL)
def test_what_no_gateway_would_send_is_refused_and_in_the_log(
    door: tuple[FlaskClient, Recorder], caplog: pytest.LogCaptureFixture, name: str, body: bytes
) -> None:
    """The answer says nothing of a caller. With a 200 a text in another form would be lost, and nobody would know.

    (To Kannel any octets are a text: see `test_kannel`.)
    """
    for given in {each.kind: each for channel, each in REQUESTS if channel == name}.values():
        caplog.clear()
        answer, events = send(door, name, given, body=body)
        assert (answer.status_code, events) == (400, []), given.kind
        assert DIGITS not in answer.text
        assert [record.getMessage() for record in caplog.records] == ["request_refused"], given.kind


def test_one_odd_text_of_several_is_in_the_log_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    """The gateway gets a 200, for the others are stored. So it is Komek that says what was not read."""
    counted, service = list[tuple[str, str]](), Recorder()
    web = public(service, lambda *each: counted.append(each)).test_client()
    body = infobip("one", "two", "three").replace(b'"m1"', b'""')
    answer, events = send((web, service), "infobip", Given("sms", body, JSON, []))
    assert (answer.status_code, [each[-1] for each in events]) == (200, ["one", "three"])
    assert counted == [("infobip", "form")]
    assert [record.getMessage() for record in caplog.records] == ["request_refused"]
    assert DIGITS not in repr([vars(record) for record in caplog.records])


@EACH
def test_a_request_in_another_charset_is_refused(door: tuple[FlaskClient, Recorder], name: str, given: Given) -> None:
    """The gateway's log shows it. Kannel's text is read in any charset."""
    if name == "kannel":
        return
    for charset in ("utf-16", "utf-16-be", "utf-32"):
        answer, events = send(door, name, given, body=given.body.decode().encode(charset))
        assert (answer.status_code, events) == (400, [])
        assert DIGITS not in answer.text


@EACH
def test_a_request_that_was_cut_off_brings_nothing(door: tuple[FlaskClient, Recorder], name: str, given: Given) -> None:
    """Half a text could say the opposite. The gateway sends it again."""
    if not given.body:
        return
    client, service = door
    service.events.clear()
    answer = client.post(
        f"/in/{name}/{SECRET}/{given.kind}{given.path}", query_string=given.query, content_type=given.type,
        data=given.body[: len(given.body) // 2], headers=dict(given.headers),
        environ_overrides={"CONTENT_LENGTH": str(len(given.body))},
    )  # fmt: skip
    assert service.events == []
    assert answer.status_code == (200 if name == "kannel" else 400)


@pytest.mark.parametrize("name", sorted(READ_BY))
def test_each_channel_has_its_own_limit_of_size(door: tuple[FlaskClient, Recorder], name: str) -> None:
    """A body as long as the limit is read, one octet more is refused before it is parsed."""
    most = PROVIDERS[settings(name).kind].channel(settings(name)).most_bytes
    answer, events = send(door, name, READ_BY[name], body=b"x" * (most + 1))
    assert events == []
    assert answer.status_code == (200 if name == "kannel" else 400)
    assert answer.text == ("" if name == "kannel" else f"body is longer than {most} bytes")


def test_parts_of_an_address_that_a_channel_does_not_use_are_unknown(door: tuple[FlaskClient, Recorder]) -> None:
    for name in NOT_KANNEL:
        wrong = "" if name == "infobip-ussd" else "/session/7/start"
        answer, events = send(door, name, READ_BY[name], path=wrong)
        assert (answer.status_code, events) == (404, [])
    for path in ("/session/7", "/session/7/start/8"):
        answer, events = send(door, "infobip-ussd", READ_BY["infobip-ussd"], path=path)
        assert (answer.status_code, events) == (400, [])


def test_the_older_gateway_of_infobip_gets_its_own_answers(door: tuple[FlaskClient, Recorder]) -> None:
    answer, _ = send(door, "infobip-ussd", tree("ussd", INFOBIP_HOP, path="/session/7/start"))
    told = {"ussdMenu": "1 Call me", "shouldClose": False, "responseExitCode": 200, "responseMessage": ""}
    assert answer.get_json() == told
    answer, _ = send(door, "infobip-ussd", tree("ussd", INFOBIP_HOP, path="/session/7/end"))
    assert answer.get_json() == {"responseExitCode": 200, "responseMessage": ""}


HEAD = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"


def answered(status: str, body: str = "") -> bytes:
    raw = body.encode()
    return HEAD % (status.encode(), len(raw), raw)


ODD = {
    "refused": (answered("403 Forbidden"), False, False),
    "throttled": (answered("429 Too Many Requests"), True, False),
    "overloaded": (answered("503 Service Unavailable"), True, False),
    "its own gateway is silent": (answered("504 Gateway Timeout"), False, True),
    "redirects": (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", False, False),
    "is a portal that wants a log-in": (answered("200 OK", "<html>Log in</html>"), False, True),
    "closes": (b"", False, True),
    "is cut off": (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", False, True),
    "is no HTTP": (b"\x16\x03\x01 what", False, True),
    "hangs": (None, False, True),
}
"""What a gateway does, and whether another attempt could help, and whether the text may have gone."""
SENDERS = (
    "africastalking",
    "emulator",
    "kannel",
    "play-mobile",
    "nikita",
    "osonsms",
    "osonsms-hash",
    "mobizon",
    "smsc",
    "infobip",
    "eskiz",
)


@pytest.mark.parametrize("name", gateway_template.names())
def test_each_step_of_each_template_is_in_the_tables(name: str) -> None:
    """A template that is added without its rows is a fault: nothing would say how it behaves."""
    template, kinds = gateway_template.load(name), {given.kind for channel, given in REQUESTS if channel == name}
    assert kinds == {kind for kind, step in steps_of(template).items() if step}
    if template.inbound:
        assert name in TWO_WAY
    if template.receipt:
        assert name in [each[0] for each in POSTED]
    if template.poll:
        assert name in [each[0] for each in POLLED]
    if template.send:
        assert name in SENDERS
        assert name in [each[0] for each in TAKEN]
        assert name in [each[0] for each in REFUSED]
        assert (name in CODES) == bool(template.send.again or template.send.taken or template.send.unclear)


def steps_of(template: gateway_template.Template) -> Mapping[str, object]:
    return {"ussd": template.ussd, "sms": template.inbound, "receipt": template.receipt}


class Line:
    """A server that answers any request with the same octets, or not at all."""

    def __init__(self) -> None:
        self.answers: bytes | None = b""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.held: list[socket.socket] = []
        Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            peer.recv(65_536)
            if self.answers is None:
                self.held.append(peer)
                continue
            peer.sendall(self.answers)
            peer.close()


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.server.close()
    for each in made.held:
        each.close()


def sender(name: str, url: str) -> Sender:
    """Return what sends by a channel, with its address here."""
    options = {"template": name, "url": url, "smsc": "a", "user": "u", "username": "u", "login": "u"}
    names = ("login", "password", "api_key", "key", "receipts_url")
    secrets = {each: SecretStr("s3cret") for each in names} | {"receipts_url": SecretStr("http://127.0.0.1:1/r")}
    given = ChannelSettings(name="a", kind=name if name in PROVIDERS else "template", options=options, secrets=secrets)
    if name == "africastalking":
        return AfricasTalking("u", SecretStr("s3cret"), "", url, timeout_seconds=(1, 0.3))
    if name in PROVIDERS:
        made = PROVIDERS[name].sender(given)
        assert made is not None
        return made
    shipped = gateway_template.load(name)
    assert shipped.send is not None
    here = shipped.model_copy(update={"login": None, "send": shipped.send.model_copy(update={"url": f"{url}/send"})})
    return Asking(here, given)


@pytest.mark.parametrize(("raw", "retry", "unknown"), ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", SENDERS)
def test_each_sender_knows_what_an_odd_answer_means_for_the_text(
    line: Line, monkeypatch: pytest.MonkeyPatch, name: str, raw: bytes | None, retry: bool, unknown: bool
) -> None:
    """Above all, whether it may have gone: a text to a caller must not be sent twice (R12)."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", (1, 0.3))
    line.answers = raw
    with pytest.raises(SendFailed) as caught:
        sender(name, line.url).send(msisdn(NUMBER), "Көмек", "ref1", "")
    error = caught.value
    assert (error.retry, error.unknown) == (retry, unknown)
    assert DIGITS not in repr(error)
    assert "s3cret" not in repr(error)
    assert error.__context__ is None or DIGITS not in repr(error.__context__)


class Dripping:
    """A gateway that sends `before`, and then one octet after the other, each well before a read times out."""

    MOST = 400
    """Octets until it gives up: 20 seconds, of which a sender may use the smallest part."""

    def __init__(self, before: bytes) -> None:
        self.before, self.dripped = before, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        peer, _ = self.server.accept()
        with peer:
            peer.recv(65_536)
            peer.sendall(self.before)
            while self.dripped < self.MOST and not select([peer], [], [], 0.05)[0]:  # readable: the sender has gone
                peer.sendall(b"x")
                self.dripped += 1


def by_africastalking(url: str) -> None:
    AfricasTalking("u", SecretStr("s3cret"), "", url, timeout_seconds=(0.5, 0.5)).send(msisdn(NUMBER), "Help")


def by_the_others(url: str) -> None:
    http.ask("POST", url, body={"to": NUMBER}, seconds=1.0)


HEADER = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nA: "


@pytest.mark.parametrize("before", [b"", HEADER, HEADER + b"b\r\n\r\n"], ids=["status line", "header", "body"])
@pytest.mark.parametrize("sends", [by_africastalking, by_the_others])
def test_an_answer_that_comes_letter_by_letter_is_given_up(
    monkeypatch: pytest.MonkeyPatch, sends: Callable[[str], None], before: bytes
) -> None:
    """A gateway that never finishes must not hold a worker. Nobody knows whether it took the text."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    gateway = Dripping(before)
    with pytest.raises(SendFailed) as caught:
        sends(gateway.url)
    gateway.thread.join()
    gateway.server.close()
    assert (caught.value.retry, caught.value.unknown) == (False, True)
    assert gateway.dripped < gateway.MOST
