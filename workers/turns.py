"""Go on with other jobs in the process of one: to fork the next process takes longer than to answer some texts."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from helpline.core.jobs import QUEUE_OF, URGENCY, Job, Queue

TURN_SECONDS = 2.0
"""So long a job that has found work goes on with what else is due. An order to stop waits for it."""
IDLE_SECONDS = 0.1
"""After so long without work it ends."""
LOOK_SECONDS = 0.02


def go_on(
    due: Callable[[], Sequence[Job]],
    do: Callable[[Job], int],
    ends: float,
    now: Callable[[], float] = time.monotonic,
    pause: Callable[[float], object] = time.sleep,
) -> frozenset[Job]:
    """Do the jobs that are due until an instant, or until there are none. Return those that could do nothing at last.

    `do` returns how many rows it has done. Urgent jobs go first, and of the others the one that was done least often,
    so that no flood of one kind keeps the others waiting. Jobs of the lowest queue may take minutes. They are left to
    processes of their own.
    """
    times, vain, idle_until = Counter[Job](), set[Job](), now() + IDLE_SECONDS
    while now() < ends:
        jobs = [each for each in due() if each not in vain and QUEUE_OF[each] is not Queue.LOW]
        if jobs:
            job = min(jobs, key=lambda each: (QUEUE_OF[each] is not Queue.URGENT, times[each], URGENCY[each]))
            times[job] += 1
            if do(job):
                idle_until = now() + IDLE_SECONDS
            else:
                vain.add(job)
        elif now() >= idle_until:
            break
        else:
            pause(LOOK_SECONDS)
            vain.clear()
    return frozenset(vain)
