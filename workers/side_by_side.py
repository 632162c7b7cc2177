"""Send several texts at once: one after the other, a slow gateway decides how many leave in a second.

Texts to one recipient leave in their order all the same: `outbox.claim` claims none while another one to the same
recipient is in a worker's hands, this one or any other.

A gateway that hangs holds up its own texts only. `LANES` of them wait for it at most. After its time a job that waits
for them does what else is due, and sends the texts of other channels in as many lanes.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from helpline.store.outbox import Due

LANES = 4
"""How many texts a worker sends at once, beside those that wait for a slow gateway. Each costs a thread, and a
connection to the database while a job sends."""
HANGING = 3
"""While the gateways of so many channels hang, texts of another one still leave."""
LOOK_SECONDS = 0.2
"""So often a job that waits for a slow gateway looks for other work: as often as the clock."""
LONGEST_SECONDS = 20.0
"""After so long it only waits: RQ ends a job after 40 s, and a text that was begun last may take ten."""


def nothing(_: int) -> Sequence[Due]:
    """Begin nothing while a gateway is slow."""
    return ()


def drain(
    claim: Callable[[int], Sequence[Due]],
    do: Callable[[Due], object],
    seconds: float,
    lanes: int = LANES,
    meanwhile: Callable[[int], Sequence[Due]] = nothing,
) -> int:
    """Do rows until there are none, for so long at most. Return how many, once all are done.

    `claim` gets how many rows may be begun, and returns the next ones: fewer if there are not so many. A row that can
    be claimed only after another one is claimed when one has ended. `do` is called in threads. It raises only if the
    database fails: then nothing more is claimed, the rows that were claimed are done, and this raises the same.

    After that time `meanwhile` is called as long as rows are not done. It gets how many these are, and returns what may
    be begun all the same.
    """
    ends, done = time.monotonic() + seconds, 0
    busy = set[Future[object]]()
    with ThreadPoolExecutor(lanes * (1 + HANGING)) as threads:
        while time.monotonic() < ends:
            begun = {threads.submit(do, due) for due in claim(lanes - len(busy))}
            done += len(begun)
            busy |= begun
            if not busy:
                break
            ended, busy = wait(busy, max(0.0, ends - time.monotonic()), FIRST_COMPLETED)
            for each in ended:
                each.result()
        while busy:
            more = meanwhile(len(busy)) if time.monotonic() < ends + LONGEST_SECONDS else ()
            begun = {threads.submit(do, due) for due in more}
            done += len(begun)
            ended, busy = wait(busy | begun, LOOK_SECONDS, FIRST_COMPLETED)
            for each in ended:
                each.result()
    return done
