"""Find the sentences of the documents that promise something, and the notes that name their tests.

A note is a Markdown footnote directly after the sentence: `The number is deleted at once.[^closed]`. At the foot of the
page, `[^closed]: …` names the tests. How to write them: the first lines of docs/rules.md.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = tuple(ROOT / "docs" / name for name in ("rules.md", "privacy.md", "threats.md"))
OTHERWISE = frozenset({"people", "limit", "unchecked"})
"""Notes without a test: people keep the promise, the sentence names a limit, no test checks it yet."""
STRONG = re.compile(
    r"\b(never|nobody|no one|nothing|none|nowhere|cannot|only|always|at once|at most|refuse[sd]?|deleted?s?|sealed"
    r"|erased?s?|every|each)\b",
    re.IGNORECASE,
)
"""Words with which a sentence promises. Each such sentence has a note of its own, a quoted question excepted."""
MARK = re.compile(r"\[\^([\w-]+)\]")
SENTENCE = re.compile(r"(?<=[.!?])((?:\*\*|[)\"*])*(?:\[\^[\w-]+\])*) +(?=[A-Z\"*`\[(])")
DEFINITION = re.compile(r"\[\^([\w-]+)\]: (.*)")
ITEM = re.compile(r"^(?:- |\d+\. )")
RULES = "| | rule | in force |"
AGAINST = "| what protects | what does not |"


@dataclass(slots=True)
class Page:
    """A document: its blocks in order (paragraphs, items of lists, cells of tables), and its notes."""

    blocks: list[tuple[int, str]] = field(default_factory=list)
    """Line number and text of each block that must end with a note."""
    loose: list[tuple[int, str]] = field(default_factory=list)
    """The same for a cell whose row ends with a note elsewhere: only its strong sentences need one."""
    notes: dict[str, str] = field(default_factory=dict)
    """Label and text of each footnote."""


def read(text: str) -> Page:
    """Return the blocks of a document from its second heading on. Before that, it introduces itself."""
    page, block, start, head = Page(), list[str](), 0, ""
    lines = text.splitlines()
    begins = next((at for at, line in enumerate(lines) if line.startswith("## ")), len(lines))
    for number, line in [*enumerate(lines[begins:], begins + 1), (len(lines) + 1, "")]:
        if block and (not line or line.startswith(("#", "|", "[^")) or ITEM.match(line)):
            page.blocks.append((start, " ".join(block)))
            block = []
        if note := DEFINITION.match(line):
            page.notes[note.group(1)] = note.group(2)
        elif line.startswith("|"):
            head = head or line
            _row(page, number, line, head)
        elif line and not line.startswith("#"):
            start = start if block else number
            block.append(line.strip())
        head = head if line.startswith("|") else ""
    return page


def _row(page: Page, number: int, line: str, head: str) -> None:
    """Add the cells of a row. What a row of rules demands and what does not protect are no promises."""
    if line == head or set(line) <= set("|- "):
        return
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if head == RULES:
        page.blocks.append((number, cells[2]))
    elif head == AGAINST:
        page.blocks.append((number, cells[0]))
    else:
        page.loose += [(number, cell) for cell in cells[:-1]]
        page.blocks.append((number, cells[-1]))


def sentences(block: str) -> list[str]:
    return SENTENCE.sub(r"\1\n", ITEM.sub("", block, count=1)).split("\n")


def without_a_note(page: Page) -> Iterator[str]:
    """Yield the line and the text of each promise that names no test."""
    for number, block in page.blocks:
        if _is_described(block):
            continue
        *before, last = sentences(block)
        yield from (f"{number}: {text}" for text in before if _promises(text))
        if not MARK.search(last):
            yield f"{number}: {last}"
    for number, cell in page.loose:
        yield from (f"{number}: {text}" for text in sentences(cell) if _promises(text))


def _promises(text: str) -> bool:
    return bool(STRONG.search(text)) and not MARK.search(text) and not text.startswith('*"')


def _is_described(block: str) -> bool:
    """Whether a block describes an attacker (all in italics), goes on below (a list), or says `people`."""
    return bool(re.fullmatch(r"\*[^*].*[^*]\*", block)) or block.endswith((":", ";")) or block == "people"


@cache
def names_of_tests() -> set[str]:
    """Return the names of all test functions, from the syntax tree of each file."""
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def faults_of_notes(text: str, tests: set[str]) -> list[str]:
    """Return what is wrong with the notes of a document: missing, unused, twice, without a test or an existing one."""
    page, labels = read(text), re.findall(r"^\[\^([\w-]+)\]: ", text, flags=re.MULTILINE)
    used = set(MARK.findall(re.sub(r"``.*?``|`[^`]*`", "", re.sub(r"^\[\^.*$", "", text, flags=re.MULTILINE))))
    wrong = [f"[^{label}] has no text" for label in used - page.notes.keys()]
    wrong += [f"[^{label}] is not used" for label in page.notes.keys() - used - OTHERWISE]
    wrong += [f"[^{label}] has {times} texts" for label, times in Counter(labels).items() if times > 1]
    for label in page.notes.keys() - OTHERWISE:
        named = re.findall(r"`(\w+)`", page.notes[label])
        wrong += [f"[^{label}] names no test"] if not named else []
        wrong += [f"[^{label}] names {name}, which does not exist" for name in named if name not in tests]
    return sorted(wrong)
