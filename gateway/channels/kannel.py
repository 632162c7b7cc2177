"""Kannel: SMS over any operator's SMSC, and USSD over SMPP. It makes no decisions.

docs/channels/kannel.md has the configuration of Kannel that this file expects. Kannel posts a text as the body of the
request, and everything else in headers, so no number is ever in an address. An answer of Kannel to a fault would be a
text to the caller's telephone, so whatever is not understood is answered with an empty 200, and Kannel sends nothing.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

from pydantic import SecretStr

from gateway.channels.http import ask, check_status
from gateway.channels.national import E164, international, options_of
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import ConfigError
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import (
    Answered,
    Asked,
    BadForm,
    Delivery,
    Event,
    HungUp,
    IncomingSms,
    Press,
    Receipt,
    Reply,
    SendFailed,
)
from menus.gsm7 import fits_gsm7

KINDS: Mapping[str, frozenset[str]] = {
    "ussd": frozenset({"POST"}),
    "sms": frozenset({"POST"}),
    "receipt": frozenset({"GET"}),
}
MOST_BYTES = 16_384
LONGEST_ID, LONGEST_NUMBER = 128, 64
STATUSES: Mapping[str, Delivery] = {
    "1": Delivery.DELIVERED,
    "2": Delivery.FAILED,
    "4": Delivery.SENT,  # buffered
    "8": Delivery.SENT,  # taken by the SMSC
    "16": Delivery.FAILED,
}
"""`%d` of Kannel's receipts. They come in any order: 1 is often before 8."""
ACCEPTED = 202
"""The status of `sendsms` for `0: Accepted for delivery` and `3: Queued for later delivery`: its only success."""
DLR_MASK = "19"
"""Delivered, failed, refused. Without 8 ("taken by the SMSC") 300 texts took 27 s instead of 33 s."""
SMPP_OPTIONS = re.compile(r"\?smpp\?([^?]*)")
SURROGATES = frozenset(range(0xD8, 0xE0))
UTF16_HIGH = frozenset({0x00, 0x01, 0x02, 0x04, 0x1E, *range(0x20, 0x28), 0xFE}) | SURROGATES
"""The high octets of what people write in UTF-16: Latin, Turkmen, Uzbek and Cyrillic letters, signs, emoji."""
NO_UTF8 = frozenset({0x00, 0x01, 0x02, 0x04})
"""Of these, the octets that no text in UTF-8 has."""

OCTET = re.compile(r"[0-9]{1,3}", re.ASCII)
"""How a number is written in the channels file, where everything is a text."""
DIAL, KEY, SHOW, LAST, ENDED = "dial", "key", "show", "last", "ended"
OPS: Mapping[str, Sequence[int]] = {DIAL: (1,), KEY: (18,), SHOW: (2,), LAST: (17,), ENDED: (129, 130, 131)}
"""`ussd_service_op` by its meaning, if the channels file does not say otherwise. Those of `ENDED` are vendors' own."""
CALL, ECHO = "user_message_reference", ("user_message_reference", "its_session_info")


@dataclass(frozen=True, slots=True)
class Ussd:
    """How an operator speaks USSD over SMPP."""

    ops: Mapping[str, Sequence[int]] = field(default_factory=lambda: OPS)
    """The values of `ussd_service_op` for each of `OPS`. The first one is sent."""
    call: str = CALL
    """The option (TLV) that identifies a call."""
    echo: Sequence[str] = ECHO
    """The options that an answer repeats as they came."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads the requests of Kannel's smsbox."""

    ussd: Ussd = field(default_factory=Ussd)
    calling_code: str = ""
    """The calling code (`996`) of numbers that come without one."""
    trunk_prefix: str = ""
    """What national numbers begin with (`0`), in place of the calling code."""
    most_bytes: int = MOST_BYTES
    kinds: Mapping[str, frozenset[str]] = field(default_factory=lambda: KINDS)

    def read(self, kind: str, asked: Asked) -> Sequence[Event]:
        """Read one request. Raise `BadForm`."""
        if kind == "receipt":
            return (Receipt(_query(asked, "id"), STATUSES.get(_query(asked, "status"))),)
        if kind == "sms":
            to = asked.headers.get("x-kannel-to", "")[:LONGEST_NUMBER]
            return (IncomingSms(_query(asked, "id"), self._sender(asked), Hidden(text_of(asked)), to),)
        return self._hop(asked)

    def answer(self, kind: str, asked: Asked, reply: Reply | None) -> Answered:  # noqa: ARG002
        """Write a screen in the encoding that its letters need, with the options of the request. Else nothing."""
        came = smpp_options(asked)
        waits = _number_of(came.get("ussd_service_op", "")) in (*self.ussd.ops[DIAL], *self.ussd.ops[KEY])
        if reply is None or not waits:  # after an abort, a screen would become a text
            return Answered(200, b"")
        op = self.ussd.ops[LAST if reply.last else SHOW][0]
        options = {"ussd_service_op": str(op), **{name: came[name] for name in self.ussd.echo if name in came}}
        meta = "?smpp?" + "&".join(f"{name}={value}" for name, value in options.items())
        headers = (
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("X-Kannel-Coding", _coding(reply.text)),
            ("X-Kannel-Meta-Data", meta),
        )
        return Answered(200, reply.text.encode(), headers)

    def refuse(self, kind: str, asked: Asked, fault: str) -> Answered:  # noqa: ARG002
        """Answer an empty 200: any other status becomes a plain text to the caller's telephone (R12)."""
        return Answered(200, b"")

    def again(self, kind: str, asked: Asked) -> Answered:  # noqa: ARG002
        """Answer an empty 500. With `http-request-retry`, Kannel posts a text again with the same id."""
        return Answered(500, b"")

    def _hop(self, asked: Asked) -> Sequence[Event]:
        came = smpp_options(asked)
        op, call = _number_of(came.get("ussd_service_op", "")), came.get(self.ussd.call, "")
        hop = parse_qs(asked.query, max_num_fields=20, errors="replace").get("id", [""])[0][:LONGEST_ID]
        if op in self.ussd.ops[DIAL]:
            return (Press(call, self._sender(asked), None, hop),)
        if op in self.ussd.ops[KEY]:
            return (Press(call, self._sender(asked), text_of(asked).strip(), hop),)
        return (HungUp(call, self._sender(asked)),) if op in self.ussd.ops[ENDED] else ()

    def _sender(self, asked: Asked) -> Msisdn:
        """Return the sender as E.164 if it is a telephone number, else as it came: a name, a short code (R19)."""
        came = asked.headers.get("x-kannel-from", "")
        if not came or len(came) > LONGEST_NUMBER:
            raise BadForm("X-Kannel-From is missing or too long: set send-sender = true")
        return msisdn(international(came, self.calling_code, self.trunk_prefix))


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends texts through Kannel's `sendsms`."""

    url: str
    """The address of `sendsms` (`http://127.0.0.1:13013/cgi-bin/sendsms`)."""
    smsc: str
    """The SMSC of Kannel for texts. Without it Kannel takes any, and a text could leave over the one for USSD."""
    user: str
    password: SecretStr
    sender: str
    receipts: SecretStr
    """The address of our webhook for receipts, with its secret. Empty: none are asked for."""

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        """Send one text. Kannel makes no id, so ours goes into the address of its receipts. Raise `SendFailed`."""
        number = to.reveal()
        if not E164.fullmatch(number):
            raise SendFailed("InvalidPhoneNumber", retry=False)
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self.user,
            "X-Kannel-Password": self.password.get_secret_value(),
            "X-Kannel-From": sender or self.sender,
            "X-Kannel-To": number,
            "X-Kannel-SMSC": self.smsc,
            "X-Kannel-Coding": _coding(text),
        }
        receipts = self.receipts.get_secret_value()
        if receipts:
            headers |= {"X-Kannel-DLR-Mask": DLR_MASK, "X-Kannel-DLR-URL": f"{receipts}?id={ref}&status=%d"}
        answer = ask("POST", self.url, body=text.encode(), headers=headers)
        check_status(answer)
        if answer.status != ACCEPTED:  # not Kannel's: perhaps the page of a network that wants a log-in
            raise SendFailed("UnclearAnswer", retry=False, unknown=True)
        return ref


def requests_of(settings: ChannelSettings) -> Requests:
    """Return what reads Kannel's requests. Raise `ConfigError` or `ValueError`."""
    ussd = _ussd(settings.name, settings.options.get("ussd") or {})
    return Requests(ussd, *options_of(settings.name, settings.options, "calling_code", "trunk_prefix"))


def sender_of(settings: ChannelSettings) -> Sending:
    """Return what sends through Kannel. Raise `ConfigError`."""
    options, secrets = settings.options, settings.secrets
    missing = [name for name in ("url", "smsc", "user") if not options.get(name)]
    if missing:
        raise ConfigError([f"{settings.name}: options.{name} is missing (docs/channels/kannel.md)" for name in missing])
    url, smsc, user = (str(options[name]) for name in ("url", "smsc", "user"))
    password, receipts = (secrets.get(name, SecretStr("")) for name in ("password", "receipts"))
    return Sending(url, smsc, user, password, settings.sender, receipts)


def _ussd(channel: str, written: Mapping[str, Any]) -> Ussd:
    """Read how the operator speaks USSD, from `options.ussd` of the channels file. Raise `ConfigError`."""
    ops = dict(OPS)
    for name, value in (written.get("ops") or {}).items():
        values = list(map(str, value if isinstance(value, list) else [value]))
        if name not in OPS or not values or not all(OCTET.fullmatch(each) and int(each) <= 255 for each in values):
            known = ", ".join(OPS)
            raise ConfigError([f"{channel}: options.ussd.ops.{name}: give {known} one or more numbers from 0 to 255"])
        ops[name] = tuple(map(int, values))
    return Ussd(ops, str(written.get("call", CALL)), tuple(map(str, written.get("echo", ECHO))))


def smpp_options(asked: Asked) -> dict[str, str]:
    """Return the options (TLVs) of an SMPP message, each as Kannel wrote it."""
    found = SMPP_OPTIONS.search(asked.headers.get("x-kannel-meta-data", ""))
    pairs = (part.partition("=") for part in found[1].split("&")) if found else ()
    return {name: value for name, _, value in pairs if name}


def _number_of(written: str) -> int:
    """Return a number that came in decimal, or as one raw octet (`%12`), as Kannel writes `ussd_service_op`."""
    raw = unquote_to_bytes(written)
    if raw.isdigit():
        return int(raw[:3])
    return raw[0] if len(raw) == 1 else -1


def text_of(asked: Asked) -> str:
    """Return the text of a body, whatever its charset claims. A text is never lost because of odd octets."""
    body = asked.body
    claims = re.search(r"charset=\"?([\w-]+)", asked.headers.get("content-type", ""), re.ASCII)
    charset = (claims[1] if claims else "utf-8").lower()
    usual = ("utf-16-le" if charset.endswith("le") else "utf-16-be") if "utf-16" in charset else "utf-8"
    return body.decode(_utf16(body) or usual, "replace").replace("\0", "")


def _utf16(body: bytes) -> str:
    """Return which UTF-16 a body is, although it may claim to be UTF-8. Empty: it is none, or nobody can tell."""
    if len(body) % 2 or not body:
        return ""
    if body.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        return "utf-16"
    for name, start in (("utf-16-be", 0), ("utf-16-le", 1)):
        high = set(body[start::2])
        if high <= UTF16_HIGH and (high & NO_UTF8 or (high <= SURROGATES and not _is_utf8(body))):
            return name
    return ""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _query(asked: Asked, name: str) -> str:
    """Return a field of the query. Raise `BadForm`."""
    value = parse_qs(asked.query, max_num_fields=20, errors="replace").get(name, [""])[0]
    if not (0 < len(value) <= LONGEST_ID and value.isascii() and value.isprintable()):
        raise BadForm(f"{name} is not 1 to {LONGEST_ID} letters of printable ASCII")
    return value


def _coding(text: str) -> str:
    """Return Kannel's coding: 0 is GSM-7, 2 is UCS-2. Without it Cyrillic silently becomes question marks."""
    return "0" if fits_gsm7(text) else "2"
