"""Serves a WSGI app until the process is told to stop."""

import asyncio
import signal
import socket
from functools import partial

from gateway.serving.bounds import Bounds, Connections
from gateway.serving.connection import Connection, Service
from gateway.serving.threads import Threads, Wsgi

BACKLOG = 1024
AT_ONCE = 32
"""Connections that asyncio may take before it lets us close others. More could use up all file descriptors."""
BUFFER_BYTES = 65_536
CHECK_SECONDS = 1.0
"""Between two looks for connections whose deadline has passed."""
FINISH_SECONDS = 3.0
"""For running requests, after a stop signal: shorter than the supervisor waits."""


def bind(host: str, port: int) -> socket.socket:
    """Take the port, without listening yet. Raise `OSError` if another process has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError:
        taken.close()
        raise
    return taken


def serve(app: Wsgi, listening: socket.socket, threads: int, bounds: Bounds) -> None:
    """Answer requests until SIGTERM or SIGINT. Running requests may finish first.

    An app may have a part that never waits, `at_once`: the loop asks it first, and a thread runs the app only if that
    returns None.
    """
    asyncio.run(_serve(app, listening, threads, bounds))


async def _serve(app: Wsgi, listening: socket.socket, threads: int, bounds: Bounds) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    at_once = getattr(app, "at_once", None)
    service = Service(app, loop, Connections(bounds), Threads(), bytearray(BUFFER_BYTES), at_once)
    service.threads.start(threads)
    server = await loop.create_server(partial(Connection, service), sock=listening, backlog=AT_ONCE)
    listening.listen(BACKLOG)  # asyncio takes one number for the backlog and for how many it accepts at once
    checks = asyncio.create_task(_check(service))
    await stop.wait()
    checks.cancel()
    server.close()
    until = loop.time() + FINISH_SECONDS
    while any(client.serving for client in service.connections.open) and loop.time() < until:
        await asyncio.sleep(0.02)
    for client in list(service.connections.open):
        client.drop()


async def _check(service: Service) -> None:
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        service.connections.expire(service.loop.time())
