"""The keys of a name: what is left of it when it does not matter how, and in which alphabet, somebody writes it.

The *key* is its letters in a to z, without spaces, marks and words like "district". The *fold* is coarser: it makes
equal what the languages of the region write differently (ж, zh and j; Касан and Koson).
"""

import re
import unicodedata
from collections.abc import Sequence

from anyascii import anyascii

LOOKED_AT = 60
"""Letters of what was typed: more than the longest name has."""
_KINDS = frozenset(
    word
    for line in (
        "gorod g oblysy oblast obl rayon r n selskiy okrug poselok pos selo s aul sovkhoz kolkhoz",
        "audany audan qalasy qalalyq auyly auyl akimshiligi respublikasy oblusu rayonu shaary ayyly ayyl",
        "viloyati viloyat tumani tuman shahri shahar shaharchasi qishloghi qishlogi nohiyai nohiya shahraki dehai",
        "district region province city town village raion rayoni oblasty jamoati",
        "vilayat welayaty welayat etraby etrap saheri shaheri saher shaher sahercesi",
    )
    for word in line.split()
)
"""Words that say what kind of place it is, by their key: people write them or do not."""

_INSIDE = re.compile("['’‘`´\u0300-\u036f]")
"""Apostrophes, and marks that stand by themselves: they part no words."""
_BETWEEN = re.compile(r"(?:[^\w\n]|[\d_])+")
_OTHER = re.compile(r"[^a-z\n ]+")
_SAME_LETTER = str.maketrans(
    {**dict.fromkeys("ҷжҗž", "j"), **dict.fromkeys("şš", "sh"), **dict.fromkeys("çč", "ch"), **dict.fromkeys("äә", "a")}
    | dict.fromkeys("ъь", "")
)
_SAME_SOUND = (
    ("shch", "sh"), ("sch", "sh"), ("dzh", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ts", "s"), ("iy", "i"),
    ("yi", "i"), ("ou", "u"),
)  # fmt: skip
_ONE_SOUND = str.maketrans({"x": "h", "q": "k", "w": "v", "y": "i", "o": "u", "a": "u", "e": "i"})
_DOUBLED = re.compile(r"(.)\1+")


def key(text: str) -> str:
    """Write a name in a to z, without what people leave out: spaces, marks, digits, words like *district*."""
    return keys([text])[0]


def fold(text: str) -> str:
    """Give the coarser key: one letter for each sound that the languages of the region write in several ways."""
    return folds([text])[0]


def keys(texts: Sequence[str]) -> list[str]:
    """Give the key of each of several names, all in one go, which is several times faster than one by one."""
    return _letters(_lines(texts))[: len(texts)]


def folds(texts: Sequence[str]) -> list[str]:
    """Give the fold of each of several names."""
    folded = "\n".join(_letters(_lines(texts).translate(_SAME_LETTER)))
    for sound, by in _SAME_SOUND:
        folded = folded.replace(sound, by)
    return _DOUBLED.sub(r"\1", folded.translate(_ONE_SOUND)).split("\n")[: len(texts)]


def _lines(texts: Sequence[str]) -> str:
    """Put each name on a line of its own, in small letters, of which one is one character."""
    lines = "\n".join([" ".join(text[:LOOKED_AT].split()) for text in texts])
    return unicodedata.normalize("NFKC", lines).lower()


def _letters(lines: str) -> list[str]:
    parted = _BETWEEN.sub(" ", _INSIDE.sub("", lines))
    return [
        "".join([word for word in words if word not in _KINDS] or words)
        for words in map(str.split, _OTHER.sub("", anyascii(parted).lower()).split("\n"))
    ]
