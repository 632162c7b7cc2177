"""The key of one call: made of the gateway's session id, which is written down nowhere.

A worker learns the id when the gateway rings a caseworker's telephone; the public process when that telephone is
answered. Between the two her number lies under it, so that neither the database nor the public process alone opens it.
"""

import hashlib
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from helpline.numbers import Hidden, Msisdn, msisdn
from helpline.vault import CannotOpen, Words


@dataclass(frozen=True, slots=True)
class CallKey:
    """Seals and opens for one call. `row`: the hash under which its row is found."""

    row: str
    box: SecretBox = field(repr=False)

    @classmethod
    def of(cls, words: Words, channel: str, session: str) -> "CallKey":
        """Make it from the session id that the gateway gave or brings. Numbers never go into what is hashed."""
        id = f"{channel}\n{session}".encode()
        row = hashlib.blake2b(id, key=words.key, digest_size=16, person=b"call")
        key = hashlib.blake2b(id, key=words.key, digest_size=SecretBox.KEY_SIZE, person=b"call key")
        return cls(row.hexdigest(), SecretBox(key.digest()))

    def seal(self, number: Hidden) -> bytes:
        """Seal a number until the call is answered."""
        return bytes(self.box.encrypt(number.reveal().encode()))

    def open(self, sealed: bytes) -> Msisdn:
        """Open it. Raises `CannotOpen`."""
        try:
            return msisdn(self.box.decrypt(sealed).decode())
        except CryptoError:
            raise CannotOpen from None
