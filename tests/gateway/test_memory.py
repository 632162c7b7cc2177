"""Numbers in the memory of the running processes, after real requests over the wire."""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.bench.service import children, read, tree
from tests.others import until
from tests.running import Service, running
from tests.world import CALL_ME

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the memory of a process as a file"),
]
CALLERS = [f"+996000{983_100 + 7 * n}" for n in range(30)]
NUMBER = re.compile(rb"996000983[0-9]{3}")
LAST = 5
"""A copy may be left of the last callers, until another request is written over it (docs/threats.md)."""


def processes(service: Service) -> Iterator[tuple[str, int]]:
    """Yield every process of a demo, with the command of the part that it belongs to."""
    for part in children(service.process.pid):
        for pid in tree(part):
            yield read(part, "cmdline").replace("\0", " "), pid


def memory_of(pid: int) -> Iterator[bytes]:
    """Yield the readable memory of a process, except that of files."""
    with suppress(OSError), Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in read(pid, "maps").splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("r") and ("[heap]" in line or "[stack]" in line or len(line.split()) == 5):
                start, end = (int(each, 16) for each in span.split("-"))
                memory.seek(start)
                with suppress(OSError):
                    yield memory.read(end - start)


def left_in(service: Service) -> set[str]:
    """Return the callers whose number is in the memory of a process."""
    parts = (part for _, pid in processes(service) for part in memory_of(pid))
    return {f"+{found.decode()}" for part in parts for found in NUMBER.findall(part)}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running(tmp_path / "data") as started:
        yield started


def test_threat_the_next_calls_leave_no_process_with_a_number_in_its_memory(service: Service) -> None:
    """The server keeps nothing of a request and wipes what it read into. The workers' children have ended."""
    for session, caller in enumerate(CALLERS):
        shown = service.hop(f"{session}", CALL_ME, caller)
        keys = (*CALL_ME, shown.splitlines()[-1][:1])
        service.hop(f"{session}", keys, caller)
        service.hop(f"{session}", (*keys, "1"), caller)
    readable = [any(b"KOMEK_DATA" in part for part in memory_of(pid)) for _, pid in processes(service)]
    assert sum(readable) >= 4
    recent = set(CALLERS[-LAST:])
    until(lambda: left_in(service) <= recent, "memory without a number")
