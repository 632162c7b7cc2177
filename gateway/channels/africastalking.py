"""Africa's Talking (AT): parses its forms and formats our answers. It makes no decisions.

docs/channels/africastalking.md describes each field, and how certain that is. Every `read_…` takes the decoded form and
raises `BadForm`. Fields that we do not need are ignored, so AT may add or remove them.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import phonenumbers
import requests
from africastalking.SMS import SMSService
from africastalking.Voice import VoiceService
from pydantic import SecretStr

from gateway.channels.http import no_answer
from gateway.channels.http_deadline import answered
from gateway.guard import MAX_BODY_BYTES, read_form
from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import (
    Answered,
    Asked,
    BadForm,
    Delivery,
    Ended,
    Event,
    Hop,
    IncomingSms,
    OptOut,
    Receipt,
    Reply,
    SendFailed,
)

MOST_KEYS = 60
MOST_KEYS_BYTES = 400
LONGEST_ID = 128
SHORTEST_SESSION = 24
"""Length of a call's id: AT writes `ATVId_` and 32 more letters."""
LONGEST_NUMBER = 64
LONGEST_CODE = 20

STATUSES: Mapping[str, Delivery] = {
    "Sent": Delivery.SENT,
    "Submitted": Delivery.SENT,
    "Buffered": Delivery.SENT,
    "Success": Delivery.DELIVERED,
    "Rejected": Delivery.FAILED,
    "Failed": Delivery.FAILED,
    "Expired": Delivery.FAILED,  # not documented, but seen (courier, pull request 387)
}
"""The statuses of AT's delivery reports. Only `Success` means that the phone has received the message."""

RISK_HOLD = 401
"""AT holds the message back for an unknown time and may still send it, so the result is unknown."""

REFUSALS: Mapping[int, tuple[str, bool]] = {
    RISK_HOLD: ("RiskHold", False),
    402: ("InvalidSenderId", False),
    403: ("InvalidPhoneNumber", False),
    404: ("UnsupportedNumberType", False),
    405: ("InsufficientBalance", True),  # goes out once the account is topped up
    406: ("UserInBlacklist", False),
    407: ("CouldNotRoute", False),
    409: ("DoNotDisturbRejection", False),
    500: ("InternalServerError", True),
    501: ("GatewayError", True),
    502: ("RejectedByGateway", False),
}
"""`statusCode` of a recipient → its name, and whether to try again."""


def read_ussd(form: Mapping[str, str]) -> Hop:
    """Read one hop. AT repeats all keys since the dial, joined by `*`, so the form has the whole conversation."""
    number = _number(form, "phoneNumber")
    return Hop(session_of(read_id(form, "sessionId"), number.reveal()), number, _keys(_field(form, "text")))


def read_ended(form: Mapping[str, str]) -> Ended | None:
    """Read the end of a session. `lastAppResponse` is dropped unread, the number is only hashed (R35).

    `input` equals `text` of the last hop. None if it or the number is missing: nobody knows which call ended where.
    """
    id, number, keys = read_id(form, "sessionId"), form.get("phoneNumber"), form.get("input")
    return None if number is None or keys is None else Ended(session_of(id, number), _keys(keys))


def session_of(id: str, number: str) -> str:
    """Return the id of a call: AT's own id and the number, hashed. So one id from two telephones is two calls (R27)."""
    digits = number.replace("+", "").replace(" ", "")  # the report of a call's end may write it in another way
    who = f"+{digits}" if digits.isdecimal() else number
    return hashlib.blake2b(f"{id}\n{who}".encode(), digest_size=16).hexdigest()


def read_sms(form: Mapping[str, str]) -> IncomingSms:
    """Read an SMS to our short code. AT sends it again with the same id until it gets a 200."""
    sent_to = form.get("to", "")[:LONGEST_CODE]
    return IncomingSms(_id_of_text(form), _number(form, "from"), Hidden(_field(form, "text")), sent_to)


def read_receipt(form: Mapping[str, str]) -> Receipt:
    """Read a delivery report. Its `phoneNumber` is dropped unread (R35)."""
    return Receipt(_id_of_text(form), STATUSES.get(_field(form, "status")))


def read_optout(form: Mapping[str, str]) -> Msisdn:
    """Return the number that asked AT for no more bulk messages."""
    return _number(form, "phoneNumber")


def write_ussd(reply: Reply) -> str:
    """Format a screen: `CON ` keeps the session open, `END ` ends it. AT refuses whitespace before these."""
    return f"{'END' if reply.last else 'CON'} {reply.text}"


POST = frozenset({"POST"})
READ: Mapping[str, Callable[[Mapping[str, str]], Event | None]] = {
    "ussd": read_ussd,
    "ussd-ended": read_ended,
    "sms": read_sms,
    "receipt": read_receipt,
    "optout": lambda form: OptOut(read_optout(form)),
}


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads AT's requests. It posts one form for each event."""

    kinds: Mapping[str, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(READ, POST))
    most_bytes: int = MAX_BODY_BYTES

    def read(self, kind: str, asked: Asked) -> Sequence[Event]:
        """Read one form. Raise `BadForm`."""
        written = "text" if kind == "sms" else ""
        event = READ[kind](read_form(asked.body, asked.headers.get("content-type", ""), written=written))
        return () if event is None else (event,)

    def answer(self, kind: str, asked: Asked, reply: Reply | None) -> Answered:  # noqa: ARG002  # AT needs no echo
        """Write a screen, or the empty 200 that ends AT's retries."""
        return Answered(200, write_ussd(reply).encode() if reply else b"")

    def refuse(self, kind: str, asked: Asked, fault: str) -> Answered:  # noqa: ARG002
        """Answer 400. AT shows the text in its dashboard only."""
        return Answered(400, fault.encode())

    def again(self, kind: str, asked: Asked) -> Answered:  # noqa: ARG002
        """Answer an empty 500. AT sends a text again until it gets a 200."""
        return Answered(500, b"")


def requests_of(_: ChannelSettings) -> Requests:
    """Return what reads AT's requests."""
    return Requests()


def sender_of(settings: ChannelSettings) -> "AfricasTalking":
    """Return what sends through AT."""
    options = settings.options
    key = settings.secrets.get("api_key", SecretStr(""))
    return AfricasTalking(options.get("username", "sandbox"), key, settings.sender, options.get("url", ""))


def _field(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if value is None:
        raise BadForm(f"{name} is missing")
    return value


def _id_of_text(form: Mapping[str, str]) -> str:
    """Read the id of a text, of any length: `helpline.keys.message_ids` stores it. Raise `BadForm` if it is empty."""
    value = _field(form, "id")
    if not value:
        raise BadForm("id is empty")
    return value


def read_id(form: Mapping[str, str], name: str) -> str:
    """Read the id of a call that AT made. Raise `BadForm`."""
    value = _field(form, name)
    if not (0 < len(value) <= LONGEST_ID and value.isascii() and value.isprintable()):
        raise BadForm(f"{name} is not 1 to {LONGEST_ID} letters of printable ASCII")
    return value


def _number(form: Mapping[str, str], name: str) -> Msisdn:
    """Accept any number, also a withheld or odd one: every caller gets the menus (R19). Refuse only a garbled one."""
    value = _field(form, name)
    if len(value) > LONGEST_NUMBER:
        raise BadForm(f"{name} is longer than {LONGEST_NUMBER} letters")
    if value[:1] == " " and value[1:2].isdecimal():
        raise BadForm(f"{name} begins with a space where its + should be (sent as + and not as %2B)")
    return msisdn(value)


def _keys(text: str) -> tuple[str, ...]:
    """Split at every star. AT documents no star inside an answer and no empty answer, and no option has either."""
    if not text or text.count("*") >= MOST_KEYS or len(text.encode()) > MOST_KEYS_BYTES:
        return ()
    return tuple(text.split("*"))


@dataclass(frozen=True, slots=True)
class AfricasTalking:
    """Sends through AT's SDK, one SMS per request."""

    username: str
    api_key: SecretStr
    sender: str = ""
    url: str = ""
    """Another base address than AT's, for an emulator."""
    timeout_seconds: tuple[float, float] = (3.05, 9.05)
    """Timeouts to connect, and between two bytes of the answer: the SDK's defaults. The whole answer gets their sum."""

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:  # noqa: ARG002  # AT takes no id
        """Send one SMS and return AT's message id. Raise `SendFailed`, which holds no number, text or key.

        AT has no idempotency key for SMS. If its answer is lost, the message may have been sent (`unknown`).
        """
        sms, seconds, by = self._sms(), self.timeout_seconds, sender or self.sender or None
        return _message_id(_asked(to, lambda number: sms.send(text, [number], by, timeout=seconds)))

    def call(self, to: Msisdn, trunk: str) -> str:
        """Make AT call a telephone of ours from `trunk`, and return the session's id. Raise `SendFailed`, as `send`."""
        voice, seconds = self._made(VoiceService, ""), self.timeout_seconds
        return _session_id(_asked(to, lambda number: voice.call(trunk, [number], timeout=seconds)))

    def _sms(self) -> Any:
        return self._made(SMSService, "/version1")

    def _made(self, service: type[Any], below: str) -> Any:
        """Make the SDK's object directly: its `initialize()` keeps one account for the whole process."""
        made = service(self.username, self.api_key.get_secret_value())
        if self.url:
            made._baseUrl = f"{self.url.rstrip('/')}{below}"  # noqa: SLF001  # the SDK has no argument for it
        made._Service__make_post_request = _post  # noqa: SLF001  # likewise
        return made


def _asked(to: Msisdn, asks: Callable[[str], object]) -> object:
    """Call AT with a number, and return its answer. Raise `SendFailed`."""
    number = to.reveal()
    if _as_e164(number) != number:
        raise SendFailed("InvalidPhoneNumber", retry=False)
    try:
        return asks(number)
    except SendFailed:
        raise
    except Exception as error:  # noqa: BLE001  # any of them may quote the request
        failed = no_answer(error)
    raise failed  # outside `except`, because `__context__` would hold the request and so the number


def _post(
    *, url: str, headers: Mapping[str, str], data: Any, timeout: tuple[float, float], **_: object
) -> requests.Response:
    """Replace the SDK's request: its exception loses the status, it would follow a redirect with our key, and it waits
    for ever for an answer that comes letter by letter.
    """
    with answered(requests.Request("POST", url, dict(headers), data=data), timeout, sum(timeout)) as answer:
        answer.content  # noqa: B018  # it is read in time
    status = answer.status_code
    if status >= 300:
        maybe = status == 504  # the gateway's own gateway did not answer in time
        raise SendFailed(f"HTTP {status}", retry=status == 429 or (status >= 500 and not maybe), unknown=maybe)
    return answer


def _message_id(answer: object) -> str:
    """Read AT's message id. A refusal also comes as a 201, with a `statusCode` or without recipients."""
    match _decoded(answer):
        case {"SMSMessageData": {"Recipients": [{"statusCode": 100 | 101 | 102, "messageId": str(id)}]}} if id:
            return id
        case {"SMSMessageData": {"Recipients": [{"statusCode": int(code)}]}} if code > 102:
            word, retry = REFUSALS.get(code, ("Refused", False))
            raise SendFailed(word, retry=retry, unknown=code == RISK_HOLD)
        case {"SMSMessageData": {"Recipients": [], "Message": str(said)}}:
            word = said if re.fullmatch("[A-Za-z]{1,40}", said) else "Refused"
            raise SendFailed(word, retry=(word, True) in REFUSALS.values())
    raise SendFailed("UnclearAnswer", retry=False, unknown=True)


def _session_id(answer: object) -> str:
    """Read the id of a queued call. A short id is refused: it is used as a key and must not be guessable."""
    match _decoded(answer):
        case {"entries": [{"status": "Queued", "sessionId": str(id)}]} if SHORTEST_SESSION <= len(id) <= LONGEST_ID:
            return id
        case {"entries": [{"status": str(said)}]} if said != "Queued" and re.fullmatch("[A-Za-z]{1,40}", said):
            raise SendFailed(said, retry=False)
        case {"entries": []}:
            raise SendFailed("Refused", retry=False)
    raise SendFailed("UnclearAnswer", retry=False, unknown=True)


def _decoded(answer: object) -> object:
    """Decode JSON that the SDK left as text: it decodes only if the type is exactly `application/json`."""
    try:
        return json.loads(answer) if isinstance(answer, str) else answer
    except ValueError:
        return None


def _as_e164(number: str) -> str | None:
    """Return a number as E.164, or None if it is not valid. The SDK's own check accepts a newline."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if possible else None
