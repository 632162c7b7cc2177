"""Work that must not wait: the loop of a web may answer a request itself only if nothing in it waits.

Whatever may wait for somebody else (the database, Valkey, the log) first calls `may_wait`. In the loop that raises
`WouldWait`, and the whole request is answered again by a thread that may wait. So whatever is stored, counted or logged
must come after `may_wait`. What cannot come after it is noted with `note_done`, and the second try finds it again.

A question that Valkey answers soon is put (`helpline.caller.quick_line`), and the try ends with `Asks`. `settle` sends
the questions of many requests together and waits for their answers once. Then each request is tried again.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_Done = TypeVar("_Done")


class _Own(threading.local):
    """What a thread knows of the request that it answers."""

    must_not = False

    def __init__(self) -> None:
        self.done: list[object] = []
        self.before: deque[object] = deque()
        self.unsettled: dict[Callable[[], None], None] = {}
        """What `settle` calls: a set that keeps its order."""
        self.asks = False
        """Whether a question was put, for `has_asked`."""


_own = _Own()


class WouldWait(BaseException):
    """Raised where somebody would wait who must not. No error: nobody who handles errors may catch it."""


class Asks(BaseException):
    """Raised where a question was put that is answered soon: after `settle` there is an answer, or a thread asks."""


def must_not_wait() -> bool:
    """Return whether this thread must not wait."""
    return _own.must_not


def may_wait() -> None:
    """Say that what follows may wait. Raise `WouldWait` if this thread must not."""
    if _own.must_not:
        raise WouldWait


def note_done(what: object) -> None:
    """Note in a first try what the second must not, or need not, do again. Elsewhere nothing is noted."""
    if _own.must_not:
        _own.done.append(what)


def done_before() -> object | None:
    """Return what the first try has noted, one after the other; then None."""
    return _own.before.popleft() if _own.before else None


def done_once(kind: type[_Done], work: Callable[[], _Done]) -> _Done:
    """Return what the first try has noted, if it is of this kind. Else do the work now, and note what it returns."""
    before = done_before()
    if isinstance(before, kind):
        return before
    done = work()
    if _own.must_not:
        _own.done.append(done)
    return done


def settle_with(act: Callable[[], None]) -> None:
    """Call `act` with the next `settle` of this thread, once."""
    _own.unsettled[act], _own.asks = None, True


def has_asked() -> bool:
    """Whether this thread has put a question since it called this or `settle` last."""
    asks, _own.asks = _own.asks, False
    return asks


def settle() -> None:
    """Send all questions that this thread has put, and wait a moment for their answers."""
    _own.asks = False
    while _own.unsettled:
        act, _ = _own.unsettled.popitem()
        act()


class WithoutWaiting:
    """The context of something that must not wait. No generator: each hop enters it, and would pay for that."""

    __slots__ = ()

    def __enter__(self) -> list[object]:
        """Return the list of what is noted."""
        _own.must_not, _own.done = True, []
        return _own.done

    def __exit__(self, *_: object) -> None:
        """Allow this thread to wait again."""
        _own.must_not, _own.done = False, []


without_waiting = WithoutWaiting()


@contextmanager
def second_try(noted: Iterable[object]) -> Iterator[None]:
    """Do something once more that would have waited, after a first try that noted this."""
    _own.before = deque(noted)
    try:
        yield
    finally:
        _own.before = deque()
