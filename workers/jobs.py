"""The jobs, two lines each: what is to be done stands in the database, and is done by the domain.

Their names stand in `helpline.core.job_queue`; nothing else can be called through the queue.
"""

import importlib
from collections.abc import Callable
from typing import Protocol, cast

from helpline.core import log


class Service(Protocol):
    """What workers and clock need of the service: the work that is due, and a sign of life."""

    def drain(self, seconds: float = 2.0, rows: int = 200) -> int:
        """Do what is due, for so long or so much at most; give how many were done."""

    def due(self) -> tuple[int, float]:
        """Say how many rows are due, and for how many seconds the oldest has been."""

    def beat(self, name: str) -> None:
        """Write down that the process `name` lives."""


def service() -> Service:
    """Give this process's service. Looked up by name and late: it is made anew after each fork."""
    return cast(Callable[[], Service], importlib.import_module("workers.wiring").service)()


def drain() -> None:
    """Do what is due. It takes no argument, and may run twice or never."""
    _quietly("drain", lambda: service().drain())


def _quietly(name: str, work: Callable[[], object]) -> None:
    """Do `work`; a fault is logged as class and place and goes no further.

    RQ would keep the whole traceback with its message in Redis, and a message may hold what a caller said. Nothing
    is lost by that: the rows are still due, and the clock rings again.
    """
    try:
        work()
    except Exception:  # noqa: BLE001
        log.failed(f"{name}_failed")
