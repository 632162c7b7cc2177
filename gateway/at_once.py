"""Hops that need nothing but their keys, answered before Flask makes a request of them.

Most hops only show the next screen of a menu, and Flask's own work is three times theirs. So `HopsAtOnce` asks the same
`Webhooks` that Flask's views ask. Where the answer would wait for somebody else (`helpline.core.waiting`), it is thrown
away, and Flask's view answers from the beginning.

A gateway that sends the last key only has its keys in Valkey. Its hop waits for one answer, over the line that the loop
has to Valkey, and then is tried again.
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
from gateway.valkey_line import Answer, ValkeyLine
from gateway.webhooks import PRESSED, USSD, Webhooks
from helpline.core.waiting import WouldAsk, WouldWait, without_waiting

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

Headers = tuple[tuple[str, str], ...]
TRIED = "komek.tried"
"""In the WSGI environment of a request that would wait."""
ASKED, BEGAN = "komek.asked", "komek.began"
"""There, too: what takes the answer of Valkey, with that answer; and when the hop was first tried."""
STATUSES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class HopsAtOnce:
    """Answers hops without waiting."""

    webhooks: Webhooks
    add: Callable[[float], None]
    """Counts the seconds that a hop took."""
    line: ValkeyLine

    def answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes] | Answer | None:
        """Answer a request; or return what to wait for before it is tried again; or None, if a view must answer it.

        For None nothing was stored, counted or logged, but that a key was added to its call (`PRESSED`). The mark
        `TRIED` keeps the thread that may wait from trying it again; `environ` is otherwise as it was.
        """
        hop, body = _hop(environ["PATH_INFO"]), environ["wsgi.input"]
        if hop is None or environ.get(TRIED) or not isinstance(body, BytesIO):  # another stream cannot be read twice
            return None
        channel, secret, more = hop
        if channel not in self.webhooks.endpoints:
            return None
        began = environ.setdefault(BEGAN, time.perf_counter())
        if ASKED in environ and not _took_answer(environ):
            environ[TRIED] = True
            return None
        try:
            with without_waiting():
                answered = self.webhooks.answer(environ, channel, USSD, secret, more)
        except NotFound:
            return None
        except WouldWait as would:
            body.seek(0)
            if isinstance(would, WouldAsk) and (coming := self.line.ask(would.words)) is not None:
                environ[ASKED] = would.take, coming
                return coming
            environ[TRIED] = True
            return None
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


def _took_answer(environ: "WSGIEnvironment") -> bool:
    """Take the answer of Valkey. Return whether it is the one that was expected."""
    take, answer = environ.pop(ASKED)
    pressed = take(answer.result())
    if pressed is not None:
        environ[PRESSED] = (*environ.get(PRESSED, ()), pressed)
    return pressed is not None


@lru_cache(maxsize=64)
def _missing(own: Headers) -> Headers:
    """Return our headers that an answer does not set itself."""
    known = {name.lower() for name, _ in own}
    return tuple((name, value) for name, value in SAFE_HEADERS if name.lower() not in known)
