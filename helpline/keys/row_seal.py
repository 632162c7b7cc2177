"""The authentication code (MAC) that proves that a contact or an account is genuine. It is made with the contact key.

A contact without a valid code is ignored: it gets no offers and no numbers, and its texts are not orders. An account
without a valid code cannot sign in. The public process does not have this key. So an attacker who controls it cannot
pose as a service (docs/decisions/0015-contacts.md) or as a coordinator (docs/decisions/0017-accounts.md).
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from helpline.keys.sealing import key_bytes


@dataclass(frozen=True, slots=True)
class ContactKey:
    """Makes and checks the codes of contacts and accounts."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "ContactKey":
        """Make this object from the contact key in base64."""
        return cls(key_bytes(key))

    def contact(self, *columns: object) -> str:
        """Return the code over the columns of a contact (listed in `staff/contacts.py`)."""
        return self._over(b"contact", columns)

    def account(self, *columns: str | None) -> str:
        """Return the code over the columns that decide what an account may do (listed in `staff/people.py`)."""
        return self._over(b"account", columns)

    @staticmethod
    def is_genuine(mac: str, code: str) -> bool:
        """Whether a stored code is the right one. It takes the same time for every wrong code."""
        return hmac.compare_digest(mac.encode(), code.encode())

    def _over(self, use: bytes, columns: Sequence[object]) -> str:
        row = json.dumps(columns).encode()
        return hashlib.blake2b(row, key=self.key, digest_size=32, person=use).hexdigest()
