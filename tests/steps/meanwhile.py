"""One transaction that waits for another, on PostgreSQL: both are where a test wants them, however slow the machine."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

from helpline.store.engine import Database

PATIENCE_SECONDS = 60
WAITING = sa.text(
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)
T = TypeVar("T")


def begun(db: Database, work: Callable[[], T]) -> "Future[T]":
    """Begin `work` in a thread, and return once it waits for a lock or has ended."""
    threads = ThreadPoolExecutor(1)
    future, ends = threads.submit(work), time.monotonic() + PATIENCE_SECONDS
    threads.shutdown(wait=False)
    while not future.done() and time.monotonic() < ends:
        with db.read() as tx:
            if tx.execute(WAITING).scalar_one():
                break
        time.sleep(0.01)
    return future
