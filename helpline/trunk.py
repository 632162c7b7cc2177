"""The line that the gateway rings from where it joins a caseworker to a caller."""

from dataclasses import dataclass

from helpline.config import Config


@dataclass(frozen=True, slots=True)
class Trunk:
    """A rented number. `shows`: what her telephone shows when it rings from it, `number` or `hidden` (R10)."""

    number: str
    shows: str
    verified: bool


def in_use(trunk: Trunk | None, config: Config) -> Trunk | None:
    """Give the line where a deployment has switched it on, and somebody has seen what it shows; else None."""
    return trunk if trunk and config.bridge and (trunk.verified or config.demo) else None
