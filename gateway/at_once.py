"""Hops, answered before Flask makes a request of them.

Most hops only show the next screen of a menu, and Flask's own work is three times theirs. So `HopsAtOnce` asks the same
`Webhooks` that Flask's views ask. Where the answer would wait for somebody else (`helpline.core.waiting`), it is thrown
away, and a thread asks once more: with what was read and folded, and without Flask.

A gateway that sends the last key only has its keys in Valkey. Its hop puts one question, and is tried again when the
questions of all hops that have arrived are answered (`helpline.core.waiting.settle`). It needs a thread only if the
answer does not come at once.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from gateway.guard import SAFE_HEADERS
from gateway.webhooks import IS_HOP, USSD, Webhooks
from helpline.core.ports import Answered
from helpline.core.waiting import Asks, WouldWait, second_try, without_waiting

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

Headers = tuple[tuple[str, str], ...]
TRIED = "komek.tried"
"""In the WSGI environment of a request that would wait."""
DONE = "komek.done"
"""There, too: what is known of a hop after a first try (`_Tried`)."""
STATUSES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class _Tried:
    """A hop that was tried."""

    channel: str
    more: str
    """What follows in its address."""
    done: list[object]
    """What must not be done again."""
    began: float


@dataclass(frozen=True, slots=True)
class HopsAtOnce:
    """Answers hops."""

    webhooks: Webhooks
    add: Callable[[float], None]
    """Counts the seconds that a hop took."""

    def answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes] | None:
        """Answer a request without waiting; or return None, if that is impossible.

        For None nothing was stored, counted or logged, but that Valkey may have been asked (`DONE`). If it was, the
        request is tried again after `waiting.settle`. The mark `TRIED` keeps a request that needs a thread from that.
        """
        if environ.get(TRIED):
            return None
        if DONE in environ:
            return self._try_again(environ, start_response)
        hop, body = _hop(environ["PATH_INFO"]), environ["wsgi.input"]
        if hop is None or not isinstance(body, BytesIO):  # another stream cannot be read twice
            return None
        channel, secret, more = hop
        if channel not in self.webhooks.endpoints:
            return None
        began = time.perf_counter()
        with without_waiting as done:
            try:
                answered = self.webhooks.answer(environ, channel, USSD, secret, more)
            except NotFound:
                return None
            except (WouldWait, Asks) as end:
                body.seek(0)
                environ[TRIED] = type(end) is WouldWait
                environ[DONE] = _Tried(channel, more, done, began)
                return None
        return self._written(answered, began, start_response)

    def _try_again(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes] | None:
        """Answer a hop whose question may have been answered."""
        tried = environ[DONE]
        with second_try(tried.done), without_waiting as done:
            try:
                answered = self.webhooks.answer_again(environ, tried.channel, tried.more)
            except (WouldWait, Asks) as end:
                environ[TRIED], tried.done[:] = type(end) is WouldWait, done
                return None
        return self._written(answered, tried.began, start_response)

    def finish(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes] | None:
        """Answer a hop that would have waited, now that it may; or return None, if a view must answer the request.

        A view answers whoever does not know the secret, or must not use it.
        """
        if not environ.get(IS_HOP) or DONE not in environ:
            return None
        tried = environ.pop(DONE)
        with second_try(tried.done):
            answered = self.webhooks.answer_again(environ, tried.channel, tried.more)
        return self._written(answered, tried.began, start_response)

    def _written(self, answered: Answered, began: float, start_response: "StartResponse") -> Iterable[bytes]:
        self.add(time.perf_counter() - began)
        length = ("Content-Length", str(len(answered.body)))
        start_response(STATUSES[answered.status], [*answered.headers, length, *_missing(answered.headers)])
        return (answered.body,)


def _hop(path: str) -> tuple[str, str, str] | None:
    """Return the channel, the secret and the rest of the address of a hop. Flask's views say what any other one is."""
    parts = path.split("/")
    if len(parts) < 5 or parts[0] or parts[1] != "in" or parts[4] != USSD or not all(parts[2:]) or not path.isascii():
        return None
    return parts[2], parts[3], "/".join(parts[5:])


@lru_cache(maxsize=64)
def _missing(own: Headers) -> Headers:
    """Return our headers that an answer does not set itself."""
    known = {name.lower() for name, _ in own}
    return tuple((name, value) for name, value in SAFE_HEADERS if name.lower() not in known)
