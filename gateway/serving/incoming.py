"""One request as it came over the wire, and the WSGI environment that is made of it.

`httptools` parses (llhttp, the parser of Node.js). It refuses what two servers could read differently: a line that ends
with LF alone, two lengths, a length beside chunks. What it lets pass and we do not is refused here.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

SINGLE = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE", "HOST", "ORIGIN", "SEC_FETCH_SITE", "TRANSFER_ENCODING"})
"""Headers that mean something else to others if they are there twice."""
OWN_NAMES = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE"})
"""Headers that WSGI names without `HTTP_`."""
FIXED: Mapping[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}
"""What is the same in each WSGI environment."""


@dataclass(slots=True)
class Incoming:
    """A request, while it is read and after."""

    target: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    method: str = "GET"
    version: str = "1.1"
    keep_alive: bool = False
    cut: bool = False
    """Whether the body was too long, and so was not read. The app sees its announced length."""

    def named(self, wanted: bytes) -> bytes:
        """Return the value of the first header with this name in lower case, or nothing."""
        for name, value in self.headers:
            if name.lower() == wanted:
                return value
        return b""


def environ_of(incoming: Incoming, server: tuple[str, int], peer: tuple[str, int]) -> dict[str, Any] | None:
    """Return the WSGI environment of a complete request, or None if it could be read in two ways.

    A name with an underscore is left out, because WSGI cannot distinguish it from the one with a hyphen: it could
    replace `X-Forwarded-For`, which a trusted proxy wrote. With both spellings the request is refused.
    """
    headers = _joined(incoming.headers)
    path, _, query = incoming.target.partition(b"?")
    if headers is None or not path.startswith(b"/") or path.startswith(b"//"):
        return None  # Werkzeug would read `//in` as `/in`, which a proxy may have closed
    coding = headers.pop("TRANSFER_ENCODING", "").lower()
    if (incoming.version, coding) not in {("1.0", ""), ("1.1", ""), ("1.1", "chunked")}:
        return None
    if not incoming.cut and (incoming.body or "CONTENT_LENGTH" in headers):
        headers["CONTENT_LENGTH"] = str(len(incoming.body))  # chunks have been joined
    return {
        **FIXED,
        "REQUEST_METHOD": incoming.method,
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{incoming.version}",
        "REMOTE_ADDR": peer[0],
        "REMOTE_PORT": str(peer[1]),
        "wsgi.input": BytesIO(incoming.body),
        "wsgi.errors": sys.stderr,
        **{name if name in OWN_NAMES else f"HTTP_{name}": value for name, value in headers.items()},
    }


@lru_cache(maxsize=256)
def _wsgi_name(name: bytes) -> str:
    return name.decode("latin-1").upper().replace("-", "_")


def _joined(pairs: Sequence[tuple[bytes, bytes]]) -> dict[str, str] | None:
    """Return the headers by their WSGI names without `HTTP_`, or None if one of them has two spellings or values."""
    headers: dict[str, str] = {}
    twice: set[str] = set()
    for raw, value in pairs:
        name, text = _wsgi_name(raw), value.decode("latin-1")
        if b"_" in raw:
            twice.add(name)
            continue
        if name in headers:
            if name in SINGLE:
                return None
            text = f"{headers[name]}{'; ' if name == 'COOKIE' else ', '}{text}"
        headers[name] = text
    return None if twice & headers.keys() else headers
