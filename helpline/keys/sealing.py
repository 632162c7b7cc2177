"""The keys of a deployment and what each is used for. docs/architecture.md says which process holds which key.

    Sealing   public key     encrypt a number so that this process cannot read it again
    Opening   private keys   decrypt it (workers, clock, console)
    Hashing   secret         find the phone line of a number (workers, clock)
    Words     secret         salt of a session, hash of a session, hash of code and word (all but the console)

The public process cannot make a lasting hash of a number. With the key of such a hash, an attacker could try all
10^8 numbers in minutes, so the hash would be as good as the number.
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
    """No key decrypts the value, or it was sealed for another row."""


def new_key() -> str:
    """Make a secret of 256 bits in base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def sealing_key_of(opening_key: str) -> str:
    """Return the public key of an opening key."""
    return base64.urlsafe_b64encode(bytes(PrivateKey(key_bytes(opening_key)).public_key)).decode()


def key_bytes(key: str) -> bytes:
    """Decode a key of 32 bytes from base64. Raise `ValueError` if it has another length."""
    raw = base64.urlsafe_b64decode(key)
    if len(raw) != KEY_BYTES:
        raise ValueError("a key is 32 bytes in base64: make one with `komek keys new`")
    return raw


@dataclass(frozen=True, slots=True)
class Sealing:
    """Encrypts values that only an opening key can read. Two seals of one number differ, so nobody can compare them."""

    box: SealedBox[PublicKey] = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "Sealing":
        """Make this object from the sealing (public) key in base64."""
        return cls(SealedBox(PublicKey(key_bytes(key))))

    def seal(self, row: str, value: Hidden) -> bytes:
        """Seal `value` for the row with id `row`. `Opening` refuses it in any other row."""
        return self.box.encrypt(f"{row}\n{value.reveal()}".encode())


@dataclass(frozen=True, slots=True)
class Opening:
    """Decrypts sealed values, with the current key or (during a rotation) an older one."""

    boxes: Sequence[SealedBox[PrivateKey]] = field(repr=False)

    @classmethod
    def of(cls, keys: str) -> "Opening":
        """Make this object from opening (private) keys in base64, comma-separated, newest first."""
        return cls(tuple(SealedBox(PrivateKey(key_bytes(key))) for key in keys.split(",")))

    def open(self, row: str, sealed: bytes) -> Hidden:
        """Return the value that was sealed for `row`. Raise `CannotOpen` if that is impossible."""
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
    """Makes the hash that assigns all requests of one phone number to the same line (R27)."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "Hashing":
        """Make this object from the hashing key in base64."""
        return cls(key_bytes(key))

    def caller(self, number: Msisdn) -> bytes:
        """Return the keyed hash of a number, 16 bytes."""
        return hashlib.blake2b(number.reveal().encode(), key=self.key, digest_size=16, person=b"caller").digest()


@dataclass(frozen=True, slots=True)
class Words:
    """Derives salts, hashes and codes from the words key. It never receives phone numbers."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "Words":
        """Make this object from the words key in base64."""
        return cls(key_bytes(key))

    def salt(self, channel: str, session: str) -> bytes:
        """Return the salt of a session. It is the same at each hop and cannot be predicted (R6, R28)."""
        return hashlib.blake2b(
            f"{channel}\n{session}".encode(), key=self.key, digest_size=SALT_BYTES, person=b"salt"
        ).digest()

    def session(self, channel: str, session: str) -> str:
        """Return the hash by which a session's request is found: 32 hex digits."""
        return self._hash(b"session", f"{channel}\n{session}")

    def code(self, code: str, word: int) -> str:
        """Return the hash of a caller's code and word: 32 hex digits."""
        return self._hash(b"code", f"{code}\n{word}")

    def message(self, channel: str, id: str) -> str:
        """Return the hash of a gateway's id of a message: 32 hex digits."""
        return self._hash(b"message", f"{channel}\n{id}")

    def calls_of_day(self, half: bytes) -> tuple[bytes, bytes]:
        """Return the keys that find and seal the calls in progress, from the random half that is made each day."""
        find = hashlib.blake2b(half, key=self.key, digest_size=KEY_BYTES, person=b"calls find")
        seal = hashlib.blake2b(half, key=self.key, digest_size=KEY_BYTES, person=b"calls seal")
        return find.digest(), seal.digest()

    def codes_of_day(self, half: bytes) -> bytes:
        """Return the key under which wrong codes are counted today, from the random half that is made each day."""
        return hashlib.blake2b(half, key=self.key, digest_size=KEY_BYTES, person=b"codes count").digest()

    def _hash(self, use: bytes, text: str) -> str:
        return hashlib.blake2b(text.encode(), key=self.key, digest_size=16, person=use).hexdigest()
