"""What the public process may use to serve a caller, over USSD and in an SMS dialogue.

It can seal a number, and make codes and words. It cannot open a number, hash it, write the audit log, or tell a genuine
contact from another: the keys for these are in the workers' `Context`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpline.content.country import Country
from helpline.core.config import Config
from helpline.keys.sealing import Sealing, Words
from helpline.store.engine import Database


@dataclass(frozen=True, slots=True)
class CallerContext:
    """What every function of this package may use. Built once per process."""

    db: Database
    sealing: Sealing
    words: Words
    country: Country
    content: str
    """The version of the content: its digest."""
    config: Config
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    made_up: str = ""
    """How numbers begin that the demo treats as numbers of this country."""
