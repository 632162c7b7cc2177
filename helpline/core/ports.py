"""The values that the domain and the gateways exchange, and the protocols that a gateway must implement.

`gateway.channels` parses everything that a provider sends into these values, so no string inside the domain can be a
phone number. There is a `Protocol` only where there are two implementations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, Msisdn


@dataclass(frozen=True, slots=True)
class Hop:
    """One USSD hop. `keys` are all keys pressed since the dial, oldest first."""

    session: str
    caller: Msisdn
    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Press:
    """One USSD hop of a gateway whose ids of calls cannot be trusted, or which sends only the last key.

    `helpline.caller.calls_in_progress` makes a `Hop` of it, with a session id of our own.
    """

    call: str = field(repr=False)
    """The gateway's id of the call. It may be short, used again, a number, or empty."""
    caller: Msisdn
    key: str | None = field(repr=False)
    """What was typed; None for the dial."""
    hop: str = field(default="", repr=False)
    """The gateway's id of this hop, the same if it repeats the hop; empty if it has none."""
    so_far: tuple[str, ...] | None = field(default=None, repr=False)
    """All keys since the dial, if the gateway repeats them. Then `key` is the last of them."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a USSD session, with all keys that were pressed in it."""

    session: str
    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class HungUp:
    """The end of a call that was reported by `Press`."""

    call: str = field(repr=False)
    caller: Msisdn


@dataclass(frozen=True, slots=True)
class Reply:
    """The text that the handset shows. `last` ends the USSD session."""

    text: str
    last: bool


@dataclass(frozen=True, slots=True)
class IncomingSms:
    """An SMS to our number. `id` is the gateway's own and the same on each retry."""

    id: str
    sender: Msisdn
    text: Hidden
    to: str = ""
    """The code or number that it was sent to. Only from there may its sender be answered."""


class Delivery(StrEnum):
    """The delivery state of an SMS, in order. A report may only move it forward, since receipts come in any order."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    """The gateway may have accepted it, but did not answer. It must not simply be sent to a caller again (R12)."""
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    VOID = "void"
    """Cancelled before it was sent: for example, the offer is closed or the caller has withdrawn."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery report. `status` is None if the provider used an unknown word."""

    id: str
    status: Delivery | None


@dataclass(frozen=True, slots=True)
class OptOut:
    """Somebody told the gateway that they want no more messages."""

    number: Msisdn


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One of several things in a request that could not be read. The others count."""

    fault: str
    """What is wrong, for the log: it holds nothing of a caller."""


Event = Hop | Press | Ended | HungUp | IncomingSms | Receipt | OptOut | Unreadable
"""What a gateway's request can report."""


@dataclass(frozen=True, slots=True)
class CallStep:
    """A gateway's report about a voice call."""

    session: str = field(repr=False)
    outbound: bool
    """Whether we made the call. False if somebody called us."""
    active: bool
    """Whether the call is still going on."""
    keys: str | None = field(default=None, repr=False)
    """The keys pressed; None before the first."""
    cause: str = ""
    """Why the call ended."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Speak a text to the person who answered, and wait for one key."""

    text: str


@dataclass(frozen=True, slots=True)
class Join:
    """Call a number from `trunk` and connect it to the person on the line. Nothing is recorded."""

    number: Msisdn
    trunk: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call without saying anything."""


CallAnswer = Ask | Join | HangUp


class SendFailed(Exception):
    """A message was not sent or a call was not made, or the result is unknown.

    `retry`: another attempt could succeed. `unknown`: the gateway may have accepted it despite the error (timeout),
    so another attempt can send a second SMS. `reason` is a fixed word (a status, a class name), never a number.
    """

    def __init__(self, reason: str, *, retry: bool, unknown: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.unknown = unknown


class BadForm(Exception):
    """A request body that no gateway would send. `str()` is one line with the field's name and never its value.

    `logged` is what the log may say, if `str()` has a name that came with the request: that could be a misplaced text.
    """

    def __init__(self, fault: str, *, logged: str = "") -> None:
        super().__init__(fault)
        self.logged = logged or fault


class Sender(Protocol):
    """Sends SMS through a gateway."""

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        """Send one SMS and return the gateway's message id. Raise `SendFailed` if it was not sent.

        `ref` is our own id of the message. `sender` is the code to send from; empty means the channel's usual one.
        """


class Poller(Protocol):
    """Asks a gateway what became of texts, where it does not report that itself."""

    def poll(self, ids: Sequence[str]) -> Sequence[Receipt]:
        """Return receipts of some of these texts, by the gateway's ids. Raise `SendFailed` if there is no answer."""


class Purse(Protocol):
    """Asks a gateway how much money is left."""

    def balance(self) -> float:
        """Return the amount, in the gateway's currency. Raise `SendFailed` if there is no clear answer."""


class CallMaker(Protocol):
    """Makes phone calls through a gateway that can connect two phones."""

    def call(self, to: Msisdn, trunk: str) -> str:
        """Call a phone of a service from `trunk` and return the session id. Raise `SendFailed` if it fails.

        The session id is a secret: it is never printed or stored.
        """


class Voice(Protocol):
    """Reads and answers a gateway's requests about a call. Raises `BadForm`."""

    def read_call(self, form: Mapping[str, str]) -> CallStep: ...
    def write_call(self, answer: CallAnswer) -> str: ...


class Headers(Protocol):
    """The headers of a request, which are found by their names in lower case."""

    def get(self, name: str, otherwise: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A gateway's request, as it came."""

    method: str
    query: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    path: tuple[str, ...] = field(default=(), repr=False)
    """The parts of the address behind the kind of the request. Some gateways put the id of a call there."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a gateway."""

    status: int
    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/plain; charset=utf-8"),)


class Channel(Protocol):
    """Reads a gateway's requests and writes the answers in its language. Made by a file of `gateway.channels`."""

    @property
    def kinds(self) -> Mapping[str, frozenset[str]]:
        """The kinds of requests that the gateway sends (`ussd`, `sms` …), each with its HTTP methods.

        `ussd/` is a kind whose address goes on behind it.
        """

    @property
    def most_bytes(self) -> int:
        """The size of the largest body that the gateway sends."""

    def read(self, kind: str, asked: Asked) -> Sequence[Event]:
        """Return what a request reports: nothing, one event, or several. Raise `BadForm`."""

    def answer(self, kind: str, asked: Asked, reply: Reply | None) -> Answered:
        """Write the answer after success. `reply` is the screen to show, or None if there is nobody to show one."""

    def refuse(self, kind: str, asked: Asked, fault: str) -> Answered:
        """Write the answer to a request that this gateway would not send. `fault` holds nothing of a caller."""

    def again(self, kind: str, asked: Asked) -> Answered:
        """Write the answer after which the gateway sends the request again: it could not be stored."""


class JobQueue(Protocol):
    """Wakes the workers. A lost wake-up costs latency, never a request."""

    def wake(self, job: Job) -> bool:
        """Ask for a job, best effort, after the commit of its rows. Return whether the queue could be reached."""


class Clock(Protocol):
    """The only source of time: real, or (in the demo and in tests) a clock that can be moved."""

    def __call__(self) -> datetime:
        """Return the current instant, aware, in UTC."""


class WatchedTime(Clock, Protocol):
    """A clock that knows whether it can be trusted."""

    def is_sure(self) -> bool:
        """Whether time is so certain that something may end or be deleted because of it."""
