"""Send several texts at once: one after the other, a slow gateway decides how many leave in a second.

Texts to one recipient leave in their order all the same: `outbox.claim` claims none while another one to the same
recipient is in a worker's hands, this one or any other.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from helpline.store.outbox import Due

LANES = 4
"""How many texts a worker sends at once. Each costs a thread and a connection to the database for half a second."""


def drain(
    claim: Callable[[int], Sequence[Due]], do: Callable[[Due], object], seconds: float, lanes: int = LANES
) -> int:
    """Do rows until there are none, for so long at most. Return how many, once all are done.

    `claim` gets how many rows may be begun, and returns the next ones: fewer if there are not so many. A row that can
    be claimed only after another one is claimed when one has ended. `do` is called in threads. It raises only if the
    database fails: then nothing more is claimed, the rows that were claimed are done, and this raises the same.
    """
    ends, done = time.monotonic() + seconds, 0
    busy = set[Future[object]]()
    with ThreadPoolExecutor(lanes) as threads:
        while time.monotonic() < ends:
            begun = {threads.submit(do, due) for due in claim(lanes - len(busy))}
            done += len(begun)
            busy |= begun
            if not busy:
                break
            ended, busy = wait(busy, max(0.0, ends - time.monotonic()), FIRST_COMPLETED)
            for each in ended:
                each.result()
    for each in busy:
        each.result()
    return done
