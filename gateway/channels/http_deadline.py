"""A deadline for one whole HTTP answer.

The timeout of `requests` is for one read of the socket. A gateway that sends a letter every five seconds, in a header
or in the body, never reaches it and would hold a worker for hours. Here each read gets only what is left of the time.
"""

import io
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from http import client
from typing import Any, cast
from urllib.parse import urlsplit

from requests import PreparedRequest, Request, Response, Session
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool


@contextmanager
def answered(request: Request, timeout: tuple[float, float], seconds: float) -> Iterator[Response]:
    """Send a request, and yield its answer, whose body may not be read yet. A redirect is not followed.

    The answer must be complete, with status line, headers and body, in so many seconds. Proxies and certificates are
    those that the environment names. A file `.netrc` is not read, because a channel has its own key. There is no
    session: it takes longer than all else, and there are no cookies.
    """
    ready = request.prepare()
    scheme, host, *_ = urlsplit(ready.url or "")
    environment = _environment(str(scheme), str(host))
    adapter = _DeadlineAdapter(time.monotonic() + seconds)
    try:
        with adapter.send(
            ready, stream=True, timeout=timeout, verify=environment["verify"], proxies=environment["proxies"]
        ) as answer:
            yield answer
    finally:
        adapter.close()


@lru_cache(maxsize=64)
def _environment(scheme: str, host: str) -> Mapping[str, Any]:
    """Return what the environment says about requests to a host. To read it takes a fifth of a request."""
    with Session() as asked:
        return asked.merge_environment_settings(f"{scheme}://{host}/", {}, None, None, None)


class _DeadlineAdapter(HTTPAdapter):
    def __init__(self, ends: float) -> None:
        self._ends = ends
        super().__init__(pool_connections=1, pool_maxsize=1)

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
