"""Parse the parts of all screens: words, texts, next screens, answers to store.

Each method always returns a value. If the input was not valid, a fault was reported and the value is never used.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from menus.draft import ANSWERS
from menus.faults import Fault, Mark, closest, unknown
from menus.tree import Text
from menus.yaml_marks import Broken, Leaf, Node, Table

NAME = re.compile(r"[a-z][a-z0-9_]*")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Reading:
    """The state of parsing one file. Faults and marks are added to it."""

    topic: str
    screens: frozenset[str]
    """The names of all screens of all files."""
    unread: frozenset[str]
    """Topics whose screens are not known because their file could not be read. Can include `notices`."""
    notices: Mapping[str, Text]
    placeholders: frozenset[str]
    faults: list[Fault]
    marks: dict[str, Mark]

    def wrong(self, mark: Mark, what: str) -> None:
        """Report a fault."""
        self.faults.append(mark.fault(what))

    def table(self, node: Node, what: str, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
        """Return a table that may have only these keys."""
        rows = self.rows(node, what)
        known = {*required, *optional}
        extra = [key for key in rows.values if key not in known]
        for key in extra:
            self.wrong(rows.marks[key], f"{what}: {unknown('key', key, known)}")
        suggested = {closest(key, known) for key in extra}
        for key in required if rows.values else ():
            if key not in rows.values and key not in suggested:
                self.wrong(rows.mark, f"{what}: '{key}' is missing; add it")
        return rows

    def rows(self, node: Node, what: str) -> Table:
        """Return a table with at least one key."""
        match node:
            case Table(_, values) if values:
                return node
            case Leaf(mark) | Table(mark):
                self.wrong(mark, f"{what} needs lines of 'key: value'; write them")
                return Table(mark)
            case Broken(mark):
                return Table(mark)

    def word(self, node: Node, what: str) -> str:
        """Return a text that is not empty."""
        match node:
            case Leaf(_, text) if text:
                return text
            case Leaf(mark):
                self.wrong(mark, f"{what} is empty; write it")
            case Table(mark):
                self.wrong(mark, f"{what} must be a word, not a table; write the word")
            case Broken():
                pass
        return ""

    def one_of(self, node: Node, what: str, known: Iterable[str]) -> str:
        """Return a word that is one of `known`."""
        word = self.word(node, what)
        if word and word not in known:
            self.wrong(node.mark, unknown(what, word, known))
        return word

    def is_true(self, table: Table, key: str) -> bool:
        """Whether an optional key is written, and is `true`."""
        return key in table.values and self.one_of(table.get(key), key, ("true", "false")) == "true"

    def goto(self, node: Node) -> str:
        """Return the full name of a screen. A name without a dot belongs to the same topic."""
        word = self.word(node, "goto")
        name = word if "." in word else f"{self.topic}.{word}"
        if not word or name in self.screens or name.partition(".")[0] in self.unread:
            return name
        prefix = "" if "." in word else f"{self.topic}."
        self.wrong(node.mark, unknown("screen", word, {screen.removeprefix(prefix) for screen in self.screens}))
        return name

    def keeps(self, node: Node) -> tuple[tuple[str, str], ...]:
        """Return the answers that an option stores."""
        rows = self.rows(node, "keep")
        return tuple((name, self._answer(name, rows)) for name in rows.values)

    def _answer(self, name: str, rows: Table) -> str:
        if name not in ANSWERS:
            self.wrong(rows.marks[name], unknown("answer", name, ANSWERS))
            return ""
        allowed = ANSWERS[name]
        return self.one_of(rows.get(name), name, allowed) if allowed else self.word(rows.get(name), name)

    def typed(self, node: Node) -> str:
        """Return the name of an answer that can be typed."""
        name = self.one_of(node, "answer", ANSWERS)
        fixed = sorted(ANSWERS.get(name) or ())
        if fixed:
            self.wrong(node.mark, f"{name!r} cannot be typed; make a choice of {', '.join(fixed)}")
        return name

    def text(self, node: Node, path: str) -> Text:
        """Return a text that a caller reads, or the notice that the node refers to."""
        if isinstance(node, Table):
            return self._notice(node)
        words = self.word(node, "the text")
        for what in wording_faults(words, self.placeholders):
            self.wrong(node.mark, what)
        return Text(path, words)

    def _notice(self, node: Table) -> Text:
        path = self.word(self.table(node, "a text", ("notice",)).get("notice"), "notice")
        if path and path not in self.notices and "notices" not in self.unread:
            self.wrong(node.get("notice").mark, unknown("notice", path, self.notices))
        return self.notices.get(path, Text(path, ""))


def wording_faults(words: str, placeholders: frozenset[str]) -> list[str]:
    """Return what is wrong with a text: placeholders, brackets, spaces at its ends, invisible characters."""
    names = [name for name in PLACEHOLDER.findall(words) if name not in placeholders]
    faults = [unknown("placeholder", name, placeholders) for name in names]
    if re.search("[{}]", PLACEHOLDER.sub("", words)):
        faults.append("a curly bracket without a name; write {name} in small letters, or remove it")
    if words != words.strip():
        faults.append("a space or a line end at the start or end of the text; remove it (block texts: '>-' or '|-')")
    invisible = {letter for letter in words.strip() if not letter.isprintable()} - {"\n"}
    faults += [f"the character U+{ord(letter):04X} is invisible; remove it" for letter in sorted(invisible)]
    return faults
