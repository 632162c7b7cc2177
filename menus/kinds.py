"""Reads a screen of each kind."""

from collections.abc import Callable, Mapping

from menus.choices import again, choice
from menus.draft import ANSWERS, Act
from menus.faults import unknown
from menus.reading import Reading
from menus.tree import Ask, End, Fork, Screen, Statement, Text
from menus.yaml_marks import Node, Table

SHAPES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "choice": (("choice", "options"), ("again", "inline", "each")),
    "ask": (("ask", "digits", "keep", "goto"), ("again",)),
    "statement": (("statement", "goto"), ()),
    "end": (("end",), ("act",)),
    "fork": (("fork", "cases", "else"), ()),
}
"""Each kind by the key that makes it: what it must have, what it may have."""
EVERY_KEY = sorted({key for shape in SHAPES.values() for part in shape for key in part})
DIGITS = {str(count): count for count in range(1, 13)}


def screen(at: Reading, name: str, node: Node) -> Screen:
    """Read one screen, whatever its kind."""
    rows = at.rows(node, f"screen {name}")
    kinds = [kind for kind in SHAPES if kind in rows.values]
    if not kinds and not rows.values.keys().isdisjoint({"options", "each"}):
        kinds = ["choice"]
    if len(kinds) == 1:
        required, optional = SHAPES[kinds[0]]
        if kinds == ["choice"] and "each" in rows.values:
            required, optional = (), required + optional
        return READERS[kinds[0]](at, name, at.table(rows, name, required, optional))
    table = at.table(rows, name, (), EVERY_KEY) if rows.values else rows
    if kinds:
        at.wrong(rows.marks[kinds[1]], f"{name} is {' and '.join(kinds)} at once; make two screens of it")
        return READERS[kinds[0]](at, name, table)
    if set(rows.values) <= set(EVERY_KEY) and rows.values:
        at.wrong(rows.mark, f"{name} is of no kind; begin it with one of: {', '.join(SHAPES)}")
    return End(name, Text(name, ""))


def _ask(at: Reading, name: str, table: Table) -> Ask:
    digits = at.word(table.get("digits"), "digits")
    if digits and digits not in DIGITS:
        at.wrong(table.get("digits").mark, f"digits is {digits!r}; write a number from 1 to {len(DIGITS)}")
    keep, goto = at.typed(table.get("keep")), _onward(at, name, table, "goto")
    return Ask(name, at.text(table.get("ask"), name), DIGITS.get(digits, 0), keep, goto, again(at, name, table))


def _statement(at: Reading, name: str, table: Table) -> Statement:
    return Statement(name, at.text(table.get("statement"), name), _onward(at, name, table, "goto"))


def _onward(at: Reading, name: str, table: Table, key: str) -> str:
    """Give where the one way on from a screen leads."""
    at.marks[f"{name}.{key}"] = table.marks.get(key, table.mark)
    return at.goto(table.get(key))


def _end(at: Reading, name: str, table: Table) -> End:
    acts = {act.value: act for act in Act}
    act = acts.get(at.one_of(table.get("act"), "act", acts)) if "act" in table.values else None
    return End(name, at.text(table.get("end"), name), act)


def _fork(at: Reading, name: str, table: Table) -> Fork:
    by = at.one_of(table.get("fork"), "answer", ANSWERS)
    rows = at.rows(table.get("cases"), "cases")
    at.marks.update({f"{name}.cases.{value}": mark for value, mark in rows.marks.items()})
    allowed = ANSWERS.get(by)
    for value, mark in rows.marks.items():
        if allowed and value not in allowed:
            at.wrong(mark, unknown(by, value, allowed))
    cases = {value: at.goto(target) for value, target in rows.values.items()}
    return Fork(name, by, cases, _onward(at, name, table, "else"))


READERS: Mapping[str, Callable[[Reading, str, Table], Screen]] = {
    "choice": choice,
    "ask": _ask,
    "statement": _statement,
    "end": _end,
    "fork": _fork,
}
