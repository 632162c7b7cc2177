"""Folding a typed text: one word is one word, in capitals, without its marks, in letters of another script."""

import re
import unicodedata

LOOKALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_APOSTROPHES = str.maketrans("", "", "'’‘ʻʼ`´")
_LETTERS = str.maketrans("ңғқүұөәһҳҷҗіı", "нгкууоаххжжиi")


def plain(text: str) -> str:
    """Fold a typed text for comparing: small letters without marks, no punctuation, one space; ё is е, қ is к."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold())
    small = "".join(letter for letter in apart if unicodedata.category(letter) not in ("Mn", "Cf"))
    return " ".join(re.sub(r"[\W_]+", " ", small.translate(_LETTERS)).split())


def lookalike(text: str) -> str:
    """Write Latin letters as the Cyrillic ones that look the same, so that СТОП and CTOП are one word."""
    return text.translate(LOOKALIKE)
