"""Calls that began with the content of this process: by other content, earlier keys might mean something else.

A call is a fold over its keys, so nothing tells by which content the first of them were pressed. While the content of
a service changes, a web therefore stores and does something only for calls whose dial was answered by the same content.
For a few minutes others are asked to dial again. At all other times nothing of this is asked.

A web remembers the dials that it has answered. In its first minutes after other content it also tells Valkey, because
the next hop may come to another new web. Without Valkey each knows its own only.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from redis import Redis

from helpline.caller.caller_context import CallerContext
from helpline.caller.day_store import DayStore, ValkeyUnavailable
from helpline.request import requests
from helpline.store.engine import Unavailable

CALL_LASTS = timedelta(minutes=10)
"""No network keeps a call open for longer."""
MOST = 20_000
"""How many calls are remembered: about three megabytes."""


@dataclass(slots=True)
class CallsBegun:
    """The calls whose dial was answered in the last minutes, by their salt."""

    store: DayStore = field(repr=False)
    calls: OrderedDict[bytes, float] = field(default_factory=OrderedDict)
    """Those of this process, each with when it was dialled, the oldest first."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: Callable[[], float] = time.monotonic
    since: float = field(default_factory=time.monotonic)
    """When this process began to show its content."""
    is_update: bool | None = None
    """Whether other content was in use before this process. None: the database has not said so yet."""

    def note(self, ctx: CallerContext, salt: bytes) -> None:
        """Note that a call begins now."""
        now = self.seconds()
        with self.lock:
            self.calls[salt] = now
            self.calls.move_to_end(salt)
            while len(self.calls) > MOST or next(iter(self.calls.values())) < now - CALL_LASTS.total_seconds():
                self.calls.popitem(last=False)
        if self._is_new() and self.is_update is not False:

            def told(redis: Redis) -> object:
                return self.store.ask(redis, "SET", _name(salt), ctx.book.digest, "EX", int(CALL_LASTS.total_seconds()))

            with suppress(ValkeyUnavailable):
                self.store.reached(told)

    def look(self, ctx: CallerContext) -> None:
        """Look whether calls may be in progress that began with other content. For the start, before the first call."""
        with suppress(Unavailable), ctx.db.read() as tx:
            self.is_update = not requests.contents_since(tx, tx.now - CALL_LASTS, before=True) <= {ctx.book.digest}

    def may_mean_something_else(self, ctx: CallerContext, salt: bytes, session: str, *, for_act: bool) -> bool:
        """Whether keys of a call, given by its salt and by the keyed hash of its session, may be of other content.

        A call that has stored a request is known by that one's content. `for_act`: the keys ask for something that is
        done at once. Otherwise they ask to enrich the request, and one of other content is not changed anyway.
        """
        with self.lock:
            if salt in self.calls:
                return False
        with ctx.db.read() as tx:
            stored, contents = requests.contents_for(tx, session, tx.now - CALL_LASTS, before=self._is_new())
        if stored is not None:
            return for_act and stored != ctx.book.digest
        return not contents <= {ctx.book.digest} and not self._began_elsewhere(ctx, salt)

    def _is_new(self) -> bool:
        """Whether this process is so young that a call may have begun with another one."""
        return self.seconds() - self.since < CALL_LASTS.total_seconds()

    def _began_elsewhere(self, ctx: CallerContext, salt: bytes) -> bool:
        """Whether another process with this content has answered the dial of a call."""

        def begun(redis: Redis) -> bool:
            return bool(self.store.ask(redis, "GET", _name(salt)) == ctx.book.digest.encode())

        try:
            return self.store.reached(begun)
        except ValkeyUnavailable:
            return False


def _name(salt: bytes) -> str:
    """Return what stands for a call in Valkey. Its salt, on which its keys depend, cannot be found from it (R28)."""
    return f"begun:{hashlib.blake2b(salt, digest_size=16).hexdigest()}"
