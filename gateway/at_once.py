"""Hops that need nothing but their keys, answered before Flask makes a request of them.

Most hops only show the next screen of a menu, and Flask's own work is three times theirs. So `HopsAtOnce` asks the same
`Webhooks` that Flask's views ask. Where the answer would wait for somebody else (`helpline.core.waiting`), it is thrown
away, and Flask's view answers from the beginning.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING

from gateway.guard import SAFE_HEADERS
from gateway.webhooks import USSD, Webhooks
from helpline.core.waiting import WouldWait, without_waiting

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

Headers = tuple[tuple[str, str], ...]
TRIED = "komek.tried"
"""In the WSGI environment of a request that would wait."""
STATUSES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class HopsAtOnce:
    """Answers hops without waiting."""

    webhooks: Webhooks
    channels: frozenset[str]
    """Those whose gateway sends all keys with each hop. Others ask Valkey for the keys before."""
    add: Callable[[float], None]
    """Counts the seconds that a hop took."""

    def answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes] | None:
        """Answer a request, or return None: then nothing was stored, counted or logged, and `environ` is as it was.

        Only the mark `TRIED` is added, so that the thread that may wait does not try it again.
        """
        hop, body = environ["PATH_INFO"].split("/"), environ["wsgi.input"]
        if len(hop) != 5 or hop[:2] != ["", "in"] or hop[2] not in self.channels or hop[4] != USSD:
            return None
        if environ.get(TRIED) or not isinstance(body, BytesIO):  # another server's stream cannot be read twice
            return None
        began = time.perf_counter()
        try:
            with without_waiting():
                answered = self.webhooks.answer(environ, hop[2], USSD, hop[3])
        except WouldWait:
            environ[TRIED] = True
            body.seek(0)
            return None
        self.add(time.perf_counter() - began)
        length = ("Content-Length", str(len(answered.body)))
        start_response(STATUSES[answered.status], [*answered.headers, length, *_missing(answered.headers)])
        return (answered.body,)


@lru_cache(maxsize=64)
def _missing(own: Headers) -> Headers:
    """Return our headers that an answer does not set itself."""
    known = {name.lower() for name, _ in own}
    return tuple((name, value) for name, value in SAFE_HEADERS if name.lower() not in known)
