"""Faults of the content, for authors, who see all of them at once.

A fault has file, line, column, what is wrong, and what to do.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

FEW = 12
"""Up to so many names are listed in a message. If there are more, only the closest one is named."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to correct. Faults sort by their place."""

    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}"


class ContentFaults(Exception):
    """The content cannot be used. `faults` holds everything to correct, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file. Lines and columns count from 1; columns count characters."""

    file: str
    line: int
    column: int

    def fault(self, what: str) -> Fault:
        """Return a fault at this place. Its text becomes a single line."""
        return Fault(self.file, self.line, self.column, " ".join(what.split()))


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar, or has the same last part in another topic. None if there is none."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    near += [name for name in names if name.rpartition(".")[2] == word.rpartition(".")[2]]
    return near[0] if near else None


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """Return the message that `word` is not a `kind`, with the closest known name, or all names if they are few."""
    names = sorted(known)
    near = closest(word, names)
    if near:
        return f"no such {kind}: {word!r} (did you mean {near!r}?)"
    if 0 < len(names) <= FEW:
        return f"no such {kind}: {word!r}; use one of: {', '.join(names)}"
    return f"no such {kind}: {word!r}; correct the name, or add this {kind}"
