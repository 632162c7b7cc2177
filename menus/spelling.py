"""Search keys of a name, which are the same for different spellings and alphabets.

The *key* has only the letters a to z, without spaces, diacritics and words like "district". The *fold* is coarser: it
makes spellings equal that differ between the languages of the region (ж, zh and j; Касан and Koson).
"""

import re
import unicodedata
from collections.abc import Sequence

from anyascii import anyascii

TYPED_LETTERS = 60
"""Only so many letters of a typed name are used. The longest name has fewer."""
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
"""The keys of words for the kind of a place. Some people write them, some do not."""

_INSIDE = re.compile("['’‘`´\u0300-\u036f]")
"""Apostrophes and combining marks, which do not separate words."""
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
    """Return a name in the letters a to z, without spaces, diacritics, digits, and words like *district*."""
    return keys([text])[0]


def fold(text: str) -> str:
    """Return the coarser key: one letter for each sound that the languages of the region write in several ways."""
    return folds([text])[0]


def keys(texts: Sequence[str]) -> list[str]:
    """Return the keys of several names. This is several times faster than one by one."""
    return _letters(_lines(texts))[: len(texts)]


def folds(texts: Sequence[str]) -> list[str]:
    """Return the folds of several names."""
    folded = "\n".join(_letters(_lines(texts).translate(_SAME_LETTER)))
    for sound, by in _SAME_SOUND:
        folded = folded.replace(sound, by)
    return _DOUBLED.sub(r"\1", folded.translate(_ONE_SOUND)).split("\n")[: len(texts)]


def _lines(texts: Sequence[str]) -> str:
    """Return the names as lines of one text, in lower case and in composed form (NFKC)."""
    lines = "\n".join([" ".join(text[:TYPED_LETTERS].split()) for text in texts])
    return unicodedata.normalize("NFKC", lines).lower()


def _letters(lines: str) -> list[str]:
    parted = _BETWEEN.sub(" ", _INSIDE.sub("", lines))
    return [
        "".join([word for word in words if word not in _KINDS] or words)
        for words in map(str.split, _OTHER.sub("", anyascii(parted).lower()).split("\n"))
    ]
