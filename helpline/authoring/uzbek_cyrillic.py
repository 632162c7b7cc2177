"""Uzbek from Latin to Cyrillic letters: a first draft of a translation, to be read and corrected by hand.

The letters are those of `helpline.authoring.places_build.letters`; here stand what sentences need beyond names: what
is no word and stays as it is, and the words from Russian, whose ц, э and ь the Latin letters do not show.
"""

import re
from collections.abc import Mapping

from helpline.authoring.places_build.letters import plain_apostrophes, uz_cyrillic

KEPT = re.compile(
    r"""(
    \{\w+\}                                 # placeholders: {word}
    | (?:https?://|www\.)[^\s,;]+           # links
    | \b[A-Z](?:'?[A-Z])+(?![A-Za-z'])      # SMS, SOS and the words that are written by SMS: HA, YO'Q
    )""",
    re.VERBOSE,
)
"""What stays in Latin letters. A translator decides by hand about the words to write by SMS."""

ENDINGS: Mapping[str, str] = {"tsiya": "ция", "ksiya": "кция", "s'h": "сҳ"}
"""Anywhere in a word. Other `ts` is т and с: aytsa, айтса."""

LOANS: Mapping[str, str] = {
    "yanvar": "январь", "fevral": "февраль", "aprel": "апрель", "iyun": "июнь", "iyul": "июль",
    "sentabr": "сентябрь", "oktabr": "октябрь", "noyabr": "ноябрь", "dekabr": "декабрь",
    "litsenziya": "лицензия", "stansiya": "станция", "konferensiya": "конференция", "konsert": "концерт",
    "retsept": "рецепт", "protsent": "процент", "sement": "цемент", "sirk": "цирк", "sex": "цех",
    "kuryer": "курьер", "albom": "альбом", "feldsher": "фельдшер", "kalendar": "календарь", "parol": "пароль",
    "rubl": "рубль", "mebel": "мебель",
}  # fmt: skip
"""Words by how they begin, as a dictionary writes them. A ь at the end falls away before a suffix: aprelda, апрелда."""

_LOAN = re.compile(rf"\b({'|'.join(sorted(LOANS, key=len, reverse=True))})(\w?)", re.IGNORECASE)
_ENDING = re.compile("|".join(ENDINGS), re.IGNORECASE)
_AFTER_VOWEL = re.compile(r"(?<=[aeiou])e", re.IGNORECASE)


def from_latin(text: str) -> str:
    """Write an Uzbek text in Cyrillic letters. What no rule knows comes out letter by letter."""
    pieces = KEPT.split(plain_apostrophes(text))
    return "".join(piece if at % 2 else _letters(piece) for at, piece in enumerate(pieces))


def _letters(latin: str) -> str:
    known = _LOAN.sub(lambda found: _loan(found[1], found[2]), latin)
    known = _ENDING.sub(lambda found: ENDINGS[found[0].lower()], known)
    return uz_cyrillic(_AFTER_VOWEL.sub("э", known))


def _loan(stem: str, following: str) -> str:
    word = LOANS[stem.lower()]
    word = word.removesuffix("ь") if following else word
    return (word.capitalize() if stem[0].isupper() else word) + following
