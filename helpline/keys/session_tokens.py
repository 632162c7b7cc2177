"""What the console uses its session key for. Each use has a key of its own, derived from the session key.

token     hash by which the database finds a session, an invitation or a recovery code
form      proof that a form comes from us and belongs to this session
tried     hash of a login or an address whose failed attempts are counted
mark      value that tells a browser that something has changed, but not what
box       encrypts what only the console may read: second-factor secrets, and text typed when a session ended
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
    """Make a secret of 256 bits as text for a cookie or a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def session_token(person: str, proved: datetime | None) -> str:
    """Make the token for the browser's cookie: a secret, the person's id, and when they gave a second factor.

    The database stores a keyed hash of the whole token. So an attacker who can write to the database but has no
    session key cannot turn a session into another person's. Nor can they make a session that has only seen the
    password look like one with a second factor (R32).
    """
    return new_token() + _suffix(person, proved)


def is_token_of(token: str, person: str, proved: datetime | None) -> bool:
    """Whether a token was made for this person and this second factor."""
    return token.endswith(_suffix(person, proved))


def _suffix(person: str, proved: datetime | None) -> str:
    return f".{person}.{int(proved.timestamp()) if proved else ''}"


@dataclass(frozen=True, slots=True)
class SessionKey:
    """The session key. With it and the database one can sign in as anybody, so only the console holds it."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "SessionKey":
        """Make this object from the session key in base64."""
        raw = base64.urlsafe_b64decode(key)
        if len(raw) != SecretBox.KEY_SIZE:
            raise ValueError("a key is 32 bytes in base64: make one with `komek keys new`")
        return cls(raw)

    def token(self, token: str) -> str:
        """Return the hash of a token: 64 hex digits. The token itself is not in the database."""
        return self._mac(b"token", token)

    def recovery(self, person: str, code: str) -> str:
        """Return the hash of a person's recovery code. It is valid for this person only (R32)."""
        return self.token(f"recovery {person} {code}")

    def form(self, owner: str, nonce: str) -> str:
        """Return the proof of a form. `owner` is the session, or the cookie of a visitor without a session."""
        return self._mac(b"form", f"{owner}\n{nonce}")[:32]

    def form_is_ours(self, owner: str, nonce: str, proof: str) -> bool:
        """Whether a form comes from us and belongs to this session."""
        return hmac.compare_digest(self.form(owner, nonce).encode(), proof.encode("utf-8", "replace"))

    def tried(self, kind: str, what: str) -> str:
        """Return the hash under which failed attempts are counted, so that no login or address is stored in clear."""
        return self._mac(b"tried", f"{kind}\n{what}")[:32]

    def mark(self, what: str) -> str:
        """Return a value that changes with `what` but does not reveal it: 16 hex digits."""
        return self._mac(b"mark", what)[:16]

    def seal(self, row: str, value: str) -> bytes:
        """Encrypt a text for one row. `open` refuses it in any other row."""
        return bytes(self._box().encrypt(f"{row}\n{value}".encode()))

    def open(self, row: str, sealed: bytes) -> str | None:
        """Decrypt a text for a row. Return None if it has another key or was made for another row."""
        try:
            owner, _, value = self._box().decrypt(sealed).decode().partition("\n")
        except (CryptoError, ValueError):
            return None
        return value if owner == row else None

    def _box(self) -> SecretBox:
        return SecretBox(hashlib.blake2b(key=self.key, digest_size=32, person=b"box").digest())

    def _mac(self, use: bytes, text: str) -> str:
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=self.key, digest_size=32, person=use).hexdigest()
