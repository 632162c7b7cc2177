"""The messages that the demo's phones received: a bounded store in the memory of one process."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock

from menus.gsm7 import fits_gsm7, parts

MOST_MESSAGES = 200
"""Messages kept per number; the oldest is dropped first."""
MOST_NUMBERS = 500


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS on a phone of the demo."""

    seq: int
    """It grows with each change."""
    id: str
    to: str
    at: datetime
    sender: str
    text: str
    parts: int
    encoding: str
    status: str
    """The gateway's own status."""


def _utc() -> datetime:
    return datetime.now(UTC)


class Inboxes:
    """The inboxes of all numbers, safe to use from several threads. `now` returns an aware instant in UTC."""

    def __init__(self, now: Callable[[], datetime] = _utc) -> None:
        self._now = now
        self._lock = Lock()
        self._seq = 0
        self._messages: dict[str, Message] = {}
        self._ids: dict[str, deque[str]] = {}

    def put(self, id: str, to: str, sender: str, text: str) -> Message:
        """Deliver `text` to the number `to` (E.164), under the gateway's `id`."""
        encoding = "GSM-7" if fits_gsm7(text) else "UCS-2"
        with self._lock:
            self._make_room(to)
            self._seq += 1
            message = Message(self._seq, id, to, self._now(), sender, text, len(parts(text)), encoding, "Queued")
            self._messages[id] = message
            self._ids.setdefault(to, deque()).append(id)
        return message

    def mark(self, id: str, status: str) -> None:
        """Set the status of the message `id`. A dropped message is ignored."""
        with self._lock:
            if id in self._messages:
                self._seq += 1
                self._messages[id] = replace(self._messages[id], status=status, seq=self._seq)

    def of(self, number: str) -> list[Message]:
        """Return the messages of a number, oldest first."""
        with self._lock:
            return [self._messages[id] for id in self._ids.get(number, ())]

    def since(self, seq: int) -> list[Message]:
        """Return the messages of all numbers that arrived or changed after `seq`, in order of the changes."""
        with self._lock:
            return sorted((m for m in self._messages.values() if m.seq > seq), key=lambda m: m.seq)

    def _make_room(self, to: str) -> None:
        if to in self._ids and len(self._ids[to]) >= MOST_MESSAGES:
            del self._messages[self._ids[to].popleft()]
        if to not in self._ids and len(self._ids) >= MOST_NUMBERS:
            for id in self._ids.pop(next(iter(self._ids))):
                del self._messages[id]
