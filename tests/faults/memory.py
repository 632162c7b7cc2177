"""Search the memory of running processes for phone numbers, as somebody with a seized machine would (Linux only)."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

CHUNK_BYTES = 4 << 20


def found_in(pid: int, secrets: Iterable[bytes]) -> dict[bytes, int]:
    """Return how often each secret is in the writable memory of a process, also in memory that it has freed.

    Python stores digits as ASCII unless the same string has letters of another script; then each character takes two
    bytes. Both forms are searched.
    """
    looked_for = {form: secret for secret in secrets for form in (secret, secret.decode("ascii").encode("utf-16-le"))}
    wanted = re.compile(b"|".join(map(re.escape, looked_for)))
    longest = max(map(len, looked_for))
    counts: dict[bytes, int] = {}
    for held in _memory(pid, longest - 1):
        for found in wanted.findall(held):
            counts[looked_for[found]] = counts.get(looked_for[found], 0) + 1
    return counts


def _memory(pid: int, overlap: int) -> Iterator[bytes]:
    """Yield the writable memory of a process in chunks. Neighbours share `overlap` bytes, so that nothing is cut."""
    with suppress(OSError):
        maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
        file = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        try:
            for line in maps:
                span, rights, *_ = line.split()
                if rights.startswith("rw"):
                    start, end = (int(each, 16) for each in span.split("-"))
                    yield from _chunks(file, start, end, overlap)
        finally:
            os.close(file)


def _chunks(file: int, start: int, end: int, overlap: int) -> Iterator[bytes]:
    for at in range(start, end, CHUNK_BYTES):
        with suppress(OSError):  # the process may have given the memory back meanwhile
            yield os.pread(file, min(CHUNK_BYTES + overlap, end - at), at)
