"""Spell a typed word in one alphabet, so that the ways in which people type it are equal.

A phone without the letters of a language makes its owner write қоңырау as конырау, qonyrau or konyrau. Others swap
letters that look alike (CTOП, ЅTOP) or write digits for them (ST0P). All of these become the same few Latin letters.
"""

import re

from menus.folding import LOOKALIKE

_TO_CYRILLIC = LOOKALIKE
_TO_LATIN = {cyrillic: latin for latin, cyrillic in LOOKALIKE.items()}
_STRAY = str.maketrans("ѕјһԁԛԝαβεηικνορτυχ", "sjhdqwabehiknoptyx")
"""Cyrillic and Greek letters that no language of the region has, and the Latin letters that they look like."""
_DIGITS = str.maketrans("013457", "oiecst")
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "и": "i", "й": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "o", "ф": "f", "х": "h",
        "ц": "ts", "ч": "c", "ш": "s", "щ": "s", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "io", "я": "ia",
    }
)  # fmt: skip
_PAIRS = re.compile("shch|sch|dzh|sh|ch|zh|kh|gh|dj")
_ONE = {"shch": "s", "sch": "s", "sh": "s", "ch": "c", "zh": "j", "dzh": "j", "dj": "j", "kh": "h", "gh": "g"}
_ALIKE = str.maketrans("qwuyx", "kvoih")
"""Letters that stand for the same sound in one spelling or another: u and o (tuxta, to'xta), y and i, x and h."""
_NASAL = 5
"""In words of so many letters ң, written ng or n, is n. In shorter ones занг (a call) and зан (a woman) differ."""
_DOUBLE = re.compile(r"(.)\1+")
_HAS_LATIN, _HAS_CYRILLIC = re.compile("[a-z]"), re.compile("[а-я]")
_LOOKS_CYRILLIC = re.compile("[abcehkmoptxy0]+")


def romanise(word: str) -> tuple[str, ...]:
    """Return the spellings of a normalised word in Latin letters, the likeliest first.

    There are more than one only if the word mixes scripts or can be read in either.
    """
    word = word.translate(_STRAY)
    if not word.isdigit():
        word = word.translate(_DIGITS)
    latin, cyrillic = bool(_HAS_LATIN.search(word)), bool(_HAS_CYRILLIC.search(word))
    readings = [word]
    if cyrillic and latin:
        readings += [word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)]
    elif _LOOKS_CYRILLIC.fullmatch(word):
        readings.append(word.translate(_TO_CYRILLIC))
    return tuple(dict.fromkeys(_spell(reading) for reading in readings))


def is_cyrillic(word: str) -> bool:
    """Whether a normalised word has a Cyrillic letter."""
    return _HAS_CYRILLIC.search(word) is not None


def _spell(word: str) -> str:
    paired = _PAIRS.sub(lambda found: _ONE[found[0]], word.translate(_CYRILLIC))
    spelled = _DOUBLE.sub(r"\1", paired.translate(_ALIKE))
    return spelled.replace("ng", "n") if len(spelled) >= _NASAL else spelled
