"""An emulated gateway that sends only the last key of a call, for the demo and for tests.

It posts forms. `ussd`: `call`, `number`, `hop`, and `key` (missing on the dial); the answer is JSON, `text` and `last`.
`ussd-ended`: `call`, `number`. `sms`: `id`, `from`, `to`, `text`. `receipt`: `id`, `status`. It takes texts as a post
of `to`, `from`, `text` and `ref`, and takes one with a known `ref` only once.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.channels.http import ask, check_status
from gateway.guard import MAX_BODY_BYTES, read_form
from helpline.core.channels_file import ChannelSettings
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

POST = frozenset({"POST"})
JSON = (("Content-Type", "application/json"),)
STATUSES: Mapping[str, Delivery] = {"delivered": Delivery.DELIVERED, "failed": Delivery.FAILED}


def _field(form: Mapping[str, str], name: str) -> str:
    if name not in form:
        raise BadForm(f"{name} is missing")
    return form[name]


def _number(form: Mapping[str, str], name: str) -> Msisdn:
    return msisdn(_field(form, name))


READ: Mapping[str, Callable[[Mapping[str, str]], Event]] = {
    "ussd": lambda form: Press(_field(form, "call"), _number(form, "number"), form.get("key"), hop=form.get("hop", "")),
    "ussd-ended": lambda form: HungUp(_field(form, "call"), _number(form, "number")),
    "sms": lambda form: IncomingSms(
        _field(form, "id"), _number(form, "from"), Hidden(_field(form, "text")), form.get("to", "")
    ),
    "receipt": lambda form: Receipt(_field(form, "id"), STATUSES.get(_field(form, "status"))),
}


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads the emulated gateway's requests."""

    kinds: Mapping[str, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(READ, POST))
    most_bytes: int = MAX_BODY_BYTES

    def read(self, kind: str, asked: Asked) -> Sequence[Event]:
        """Read one form. Raise `BadForm`."""
        return (READ[kind](read_form(asked.body, asked.headers.get("content-type", ""))),)

    def answer(self, kind: str, asked: Asked, reply: Reply | None) -> Answered:  # noqa: ARG002
        """Write a screen as JSON."""
        if reply is None:
            return Answered(200, b"")
        told = json.dumps({"text": reply.text, "last": reply.last}, ensure_ascii=False)
        return Answered(200, told.encode(), JSON)

    def refuse(self, kind: str, asked: Asked, fault: str) -> Answered:  # noqa: ARG002
        """Answer 400."""
        return Answered(400, fault.encode())

    def again(self, kind: str, asked: Asked) -> Answered:  # noqa: ARG002
        """Answer 500."""
        return Answered(500, b"")


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends texts to the emulated gateway."""

    url: str
    sender: str

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        """Send one text and return its id. Raise `SendFailed`."""
        body = {"to": to.reveal(), "from": sender or self.sender, "text": text, "ref": ref}
        answer = ask("POST", f"{self.url.rstrip('/')}/texts", body=body)
        check_status(answer)
        try:
            match json.loads(answer.text):
                case {"id": str(id)}:
                    return id
        except ValueError:
            pass
        raise SendFailed("UnclearAnswer", retry=False, unknown=True)


def requests_of(_: ChannelSettings) -> Requests:
    """Return what reads the requests."""
    return Requests()


def sender_of(settings: ChannelSettings) -> Sending:
    """Return what sends."""
    return Sending(str(settings.options.get("url", "")), settings.sender)
