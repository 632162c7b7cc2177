"""Find out in which language a text is, if its letters and words say so plainly. Most texts are too short for that."""

import re
from collections.abc import Mapping, Sequence

from menus.lexicon import LONGEST_TEXT, Lexicon, Word
from menus.romanise import is_cyrillic

LETTERS: Mapping[str, frozenset[str]] = {
    "kk": frozenset("әғқңөұүһі"), "ky": frozenset("ңөү"), "tg": frozenset("ғӣқӯҳҷ"), "uz": frozenset("ғқҳў"),
    "tk": frozenset("äňöüýžşç"),
}  # fmt: skip
"""The letters that Russian and English do not have. No telephone must have them, so many texts are without."""
OWN = frozenset().union(*LETTERS.values())
SHARED = 2
"""A word of more languages than these says nothing about the language."""
CERTAIN, TWICE = 1.5, 2.0
"""What the letters and words must add up to, and how many times the language that comes second."""


_SHORT = {
    "ky": "бул ким кимсиз кимсин эмне эмнеге кылам билбейм билбеймин тушунбодум тушунбой качан канча кайда эртен "
    "кечинде жардам чал чалчы чаласыз жакшы ошто койду жок мага менде акчам макул болду "
    "кайдан билесиз сураныч азыр болбойт иштеп жатам уйдо эмесмин келем кутом кайсы шаар угуп жарайт",
    "kk": "бул ким кимсиз кимсин калай билмеймин тусинбедим кашан канша кайда ертен кешке комек жаксы жок маган болды",
    "tg": "кист хастед намедонам нафахмидам ташаккур пагох занг занед мезанед бегохи намедиханд гирифтанд майлаш ёри "
    "лозим кучо шумо мегуед намефахмам нест мешавад меоям интизор кудак дорам зуд шунидам хонаам илтимос",
    "uz": "бу ким кимсиз билмайман тушунмадим качон канча каерда эртага кечкурун килай киласиз беришмаяпти ёрдам яхши "
    "йук менга нима кушди каердан ишдаман уйда эмасман келаман кутаман эшитдим ишлаяпман уйдаман бошка илтимос",
}
OF_SHORT_TEXTS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _SHORT.items()
}
"""Words in Cyrillic letters, without marks, that Russian does not have. They tell the language of a short text."""
A_THIRD = 3
"""One word of so many must be known: a Russian sentence may have a borrowed one."""
PLAIN = str.maketrans("ңөүқғҳҷӣӯўұіә", "ноукгхчиуууиа")


def language_of_few(text: str, languages: Sequence[str]) -> str:
    """Return which of `languages`, the preferred first, has most words of a text in Cyrillic. "" if it has few."""
    typed = re.findall(r"\w+", text[:LONGEST_TEXT].casefold().translate(PLAIN))
    count = {language: sum(word in OF_SHORT_TEXTS.get(language, ()) for word in typed) for language in languages}
    best = max(count, key=lambda language: count[language], default="")
    return best if best and count[best] * A_THIRD >= len(typed) > 0 else ""


def language_of(lexicon: Lexicon, text: str) -> str:
    """Return the language that a text is plainly in, or "" if that is not certain. Uzbek is in the text's letters."""
    text = text[:LONGEST_TEXT].casefold()
    score = dict.fromkeys([*LETTERS, "ru", "en"], 0.0)
    own = OWN.intersection(text)
    having = [language for language, letters in LETTERS.items() if own and own <= letters]
    for language in having:
        score[language] += 2 / len(having)
    for word in lexicon.words(text):
        languages = _languages(lexicon, word)
        for language in languages if len(languages) <= SHARED else ():
            score[language] += 1 / len(languages)
    if is_cyrillic(text):
        score["en"] = 0.0  # words of other languages may be spelled like English ones
    first, second = sorted(score, key=lambda language: -score[language])[:2]
    if score[first] < max(CERTAIN, TWICE * score[second]):
        return ""
    return "uz_Cyrl" if first == "uz" and is_cyrillic(text) else first


def _languages(lexicon: Lexicon, word: Word) -> set[str]:
    """Return the languages in which a word begins a known phrase or stands for an idea."""
    phrases = {phrase.language for known in word.known for phrase in lexicon.by_first.get(known, ())}
    return {language.partition("_")[0] for language in phrases | {language for _, language in word.ideas}}
