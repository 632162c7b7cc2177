"""From one alphabet of the region to another: how a name is written where no source writes it.

Each is a table, longest first; capitals follow. They are good for names on a screen and for nothing else.
"""

import re
from collections.abc import Mapping

_UZ = {
    "sh": "ш", "ch": "ч", "g'": "ғ", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е", "a": "а", "b": "б",
    "d": "д", "e": "е", "f": "ф", "g": "г", "h": "ҳ", "i": "и", "j": "ж", "k": "к", "l": "л", "m": "м", "n": "н",
    "o": "о", "p": "п", "q": "қ", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "x": "х", "y": "й", "z": "з",
    "'": "ъ",
}  # fmt: skip
_TK = {
    "ýa": "я", "ýu": "ю", "ýo": "ё", "ýe": "е", "ýä": "я", "ä": "е", "ž": "ж", "j": "дж", "ň": "нг", "ö": "ё",
    "ş": "ш", "ü": "ю", "ý": "й", "y": "ы", "ç": "ч", "w": "в", "v": "в", "a": "а", "b": "б", "d": "д", "e": "е",
    "f": "ф", "g": "г", "h": "х", "i": "и", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р",
    "s": "с", "t": "т", "u": "у", "z": "з",
}  # fmt: skip
_KK = {
    "gh": "ғ", "ng": "ң", "sh": "ш", "ch": "ч", "kh": "х", "zh": "ж", "ya": "я", "yu": "ю", "ä": "ә", "ö": "ө",
    "ü": "ү", "ū": "у", "ī": "и", "y": "ы", "i": "і", "q": "қ", "ë": "ё", "'": "ь", "a": "а", "b": "б", "d": "д",
    "e": "е", "f": "ф", "g": "г", "h": "һ", "j": "ж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п",
    "r": "р", "s": "с", "t": "т", "u": "ұ", "v": "в", "z": "з",
}  # fmt: skip
_TO_RUSSIAN = {
    "ө": "о", "ү": "у", "ұ": "у", "ң": "н", "қ": "к", "ғ": "г", "ә": "а", "і": "и", "һ": "х", "ҳ": "х", "ҷ": "дж",
    "ӣ": "и", "ӯ": "у", "ў": "у",
}  # fmt: skip
_TO_UZBEK = {
    "ө": "ў", "ү": "у", "ұ": "у", "ң": "нг", "ә": "а", "і": "и", "һ": "ҳ", "ҷ": "ж", "ӣ": "и", "ӯ": "ў", "ы": "и",
    "щ": "шч",
}  # fmt: skip
_TO_TAJIK = {"ў": "ӯ", "ж": "ҷ", "ц": "тс", "щ": "шч", "ы": "и", "ь": ""}
_TK_TO_ENGLISH = {"ş": "sh", "ž": "zh", "ç": "ch", "ý": "y", "ň": "n", "ä": "a", "ö": "o", "ü": "u"}
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’ʻʼ`´′", "'"))


def plain_apostrophes(text: str) -> str:
    """Write every kind of apostrophe as the one that telephones have."""
    return text.translate(_APOSTROPHES)


def uz_cyrillic(latin: str) -> str:
    """Uzbek, from Latin to Cyrillic: `e` begins a word as `э`; in `yo'` the letter is `o'`."""
    text = re.sub(r"\b([Ee])", lambda found: "Э" if found[1] == "E" else "э", plain_apostrophes(latin))
    return _write(text.replace("o'", "ў").replace("O'", "Ў"), _UZ)


def tk_russian(latin: str) -> str:
    """Turkmen in Latin to Russian letters, as maps and newspapers write it."""
    return re.sub(r"(?<=[аоуыэеияёю])е", "е", re.sub(r"\bЕ", "Э", _write(latin, _TK)))


def tk_english(latin: str) -> str:
    """Turkmen as English writes it: Dashoguz, Turkmenbashy."""
    return _write(latin, _TK_TO_ENGLISH)


def kk_cyrillic(latin: str) -> str:
    """Kazakh from the Latin of maps (BGN 1979) back to Cyrillic."""
    return re.sub("(?<=[аәеоөұү])ы", "й", _write(latin, _KK))


def russian(cyrillic: str) -> str:
    """Any of our Cyrillic alphabets in Russian letters."""
    return re.sub(r"ъ(?![еёюя])", "", _write(cyrillic, _TO_RUSSIAN))


def uz_from_cyrillic(cyrillic: str) -> str:
    """Kazakh, Kyrgyz or Tajik in the letters that Uzbek has."""
    return _write(cyrillic, _TO_UZBEK)


def tajik(uz_cyrillic_name: str) -> str:
    """Uzbek Cyrillic in Tajik letters."""
    return _write(uz_cyrillic_name, _TO_TAJIK)


def _write(text: str, table: Mapping[str, str]) -> str:
    longest = sorted(table, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)), re.IGNORECASE)

    def letter(found: re.Match[str]) -> str:
        by = table.get(found[0].lower(), found[0])
        return by.capitalize() if found[0][0].isupper() else by

    return pattern.sub(letter, text)
