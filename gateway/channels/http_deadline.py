"""A deadline for one whole HTTP answer.

The timeout of `requests` is for one read of the socket. A gateway that sends a letter every five seconds, in a header
or in the body, never reaches it and would hold a worker for hours. Here each read gets only what is left of the time.
"""

import io
import time
from http import client
from typing import Any, cast

from requests import PreparedRequest, Session
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool


def session_for(seconds: float) -> Session:
    """Return a session whose answers must be complete, with status line, headers and body, in so many seconds."""
    ends = time.monotonic() + seconds
    made = Session()
    made.mount("http://", _DeadlineAdapter(ends))
    made.mount("https://", _DeadlineAdapter(ends))
    return made


class _DeadlineAdapter(HTTPAdapter):
    def __init__(self, ends: float) -> None:
        self._ends = ends
        super().__init__()

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """Return the pool of the request's host, of connections that know the deadline."""
        pool = cast("HTTPConnectionPool", super().get_connection_with_tls_context(request, verify, proxies, cert))
        reads = type("ResponseInTime", (_ResponseInTime,), {"ends": self._ends})
        pool.ConnectionCls = type("ConnectionInTime", (pool.ConnectionCls,), {"response_class": reads})
        return pool


class _ResponseInTime(client.HTTPResponse):
    ends: float

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp: Any = io.BufferedReader(_ReadsInTime(sock, cast("Any", self.fp).detach(), self.ends))


class _ReadsInTime(io.RawIOBase):
    """A socket's file whose reads get the rest of the time."""

    def __init__(self, sock: Any, raw: io.RawIOBase, ends: float) -> None:
        self._sock, self._raw, self._ends = sock, raw, ends
        self._between: float | None = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left if self._between is None else min(left, self._between))
        return cast("Any", self._raw).readinto(buffer)  # type: ignore[no-any-return]

    def close(self) -> None:
        self._raw.close()
        super().close()
