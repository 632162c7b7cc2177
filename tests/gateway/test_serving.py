"""The HTTP server of both webs over real sockets: slow visitors stop nobody, and odd requests are refused."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock, Semaphore

import pytest
import requests

from gateway.serving.bounds import NEVER, Bounds, Connections, fitting
from gateway.serving.threads import Threads
from tests.others import PATIENCE_SECONDS, free_port, until
from tests.running import Service, console_of, running, signed_in

ROOT = Path(__file__).parents[2]
SERVER = """
import json, socket, sys
from gateway.serving.bounds import Bounds
from gateway.serving.server import bind, serve

def app(environ, start_response):
    path = environ["PATH_INFO"]
    asked.append(path)
    if path == "/broken":
        raise ValueError("a value")
    if path == "/exit":
        sys.exit(1)
    if path.startswith("/wait/"):
        socket.create_connection(("127.0.0.1", int(path[6:]))).recv(1)
    body = environ["wsgi.input"].read()
    known = {name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_", "PATH_"))}
    start_response("200 OK", [("Content-Type", "application/json")])
    sent = {**known, "body": body.decode("latin-1"), "asked": len(asked) if path == "/asked" else 0}
    return [json.dumps(sent).encode(), b" " * 4_000_000 * (path == "/long")]

asked = []
serve(app, bind("127.0.0.1", int(sys.argv[1])), 2, Bounds(**json.loads(sys.argv[2])))
"""
GATEWAY = "203.0.113.7"
SECONDS_ENOUGH = 0.3
NO_LIMIT = 60.0


@contextmanager
def server(**bounds: float) -> Iterator[int]:
    """Serve an app that returns what it was sent, with these bounds. Yield the port."""
    with started(subprocess.DEVNULL, bounds) as (_, port):
        yield port


@contextmanager
def started(errors: int, bounds: Mapping[str, float], first: str = "") -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Do the same, after running some code, and yield the process, too. Its errors go to this file descriptor."""
    port = free_port()
    command = [sys.executable, "-c", first + SERVER, str(port), json.dumps(bounds)]
    with subprocess.Popen(command, cwd=ROOT, stderr=errors) as process:
        try:
            until(lambda: process.poll() is not None or is_listening(port), "a listening server")
            yield process, port
        finally:
            process.terminate()
    assert process.returncode == 0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server with its usual bounds."""
    with server() as port:
        yield port


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as `komek up` starts it, behind a proxy that it trusts, for gateways of one network."""
    folder = tmp_path_factory.mktemp("serving") / "data"
    with running(folder, KOMEK_TRUST_PROXY="true", KOMEK_ALLOW_FROM="203.0.113.0/24") as started:
        yield started


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def connect(port: int, sent: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS / 4)
    line.sendall(sent)
    return line


def everything(line: socket.socket) -> str:
    """Read until the server closes the connection."""
    read = b""
    try:
        while got := line.recv(65536):
            read += got
    except ConnectionResetError:
        pass
    line.close()
    return read.decode("latin-1")


def answer(port: int, sent: bytes) -> str:
    """Send bytes on a new connection and read until it is closed."""
    return everything(connect(port, sent))


def post(path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


HOP = b"sessionId=ATUid_1&serviceCode=*500%23&phoneNumber=%2B99600000001&networkCode=99999&text="
FORM = "Content-Type: application/x-www-form-urlencoded"


def dial(demo: Service, *headers: str) -> str:
    """Send a hop with these headers. Return the status."""
    port = int(demo.base.rpartition(":")[2])
    return answer(port, post(f"{demo.hook}/ussd", FORM, *headers, body=HOP)).split(" ")[1]


# Slow visitors


@pytest.mark.faults
def test_threat_slow_visitors_without_account_or_secret_stop_neither_callers_nor_the_raid_lock(demo: Service) -> None:
    """More requests with unfinished bodies than threads, and many connections that never get that far."""
    browser, console = signed_in(demo.output), console_of(demo.output)
    ports = {int(demo.base.rpartition(":")[2]): f"{demo.hook}/ussd", int(console.rpartition(":")[2]): "/login"}
    with ExitStack() as held:
        for port, path in ports.items():
            slow = f"POST {path} HTTP/1.1\r\nHost: a\r\n{FORM}\r\nContent-Length: 900\r\n\r\na".encode()
            for sent in [slow] * 50 + [b"GET / HTTP/1.1\r\nX-Half: "] * 50 + [b""] * 50:
                held.enter_context(connect(port, sent))
        assert dial(demo, f"X-Forwarded-For: {GATEWAY}") == "200"
        assert 'action="/lock/on"' in browser.get(f"{console}/lock", timeout=PATIENCE_SECONDS).text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", ""),
        (b"GET / HTTP/1.1\r\nX-Half: ", "HTTP/1.1 408"),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na", "HTTP/1.1 408"),
        (b"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200"),
        (b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nX-Half", "HTTP/1.1 200"),
    ],
    ids=["nothing sent", "half a header", "half a body", "no second request", "half a second header"],
)
def test_threat_a_connection_that_is_slow_ends(sent: bytes, status: str) -> None:
    short = {"header_seconds": SECONDS_ENOUGH, "body_seconds": SECONDS_ENOUGH, "idle_seconds": SECONDS_ENOUGH}
    with server(**short) as port:
        assert answer(port, sent).startswith(status)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nX-Half: ", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na"])
def test_threat_more_connections_than_there_is_room_for_keep_nobody_out(sent: bytes) -> None:
    with server(connections=32, header_seconds=NO_LIMIT, body_seconds=NO_LIMIT) as port, ExitStack() as held:
        for _ in range(100):
            held.enter_context(connect(port, sent))
        assert answer(port, post("/")).startswith("HTTP/1.1 200")


def test_threat_bodies_that_fill_the_memory_are_dropped() -> None:
    """Each is shorter than the limit of one body. Together they are longer than the limit of all."""
    with server(held_bytes=100_000, body_seconds=NO_LIMIT) as port, ExitStack() as held:
        first = held.enter_context(connect(port, post("/")[:-2] + b"X: y\r\n\r\n"))
        assert everything(first).startswith("HTTP/1.1 200")
        half = b"POST / HTTP/1.1\r\nContent-Length: 60000\r\n\r\n" + b"a" * 50_000
        lines = [held.enter_context(connect(port, half)) for _ in range(3)]
        until(lambda: any(_ended(line) for line in lines), "a closed connection")
        assert answer(port, post("/", body=b"b" * 1000)).startswith("HTTP/1.1 200")


def test_threat_a_client_that_takes_no_answers_gets_no_more_of_them() -> None:
    """Otherwise one connection could fill the memory with pages that nobody reads."""
    short = {"write_seconds": SECONDS_ENOUGH, "idle_seconds": SECONDS_ENOUGH}
    with server(**short) as port, connect(port, b"GET /long HTTP/1.1\r\n\r\n" * 12) as line:
        until(lambda: _reset(line), "a closed connection")
        assert asked(port) < 12


def test_threat_requests_that_come_before_the_first_answer_are_few(port: int) -> None:
    got = answer(port, b"GET / HTTP/1.1\r\n\r\n" * 3000)
    assert got.count("HTTP/1.1 200 OK") < 50


def test_threat_a_server_full_of_waiting_requests_keeps_nobody_out() -> None:
    """Complete requests that wait for a thread make room as others do."""
    with server(connections=32) as port, ExitStack() as held:
        with socket.create_server(("127.0.0.1", 0)) as gate:
            for _ in range(64):
                held.enter_context(waiting(port, f"/wait/{gate.getsockname()[1]}")).sendall(b"a")
            line = waiting(port, "/")
        line.sendall(b"a")
        assert everything(line).startswith("HTTP/1.1 200")


def test_threat_requests_of_clients_that_have_left_are_answered_but_bounded() -> None:
    """A gateway may send a text and not wait. But who sends and leaves cannot fill the memory."""
    with server(connections=32) as port:
        with socket.create_server(("127.0.0.1", 0)) as gate:
            for _ in range(100):
                with waiting(port, f"/wait/{gate.getsockname()[1]}") as left:
                    left.sendall(b"a")
            line = waiting(port, "/asked")
        line.sendall(b"a")
        assert 2 < _asked(everything(line)) <= 34


def test_an_app_that_ends_its_thread_stops_nobody() -> None:
    with server() as port:
        for _ in range(3):
            assert answer(port, post("/exit")).startswith("HTTP/1.1 500")
        assert answer(port, post("/")).startswith("HTTP/1.1 200")


def waiting(port: int, path: str) -> socket.socket:
    """Send a request but for its last byte, after the server has seen all earlier connections."""
    line = connect(port, post(path, "Expect: 100-continue", body=b"a")[:-1])
    assert line.recv(65536).startswith(b"HTTP/1.1 100")
    return line


def asked(port: int) -> int:
    """Return how many requests have come to the app."""
    return _asked(answer(port, post("/asked")))


def _asked(got: str) -> int:
    return int(json.loads(got.partition("\r\n\r\n")[2])["asked"])


def _reset(line: socket.socket) -> bool:
    try:
        line.sendall(b"\r\n")
    except OSError:
        return True
    return False


def _ended(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@dataclass(eq=False)
class Held:
    """A connection as the bounds see it."""

    address: str
    since: float
    running: bool = False
    serving: bool = False
    deadline: float = NEVER
    held: int = 0
    dropped: bool = False

    def expire(self) -> None: ...

    def drop(self) -> None:
        self.dropped = True


def test_who_holds_most_loses_the_oldest_and_a_running_request_stays() -> None:
    crowd = [Held("198.51.100.1", since) for since in range(12)]
    gateway = [Held(GATEWAY, 0.5), Held(GATEWAY, 100.0, running=True, serving=True), Held(GATEWAY, 101.0)]
    net = [Held(f"2001:db8:0:1::{at}", at) for at in range(9)]
    connections = Connections(Bounds(connections=24))
    assert all(connections.add(each) for each in [*crowd, *gateway, *net])
    assert connections.add(Held("192.0.2.1", 200.0))
    dropped = [each for each in [*crowd, *gateway, *net] if each.dropped]
    assert dropped == crowd[:3]
    newcomers = [Held("192.0.2.1", 201.0 + at, running=True) for at in range(14)]
    assert all(connections.add(each) for each in newcomers)
    assert not any(each.dropped for each in gateway[1:])
    left = [sum(not each.dropped for each in group) for group in (crowd, net)]
    assert left == [3, 3]  # the two crowds have become equally small


def test_of_many_addresses_the_oldest_connection_ends_first() -> None:
    """Somebody with a /48 of IPv6 has 65,536 addresses. A caller's request is newer than what they hold."""
    many = [Held(f"2001:db8:0:{at:x}::1", at) for at in range(24)]
    connections = Connections(Bounds(connections=24))
    assert all(connections.add(each) for each in [*many, Held("192.0.2.1", 200.0)])
    assert [each for each in many if each.dropped] == many[:3]


def test_threat_full_memory_costs_only_those_who_fill_it() -> None:
    connections = Connections(Bounds(held_bytes=1000))
    gateway, crowd = Held(GATEWAY, 0.0), [Held("198.51.100.1", at) for at in range(11)]
    assert all(connections.add(each) for each in [gateway, *crowd])
    for each in crowd:
        connections.hold(each, 100)
    assert [each for each in [gateway, *crowd] if each.dropped] == crowd[:3]


def test_a_deadline_that_cannot_be_kept_ends_no_other() -> None:
    @dataclass(eq=False)
    class Broken(Held):
        def expire(self) -> None:
            raise OSError("not connected")

    connections, late = Connections(Bounds()), [Broken("192.0.2.1", 0.0, deadline=1.0) for _ in range(3)]
    for each in late:
        connections.add(each)
    connections.expire(2.0)
    assert all(each.dropped for each in late)


def test_threat_one_visitors_thousand_requests_delay_others_by_one() -> None:
    threads, done = Threads(), []
    for number in range(1000):
        threads.put("198.51.100.1", lambda number=number: done.append(("crowd", number)))  # type: ignore[misc]
    threads.put("192.0.2.1", lambda: done.append(("coordinator", 0)))
    threads.put("192.0.2.1", lambda: done.append(("coordinator", 1)))
    for _ in range(4):
        threads.take(Lock())()
    assert done == [("crowd", 0), ("coordinator", 0), ("crowd", 1), ("coordinator", 1)]


def test_the_thread_that_was_busy_last_takes_the_next_job() -> None:
    threads, first, last = Threads(), Lock(), Lock()
    for asleep in (first, last):
        asleep.acquire()
        threads.idle.append(asleep)
    threads.put("192.0.2.1", lambda: None)
    assert (first.locked(), last.locked()) == (True, False)
    threads.put("192.0.2.1", lambda: None)
    assert not first.locked()


def test_jobs_that_were_put_together_wake_one_thread_unless_one_is_awake() -> None:
    threads, asleep = Threads(), [Lock() for _ in range(3)]
    for each in asleep:
        each.acquire()
        threads.idle.append(each)
    threads.count = len(asleep)
    threads.wake_one()
    assert [each.locked() for each in asleep] == [True, True, True], "there is no job"
    for _ in range(3):
        threads.put("192.0.2.1", lambda: None, wake=False)
    for _ in range(2):
        threads.wake_one()
    assert [each.locked() for each in asleep] == [True, True, False]
    threads.wake_all()
    assert [each.locked() for each in asleep] == [False, False, False]


def test_no_job_is_forgotten_while_threads_fall_asleep_and_wake_up() -> None:
    threads, done = Threads(), Semaphore(0)
    threads.start(4)
    for number in range(2000):
        threads.put(f"192.0.2.{number % 7}", done.release)
        if number % 3 == 0:
            assert done.acquire(timeout=PATIENCE_SECONDS)
    for number in range(2000):
        assert number % 3 == 0 or done.acquire(timeout=PATIENCE_SECONDS)


def test_the_bounds_fit_the_files_that_a_process_may_open() -> None:
    code = (
        "import resource; from gateway.serving.bounds import *; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 1024));"
        "print(fitting(Bounds()).connections, resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert printed == "796 (1024, 1024)\n"
    assert asdict(fitting(Bounds(connections=1))) == asdict(Bounds(connections=1))


def test_threat_a_burst_of_connections_leaves_files_for_the_app() -> None:
    """A full server takes a few connections at a time, so it has closed others before it takes more."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))"
    with TemporaryFile() as errors, ExitStack() as held:
        with started(errors.fileno(), {"connections": 64}, limit) as (process, port):
            for _ in range(64):
                held.enter_context(connect(port))
            process.send_signal(signal.SIGSTOP)
            for _ in range(300):
                held.enter_context(connect(port))
            process.send_signal(signal.SIGCONT)
            assert answer(port, post("/")).startswith("HTTP/1.1 200")
        errors.seek(0)
        assert errors.read() == b""


# Odd requests


@pytest.mark.faults
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([f"X-Forwarded-For: {GATEWAY}"], "200"),
        ([f"X-Forwarded-For: 198.51.100.9, {GATEWAY}"], "200"),
        (["X-Forwarded-For: 198.51.100.9", f"X-Forwarded-For: {GATEWAY}"], "200"),
        ([f"X-Forwarded-For: {GATEWAY}", "X-Forwarded-For: 198.51.100.9"], "404"),
        (["X-Forwarded-For: 198.51.100.9", f"X_Forwarded_For: {GATEWAY}"], "400"),
        ([f"X_Forwarded_For: {GATEWAY}", "X-Forwarded-For: 198.51.100.9"], "400"),
        ([f"X-Forwarded_For: {GATEWAY}", "X-Forwarded-For: 198.51.100.9"], "400"),
        ([f"X_Forwarded_For: {GATEWAY}"], "404"),
        ([f"X-A: 1\nX-Forwarded-For: {GATEWAY}"], "400"),
    ],
)  # fmt: skip
def test_threat_the_senders_network_cannot_be_claimed_with_another_spelling(
    demo: Service, headers: Sequence[str], status: str
) -> None:
    """The trusted proxy writes the last `X-Forwarded-For`. What a visitor adds beside it is not read."""
    assert dial(demo, *headers) == status


@pytest.mark.faults
def test_threat_a_webhook_has_one_path(demo: Service) -> None:
    port = int(demo.base.rpartition(":")[2])
    for path in (f"/{demo.hook}/ussd", f"{demo.hook}//ussd", f"{demo.base}{demo.hook}/ussd"):
        got = answer(port, post(path, FORM, f"X-Forwarded-For: {GATEWAY}", body=HOP))
        assert got.startswith(("HTTP/1.1 404", "HTTP/1.1 400")), path


REFUSED = [
    (b"GET / HTTP/1.1\nHost: a\n\n", "400", "lines end with LF alone"),
    (b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "400", "one line ends with LF alone"),
    (b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", "400", "one line ends with CR alone"),
    (b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "400", "a folded line"),
    (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400", "a space before the colon"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400", "two hosts"),
    (b"GET http://a/ HTTP/1.1\r\n\r\n", "400", "a whole address"),
    (b"GET /\xff HTTP/1.1\r\n\r\n", "400", "a letter outside ASCII"),
    (b"GET / HTTP/2.0\r\n\r\n", "400", "another version"),
    (b"GET /\r\n\r\n", "400", "no version"),
    (b"CONNECT a:1 HTTP/1.1\r\n\r\n", "400", "a tunnel"),
    (b"\x16\x03\x01\x02\x00", "400", "TLS"),
    (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400", "two lengths"),
    (b"POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na", "400", "a length with a sign"),
    (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent_Length: 2\r\n\r\nab", "400", "two spellings of the length"),
    (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", "length and chunks"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\na\n0\n\n", "400", "chunks with LF alone"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "400", "another coding"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400", "another coding in chunks"),
    (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", "chunks in version 1.0"),
    (b"POST / HTTP/1.1\r\nContent-Length: 900000\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", "431", "long header, long body"),
    (b"GET / HTTP/1.1\r\n" + b"a:\r\n" * 2000 + b"\r\n", "431", "many short headers"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"a" * 600_000, "413", "a long trailer"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"a" * 600_000, "413", "a long name of a chunk"),
    (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", "431", "a long header"),
    (b"GET / HTTP/1.1\r\nX: " + b"a" * 90_000, "431", "a long header without end"),
    (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", "431", "a long address"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"ffff\r\n" + b"a" * 65535 + b"\r\n") * 4, "413", "long"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "status"), [row[:2] for row in REFUSED], ids=[row[2] for row in REFUSED])
def test_threat_a_request_that_two_servers_could_read_differently_is_refused(
    port: int, sent: bytes, status: str
) -> None:
    got = answer(port, sent)
    assert got.startswith(f"HTTP/1.1 {status} ")
    assert got.endswith("\r\n\r\n")  # nothing is repeated


ANSWERED = [
    (post("/a%20b//c", body=b"x"), ['"PATH_INFO": "/a b//c"', '"body": "x"', '"CONTENT_LENGTH": "1"'], "a body"),
    (post("/", "Cookie: a=1", "Cookie: b=2"), ['"HTTP_COOKIE": "a=1; b=2"'], "two cookies"),
    (post("/", "X_Odd: 1"), ['"body": ""'], "a name with an underscore is left out"),
    (b"POST / HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n",
     ['"body": "abc"', '"CONTENT_LENGTH": "3"'], "chunks"),
    (b"POST / HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
     ["100 Continue\r\n\r\nHTTP/1.1 200", '"body": "x"'], "asks before it sends the body"),
    (b"POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n" + b"a" * 90_000,
     ['"CONTENT_LENGTH": "300000"', '"body": ""', "Connection: close"], "a long body is the app's to refuse"),
    (b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n", ["/1", "/2"], "two requests at once"),
    (b"GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", ["200 OK", "Connection: close"], "an upgrade"),
    (b"GET / HTTP/1.0\r\n\r\n", ["200 OK", "Connection: close"], "version 1.0"),
    (b"GET /broken HTTP/1.1\r\n\r\n", ["500 Internal", "Connection: close"], "the app is broken"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "parts"), [row[:2] for row in ANSWERED], ids=[row[2] for row in ANSWERED])
def test_what_a_client_may_send_is_answered(port: int, sent: bytes, parts: Sequence[str]) -> None:
    got = answer(port, sent)
    at = 0
    for part in sorted(parts, key=got.find):
        assert part in got[at:]
    assert "a value" not in got


def test_head_has_no_body_and_a_connection_serves_many_requests(port: int) -> None:
    with requests.Session() as client:
        for _ in range(3):
            assert client.get(f"http://127.0.0.1:{port}/x", timeout=PATIENCE_SECONDS).json()["PATH_INFO"] == "/x"
        assert client.head(f"http://127.0.0.1:{port}/", timeout=PATIENCE_SECONDS).text == ""
        assert client.get(f"http://127.0.0.1:{port}/y", timeout=PATIENCE_SECONDS).json()["PATH_INFO"] == "/y"


def test_a_client_that_has_sent_everything_may_close_its_side(port: int) -> None:
    line = connect(port, b"GET / HTTP/1.1\r\n\r\n")
    line.shutdown(socket.SHUT_WR)
    assert everything(line).startswith("HTTP/1.1 200")
