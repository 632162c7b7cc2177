"""Parse a screen of each kind."""

import re
from collections.abc import Callable, Mapping

from menus.choices import again, choice
from menus.draft import ANSWERS, PRESET, Act
from menus.faults import unknown
from menus.reading import Reading
from menus.tree import Ask, End, Fork, Screen, Statement, Text
from menus.yaml_marks import Node, Table

SHAPES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "choice": (("choice", "options"), ("again", "inline", "each", "sms_safe")),
    "ask": (("ask", "keep", "goto"), ("again", "digits", "letters", "skip")),
    "statement": (("statement", "goto"), ()),
    "end": (("end",), ("act", "sms_safe")),
    "fork": (("fork", "cases", "else"), ()),
}
"""Each kind by its key → its required keys and its optional keys."""
EVERY_KEY = sorted({key for shape in SHAPES.values() for part in shape for key in part})
MOST = {"digits": 15, "letters": 40}
"""The greatest length of a typed answer: the longest phone number (E.164), the longest name of a place."""


def screen(at: Reading, name: str, node: Node) -> Screen:
    """Parse one screen of any kind."""
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
        at.wrong(rows.marks[kinds[1]], f"{name} is both {' and '.join(kinds)}; divide it into two screens")
        return READERS[kinds[0]](at, name, table)
    if set(rows.values) <= set(EVERY_KEY) and rows.values:
        at.wrong(rows.mark, f"{name} has no kind; begin it with one of: {', '.join(SHAPES)}")
    return End(name, Text(name, ""))


def _ask(at: Reading, name: str, table: Table) -> Ask:
    of = "letters" if "letters" in table.values else "digits"
    least, most = _length(at, name, table, of)
    keep, goto = at.typed(table.get("keep")), _goto(at, name, table, "goto")
    skip = _goto(at, name, table, "skip") if "skip" in table.values else ""
    text = at.text(table.get("ask"), name)
    return Ask(name, text, most, keep, goto, again(at, name, table), least, of == "letters", skip)


def _length(at: Reading, name: str, table: Table, of: str) -> tuple[int, int]:
    """Return the smallest and greatest length of the answer. A smallest of 0 means exactly the greatest."""
    if of not in table.values:
        at.wrong(table.mark, f"{name}: 'digits' is missing; add it (6, or 1-7), or 'letters' (2-20)")
        return 0, 0
    said = at.word(table.get(of), of)
    found = re.fullmatch(r"(?:([1-9][0-9]?)-)?([1-9][0-9]?)", said, re.ASCII)
    least, most = (int(found[1] or 0), int(found[2])) if found else (0, 0)
    if said and not (found and least <= most <= MOST[of]):
        at.wrong(table.get(of).mark, f"{of} is {said!r}; write a number from 1 to {MOST[of]}, or two as 1-7")
    return least, most


def _statement(at: Reading, name: str, table: Table) -> Statement:
    return Statement(name, at.text(table.get("statement"), name), _goto(at, name, table, "goto"))


def _goto(at: Reading, name: str, table: Table, key: str) -> str:
    """Return the next screen that is written at `key`."""
    at.marks[f"{name}.{key}"] = table.marks.get(key, table.mark)
    return at.goto(table.get(key))


def _end(at: Reading, name: str, table: Table) -> End:
    acts = {act.value: act for act in Act}
    act = acts.get(at.one_of(table.get("act"), "act", acts)) if "act" in table.values else None
    return End(name, at.text(table.get("end"), name), act, at.is_true(table, "sms_safe"))


def _fork(at: Reading, name: str, table: Table) -> Fork:
    by = at.one_of(table.get("fork"), "answer", {**ANSWERS, **PRESET})
    rows = at.rows(table.get("cases"), "cases")
    at.marks.update({f"{name}.cases.{value}": mark for value, mark in rows.marks.items()})
    allowed = PRESET.get(by) or ANSWERS.get(by)
    for value, mark in rows.marks.items():
        if allowed and value not in allowed:
            at.wrong(mark, unknown(by, value, allowed))
    cases = {value: at.goto(target) for value, target in rows.values.items()}
    return Fork(name, by, cases, _goto(at, name, table, "else"))


READERS: Mapping[str, Callable[[Reading, str, Table], Screen]] = {
    "choice": choice,
    "ask": _ask,
    "statement": _statement,
    "end": _end,
    "fork": _fork,
}
