"""Starts a web process: `python -m gateway public --host 127.0.0.1 --port 8000`.

It is one granian worker with a few threads. Granian does not restart it: when the worker exits, its master exits too,
and the supervisor restarts both. So only the supervisor has a restart rule.
"""

import argparse
import gc
import importlib
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from helpline.core import log
from helpline.core.config import ConfigError
from helpline.operations.child_processes import die_with_parent

FACTORIES = {"public": "gateway.app:public", "console": "gateway.console.app:console"}
PORTS = {"public": 8000, "console": 8001}
THREADS = 4
"""Measured with one Redis call per hop: 16 % less processor time than with one thread, because a waiting call blocks
nobody. A hop waits for the database; more threads would only wait for each other."""
OUR_LOGS: dict[str, Any] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}, "handlers": {}}
"""Send granian's log lines to our root logger, which hides what must not be logged."""


def load(target: str) -> Callable[..., Any]:
    """Make the app in the process that serves it. The process exits with its master, and errors show only their place.

    This replaces granian's loader, which puts the current folder first on the import path.
    """
    log.set_up()
    if parent := multiprocessing.parent_process():
        die_with_parent(parent.pid or 0)
    module, _, factory = target.partition(":")
    try:
        app: Callable[..., Any] = getattr(importlib.import_module(module), factory)()
    except ConfigError as error:
        sys.exit("\n".join(error.faults))
    except Exception:  # noqa: BLE001  # granian would print the message, which may hold a value
        log.failed("web_not_started")
        sys.exit(1)
    gc.collect()
    gc.freeze()  # loaded objects stay: otherwise a page of a long list sometimes waits while the collector scans them
    return app


def taken(host: str, port: int) -> bool:
    """Whether another process already uses the port. Granian would share the port without an error."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description="Serve one of the web processes.")
    parser.add_argument("which", choices=sorted(FACTORIES))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="(default: 8000, the console 8001)")
    parser.add_argument("--app", help="module:factory of another WSGI app, for tests")
    given = parser.parse_args(arguments)
    given.port = given.port or PORTS[given.which]
    log.set_up()
    if taken(given.host, given.port):
        print(f"komek: port {given.port} of {given.host} is in use; choose another one with --port", file=sys.stderr)
        sys.exit(os.EX_CONFIG)
    Granian(
        given.app or FACTORIES[given.which],
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=3,  # one stop in fifty has no effect; shorter than the supervisor waits
        log_level=LogLevels.warning,
        log_dictconfig=OUR_LOGS,
        log_access=False,
    ).serve(target_loader=load)


if __name__ == "__main__":
    main()
