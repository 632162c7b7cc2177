"""The table of rules: `python -m tests.rules.table --write`.

It lists the code that keeps each rule, its tests, and the mutant that proves it. Nothing in the table is written by
hand. The code is where a mutant breaks the rule; the tests are those with the rule's number in their name.
"""

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from helpline.operations.mutants import read_mutant

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "proofs.md"
MUST = (
    1, 2, 3, 4, 6, 8, 11, 12, 13, 14, 16, 18, 19, 20, 21, 23, 24, 25, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 39,
    40, 41, 42, 48, 49,
)  # fmt: skip
"""The rules that code must keep, and not only people."""
HEAD = """\
# Which code keeps which rule, and what proves it

Made by `python -m tests.rules.table --write`; a test compares. For each rule that code must keep ([rules.md](rules.md)): where
it can be broken by a change of at most five lines, how many tests are named after it (`./komek test -k r12`), and the
tests that fail on that break: `./komek test --mutants`.

| rule | what | kept in | tests | the break | fails on it |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Break:
    """A mutant: what it breaks, in which files, and the tests that notice."""

    what: str
    places: tuple[str, ...]
    tests: tuple[str, ...]


def breaks(rule: int) -> list[Break]:
    """Return the mutants of a rule."""
    paths = sorted(ROOT.glob(f"tests/mutants/r{rule:02}.patch")) + sorted(
        ROOT.glob(f"tests/mutants/r{rule:02}-*.patch")
    )
    return [_break(path) for path in paths]


def _break(path: Path) -> Break:
    lines = path.read_text("utf-8").splitlines()
    places, file = list[str](), ""
    for line in lines:
        if line.startswith("--- a/"):
            file = line.removeprefix("--- a/")
        elif found := re.match(r"@@ -(\d+)", line):
            places.append(_place(file, _changed(lines, lines.index(line), int(found.group(1)))))
    what = next((line.removeprefix("# ") for line in lines if line.startswith("# ") and "kills:" not in line), "")
    return Break(what, tuple(dict.fromkeys(places)), read_mutant(path).tests)


def _changed(lines: list[str], at: int, first: int) -> int:
    """Return the line of the old file where a hunk first differs."""
    for line in lines[at + 1 :]:
        if line[:1] in "+-":
            break
        first += 1
    return first


def _place(file: str, line: int) -> str:
    """Return a file and the function that contains a line of it."""
    if not file.endswith(".py"):
        return f"`{file}`"
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    inside = [n for n in ast.walk(tree) if isinstance(n, kinds) and n.lineno <= line <= (n.end_lineno or line)]
    names = [node.name for node in sorted(inside, key=lambda node: node.lineno)]
    return f"`{file}`" + (f" {'.'.join(names)}" if names else "")


def named(rule: int) -> list[str]:
    """Return the names of the tests of a rule."""
    pattern = re.compile(rf"def (test_(?:r\d\d_)*r{rule:02}_\w+)")
    return [
        name for path in sorted(ROOT.glob("tests/**/test_*.py")) for name in pattern.findall(path.read_text("utf-8"))
    ]


def rule_text(rule: int) -> str:
    """Return the text of a rule in docs/rules.md."""
    found = re.search(rf"^\| R{rule} \| (.+?) \|", (ROOT / "docs" / "rules.md").read_text("utf-8"), re.MULTILINE)
    return found.group(1) if found else ""


def table() -> str:
    """Return the page."""
    rows = [_row(rule, each, at == 0) for rule in MUST for at, each in enumerate(breaks(rule))]
    return HEAD + "".join(rows)


def _row(rule: int, each: Break, first: bool) -> str:
    tests = "<br>".join(f"`{test.rpartition('::')[2]}`" for test in each.tests)
    head = (f"R{rule}", rule_text(rule)) if first else ("", "")
    count = str(len(named(rule))) if first else ""
    return f"| {head[0]} | {head[1]} | {'<br>'.join(each.places)} | {count} | {each.what} | {tests} |\n"


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(table(), "utf-8")
    else:
        sys.stdout.write(table())
