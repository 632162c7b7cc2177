"""A call as it is written down, and what became of it there."""

from dataclasses import dataclass

from helpline.contact import Span
from helpline.numbers import Msisdn


class OutOfDraws(Exception):
    """A hundred codes were all taken: something is broken, and nothing may be shown as written down."""


@dataclass(frozen=True, slots=True)
class Call:
    """One conversation as it is written down: where it comes from and how far it has come.

    `zones`: those of the country of `caller`, if that is another country than ours (R3).
    """

    channel: str
    session: str
    caller: Msisdn
    keys: int
    last: bool
    short_form: bool = False
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A request is on disk. `draws` tells which code and words are hers; `promise` what the END screen may say.

    `number_changed`: whether the other telephone that she has named will be rung, None where she named none. `zone`:
    where she is, by whose clock a promise is told; empty where that is not known.
    """

    id: str
    draws: int
    new: bool
    promise: Span | None = None
    number_changed: bool | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class NotKept:
    """Nothing was stored: a late copy after an erasure, or content that has changed under the call."""
