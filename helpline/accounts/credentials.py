"""Passwords and typed second factors. Pure.

Passwords are hashed with argon2id; a login takes the same work whether or not the account exists. The second factors
are the six digits of an app (TOTP, RFC 6238) and recovery codes.
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
"""argon2id with 19 MiB, two passes, one lane: the first choice of the OWASP Password Storage cheat sheet. It takes
28 ms on a small machine, so four threads of logins do not take it down."""
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$QtR+P9iRdajH1mHgAoWoog$z8+3H6Ur5MQZf0W3tJLhpwxuYgBTe/B47fkNRvz0gFQ"
"""Compared if there is no such account, so that a refusal takes the same work. A test holds that it is made as the
others are. Making it at the start would take 28 ms. Whatever is typed is refused, also what it is the hash of."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """Hashes and compares passwords."""

    verify: Callable[[str, str], bool] = field(default=HASHER.verify)
    """A dependency, so that a test can count its calls."""
    hasher: PasswordHasher = field(default=HASHER)
    """The same, so that tests of other things need not wait for it."""

    def hash(self, password: str) -> str:
        """Return the hash of a new password: argon2id with its own salt."""
        return self.hasher.hash(_plain(password))

    def matches(self, known: str | None, password: str) -> bool:
        """Whether a password fits the hash `known`. Without a hash it does the same work, and the answer is no."""
        try:
            return self.verify(known or NOBODY, _plain(password)) and known is not None
        except (Argon2Error, InvalidHashError):
            return False


def _plain(password: str) -> str:
    """Return the text that is hashed. A lone surrogate cannot be encoded, and nobody types one on purpose."""
    return password.encode("utf-8", "replace").decode()


STEP_SECONDS = 30
SKEW = (0, -1, 1)
"""Steps around the present one whose codes are valid: clocks of telephones are off, and people type slowly."""
RECOVERY_CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that look alike. There are 31, so ten of them hold 49 bits."""
CYRILLIC = str.maketrans("асекмртухѕјһ", "acekmptyxsjh")
"""Cyrillic letters that look like a Latin one. Somebody who is read a code by telephone often types these."""
IN_INVITATION, GROUP = 12, 4
"""Letters of the code of an invitation, and of each group in which it is shown: it can be read out by telephone.

Twelve letters hold 59 bits. At a thousand tries a second during the three days of a hundred invitations, somebody would
find one with a probability of one in thirty million. So no limit is needed, which a stranger could use up for others.
"""
HALF = 5
"""Letters in each half of a recovery code."""


def new_secret() -> str:
    """Return a secret for an app: 160 bits in base32."""
    return pyotp.random_base32()


def address_of(secret: str, login: str, issuer: str) -> str:
    """Return the address (`otpauth:`) that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def code_now(secret: str, now: datetime) -> str:
    """Return the code of this moment. Only the demo uses it, which prints it."""
    return pyotp.TOTP(secret).at(now)


def matched_step(secret: str, typed: str, now: datetime, last: int) -> int | None:
    """Return the step whose code was typed. Return None if it is wrong, or not later than `last`, the step used before.

    So a code is valid once: somebody who saw it being typed cannot use it afterwards.
    """
    digits, step = digits_of(typed), int(now.timestamp()) // STEP_SECONDS
    totp, found = pyotp.TOTP(secret), None
    for off in SKEW:  # always all of them, so that the time taken reveals nothing
        at = step + off
        if hmac.compare_digest(totp.generate_otp(max(at, 0)).encode(), digits.encode()) and at > last and found is None:
            found = at
    return found


def digits_of(typed: str) -> str:
    """Return the digits of a typed text, in any script or grouping."""
    return "".join(str(unicodedata.digit(each)) for each in typed[:40] if unicodedata.digit(each, None) is not None)


def new_recovery_codes() -> list[str]:
    """Return a set of codes for a lost telephone, each valid once: `xxxxx-xxxxx`."""
    drawn = ["".join(secrets.choice(LETTERS) for _ in range(2 * HALF)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:HALF]}-{code[HALF:]}" for code in drawn]


def new_invitation_code() -> str:
    """Return the code of an invitation: `xxxx-xxxx-xxxx`."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(IN_INVITATION))
    return "-".join(drawn[at : at + GROUP] for at in range(0, IN_INVITATION, GROUP))


def invitation_of(typed: str) -> str:
    """Return the code of an invitation as it is hashed. Links of an earlier version had a longer one."""
    code = recovery_of(typed)
    return typed.strip() if len(code) > IN_INVITATION else code


def recovery_of(typed: str) -> str:
    """Return a recovery code as it is hashed: small Latin letters without separators, whatever keyboard typed them."""
    return "".join(each for each in typed.casefold()[:60].translate(CYRILLIC) if each in LETTERS)
