"""The public web from outside: what gateways, probes and broken connections get."""

import io
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from gateway.app import create_public
from gateway.channels.africastalking import session_of
from gateway.guard import FORM
from helpline.core.config import Config, ConfigError
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Delivery, Ended, Hop, HungUp, IncomingSms, Press, Receipt, Reply

SECRET, OLD = "n" * 32, "o" * 32
AT = f"/in/africastalking/{SECRET}"
CALLER = "+254720123123"
CALL = session_of("ATUid_1", CALLER)
HOP = {"sessionId": "ATUid_1", "phoneNumber": CALLER, "serviceCode": "*384#", "networkCode": "99999", "text": "1*2"}
SMS = {"id": "m1", "from": CALLER, "to": "4040", "text": "help me", "date": "2026-11-24 10:00:00"}
RECEIPT = {"id": "ATXid_1", "status": "Success", "phoneNumber": CALLER, "networkCode": "99999"}
OPTOUT = {"senderId": "KOMEK", "phoneNumber": CALLER}
EMERGENCY = Reply("Call 112", last=True)
FIRST = Reply("1 Call me", last=False)


@dataclass(slots=True)
class Recorder:
    """A service that records its requests, and fails on request."""

    fails: Exception | None = None
    reply: Reply = FIRST
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def _note(self, *event: object) -> None:
        if self.fails:
            raise self.fails
        self.events.append(event)

    def hop(self, channel: str, hop: Hop) -> Reply:
        self._note("hop", channel, hop.session, hop.caller.reveal(), hop.keys)
        return self.reply

    def ended(self, channel: str, ended: Ended) -> None:
        self._note("ended", channel, ended.session, ended.keys)

    def sms(self, channel: str, sms: IncomingSms) -> None:
        self._note("sms", channel, sms.id, sms.sender.reveal(), sms.text.reveal())

    def press(self, channel: str, press: Press) -> Reply:
        self._note("press", channel, press.call, press.caller.reveal(), press.key, press.hop)
        return self.reply

    def hung_up(self, channel: str, hung_up: HungUp) -> None:
        self._note("hung_up", channel, hung_up.call, hung_up.caller.reveal())

    def receipt(self, channel: str, receipt: Receipt) -> None:
        self._note("receipt", channel, receipt.id, receipt.status)

    def optout(self, channel: str, number: Msisdn) -> None:
        self._note("optout", channel, number.reveal())


def front_door(talk: Recorder, reasons: Sequence[str] = (), **settings: Any) -> FlaskClient:
    config = Config.model_validate({"webhook_secret": f"{SECRET},{OLD}", **settings})
    return create_public(talk, config, lambda: reasons, content="c0ffee", emergency=EMERGENCY).test_client()


def seen(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.data, sorted(answer.headers)


ARRIVALS = [
    ("ussd", HOP, ("hop", "africastalking", CALL, CALLER, ("1", "2")), b"CON 1 Call me"),
    ("ussd-ended", {**HOP, "input": "1*2"}, ("ended", "africastalking", CALL, ("1", "2")), b""),
    ("sms", SMS, ("sms", "africastalking", "m1", CALLER, "help me"), b""),
    ("receipt", RECEIPT, ("receipt", "africastalking", "ATXid_1", Delivery.DELIVERED), b""),
    ("receipt", {**RECEIPT, "status": "Odd"}, ("receipt", "africastalking", "ATXid_1", None), b""),
    ("optout", OPTOUT, ("optout", "africastalking", CALLER), b""),
]


@pytest.mark.parametrize(("door", "form", "event", "body"), ARRIVALS)
def test_what_a_gateway_sends_reaches_the_service(
    door: str, form: dict[str, str], event: tuple[Any], body: bytes
) -> None:
    talk = Recorder()
    answer = front_door(talk).post(f"{AT}/{door}", data=form)
    assert (answer.status_code, answer.data, talk.events) == (200, body, [event])
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_last_screen_ends_the_session() -> None:
    answer = front_door(Recorder(reply=Reply("Көмек келет", last=True))).post(f"{AT}/ussd", data=HOP)
    assert answer.data.decode() == "END Көмек келет"


def test_the_old_secret_is_accepted_during_rotation() -> None:
    assert front_door(Recorder()).post(f"/in/africastalking/{OLD}/ussd", data=HOP).status_code == 200


STRANGERS = [
    ("POST", f"/in/africastalking/{'x' * 32}/ussd", "a wrong secret"),
    ("POST", f"/in/africastalking/{SECRET[:-1]}/sms", "a secret cut short"),
    ("POST", f"/in/africastalking/{SECRET}n/receipt", "a secret with a letter more"),
    ("POST", f"/in/nobody/{SECRET}/ussd", "a channel that there is not"),
    ("POST", f"/in/kannel/{SECRET}/ussd", "a channel that is not switched on"),
    ("POST", f"{AT}/nothing", "a door that there is not"),
    ("POST", f"{AT}/ussd/", "a slash too many"),
    ("POST", f"/in//africastalking/{SECRET}/ussd", "a slash too many, inside"),
    ("POST", "/in/africastalking/ussd", "no secret"),
    ("GET", f"/in/africastalking/{'x' * 32}/ussd", "another method"),
    ("OPTIONS", f"/in/africastalking/{'x' * 32}/sms", "a method of browsers"),
    ("PUT", f"/in/africastalking/{'x' * 32}/sms", "a method that no gateway uses"),
    ("GET", "/", "the front page that there is not"),
    ("GET", "/metrics", "never on the public port"),
]


@pytest.mark.parametrize(("method", "path", "why"), STRANGERS, ids=[row[2] for row in STRANGERS])
def test_a_wrong_secret_gets_an_ordinary_404(method: str, path: str, why: str) -> None:
    talk = Recorder()
    client = front_door(talk)
    unheard_of = seen(client.open("/unheard-of", method=method, data=HOP))
    assert unheard_of[0] == 404
    assert seen(client.open(path, method=method, data=HOP)) == unheard_of, why
    assert talk.events == []


class Unreadable(io.BytesIO):
    """A body that must not be read."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read before the secret")


def test_the_secret_is_compared_before_anything_is_parsed() -> None:
    client = front_door(Recorder())
    for content_type in (FORM, "text/plain"):
        answer = client.post(
            f"/in/africastalking/{'x' * 32}/ussd", input_stream=Unreadable(), content_type=content_type
        )
        assert answer.status_code == 404


def test_a_forbidden_address_gets_the_same_404() -> None:
    client = front_door(Recorder(), allow_from="203.0.113.0/24")
    inside = client.post(f"{AT}/ussd", data=HOP, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    outside = client.post(f"{AT}/ussd", data=HOP, environ_base={"REMOTE_ADDR": "198.51.100.1"})
    assert inside.status_code == 200
    assert seen(outside) == seen(client.post("/unheard-of", data=HOP))


@pytest.mark.parametrize(
    ("path", "form", "away", "counted"),
    [
        (f"{AT}/sms", SMS, False, []),
        (f"/in/africastalking/{'x' * 32}/sms", SMS, False, ["secret"]),
        (f"/in/nobody/{SECRET}/sms", SMS, False, []),
        (f"/in/nobody/{SECRET}/inbound", SMS, False, []),
        (f"{AT}/inbound", SMS, False, ["address"]),
        (f"{AT}/sms/", SMS, False, ["address"]),
        (f"{AT}/voice", SMS, False, ["address"]),
        (f"/in/africastalking/{'x' * 32}/inbound", SMS, False, ["secret"]),
        (f"{AT}/inbound", SMS, True, ["network"]),
        (f"{AT}/sms", SMS, True, ["network"]),
        (f"{AT}/sms", {"text": "x" * 17_000}, False, ["body"]),
        (f"{AT}/sms", {"text": "help"}, False, ["form"]),
    ],
)
def test_each_refused_request_is_counted_once_by_its_fault(
    caplog: pytest.LogCaptureFixture, path: str, form: dict[str, str], away: bool, counted: list[str]
) -> None:
    """By the channel of the file and the kind of fault alone, so that a gateway that went wrong shows (R35)."""
    found: list[tuple[str, str]] = []
    config = Config.model_validate({"webhook_secret": SECRET, "allow_from": "203.0.113.0/24"})
    app = create_public(
        Recorder(), config, list, content="c0ffee", emergency=EMERGENCY, count=lambda *each: found.append(each)
    )
    sender = {"REMOTE_ADDR": "198.51.100.1" if away else "203.0.113.9"}
    app.test_client().post(path, data=form, environ_base=sender)
    assert found == [("africastalking", fault) for fault in counted]
    in_log = [record.getMessage() for record in caplog.records]
    assert in_log == ["request_refused" for fault in counted if fault != "secret"]


FAULTS = [
    ("ussd", {**HOP, "phoneNumber": " 254720123123"}, FORM, "phoneNumber begins with a space"),
    ("ussd", {name: value for name, value in HOP.items() if name != "text"}, FORM, "text is missing"),
    ("sms", {**SMS, "id": ""}, FORM, "id is empty"),
    ("receipt", {"id": "1"}, FORM, "status is missing"),
    ("ussd", HOP, "multipart/form-data", "Content-Type is not"),
    ("ussd", {"x": "x" * 17_000}, FORM, "body is longer than 16384 bytes"),
]


@pytest.mark.parametrize(("door", "form", "content_type", "message"), FAULTS)
def test_a_bad_form_gets_a_400_with_one_line(door: str, form: dict[str, str], content_type: str, message: str) -> None:
    talk = Recorder()
    answer = front_door(talk).post(f"{AT}/{door}", data=form, content_type=content_type)
    assert answer.status_code == 400
    assert answer.text.startswith(message)
    assert "\n" not in answer.text
    assert "254720123123" not in answer.text
    assert talk.events == []


latin = st.characters(min_codepoint=32, max_codepoint=255)
DOORS = ("ussd", "ussd-ended", "sms", "receipt", "optout", "nothing")
almost = st.dictionaries(
    st.sampled_from(["sessionId", "phoneNumber", "text", "id", "from", "status", "x"]), st.text(max_size=9)
).map(lambda form: "&".join(f"{name}={value}" for name, value in form.items()).encode(errors="surrogatepass"))


@given(
    body=st.binary(max_size=300) | almost,
    door=st.sampled_from(DOORS),
    secret=st.sampled_from([SECRET, "x"]),
    content_type=st.sampled_from([FORM, "", "text/plain"]) | st.text(latin),
)
@example(b"sessionId=1&phoneNumber=%2B1&text=", "ussd", SECRET, FORM)
@example(b"sessionId=1&phoneNumber=%2B1&text=%ED%A0%80", "ussd", SECRET, FORM)
@example(b"", "sms", SECRET, FORM)
def test_any_bytes_cause_no_internal_error(body: bytes, door: str, secret: str, content_type: str) -> None:
    answer = CLIENT.post(f"/in/africastalking/{secret}/{door}", data=body, content_type=content_type)
    assert answer.status_code in ({200, 400} if secret == SECRET and door != "nothing" else {404})


CLIENT = front_door(Recorder())
LEAK = "duplicate key (+254720123123)"


def test_r19_a_caller_sees_the_emergency_screen_after_any_error(caplog: pytest.LogCaptureFixture) -> None:
    answer = front_door(Recorder(fails=ValueError(LEAK))).post(f"{AT}/ussd", data=HOP)
    assert (answer.status_code, answer.data) == (200, b"END Call 112")
    assert logged(caplog) == [("hop_failed", "ValueError")]


def test_r19_a_screen_that_cannot_be_sent_becomes_the_emergency_screen() -> None:
    answer = front_door(Recorder(reply=Reply("\ud800", last=False))).post(f"{AT}/ussd", data=HOP)
    assert (answer.status_code, answer.data) == (200, b"END Call 112")


KEPT = [("sms", SMS), ("receipt", RECEIPT), ("optout", OPTOUT), ("ussd-ended", {**HOP, "input": "1"})]


@pytest.mark.parametrize(("door", "form"), KEPT)
def test_what_was_not_stored_gets_an_error_so_that_it_is_sent_again(
    door: str, form: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = front_door(Recorder(fails=LookupError(LEAK))).post(f"{AT}/{door}", data=form)
    assert (answer.status_code, answer.data) == (500, b"")
    assert logged(caplog) == [("arrival_not_kept", "LookupError")]


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return event and error class of each log record. Nothing else of the fault may be in it."""
    for record in caplog.records:
        assert record.exc_info is None
        assert not any(word in repr(vars(record)) for word in (SECRET, LEAK, CALLER))
    return [(record.getMessage(), vars(record)["ids"]["error"]) for record in caplog.records]


def test_r35_without_errors_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = front_door(Recorder())
    for door, form, _event, _body in ARRIVALS:
        client.post(f"{AT}/{door}", data=form)
    assert caplog.records == []


def test_an_error_outside_the_endpoints_reveals_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        raise ValueError(LEAK)

    app = create_public(Recorder(), Config.model_validate({}), tuple, content="", emergency=EMERGENCY)
    app.add_url_rule("/broken", view_func=broken)
    answer = app.test_client().get("/broken")
    assert (answer.status_code, answer.data) == (500, b"")
    assert logged(caplog) == [("request_failed", "ValueError")]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/unheard-of", f"{AT}/ussd"])
def test_every_answer_has_the_security_headers(path: str) -> None:
    headers = front_door(Recorder()).open(path, method="POST" if path.startswith("/in") else "GET", data=HOP).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Server" not in headers


def test_the_probes_answer_live_and_ready() -> None:
    client = front_door(Recorder())
    assert (client.get("/health/live").status_code, client.get("/health/live").data) == (200, b"live")
    ready = client.get("/health/ready")
    assert (ready.status_code, json.loads(ready.data)) == (200, {"ready": True, "content": "c0ffee"})


def test_a_service_that_is_not_ready_says_why_and_is_live() -> None:
    client = front_door(Recorder(), ["the database is behind its migrations"])
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert json.loads(answer.data)["reasons"] == ["the database is behind its migrations"]
    assert client.get("/health/live").status_code == 200


def test_a_failing_check_means_not_ready_and_leaks_nothing() -> None:
    def check() -> Sequence[str]:
        raise OSError(LEAK)

    app = create_public(Recorder(), Config.model_validate({}), check, content="", emergency=EMERGENCY)
    answer = app.test_client().get("/health/ready")
    assert (answer.status_code, json.loads(answer.data)["reasons"]) == (503, ["the check itself failed"])


def test_all_invalid_settings_are_named() -> None:
    with pytest.raises(ConfigError) as caught:
        front_door(Recorder(), channels="africastalking,pigeon", allow_from="here")
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["KOMEK_CHANNELS", "KOMEK_ALLOW_FROM"]


def test_debugging_is_off_in_any_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert not create_public(Recorder(), Config.model_validate({}), tuple, content="", emergency=EMERGENCY).debug
