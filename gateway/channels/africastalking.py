"""Africa's Talking (AT): its forms in, its answers out, and two tables. Nothing is decided here.

What each field holds, and how sure that is, stands in docs/channels/africastalking.md. Every `read_…` takes the
decoded form and raises `BadForm`; fields that we do not need are not looked at, so AT may add or drop them.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers
import requests
from africastalking.SMS import SMSService
from africastalking.Voice import VoiceService
from pydantic import SecretStr
from urllib3.exceptions import NewConnectionError

from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import BadForm, Delivery, Ended, Hop, IncomingSms, Receipt, Reply, SendFailed

NEVER_SENT = requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError

MOST_KEYS = 60
MOST_KEYS_BYTES = 400
LONGEST_ID = 128
SHORTEST_SESSION = 24
"""Letters of the id of a call: AT writes `ATVId_` and 32 more."""
LONGEST_NUMBER = 64

STATUSES: Mapping[str, Delivery] = {
    "Sent": Delivery.SENT,
    "Submitted": Delivery.SENT,
    "Buffered": Delivery.SENT,
    "Success": Delivery.DELIVERED,
    "Rejected": Delivery.FAILED,
    "Failed": Delivery.FAILED,
    "Expired": Delivery.FAILED,  # not documented, but seen (courier, pull request 387)
}
"""What AT's delivery reports say. `Success` alone means that the phone has it."""

RISK_HOLD = 401
"""AT holds the message back and does not say for how long: it may still go out, so nobody knows."""

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
"""`statusCode` of a recipient → its word, and whether to try again."""


def read_ussd(form: Mapping[str, str]) -> Hop:
    """Read one hop. AT repeats every key since the dial, joined by `*`, so the whole conversation is in the form."""
    return Hop(read_id(form, "sessionId"), _number(form, "phoneNumber"), _keys(_field(form, "text")))


def read_ended(form: Mapping[str, str]) -> Ended:
    """Read the end of a session. The number and `lastAppResponse` are dropped unread (R35).

    `input` says what `text` of the last hop said, and may be lacking.
    """
    return Ended(read_id(form, "sessionId"), _keys(form.get("input", "")))


def read_sms(form: Mapping[str, str]) -> IncomingSms:
    """Read a text to our short code. AT sends it again, with the same id, until it gets a 200."""
    return IncomingSms(read_id(form, "id"), _number(form, "from"), Hidden(_field(form, "text")))


def read_receipt(form: Mapping[str, str]) -> Receipt:
    """Read a delivery report; its `phoneNumber` is dropped unread (R35)."""
    return Receipt(read_id(form, "id"), STATUSES.get(_field(form, "status")))


def read_optout(form: Mapping[str, str]) -> Msisdn:
    """Give the number that asked AT for no more bulk messages."""
    return _number(form, "phoneNumber")


def write_ussd(reply: Reply) -> str:
    """Write what AT shows: `CON ` keeps the session open, `END ` ends it. Whitespace before these is an error to AT."""
    return f"{'END' if reply.last else 'CON'} {reply.text}"


def _field(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if value is None:
        raise BadForm(f"{name} is missing")
    return value


def read_id(form: Mapping[str, str], name: str) -> str:
    """Read an id that AT made. Raises `BadForm`."""
    value = _field(form, name)
    if not (0 < len(value) <= LONGEST_ID and value.isascii() and value.isprintable()):
        raise BadForm(f"{name} is not 1 to {LONGEST_ID} letters of printable ASCII")
    return value


def _number(form: Mapping[str, str], name: str) -> Msisdn:
    """Take any number, withheld or odd: whoever calls gets the menus (R19). Only a mangled one is refused."""
    value = _field(form, name)
    if len(value) > LONGEST_NUMBER:
        raise BadForm(f"{name} is longer than {LONGEST_NUMBER} letters")
    if value[:1] == " " and value[1:2].isdecimal():
        raise BadForm(f"{name} begins with a space where its + should be (sent as + and not as %2B)")
    return msisdn(value)


def _keys(text: str) -> tuple[str, ...]:
    """Split at every star: AT documents neither a star inside an answer nor an empty one, and no option has either."""
    if not text or text.count("*") >= MOST_KEYS or len(text.encode()) > MOST_KEYS_BYTES:
        return ()
    return tuple(text.split("*"))


@dataclass(frozen=True, slots=True)
class AfricasTalking:
    """Sends through AT's own SDK, one SMS a call. `url` is another base address than AT's (an emulator)."""

    username: str
    api_key: SecretStr
    sender: str = ""
    url: str = ""
    timeout_seconds: tuple[float, float] = (3.05, 9.05)
    """To connect, and between two bytes of the answer; the SDK's own defaults."""

    def send(self, to: Msisdn, text: str) -> str:
        """Hand one SMS to AT and give its message id. Raises `SendFailed`, which holds no number, text or key.

        AT has no idempotency key for SMS: where its answer is lost, the message may have gone out (`unknown`).
        """
        sms, seconds = self._sms(), self.timeout_seconds
        return _message_id(_asked(to, lambda number: sms.send(text, [number], self.sender or None, timeout=seconds)))

    def call(self, to: Msisdn, trunk: str) -> str:
        """Have AT ring a telephone of ours from `trunk` and give the session's id. Raises `SendFailed`, as `send`."""
        voice, seconds = self._made(VoiceService, ""), self.timeout_seconds
        return _session_id(_asked(to, lambda number: voice.call(trunk, [number], timeout=seconds)))

    def _sms(self) -> Any:
        return self._made(SMSService, "/version1")

    def _made(self, service: type[Any], below: str) -> Any:
        """Make the SDK's object ourselves: its `initialize()` keeps one account for the whole process."""
        made = service(self.username, self.api_key.get_secret_value())
        if self.url:
            made._baseUrl = f"{self.url.rstrip('/')}{below}"  # noqa: SLF001  # the SDK has no argument for it
        made._Service__make_post_request = _post  # noqa: SLF001  # likewise
        return made


def _asked(to: Msisdn, asks: Callable[[str], object]) -> object:
    """Ask AT about a number, and give its answer. Raises `SendFailed`."""
    number = to.reveal()
    if _as_e164(number) != number:
        raise SendFailed("InvalidPhoneNumber", retry=False)
    try:
        return asks(number)
    except SendFailed:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it may quote the request
        failed = _no_answer(error)
    raise failed  # out here, or its `__context__` would carry the request, and with that the number


def _post(*, url: str, headers: Mapping[str, str], data: Any, timeout: Any, **_: object) -> requests.Response:
    """Post in the SDK's stead: its exception forgets the status, and it would follow a redirect with our key."""
    answer = requests.post(url, headers=dict(headers), data=data, timeout=timeout, allow_redirects=False)
    status = answer.status_code
    if status >= 300:
        maybe = status == 504  # the gateway's own gateway did not answer in time
        raise SendFailed(f"HTTP {status}", retry=status == 429 or (status >= 500 and not maybe), unknown=maybe)
    return answer


def _no_answer(error: Exception) -> SendFailed:
    """Tell what never left us, and can go again, from what AT may have taken."""
    if isinstance(error, NEVER_SENT):
        return SendFailed(type(error).__name__, retry=True)
    if error.args and isinstance(getattr(error.args[0], "reason", None), NewConnectionError):
        return SendFailed("ConnectionRefused", retry=True)
    return SendFailed(type(error).__name__, retry=False, unknown=True)


def _message_id(answer: object) -> str:
    """Read AT's id for the message. A refusal comes as a 201 too, by `statusCode` or with no recipient at all."""
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
    """Read the id of a call that AT has queued. One that could be guessed is refused: it is to be a key."""
    match _decoded(answer):
        case {"entries": [{"status": "Queued", "sessionId": str(id)}]} if SHORTEST_SESSION <= len(id) <= LONGEST_ID:
            return id
        case {"entries": [{"status": str(said)}]} if said != "Queued" and re.fullmatch("[A-Za-z]{1,40}", said):
            raise SendFailed(said, retry=False)
        case {"entries": []}:
            raise SendFailed("Refused", retry=False)
    raise SendFailed("UnclearAnswer", retry=False, unknown=True)


def _decoded(answer: object) -> object:
    """Undo the SDK's habit: it decodes JSON only under exactly `application/json`, and else gives the text."""
    try:
        return json.loads(answer) if isinstance(answer, str) else answer
    except ValueError:
        return None


def _as_e164(number: str) -> str | None:
    """Write a number as E.164, `None` if it cannot be one; the SDK's own check lets a newline through."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if possible else None
