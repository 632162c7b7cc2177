"""Authentication codes (MACs) that prove that a row is genuine. They are made with the contact key.

A contact without a valid code is ignored: it gets no offers and no numbers, and its texts are not orders. An account
without a valid code cannot sign in. An offer or a claim without one opens no number, and a text without one is not
sent. The public process does not have this key. So an attacker who controls it cannot pose as a service
(docs/decisions/0015-contacts.md) or as a coordinator (docs/decisions/0017-accounts.md), nor offer a request, claim it
or write a text (docs/decisions/0022-genuine-claims.md).
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from helpline.keys.sealing import key_bytes


class NoContactKey(Exception):
    """This process has no contact key, so it may write no contact, account, offer, claim or text."""


@dataclass(frozen=True, slots=True)
class ContactKey:
    """Makes and checks the codes of rows, and makes the five digits of offers."""

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

    def offer(self, *columns: object) -> str:
        """Return the code over the columns of an offer or a claim (listed in `request/offer_seal.py`)."""
        return self._over(b"offer", columns)

    def text(self, *columns: object) -> str:
        """Return the code over the columns of an outgoing text (listed in `store/texts_out.py`)."""
        return self._over(b"text", columns)

    def offer_code(self, offer: str, draw: int) -> str:
        """Return the five digits of an offer. They can be derived again, so they are never stored."""
        number = int(self._over(b"digits", (offer, draw)), 16)
        return f"{number % 10**5:05}"

    @staticmethod
    def is_genuine(mac: str, code: str) -> bool:
        """Whether a stored code is the right one. It takes the same time for every wrong code."""
        return hmac.compare_digest(mac.encode(), code.encode())

    def _over(self, use: bytes, columns: Sequence[object]) -> str:
        row = json.dumps(columns, sort_keys=True).encode()
        return hashlib.blake2b(row, key=self.key, digest_size=32, person=use).hexdigest()
