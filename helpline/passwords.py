"""Passwords: argon2id, and the same work whether or not there is such an account."""

from collections.abc import Callable
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with 19 MiB, twice, one lane: the OWASP Password Storage cheat sheet's first choice; 28 ms on a small
machine, so that four threads of logins do not take it down."""
NOBODY = HASHER.hash("nobody has this password, and whoever types it is refused all the same")


@dataclass(frozen=True, slots=True)
class Passwords:
    """Hashes and compares. `verify` is a dependency, so that a test can count how often it is asked."""

    verify: Callable[[str, str], bool] = field(default=HASHER.verify)

    def hash(self, password: str) -> str:
        """Give the hash of a new password: argon2id with a salt of its own."""
        return HASHER.hash(_plain(password))

    def matches(self, known: str | None, password: str) -> bool:
        """Tell whether a password is the one of `known`; where there is none, nobody's is compared: the same work."""
        try:
            return self.verify(known or NOBODY, _plain(password)) and known is not None
        except (Argon2Error, InvalidHashError):
            return False


def _plain(password: str) -> str:
    """Give what is hashed: a lone surrogate cannot be encoded, and nobody types one on purpose."""
    return password.encode("utf-8", "replace").decode()
