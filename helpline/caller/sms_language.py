"""In which language a text of a caller is answered: one that is offered, as their words and letters say."""

from collections.abc import Sequence

from helpline.core.languages import spoken
from menus.keywords import Keywords
from menus.romanise import is_cyrillic
from menus.tongues import language_of, language_of_few


def offered(languages: Sequence[str], language: str) -> str:
    """Return the offered language that is spoken as `language` is, in whatever script; else the first offered."""
    alike = (each for each in languages if spoken(each) == spoken(language))
    return language if language in languages else next(alike, languages[0])


def plainly_in(keywords: Keywords, languages: Sequence[str], text: str) -> str:
    """Return the offered language that a text is plainly in, or "" if that is not certain."""
    language = language_of(keywords.lexicon, text)
    is_offered = language and any(spoken(each) == spoken(language) for each in languages)
    return offered(languages, language) if is_offered else ""


def guessed(keywords: Keywords, languages: Sequence[str], text: str) -> str:
    """Guess the language of unknown words: by a *yes* or *no*, their letters and words, or their script.

    Digits have none.
    """
    if not any(letter.isalpha() for letter in text):
        return languages[0]
    if (answered := keywords.language_of_answer(text, languages)) is not None:
        return answered
    if said := plainly_in(keywords, languages, text):
        return said
    tongues = ["uz_Cyrl" if spoken(each) == "uz" else each for each in languages]
    if is_cyrillic(text.casefold()) and (few := language_of_few(keywords.tongues, text, tongues)):
        return offered(languages, few)
    language = "ru" if is_cyrillic(text.casefold()) else "en"
    return language if language in languages else languages[0]
