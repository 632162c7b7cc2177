"""A network between a service and PostgreSQL that a test can silence: connections stay open, and nothing comes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

CHUNK = 65_536


@dataclass(slots=True)
class Relay:
    """Carries bytes both ways between a port of this machine and a server's socket."""

    server: Path
    listening: socket.socket
    speaks: threading.Event = field(default_factory=threading.Event)
    asked: int = 0
    """How many connections and pieces of data came from the service."""
    open: list[socket.socket] = field(default_factory=list)

    def silence(self) -> None:
        """Pass nothing on from now, and close nothing."""
        self.speaks.clear()

    def speak(self) -> None:
        """Pass everything on again, also what came meanwhile."""
        self.speaks.set()

    def accept(self) -> None:
        """Take connections until the port is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                self.asked += 1
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.server))
                self.open += [client, server]
                for pair in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def carry(self, source: socket.socket, to: socket.socket, counted: bool) -> None:
        """Pass on what comes from one side, as long as this network speaks."""
        with suppress(OSError):
            while data := source.recv(CHUNK):
                self.asked += counted
                self.speaks.wait()
                to.sendall(data)
        self.speaks.wait()
        for each in (source, to):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay(url: sa.URL) -> Iterator[tuple[Relay, str]]:
    """Open a network to the server of `url`, which listens on a unix socket. Yield it and the address through it."""
    folder = str(url.query["host"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Relay(Path(folder) / ".s.PGSQL.5432", listening)
        made.speak()
        threading.Thread(target=made.accept, daemon=True).start()
        query = {name: value for name, value in url.query.items() if name not in {"host", "port"}}
        through = url.set(host="127.0.0.1", port=listening.getsockname()[1], query=query)
        try:
            yield made, through.render_as_string(hide_password=False)
        finally:
            made.speak()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for each in made.open:
                each.close()
