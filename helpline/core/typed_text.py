"""Clean text that a person typed, and find the services that a typed name may mean. Pure functions."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from menus.spelling import fold

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Unicode categories that are removed: controls, format characters such as text direction and zero width,
surrogates, and private use."""


def strip_invisible(typed: str) -> str:
    """Return the text without invisible characters, so that a reader sees everything that is stored."""
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", typed).replace("\t", " ")
    visible = "".join(char for char in lines if char == "\n" or unicodedata.category(char) not in _INVISIBLE)
    return unicodedata.normalize("NFC", visible).strip()


SURE, POSSIBLE = 85.0, 60.0
"""`rapidfuzz` scores of 100. From `SURE` on, it is one typing mistake; from `POSSIBLE` on, it is worth asking."""
MOST = 3
"""At most so many names fit in one question by SMS."""


def match_name(typed: str, named: Mapping[str, Iterable[str]]) -> tuple[str, list[str]]:
    """Return the id of the service that a typed name means, "" if it is not certain, and up to three candidates.

    `named` maps each id to its names in all languages. Script, diacritics and spaces do not matter.
    """
    wanted = fold(typed)
    folded = {id: [fold(name) for name in names] for id, names in sorted(named.items())}
    found = _matches(wanted, folded) if wanted else []
    return (found[0] if len(found) == 1 else ""), (found or _similar(wanted, folded, POSSIBLE) or list(folded))[:MOST]


def _matches(wanted: str, folded: Mapping[str, list[str]]) -> list[str]:
    """Return the ids whose name is equal; else starts with the text; else contains it; else is nearly equal."""
    equal = [id for id, names in folded.items() if wanted in names]
    starting = [id for id, names in folded.items() if any(name.startswith(wanted) for name in names)]
    containing = [id for id, names in folded.items() if any(wanted in name for name in names)]
    return equal or starting or containing or _similar(wanted, folded, SURE)


def _similar(wanted: str, folded: Mapping[str, list[str]], minimum: float) -> list[str]:
    """Return the ids whose name, or a part of it, scores at least `minimum`. The best match comes first."""
    score = fuzz.partial_ratio if len(wanted) > MOST else fuzz.ratio
    scores = {id: max((score(wanted, name) for name in names), default=0.0) for id, names in folded.items()}
    return sorted((id for id in scores if scores[id] >= minimum), key=lambda id: (-scores[id], id))
