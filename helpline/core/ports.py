"""What crosses the edge between the domain and the doors: the values, and the few things a door must be able to do.

Everything a provider sends is parsed into one of these at the door (`gateway.channels`); inside there is no
string that might be a number. A `Protocol` stands here only where there really are two implementations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from helpline.core.phone_numbers import Hidden, Msisdn


@dataclass(frozen=True, slots=True)
class Hop:
    """One USSD hop: everything pressed since the dial, oldest first."""

    session: str
    caller: Msisdn
    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a USSD session, with everything that was pressed in it."""

    session: str
    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the handset shows; `last` ends the USSD session."""

    text: str
    last: bool


@dataclass(frozen=True, slots=True)
class IncomingSms:
    """A text that reached our number. `id` is the gateway's own, the same on each retry."""

    id: str
    sender: Msisdn
    text: Hidden


class Delivery(StrEnum):
    """How far an SMS has come. A later report may only move it up this list (receipts come in any order)."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    """The gateway may have taken it: its answer never came. Not to be sent blindly again to a caller (R12)."""
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    VOID = "void"
    """Overtaken before it was sent: the offer is no longer open, she has withdrawn."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery report. `status` is None where the provider used a word that we do not know."""

    id: str
    status: Delivery | None


@dataclass(frozen=True, slots=True)
class CallStep:
    """What a gateway says of a call of ours. `ours`: it was made by us, and not to us. `keys`: None before any.

    Where the call has ended, `active` is false and `cause` a word for why.
    """

    session: str = field(repr=False)
    ours: bool
    active: bool
    keys: str | None = field(default=None, repr=False)
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Say a text to whoever has answered, and wait for one key."""

    text: str


@dataclass(frozen=True, slots=True)
class Join:
    """Ring a number from `trunk`, and join it to whoever holds the call. Nothing is recorded."""

    number: Msisdn
    trunk: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call without a word."""


CallAnswer = Ask | Join | HangUp


class SendFailed(Exception):
    """A message did not go out, a telephone was not rung, or nobody can tell.

    `retry`: trying again could help. `unknown`: the gateway may have taken it all the same (timeout), so a
    second try can mean a second text. The message is a fixed word (a status, a class name), never a number.
    """

    def __init__(self, reason: str, *, retry: bool, unknown: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.unknown = unknown


class BadForm(Exception):
    """A body that no gateway would send. `str()` is one line that names the field and never shows its value."""


class Sender(Protocol):
    """The sending half of a channel."""

    def send(self, to: Msisdn, text: str) -> str:
        """Hand one SMS to the gateway and give the gateway's message id. Raises `SendFailed`."""


class Ringer(Protocol):
    """The calling half of a channel that can join two telephones."""

    def ring(self, to: Msisdn, trunk: str) -> str:
        """Have the gateway ring a telephone of ours from `trunk`; give the session's id. Raises `SendFailed`.

        The id is as good as a key: it is printed and stored nowhere.
        """


class Voice(Protocol):
    """The reading half of it: forms in, answers out. Raises `BadForm`."""

    def read_call(self, form: Mapping[str, str]) -> CallStep: ...
    def write_call(self, answer: CallAnswer) -> str: ...


class Channel(Protocol):
    """The reading half of a channel: forms in, values out. A module is one (`gateway.channels.africastalking`).

    Each `read_…` takes a plain mapping of decoded form fields and raises `BadForm`.
    """

    def read_ussd(self, form: Mapping[str, str]) -> Hop: ...
    def read_ended(self, form: Mapping[str, str]) -> Ended: ...
    def read_sms(self, form: Mapping[str, str]) -> IncomingSms: ...
    def read_receipt(self, form: Mapping[str, str]) -> Receipt: ...
    def read_optout(self, form: Mapping[str, str]) -> Msisdn: ...
    def write_ussd(self, reply: Reply) -> str: ...


class Bell(Protocol):
    """Asks the workers to come and look. Losing a ring costs latency, never a request."""

    def ring(self) -> bool:
        """Ring after a commit, best effort; false where the queue could not be reached."""


class Clock(Protocol):
    """The one source of time. Real, or (demo and tests only) one that a person moves."""

    def __call__(self) -> datetime:
        """Give the present instant, aware, in UTC."""
