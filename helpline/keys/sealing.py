"""Keys, and what each of them can do. Which process holds which: docs/architecture.md.

    Sealing   public key     write a number down so that this process cannot read it again
    Opening   private keys   read it (workers, clock)
    Hashing   secret         find the line of a number (workers, clock)
    Words     secret         salt of a session, hash of a session, hash of code and word (all)

No lasting hash of a number can be made with what the public process holds: 10^8 numbers fall in minutes to
whoever has the key of such a hash, so the hash would *be* the number.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from helpline.core.phone_numbers import Hidden, Msisdn
from menus.salt import SALT_BYTES

KEY_BYTES = 32


class CannotOpen(Exception):
    """No key opens it, or it was sealed for another row."""


def new_key() -> str:
    """Make a secret of 256 bits, as base64 text."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def sealing_key_of(opening_key: str) -> str:
    """Give the public half of an opening key."""
    return base64.urlsafe_b64encode(bytes(PrivateKey(key_bytes(opening_key)).public_key)).decode()


def key_bytes(key: str) -> bytes:
    """Read a key of 32 bytes from base64. Raises `ValueError`."""
    raw = base64.urlsafe_b64decode(key)
    if len(raw) != KEY_BYTES:
        raise ValueError("a key is 32 bytes in base64: make one with `komek keys new`")
    return raw


@dataclass(frozen=True, slots=True)
class Sealing:
    """Writes down what only workers can read. Two seals of one number differ, so nothing can be compared."""

    box: SealedBox[PublicKey] = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "Sealing":
        """Make it from the sealing (public) key in base64."""
        return cls(SealedBox(PublicKey(key_bytes(key))))

    def seal(self, row: str, value: Hidden) -> bytes:
        """Seal `value` for the row with id `row`: it cannot be moved to another row unnoticed."""
        return self.box.encrypt(f"{row}\n{value.reveal()}".encode())


@dataclass(frozen=True, slots=True)
class Opening:
    """Reads what was sealed, with the present key or, during a rotation, an older one."""

    boxes: Sequence[SealedBox[PrivateKey]] = field(repr=False)

    @classmethod
    def of(cls, keys: str) -> "Opening":
        """Make it from opening (private) keys in base64, comma-separated, newest first."""
        return cls(tuple(SealedBox(PrivateKey(key_bytes(key))) for key in keys.split(",")))

    def open(self, row: str, sealed: bytes) -> Hidden:
        """Open what was sealed for `row`. Raises `CannotOpen`."""
        for box in self.boxes:
            try:
                owner, _, value = box.decrypt(sealed).decode().partition("\n")
            except CryptoError:
                continue
            if owner == row:
                return Hidden(value)
        raise CannotOpen


@dataclass(frozen=True, slots=True)
class Hashing:
    """Makes the hash by which requests of one telephone find their line (R27)."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "Hashing":
        """Make it from the hashing key in base64."""
        return cls(key_bytes(key))

    def caller(self, number: Msisdn) -> bytes:
        """Give the keyed hash of a number, 16 bytes."""
        return hashlib.blake2b(number.reveal().encode(), key=self.key, digest_size=16, person=b"caller").digest()


@dataclass(frozen=True, slots=True)
class Words:
    """Everything drawn from or hashed with the words key. Numbers never go in here."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "Words":
        """Make it from the words key in base64."""
        return cls(key_bytes(key))

    def salt(self, channel: str, session: str) -> bytes:
        """Give the salt of a session: the same at each hop, unknown before it exists (R6, R28)."""
        return hashlib.blake2b(
            f"{channel}\n{session}".encode(), key=self.key, digest_size=SALT_BYTES, person=b"salt"
        ).digest()

    def session(self, channel: str, session: str) -> str:
        """Give the hash under which a session's request is kept: 32 hex digits."""
        return self._hash(b"session", f"{channel}\n{session}")

    def code(self, code: str, word: int) -> str:
        """Give the hash of a caller's code and word: 32 hex digits."""
        return self._hash(b"code", f"{code}\n{word}")

    def offer_code(self, offer: str, draw: int) -> str:
        """Draw the five digits of an offer; they are derived and so never stored."""
        drawn = int(self._hash(b"offer", f"{offer}\n{draw}"), 16)
        return f"{drawn % 10**5:05}"

    def _hash(self, use: bytes, text: str) -> str:
        return hashlib.blake2b(text.encode(), key=self.key, digest_size=16, person=use).hexdigest()
