"""What the loop of the HTTP server answers itself: only requests that wait for nothing, and not too many in a row."""

import asyncio
import gc
import socket
import subprocess
import sys
import weakref
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from flask import Flask, request
from pydantic import SecretStr
from werkzeug.test import create_environ

from gateway.app import create_public
from gateway.serving.bounds import Bounds, Connections
from gateway.serving.connection import AT_ONCE, Service
from gateway.serving.threads import Threads, respond_at_once
from helpline.core.channels_file import ChannelSettings
from helpline.core.waiting import may_wait
from tests.gateway.test_serving import ROOT, answer, connect, everything, is_listening, post
from tests.others import free_port, until
from tests.world import World

SERVER = """
import socket, sys, threading
from gateway.serving.bounds import Bounds
from gateway.serving.server import bind, serve
from helpline.core.waiting import may_wait

def app(environ, start_response):
    tried.append(environ["PATH_INFO"])
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/waits":
        may_wait()
    if environ["PATH_INFO"].startswith("/hangs/"):
        may_wait()
        socket.create_connection(("127.0.0.1", int(environ["PATH_INFO"][7:]))).recv(1)
    if environ["PATH_INFO"] == "/broken":
        raise ValueError("a value")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{threading.current_thread().name} {tried.count(environ['PATH_INFO'])} ".encode() + body]

tried = []
app.is_quick = lambda path: path != "/slow"
serve(app, bind("127.0.0.1", int(sys.argv[1])), 2, Bounds())
"""
THREADS = 2


@contextmanager
def served() -> Iterator[int]:
    """Serve an app that tells which thread answered, at which try, and what it was sent. Yield the port."""
    port = free_port()
    command = [sys.executable, "-c", SERVER, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: process.poll() is not None or is_listening(port), "a listening server")
            yield port
        finally:
            process.terminate()


def test_a_request_that_waits_for_nothing_is_answered_in_the_loop_and_others_by_a_thread() -> None:
    """One that would wait begins again in the thread, with all that it was sent."""
    with served() as port:
        assert answer(port, post("/", body=b"all of it")).endswith("MainThread 1 all of it")
        waited = answer(port, post("/waits", body=b"all of it"))
        assert "\r\n\r\napp-" in waited
        assert waited.endswith(" 2 all of it")
        assert answer(port, post("/broken")).startswith("HTTP/1.1 500 ")
        assert answer(port, post("/")).endswith("MainThread 2 ")
        assert "\r\n\r\napp-" in answer(port, post("/slow"))


def test_menus_go_on_while_all_threads_wait_for_a_silent_database() -> None:
    """And more requests wait for a thread."""
    with served() as port, socket.create_server(("127.0.0.1", 0)) as database, ExitStack() as stack:
        path = f"/hangs/{database.getsockname()[1]}"
        hanging = [stack.enter_context(connect(port, post(path))) for _ in range(4)]
        asked = [stack.enter_context(database.accept()[0]) for _ in range(THREADS)]
        assert answer(port, post("/")).endswith("MainThread 1 ")
        for line in asked:
            line.sendall(b"x")
        for _ in hanging[THREADS:]:
            database.accept()[0].close()
        assert all(everything(line).startswith("HTTP/1.1 200 ") for line in hanging)


def test_only_hops_that_have_all_keys_are_tried_in_the_loop(world: World) -> None:
    """Others ask Valkey for the keys before, and all other requests read or store something."""
    channels = [
        ChannelSettings(name=name, kind=name, secrets={"webhook_secret": SecretStr("s")})
        for name in ("africastalking", "emulator")
    ]
    app = create_public(
        world.public, world.config, list, content="", emergency=world.public.emergency(), channels=channels
    )
    tried = [rule.rule for rule in app.url_map.iter_rules() if app.is_quick(rule.rule)]
    assert tried == ["/in/africastalking/<secret>/ussd"]


class Secret:
    """Something in a request that must not stay in memory."""


def test_threat_a_request_that_would_wait_leaves_nothing_of_its_first_try_in_memory() -> None:
    """Not even until the collector of cycles comes by."""

    def view() -> str:
        _ = request.environ["secret"]
        may_wait()
        return ""

    app = Flask(__name__)
    app.add_url_rule("/", view_func=view)
    secret = Secret()
    environ, kept = {**create_environ("/"), "secret": secret}, weakref.ref(secret)
    gc.collect()
    gc.disable()
    try:
        assert respond_at_once(app, environ, keep_alive=True) is None
        del environ, secret
        assert kept() is None
    finally:
        gc.enable()


def test_threat_requests_that_wait_for_nothing_do_not_keep_the_loop_to_themselves() -> None:
    """After some of them it looks for others."""

    def app(_: Any, __: Any) -> Iterable[bytes]:
        return []

    app.is_quick = "/".__eq__  # type: ignore[attr-defined]
    loop = asyncio.new_event_loop()
    service = Service(app, loop, Connections(Bounds()), Threads(), bytearray())
    assert [service.has_turn("/") for _ in range(AT_ONCE + 2)] == [True] * AT_ONCE + [False] * 2
    loop.run_until_complete(asyncio.sleep(0))
    assert service.has_turn("/")
    loop.close()
