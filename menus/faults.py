"""What is wrong with the content, and where: made for authors, who see all of it at once.

A fault says file, line, column, what is wrong and what to do about it.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

FEW = 12
"""As many names as one reads in a sentence; of more, only the nearest is said."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to correct. Faults sort by where they are."""

    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}"


class ContentFaults(Exception):
    """The content cannot be used. `faults` holds all there is to correct, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; lines and columns count from 1, columns in letters."""

    file: str
    line: int
    column: int

    def fault(self, what: str) -> Fault:
        """Say what is wrong here, in one line whatever was written there."""
        return Fault(self.file, self.line, self.column, " ".join(what.split()))


def meant(word: str, known: Iterable[str]) -> str | None:
    """Give the name that was probably meant: one that looks like it, or has the same last part in another topic."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    near += [name for name in names if name.rpartition(".")[2] == word.rpartition(".")[2]]
    return near[0] if near else None


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """Say that there is no such `kind`, and the name that was probably meant, or all if they are few."""
    names = sorted(known)
    near = meant(word, names)
    if near:
        return f"no such {kind}: {word!r} (did you mean {near!r}?)"
    if 0 < len(names) <= FEW:
        return f"no such {kind}: {word!r}; use one of: {', '.join(names)}"
    return f"no such {kind}: {word!r}; correct the name, or add what it stands for"
