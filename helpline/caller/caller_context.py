"""What a process may use to serve a caller, over USSD and in an SMS dialogue.

It can seal a number, and make codes and words. It cannot open a number, hash it, write the audit log, or tell a genuine
contact from another: the keys for these are in the workers' `Context`.
"""

from dataclasses import dataclass, field

from helpline.content.country import Country
from helpline.core.config import Config
from helpline.keys.sealing import Sealing, Words
from helpline.store.connection import HOP_BUSY_SECONDS
from helpline.store.engine import Database
from helpline.store.group_commit import GroupCommit
from menus.book import Book


@dataclass(frozen=True, slots=True)
class CallerContext:
    """What every function of this package may use. Built once per process."""

    db: Database
    """Its clock is the clock of the service."""
    book: Book
    """All texts for callers. Its digest is the version of the content that a caller reads and consents to."""
    country: Country
    config: Config
    sealing: Sealing
    words: Words
    made_up: str = ""
    """How the fictional numbers begin that the demo treats as numbers of this country."""
    together: GroupCommit = field(default_factory=GroupCommit)
    """The writes of texts and receipts, which may come at once."""
    hops: GroupCommit = field(default_factory=lambda: GroupCommit(HOP_BUSY_SECONDS))
    """The writes of hops, which may come at once, too. They do not wait for texts."""
