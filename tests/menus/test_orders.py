"""A caseworker's text is read as the order it contains, or as none: in their words, in any script, with a typo."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.content.sources import ROOT, read_sources
from helpline.content.yaml_files import read_yaml
from helpline.core.languages import LANGUAGES
from menus.folding import normalise
from menus.keywords import Keywords
from menus.orders import LONGEST, NEVER_GUESSED, DayAndTime, Order, codes

DATA = read_yaml(ROOT / "keywords.yaml")
WORDS = Keywords.of(DATA)
TONGUES = sorted({language.base for language in LANGUAGES.values()})

TYPED = [
    ("REACHED 12345", Order("reached", "12345"), "as the card has it"),
    ("reached, 12345!", Order("reached", "12345"), "case and signs"),
    ("12345 reached", Order("reached", "12345"), "the code first"),
    ("12345reached", Order("reached", "12345"), "without a space"),
    ("12345 reached please", Order("reached", "12345"), "politely"),
    ("reachd 12345", Order("reached", "12345"), "a letter is missing"),
    ("raeched 12345", Order("reached", "12345"), "two letters changed places"),
    ("REACHED 12345 12345", Order("reached", "12345"), "the code twice"),
    ("REACHED ١٢٣٤٥", Order("reached", "12345"), "digits of another script"),
    ("REACHED １２３４５", Order("reached", "12345"), "wide digits"),
    ("REACHED", Order("reached"), "without a code"),
    ("no answer 12345", Order("no_answer", "12345"), "the longer phrase wins over no"),
    ("NOANSWER 12345", Order("no_answer", "12345"), "as one word"),
    ("12345 номер не отвечает", Order("no_answer", "12345"), "the longer phrase wins over number"),
    ("не ответила 12345", Order("no_answer", "12345"), "не alone is Tajik for no"),
    ("нет ответа 12345", Order("no_answer", "12345"), "нет alone is no"),
    ("нет 12345", Order("no", "12345"), "no"),
    ("NO 12345 we are busy", Order("no", "12345"), "no, with a reason that is a verb"),
    ("OFF 12345", Order("turned_off", "12345"), "short"),
    ("BUSY 12345", Order("busy", "12345"), "short"),
    ("hung up 12345", Order("hung_up", "12345"), "two words"),
    ("BADNUMBER 12345", Order("bad_number", "12345"), "as one word"),
    ("WRONG 12345", Order("wrong", "12345"), "the wrong word"),
    ("wrong person 12345", Order("stranger", "12345"), "somebody else"),
    ("UNSAFE 12345", Order("unsafe", "12345"), "not safe"),
    ("DONE 12345", Order("done", "12345"), "done"),
    ("HANDED 12345 to Sample Osh", Order("handed", "12345", rest="sample osh"), "with a name"),
    ("HANDED 12345 Center 24", Order("handed", "12345", rest="center 24"), "with a name that has a number"),
    ("UNDO", Order("undo"), "by itself"),
    ("UNDO 12345", Order("undo", "12345"), "with a code"),
    ("FULL 3", Order("full", digit="3"), "days"),
    ("full for 3 days", Order("full", digit="3"), "in words"),
    ("FULL", Order("full"), "until the morning"),
    ("OPEN", Order("open"), "open"),
    ("DUTY ON", Order("duty_on"), "two words"),
    ("duty off", Order("duty_off"), "not duty and off"),
    ("не дежурю", Order("duty_off"), "not no and duty"),
    ("DRILL", Order("drill"), "practice"),
    ("LIST", Order("list"), "list"),
    ("AGAIN 12345", Order("again", "12345"), "again"),
    ("HELP", Order("guide"), "help"),
    ("TAKE 12345", Order("take", "12345"), "a coordinator"),
    ("LIFT 12345", Order("lift", "12345"), "a coordinator"),
    ("LOCK", Order("lock"), "somebody is at the door"),
    ("lock police are here 12345", Order("lock", "12345"), "whatever else stands in it"),
    ("срочно замок", Order("lock"), "a strange word first"),
    ("HELP LOCK", Order("lock"), "in a hurry"),
    ("помогите! замок", Order("lock"), "the same"),
    ("DONE DONE 12345", Order("done", "12345", twice=True), "closed for good"),
    ("замак", Order("lock"), "a slip: what it stops two can set going"),
    ("UNLOCK 12345", Order("unlock", "12345"), "two coordinators"),
    ("снять замок 12345", Order("unlock", "12345"), "the longer phrase wins over lift and lock"),
    ("HOMEР 12345", Order("number", "12345"), "Latin letters that look Cyrillic"),
    ("HELP FULL", Order("guide", rest="full"), "help about an order"),
    ("12345", Order("", "12345"), "a bare code"),
    ("12345 1", Order("", "12345", "1"), "a digit of its menu"),
    ("1 12345", Order("", "12345", "1"), "the digit first"),
    ("12345-0", Order("", "12345", "0"), "with a sign"),
    ("3", Order("", digit="3"), "a digit by itself"),
    ("NEXT 12345", Order("next", "12345"), "without a time"),
    ("HELP NEXT", Order("guide", rest="next"), "help about an order"),
]  # fmt: skip

NEXT = [
    ("NEXT 12345 FRI 14:00", ("friday", 14, 0), "as the text has it"),
    ("12345 friday next at 9", ("friday", 9, 0), "in any sequence, the hour alone"),
    ("next 12345 tomorrow 1430", ("tomorrow", 14, 30), "without a sign"),
    ("next 12345 today 14.30", ("today", 14, 30), "with a full stop"),
    ("next 12345 today 14:05", ("today", 14, 5), "a colon is no date"),
    ("next 12345 today 14.00", ("today", 14, 0), "no month has the number 0"),
    ("next 12345 mon 9 30", ("monday", 9, 30), "with a space"),
    ("СЛЕД 12345 ПТ 14:00", ("friday", 14, 0), "in Russian"),
    ("следующий звонок 12345 в среду в 15 часов", ("wednesday", 15, 0), "in words"),
    ("келесі 12345 ертең 10:00", ("tomorrow", 10, 0), "in Kazakh"),
    ("INDIKI 12345 ŞU GÜN 16:00", ("today", 16, 0), "a day of two words"),
    ("NEXT 12345 FRI 25:00", ("friday", 25, 0), "no time of the clock"),
    ("NEXT 12345 14:00", None, "without a day"),
    ("NEXT 12345 FRI", None, "without a time"),
    ("NEXT 12345 FRI MON 14:00", None, "two days"),
    ("NEXT 12345 FRI 14:00 15:00", None, "two times"),
    ("NEXT 12345 FRI 11.12", None, "eleven o'clock twelve, or the eleventh of December"),
    ("next 12345 today 14.05", None, "five past two, or the fourteenth of May"),
    ("NEXT 12345 FRI 11/12 14", None, "a date with a slash"),
    ("NEXT 12345 4.12 14:00", None, "a date: 4 and 12 could be a time"),
    ("NEXT 12345 FRI 14:00 market", None, "a place, which no text may name"),
    ("NEXT 12345 FRI 996000111", None, "a number"),
]

NONE = [
    ("", "empty"),
    ("   ", "spaces"),
    ("😀👍", "emoji"),
    ("...", "signs"),
    ("hello", "a greeting"),
    ("what a day it was for us", "a sentence"),
    ("YES NO 12345", "two verbs"),
    ("NO YES 12345", "a no that is a yes"),
    ("wrong number 12345", "two verbs"),
    ("REACHED DONE 12345", "two verbs"),
    ("YES 12345 54321", "two codes"),
    ("YES 123456", "six digits"),
    ("YES 1234", "four digits"),
    ("12345 123", "a number that is no digit of a menu"),
    ("12345 1 2", "two digits"),
    ("YES 12345 2", "a digit beside a verb"),
    ("YES 12345 later", "a condition"),
    ("ye 12345", "too short to guess"),
    ("albattda 12345", "yes, but for a slip: nobody claims by accident"),
    ("finishd 12345", "done, but for a slip: it cannot be taken back"),
    ("unlok 12345", "unlock, but for a slip: it lets numbers go"),
    ("badnumbr 12345", "no such number, but for a slip: it cannot be taken back"),
    ("+996000111001", "a telephone number"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "order", "why"), TYPED, ids=[row[2] + ": " + row[0] for row in TYPED])
def test_orders_are_recognised_as_they_are_typed(text: str, order: Order, why: str) -> None:
    """In any order, case and script, and with a typo if the word is long."""
    assert WORDS.order(text) == order, why


@pytest.mark.parametrize(("text", "when", "why"), NEXT, ids=[row[2] + ": " + row[0] for row in NEXT])
def test_the_day_and_the_time_of_a_next_contact(text: str, when: tuple[str, int, int] | None, why: str) -> None:
    """A text that could mean another time has none."""
    order = WORDS.order(text)
    assert order == Order("next", "12345"), why
    assert order.when == (DayAndTime(*when) if when else None), why


def test_no_word_means_two_days_and_each_day_has_words_in_every_language() -> None:
    """The words of all languages count together: *se* is Tuesday in Uzbek and Saturday in Turkmen."""
    for day, listed in DATA["days"].items():
        assert sorted(listed) == TONGUES, day
        for word in (word for words in listed.values() for word in words):
            assert WORDS.days[normalise(word)] == day, word
            assert normalise(word) not in WORDS.verbs, word


@pytest.mark.parametrize(("text", "why"), NONE, ids=[row[1] + ": " + row[0] for row in NONE])
def test_an_ambiguous_text_is_not_an_order(text: str, why: str) -> None:
    """It changes nothing, and the reply says what to write."""
    assert WORDS.order(text) is None, why


def test_a_no_with_other_words_is_unclear() -> None:
    """A reason for declining a request may look like a report about a call."""
    assert [WORDS.order(text).unsure for text in ("NO 12345", "NO 12345, please", "NO 12345 busy", "no 12345 xyz")] == [  # type: ignore[union-attr]
        False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize("verb", DATA["ngo"])
def test_every_verb_has_words_in_every_language(verb: str) -> None:
    """Each word is read as its verb, alone and beside a code, in capitals and without diacritics."""
    assert sorted(DATA["ngo"][verb]) == TONGUES
    for word in (word for words in DATA["ngo"][verb].values() for word in words):
        if verb != "polite":
            heard = [WORDS.order(text) for text in (f"{word.upper()} 12345", f"12345 {normalise(word)}")]
            assert [(each.verb, each.code) for each in heard if each] == [(verb, "12345")] * 2, word


def test_no_phrase_is_longer_than_the_search_window() -> None:
    """A longer phrase could never be found."""
    assert max(len(normalise(word).split()) for word in WORDS.verbs) <= LONGEST


@pytest.mark.parametrize("language", TONGUES)
def test_every_word_that_a_text_asks_for_is_recognised(language: str) -> None:
    """These are the words in capitals in texts to services and coordinators. A person who repeats one is understood."""
    catalog = read_sources().translation(language).catalog if language != "en" else {}
    texts = {name: text for name, text in read_sources().parsed.tree.notices.items() if name.startswith("to_ngo.")}
    shown = {name: catalog.get((name, text.english), text.english) for name, text in texts.items()}
    told = {name: re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text) for name, text in shown.items()}
    loud = {word for name, words in told.items() if name not in UNHEARD for word in words if _loud(word)}
    assert sorted(word for word in loud - {"SMS", "СМС"} if not _is_heard(word, loud)) == []


UNHEARD = frozenset({"to_ngo.urgent", "to_ngo.practice", "to_ngo.danger"})
"""Texts whose words in capitals are not orders."""


def _loud(word: str) -> bool:
    return len(word) > 1 and word == word.upper()


def _is_heard(word: str, loud: set[str]) -> bool:
    """Whether a word is a verb or a day, alone or together with other words that the texts contain."""
    said = {normalise(each) for each in loud}
    phrases = (set(phrase.split()) for phrase in (*WORDS.verbs, *WORDS.days))
    return any(normalise(word) in phrase and phrase <= said for phrase in phrases)


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    """And an order always has a verb, a code or a digit."""
    order = WORDS.order(text)
    assert order is None or order.verb or order.code or order.digit
    assert order is None or order.code in {"", *codes(text)}


@given(st.sampled_from(sorted(WORDS.verbs)), st.integers(0, 99999), st.booleans())
def test_a_verb_is_never_mistaken_for_another(word: str, code: int, first: bool) -> None:
    """This holds at any position beside its code."""
    text = f"{word} {code:05}" if first else f"{code:05} {word}"
    order = WORDS.order(text)
    verb = WORDS.verbs[word]
    assert order == Order("" if verb == "polite" else verb, f"{code:05}")


@given(st.sampled_from(sorted(WORDS.verbs)), st.data())
def test_a_typo_never_claims_ends_or_hands_over(word: str, data: st.DataObject) -> None:
    """With any one letter missing, the text is read as the verb itself, as nothing, or as a verb that can be undone."""
    at = data.draw(st.integers(0, len(word) - 1))
    slipped = word[:at] + word[at + 1 :]
    order = WORDS.order(f"{slipped} 12345")
    still_contains = any(
        f" {verb} " in f" {normalise(slipped)} " for verb in WORDS.verbs
    )  # *passed on o* still contains *passed on*
    if order and not still_contains:
        assert order.verb not in NEVER_GUESSED - {"polite"}
