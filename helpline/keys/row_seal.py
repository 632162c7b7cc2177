"""What makes a telephone of the directory, or an account of the console, count: a code of the contact key.

A telephone that somebody else wrote into the database is as if it were not there: it is offered nothing, shown no
number, and what comes from it is no order. An account that somebody else changed lets nobody in. The public process
has no such key, so whoever takes it over cannot make itself a service (docs/decisions/0015-contacts.md), nor a
coordinator (docs/decisions/0017-accounts.md).
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from helpline.directory.service import Contact
from helpline.keys.sealing import key_bytes


@dataclass(frozen=True, slots=True)
class ContactKey:
    """Makes the code of a contact or an account, and tells whether one is genuine."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, key: str) -> "ContactKey":
        """Make it from the contact key in base64."""
        return cls(key_bytes(key))

    def mac(self, country: str, who: Contact, *more: str) -> str:
        """Give the code over all that a contact is, but for whether it is on duty, which its desk says by SMS.

        `more`: what else is under it, where the contact only waits to be one.
        """
        names = sorted(who.names.items())
        all_of_it = [
            who.id,
            who.kind,
            country,
            who.phone,
            names,
            who.language,
            who.accepts_numbers_by_sms,
            who.service,
            *more,
        ]
        return self._over(b"contact", all_of_it)

    def made(self, mac: str, country: str, who: Contact, *more: str) -> bool:
        """Tell whether a contact is as whoever holds the key wrote it."""
        return hmac.compare_digest(mac.encode(), self.mac(country, who, *more).encode())

    def account(self, *columns: str | None) -> str:
        """Give the code over what gives an account its power; `staff/people.py` says which columns these are."""
        return self._over(b"account", columns)

    def _over(self, what: bytes, all_of_it: Sequence[object]) -> str:
        row = json.dumps(all_of_it).encode()
        return hashlib.blake2b(row, key=self.key, digest_size=32, person=what).hexdigest()
