"""What Africa's Talking sends, as rows: the form, its meaning, and the reason for the row."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels import africastalking
from gateway.channels.providers import PROVIDERS
from gateway.guard import FORM
from helpline.core.ports import Asked, BadForm, Delivery, Ended, IncomingSms, Reply

SESSION = "ATUid_5d3b4c2bc589f4811820a7184eed4df5"
CALLER = "+254720123123"
CALL = africastalking.session_of(SESSION, CALLER)
HOP = {
    "sessionId": SESSION,
    "serviceCode": "*384*1234#",
    "phoneNumber": CALLER,
    "networkCode": "99999",
    "text": "1*2",
}
SMS = {"id": "a1b2", "from": CALLER, "to": "4040", "text": "Көмек", "date": "2017-05-03T06:04:45Z", "linkId": ""}
RECEIPT = {"id": "ATXid_1", "status": "Success", "phoneNumber": CALLER, "networkCode": "63902", "retryCount": "0"}
OPTOUT = {"senderId": "KOMEK", "phoneNumber": CALLER}
ENDED = {
    "sessionId": SESSION,
    "phoneNumber": CALLER,
    "status": "Incomplete",
    "input": "1*2",
    "lastAppResponse": "CON …",
}

KEYS = [
    ("", (), "the dial itself"),
    ("1", ("1",), "the first key"),
    ("1*1*2", ("1", "1", "2"), "every key since the dial, not the last one alone"),
    ("1*Ош шаары", ("1", "Ош шаары"), "typed text is one more part, spaces and all"),
    ("1*a & b + c", ("1", "a & b + c"), "what a form has to escape comes through"),
    ("1*", ("1", ""), "an empty answer is an answer that no option has"),
    ("*", ("", ""), "two empty answers"),
    ("1**2", ("1", "", "2"), "a star inside an answer cannot be told from two answers: no option has either"),
    ("#", ("#",), "AT does not say what # does; no option has it"),
    ("1234", ("1234",), "a deep dial, or four digits typed: folded like any other"),
    ("*".join("1" * 60), ("1",) * 60, "sixty parts are still a conversation"),
    ("*".join("1" * 61), (), "sixty-one are none: home"),
    ("1" * 400, ("1" * 400,), "400 bytes are still read"),
    ("1" * 401, (), "401 are not: home"),
    ("ө" * 200, ("ө" * 200,), "bytes are counted, not letters: two each in UTF-8"),
    ("ө" * 200 + "1", (), "one byte more: home"),
]


@pytest.mark.parametrize(("text", "keys", "why"), KEYS, ids=[row[2] for row in KEYS])
def test_keys_are_read_from_the_form(text: str, keys: tuple[str, ...], why: str) -> None:
    assert africastalking.read_ussd({**HOP, "text": text}).keys == keys, why


@given(st.lists(st.text("0123456789 абө#", max_size=6), min_size=1, max_size=60).filter(lambda keys: keys != [""]))
def test_keys_are_read_as_they_were_pressed(keys: list[str]) -> None:
    text = "*".join(keys)
    expected = tuple(keys) if len(text.encode()) <= 400 else ()
    assert africastalking.read_ussd({**HOP, "text": text}).keys == expected


NUMBERS = [
    (CALLER, "an ordinary number"),
    ("+99312345678", "a country that AT does not list"),
    ("", "withheld"),
    ("anonymous", "withheld, in words"),
    ("4040", "a short code"),
    ("254720123123", "no plus, but none lost either: there is no space before it"),
    ("+1", "impossible, but the caller still gets the menus"),
    ("+99670 0000001", "oddly written"),
    (" ", "only a space: nothing to mangle"),
    ("\N{ARABIC-INDIC DIGIT ONE}" * 9, "digits of another script"),
    ("x" * 64, "as long as a number may be"),
]


@pytest.mark.parametrize(("number", "why"), NUMBERS, ids=[row[1] for row in NUMBERS])
def test_r19_every_caller_gets_the_menus(number: str, why: str) -> None:
    hop = africastalking.read_ussd({**HOP, "phoneNumber": number})
    assert hop.caller.reveal() == number, why


def test_texts_and_events_are_read_from_the_form() -> None:
    hop = africastalking.read_ussd(HOP)
    assert (hop.session, hop.caller.reveal(), hop.keys) == (CALL, CALLER, ("1", "2"))
    sms = africastalking.read_sms(SMS)
    assert (sms.id, sms.sender.reveal(), sms.text.reveal()) == ("a1b2", CALLER, "Көмек")
    assert africastalking.read_optout(OPTOUT).reveal() == CALLER
    assert africastalking.read_ended(ENDED) == Ended(CALL, ("1", "2"))


def test_r35_the_end_event_does_not_print_what_was_pressed() -> None:
    assert repr(africastalking.read_ended(ENDED)) == f"Ended(session='{CALL}')"
    assert CALLER[1:] not in CALL


def test_r35_parsed_values_do_not_print_a_number_or_a_text() -> None:
    shown = repr((africastalking.read_ussd(HOP), africastalking.read_sms(SMS), africastalking.read_receipt(RECEIPT)))
    assert CALLER[1:] not in shown
    assert "Көмек" not in shown


WRITTEN = ["254720123123", " 254720123123", "+254 720 123 123", CALLER]


@pytest.mark.parametrize("number", WRITTEN)
def test_the_end_of_a_call_is_found_however_its_number_is_written(number: str) -> None:
    """Otherwise a call that has asked for a call would be counted as one that was left (R36)."""
    assert africastalking.read_ended({**ENDED, "phoneNumber": number}) == Ended(CALL, ("1", "2"))


@pytest.mark.parametrize("missing", ["phoneNumber", "input"])
def test_an_end_that_does_not_say_which_call_or_where_is_not_counted(missing: str) -> None:
    form = {name: value for name, value in ENDED.items() if name != missing}
    assert africastalking.read_ended(form) is None
    headers = {"content-type": "application/x-www-form-urlencoded"}
    asked = Asked("POST", "", headers, urlencode(form).encode())
    assert list(africastalking.Requests().read("ussd-ended", asked)) == []


READERS: Mapping[str, Callable[[Mapping[str, str]], object]] = {
    "ussd": africastalking.read_ussd,
    "ended": africastalking.read_ended,
    "sms": africastalking.read_sms,
    "receipt": africastalking.read_receipt,
    "optout": africastalking.read_optout,
}
FORMS = {"ussd": HOP, "ended": ENDED, "sms": SMS, "receipt": RECEIPT, "optout": OPTOUT}


@pytest.mark.parametrize("kind", FORMS)
def test_an_unknown_field_breaks_nothing(kind: str) -> None:
    assert READERS[kind]({**FORMS[kind], "hopsMetadata": "new|in|2027", "": ""}) == READERS[kind](FORMS[kind])


BAD = [
    ("ussd", {"sessionId": None}, "sessionId"),
    ("ussd", {"phoneNumber": None}, "phoneNumber"),
    ("ussd", {"text": None}, "text"),
    ("ussd", {"sessionId": ""}, "sessionId"),
    ("ussd", {"sessionId": "x" * 129}, "sessionId"),
    ("ussd", {"sessionId": "ATUid_1\n"}, "sessionId"),
    ("ussd", {"sessionId": "ATUid_ö"}, "sessionId"),
    ("ussd", {"phoneNumber": " 254720123123"}, "phoneNumber"),
    ("ussd", {"phoneNumber": "9" * 65}, "phoneNumber"),
    ("ended", {"sessionId": None}, "sessionId"),
    ("sms", {"id": None}, "id"),
    ("sms", {"id": ""}, "id"),
    ("sms", {"from": " 254720123123"}, "from"),
    ("sms", {"from": None}, "from"),
    ("sms", {"text": None}, "text"),
    ("receipt", {"id": None}, "id"),
    ("receipt", {"status": None}, "status"),
    ("optout", {"phoneNumber": None}, "phoneNumber"),
    ("optout", {"phoneNumber": " 254720123123"}, "phoneNumber"),
]


@pytest.mark.parametrize(("kind", "change", "field"), BAD)
def test_malformed_forms_are_refused(kind: str, change: Mapping[str, str | None], field: str) -> None:
    form = {name: value for name, value in {**FORMS[kind], **change}.items() if value is not None}
    with pytest.raises(BadForm) as fault:
        READERS[kind](form)
    message = str(fault.value)
    assert message.startswith(f"{field} ")
    assert "\n" not in message
    assert not any(value and value in message for value in change.values())


ODD_TEXTS = [
    ("help%ED%A0%BD", "help\ufffd\ufffd\ufffd"),
    ("he%00lp", "he\ufffdlp"),
    ("100%", "100%"),
    ("h%FFi+there", "h\ufffdi there"),
]


@pytest.mark.parametrize(("octets", "text"), ODD_TEXTS)
def test_a_text_is_read_whatever_octets_it_has(octets: str, text: str) -> None:
    """AT would send the same again and again. In any other field they are refused."""
    head, channel = {"content-type": FORM}, africastalking.Requests()
    body = f"id=m1&from=%2B254720123123&to=4040&text={octets}".encode()
    (sms,) = channel.read("sms", Asked("POST", "", head, body))
    assert isinstance(sms, IncomingSms)
    assert sms.text.reveal() == text
    with pytest.raises(BadForm):
        channel.read("sms", Asked("POST", "", head, body.replace(b"to=4040", f"to={octets}".encode())))


@pytest.mark.parametrize("id", ["x" * 500, "ид-1", "a b"])
def test_the_id_of_a_text_may_be_anything(id: str) -> None:
    """What `send` was told can be as long, and must be found again by its receipts."""
    assert africastalking.read_sms({**SMS, "id": id}).id == id
    assert africastalking.read_receipt({**RECEIPT, "id": id}).id == id


STATUSES = [
    ("Sent", Delivery.SENT, "not final: the network has it"),
    ("Submitted", Delivery.SENT, "not final"),
    ("Buffered", Delivery.SENT, "not final: the phone is off"),
    ("Success", Delivery.DELIVERED, "final"),
    ("Rejected", Delivery.FAILED, "final"),
    ("Failed", Delivery.FAILED, "final"),
    ("Expired", Delivery.FAILED, "not documented, but seen"),
    ("AbsentSubscriber", None, "in other people's code only: nobody has shown it"),
    ("success", None, "not how AT writes it"),
    ("", None, "nothing said"),
]


@pytest.mark.parametrize(("word", "status", "why"), STATUSES, ids=[row[0] or "(empty)" for row in STATUSES])
def test_receipts_are_read_from_the_form(word: str, status: Delivery | None, why: str) -> None:
    receipt = africastalking.read_receipt({**RECEIPT, "status": word})
    assert (receipt.id, receipt.status) == ("ATXid_1", status), why


@pytest.mark.parametrize(("last", "written"), [(False, "CON 1 Call me\n2 Rights"), (True, "END 1 Call me\n2 Rights")])
def test_replies_begin_with_con_or_end(last: bool, written: str) -> None:
    assert africastalking.write_ussd(Reply("1 Call me\n2 Rights", last)) == written


def test_the_channel_is_registered() -> None:
    assert PROVIDERS["africastalking"].channel is africastalking.requests_of
