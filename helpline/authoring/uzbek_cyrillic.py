"""Uzbek from Latin to Cyrillic letters: a first draft of a translation, which a person must read and correct.

The letters are those of `helpline.authoring.places_build.letters`. Sentences need more than names do: parts that stay
in Latin letters, and words from Russian, whose ц, э and ь are not visible in Latin letters.
"""

import re
from collections.abc import Mapping

from helpline.authoring.places_build.letters import plain_apostrophes, uz_cyrillic

STAYS_LATIN = re.compile(
    r"""(
    \{\w+\}                                 # placeholders: {word}
    | (?:https?://|www\.)[^\s,;]+           # links
    | \b[A-Z](?:'?[A-Z])+(?![A-Za-z'])      # SMS, SOS and the words that people send by SMS: HA, YO'Q
    | \bkomek\ [a-z]+                        # commands, as a person types them: komek backup
    )""",
    re.VERBOSE,
)
"""What stays in Latin letters. A translator decides by hand about the words that people send by SMS."""

ENDINGS: Mapping[str, str] = {"tsiya": "ция", "ksiya": "кция", "s'h": "сҳ"}
"""Letter groups anywhere in a word. Any other `ts` is т and с: aytsa, айтса."""

LOANS: Mapping[str, str] = {
    "yanvar": "январь", "fevral": "февраль", "aprel": "апрель", "iyun": "июнь", "iyul": "июль",
    "sentabr": "сентябрь", "oktabr": "октябрь", "noyabr": "ноябрь", "dekabr": "декабрь",
    "litsenziya": "лицензия", "stansiya": "станция", "konferensiya": "конференция", "konsert": "концерт",
    "retsept": "рецепт", "protsent": "процент", "sement": "цемент", "sirk": "цирк", "sex": "цех",
    "kuryer": "курьер", "albom": "альбом", "feldsher": "фельдшер", "kalendar": "календарь", "parol": "пароль",
    "rubl": "рубль", "mebel": "мебель",
}  # fmt: skip
"""Loan words by their first letters, spelled as in a dictionary. A final ь is dropped before a suffix: апрелда."""

_LOAN = re.compile(rf"\b({'|'.join(sorted(LOANS, key=len, reverse=True))})(\w?)", re.IGNORECASE)
_ENDING = re.compile("|".join(ENDINGS), re.IGNORECASE)
_AFTER_VOWEL = re.compile(r"(?<=[aeiou])e", re.IGNORECASE)


def from_latin(text: str) -> str:
    """Return an Uzbek text in Cyrillic letters. Words without a special rule are converted letter by letter."""
    pieces = STAYS_LATIN.split(plain_apostrophes(text))
    return "".join(piece if at % 2 else _letters(piece) for at, piece in enumerate(pieces))


def _letters(latin: str) -> str:
    known = _LOAN.sub(lambda found: _loan(found[1], found[2]), latin)
    known = _ENDING.sub(lambda found: ENDINGS[found[0].lower()], known)
    return uz_cyrillic(_AFTER_VOWEL.sub("э", known))


def _loan(stem: str, following: str) -> str:
    word = LOANS[stem.lower()]
    word = word.removesuffix("ь") if following else word
    return (word.capitalize() if stem[0].isupper() else word) + following
