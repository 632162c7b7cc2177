"""The tables of `content/sentences/`: what people write, and what it means. They measure how well Komek understands it.

Native speakers review them: a file for each language, the sentences grouped by meaning, one a line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.content.yaml_files import read_yaml
from menus.faults import Fault, Mark
from menus.lexicon import Lexicon
from menus.sentences import Meaning, understand

FEWEST = 200
"""The fewest sentences that measure a language."""
BAR = 95
"""So many of a hundred sentences must be understood."""
CRIES = (Meaning.DANGER, Meaning.REQUEST, Meaning.BOTH)
"""What must never be taken for STOP: somebody who asks for help would be silenced."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How the sentences of one language are understood."""

    language: str
    sentences: int
    right: int
    silenced: tuple[str, ...]
    """Calls for help that are taken for STOP."""
    missed: tuple[tuple[str, Meaning, Meaning], ...]
    """(sentence, its meaning, what it is taken for)."""

    @property
    def percent(self) -> float:
        """How many of a hundred sentences are understood."""
        return 100 * self.right / max(self.sentences, 1)


def read(path: Path) -> list[tuple[str, Meaning]]:
    """Read one table. Raise `ValueError` for an unknown meaning, `ContentFaults` for a file that cannot be read."""
    table: Mapping[str, str] = read_yaml(path)
    return [(text, Meaning(meaning)) for meaning, texts in table.items() for text in texts.splitlines()]


def measure(lexicon: Lexicon, root: Path) -> list[Heard]:
    """Return how each language is understood, in the order of the files."""
    return [_measure(lexicon, path) for path in sorted((root / "sentences").glob("*.yaml"))]


def faults(heard: list[Heard], languages: list[str]) -> Iterator[Fault]:
    """Yield a fault for a language without a table, too few sentences, too few right ones, a cry taken for STOP."""
    for language in sorted({*languages} - {each.language for each in heard}):
        yield Mark(f"content/sentences/{language}.yaml", 1, 1).fault("missing; it measures what callers' texts mean")
    for each in heard:
        where = Mark(f"content/sentences/{each.language}.yaml", 1, 1)
        if each.sentences < FEWEST:
            yield where.fault(f"{each.sentences} sentences, but {FEWEST} are needed to measure")
        if each.percent < BAR:
            some = "; ".join(f"{text!r} is {meaning}, not {taken}" for text, meaning, taken in each.missed[:5])
            yield where.fault(f"{each.percent:.1f} % are understood, but {BAR} % must be: {some}")
        for text in each.silenced:
            yield where.fault(f"{text!r} asks for help, but is taken for STOP (R18)")


def _measure(lexicon: Lexicon, path: Path) -> Heard:
    table = read(path)
    taken = [(text, meaning, understand(lexicon, text)[0]) for text, meaning in table]
    missed = tuple(row for row in taken if row[1] is not row[2])
    silenced = tuple(text for text, meaning, heard in missed if meaning in CRIES and heard is Meaning.STOP)
    return Heard(path.stem, len(table), len(table) - len(missed), silenced, missed)
