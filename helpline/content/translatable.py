"""Extract the texts of `content/` for translators: each English text with its path, its file and notes about it.

`extract` is a Babel extractor (entry point `komek`), so `pybabel extract` finds the same texts. `komek translate` adds
the greatest length of each text (`helpline.authoring.room`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from helpline.content.glossary import Glossary
from helpline.content.po import Entry
from menus.book import SLOT
from menus.faults import ContentFaults, Fault
from menus.tree import DRAWN
from menus.yaml_marks import Leaf, Table, load

LABEL, AGAIN = "say", "again"
KINDS: Mapping[str, str] = {
    "choice": "A question; its keys stand below it.",
    "ask": "A question; the answer is typed.",
    "statement": "A text to read, in as many pages as it needs.",
    "end": "The last screen; it stays on the telephone until a key is pressed.",
}
SECTIONS: Mapping[str, str] = {
    "keys": "Names a key that means the same on every screen.",
    "hints": "Said above a screen after a key that it does not have.",
    "to_caller": "An SMS to a caller, one part. It stays on the phone, and others may read it.",
    "to_ngo": "An SMS to a service or a coordinator, never to a caller.",
    "to_pro": "On a screen, and by SMS to colleagues who ask for it: people who meet survivors at work.",
    "promise": "When somebody will ring; stands on a last screen.",
    "status": "How a request stands; stands on a last screen.",
    "needs": "One of a list of needs, behind its digit.",
    "windows": "A time of day, in an SMS to a service.",
    "answers": "An answer, in an SMS to a service.",
    "console": "On a page in a browser, for services and coordinators. Callers never see it. No limit of room.",
    "phone": "On the demo's page with two phones, in a browser. Callers never see it.",
}
YES_OR_NO = "yes or no"
SLOTS: Mapping[str, str] = {
    "code": "six digits", "word": "the caller's everyday word", "ours": "the everyday word that we say",
    "days": "a number",
    "emergency": "one to three short numbers", "doctor": "the number of the ambulance",
    "numbers": "Police 102, doctor 103",
    "lines": "To talk 189. For children 111", "there": "Russia: our consul +7..., help 112",
    "sos": "SOS and all numbers, in two languages", "direct": "a telephone number", "dial": "our code, *500#",
    "drawn": "a digit",
    "offer": "five digits", "day": "a date, 30.12", "from": "an hour, 08:00", "to": "an hour, 12:00",
    "place": "a region or town", "need": "one of `needs`", "window": "one of `windows`", "speaks": "RU, KY …",
    "others": YES_OR_NO, "message": YES_OR_NO, "sms": YES_OR_NO, "name": YES_OR_NO,
    "number": "a telephone number",
    "promise": "one of `promise`", "status": "one of `status`", "count": "a number",
    "step": "a number", "steps": "a number", "time": "an hour, 08:05", "country": "a country",
    "letters": "one or more letters", "fault": "an error text in English",
    "first": "a number", "again": "a number", "head": "eight letters and digits",
}  # fmt: skip
"""What replaces each placeholder, as a note for translators."""


@dataclass(frozen=True, slots=True)
class Found:
    """An English text in the content."""

    path: str
    """The msgctxt of its translations."""
    english: str
    file: str
    line: int
    notes: tuple[str, ...]
    """What a translator should know."""

    def entry(self) -> Entry:
        """Return the text as an entry of a PO template."""
        flags = ("python-brace-format",) if SLOT.search(self.english) else ()
        return Entry(self.path, self.english, "", flags, notes=self.notes, places=(self.file,))


def texts(files: Mapping[str, str], glossary: Glossary) -> list[Found]:
    """Return all texts to translate, in the order of `files` (name → YAML). Raise `ContentFaults` for bad YAML."""
    faults: list[Fault] = []
    found = [each for file, text in files.items() for each in _texts(file, text, glossary, faults)]
    if faults:
        raise ContentFaults(faults)
    return found


def files_of(root: Path) -> dict[str, str]:
    """Return the files with texts by their name in the repository (`content/menus/start.yaml`)."""
    paths = [*sorted(root.glob("menus/*.yaml")), root / "notices.yaml", *sorted(root.glob("console/*.yaml"))]
    paths.append(root / "phone.yaml")
    return {path.relative_to(root.parent).as_posix(): path.read_text("utf-8") for path in paths if path.exists()}


def worded(english: str) -> bool:
    """Whether a text has words to translate, and not only placeholders and punctuation."""
    return any(letter.isalpha() for letter in SLOT.sub("", english))


def extract(
    fileobj: IO[bytes], keywords: Iterable[str], comment_tags: Iterable[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield the texts of one file for Babel, as calls of `pgettext(path, English)`."""
    del keywords, comment_tags, options  # Babel passes them for program code
    name = str(getattr(fileobj, "name", "notices.yaml"))
    glossary = Glossary.beside(Path(name))
    for found in texts({name: fileobj.read().decode("utf-8")}, glossary):
        yield found.line, "pgettext", (found.path, found.english), list(found.notes)


def _texts(file: str, text: str, glossary: Glossary, faults: list[Fault]) -> Iterator[Found]:
    top, lines = load(file, text, faults), text.split("\n")
    if not isinstance(top, Table):
        return
    screens = top.values.get("screens")
    rows = _screens(PurePath(file).stem, screens) if isinstance(screens, Table) else _notices("", top, ())
    for path, leaf, notes, marked in rows:
        if worded(leaf.text):
            said = [each for line in marked for each in _comments(lines, line)]
            slots = [f"{{{name}}}: {SLOTS[name]}." for name in SLOT.findall(leaf.text) if _is_noted(path, name)]
            know = dict.fromkeys((*said, *notes, *slots, *glossary.notes(leaf.text)))
            yield Found(path, leaf.text, file, leaf.mark.line, tuple(know))


def _is_noted(path: str, name: str) -> bool:
    """Whether there is a note on a placeholder. At the console, `name` is the name of a person or a service."""
    return name in SLOTS and not (path.startswith("console.") and SLOTS[name] == YES_OR_NO)


Row = tuple[str, Leaf, tuple[str, ...], tuple[int, ...]]
"""Path, text, notes on its kind, and the lines that may have a comment about it above them."""


def _notices(above: str, table: Table, marked: tuple[int, ...]) -> Iterator[Row]:
    for word, node in table.values.items():
        line = (*marked, table.marks[word].line)
        if isinstance(node, Table):
            yield from _notices(f"{above}{word}.", node, line)
        elif isinstance(node, Leaf):
            kind = SECTIONS.get(above.partition(".")[0])
            yield f"{above}{word}", node, (kind,) if kind else (), line


def _screens(topic: str, screens: Table) -> Iterator[Row]:
    for word, screen in screens.values.items():
        if isinstance(screen, Table):
            yield from _screen(f"{topic}.{word}", screen, screens.marks[word].line)


def _screen(name: str, screen: Table, line: int) -> Iterator[Row]:
    asked = ""
    for key, kind in KINDS.items():
        said = screen.values.get(key)
        if isinstance(said, Leaf):
            asked = said.text
            yield name, said, (kind,), (line, screen.marks[key].line)
    again = screen.values.get(AGAIN)
    if isinstance(again, Leaf):
        note = f"Said after a wrong key instead of: “{asked}”"
        yield f"{name}.{AGAIN}", again, (note,), (screen.marks[AGAIN].line,)
    options = screen.values.get("options")
    for key, option in options.values.items() if isinstance(options, Table) else ():
        said = option.values.get(LABEL) if isinstance(option, Table) else None
        if isinstance(said, Leaf) and isinstance(options, Table):
            yield f"{name}.{key}", said, (_label(key, asked, name),), (options.marks[key].line,)


def _label(key: str, asked: str, name: str) -> str:
    which = "Beside a key whose digit is another one in each call" if key == DRAWN else f"Beside key {key}"
    return f"{which}, under: “{asked}”" if asked else f"{which}, on screen {name}."


def _comments(lines: list[str], line: int) -> list[str]:
    """Return the comment directly above a line of YAML, as a list of one text or none."""
    at = line - 2
    while at >= 0 and lines[at].lstrip().startswith("#"):
        at -= 1
    said = [each.strip().lstrip("# ") for each in lines[at + 1 : line - 1]]
    return [re.sub(r"\s+", " ", " ".join(said))] if said else []
