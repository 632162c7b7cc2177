"""Read each translation once, though hundreds of tests load the content or a copy with one change.

It is no shortcut past the reader: a file with other bytes is read.
"""

from functools import lru_cache

from helpline.content import po
from helpline.content.po import Po
from menus.faults import Fault

MOST = 64
"""How many files are remembered: the present ones, and some copies."""
read = po.read


def read_once() -> None:
    """Make the reader of PO files remember what it has read."""
    po.read = _again


@lru_cache(MOST)
def _read(file: str, data: bytes) -> tuple[Po, tuple[Fault, ...]]:
    found, faults = read(file, data)
    return found, tuple(faults)


def _again(file: str, data: bytes) -> tuple[Po, list[Fault]]:
    found, faults = _read(file, data)
    return found, [*faults]
