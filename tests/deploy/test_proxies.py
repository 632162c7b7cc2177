"""The real Caddy and the real nginx, with the files in `deploy/`, before a listener that notes what it was sent."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
import requests

from tests.others import PATIENCE_SECONDS, free_port, until

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
FORGED = "203.0.113.9"
HERE = "127.0.0.1"
SECRET = "secret-of-the-webhook"
CERTIFICATE = "fullchain.pem"
EXCLUDED = "\t\texclude http.log http.handlers\n"
HUNG_UP = 0
TOO_LARGE = {413, 502, HUNG_UP}
"""What a proxy answers to a body over its limit. Caddy 2.6 says 502: it learns the size while it passes the body on."""
PAGE = f"/in/africastalking/{SECRET}/ussd"


@dataclass(slots=True)
class Noted:
    """What came through the proxy to one of our processes."""

    port: int
    paths: list[str] = field(default_factory=list)
    senders: list[list[str]] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Noted]:
    """Answer 200 to everything and note it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if len(self.rfile.read(length := int(self.headers.get("Content-Length", 0)))) < length:
                return  # the proxy gave up in the middle of it
            noted.paths.append(self.path)
            noted.senders.append(self.headers.get_all("X-Forwarded-For", []))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that the library calls

        def log_message(self, format: str, *args: object) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer((HERE, 0), Handler)
    noted = Noted(server.server_port)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield noted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(slots=True)
class Proxy:
    """A running proxy: where it listens, and what it wrote."""

    public: str
    console: str
    folder: Path

    def written(self) -> str:
        """Return all that it wrote to its output and its logs."""
        return "".join(path.read_text("utf-8", "replace") for path in self.folder.rglob("*.log"))


def program(name: str) -> str:
    """Return the path of a program, also of those in /usr/sbin; skip the test if it is not installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def caddy(folder: Path, web: int, console: int, ports: tuple[int, int]) -> list[str]:
    """Use the Caddyfile as it is, with names of this machine and without certificates."""
    text = (DEPLOY / "Caddyfile").read_text()
    values = {
        "{$PUBLIC_HOST}": f"http://{HERE}:{ports[0]}", "{$CONSOLE_HOST}": f"http://{HERE}:{ports[1]}",
        "{$WEB:127.0.0.1:8000}": f"{HERE}:{web}", "{$CONSOLE:127.0.0.1:8001}": f"{HERE}:{console}",
    }  # fmt: skip
    for name, value in values.items():
        assert name in text
        text = text.replace(name, value)
    path = folder / "Caddyfile"
    path.write_text(text.replace("{\n", "{\n\tadmin off\n", 1))
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(path)]


def nginx(folder: Path, web: int, console: int, ports: tuple[int, int]) -> list[str]:
    """Use nginx.conf with ports of this machine, and with a certificate that it made itself in place of certbot's."""
    command, key = program("nginx"), folder / "privkey.pem"
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HERE}",
         "-addext", f"subjectAltName=IP:{HERE}", "-keyout", key, "-out", folder / CERTIFICATE],
        check=True, capture_output=True,
    )  # fmt: skip
    text = re.sub(r"^\s*listen \[::\].*\n", "", (DEPLOY / "nginx.conf").read_text(), flags=re.MULTILINE)
    text = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {folder / CERTIFICATE};", text)
    text = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {key};", text)
    for port in ports:
        text = text.replace("listen 443 ssl;", f"listen {HERE}:{port} ssl;", 1)
    text = text.replace("127.0.0.1:8000", f"{HERE}:{web}").replace("127.0.0.1:8001", f"{HERE}:{console}")
    text = text.replace("/var/log/nginx/komek.log", str(folder / "komek.log"))
    path = folder / "main.conf"
    path.write_text(
        f"{'user root; ' if os.geteuid() == 0 else ''}daemon off; pid {folder}/nginx.pid; error_log {folder}/main.log crit; events {{}}\n"
        f"http {{ access_log {folder}/access.log; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{text}}}\n"
    )
    return [command, "-p", str(folder), "-c", str(path), "-e", str(folder / "main.log")]


def is_open(port: int) -> bool:
    with closing(socket.socket()) as tried:
        return tried.connect_ex((HERE, port)) == 0


@contextmanager
def started(
    kind: str, folder: Path, web: int, console: int, ports: tuple[int, int] | None = None
) -> Iterator[Proxy]:  # fmt: skip
    """Run a proxy before two ports. It listens on `ports`, or on two free ones."""
    ports = ports or (free_port(), free_port())
    command = {"caddy": caddy, "nginx": nginx}[kind](folder, web, console, ports)
    folder.chmod(0o755)
    with (folder / "output.log").open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"}
        )
        try:
            until(lambda: all(map(is_open, ports)) or process.poll() is not None, f"{kind} listens")
            assert process.poll() is None, (folder / "output.log").read_text()
            scheme = "https" if kind == "nginx" else "http"
            yield Proxy(f"{scheme}://{HERE}:{ports[0]}", f"{scheme}://{HERE}:{ports[1]}", folder)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


@pytest.fixture(params=["caddy", "nginx"])
def kind(request: pytest.FixtureRequest) -> str:
    program(request.param)
    return str(request.param)


def ask(proxy: Proxy, url: str, body: bytes | None = None) -> int:
    """Ask with an address that somebody made up. Return the status, or `HUNG_UP`."""
    headers = {"X-Forwarded-For": FORGED}
    method = "GET" if body is None else "POST"
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(proxy.folder / CERTIFICATE) if url.startswith("https:") else False
        try:
            return session.request(method, url, data=body, headers=headers, timeout=PATIENCE_SECONDS).status_code
        except requests.ConnectionError:
            return HUNG_UP


def test_only_what_a_gateway_and_a_balancer_need_comes_through(kind: str, tmp_path: Path) -> None:
    """A sender cannot make up its own address: `KOMEK_TRUST_PROXY` believes the last one."""
    with listening() as web, listening() as console, started(kind, tmp_path, web.port, console.port) as proxy:
        assert [ask(proxy, proxy.public + path) for path in ("/health/live", "/", "/health/ready", "/metrics")] == [
            200,
            404,
            404,
            404,
        ]
        assert ask(proxy, proxy.public + PAGE, b"text=1") == 200
        assert [ask(proxy, proxy.console + path) for path in ("/login", "/metrics")] == [200, 404]
        assert (web.paths, console.paths) == (["/health/live", PAGE], ["/login"])
        believed = [sent[-1].split(",")[-1].strip() for sent in [web.senders[-1], console.senders[-1]]]
        assert believed == [HERE, HERE]


def test_a_body_that_is_too_large_is_refused(kind: str, tmp_path: Path) -> None:
    with listening() as web, listening() as console, started(kind, tmp_path, web.port, console.port) as proxy:
        assert ask(proxy, proxy.public + PAGE, b"x" * 60_000) == 200
        assert ask(proxy, proxy.public + PAGE, b"x" * 70_000) in TOO_LARGE
        assert web.paths == [PAGE]
        assert ask(proxy, proxy.console + "/import", b"x" * 190_000) == 200
        assert ask(proxy, proxy.console + "/import", b"x" * 210_000) in TOO_LARGE
        assert console.paths == ["/import"]


def test_no_log_holds_a_secret_of_an_address(kind: str, tmp_path: Path) -> None:
    """Neither when all is well nor when our processes are away."""
    with listening() as web, listening() as console, started(kind, tmp_path, web.port, console.port) as proxy:
        assert ask(proxy, proxy.public + PAGE, b"text=1") == 200
    assert SECRET not in proxy.written()
    away = tmp_path / "away"
    away.mkdir()
    with started(kind, away, free_port(), free_port()) as proxy:
        assert ask(proxy, proxy.public + PAGE, b"text=1") == 502
    assert SECRET not in proxy.written()


def test_without_its_line_caddy_writes_the_secret_of_a_request_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the test above looks for is there without the protection."""
    text = (DEPLOY / "Caddyfile").read_text()
    assert EXCLUDED in text
    (tmp_path / "Caddyfile").write_text(text.replace(EXCLUDED, ""))
    monkeypatch.setattr("tests.deploy.test_proxies.DEPLOY", tmp_path)
    away = tmp_path / "away"
    away.mkdir()
    with started("caddy", away, free_port(), free_port()) as proxy:
        assert ask(proxy, proxy.public + PAGE, b"text=1") == 502
    assert SECRET in proxy.written()


class Silent(BaseHTTPRequestHandler):
    """A web that takes a request and never answers."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.gave_up.wait()  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.mark.nightly
def test_a_web_that_hangs_does_not_hold_a_gateway(kind: str, tmp_path: Path) -> None:
    """After nine seconds the gateway hears that it failed, and can tell its caller. No log names the address."""
    server = ThreadingHTTPServer((HERE, 0), Silent)
    server.gave_up = Event()  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with started(kind, tmp_path, server.server_port, free_port()) as proxy:
            assert ask(proxy, proxy.public + PAGE, b"text=1") == 504
        assert SECRET not in proxy.written()
    finally:
        server.gave_up.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()


def test_nginx_passes_on_only_a_request_that_is_whole(tmp_path: Path) -> None:
    """A sender who never ends holds nginx, which has room for thousands, and no thread of the web."""
    program("nginx")
    with listening() as web, started("nginx", tmp_path, web.port, free_port()) as proxy:
        trusted = ssl.create_default_context(cafile=str(tmp_path / CERTIFICATE))
        address = (HERE, int(proxy.public.rpartition(":")[2]))
        with socket.create_connection(address) as plain, trusted.wrap_socket(plain, server_hostname=HERE) as slow:
            slow.sendall(f"POST {PAGE} HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\ntex".encode())
            assert ask(proxy, proxy.public + "/health/live") == 200
            assert web.paths == ["/health/live"]
            slow.sendall(b"t=1")
            assert slow.recv(15).startswith(b"HTTP/1.1 200")
        assert web.paths == ["/health/live", PAGE]


def test_with_more_in_its_error_log_nginx_writes_the_secret_of_a_request_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: why the level is `crit`."""
    text = (DEPLOY / "nginx.conf").read_text()
    assert text.count("komek.log crit;") == 2
    (tmp_path / "nginx.conf").write_text(text.replace("komek.log crit;", "komek.log error;"))
    monkeypatch.setattr("tests.deploy.test_proxies.DEPLOY", tmp_path)
    away = tmp_path / "away"
    away.mkdir()
    with started("nginx", away, free_port(), free_port()) as proxy:
        assert ask(proxy, proxy.public + PAGE, b"text=1") == 502
    assert SECRET in proxy.written()
