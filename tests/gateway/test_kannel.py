"""Kannel's requests and ours to it, as a table. `test_real_kannel` does the same with a real one."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request
from pydantic import SecretStr
from werkzeug.serving import make_server

from gateway.channels.kannel import DLR_MASK, OPS, Requests, Sending, requests_of, sender_of
from gateway.channels.national import international
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import ConfigError
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Asked, BadForm, Delivery, HungUp, IncomingSms, Press, Receipt, Reply, SendFailed

CALLER = "+996000111001"
KANNEL = Requests(calling_code="996", trunk_prefix="0")
PLAIN = 'text/plain; charset="UTF-8"'
TLVS = "?smpp?ussd_service_op={op}&user_message_reference=4242&its_session_info=%07%00&"


def post(
    body: bytes, *, sender: str = CALLER, query: str = "id=u-1", meta: str = "", type: str = PLAIN, to: str = "4040"
) -> Asked:
    """Return a request of smsbox, as a real one writes it."""
    headers = {"content-type": type, "x-kannel-from": sender, "x-kannel-to": to, "x-kannel-meta-data": meta}
    return Asked("POST", query, headers, body)


TEXTS = [
    ("help", b"help", PLAIN, "help"),
    ("Cyrillic", "көмек".encode(), PLAIN, "көмек"),
    ("emoji", "SOS \U0001f198".encode(), PLAIN, "SOS \U0001f198"),
    ("empty", b"", PLAIN, ""),
    ("600 letters", "я".encode() * 600, PLAIN, "я" * 600),
    ("UTF-16 that says so", "жардам".encode("utf-16-be"), 'text/plain; charset="UTF-16BE"', "жардам"),
    ("UTF-16 declared as UTF-8", "позвоните мне".encode("utf-16-be"), PLAIN, "позвоните мне"),
    ("Latin in UTF-16 declared as UTF-8", "STOP".encode("utf-16-be"), PLAIN, "STOP"),
    (
        "emoji beside Cyrillic in UTF-16",
        "🙏 позвоните мне ❤\ufe0f".encode("utf-16-be"),
        PLAIN,
        "🙏 позвоните мне ❤\ufe0f",
    ),
    ("only an emoji in UTF-16", "🙏".encode("utf-16-be"), PLAIN, "🙏"),
    ("Turkmen in UTF-16", "kömek gerek, ş ň".encode("utf-16-be"), PLAIN, "kömek gerek, ş ň"),
    ("Uzbek in UTF-16", "yordam kerak oʻgʻil".encode("utf-16-be"), PLAIN, "yordam kerak oʻgʻil"),
    ("Kazakh in UTF-16", "Көмек керек… № 1".encode("utf-16-be"), PLAIN, "Көмек керек… № 1"),
    ("little-endian", "позвоните мне 🙏".encode("utf-16-le"), PLAIN, "позвоните мне 🙏"),
    ("Latin in little-endian", "STOP".encode("utf-16-le"), PLAIN, "STOP"),
    ("Turkmen in little-endian", "ş ň".encode("utf-16-le"), PLAIN, "ş ň"),
    ("little-endian that says so", "РФ".encode("utf-16-le"), 'text/plain; charset="UTF-16LE"', "РФ"),
    ("with a byte order mark", "СОС".encode("utf-16"), PLAIN, "СОС"),
    ("UTF-8 with an even number of octets", "SOS! 🆘?".encode(), PLAIN, "SOS! 🆘?"),
    ("letters of two octets", "да".encode(), PLAIN, "да"),
    ("no charset", "стоп".encode(), "text/plain", "стоп"),
    ("NUL", b"ST\0OP", PLAIN, "STOP"),
    ("odd octets", b"SOS \xff\xfe!", PLAIN, "SOS \ufffd\ufffd!"),
    ("half a letter", "да".encode()[:-1], PLAIN, "д\ufffd"),
]


@pytest.mark.parametrize(("body", "type", "text"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_a_text_is_read_whatever_its_charset_claims(body: bytes, type: str, text: str) -> None:
    """A text that is lost may be a cry or a STOP."""
    (event,) = KANNEL.read("sms", post(body, type=type))
    assert isinstance(event, IncomingSms)
    assert (event.id, event.sender.reveal(), event.text.reveal(), event.to) == ("u-1", CALLER, text, "4040")


NUMBERS = [
    ("+996000111001", "+996000111001"), ("996000111001", "+996000111001"), ("0000111001", "+996000111001"),
    ("00996000111001", "+996000111001"), ("79123456789", "+79123456789"), ("+79123456789", "+79123456789"),
    ("700111001", "+996700111001"), ("0700111001", "+996700111001"), ("123456", "123456"),
    ("4040", "4040"), ("Beeline", "Beeline"), ("+4040", "+4040"), ("", None), ("9" * 65, None),
]  # fmt: skip


@pytest.mark.parametrize(("came", "number"), NUMBERS)
def test_a_number_gets_its_calling_code_and_a_name_stays_a_name(came: str, number: str | None) -> None:
    """Operators leave out the plus, or write the number as people dial it at home."""
    if number is None:
        with pytest.raises(BadForm):
            KANNEL.read("sms", post(b"help", sender=came))
    else:
        (event,) = KANNEL.read("sms", post(b"help", sender=came))
        assert isinstance(event, IncomingSms)
        assert event.sender.reveal() == number


BY_SEVEN = [
    ("4712345678", "4712345678", "Norway's without a plus has as many digits as one at home"),
    ("4791234567", "4791234567", "a valid one of Norway"),
    ("84912345678", "+84912345678", "Viet Nam's begins with the trunk prefix"),
    ("7011234567", "+77011234567", "a mobile number at home"),
    ("87011234567", "+77011234567", "as people dial it at home"),
    ("77011234567", "+77011234567", "with its calling code"),
]


@pytest.mark.parametrize(("came", "number", "why"), BY_SEVEN, ids=[row[2] for row in BY_SEVEN])
def test_a_foreign_number_without_its_plus_becomes_no_number_of_a_stranger(came: str, number: str, why: str) -> None:
    assert international(came, "7", "8") == number, why


HOPS = [
    ("%01", b"*500#", Press("4242", msisdn(CALLER), None, "u-1")),
    ("1", b"", Press("4242", msisdn(CALLER), None, "u-1")),
    ("%12", b"2", Press("4242", msisdn(CALLER), "2", "u-1")),
    ("18", b" 2 ", Press("4242", msisdn(CALLER), "2", "u-1")),
    ("%12", "Нарын".encode(), Press("4242", msisdn(CALLER), "Нарын", "u-1")),
    ("%81", b"", HungUp("4242", msisdn(CALLER))),
    ("129", b"", HungUp("4242", msisdn(CALLER))),
    ("%03", b"", None),
    ("200", b"", None),
    ("", b"", None),
    ("x", b"", None),
]


@pytest.mark.parametrize(("op", "body", "event"), HOPS)
def test_a_hop_is_read_by_its_operation(op: str, body: bytes, event: Press | HungUp | None) -> None:
    """It comes as one raw octet or in decimal. What is no dial, key or end is nothing."""
    assert list(KANNEL.read("ussd", post(body, meta=TLVS.format(op=op)))) == [event] * (event is not None)


SHOWN = [
    (Reply("Кандай жардам?\n1 Иш", last=False), "2", "2"),
    (Reply("Call: 102", last=True), "17", "0"),
]


@pytest.mark.parametrize(("reply", "op", "coding"), SHOWN)
def test_a_screen_repeats_the_options_of_the_call(reply: Reply, op: str, coding: str) -> None:
    """Cyrillic needs coding 2, or it silently becomes question marks."""
    answer = KANNEL.answer("ussd", post(b"1", meta=TLVS.format(op="%12")), reply)
    headers = dict(answer.headers)
    assert (answer.status, answer.body.decode()) == (200, reply.text)
    assert headers["X-Kannel-Coding"] == coding
    assert (
        headers["X-Kannel-Meta-Data"]
        == f"?smpp?ussd_service_op={op}&user_message_reference=4242&its_session_info=%07%00"
    )


@pytest.mark.parametrize("op", ["%81", "%03", "", "x"])
def test_r12_an_abort_or_a_fault_never_becomes_a_text(op: str) -> None:
    """Kannel texts a caller whatever is answered, without the options of a call, unless it is an empty 200."""
    asked = post(b"", meta=TLVS.format(op=op))
    for answer in (
        KANNEL.answer("ussd", asked, None),
        KANNEL.answer("ussd", asked, Reply("102 103", last=True)),
        KANNEL.refuse("ussd", asked, "a fault"),
        KANNEL.refuse("sms", asked, "a fault"),
    ):
        assert (answer.status, answer.body) == (200, b"")


def test_what_could_not_be_stored_is_posted_again() -> None:
    assert KANNEL.again("sms", post(b"help")).status == 500


RECEIPTS = [
    ("1", Delivery.DELIVERED),
    ("2", Delivery.FAILED),
    ("16", Delivery.FAILED),
    ("8", Delivery.SENT),
    ("99", None),
]


@pytest.mark.parametrize(("written", "status"), RECEIPTS)
def test_a_receipt_is_read(written: str, status: Delivery | None) -> None:
    """It comes by GET, with our own id."""
    assert KANNEL.kinds["receipt"] == {"GET"}
    (event,) = KANNEL.read("receipt", Asked("GET", f"id=m-1&status={written}", {}, b""))
    assert event == Receipt("m-1", status)


@pytest.mark.parametrize("query", ["", "id=", "id=%00", "id=" + "x" * 200, "id=%D1%8F", "status=1"])
def test_a_request_without_an_id_is_refused(query: str) -> None:
    with pytest.raises(BadForm):
        KANNEL.read("sms", post(b"help", query=query))


@dataclass(slots=True)
class Smsbox:
    """Takes texts as smsbox does, and answers as told."""

    status: int = 202
    taken: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def take(self) -> Response:
        """Record one text."""
        self.taken.append((request.full_path, dict(request.headers), request.get_data()))
        return Response("0: Accepted for delivery", self.status, [("Location", "http://127.0.0.1:1/elsewhere")])


@pytest.fixture
def smsbox() -> Iterator[tuple[Smsbox, Sending]]:
    box, app = Smsbox(), Flask(__name__)
    app.add_url_rule("/cgi-bin/sendsms", view_func=box.take, methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    receipts = SecretStr("http://127.0.0.1:8080/in/a/SECRET/receipt")
    yield (
        box,
        Sending(
            f"http://127.0.0.1:{server.port}/cgi-bin/sendsms", "sms-a", "komek", SecretStr("pass"), "4040", receipts
        ),
    )
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_is_posted_with_nothing_in_the_address(smsbox: tuple[Smsbox, Sending]) -> None:
    """Number and text are in headers and body. Our id is in the address of the receipts."""
    box, sending = smsbox
    assert sending.send(msisdn(CALLER), "Саламатсызбы", "m-1", "4041") == "m-1"
    ((path, headers, body),) = box.taken
    assert CALLER.strip("+") not in path
    assert body.decode() == "Саламатсызбы"
    names = ("From", "To", "SMSC", "Coding", "DLR-Mask", "DLR-URL")
    given = {name.lower(): value for name, value in headers.items()}
    assert [given[f"x-kannel-{name.lower()}"] for name in names] == [
        "4041", CALLER, "sms-a", "2", DLR_MASK, "http://127.0.0.1:8080/in/a/SECRET/receipt?id=m-1&status=%d",
    ]  # fmt: skip


REFUSED = [
    (200, False, True),
    (403, False, False),
    (302, False, False),
    (429, True, False),
    (503, True, False),
    (504, False, True),
]


@pytest.mark.parametrize(("status", "retry", "unknown"), REFUSED)
def test_a_refusal_says_whether_to_try_again(
    smsbox: tuple[Smsbox, Sending], status: int, retry: bool, unknown: bool
) -> None:
    """A redirect is not followed."""
    box, sending = smsbox
    box.status = status
    with pytest.raises(SendFailed) as failed:
        sending.send(msisdn(CALLER), "Hello", "m-1", "")
    assert (failed.value.retry, failed.value.unknown, len(box.taken)) == (retry, unknown, 1)


@pytest.mark.parametrize("to", ["4040", "Beeline", "+99600011100\n1", ""])
def test_r12_nothing_is_sent_to_what_is_no_telephone(smsbox: tuple[Smsbox, Sending], to: str) -> None:
    box, sending = smsbox
    with pytest.raises(SendFailed):
        sending.send(msisdn(to), "Hello", "m-1", "")
    assert box.taken == []


OPTIONS = {"url": "http://127.0.0.1:13013/cgi-bin/sendsms", "smsc": "sms-a", "user": "komek"}


def channel(**options: Any) -> ChannelSettings:
    """Return a channel with these options."""
    return ChannelSettings(name="a", kind="kannel", options=options)


def test_the_channels_file_says_how_an_operator_speaks() -> None:
    """One value or several, of which the first is sent."""
    ops = {"show": 3, "key": [18, 19]}
    found = requests_of(channel(ussd={"ops": ops, "call": "its_session_info", "echo": []}))
    (event,) = found.read("ussd", post(b"1", meta=TLVS.format(op="19")))
    assert event == Press("%07%00", msisdn(CALLER), "1", "u-1")
    answer = found.answer("ussd", post(b"1", meta=TLVS.format(op="19")), Reply("1", last=False))
    assert dict(answer.headers)["X-Kannel-Meta-Data"] == "?smpp?ussd_service_op=3"
    assert found.ussd.ops["last"] == OPS["last"]


@pytest.mark.parametrize("missing", OPTIONS)
def test_an_smsc_must_be_named(missing: str) -> None:
    """Without it, Kannel takes any, and a text may leave over the bind for USSD."""
    with pytest.raises(ConfigError, match=rf"options\.{missing} is missing"):
        sender_of(channel(**{name: value for name, value in OPTIONS.items() if name != missing}))


@pytest.mark.parametrize("ops", [{"dail": 1}, {"dial": "x"}, {"dial": []}, {"dial": 300}])
def test_a_wrong_operation_is_a_fault_at_the_start(ops: Mapping[str, Sequence[int]]) -> None:
    with pytest.raises(ConfigError, match=r"options\.ussd\.ops"):
        requests_of(channel(ussd={"ops": ops}))
