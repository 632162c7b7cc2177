"""What is drawn from a session's salt: the key that continues from the first consent screen, the code and the words.

The salt is a keyed hash of (channel, session), made in `helpline.keys.sealing`. Everything drawn from it is the same
on each retransmission (R6) and cannot be predicted before the session exists (R28).
"""

import hashlib
from dataclasses import dataclass

from menus.tree import OPTION_KEYS

SALT_BYTES = 16
CODE_DIGITS = 6
CALLER_WORDS = len(OPTION_KEYS)
"""How many words callers can be given in each language. A caller types the digit beside their word, 1 to 7."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What identifies a request to its caller (R6)."""

    code: str
    """Six digits."""
    word: int
    """The caller's word, as an index of the language's list."""
    our_word: int
    """The word that we say, as an index of the language's list (modulo its length)."""


def drawn_key(salt: bytes) -> str:
    """Return the key, 1 to 7, that continues from the first consent screen in this session (R28)."""
    return OPTION_KEYS[salt[0] % len(OPTION_KEYS)]


def marks(salt: bytes, counter: int) -> Marks:
    """Return the code and the words. Use the next `counter` if another request has this code with this word (R6)."""
    drawn = hashlib.blake2b(bytes([counter]), key=salt, digest_size=16).digest()
    code = int.from_bytes(drawn[:8], "big") % 10**CODE_DIGITS
    return Marks(f"{code:0{CODE_DIGITS}}", drawn[8] % CALLER_WORDS, int.from_bytes(drawn[9:11], "big"))
