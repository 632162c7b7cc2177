"""What the console has opened before, so that a flood of unread stops is not opened again by each poll (R18)."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from helpline.keys.sealing import CannotOpen, Opening

MOST = 20_000
"""Rows that are remembered at most."""
REMEMBERED = timedelta(hours=1)
"""A long-lived process must not remember a telephone whose number is erased (R34)."""


@dataclass(slots=True)
class OpenedBefore:
    """Hashes of the telephones in sealed rows, for all threads of a process. No number is kept."""

    opening: Opening
    log: Callable[[str, str], None]
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Of this process only: a hash of one process equals none of another."""
    known: dict[tuple[str, bytes], bytes] = field(default_factory=dict, repr=False)
    """The id of a row with the hash of what is sealed in it, and what `telephone` returned for it."""
    began: datetime | None = None
    lock: Lock = field(default_factory=Lock, repr=False)

    def telephone(self, row: str, sealed: bytes | None, now: datetime) -> bytes:
        """Return a hash of the telephone in a row, to compare it.

        If no key opens the row, return its id, which equals no hash. This is logged once, as long as it is remembered.
        """
        asked = row, self._hash(sealed or b"")
        with self.lock:
            self._forget(now)
            known = self.known.get(asked)
            if known is None:
                known = self.known[asked] = self._opened(row, sealed or b"")
        return known

    def hash_of(self, phone: str) -> bytes:
        """Return the hash of a telephone, to compare it with others of this process."""
        return self._hash(phone.encode())

    def _opened(self, row: str, sealed: bytes) -> bytes:
        try:
            return self.hash_of(self.opening.open(row, sealed).reveal().partition("\n")[0])
        except CannotOpen:
            self.log("cannot_open", row)
            return row.encode()

    def _forget(self, now: datetime) -> None:
        """Forget all when there is too much of it, and every hour the telephones."""
        if self.began is None or not timedelta(0) <= now - self.began < REMEMBERED:
            self.known = {asked: known for asked, known in self.known.items() if known == asked[0].encode()}
            self.began = now
        if len(self.known) >= MOST:
            self.known = {}

    def _hash(self, value: bytes) -> bytes:
        return hashlib.blake2b(value, key=self.key, digest_size=16).digest()
