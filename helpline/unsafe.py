"""What must not lie on a telephone that others look into (R13)."""

import re
from collections.abc import Iterator
from pathlib import Path

from helpline.content import Content
from helpline.plain_yaml import read_yaml
from menus.faults import Fault, Mark

MOST_TO_CALLER = 12
STEMS = (
    "traffick", "violen", "polic", "clinic", "hiv", "pregnan", "shelter", "rape", "abuse", "slave",
    "торгов", "насили", "полиц", "милиц", "клиник", "вич", "беремен", "приют", "жертв", "раб ",
    "зорлук", "зомбулук", "кош бойлуу", "зорлық", "зомбылық", "жүкті", "зӯровар", "зуровар", "ҳомиладор", "қурбон",
    "зўравон", "зўрлик", "ҳомилад", "полис", "zo'rav", "zo'rlik", "politsiya", "militsiya", "homilad", "qurbon",
    "polisi", "zorluk", "göwreli", "pida",
)  # fmt: skip
"""Beginnings of words of danger, health and authorities, in the languages of the region."""
FORBIDDEN = re.compile(r"[0-9]{4}|https?:|www\.|[a-z0-9-]+\.(?:org|com|kg|tj|kz|uz|tm)\b|@", re.IGNORECASE)


def unsafe_texts(content: Content, names: frozenset[str]) -> Iterator[Fault]:
    """Name each text to a caller that says what a watched phone must not; `names` are those of services."""
    mine = [path for path in content.parsed.tree.notices if path.startswith("to_caller.")]
    if len(mine) > MOST_TO_CALLER:
        what = f"there are {len(mine)} texts to callers; at most {MOST_TO_CALLER} (R13)"
        yield Mark("content/notices.yaml", 1, 1).fault(what)
    for path in mine:
        for language in content.book.languages:
            for what in said_unsafely(content.book.notices[language][path], names):
                yield content.parsed.marks[path].fault(f"[{language}] a text to a caller {what}; take it out (R13)")


def said_unsafely(text: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """Say what is wrong with a text that stays on a caller's phone; `names` are those of services."""
    low = text.casefold()
    if found := FORBIDDEN.search(text):
        yield f"holds {found[0]!r}: a code or an address"
    for stem in STEMS:
        if stem in f" {low} ":
            yield f"holds {stem!r}"
    for name in names:
        if name.casefold() in low:
            yield "names a service of the directory"


def directory_names(root: Path) -> frozenset[str]:
    """Give the names of all services of the directory, in every language."""
    listed = read_yaml(root / "directory" / "sample.yaml").values()
    return frozenset(name for country in listed for row in country["services"] for name in row["names"].values())
