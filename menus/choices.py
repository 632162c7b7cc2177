"""Parse a choice: its text, its options, and the list that it offers."""

from collections.abc import Mapping

from menus.draft import ANSWERS
from menus.reading import Reading
from menus.tree import BACK, DRAWN, EMERGENCY, HOME, MORE, OPTION_KEYS, Choice, Each, Option, Text
from menus.yaml_marks import Broken, Leaf, Node, Table

TO_USE = "use 1 to 7, 8 (emergency), 9 (more, without a list), 0 (back, no) or drawn"
SOURCES: Mapping[str, tuple[str, ...]] = {
    "languages": ("language", "operator_language", "new_operator_language"),
    "needs": ("need", "new_need"),
    "regions": ("place", "new_place"),
    "home_regions": ("place", "near"),
    "districts": ("place", "new_place"),
    "found": ("place",),
    "abroad": ("place", "new_place", "near"),
    "words": ("word",),
}
"""Each kind of list, and the answers that a choice from it may set."""


def choice(at: Reading, name: str, table: Table) -> Choice:
    """Parse a choice. A choice with a list needs neither a text nor options."""
    each = _each(at, name, table)
    said = table.get("choice")
    no_text = each and (isinstance(said, Broken) or said == Leaf(said.mark, ""))
    text = None if no_text else at.text(said, name)
    options = _options(at, name, table.get("options"), listed=each is not None)
    inline, sms_safe = at.is_true(table, "inline"), at.is_true(table, "sms_safe")
    return Choice(name, text, options, each, again(at, name, table), inline, sms_safe)


def again(at: Reading, name: str, table: Table) -> Text | None:
    """Parse the text after a wrong key, if the screen has its own."""
    if "again" not in table.values:
        return None
    path = f"{name}.again"
    at.marks[path] = table.marks["again"]
    return at.text(table.get("again"), path)


def _each(at: Reading, name: str, table: Table) -> Each | None:
    if "each" not in table.values:
        return None
    at.marks[f"{name}.each"] = table.marks["each"]
    rows = at.table(table.get("each"), "each", ("from", "keep", "goto"))
    source = at.one_of(rows.get("from"), "list", SOURCES)
    keep = at.one_of(rows.get("keep"), "answer", ANSWERS)
    if source in SOURCES and keep in ANSWERS and keep not in SOURCES[source]:
        allowed = " or ".join(f"'keep: {answer}'" for answer in SOURCES[source])
        at.wrong(rows.get("keep").mark, f"a list of {source} answers another question; write {allowed}")
    return Each(source, keep, at.goto(rows.get("goto")))


def _options(at: Reading, name: str, node: Node, *, listed: bool) -> tuple[Option, ...]:
    """Parse the options. Numbered options, a drawn option and a list share the keys 1 to 7 and exclude each other."""
    if listed and node == Table(node.mark):
        return ()
    rows = at.rows(node, "options")
    numbered = [key for key in OPTION_KEYS if key in rows.values]
    beside = "a list" if listed else "'drawn'"
    drawn = [DRAWN] if DRAWN in rows.values else []
    for key in numbered + drawn if listed else numbered if drawn else ():
        at.wrong(rows.marks[key], f"key {key} conflicts with {beside}, which can need any key from 1 to 7; use 8 or 0")
    if listed and MORE in rows.values:
        at.wrong(rows.marks[MORE], f"key {MORE} turns the pages of a list; use 8 or 0")
    return tuple(_option(at, name, key, rows) for key in rows.values)


def _option(at: Reading, name: str, key: str, rows: Table) -> Option:
    path, mark = f"{name}.{key}", rows.marks[key]
    at.marks[path] = mark
    if key == HOME:
        at.wrong(mark, f"key {key} means home on every screen; {TO_USE}")
    elif key not in (*OPTION_KEYS, EMERGENCY, MORE, BACK, DRAWN):
        at.wrong(mark, f"key {key!r} cannot be an option; {TO_USE}")
    row = at.table(rows.get(key), f"option {key}", ("say", "goto"), ("keep",))
    keep = at.keeps(row.get("keep")) if "keep" in row.values else ()
    return Option(key, at.text(row.get("say"), path), at.goto(row.get("goto")), keep)
