"""Normalise a typed text, so that case, diacritics, punctuation and lookalike letters do not matter."""

import re
import unicodedata

LOOKALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_APOSTROPHES = str.maketrans("", "", "'’‘ʻʼ`´")
_LETTERS = str.maketrans("ңғқүұөәһҳҷҗіı", "нгкууоаххжжиi")


def normalise(text: str) -> str:
    """Return a text for comparison: lower case, no diacritics, no punctuation, single spaces; ё is е, қ is к."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold())
    small = "".join(letter for letter in apart if unicodedata.category(letter) not in ("Mn", "Cf"))
    return " ".join(re.sub(r"[\W_]+", " ", small.translate(_LETTERS)).split())


def lookalike(text: str) -> str:
    """Replace Latin letters by the Cyrillic letters that look the same, so that СТОП and CTOП are equal."""
    return text.translate(LOOKALIKE)
