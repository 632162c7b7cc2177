"""Send several texts at once: one after the other, a slow gateway decides how many leave in a second.

Each text goes through one of a few lanes, which the recipient decides. So texts to one recipient leave a worker in the
order in which they were claimed. A lane holds one text: each row has a lease, and must not wait long for its turn.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from zlib import crc32

from helpline.store.outbox import Due

LANES = 4
"""How many texts a worker sends at once. Each costs a thread and a connection to the database for half a second."""


def drain(
    claim: Callable[[], Sequence[tuple[Due, str]]], do: Callable[[Due], object], seconds: float, lanes: int
) -> int:
    """Do rows until there are none, for so long at most. Return how many, once all are done.

    `claim` returns the next rows, each with its recipient. `do` is called in threads. It raises only if the database
    fails: then nothing more is claimed, the rows that were begun are done, and this raises the same.
    """
    ends, done = time.monotonic() + seconds, 0
    with ExitStack() as stack:
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _ in range(lanes)]
        last: list[Future[object] | None] = [None] * lanes
        while time.monotonic() < ends and (claimed := claim()):
            for due, recipient in claimed:
                lane = lane_of(recipient, lanes)
                if before := last[lane]:
                    before.result()
                last[lane] = threads[lane].submit(do, due)
                done += 1
        for each in filter(None, last):
            each.result()
    return done


def lane_of(recipient: str, lanes: int) -> int:
    """Return the lane of a recipient."""
    return crc32(recipient.encode()) % lanes
