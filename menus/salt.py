"""What a session's salt decides: the key that goes on from the first consent screen, the code and the words.

The salt is a keyed hash of (channel, session), made in `helpline.keys.sealing`. Everything drawn from it comes out the
same on each retransmission (R6) and cannot be known before the session exists (R28).
"""

import hashlib
from dataclasses import dataclass

from menus.tree import OPTION_KEYS

SALT_BYTES = 16
CODE_DIGITS = 6
CALLER_WORDS = len(OPTION_KEYS)
"""Words a caller can be given in each language: she types hers as the digit beside it, 1 to 7."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How a request is known: a code of six digits, her word and ours, as places in the language's lists."""

    code: str
    word: int
    ours: int


def drawn_key(salt: bytes) -> str:
    """Give the key, 1 to 7, that goes on from the first consent screen in this session (R28)."""
    return OPTION_KEYS[salt[0] % len(OPTION_KEYS)]


def marks(salt: bytes, counter: int) -> Marks:
    """Draw code and words. `counter` is raised where another request already has this code with this word (R6)."""
    drawn = hashlib.blake2b(bytes([counter]), key=salt, digest_size=16).digest()
    code = int.from_bytes(drawn[:8], "big") % 10**CODE_DIGITS
    return Marks(f"{code:0{CODE_DIGITS}}", drawn[8] % CALLER_WORDS, int.from_bytes(drawn[9:11], "big"))
