"""Send several texts at once: one after the other, a slow gateway decides how many leave in a second.

Each text goes through one of a few lanes, which the recipient decides. So texts to one recipient leave a worker in the
order in which they were claimed. A lane holds one text: each row has a lease, and must not wait long for its turn.
Another worker may send to the same recipient meanwhile. To wait for it could delay danger by a whole lease.
"""

import time
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from zlib import crc32

from helpline.store.outbox import Due

LANES = 4
"""How many texts a worker sends at once. Each costs a thread and a connection to the database for half a second."""


def drain(
    claim: Callable[[Set[int]], Sequence[tuple[Due, str]]], do: Callable[[Due], object], seconds: float, lanes: int
) -> int:
    """Do rows until there are none, for so long at most. Return how many, once all are done.

    `claim` gets the lanes that are busy, some of which may be free by now, and returns the next rows, each with its
    recipient: rows of free lanes, then at most one that must wait for its lane. Nothing is claimed while all are busy.
    `do` is called in threads. It raises only if the database fails: then nothing more is claimed, the rows that were
    claimed are done, and this raises the same.
    """
    ends, done = time.monotonic() + seconds, 0
    last = dict[int, Future[object]]()
    with ExitStack() as stack:
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _ in range(lanes)]
        while time.monotonic() < ends:
            busy = _busy(last)
            if len(busy) == lanes:
                wait(last.values(), ends - time.monotonic(), FIRST_COMPLETED)
                continue
            if not (claimed := claim(busy)):
                break
            for due, recipient in claimed:
                lane = lane_of(recipient, lanes)
                before = last.get(lane)
                last[lane] = threads[lane].submit(do, due)
                done += 1
                if before:
                    before.result()
        for each in last.values():
            each.result()
    return done


def _busy(last: Mapping[int, Future[object]]) -> frozenset[int]:
    """Return the lanes whose last text is not done. Raise what another one raised."""
    done = {lane for lane, each in last.items() if each.done()}
    for lane in done:
        last[lane].result()
    return frozenset(last.keys() - done)


def lane_of(recipient: str, lanes: int) -> int:
    """Return the lane of a recipient."""
    return crc32(recipient.encode()) % lanes
