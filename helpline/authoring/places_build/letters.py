"""Convert names between the alphabets of the region, for names that no source has in that alphabet.

Each conversion is a table; longer entries are applied first, and capitals are kept. The results are good enough for
names on a screen, and for nothing else.
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
    """Replace every kind of apostrophe by the ASCII one, which all phones have."""
    return text.translate(_APOSTROPHES)


def uz_cyrillic(latin: str) -> str:
    """Convert Uzbek from Latin to Cyrillic. An initial `e` becomes `э`; `yo'` is read as `y` and `o'`."""
    text = re.sub(r"\b([Ee])", lambda found: "Э" if found[1] == "E" else "э", plain_apostrophes(latin))
    return _write(text.replace("o'", "ў").replace("O'", "Ў"), _UZ)


def tk_russian(latin: str) -> str:
    """Convert Turkmen from Latin to Russian letters, as maps and newspapers do."""
    return re.sub(r"(?<=[аоуыэеияёю])е", "е", re.sub(r"\bЕ", "Э", _write(latin, _TK)))


def tk_english(latin: str) -> str:
    """Convert Turkmen to its English spelling: Dashoguz, Turkmenbashy."""
    return _write(latin, _TK_TO_ENGLISH)


def kk_cyrillic(latin: str) -> str:
    """Convert Kazakh from the Latin letters of maps (BGN 1979) to Cyrillic."""
    return re.sub("(?<=[аәеоөұү])ы", "й", _write(latin, _KK))


def russian(cyrillic: str) -> str:
    """Convert any of our Cyrillic alphabets to Russian letters."""
    return re.sub(r"ъ(?![еёюя])", "", _write(cyrillic, _TO_RUSSIAN))


def uz_from_cyrillic(cyrillic: str) -> str:
    """Convert Kazakh, Kyrgyz or Tajik Cyrillic to Uzbek Cyrillic letters."""
    return _write(cyrillic, _TO_UZBEK)


def tajik(uz_cyrillic_name: str) -> str:
    """Convert Uzbek Cyrillic to Tajik letters."""
    return _write(uz_cyrillic_name, _TO_TAJIK)


def _write(text: str, table: Mapping[str, str]) -> str:
    longest = sorted(table, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)), re.IGNORECASE)

    def letter(found: re.Match[str]) -> str:
        converted = table.get(found[0].lower(), found[0])
        return converted.capitalize() if found[0][0].isupper() else converted

    return pattern.sub(letter, text)
