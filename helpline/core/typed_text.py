"""What somebody typed, as it is read: what nobody sees is not in it.

A name as somebody typed it → the services it may mean. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from menus.spelling import fold

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Controls, also those that turn the direction of what follows; what has no width; halves of letters; private ones."""


def plain(typed: str) -> str:
    """Give what was typed without letters that nobody sees: what is read is then all there is."""
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", typed).replace("\t", " ")
    seen = "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in _UNSEEN)
    return unicodedata.normalize("NFC", seen).strip()


SURE, POSSIBLE = 85.0, 60.0
"""Of 100 (`rapidfuzz`): one slip in a name of some length; and what is worth asking about."""
MOST = 3
"""Names that one text can ask about."""


def meant(typed: str, named: Mapping[str, Iterable[str]]) -> tuple[str, list[str]]:
    """Give the one service that a name means, empty where it is not sure, and at most three to choose from.

    `named`: id → its names in every language. Letters of another script, marks and spaces do not matter.
    """
    wanted = fold(typed)
    folded = {id: [fold(name) for name in names] for id, names in sorted(named.items())}
    found = _found(wanted, folded) if wanted else []
    return (found[0] if len(found) == 1 else ""), (found or _alike(wanted, folded, POSSIBLE) or list(folded))[:MOST]


def _found(wanted: str, folded: Mapping[str, list[str]]) -> list[str]:
    """Give those whose name is the same; else begins so; else holds it; else differs by a slip."""
    same = [id for id, names in folded.items() if wanted in names]
    begins = [id for id, names in folded.items() if any(name.startswith(wanted) for name in names)]
    holds = [id for id, names in folded.items() if any(wanted in name for name in names)]
    return same or begins or holds or _alike(wanted, folded, SURE)


def _alike(wanted: str, folded: Mapping[str, list[str]], least: float) -> list[str]:
    """Give those whose name, or the part of it that was written, is alike enough, the likeliest first."""
    part = fuzz.partial_ratio if len(wanted) > MOST else fuzz.ratio
    scores = {id: max((part(wanted, name) for name in names), default=0.0) for id, names in folded.items()}
    return sorted((id for id in scores if scores[id] >= least), key=lambda id: (-scores[id], id))
