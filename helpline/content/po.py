"""The PO format of gettext, as far as we use it: read with the line of everything, written so that nothing is lost.

Translators' tools (Weblate, Poedit, msgfmt) read and write the same. Left out on purpose: plural forms, which no text
of ours has, since a screen never counts.
"""

import re
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
    """One text: where it stands (`context`), its English, what is said instead. The header has no English.

    `comments` are a translator's own, `notes` are ours to her, `places` name file and line of the English;
    `previous` keeps the lines about an earlier English. `obsolete`: no text of the content any more.
    """

    context: str
    english: str
    said: str = ""
    flags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    obsolete: bool = False
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What the text is known by."""
        return self.context, self.english

    @property
    def fuzzy(self) -> bool:
        """Tell whether the translation is a guess that somebody must look at."""
        return "fuzzy" in self.flags


@dataclass(frozen=True, slots=True)
class Po:
    """A file: its header, and all other entries in their order."""

    header: Entry
    entries: tuple[Entry, ...] = ()

    def headers(self) -> dict[str, str]:
        """Give the fields of the header."""
        rows = (line.partition(":") for line in self.header.said.splitlines())
        return {name.strip(): value.strip() for name, _, value in rows}


def read(file: str, data: bytes) -> tuple[Po, list[Fault]]:
    """Read a file. Gives what could be read, and every fault of the format; `file` is its name for the faults."""
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
    header = next((each for each in reader.entries if not each.english), Entry("", ""))
    found = Po(header, tuple(each for each in reader.entries if each.english))
    charset = found.headers().get("Content-Type", "").lower().replace(" ", "").partition("charset=")[2]
    if charset != "utf-8":
        what = f"the header says charset={charset or '(nothing)'}; write Content-Type: text/plain; charset=UTF-8"
        reader.faults.append((Mark(file, header.line, 1) if header.line else top).fault(what))
    return found, [*reader.faults, *_twice(file, found.entries)]


def _twice(file: str, entries: Iterable[Entry]) -> Iterator[Fault]:
    """Name each entry that stands in the file already, by its context: a path has one text."""
    first: dict[str, int] = {}
    for entry in entries:
        if not entry.obsolete and entry.context in first:
            what = f"{entry.context} stands here again (first at line {first[entry.context]}); keep one of them"
            yield Mark(file, entry.line, 1).fault(what)
        if not entry.obsolete:
            first.setdefault(entry.context, entry.line)


class _Reader:
    """Takes a file line by line; an entry is over where the next one, or a comment above it, begins."""

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
        """Take one line."""
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
            what = "is no line of a PO file; look there for a quote, or for a plural form, which no text of ours has"
            self.faults.append(Mark(self.file, number, 1).fault(what))
            return
        self.words.setdefault(self.now, []).append(quoted[1])

    def finish(self) -> None:
        """Put the entry together."""
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
    """Write a file: the same text for the same entries."""
    return "\n".join(_written(entry) for entry in (po.header, *po.entries))


def _written(entry: Entry) -> str:
    mark = "#~ " if entry.obsolete else ""
    lines = [f"# {said}".rstrip() for said in entry.comments]
    lines += [f"#. {said}" for said in entry.notes] + [f"#: {place}" for place in entry.places]
    lines += [f"#, {', '.join(entry.flags)}"] if entry.flags else []
    lines += [f"{mark.strip() or '#'}| {said}" for said in entry.previous]
    words = [("msgctxt", entry.context)] if entry.context else []
    for name, said in (*words, ("msgid", entry.english), ("msgstr", entry.said)):
        lines += [mark + line for line in keyword_lines(name, said)]
    return "\n".join(lines) + "\n"


def keyword_lines(name: str, said: str) -> list[str]:
    """Write one text, a line a line; `name` is msgid, msgstr or msgctxt."""
    parts = re.findall(r"[^\n]*\n|[^\n]+", said)
    if len(parts) <= 1:
        return [f'{name} "{_escaped(said)}"']
    return [f'{name} ""', *(f'"{_escaped(part)}"' for part in parts)]


def _escaped(said: str) -> str:
    return "".join(_OUT.get(letter, letter) for letter in said)


def _unescaped(said: str) -> str:
    return re.sub(r"\\(.)", lambda found: _IN.get(found[1], found[1]), said)


def counted(entries: Iterable[Entry]) -> Counter[str]:
    """Count the entries that are in use: translated, fuzzy, missing."""
    kinds = ("missing" if not e.said else "fuzzy" if e.fuzzy else "translated" for e in entries if not e.obsolete)
    return Counter(kinds)
