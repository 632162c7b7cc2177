"""Parse YAML files into a `Tree`, or report all faults together as `file:line:column: what is wrong, and what to do`.

Each file is one topic. Its screens are under `screens`, and their full names are `topic.screen`. One file also says
where a call begins (`start`, `home`, `consent`) and which screens keys 8 and 99 show (`emergency`, `hide`). Notices are
texts that belong to no screen; they are in sections.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from menus.faults import ContentFaults, Fault, Mark
from menus.kinds import screen
from menus.reading import NAME, Reading
from menus.tree import Screen, Text, Tree
from menus.yaml_marks import Broken, Node, Table, load

__all__ = ["ContentFaults", "Fault", "Mark", "Parsed", "parse", "read"]

BEGINNINGS = ("start", "home", "consent")
OF_KEYS = ("emergency", "hide", "front_start", "front_home")
"""At the top of the same file, and optional: the screens of keys 8 and 99."""
FIRST_TOPIC, FIRST_FILE = "start", "start.yaml"
NOTICES = "notices"
NOTICE = re.compile("[a-z0-9_]+")
NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and the place of each of its parts in the files."""

    tree: Tree
    marks: Mapping[str, Mark]
    """Path → place. Paths are `topic.screen`; below it an option's key, `again`, `each`, `cases.value`; each notice;
    `start`, `home`, `consent`, `emergency`, `hide`, `front_start`, `front_home`."""


def parse(files: Mapping[str, str], notices: Mapping[str, str] = NONE, placeholders: Iterable[str] = ()) -> Tree:
    """Return the tree of these files (name → text). `placeholders` are the names allowed in `{}`."""
    return read(files, notices, placeholders).tree


def read(files: Mapping[str, str], notices: Mapping[str, str] = NONE, placeholders: Iterable[str] = ()) -> Parsed:
    """Return the tree with its marks, for code that reports faults about it."""
    blank = Reading("", frozenset(), frozenset(), {}, frozenset(placeholders), [], {})
    sections = [load(file, text, blank.faults) for file, text in notices.items()]
    texts = _notices(blank, sections)
    pages = _pages(blank, files)
    lists = {topic: blank.rows(page.get("screens"), "screens") for topic, page in pages.items()}
    names = {f"{topic}.{word}": (topic, word) for topic, rows in lists.items() for word in rows.values}
    unread = {topic for topic, rows in lists.items() if not rows.values}
    unread |= {NOTICES for node in sections if isinstance(node, Broken)}
    at = replace(blank, screens=frozenset(names), unread=frozenset(unread), notices=texts)
    screens = {name: _screen(at, topic, word, lists[topic]) for name, (topic, word) in names.items()}
    start, home, consent = (_beginning(at, pages, key) for key in BEGINNINGS)
    offered = {key for page in pages.values() for key in OF_KEYS if key in page.values}
    of_keys = {key: _beginning(at, pages, key) for key in OF_KEYS if key in offered}
    if blank.faults:
        raise ContentFaults(blank.faults)
    return Parsed(Tree(screens, start, home, consent, texts, **of_keys), blank.marks)


def _pages(blank: Reading, files: Mapping[str, str]) -> dict[str, Table]:
    pages: dict[str, Table] = {}
    for file, text in files.items():
        topic, top = PurePath(file).stem, Mark(file, 1, 1)
        if not NAME.fullmatch(topic):
            blank.wrong(top, f"{topic!r} cannot be a topic; name the file in small letters, digits and _")
        if topic in pages:
            blank.wrong(top, f"topic {topic!r} already has a file ({pages[topic].mark.file}); merge the two files")
        if any(path.startswith(f"{topic}.") for path in blank.marks):
            blank.wrong(top, f"{topic!r} is also a section of the notices; rename one of them")
        page = blank.table(load(file, text, blank.faults), "the file", ("screens",), (*BEGINNINGS, *OF_KEYS))
        pages.setdefault(topic, page)
    if not files:
        blank.wrong(Mark(FIRST_FILE, 1, 1), "there are no menus; write this file")
    return pages


def _screen(at: Reading, topic: str, word: str, rows: Table) -> Screen:
    name = f"{topic}.{word}"
    at.marks[name] = rows.marks[word]
    if not NAME.fullmatch(word):
        at.wrong(rows.marks[word], f"{word!r} cannot be a screen; name it in small letters, digits and _")
    return screen(replace(at, topic=topic), name, rows.get(word))


def _beginning(at: Reading, pages: Mapping[str, Table], key: str) -> str:
    with_key = {topic: page for topic, page in pages.items() if key in page.values}
    if not with_key:
        if all(page.values for page in pages.values()):
            named = {topic: page.mark.file for topic, page in pages.items()}
            file = named.get(FIRST_TOPIC, next(iter(named.values()), FIRST_FILE))
            at.wrong(Mark(file, 1, 1), f"'{key}' is missing at the top of the file; write '{key}: screen'")
        return ""
    (topic, page), *others = with_key.items()
    for _, other in others:
        first = page.marks[key]
        at.wrong(other.marks[key], f"{key!r} is here twice (first at {first.file}:{first.line}); keep one of them")
    at.marks[key] = page.marks[key]
    return replace(at, topic=topic).goto(page.get(key))


def _notices(blank: Reading, sections: Iterable[Node]) -> dict[str, Text]:
    """Return the texts of all sections by path. Sections can be nested."""
    texts: dict[str, Text] = {}
    for node in sections:
        for path, mark, said in _leaves(blank, "", blank.rows(node, "the file")):
            if path in blank.marks:
                first = blank.marks[path]
                blank.wrong(mark, f"{path!r} is here twice (first at {first.file}:{first.line}); keep one of them")
            blank.marks[path] = mark
            texts[path] = blank.text(said, path)
    return texts


def _leaves(blank: Reading, above: str, table: Table) -> Iterator[tuple[str, Mark, Node]]:
    for word, node in table.values.items():
        path, mark = f"{above}{word}", table.marks[word]
        if not NOTICE.fullmatch(word):
            blank.wrong(mark, f"{word!r} cannot name a notice; use small letters, digits and _")
        if isinstance(node, Table):
            yield from _leaves(blank, f"{path}.", blank.rows(node, path))
        elif not above:
            blank.wrong(mark, f"{word!r} is outside of all sections; put it into one")
        else:
            yield path, mark, node
