"""The console's static files: one style sheet and some small scripts. They are read once, at the start."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request

from gateway.console.access import Endpoints, Open
from gateway.console.context import Visit

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Files:
    """The static files by name."""

    plain: Mapping[str, bytes]
    packed: Mapping[str, bytes]
    """The same, compressed by gzip for slow connections."""

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Files":
        """Read all files of a folder."""
        plain = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in TYPES}
        return cls(plain, {name: gzip.compress(data, mtime=0) for name, data in plain.items()})

    def address(self, name: str) -> str:
        """Return the address of a file. Its hash is in it, so that a browser may cache the file for ever."""
        return f"/static/{name}?v={hashlib.blake2b(self.plain[name], digest_size=6).hexdigest()}"

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register the files, open to everybody."""
        endpoints.add("/static/<name>", self.give, Open.EVERYBODY)

    def give(self, visit: Visit, name: str) -> Response:
        """Send one file."""
        del visit
        if name not in self.plain:
            return Response("not found", 404, content_type="text/plain; charset=utf-8")
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        made = Response((self.packed if packed else self.plain)[name], content_type=TYPES[Path(name).suffix])
        made.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        made.headers["Vary"] = "Accept-Encoding"
        if packed:
            made.headers["Content-Encoding"] = "gzip"
        return made
