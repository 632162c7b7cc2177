"""Many things in one instant."""

import threading
from collections.abc import Callable


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run everything at the same instant. Return what each returned or raised."""
    start, results = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001  # the test looks at it
            results.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
