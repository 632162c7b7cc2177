"""Starts a web process: `python -m gateway public --host 127.0.0.1 --port 8000`.

One worker of granian with a few threads. It is not started again from inside: a worker that ends takes its master
with it, and the supervisor starts both anew, so that there is one rule for it.
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
"""Measured with one Redis call a hop: 16 % less processor time than one thread, since a call that waits holds up
nobody; a hop here waits for the database. More threads only take turns at it."""
OUR_LOGS: dict[str, Any] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}, "handlers": {}}
"""Granian would write its own lines; so they come to our root logger, which hides what may not be read."""


def load(target: str) -> Callable[..., Any]:
    """Make the app, in the process that will serve it: it dies with its master, and a fault says no more than where.

    Granian's own loader puts the current folder before everything else that can be imported.
    """
    log.set_up()
    if parent := multiprocessing.parent_process():
        die_with_parent(parent.pid or 0)
    module, _, factory = target.partition(":")
    try:
        app: Callable[..., Any] = getattr(importlib.import_module(module), factory)()
    except ConfigError as error:
        sys.exit("\n".join(error.faults))
    except Exception:  # noqa: BLE001  # its message may hold a value: granian would print it
        log.failed("web_not_started")
        sys.exit(1)
    gc.collect()
    gc.freeze()  # what was loaded stays: else a page of a long list stops, now and then, to look through all of it
    return app


def taken(host: str, port: int) -> bool:
    """Tell whether somebody answers on the port already. Granian would share it with them, in turn, and not say so."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description="Serve one of the web processes.")
    parser.add_argument("which", choices=sorted(FACTORIES))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="(default: 8000, the console 8001)")
    parser.add_argument("--app", help="module:factory of another WSGI app, for tests")
    given = parser.parse_args(arguments)
    given.port = given.port or PORTS[given.which]
    log.set_up()
    if taken(given.host, given.port):
        print(f"komek: port {given.port} of {given.host} is in use; give --port another", file=sys.stderr)
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
        workers_kill_timeout=3,  # one stop in fifty goes unheard; less than the supervisor waits
        log_level=LogLevels.warning,
        log_dictconfig=OUR_LOGS,
        log_access=False,
    ).serve(target_loader=load)


if __name__ == "__main__":
    main()
