"""What the console does with its session key. From one key come others, one a use, so that none helps with another.

token     hash under which a session, an invitation or a recovery code lies in the database
form      what proves that a form is ours, of this session
tried     hash of a login or an address whose wrong tries are counted
mark      tells a browser that something has changed, and not what
box       seals what only the console may read again: secrets of second factors, what was typed when a session ended
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

TOKEN_BYTES = 32


def new_token() -> str:
    """Make a secret of 256 bits, as text for a cookie or an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def session_token(person: str, proved: datetime | None) -> str:
    """Make what a browser is to hold: a secret, whose session it is, and when a second factor was given in it.

    What lies in the database is a hash of all of it. So who can write there, and has no session key, can turn no
    session of his own into another's, and none that was only given the password into a whole one (R32).
    """
    return new_token() + _whose(person, proved)


def is_token_of(token: str, person: str, proved: datetime | None) -> bool:
    """Tell whether a token was made for this person and this second factor."""
    return token.endswith(_whose(person, proved))


def _whose(person: str, proved: datetime | None) -> str:
    return f".{person}.{int(proved.timestamp()) if proved else ''}"


@dataclass(frozen=True, slots=True)
class SessionKey:
    """The session key. Whoever has it and the database can sign in as anybody: it is held by the console alone."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "SessionKey":
        """Make it from the session key in base64."""
        raw = base64.urlsafe_b64decode(key)
        if len(raw) != SecretBox.KEY_SIZE:
            raise ValueError("a key is 32 bytes in base64: make one with `komek keys new`")
        return cls(raw)

    def token(self, token: str) -> str:
        """Give the hash of a token: 64 hex digits. The token itself is nowhere in the database."""
        return self._mac(b"token", token)

    def recovery(self, person: str, code: str) -> str:
        """Give the hash of a recovery code (as `second.recovery_of` gives it), which is nobody else's (R32)."""
        return self.token(f"recovery {person} {code}")

    def form(self, owner: str, nonce: str) -> str:
        """Give what proves a form: `owner` is the session, or the cookie of somebody who has none yet."""
        return self._mac(b"form", f"{owner}\n{nonce}")[:32]

    def form_is_ours(self, owner: str, nonce: str, proof: str) -> bool:
        """Tell whether a form came from us, in this session."""
        return hmac.compare_digest(self.form(owner, nonce).encode(), proof.encode("utf-8", "replace"))

    def tried(self, kind: str, what: str) -> str:
        """Give the hash under which wrong tries are counted: no login and no address lies there in clear."""
        return self._mac(b"tried", f"{kind}\n{what}")[:32]

    def mark(self, what: str) -> str:
        """Give a mark that changes with `what` and tells nothing of it: 16 hex digits."""
        return self._mac(b"mark", what)[:16]

    def seal(self, row: str, value: str) -> bytes:
        """Seal a text for one row; it cannot be moved to another unnoticed."""
        return bytes(self._box().encrypt(f"{row}\n{value}".encode()))

    def open(self, row: str, sealed: bytes) -> str | None:
        """Open what was sealed for a row; None where this key did not, or it was for another row."""
        try:
            owner, _, value = self._box().decrypt(sealed).decode().partition("\n")
        except (CryptoError, ValueError):
            return None
        return value if owner == row else None

    def _box(self) -> SecretBox:
        return SecretBox(hashlib.blake2b(key=self.key, digest_size=32, person=b"box").digest())

    def _mac(self, use: bytes, text: str) -> str:
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=self.key, digest_size=32, person=use).hexdigest()
