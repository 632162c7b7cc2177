"""Passwords: argon2id, and the same work whether or not there is such an account.

Second factors that are typed: the six digits of an app (TOTP, RFC 6238), and recovery codes. Pure.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
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


STEP_SECONDS = 30
SKEW = (0, -1, 1)
"""Steps beside the present one that count: telephones' clocks are off, and people type slowly."""
RECOVERY_CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are mistaken for one another: 31 letters, so that ten of them hold 49 bits."""
HALF = 5


def new_secret() -> str:
    """Make the secret that an app is told: 160 bits in base32."""
    return pyotp.random_base32()


def address_of(secret: str, login: str, issuer: str) -> str:
    """Give the address (`otpauth:`) that an app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def code_now(secret: str, now: datetime) -> str:
    """Give the code of this moment: for the demo, which prints it."""
    return pyotp.TOTP(secret).at(now)


def matched_step(secret: str, typed: str, now: datetime, last: int) -> int | None:
    """Give the step whose code was typed; None where it is wrong, or not younger than `last`, the one used before.

    So a code is good once, and whoever looked over a shoulder comes too late.
    """
    digits, step = digits_of(typed), int(now.timestamp()) // STEP_SECONDS
    totp, found = pyotp.TOTP(secret), None
    for off in SKEW:  # all of them, always: the time taken tells nothing
        at = step + off
        if hmac.compare_digest(totp.generate_otp(max(at, 0)).encode(), digits.encode()) and at > last and found is None:
            found = at
    return found


def digits_of(typed: str) -> str:
    """Give the digits of what was typed, in whatever script or groups."""
    return "".join(str(unicodedata.digit(each)) for each in typed[:40] if unicodedata.digit(each, None) is not None)


def new_recovery_codes() -> list[str]:
    """Make a set of codes for the day that the telephone is lost, each good once: `xxxxx-xxxxx`."""
    drawn = ["".join(secrets.choice(LETTERS) for _ in range(2 * HALF)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:HALF]}-{code[HALF:]}" for code in drawn]


def recovery_of(typed: str) -> str:
    """Give a recovery code as it is hashed: small letters without anything between."""
    return "".join(each for each in typed.casefold()[:60] if each in LETTERS)
