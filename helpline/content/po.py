"""Read and write gettext PO files. Every entry and every fault has its line number, and nothing is lost on the way.

Translators' tools (Weblate, Poedit, msgfmt) read and write the same format. Plural forms are not supported, because
no text of ours has any. polib (1.2) cannot replace this reader: it reads an unclosed quote, an unquoted translation
and a plural form without an error, and loses the translation; it stops at the first fault that it does find.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from menus.faults import Fault, Mark

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
KEYWORD = re.compile(r"(msgctxt|msgid|msgstr)\s+(.*)")
_OUT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_IN = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One text and its translation."""

    context: str
    """The path of the text in the content (msgctxt)."""
    english: str
    """The English (msgid). Empty for the header."""
    translation: str = ""
    """The translation (msgstr)."""
    flags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    """The translator's comments (`#`)."""
    notes: tuple[str, ...] = ()
    """Our notes for the translator (`#.`)."""
    places: tuple[str, ...] = ()
    """The files of the English text (`#:`)."""
    previous: tuple[str, ...] = ()
    """Lines about the previous English (`#|`)."""
    obsolete: bool = False
    """Whether the content no longer has this text (`#~`)."""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """The path and the English, which identify the text. All languages share both strings."""
        return sys.intern(self.context), sys.intern(self.english)

    @property
    def fuzzy(self) -> bool:
        """Whether the translation is a guess that a translator must review."""
        return "fuzzy" in self.flags


@dataclass(frozen=True, slots=True)
class Po:
    """A PO file: its header, and all other entries in order."""

    header: Entry
    entries: tuple[Entry, ...] = ()

    def headers(self) -> dict[str, str]:
        """Return the fields of the header."""
        rows = (line.partition(":") for line in self.header.translation.splitlines())
        return {name.strip(): value.strip() for name, _, value in rows}


def read(file: str, data: bytes) -> tuple[Po, list[Fault]]:
    """Read a file. Return what could be read and every format fault. `file` is the name to use in faults."""
    top = Mark(file, 1, 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Po(Entry("", "")), [Mark(file, line, 1).fault("is not UTF-8; save the file as UTF-8")]
    reader = _Reader(file)
    for number, row in enumerate(text.split("\n"), 1):
        reader.take(number, row.strip())
    reader.finish()
    header = next((entry for entry in reader.entries if not entry.english), Entry("", ""))
    found = Po(header, tuple(entry for entry in reader.entries if entry.english))
    charset = found.headers().get("Content-Type", "").lower().replace(" ", "").partition("charset=")[2]
    if charset != "utf-8":
        what = f"the header says charset={charset or '(nothing)'}; write Content-Type: text/plain; charset=UTF-8"
        reader.faults.append((Mark(file, header.line, 1) if header.line else top).fault(what))
    return found, [*reader.faults, *_twice(file, found.entries)]


def _twice(file: str, entries: Iterable[Entry]) -> Iterator[Fault]:
    """Yield a fault for each entry whose context was used before, because a path has one text."""
    first: dict[str, int] = {}
    for entry in entries:
        if not entry.obsolete and entry.context in first:
            what = f"{entry.context} is here twice (first at line {first[entry.context]}); keep one of them"
            yield Mark(file, entry.line, 1).fault(what)
        if not entry.obsolete:
            first.setdefault(entry.context, entry.line)


class _Reader:
    """Reads a file line by line. An entry ends where the next one, or the comment above it, begins."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.entries: list[Entry] = []
        self.faults: list[Fault] = []
        self._clear()

    def _clear(self) -> None:
        self.words: dict[str, list[str]] = {}
        self.above: dict[str, list[str]] = {}
        self.now, self.line, self.obsolete = "", 0, False

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        if line.startswith("#~") and not line.startswith("#~|"):
            self._words(number, line[2:].strip(), obsolete=True)
        elif line.startswith("#"):
            self._comment(line)
        elif line:
            self._words(number, line, obsolete=False)

    def _comment(self, line: str) -> None:
        if "msgstr" in self.words:
            self.finish()
        sign = line[1:3] if line.startswith("#~|") else line[1:2]
        kind = sign if sign and sign in (".", ":", ",", "|", "~|") else "#"
        said = line[1:] if kind == "#" else line[1 + len(kind) :]
        self.above.setdefault(kind.strip("~"), []).append(said.removeprefix(" "))

    def _words(self, number: int, line: str, *, obsolete: bool) -> None:
        found = KEYWORD.fullmatch(line)
        keyword, said = (found[1], found[2]) if found else ("", line)
        if keyword and (keyword in self.words or (keyword != "msgstr" and "msgstr" in self.words)):
            self.finish()
        self.line, self.obsolete = self.line or number, obsolete
        self.now = keyword or self.now
        quoted = QUOTED.fullmatch(said)
        if quoted is None or not self.now:
            what = "is not a line of a PO file; check the quotes there. Plural forms cannot be used"
            self.faults.append(Mark(self.file, number, 1).fault(what))
            return
        self.words.setdefault(self.now, []).append(quoted[1])

    def finish(self) -> None:
        """Add the entry that was read."""
        if "msgid" in self.words:
            said = {name: "".join(map(_unescaped, parts)) for name, parts in self.words.items()}
            flags = (flag.strip() for line in self.above.get(",", ()) for flag in line.split(","))
            places = (place for line in self.above.get(":", ()) for place in line.split())
            entry = Entry(
                said.get("msgctxt", ""), said["msgid"], said.get("msgstr", ""), tuple(filter(None, flags)),
                tuple(self.above.get("#", ())), tuple(self.above.get(".", ())), tuple(places),
                tuple(self.above.get("|", ())), self.obsolete, self.line,
            )  # fmt: skip
            self.entries.append(entry)
        elif self.words:
            self.faults.append(Mark(self.file, self.line, 1).fault("has no msgid; write the English there"))
        self._clear()


def write(po: Po) -> str:
    """Return the text of a file. The same entries always give the same text."""
    return "\n".join(_written(entry) for entry in (po.header, *po.entries))


def _written(entry: Entry) -> str:
    mark = "#~ " if entry.obsolete else ""
    lines = [f"# {said}".rstrip() for said in entry.comments]
    lines += [f"#. {said}" for said in entry.notes] + [f"#: {place}" for place in entry.places]
    lines += [f"#, {', '.join(entry.flags)}"] if entry.flags else []
    lines += [f"{mark.strip() or '#'}| {said}" for said in entry.previous]
    words = [("msgctxt", entry.context)] if entry.context else []
    for name, said in (*words, ("msgid", entry.english), ("msgstr", entry.translation)):
        lines += [mark + line for line in keyword_lines(name, said)]
    return "\n".join(lines) + "\n"


def keyword_lines(name: str, said: str) -> list[str]:
    """Return the lines of one keyword with its text. `name` is msgid, msgstr or msgctxt."""
    parts = re.findall(r"[^\n]*\n|[^\n]+", said)
    if len(parts) <= 1:
        return [f'{name} "{_escaped(said)}"']
    return [f'{name} ""', *(f'"{_escaped(part)}"' for part in parts)]


def _escaped(said: str) -> str:
    return "".join(_OUT.get(letter, letter) for letter in said)


def _unescaped(said: str) -> str:
    return re.sub(r"\\(.)", lambda found: _IN.get(found[1], found[1]), said)


def count_by_state(entries: Iterable[Entry]) -> Counter[str]:
    """Count the entries in use by state: translated, fuzzy or missing."""
    kinds = (
        "missing" if not e.translation else "fuzzy" if e.fuzzy else "translated" for e in entries if not e.obsolete
    )
    return Counter(kinds)
