"""The guard: who may send, and what is not a form."""

import io
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.guard import FORM, MAX_BODY_BYTES, MAX_FIELDS, guard, read_body, read_form
from helpline.core.ports import BadForm

OLD, NEW = "o" * 32, "n" * 32
VALUE = "254720123123"

READ = [
    (b"", {}, "nothing sent"),
    (b"text=", {"text": ""}, "the dial: an empty text"),
    (b"phoneNumber=%2B254720123123", {"phoneNumber": "+254720123123"}, "an escaped plus stays one"),
    (b"phoneNumber=+254720123123", {"phoneNumber": " 254720123123"}, "a bare plus is a space; the channel refuses it"),
    (b"text=1%2a2%2A3", {"text": "1*2*3"}, "hex in either case"),
    (b"text=%D3%A8%D0%A8", {"text": "ӨШ"}, "UTF-8, escaped"),
    ("text=ӨШ".encode(), {"text": "ӨШ"}, "UTF-8, bare"),
    (b"text=a=b", {"text": "a=b"}, "only the first = parts"),
    (b"a%5Bb=1", {"a[b": "1"}, "names are escaped too"),
    (b"text=%F0%9F%98%80", {"text": "\U0001f600"}, "outside the BMP"),
    (b"a=1&B=2&unheard_of=3", {"a": "1", "B": "2", "unheard_of": "3"}, "any name is welcome"),
]

REFUSED = [
    (b"text=1&text=2", "text is there twice", "which one is meant?"),
    (b"text=1&te%78t=2", "text is there twice", "the same name, in disguise"),
    (b"text=%ff", "text is not UTF-8", "no such byte in UTF-8"),
    (b"text=\xff", "body is not UTF-8", "the same, bare"),
    (b"text=%C0%AA", "text is not UTF-8", "an overlong star"),
    (b"text=%ED%A0%80", "text is not UTF-8", "a lone surrogate"),
    (b"text=%D3", "text is not UTF-8", "half a letter"),
    (b"text=1%00", "text holds a NUL", "databases and C libraries end there"),
    (b"text=1\x00", "body holds a NUL", "the same, bare"),
    (b"text=%2", "text has a % without two hex digits", "cut off"),
    (b"text=%", "text has a % without two hex digits", "cut off"),
    (b"text=100%zz", "text has a % without two hex digits", "not escaped at all"),
    (b"text=%\n1", "text has a % without two hex digits", "a line end is no hex digit"),
    (b"text", "text has no =", "a name alone"),
    (b"text=1&", "a field has no =", "an empty pair"),
    (VALUE.encode(), "a field has no =", "a value that lost its name is not repeated"),
    (b"%00=1", "a field holds a NUL", "in a name too"),
    (b"&".join(b"f%d=" % n for n in range(MAX_FIELDS + 1)), f"body has more than {MAX_FIELDS} fields", "a flood"),
]


@pytest.mark.parametrize(("raw", "form", "why"), READ, ids=[row[2] for row in READ])
def test_forms_are_read(raw: bytes, form: dict[str, str], why: str) -> None:
    assert read_form(raw, FORM) == form, why


@pytest.mark.parametrize(("raw", "fault", "why"), REFUSED, ids=[f"{row[1]}: {row[2]}" for row in REFUSED])
def test_a_body_that_is_not_a_form_is_refused(raw: bytes, fault: str, why: str) -> None:
    with pytest.raises(BadForm) as caught:
        read_form(raw, FORM)
    assert str(caught.value) == fault, why
    assert caught.value.logged == re.sub(r"^text", "a field", fault), "a name may be a text that lost its name"
    assert caught.value.__cause__ is None


TYPES = [
    (FORM, True),
    (f"{FORM}; charset=utf-8", True),
    (f"{FORM.upper()} ;charset=UTF-8", True),
    ("", False),
    ("application/json", False),
    ("multipart/form-data; boundary=x", False),
    (f"{FORM}x", False),
]


@pytest.mark.parametrize(("content_type", "taken"), TYPES)
def test_only_forms_are_accepted_by_content_type(content_type: str, taken: bool) -> None:
    if taken:
        assert read_form(b"a=1", content_type) == {"a": "1"}
    else:
        with pytest.raises(BadForm, match="Content-Type is not"):
            read_form(b"a=1", content_type)


letters = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)


@given(st.dictionaries(letters, letters, max_size=MAX_FIELDS))
def test_an_encoded_form_is_decoded_unchanged(form: dict[str, str]) -> None:
    assert read_form(urlencode(form).encode(), FORM) == form


shards = st.lists(st.sampled_from([b"a", b"=", b"&", b"%", b"2", b"B", b"+", b"\xd3"])).map(b"".join)


@given(st.binary(max_size=200) | shards)
@example(b"a=%2B&b=+")
@example(b"=%a0")
def test_any_bytes_are_read_like_the_standard_library_or_refused(raw: bytes) -> None:
    try:
        form = read_form(raw, FORM)
    except BadForm:
        return
    expected = parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=bool(raw), errors="strict")
    assert list(form.items()) == expected


def environ(raw: bytes, length: str | None, **more: Any) -> dict[str, Any]:
    return {"wsgi.input": io.BytesIO(raw), **({} if length is None else {"CONTENT_LENGTH": length}), **more}


BODIES: list[tuple[dict[str, Any], bytes | str, str]] = [
    (environ(b"a=1", "3"), b"a=1", "as announced"),
    (environ(b"a=1&b=2", "3"), b"a=1", "no more than announced: the rest may be the next request"),
    (environ(b"", "0"), b"", "empty"),
    (environ(b"x" * MAX_BODY_BYTES, str(MAX_BODY_BYTES)), b"x" * MAX_BODY_BYTES, "just short enough"),
    (environ(b"x" * 17_000, "17000"), "body is longer than 16384 bytes", "too long"),
    (environ(b"x", "999999999"), "body is longer than 16384 bytes", "announced too long: not waited for"),
    (environ(b"text=1", "8"), "body is shorter than its Content-Length", "cut off on the way: 1 may have been 1*2"),
    (environ(b"a=1", "-1"), "Content-Length is not a number of bytes", "negative"),
    (environ(b"a=1", "\N{ARABIC-INDIC DIGIT ONE}"), "Content-Length is not a number of bytes", "odd digits"),
    (environ(b"a=1", "9" * 5000), "body is longer than 16384 bytes", "longer than int() takes"),
    (environ(b"a=1", None), b"", "no length, and nobody ends the stream: not read"),
    (environ(b"a=1", "", **{"wsgi.input_terminated": True}), b"a=1", "chunked, ended by the server"),
    (
        environ(b"x" * 17_000, None, **{"wsgi.input_terminated": True}),
        "body is longer than 16384 bytes",
        "chunked, long",
    ),
]


@pytest.mark.parametrize(("request_environ", "expected", "why"), BODIES, ids=[row[2] for row in BODIES])
def test_the_size_of_a_body_is_limited(request_environ: dict[str, Any], expected: bytes | str, why: str) -> None:
    if isinstance(expected, bytes):
        assert read_body(request_environ) == expected, why
    else:
        with pytest.raises(BadForm, match=expected):
            read_body(request_environ)


SECRETS = [
    ((NEW,), NEW, True, "the secret"),
    ((NEW, OLD), OLD, True, "the old one while it is rotated out"),
    ((NEW,), OLD, False, "the old one afterwards"),
    ((NEW,), NEW[:-1], False, "all but a letter"),
    ((NEW,), NEW + "n", False, "a letter more"),
    ((NEW,), "ө" * 32, False, "letters that are not ASCII"),
    ((NEW,), "\ud800", False, "letters that are none"),
    ((), "", False, "none is set: nobody"),
    ((), NEW, False, "none is set: nobody"),
]


@pytest.mark.parametrize(("ours", "given_secret", "admitted", "why"), SECRETS)
def test_only_the_right_secrets_are_accepted(
    ours: tuple[str, ...], given_secret: str, admitted: bool, why: str
) -> None:
    assert guard(ours).admits(given_secret, {}) is admitted, why


NET, LOOP = "203.0.113.0/24", "127.0.0.1"
ADDRESSES = [
    ((), False, {"REMOTE_ADDR": "198.51.100.1"}, True, "no list: from anywhere"),
    ((NET,), False, {"REMOTE_ADDR": "203.0.113.9"}, True, "in the network"),
    ((NET,), False, {"REMOTE_ADDR": "198.51.100.1"}, False, "outside of it"),
    ((NET, LOOP), False, {"REMOTE_ADDR": LOOP}, True, "a single address is a network of one"),
    ((NET,), False, {"REMOTE_ADDR": "::ffff:203.0.113.9"}, True, "the same address, as IPv6 writes it"),
    (("2001:db8::/32",), False, {"REMOTE_ADDR": "2001:db8::1"}, True, "IPv6"),
    ((NET,), False, {"REMOTE_ADDR": ""}, False, "a socket file has no address"),
    ((NET,), False, {}, False, "nothing is known"),
    ((NET,), False, {"REMOTE_ADDR": LOOP, "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, False, "anyone can write it"),
    ((NET,), True, {"REMOTE_ADDR": LOOP, "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, True, "unless our proxy wrote it"),
    ((NET,), True, {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.1"}, False, "the proxy wrote the last one only"),
    ((NET,), True, {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.9"}, True, "the proxy wrote the last one only"),
    ((NET,), True, {"REMOTE_ADDR": "203.0.113.9"}, False, "not by way of the proxy"),
    ((LOOP,), True, {"REMOTE_ADDR": LOOP}, True, "a gateway on this host, without the proxy"),
    (("::1",), True, {"REMOTE_ADDR": "::1"}, True, "the same, over IPv6"),
    ((NET,), True, {"REMOTE_ADDR": LOOP}, False, "this host is not on the list"),
    ((LOOP,), True, {"REMOTE_ADDR": LOOP, "HTTP_X_FORWARDED_FOR": "198.51.100.1"}, False, "by way of the proxy"),
    ((LOOP,), True, {"REMOTE_ADDR": LOOP, "HTTP_X_FORWARDED_FOR": ""}, False, "a proxy that knows no address"),
    ((LOOP,), True, {"REMOTE_ADDR": ""}, False, "a socket file may be the proxy's"),
]


@pytest.mark.parametrize(("allowed", "proxy", "sender", "admitted", "why"), ADDRESSES)
def test_only_allowed_addresses_are_accepted(
    allowed: tuple[str, ...], proxy: bool, sender: dict[str, str], admitted: bool, why: str
) -> None:
    watch = guard((NEW,), allowed, trust_proxy=proxy)
    assert watch.admits(NEW, sender) is admitted, why
    assert not watch.admits(OLD, sender)


def test_all_wrong_networks_are_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"203\.0\.113\.0/99, here"):
        guard((NEW,), ("203.0.113.0/99", NET, "here"))


def test_r35_a_guard_does_not_print_its_secrets() -> None:
    assert NEW not in repr(guard((NEW,)))
