"""Events for an NGO's own systems: a request was claimed, stranded or closed. Off by default.

An event says what happened in which hour, and nothing else: no number, no id of a request, a service or a person. It
is sent after that hour is over, so the moment of sending tells no more than its text. Drills are left out.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from helpline.request.model import State

KIND = "event"
"""In the outbox: send an event. `ref` is all of it."""
TYPES: Mapping[State, str] = {
    State.CLAIMED: "claimed", State.STRANDED: "stranded", State.CLOSED: "closed", State.EXPIRED: "closed",
}  # fmt: skip
HOUR = timedelta(hours=1)
STAMP = "%Y%m%d%H"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a request."""

    what: str
    hour: datetime
    """The beginning of the hour in which it happened."""
    id: str
    """Drawn at random, so that a receiver can tell an event that came twice."""

    @classmethod
    def new(cls, to: State, now: datetime) -> Self:
        """Return the event of a request that moved to a state of `TYPES`."""
        return cls(TYPES[to], now.astimezone(UTC).replace(minute=0, second=0, microsecond=0), secrets.token_hex(8))

    @classmethod
    def of(cls, ref: str) -> Self:
        """Read an event from its row of the outbox."""
        what, stamp, id = ref.split("-")
        return cls(what, datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), id)

    @property
    def ref(self) -> str:
        """The event as the outbox has it."""
        return f"{self.what}-{self.hour:{STAMP}}-{self.id}"

    @property
    def due(self) -> datetime:
        """When it may be sent."""
        return self.hour + HOUR

    def body(self, country: str) -> bytes:
        """Return the event as JSON."""
        told = {"id": self.id, "type": f"request.{self.what}", "hour": f"{self.hour:%Y-%m-%dT%H:00:00Z}"}
        return json.dumps(told | {"country": country}, separators=(",", ":")).encode()


def signature(key: str, body: bytes, sent: datetime) -> str:
    """Return the header that proves who sent a body and when: `t=…,v1=…`, HMAC-SHA256 over time, dot and body."""
    at = int(sent.timestamp())
    return f"t={at},v1={hmac.new(key.encode(), b'%d.%b' % (at, body), hashlib.sha256).hexdigest()}"
