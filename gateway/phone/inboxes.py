"""What the demo's phones received. It lives in the memory of one process and nowhere else, and is bounded."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock

from menus.gsm7 import fits_gsm7, parts

MOST_MESSAGES = 200
"""Kept of one number; the oldest goes first."""
MOST_NUMBERS = 500


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS on a phone of the demo. `seq` moves on with each change; `status` is the gateway's own word."""

    seq: int
    id: str
    to: str
    at: datetime
    sender: str
    text: str
    parts: int
    encoding: str
    status: str


def _utc() -> datetime:
    return datetime.now(UTC)


class Inboxes:
    """The inboxes of all numbers, safe to use from several threads. `now` gives an aware instant in UTC."""

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
        """Note how far the message `id` has come; one that is no longer kept is passed over."""
        with self._lock:
            if id in self._messages:
                self._seq += 1
                self._messages[id] = replace(self._messages[id], status=status, seq=self._seq)

    def of(self, number: str) -> list[Message]:
        """Give what a number received, oldest first."""
        with self._lock:
            return [self._messages[id] for id in self._ids.get(number, ())]

    def since(self, seq: int) -> list[Message]:
        """Give what came or changed after `seq`, for any number, in the order of the changes."""
        with self._lock:
            return sorted((m for m in self._messages.values() if m.seq > seq), key=lambda m: m.seq)

    def _make_room(self, to: str) -> None:
        if to in self._ids and len(self._ids[to]) >= MOST_MESSAGES:
            del self._messages[self._ids[to].popleft()]
        if to not in self._ids and len(self._ids) >= MOST_NUMBERS:
            for id in self._ids.pop(next(iter(self._ids))):
                del self._messages[id]
