"""YAML with the place of everything in it.

Plain words stay text (`no` is not False, `0` is not a number), so what an author writes is what a caller reads.
Of YAML only tables and texts are taken: lists, tags, anchors and keys written twice are faults.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from menus.faults import Fault, Mark

try:
    from yaml import CBaseLoader as Loader
except ImportError:  # PyYAML built without libyaml: ten times slower, the same answers
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in a YAML file. The parsers stop there too, but say no line."""
PLAIN_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
NOTHING = {"~", "null"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text. Nothing at all, `~` and `null` without quotes are an empty one."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands where nothing usable is; the fault has been said already."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and what stands behind them; `marks` has the place of each key."""

    mark: Mark
    values: Mapping[str, "Node"] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def get(self, key: str) -> "Node":
        """Give what stands at `key`. That it is missing is said once, elsewhere."""
        return self.values.get(key, Broken(self.mark))


Node = Leaf | Table | Broken


def load(file: str, text: str, faults: list[Fault]) -> Node:
    """Read one file; what is wrong with it is added to `faults`."""
    top = Mark(file, 1, 1)
    try:
        root = yaml.compose(text, Loader=Loader) if _readable(file, text, faults) else None
        if root is not None:
            return _Walk(file, faults).node(root)
    except yaml.MarkedYAMLError as error:
        faults.append(_syntax(file, error))
        return Broken(top)
    except RecursionError:
        faults.append(top.fault("tables stand in tables without end; close the brackets, or indent less"))
        return Broken(top)
    faults.append(top.fault("the file is empty; write its screens or texts, or delete it"))
    return Broken(top)


def _readable(file: str, text: str, faults: list[Fault]) -> bool:
    """Say which letters no YAML file may hold."""
    for found in NOT_YAML.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        what = f"the letter U+{ord(found[0]):04X} cannot stand in YAML; delete it"
        faults.append(Fault(file, line, column, what))
    return NOT_YAML.search(text) is None


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Fault:
    """Say both places: of an unclosed quote the parser reports where it gave up, the cause is where it began."""
    gave_up, began = error.problem_mark, error.context_mark
    line, column = (gave_up.line + 1, gave_up.column + 1) if gave_up else (1, 1)
    what = f"not YAML: {error.problem or 'it cannot be read'}"
    if error.context and began:
        what += f" ({error.context}, which began at line {began.line + 1}, column {began.column + 1})"
    return Fault(file, line, column, f"{what}; look there for a quote, a bracket or an indent")


class _Walk:
    """Turns the nodes of one file into ours."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self._file, self._faults = file, faults
        self._seen: set[int] = set()

    def node(self, node: yaml.Node) -> Node:
        mark = Mark(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
        wrong = self._refused(node)
        self._seen.add(id(node))
        match node:
            case yaml.MappingNode() if not wrong:
                return self._table(node, mark)
            case yaml.ScalarNode(style=style, value=text) if not wrong:
                return Leaf(mark, "" if not style and text in NOTHING else text)
        self._faults.append(mark.fault(wrong or "a list cannot be used here; write 'key: value' lines"))
        return Broken(mark)

    def _refused(self, node: yaml.Node) -> str:
        if id(node) in self._seen:
            return "an alias (*) cannot be used here; write the text out again"
        if node.tag not in PLAIN_TAGS:
            return f"a tag ({node.tag}) cannot be used here; delete it"
        return ""

    def _table(self, node: yaml.MappingNode, mark: Mark) -> Table:
        values: dict[str, Node] = {}
        marks: dict[str, Mark] = {}
        for key_node, value_node in node.value:
            key, value = self.node(key_node), self.node(value_node)
            match key:
                case Leaf(at, word) if word in marks:
                    first = marks[word].line
                    self._faults.append(at.fault(f"{word!r} is used twice (first at line {first}); keep one of them"))
                case Leaf(at, word):
                    values[word], marks[word] = value, at
                case Table(at):
                    self._faults.append(at.fault("a key cannot be a table; write one word before the colon"))
                case Broken():
                    pass
        return Table(mark, values, marks)
