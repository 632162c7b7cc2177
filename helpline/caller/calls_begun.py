"""Calls that began with the content of this process: by other content, keys of before might mean something else.

A call is a fold over its keys, so nothing tells by which content the first of them were pressed. While the content of
a service changes, a web therefore stores and does something only for calls whose dial it has answered itself. For a few
minutes others are asked to dial again. At all other times nothing of this is asked, and any web may answer any hop.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from helpline.caller.caller_context import CallerContext
from helpline.request import requests

CALL_LASTS = timedelta(minutes=10)
"""No network keeps a call open for longer."""
MOST = 20_000
"""How many calls are remembered: about three megabytes."""


@dataclass(frozen=True, slots=True)
class CallsBegun:
    """The calls whose dial this process has answered in the last minutes, by their salt."""

    calls: OrderedDict[bytes, float] = field(default_factory=OrderedDict)
    """Each with when it was dialled, the oldest first."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: Callable[[], float] = time.monotonic
    since: float = field(default_factory=time.monotonic)
    """When this process began to show its content."""

    def note(self, salt: bytes) -> None:
        """Note that a call begins now."""
        now = self.seconds()
        with self.lock:
            self.calls[salt] = now
            self.calls.move_to_end(salt)
            while len(self.calls) > MOST or next(iter(self.calls.values())) < now - CALL_LASTS.total_seconds():
                self.calls.popitem(last=False)

    def may_mean_something_else(self, ctx: CallerContext, salt: bytes, session: str, *, for_act: bool) -> bool:
        """Whether keys of a call, given by its salt and by the keyed hash of its session, may be of other content.

        A call that has stored a request is known by that one's content. `for_act`: the keys ask for something that is
        done at once. Otherwise they ask to enrich the request, and one of other content is not changed anyway.
        """
        with self.lock:
            if salt in self.calls:
                return False
        is_new = self.seconds() - self.since < CALL_LASTS.total_seconds()
        with ctx.db.read() as tx:
            stored = requests.of_session(tx, session, held=False)
            if stored is not None:
                return for_act and stored.content != ctx.book.digest
            return bool(requests.contents_since(tx, tx.now - CALL_LASTS, before=is_new) - {ctx.book.digest})
