"""Load YAML with the place of each value in the file.

Plain words stay text (`no` is not False, `0` is not a number), so callers read what the author wrote. Only tables and
texts are allowed: lists, tags, anchors and repeated keys are faults.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from menus.faults import Fault, Mark

try:
    from yaml import CBaseLoader as Loader
except ImportError:  # PyYAML without libyaml: much slower, same trees, other wording of syntax errors
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that are not allowed in YAML. The parsers refuse them too, but do not say in which line."""
PLAIN_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
NOTHING = {"~", "null"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text. No value, `~` and `null` without quotes are an empty text."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An unusable value. Its fault was already reported."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with their values. `marks` has the place of each key."""

    mark: Mark
    values: Mapping[str, "Node"] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def get(self, key: str) -> "Node":
        """Return the value of `key`, or `Broken` if it is missing. A missing key is reported elsewhere."""
        return self.values.get(key, Broken(self.mark))


Node = Leaf | Table | Broken


def load(file: str, text: str, faults: list[Fault]) -> Node:
    """Load one file. Faults are added to `faults`."""
    top = Mark(file, 1, 1)
    unreadable = [_unreadable(file, text, found) for found in NOT_YAML.finditer(text)]
    try:
        root = None if unreadable else yaml.compose(text, Loader=Loader)
        if root is not None:
            return _Walk(file, faults).node(root)
        faults += unreadable or [top.fault("the file is empty; write its screens or texts, or delete it")]
    except yaml.YAMLError as error:
        faults.append(_syntax(top, error))
    except RecursionError:
        faults.append(top.fault("too many nested tables; close the brackets, or indent less"))
    return Broken(top)


def _unreadable(file: str, text: str, found: re.Match[str]) -> Fault:
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - text.rfind("\n", 0, found.start())
    return Fault(file, line, column, f"the character U+{ord(found[0]):04X} is not allowed in YAML; delete it")


def _syntax(top: Mark, error: yaml.YAMLError) -> Fault:
    """Return a fault with both places. The parser reports where it gave up, but the cause is where the value began."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return top.fault(f"not YAML: {error}; look for a quote, a bracket or an indent")
    gave_up, began = error.problem_mark, error.context_mark
    what = f"not YAML: {error.problem}"
    if error.context and began:
        what += f" ({error.context}, which began at line {began.line + 1}, column {began.column + 1})"
    mark = Mark(top.file, gave_up.line + 1, gave_up.column + 1)
    return mark.fault(f"{what}; look there for a quote, a bracket or an indent")


@dataclass(frozen=True, slots=True)
class _Walk:
    """Converts the nodes of one file to `Node`. A node that was already `seen` is an alias."""

    file: str
    faults: list[Fault]
    seen: set[int] = field(default_factory=set)

    def node(self, node: yaml.Node) -> Node:
        mark = Mark(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        wrong = self._refused(node)
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode) and not wrong:
            return Leaf(mark, "" if node.value in NOTHING and not node.style else node.value)
        if isinstance(node, yaml.MappingNode) and not wrong:
            return self._table(node, mark)
        self.faults.append(mark.fault(wrong or "a list cannot be used here; write 'key: value' lines"))
        return Broken(mark)

    def _refused(self, node: yaml.Node) -> str:
        if id(node) in self.seen:
            return "an alias (*) cannot be used here; write the text out again"
        if node.tag not in PLAIN_TAGS:
            return f"a tag ({node.tag!r}) cannot be used here; delete it"
        return ""

    def _table(self, node: yaml.MappingNode, mark: Mark) -> Table:
        values: dict[str, Node] = {}
        marks: dict[str, Mark] = {}
        for key_node, value_node in node.value:
            key, value = self.node(key_node), self.node(value_node)
            match key:
                case Leaf(at, word) if word in marks:
                    first = marks[word].line
                    self.faults.append(at.fault(f"{word!r} is used twice (first at line {first}); keep one of them"))
                case Leaf(at, word):
                    values[word], marks[word] = value, at
                case Table(at):
                    self.faults.append(at.fault("a key cannot be a table; write one word before the colon"))
                case Broken():
                    pass
        return Table(mark, values, marks)
