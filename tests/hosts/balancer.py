"""A load balancer as docs/scaling.md sets one up: it asks `/health/live`, and goes on to the next host."""

import http.client
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOK_SECONDS, LIVE_SECONDS, CONNECT_SECONDS, ANSWER_SECONDS = 1.0, 1.0, 1.0, 5.0
"""Between two looks; and how long a look, a new connection and an answer may take."""
Host = tuple[str, int]


@dataclass(slots=True)
class Balancer:
    """Passes each request to a host that was alive at the last look, or else to any."""

    hosts: Sequence[Host]
    alive: frozenset[Host] = frozenset()
    turn: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    connect_seconds: float = CONNECT_SECONDS
    """How long it waits for a host to take a connection."""

    def look(self) -> None:
        """Ask all hosts again and again whether they are alive."""
        while True:
            self.alive = frozenset(host for host in self.hosts if self.is_alive(host))
            if self.over.wait(LOOK_SECONDS):
                return

    def is_alive(self, host: Host) -> bool:
        """Ask one."""
        line = http.client.HTTPConnection(*host, timeout=LIVE_SECONDS)
        try:
            line.request("GET", "/health/live")
            return line.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def order(self) -> list[Host]:
        """Return the hosts for the next request: by turns, and those that are alive first."""
        self.turn += 1
        turned = [self.hosts[(self.turn + at) % len(self.hosts)] for at in range(len(self.hosts))]
        return sorted(turned, key=lambda host: host not in self.alive)

    def answer(self, method: str, path: str, head: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Pass a request on. A host that does not answer is left out until the next look."""
        for host in self.order():
            line = http.client.HTTPConnection(*host, timeout=self.connect_seconds)
            try:
                line.connect()
                line.sock.settimeout(ANSWER_SECONDS)
                line.request(method, path, body, head)
                answer = line.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                self.alive -= {host}
            finally:
                line.close()
        return http.HTTPStatus.BAD_GATEWAY, b""


class Server(ThreadingHTTPServer):
    """A server that says nothing about clients who have gone."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextmanager
def balancer(hosts: Sequence[Host], connect_seconds: float = CONNECT_SECONDS) -> Iterator[Balancer]:
    """Run one on a port of this machine."""
    made = Balancer(hosts, connect_seconds=connect_seconds)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            head = {"Content-Type": self.headers.get("Content-Type", "")}
            status, answer = made.answer("POST", self.path, head, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=made.look)]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
