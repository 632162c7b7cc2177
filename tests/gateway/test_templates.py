"""Templates of gateways: requests in, values out; requests of ours out, answers in.

The requests and answers are written as the providers describe them. None is a recording of a real provider.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from flask import Flask, Response, request
from pydantic import SecretStr
from werkzeug.serving import make_server

from gateway.channels import kannel, template
from gateway.channels.bodies import parse
from gateway.channels.template_asking import Asking
from helpline.core import gateway_template
from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import (
    Answered,
    Asked,
    BadForm,
    Delivery,
    HungUp,
    IncomingSms,
    Press,
    Receipt,
    Reply,
    SendFailed,
    Unreadable,
)
from helpline.store.sql import new_id

NUMBER, DIGITS = "+996000111001", "996000111001"
LETTERS = "".join("абвгдежз"[n % 8] for n in range(600))
TEXTS = {
    "latin": 'Help & <me> "now" 100%',
    "cyrillic": "Мага жардам керек, ңөү",
    "emoji": "help 🙏",
    "empty": "",
    "long": LETTERS,
}


def settings(name: str, **options: Any) -> ChannelSettings:
    secrets = {each: SecretStr(f"s3cret-{each}") for each in ("login", "password", "api_key", "key")}
    return ChannelSettings(name="tried", kind="template", sender="4040", secrets=secrets,
                           options={"template": name, "login": "komek", **options})  # fmt: skip


def asked(body: Any = b"", method: str = "POST", query: str = "") -> Asked:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Asked(method, query, {"content-type": "application/octet-stream"}, raw)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@pytest.mark.parametrize("name", gateway_template.names())
def test_each_template_can_be_read_and_says_what_is_not_verified(name: str) -> None:
    told = gateway_template.load(name).verified
    assert told.what
    assert told.not_verified


def play_mobile(*texts: str) -> bytes:
    inside = "".join(
        f'<message id="m{n}" msisdn="{DIGITS}" submit-date="2026-11-24 10:00:00">'
        f'<content type="text/plain">{escaped(text)}</content></message>'
        for n, text in enumerate(texts)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><sms-request version="1.0">{inside}</sms-request>'.encode()


def infobip(*texts: str) -> bytes:
    results = [{"messageId": f"m{n}", "from": DIGITS, "to": "4040", "text": text, "receivedAt": "2026-11-24T10:00:00.000+0000",
                "smsCount": 1, "price": {"pricePerMessage": 0}} for n, text in enumerate(texts)]  # fmt: skip
    return json.dumps({"results": results, "messageCount": len(texts)}).encode()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(("name", "body", "code"), [("play-mobile", play_mobile, ""), ("infobip", infobip, "4040")])
def test_inbound_texts(name: str, body: Any, code: str, text: str) -> None:
    channel = template.requests_of(settings(name))
    one = channel.read("sms", asked(body(text)))
    assert [(e.id, e.sender.reveal(), e.text.reveal(), e.to) for e in one if isinstance(e, IncomingSms)] == [
        ("m0", NUMBER, text, code)
    ]
    several = channel.read("sms", asked(body(text, "two", "three")))
    assert [e.text.reveal() for e in several if isinstance(e, IncomingSms)] == [text, "two", "three"]
    assert channel.read("sms", asked(body())) == []
    assert channel.answer("sms", asked(), None).status == 200


ODD_TEXTS = [("help \\ud83d", "help \ufffd"), ("\\udc4b help", "\ufffd help"), ("he\\u0000lp", "he\ufffdlp")]


@pytest.mark.parametrize(("written", "text"), ODD_TEXTS)
def test_a_text_is_read_although_half_of_an_emoji_was_cut_off(written: str, text: str) -> None:
    """A gateway that cuts a long text into parts may cut inside a letter. The rest may be a cry."""
    body = f'{{"results": [{{"messageId": "1", "from": "{DIGITS}", "text": "{written}"}}]}}'.encode()
    (one,) = template.requests_of(settings("infobip")).read("sms", asked(body))
    assert isinstance(one, IncomingSms)
    assert one.text.reveal() == text


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize(("name", "made"), [("play-mobile", play_mobile), ("infobip", infobip)])
def test_one_odd_text_keeps_no_other_text_back(name: str, made: Any, at: int) -> None:
    """The gateway would send the same request again, and each of its texts would be lost for ever."""
    body = made("one", "two", "three").replace(f"m{at}".encode(), b"")
    found = template.requests_of(settings(name)).read("sms", asked(body))
    texts = [each.text.reveal() if isinstance(each, IncomingSms) else each for each in found]
    expected: list[Any] = ["one", "two", "three"]
    expected[at] = Unreadable("@id is empty" if name == "play-mobile" else "messageId is empty")
    assert texts == expected


NO_LETTERS = [
    ("infobip", b"\x0c", "\x0c"),
    ("infobip", b"\r\n", "\r\n"),
    ("infobip", b"\xd0", "\ufffd"),
    ("infobip", b"\xed\xa0\xbd", "\ufffd" * 3),
    ("play-mobile", b"\x0c", "\ufffd"),
    ("play-mobile", b"&#12;", "\ufffd"),
    ("play-mobile", b"&#x0;&#x41;", "\ufffdA"),
    ("play-mobile", b"&#xD83D;&#xDE00;", "\ufffd" * 2),
    ("play-mobile", b"&#9999999;", "\ufffd"),
    ("play-mobile", "\uffff".encode(), "\ufffd"),
    ("play-mobile", b" & &amp; &nbsp; &#; ", " & & &nbsp; &#; "),
    ("play-mobile", b"\xd0", "\ufffd"),
]
"""Octets that some gateways write in a text although JSON or XML forbids them, and what is read in their place."""


@pytest.mark.parametrize(("name", "octets", "text"), NO_LETTERS)
def test_octets_that_a_body_must_not_have_keep_no_text_back(name: str, octets: bytes, text: str) -> None:
    """The gateway would send the same request again, and be refused for ever. Each text in it may be a cry."""
    made = play_mobile if name == "play-mobile" else infobip
    body = made("one", "he@lp", "three").replace(b"@", octets)
    found = template.requests_of(settings(name)).read("sms", asked(body))
    assert [each.text.reveal() for each in found if isinstance(each, IncomingSms)] == ["one", f"he{text}lp", "three"]


@pytest.mark.parametrize("made", [play_mobile, infobip])
def test_a_body_in_another_encoding_is_refused_although_few_of_its_letters_are_odd(made: Any) -> None:
    """Its texts could not be read, and the operator must learn of it."""
    body = made("@").replace(b"@", "жок!".encode("windows-1251") + b"\xff")
    with pytest.raises(BadForm, match="body is not UTF-8"):
        template.requests_of(settings("play-mobile" if made is play_mobile else "infobip")).read("sms", asked(body))


def test_one_odd_receipt_keeps_no_other_receipt_back() -> None:
    body = {"results": [{"messageId": "a"}, {"messageId": "b", "status": {"groupName": "DELIVERED"}}]}
    found = template.requests_of(settings("infobip")).read("receipt", asked(body))
    assert found == [Unreadable("status.groupName is missing"), Receipt("b", Delivery.DELIVERED)]


RECEIPTS = [("ACCEPTED", Delivery.SENT), ("PENDING", Delivery.SENT), ("DELIVERED", Delivery.DELIVERED), ("EXPIRED", Delivery.FAILED),
            ("REJECTED", Delivery.FAILED), ("UNDELIVERABLE", Delivery.FAILED), ("SOMETHING", None)]  # fmt: skip


@pytest.mark.parametrize(("word", "status"), RECEIPTS)
def test_receipts_of_infobip(word: str, status: Delivery | None) -> None:
    body = {"results": [{"messageId": "a", "to": DIGITS, "status": {"groupName": word}},
                        {"messageId": "b", "status": {"groupName": "DELIVERED"}}]}  # fmt: skip
    channel = template.requests_of(settings("infobip"))
    assert channel.read("receipt", asked(body)) == [Receipt("a", status), Receipt("b", Delivery.DELIVERED)]


def nikita_report(state: str, *ids: str) -> bytes:
    inside = "".join(
        f"<dr><id>{id}</id><phone><number>{DIGITS}</number><report>{state}</report>"
        "<sendTime>20261124100000</sendTime><rcvTime></rcvTime></phone></dr>"
        for id in ids
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<report xmlns="http://Giper.mobi/schema/DeliveryReport">{inside}</report>'.encode()


def mobizon_report(state: str, id: str = "11") -> bytes:
    data = {"campaignId": 7, "messageId": int(id), "segNum": 3, "status": state, "to": DIGITS}
    event = {"eventId": 26, "eventType": "sms-delivery-report", "eventCreateTs": "2026-11-24 10:00:00", "webhookId": 1,
             "attempt": 1, "data": data, "sign": "3f0a"}  # fmt: skip
    return json.dumps(event).encode()


def smsc_report(state: str, id: str = "11") -> bytes:
    return urlencode({"id": id, "phone": DIGITS, "status": state, "time": "24.11.2026 10:00:00", "err": "0"}).encode()


POSTED: list[tuple[str, Callable[[str], bytes], str, list[tuple[str, Delivery | None]]]] = [
    ("infobip", lambda word: json.dumps({"results": [{"messageId": "a", "status": {"groupName": word}}]}).encode(), "a",
     RECEIPTS),
    ("nikita", lambda word: nikita_report(word, "a"), "a",
     [("0", Delivery.SENT), ("1", Delivery.SENT), ("2", Delivery.FAILED), ("3", Delivery.DELIVERED),
      ("4", Delivery.FAILED), ("5", Delivery.FAILED), ("6", None), ("7", None)]),
    ("mobizon", mobizon_report, "11",
     [("DELIVRD", Delivery.DELIVERED), ("UNDELIV", Delivery.FAILED), ("REJECTD", Delivery.FAILED),
      ("EXPIRED", Delivery.FAILED), ("DELETED", Delivery.FAILED), ("SOMETHING", None)]),
    ("smsc", smsc_report, "11",
     [("-3", None), ("-2", Delivery.FAILED), ("-1", Delivery.SENT), ("0", Delivery.SENT), ("1", Delivery.DELIVERED),
      ("2", Delivery.DELIVERED), ("3", Delivery.FAILED), ("20", Delivery.FAILED), ("22", Delivery.FAILED),
      ("23", Delivery.FAILED), ("24", Delivery.FAILED), ("25", Delivery.FAILED), ("99", None)]),
]  # fmt: skip
"""Each gateway that reports delivery: its request, the id in it, and what each of its words means."""


@pytest.mark.parametrize(("name", "made", "id", "rows"), POSTED, ids=[each[0] for each in POSTED])
def test_each_receipt(
    name: str, made: Callable[[str], bytes], id: str, rows: list[tuple[str, Delivery | None]]
) -> None:
    channel = template.requests_of(settings(name))
    for word, status in rows:
        assert channel.read("receipt", asked(made(word))) == [Receipt(id, status)], word
    step = gateway_template.load(name).receipt
    assert step is not None
    assert {word for word, status in rows if status} == step.statuses.keys()
    assert channel.answer("receipt", asked(made("x")), None).status == 200


def test_several_reports_of_nikita_come_in_one_request() -> None:
    found = template.requests_of(settings("nikita")).read("receipt", asked(nikita_report("3", "a", "b")))
    assert found == [Receipt("a", Delivery.DELIVERED), Receipt("b", Delivery.DELIVERED)]


def test_an_event_of_mobizon_about_something_else_is_refused() -> None:
    """Its webhooks know events about forms, too. They are in the log as refused, and change no text."""
    body = {"eventId": 40, "eventType": "form-submission", "data": {"formId": 846, "items": []}, "sign": "0a38"}
    with pytest.raises(BadForm, match=r"data\.messageId is missing"):
        template.requests_of(settings("mobizon")).read("receipt", asked(body))


def test_a_hundred_receipts_fit_into_one_request() -> None:
    one = {"messageId": "x" * 36, "to": DIGITS, "sentAt": "2026-11-24T10:00:00.000+0000", "smsCount": 1,
           "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET",
                      "description": "Message delivered to handset"}}  # fmt: skip
    body = asked({"results": [one] * 100})
    channel = template.requests_of(settings("infobip"))
    assert len(body.body) < channel.most_bytes
    assert len(channel.read("receipt", body)) == 100


def arkesel(key: str, *, new: bool = False, call: str = "7", number: str = DIGITS) -> dict[str, Any]:
    return {"sessionID": call, "userID": "U1", "msisdn": number, "newSession": new, "userData": key, "network": "X"}


def hubtel(key: str, kind: str = "Response", sequence: int = 2) -> dict[str, Any]:
    return {"Type": kind, "Mobile": DIGITS, "SessionId": "7", "ServiceCode": "500", "Message": key, "Operator": "x",
            "Sequence": sequence, "ClientState": ""}  # fmt: skip


def nalo(key: str, *, first: bool = False) -> dict[str, Any]:
    return {"USERID": "U1", "MSISDN": DIGITS, "USERDATA": key, "MSGTYPE": first, "NETWORK": "X"}


CALLER = msisdn(NUMBER)
HOPS = [
    ("arkesel-ussd", arkesel("*500#", new=True), Press("7", CALLER, None)),
    ("arkesel-ussd", arkesel("2"), Press("7", CALLER, "2")),
    ("arkesel-ussd", arkesel("көмек"), Press("7", CALLER, "көмек")),
    ("arkesel-ussd", arkesel(""), Press("7", CALLER, "")),
    ("hubtel-ussd", hubtel("*500#", "Initiation", 1), Press("7", CALLER, None, hop="1")),
    ("hubtel-ussd", hubtel("2"), Press("7", CALLER, "2", hop="2")),
    ("hubtel-ussd", hubtel("", "Release"), HungUp("7", CALLER)),
    ("hubtel-ussd", hubtel("", "Timeout"), HungUp("7", CALLER)),
    ("nalo-ussd", nalo("*500#", first=True), Press(DIGITS, CALLER, None)),
    ("nalo-ussd", nalo("2"), Press(DIGITS, CALLER, "2")),
]


@pytest.mark.parametrize(("name", "body", "event"), HOPS)
def test_hops(name: str, body: Mapping[str, Any], event: Press | HungUp) -> None:
    assert template.requests_of(settings(name)).read("ussd", asked(body)) == [event]


FORMS = [
    (b"SESSIONID=7&MSISDN=996000111001&USSDCODE=%2A500%23&INPUT=", Press("7", CALLER, None)),
    (b"SESSIONID=7&MSISDN=%2B996000111001&USSDCODE=1&INPUT=2*1", Press("7", CALLER, "1", so_far=("2", "1"))),
]


@pytest.mark.parametrize(("body", "event"), FORMS)
def test_hops_of_a_look_alike(body: bytes, event: Press) -> None:
    assert template.requests_of(settings("con-end")).read("ussd", asked(body)) == [event]


MORE, LAST = Reply('1 Көмек & "жардам"', last=False), Reply("Call 112", last=True)


def shown(name: str, body: Any, reply: Reply) -> Any:
    answered: Answered = template.requests_of(settings(name)).answer("ussd", asked(body), reply)
    assert answered.status == 200
    return json.loads(answered.body) if name != "con-end" else answered.body.decode()


def test_screens() -> None:
    assert shown("arkesel-ussd", arkesel("2"), MORE) == {
        "sessionID": "7", "userID": "U1", "msisdn": DIGITS, "message": MORE.text, "continueSession": True,
    }  # fmt: skip
    assert shown("arkesel-ussd", arkesel("2"), LAST)["continueSession"] is False
    assert shown("hubtel-ussd", hubtel("2"), MORE) == {"Message": MORE.text, "Type": "Response"}
    assert shown("hubtel-ussd", hubtel("2"), LAST)["Type"] == "Release"
    assert shown("nalo-ussd", nalo("2"), LAST) == {
        "USERID": "U1", "MSISDN": DIGITS, "MSG": "Call 112", "MSGTYPE": False,
    }  # fmt: skip
    assert shown("con-end", FORMS[1][0], MORE) == f"CON {MORE.text}"
    assert shown("con-end", FORMS[1][0], LAST) == "END Call 112"


NUMBERS = [
    ("996000111001", NUMBER), ("+996000111001", NUMBER), ("00996000111001", NUMBER), ("0000111001", NUMBER),
    ("+996 000 111-001", NUMBER), ("4040", "4040"), ("anonymous", "anonymous"), ("", ""), ("700111001", "+996700111001"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "number"), NUMBERS)
def test_a_number_is_e164_however_it_is_written(written: str, number: str) -> None:
    channel = template.requests_of(settings("arkesel-ussd", country="996", trunk="0"))
    (event,) = channel.read("ussd", asked(arkesel("2", number=written)))
    assert isinstance(event, Press)
    assert event.caller.reveal() == number


@pytest.mark.parametrize("written", ["901234567", "0901234567"])
def test_a_number_without_calling_code_becomes_no_number_of_a_stranger(written: str) -> None:
    """+90 1234567 would be a telephone in Turkey. Without the options nobody can tell, so there is no reply."""
    (event,) = template.requests_of(settings("arkesel-ussd")).read("ussd", asked(arkesel("2", number=written)))
    assert isinstance(event, Press)
    assert event.caller.reveal() == written


ODD_OPTIONS = [({"country": "+996", "trunk": "0"}, "options.country is digits"), ({"trunk": "0"}, "needs options.country"),
               ({"country": "996", "trunk": "zero"}, "options.trunk is digits")]  # fmt: skip


@pytest.mark.parametrize(("options", "fault"), ODD_OPTIONS)
def test_a_calling_code_that_is_none_is_refused_at_the_start(options: dict[str, str], fault: str) -> None:
    """Each number would be a wrong one, and each text of a caller stay without a reply."""
    with pytest.raises(ValueError, match=fault):
        template.requests_of(settings("arkesel-ussd", **options))
    kannel_names = {"country": "calling_code", "trunk": "trunk_prefix"}
    given = {kannel_names[name]: value for name, value in options.items()}
    with pytest.raises(ValueError, match=r"tried: options\."):
        kannel.requests_of(settings("", **given))


BOMB = b"[" * 5_000 + b"]" * 5_000
BAD = [
    ("infobip", "sms", b"<html>error</html>", "body is not JSON"),
    ("infobip", "sms", BOMB, "body is"),
    ("infobip", "sms", b'{"results":' + b"[" * 50 + b"]" * 50 + b"}", "body is nested too deeply"),
    ("infobip", "sms", '{"results": []}'.encode("utf-16"), "body is not UTF-8"),
    ("infobip", "sms", b'{"results": [{"messageId": "1", "from": "1"', "body is not JSON"),
    ("infobip", "sms", b'{"results": [{"messageId": "1", "from": "996000111001"}]}', "text is missing"),
    ("infobip", "sms", b'{"results": [{"messageId": {"a": 1}, "from": "1", "text": "x"}]}', "messageId is missing"),
    ("infobip", "sms", b'{"results": [{"messageId": "1", "from": "\\ud800", "text": "x"}]}', "from is not a text"),
    ("infobip", "sms", b'{"results": [{"messageId": "", "from": "1", "text": "x"}]}', "messageId is empty"),
    ("infobip", "receipt", b'{"results": [{"messageId": "", "status": {"groupName": "x"}}]}', "messageId is empty"),
    ("play-mobile", "sms", play_mobile("x").replace(b'id="m0"', b'id=""'), "@id is empty"),
    ("infobip", "sms", b'{"a": "\0"}', "body holds a NUL"),
    ("infobip", "receipt", b'{"results": [{"messageId": "1"}]}', "status.groupName is missing"),
    (
        "infobip",
        "sms",
        json.dumps({"results": [{"messageId": "1", "from": "9" * 99, "text": ""}]}).encode(),
        "a number",
    ),
    ("play-mobile", "sms", b'<!DOCTYPE x [<!ENTITY a "aa">]><sms-request>&a;</sms-request>', "body is XML with a DTD"),
    ("play-mobile", "sms", b'<!doctype x SYSTEM "file:///etc/passwd"><sms-request/>', "body is XML with a DTD"),
    ("play-mobile", "sms", b"<sms-request><message", "body is not XML"),
    ("play-mobile", "sms", play_mobile("x").decode().encode("utf-16"), "body is not UTF-8"),
    ("play-mobile", "sms", b"<a>" * 3_000, "body is not XML"),
    ("play-mobile", "sms", b"<a>" * 30 + b"</a>" * 30, "body is nested too deeply"),
    ("con-end", "ussd", b"SESSIONID=7&MSISDN=%zz", "MSISDN has a %"),
    ("con-end", "ussd", b"SESSIONID=7&INPUT=2", "MSISDN is missing"),
]


@pytest.mark.parametrize(("name", "kind", "body", "fault"), BAD)
def test_a_bad_request_is_refused_in_one_line(name: str, kind: str, body: bytes, fault: str) -> None:
    channel = template.requests_of(settings(name))
    with pytest.raises(BadForm) as caught:
        channel.read(kind, asked(body))
    assert str(caught.value).startswith(fault)
    assert "\n" not in str(caught.value)
    assert DIGITS not in str(caught.value)
    assert channel.refuse(kind, asked(body), str(caught.value)).status == 400


@dataclass
class Provider:
    """A provider on this machine that answers as told, and records what it gets."""

    answers: list[Response] = field(default_factory=list)
    got: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def take(self, **_: str) -> Response:
        self.got.append((request.full_path, dict(request.headers), request.get_data()))
        return self.answers.pop(0)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    here, app = Provider(), Flask(__name__)
    app.add_url_rule("/<path:path>", view_func=here.take, methods=["GET", "POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    here.url = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def asking(provider: Provider, name: str, **options: Any) -> Asking:
    """Return what asks by a template, with all addresses on this machine."""
    made = gateway_template.load(name)
    here = {
        step: request.model_copy(update={"url": f"{{url}}/{re.sub('^(https?://[^/]*|{url})/', '', request.url)}"})
        for step, request in made.ours.items()
    }
    return Asking(made.model_copy(update=here), settings(name, url=provider.url, **options))


def send(provider: Provider, name: str, answer: str, status: int = 200, text: str = "Көмек & <x>", **head: str) -> str:
    """Send a text by a template, whose address is the provider here. Return the id."""
    if gateway_template.load(name).login:
        provider.answers.append(Response('{"data": {"token": "t1"}}'))
    provider.answers.append(Response(answer, status, head))
    return asking(provider, name).send(msisdn(NUMBER), text, "ref1", "")


JSON = {"Content-Type": "application/json"}
XML = "<?xml version='1.0'?><response><id>ref1</id><status>{}</status><phones>1</phones></response>"
OSON = """{"status": "ok", "timestamp": "2026-11-24 10:00:00", "txn_id": "ref1", "msg_id": 40127,
           "smsc_msg_id": "45f22479", "smsc_msg_status": "success", "smsc_msg_parts": 1}"""
INFOBIP = '{{"messages": [{{"messageId": "ib-1", "status": {{"groupName": "{}"}}}}]}}'
TAKEN = [
    ("play-mobile", "Request is received", "ref1"),
    ("nikita", XML.format(0), "ref1"),
    ("osonsms", OSON, "40127"),
    ("osonsms-hash", OSON, "40127"),
    ("mobizon", '{"code": 0, "data": {"messageId": "99"}, "message": ""}', "99"),
    ("smsc", '{"id": 12, "cnt": 1}', "12"),
    ("smsc", '{"id": 12, "cnt": 9}', "12"),
    ("infobip", INFOBIP.format("PENDING"), "ib-1"),
    ("infobip", INFOBIP.format("ACCEPTED"), "ib-1"),
    ("eskiz", '{"id": "e-1", "status": "waiting", "message": "Waiting for SMS provider"}', "e-1"),
]


@pytest.mark.parametrize(("name", "answer", "id"), TAKEN)
def test_a_text_is_taken(provider: Provider, name: str, answer: str, id: str) -> None:
    assert send(provider, name, answer) == id
    path, _, body = provider.got[-1]
    assert DIGITS in path + body.decode()


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if text], ids=[each for each in TEXTS if TEXTS[each]])
@pytest.mark.parametrize(("name", "answer", "id"), TAKEN)
def test_no_text_changes_the_form_of_a_request(provider: Provider, name: str, answer: str, id: str, text: str) -> None:
    assert send(provider, name, answer, text=text) == id
    path, _, body = provider.got[-1]
    step = gateway_template.load(name).send
    assert step is not None
    match step.form:
        case "json":
            assert text in list(_leaves(json.loads(body)))
        case "xml":
            assert text in list(_leaves(parse("xml", body)))
        case "form":
            assert [text] in parse_qs(body.decode()).values()
        case "query":
            assert [text] in parse_qs(path.partition("?")[2]).values()


def _leaves(tree: Any) -> Iterator[str]:
    for each in tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list) else ():
        yield from _leaves(each)
    if isinstance(tree, str):
        yield tree


REFUSED = [
    ("nikita", XML.format(2), 200, ("Refused 2", False, False)),
    ("nikita", XML.format(4), 200, ("Refused 4", True, False)),
    ("mobizon", '{"code": 1, "data": {}}', 200, ("Refused 1", False, False)),
    ("mobizon", f'{{"code": "{DIGITS}"}}', 200, ("Refused", False, False)),
    ("smsc", '{"error": "no money", "error_code": 3}', 200, ("Refused 3", True, False)),
    ("smsc", '{"error": "duplicate request, wait a minute", "error_code": 9}', 200, ("Refused 9", True, False)),
    ("smsc", '{"error": "message is denied", "error_code": 6, "id": 12}', 200, ("Refused 6", False, False)),
    ("nikita", XML.format(9), 200, ("Unclear 9", False, True)),
    ("mobizon", '{"code": 30, "data": {}}', 200, ("Refused 30", True, False)),
    ("mobizon", '{"code": 999, "data": {}}', 200, ("Unclear 999", False, True)),
    ("osonsms", '{"error": {"code": 106, "msg": "Incorrect token"}}', 401, ("Refused 106", False, False)),
    ("osonsms", '{"error": {"code": 119, "msg": "Insufficient balance"}}', 422, ("Refused 119", True, False)),
    ("osonsms", '{"error": {"code": 112, "msg": "Send failed"}}', 500, ("Unclear 112", False, True)),
    ("osonsms-hash", '{"error": {"code": 106, "msg": "Incorrect hash"}}', 200, ("Refused 106", False, False)),
    ("infobip", INFOBIP.format("REJECTED"), 200, ("Refused REJECTED", False, False)),
    ("infobip", INFOBIP.format("UNDELIVERABLE"), 200, ("Refused UNDELIVERABLE", False, False)),
    ("infobip", INFOBIP.format("EXPIRED"), 200, ("Refused EXPIRED", False, False)),
    ("infobip", INFOBIP.format("SOMETHING"), 200, ("UnclearAnswer", False, True)),
    ("infobip", INFOBIP.format("SOMETHING"), 400, ("HTTP 400", False, False)),
    ("eskiz", '{"status": "error", "message": "x"}', 200, ("Refused error", False, False)),
    ("eskiz", '{"id": "e-1", "status": "success"}', 200, ("UnclearAnswer", False, True)),
    ("osonsms", '{"status": "error"}', 200, ("UnclearAnswer", False, True)),
    ("play-mobile", '{"error_code": 100}', 400, ("HTTP 400", False, False)),
    ("play-mobile", "", 401, ("HTTP 401", False, False)),
    ("play-mobile", "", 429, ("HTTP 429", True, False)),
    ("mobizon", "", 503, ("HTTP 503", True, False)),
    ("mobizon", "", 504, ("HTTP 504", False, True)),
    ("mobizon", "", 302, ("HTTP 302", False, False)),
    ("mobizon", "<html>Welcome</html>", 200, ("UnclearAnswer", False, True)),
    ("play-mobile", "<html>Welcome</html>", 200, ("UnclearAnswer", False, True)),
    ("nikita", "<!DOCTYPE html><html/>", 200, ("UnclearAnswer", False, True)),
    ("infobip", "{}", 200, ("UnclearAnswer", False, True)),
    ("smsc", "[" * 9_000, 200, ("UnclearAnswer", False, True)),
]


@pytest.mark.parametrize(("name", "answer", "status", "failure"), REFUSED)
def test_a_text_is_not_taken(
    provider: Provider, name: str, answer: str, status: int, failure: tuple[str, bool, bool]
) -> None:
    with pytest.raises(SendFailed) as caught:
        send(provider, name, answer, status)
    error = caught.value
    assert (error.reason, error.retry, error.unknown) == failure
    assert DIGITS not in repr(error)
    assert error.__context__ is None or DIGITS not in repr(error.__context__)


OSON_CODES = ('{{"error": {{"code": {}, "msg": "x"}}}}', {"108"}, {"113", "119"}, {"112"})
CODES: dict[str, tuple[str, set[str], set[str], set[str]]] = {
    "nikita": (XML, {"10"}, {"4"}, {"9"}),
    "mobizon": ('{{"code": {}, "data": {{}}}}', set(), {"30"}, {"3", "10", "15", "98", "100", "999"}),
    "smsc": ('{{"error": "x", "error_code": {}}}', set(), {"3", "9"}, set()),
    "osonsms": OSON_CODES,
    "osonsms-hash": OSON_CODES,
}
"""What an answer looks like, and its codes: taken before, try again, nobody knows. All other codes are refusals."""


@pytest.mark.parametrize("name", CODES)
def test_r12_each_code_says_whether_a_text_may_have_gone(provider: Provider, name: str) -> None:
    """A text that the gateway has already would go a second time, by another gateway, if the code were a refusal."""
    form, taken, again, unclear = CODES[name]
    for code in map(str, [*range(1, 121), 998, 999]):
        status = 409 if code in taken else 200
        try:
            assert send(provider, name, form.format(code), status) == "ref1"
            ends = "taken"
        except SendFailed as error:
            ends = "unclear" if error.unknown else "again" if error.retry else "refused"
        expected = {"taken": code in taken, "again": code in again, "unclear": code in unclear}
        assert ends == next((what for what, is_so in expected.items() if is_so), "refused"), code


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answer, _ in TAKEN])
def test_without_a_sender_its_field_is_left_out(provider: Provider, name: str, answer: str) -> None:
    """The account's own sender is meant. An empty field would be another one, or a fault."""
    if gateway_template.load(name).login:
        provider.answers.append(Response('{"data": {"token": "t1"}}'))
    provider.answers += [Response(answer)] * 2
    asks = asking(provider, name)
    asks.send(msisdn(NUMBER), "x", "ref1", "")
    nameless = replace(asks, settings=asks.settings.model_copy(update={"sender": ""}))
    nameless.send(msisdn(NUMBER), "x", "ref1", "")
    named, unnamed = (path + body.decode() for path, _, body in provider.got[-2:])
    assert "4040" in named
    fields = re.compile(r"\b(sender|originator|from)\b")
    assert fields.search(named)
    assert not fields.search(unnamed)


def test_nobody_listens() -> None:
    sending = template.sender_of(settings("infobip", url="http://127.0.0.1:9"))
    assert sending is not None
    with pytest.raises(SendFailed) as caught:
        sending.send(msisdn(NUMBER), "x", "ref1", "")
    assert (caught.value.reason, caught.value.retry, caught.value.unknown) == ("ConnectionRefused", True, False)
    assert caught.value.__context__ is None


LONGEST_IDS = {"nikita": 12, "play-mobile": 20}
"""How long our id of a text may be. A longer one would be refused, and so every text."""


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answer, id in TAKEN if id == "ref1"])
def test_our_id_is_no_longer_than_the_gateway_takes(provider: Provider, name: str, answer: str) -> None:
    ids = set[str]()
    for _ in range(2):
        ref = new_id()
        provider.answers += [Response(answer)] * 2
        first, again = (asking(provider, name).send(msisdn(NUMBER), "x", ref, "") for _ in range(2))
        assert first == again, "a gateway recognises a text that it gets twice"
        assert len(first) == LONGEST_IDS.get(name, 32)
        assert re.fullmatch("[0-9a-z]*", first)
        path, _, body = provider.got[-1]
        assert first in path + body.decode(), "receipts and questions name this id"
        ids.add(first)
    assert len(ids) == 2


def test_the_signature_of_osonsms_is_over_the_fields(provider: Provider) -> None:
    send(provider, "osonsms-hash", OSON)
    sent = parse_qs(provider.got[0][0].partition("?")[2])
    signed = ";".join(["ref1", "s3cret-login", "4040", DIGITS, "s3cret-key"])
    assert sent["str_hash"] == [hashlib.sha256(signed.encode()).hexdigest()]


def test_a_channel_lacks_what_its_template_needs() -> None:
    bare = ChannelSettings(name="tried", kind="template", options={"template": "infobip"})
    with pytest.raises(ValueError, match="tried: url, api_key is missing"):
        template.sender_of(bare)
    assert template.sender_of(settings("nalo-ussd")) is None
    for odd in ("", "nothing", "../secrets", "Infobip"):
        with pytest.raises(ValueError, match="there is no template"):
            template.requests_of(settings(odd))


def test_a_form_may_come_in_the_address() -> None:
    """Some clients of con-end ask by GET."""
    query = f"SESSIONID=7&MSISDN={DIGITS}&USSDCODE=500&INPUT=2*1"
    channel = template.requests_of(settings("con-end"))
    assert channel.kinds == {"ussd": frozenset({"GET", "POST"})}
    assert channel.read("ussd", asked(method="GET", query=query)) == channel.read("ussd", asked(query.encode()))
    (press,) = channel.read("ussd", asked(method="GET", query=query))
    assert press == Press("7", CALLER, "1", so_far=("2", "1"))
