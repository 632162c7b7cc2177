"""What the loop of the HTTP server answers itself: only requests that wait for nothing, and not too many in a row."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event

from gateway.serving.bounds import Bounds, Connections
from gateway.serving.connection import AT_ONCE, Service
from gateway.serving.threads import Threads
from helpline.core.waiting import settle_with
from tests.gateway.test_serving import ROOT, answer, connect, everything, is_listening, post
from tests.others import free_port, until

SERVER = """
import socket, sys, threading
from gateway.serving.bounds import Bounds
from gateway.serving.server import bind, serve

def app(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"].startswith("/hangs/"):
        socket.create_connection(("127.0.0.1", int(environ["PATH_INFO"][7:]))).recv(1)
    if environ["PATH_INFO"] == "/broken":
        raise ValueError("a value")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{threading.current_thread().name} ".encode() + body]

def at_once(environ, start_response):
    return app(environ, start_response) if environ["PATH_INFO"] in {"/", "/broken"} else None

app.at_once = at_once
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
    with served() as port:
        assert answer(port, post("/", body=b"all of it")).endswith("MainThread all of it")
        assert answer(port, post("/broken")).startswith("HTTP/1.1 500 ")
        assert answer(port, post("/")).endswith("MainThread ")
        waited = answer(port, post("/waits", body=b"all of it"))
        assert "\r\n\r\napp-" in waited
        assert waited.endswith(" all of it")


def test_what_has_put_a_question_is_tried_again_once_all_that_arrived_is_settled() -> None:
    loop, told = asyncio.new_event_loop(), list[str]()
    service = Service(lambda *_: [], loop, Connections(Bounds()), Threads(), bytearray())
    settle_with(lambda: told.append("answers"))
    for name in ("first", "second"):
        service.when_settled(partial(told.append, name))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert told == ["answers", "first", "second"]


def test_r19_a_hop_that_hangs_keeps_none_of_those_waiting_that_were_settled_with_it() -> None:
    """One thread takes them all, as long as none of them hangs."""
    loop, threads, other = asyncio.new_event_loop(), Threads(), Event()
    threads.start(THREADS)
    until(lambda: len(threads.idle) == THREADS, "threads that sleep")
    service, answered = Service(lambda *_: [], loop, Connections(Bounds()), threads, bytearray()), loop.create_future()

    def hang() -> None:
        loop.call_soon_threadsafe(answered.set_result, other.wait(10.0))

    for job in (hang, other.set):
        service.when_settled(partial(threads.put, "192.0.2.1", job, wake=False))
    assert loop.run_until_complete(answered), "the other hop was answered meanwhile"
    loop.close()


def test_menus_go_on_while_all_threads_wait_for_a_silent_database() -> None:
    """And more requests wait for a thread."""
    with served() as port, socket.create_server(("127.0.0.1", 0)) as database, ExitStack() as stack:
        path = f"/hangs/{database.getsockname()[1]}"
        hanging = [stack.enter_context(connect(port, post(path))) for _ in range(4)]
        asked = [stack.enter_context(database.accept()[0]) for _ in range(THREADS)]
        assert answer(port, post("/")).endswith("MainThread ")
        for line in asked:
            line.sendall(b"x")
        for _ in hanging[THREADS:]:
            database.accept()[0].close()
        assert all(everything(line).startswith("HTTP/1.1 200 ") for line in hanging)


def test_threat_requests_that_wait_for_nothing_do_not_keep_the_loop_to_themselves() -> None:
    """After some of them it looks for others."""
    loop = asyncio.new_event_loop()
    service = Service(lambda *_: [], loop, Connections(Bounds()), Threads(), bytearray())
    for _ in range(AT_ONCE):
        service.take_turn()
    left = service.turns
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert (left, service.turns) == (0, AT_ONCE)
