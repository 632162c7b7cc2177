"""Starts a web process: `python -m gateway public --host 127.0.0.1 --port 8000`.

It is one process with a few threads. The supervisor restarts it when it exits.
"""

import argparse
import gc
import importlib
import os
import socket
import sys
from collections.abc import Sequence

from helpline.core.missing_package import explained

with explained("gateway"):
    from gateway.serving.bounds import Bounds, fitting
    from gateway.serving.server import bind, serve
    from gateway.serving.threads import Wsgi
    from helpline.core import log
    from helpline.core.config import ConfigError
    from helpline.operations.listening import why_not

FACTORIES = {"public": "gateway.app:public", "console": "gateway.console.app:console"}
PORTS = {"public": 8000, "console": 8001}
THREADS = 4
"""Measured with one Redis call per hop: 16 % less processor time than with one thread, because a waiting call blocks
nobody. A hop waits for the database; more threads would only wait for each other."""


def load(target: str) -> Wsgi:
    """Make the app. Errors show only their place, because an exception's text may hold a value."""
    name, _, factory = target.partition(":")
    try:
        with explained("gateway"):
            module = importlib.import_module(name)
        app: Wsgi = getattr(module, factory)()
    except ConfigError as error:
        sys.exit("\n".join(error.faults))
    except Exception:  # noqa: BLE001  # Python would print the message
        log.failed("web_not_started")
        sys.exit(1)
    gc.collect()
    gc.freeze()  # loaded objects stay: otherwise a page of a long list sometimes waits while the collector scans them
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description="Serve one of the web processes.")
    parser.add_argument("which", choices=sorted(FACTORIES))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="(default: 8000, the console 8001)")
    parser.add_argument("--fd", type=int, help="the number of a socket that already listens, passed on by `komek up`")
    parser.add_argument("--app", help="module:factory of another WSGI app, for tests")
    given = parser.parse_args(arguments)
    port = given.port or PORTS[given.which]
    log.set_up()
    try:
        listening = bind(given.host, port) if given.fd is None else socket.socket(fileno=given.fd)
    except OSError as error:
        print(f"komek: {why_not(error, given.host, port)}", file=sys.stderr)
        sys.exit(os.EX_CONFIG)
    serve(load(given.app or FACTORIES[given.which]), listening, THREADS, fitting(Bounds()))


if __name__ == "__main__":
    main()
