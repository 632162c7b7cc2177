"""What is known of a call whose hop met a database failure: gateways repeat a hop, and the first copy may be saved.

Then the copy must not say "not saved". Reading needs no lock, so mostly the database still tells. If it does not, this
process remembers what it saved itself in the calls of the last minutes: ids and counts, no number and no answer.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from helpline.caller import conversations
from helpline.caller.caller_context import CallerContext
from helpline.caller.conversations import Shown
from helpline.caller.intake import Saved
from helpline.request import requests
from helpline.request.model import OVER
from helpline.request.requests import Stored
from helpline.store.engine import Unavailable

MOST = 5_000
"""How many calls are remembered: about three megabytes."""
KEEP_SECONDS = 45 * 60.0
"""For so long. A call lasts minutes, and its hash must not stay in a web that few people call."""


@dataclass(frozen=True, slots=True)
class SavedCall:
    """A call that has saved a request which is not over."""

    keys: int
    """How many keys were pressed when it was last saved."""
    shown: Shown
    """The consent screens that it was shown (R28)."""
    saved: Saved


@dataclass(frozen=True, slots=True)
class SavedCalls:
    """The last calls that saved a request in this process, by the keyed hash of their session."""

    calls: OrderedDict[str, tuple[float, SavedCall]] = field(default_factory=OrderedDict)
    """Each with when it was last saved, the oldest first."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: Callable[[], float] = time.monotonic

    def remember(self, session: str, call: SavedCall) -> None:
        """Remember what a call has saved. A late copy changes nothing."""
        now = self.seconds()
        with self.lock:
            _, before = self.calls.pop(session, (now, call))
            self.calls[session] = now, call if call.keys >= before.keys else before
            self._drop_old(now)

    def forget(self, session: str) -> None:
        """Forget a call whose request is over."""
        with self.lock:
            self.calls.pop(session, None)
            self._drop_old(self.seconds())

    def _drop_old(self, now: float) -> None:
        while self.calls and (len(self.calls) > MOST or next(iter(self.calls.values()))[0] <= now - KEEP_SECONDS):
            self.calls.popitem(last=False)

    def look_up(self, ctx: CallerContext, session: str, as_saved: Callable[[Stored, Shown], Saved]) -> SavedCall | None:
        """Return what a call has saved: as the database tells, else as this process remembers.

        Raise `Unavailable` if the database does not answer and nothing is remembered: then nobody knows.
        """
        try:
            with ctx.db.read() as tx:
                stored, shown = requests.of_session(tx, session, held=False), conversations.shown(tx, session)
        except Unavailable:
            with self.lock:
                self._drop_old(self.seconds())
                remembered = self.calls.get(session)
            if remembered is None:
                raise
            return remembered[1]
        if stored is None or stored.request.state in OVER:
            return None
        same = stored.content == ctx.book.digest  # with other content, no screen of this call can be repeated
        return SavedCall(stored.keys_seen if same else 0, shown, as_saved(stored, shown))
