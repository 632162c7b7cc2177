"""Africa's Talking's real SDK against the emulator, and against servers with odd answers, without a network."""

import json
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from pydantic import SecretStr
from werkzeug import Request, Response
from werkzeug.serving import make_server

from gateway.channels.africastalking import REFUSALS, AfricasTalking, read_receipt
from gateway.phone.emulator import Emulator, Switches, alone, emulator
from gateway.phone.inboxes import MOST_MESSAGES, MOST_NUMBERS, Inboxes
from gateway.phone.receipts import MOST_WAITING, Form, Receipts, When, post_to
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Delivery, SendFailed
from tests.others import PATIENCE_SECONDS, until

PHONE, TEXT, KEY = "+996700123456", "Салам. Кийин чалабыз.", "atsk_0123456789"
HASTY_SECONDS = (PATIENCE_SECONDS, 0.5)
"""The time limits to connect and for an answer, in tests where neither comes."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the SDK from using the machine's proxy for this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@contextmanager
def served(app: Callable[..., Any]) -> Iterator[str]:
    """Serve a WSGI app on a free port of this machine. Return its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(slots=True)
class Bench:
    """An emulator, a sender that uses it, and a clock for its delivery reports that tests move."""

    url: str
    gateway: Emulator
    now: list[float]
    posted: list[Form]

    def send(self, **given: Any) -> str:
        """Send a text. Return its id."""
        return sender(self.url, **given).send(msisdn(PHONE), TEXT)

    def report(self, seconds: float) -> list[str]:
        """Move the time on and return the statuses that were posted since the start."""
        self.now[0] += seconds
        self.gateway.receipts.flush()
        return [form["status"] for form in self.posted]


@pytest.fixture
def bench() -> Iterator[Bench]:
    released, now, posted = Event(), [0.0], list[Form]()
    inboxes = Inboxes()
    gateway = Emulator(inboxes, Receipts(inboxes, posted.append, lambda: now[0]), sleep=released.wait)
    app = Flask(__name__)
    app.register_blueprint(emulator(gateway))
    with served(app) as url:
        yield Bench(url, gateway, now, posted)
        released.set()


def sender(url: str, **given: Any) -> AfricasTalking:
    return AfricasTalking(
        "helpline",
        SecretStr(KEY),
        **{"sender": "4040", "timeout_seconds": (PATIENCE_SECONDS, PATIENCE_SECONDS), "url": url, **given},
    )


def failure(send: Callable[[], str]) -> tuple[str, bool, bool]:
    """Send and return the failure: reason, whether to retry, whether it may have been sent.

    Check that it leaks nothing.
    """
    with pytest.raises(SendFailed) as caught:
        send()
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    assert not any(word in f"{error!r} {vars(error)}" for word in (PHONE, PHONE[1:], TEXT, KEY, "127.0.0.1"))
    return error.reason, error.retry, error.unknown


def test_a_text_arrives(bench: Bench) -> None:
    id = bench.send()
    [message] = bench.gateway.inboxes.of(PHONE)
    assert (message.id, message.to, message.sender, message.text) == (id, PHONE, "4040", TEXT)
    assert (message.parts, message.encoding, message.status) == (1, "UCS-2", "Queued")


def test_an_answer_with_another_content_type_is_read(bench: Bench) -> None:
    bench.gateway.switches = Switches(odd_content_type=True)
    assert bench.send() == bench.gateway.inboxes.of(PHONE)[0].id


DAYS = [
    (Switches(unauthorized=True), ("HTTP 401", False, False), 0, "the key is wrong: the next try would be too"),
    (Switches(empty_recipients=True), ("InvalidSenderId", False, False), 0, "a 201 that is a refusal"),
    (Switches(server_error=True), ("HTTP 500", True, False), 0, "they are down"),
    (Switches(timeout_after_taking=60), ("ReadTimeout", False, True), 1, "taken, but nobody tells us (R12)"),
]


@pytest.mark.parametrize(("switches", "expected", "taken", "why"), DAYS, ids=[row[3] for row in DAYS])
def test_each_failure_of_the_emulator_is_recognised(
    bench: Bench, switches: Switches, expected: tuple[str, bool, bool], taken: int, why: str
) -> None:
    bench.gateway.switches = switches
    waits = {"timeout_seconds": HASTY_SECONDS} if switches.timeout_after_taking else {}
    assert failure(lambda: bench.send(**waits)) == expected, why
    until(
        lambda: len(bench.gateway.inboxes.of(PHONE)) == taken, "a text that is taken"
    )  # also after we have closed the connection


@dataclass(slots=True)
class Scripted:
    """A gateway that gives one answer and records its requests."""

    answer: Response
    asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        request = Request(environ)
        self.asked.append((request.path, parse_qs(request.get_data(as_text=True)), dict(request.headers)))
        return self.answer(environ, start_response)


def sms_answer(*recipients: object, message: str = "Sent to 1/1") -> Response:
    body = {"SMSMessageData": {"Message": message, "Recipients": recipients}}
    return Response(json.dumps(body), 201, content_type="application/json")


def recipient(code: object, id: object = "ATXid_1") -> dict[str, object]:
    return {"cost": "KES 0.8000", "messageId": id, "number": PHONE, "status": "x", "statusCode": code}


def test_the_request_of_a_text_is_as_documented() -> None:
    gateway = Scripted(sms_answer(recipient(101)))
    with served(gateway) as url:
        assert sender(f"{url}/").send(msisdn(PHONE), TEXT) == "ATXid_1"
        assert sender(url, sender="").send(msisdn(PHONE), TEXT) == "ATXid_1"
    [(path, form, headers), (_, plain, _)] = gateway.asked
    assert path == "/version1/messaging"
    assert form == {"username": ["helpline"], "to": [PHONE], "message": [TEXT], "bulkSMSMode": ["1"], "from": ["4040"]}
    assert "from" not in plain, "without a sender id AT chooses one"
    assert headers["Apikey"] == KEY
    assert headers["User-Agent"].startswith("africastalking-python/")


TAKEN = [(100, "processed"), (101, "sent"), (102, "queued")]


@pytest.mark.parametrize(("code", "why"), TAKEN)
def test_these_codes_mean_accepted(code: int, why: str) -> None:
    with served(Scripted(sms_answer(recipient(code)))) as url:
        assert sender(url).send(msisdn(PHONE), TEXT) == "ATXid_1", why


UNCLEAR = ("UnclearAnswer", False, True)
ANSWERS: list[tuple[Response, tuple[str, bool, bool], str]] = [
    (sms_answer(recipient(401)), ("RiskHold", False, True), "held back, and may be let go later"),
    (sms_answer(recipient(402)), ("InvalidSenderId", False, False), "we must fix it"),
    (sms_answer(recipient(403)), ("InvalidPhoneNumber", False, False), "never will"),
    (sms_answer(recipient(404)), ("UnsupportedNumberType", False, False), "never will"),
    (sms_answer(recipient(405)), ("InsufficientBalance", True, False), "goes out once topped up"),
    (sms_answer(recipient(406)), ("UserInBlacklist", False, False), "they do not want it"),
    (sms_answer(recipient(407)), ("CouldNotRoute", False, False), "no way there"),
    (sms_answer(recipient(409)), ("DoNotDisturbRejection", False, False), "they do not want it"),
    (sms_answer(recipient(500)), ("InternalServerError", True, False), "they must fix it"),
    (sms_answer(recipient(501)), ("GatewayError", True, False), "the network must fix it"),
    (sms_answer(recipient(502)), ("RejectedByGateway", False, False), "the network does not want it"),
    (sms_answer(recipient(499)), ("Refused", False, False), "a code we do not know is no success"),
    (sms_answer(message="InvalidSenderId"), ("InvalidSenderId", False, False), "no recipient: refused whole"),
    (sms_answer(message="GatewayError"), ("GatewayError", True, False), "a word of the table keeps its meaning"),
    (sms_answer(message="Whatever"), ("Whatever", False, False), "a word we do not know"),
    (
        sms_answer(message=f"No route to {PHONE}"),
        ("Refused", False, False),
        "a sentence is not repeated: it may hold a number",
    ),
    (sms_answer(recipient(101, "")), UNCLEAR, "taken without an id"),
    (sms_answer(recipient(101, None)), UNCLEAR, "taken without an id"),
    (sms_answer(recipient("101")), UNCLEAR, "another shape"),
    (sms_answer(recipient(101), recipient(101)), UNCLEAR, "two for one"),
    (Response("[]", 201, content_type="application/json"), UNCLEAR, "another shape"),
    (Response("<html>", 200, content_type="text/html"), UNCLEAR, "a portal in between"),
    (Response("", 201, content_type="application/json"), ("JSONDecodeError", False, True), "an empty answer"),
    (Response("no", 400), ("HTTP 400", False, False), "our request was wrong"),
    (Response("no", 429), ("HTTP 429", True, False), "slower"),
    (Response("no", 502), ("HTTP 502", True, False), "their proxy has no server behind it"),
    (Response("no", 503), ("HTTP 503", True, False), "not now"),
    (Response("no", 504), ("HTTP 504", False, True), "they timed out among themselves: may have gone out"),
    (Response("", 307, {"Location": "/elsewhere"}), ("HTTP 307", False, False), "the key is not carried elsewhere"),
]


@pytest.mark.parametrize(("answer", "expected", "why"), ANSWERS, ids=[f"{row[1][0]}: {row[2]}" for row in ANSWERS])
def test_each_other_answer_is_a_failure(answer: Response, expected: tuple[str, bool, bool], why: str) -> None:
    gateway = Scripted(answer)
    with served(gateway) as url:
        assert failure(lambda: sender(url).send(msisdn(PHONE), TEXT)) == expected, why
    assert len(gateway.asked) == 1


SESSION = "ATVId_0123456789abcdef0123456789abcdef"


def call_answer(*entries: object) -> Response:
    return Response(json.dumps({"entries": entries, "errorMessage": "None"}), 201, content_type="application/json")


def entry(status: object = "Queued", session: object = SESSION) -> dict[str, object]:
    return {"phoneNumber": PHONE, "status": status, "sessionId": session}


def test_the_request_of_a_call_is_as_documented() -> None:
    gateway = Scripted(call_answer(entry()))
    with served(gateway) as url:
        assert sender(url).call(msisdn(PHONE), "+254711082000") == SESSION
    [(path, form, headers)] = gateway.asked
    assert (path, headers["Apikey"]) == ("/call", KEY)
    assert form == {"username": ["helpline"], "from": ["+254711082000"], "to": [PHONE]}


CALL_ANSWERS: list[tuple[Response, tuple[str, bool, bool], str]] = [
    (call_answer(entry("DestinationNotSupported", "None")), ("DestinationNotSupported", False, False), "no way there"),
    (call_answer(entry(f"No route to {PHONE}")), UNCLEAR, "a sentence is not repeated: it may hold a number"),
    (call_answer(entry(session="None")), UNCLEAR, "queued without an id"),
    (call_answer(entry(session="12345")), UNCLEAR, "an id that can be guessed is not a key"),
    (call_answer(entry(session=None)), UNCLEAR, "another shape"),
    (call_answer(entry(), entry()), UNCLEAR, "two for one"),
    (call_answer(), ("Refused", False, False), "refused whole"),
    (Response("<html>", 200, content_type="text/html"), UNCLEAR, "a portal in between"),
    (Response("no", 401), ("HTTP 401", False, False), "the key is wrong"),
    (Response("no", 504), ("HTTP 504", False, True), "the call may still happen"),
]


@pytest.mark.parametrize(
    ("answer", "expected", "why"), CALL_ANSWERS, ids=[f"{row[1][0]}: {row[2]}" for row in CALL_ANSWERS]
)
def test_each_answer_to_a_call_is_understood(answer: Response, expected: tuple[str, bool, bool], why: str) -> None:
    with served(Scripted(answer)) as url:
        assert failure(lambda: sender(url).call(msisdn(PHONE), "+254711082000")) == expected, why


def test_every_refusal_has_its_row() -> None:
    assert {word for word, _retry in REFUSALS.values()} <= {expected[0] for _answer, expected, _why in ANSWERS}


def test_a_refused_connection_may_be_retried() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))  # keep the port, so that no other process listens on it
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        assert failure(lambda: sender(url).send(msisdn(PHONE), TEXT)) == ("ConnectionRefused", True, False)


@pytest.mark.skipif(sys.platform != "linux", reason="how a full queue behaves is Linux's own")
def test_a_connect_timeout_may_be_retried() -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        slow = sender(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout_seconds=(0.2, 0.2))
        assert failure(lambda: slow.send(msisdn(PHONE), TEXT)) == ("ConnectTimeout", True, False)


def test_a_connection_lost_after_sending_is_an_unknown_outcome() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            heard = b""
            while TEXT_END not in heard:
                heard += connection.recv(65536)
            connection.close()

        thread = Thread(target=hang_up)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert failure(lambda: sender(url).send(msisdn(PHONE), TEXT)) == ("ConnectionError", False, True)
        thread.join()


TEXT_END = b"from=4040"

NUMBERS = [
    ("", "withheld"),
    ("anonymous", "withheld, in words"),
    ("4040", "a short code"),
    ("996700123456", "no plus"),
    (f"{PHONE}\n", "the SDK's own check lets it through"),
    (f" {PHONE}", "not as E.164 writes it"),
    ("+996 700 123456", "not as E.164 writes it"),
    ("+" + "\N{ARABIC-INDIC DIGIT NINE}" * 12, "the SDK's own check lets it through"),
    ("+1234", "the SDK's own check lets it through"),
    (f"{PHONE},+996700000000", "two"),
]


@pytest.mark.parametrize(("number", "why"), NUMBERS, ids=[row[1] for row in NUMBERS])
def test_an_invalid_number_is_never_sent(number: str, why: str) -> None:
    gateway = Scripted(sms_answer(recipient(101)))
    with served(gateway) as url:
        expected = ("InvalidPhoneNumber", False, False)
        assert failure(lambda: sender(url).send(msisdn(number), TEXT)) == expected, why
    assert gateway.asked == []


def test_r35_a_sender_does_not_print_its_key() -> None:
    assert KEY not in repr(sender("http://127.0.0.1"))


def test_the_default_address_is_africas_talking() -> None:
    assert sender("")._sms()._make_url("/messaging") == "https://api.africastalking.com/version1/messaging"
    box = AfricasTalking("sandbox", SecretStr(KEY))
    assert box._sms()._make_url("/messaging") == "https://api.sandbox.africastalking.com/version1/messaging"


REPORTS: list[tuple[When, list[str], list[str], str]] = [
    (When.ON_TIME, ["Sent"], ["Sent", "Success"], "as it should be"),
    (When.LATE, ["Sent"], ["Sent"], "the phone is off"),
    (When.TWICE, ["Sent", "Sent"], ["Sent", "Sent", "Success", "Success"], "each one again"),
    (When.OUT_OF_ORDER, ["Success"], ["Success", "Sent"], "the last one first"),
    (When.NEVER, [], [], "none at all"),
]


@pytest.mark.parametrize(("when", "soon", "later", "why"), REPORTS, ids=[row[0] for row in REPORTS])
def test_each_delivery_report_is_posted(bench: Bench, when: When, soon: list[str], later: list[str], why: str) -> None:
    bench.gateway.switches = Switches(receipts=when)
    id = bench.send()
    assert bench.report(0) == []
    assert bench.report(0.5) == soon, why
    assert bench.report(2) == later, why
    assert all(form["id"] == id and form["phoneNumber"] == PHONE for form in bench.posted)


def test_a_late_report_arrives_in_the_end(bench: Bench) -> None:
    bench.gateway.switches = Switches(receipts=When.LATE)
    bench.send()
    assert bench.report(600) == ["Sent", "Success"]


def test_a_late_report_delays_no_other(bench: Bench) -> None:
    bench.gateway.switches = Switches(receipts=When.LATE)
    bench.send()
    assert bench.report(1) == ["Sent"]
    bench.gateway.switches = Switches()
    bench.send()
    assert bench.report(2) == ["Sent", "Sent", "Success"]


def test_the_channel_can_read_a_report(bench: Bench) -> None:
    bench.gateway.switches = Switches(undelivered=True)
    id = bench.send()
    assert bench.report(10) == ["Sent", "Failed"]
    assert [read_receipt(form).status for form in bench.posted] == [Delivery.SENT, Delivery.FAILED]
    assert bench.posted[1]["failureReason"] == "DeliveryFailure"
    assert [(m.id, m.status) for m in bench.gateway.inboxes.of(PHONE)] == [(id, "Failed")]


def test_reports_are_posted_in_the_background() -> None:
    arrived, asked = Event(), list[Form]()

    @Request.application
    def ours(request: Request) -> Response:
        asked.append(request.form.to_dict())
        if len(asked) == 2:  # the thread has nothing left to post when the next test starts
            arrived.set()
        return Response()

    with served(ours) as url:
        later = count(0, 10)  # each read of the clock is ten seconds later, so that a report is due at once
        receipts = Receipts(Inboxes(), post_to(f"{url}/receipt"), lambda: next(later))
        receipts.start()
        receipts.plan("ATXid_1", PHONE, When.ON_TIME)
        assert arrived.wait(PATIENCE_SECONDS)
    assert asked[0] == {"id": "ATXid_1", "status": "Sent", "phoneNumber": PHONE, "networkCode": "99999"}


def test_a_report_that_cannot_be_posted_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(form: Form) -> None:
        raise OSError(form["phoneNumber"])

    receipts = Receipts(Inboxes(), refuse, iter([0.0, 0.0, *[9.0] * 9]).__next__)
    receipts.plan("ATXid_1", PHONE, When.ON_TIME)
    assert receipts.flush() == 2
    assert caplog.messages.count("receipt_not_posted") == 2  # a server of another test may still log, too
    assert PHONE not in repr([vars(record) for record in caplog.records])


def test_the_emulator_stores_a_limited_number() -> None:
    inboxes = Inboxes()
    for n in range(MOST_MESSAGES + 1):
        inboxes.put(f"a{n}", PHONE, "4040", "x")
    assert [message.id for message in inboxes.of(PHONE)][::199] == ["a1", f"a{MOST_MESSAGES}"]
    for n in range(MOST_NUMBERS):
        inboxes.put(f"b{n}", f"+99670{n:07}", "4040", "x")
    assert inboxes.of(PHONE) == []
    assert len(inboxes.since(0)) == MOST_NUMBERS
    now, posted = [0.0], list[Form]()
    receipts = Receipts(inboxes, posted.append, lambda: now[0])
    for n in range(MOST_WAITING):
        receipts.plan(f"c{n}", PHONE, When.ON_TIME)
    now[0] = 9
    assert receipts.flush() == len(posted) == MOST_WAITING


def test_new_messages_can_be_asked_for() -> None:
    inboxes = Inboxes()
    first, second = inboxes.put("a", PHONE, "4040", "x"), inboxes.put("b", "+996700000000", "4040", "y" * 161)
    assert [message.id for message in inboxes.since(first.seq)] == ["b"]
    assert (second.parts, second.encoding) == (2, "GSM-7")
    inboxes.mark("a", "Sent")
    inboxes.mark("long gone", "Sent")
    assert [(message.id, message.status) for message in inboxes.since(second.seq)] == [("a", "Sent")]


FORM = {"username": "u", "to": PHONE, "message": "x"}
ODD_FORMS = [
    ({**FORM, "to": ""}, 400, "Request is missing required form field 'to'"),
    ({**FORM, "to": f"{PHONE},12"}, 201, "Sent to 1/2 Total Cost: USD 0.0079 Message parts: 1"),
    ({**FORM, "enqueue": "1"}, 201, '"statusCode":102'),
]


@pytest.mark.parametrize(("form", "status", "part"), ODD_FORMS)
def test_the_emulator_answers_these_forms(form: dict[str, str], status: int, part: str) -> None:
    client = alone(lambda _form: None).test_client()
    answer = client.post("/version1/messaging", data=form, headers={"apiKey": "k"})
    assert (answer.status_code, part in answer.text) == (status, True)
    assert len(client.get("/inbox", query_string={"number": PHONE}).get_json()) == (status == 201)


def test_the_emulator_requires_a_key() -> None:
    assert alone(lambda _form: None).test_client().post("/version1/messaging", data=FORM).status_code == 401


SWITCHING: list[tuple[object, int, Sequence[str]]] = [
    ({"server_error": True}, 200, []),
    ({"receipts": "twice", "timeout_after_taking": 2.5}, 200, []),
    ({"sever_error": True, "timeout_after_taking": 999}, 400, ["timeout_after_taking", "sever_error"]),
    ([], 400, [""]),
]


@pytest.mark.parametrize(("given", "status", "faults"), SWITCHING)
def test_the_switches_change_the_emulators_answers(given: object, status: int, faults: Sequence[str]) -> None:
    client = alone(lambda _form: None).test_client()
    answer = client.post("/switches", json=given)
    assert answer.status_code == status
    assert [fault.partition(":")[0] for fault in answer.get_json().get("faults", [])] == faults
    expected = {**Switches().model_dump(mode="json"), **(given if status == 200 and isinstance(given, dict) else {})}
    assert client.get("/switches").get_json() == expected
