"""Work that must not wait: the loop of a web may answer a request itself only if nothing in it waits.

Whatever may wait for somebody else (the database, Valkey, the log) first calls `may_wait`. In the loop that raises
`WouldWait`, and the whole request is answered again by a thread that may wait. So whatever is stored, counted or logged
must come after `may_wait`.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

_own = threading.local()


class WouldWait(BaseException):
    """Raised where somebody would wait who must not. No error: nobody who handles errors may catch it."""


class WouldAsk(WouldWait):
    """Raised where somebody would wait for one answer of Valkey, and for nothing else.

    The loop may ask with these words, pass the answer to `take`, and go on with what that returns, unless it is None.
    """

    def __init__(self, words: Sequence[bytes | str | int], take: Callable[[object], object]) -> None:
        """Keep what is to be asked."""
        super().__init__()
        self.words, self.take = words, take


def may_wait() -> None:
    """Say that what follows may wait. Raise `WouldWait` if this thread must not."""
    if getattr(_own, "must_not", False):
        raise WouldWait


@contextmanager
def without_waiting() -> Iterator[None]:
    """Do something that must not wait."""
    _own.must_not = True
    try:
        yield
    finally:
        _own.must_not = False
