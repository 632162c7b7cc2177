"""What a text tells a service or a caller to type is understood, and means the same in every language."""

import re
from collections.abc import Iterator
from itertools import groupby

import pytest
from babel.messages.pofile import read_po

from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml
from menus.keywords import Keywords

WORDS = Keywords.of(read_yaml(ROOT / "keywords.yaml"))
LANGUAGES = ["ru", "kk", "ky", "tg", "uz", "uz_Cyrl", "tk"]
NO_ORDERS = {"", "yes", "unsafe"}
"""Verbs that capitals may be by chance: OK, "until they say YES", DANGER."""


def told(text: str) -> Iterator[str]:
    """Yield the verbs of the orders in a text: its words in capitals, with the code after them."""
    text = re.sub(r"\{\w+\}", "12345", text).replace("/", " 12345. ")
    for part in re.split(r"[.,:;?!»«\"]+", text):
        words = [word for word in part.split() if (word.isupper() or word.isdigit()) and word != "A"]
        order = WORDS.order(" ".join(words)) if any(word.isupper() for word in words) else None
        if order and order.verb not in NO_ORDERS:
            yield order.verb


def words_of_callers(text: str) -> Iterator[str]:
    """Yield what the words in capitals mean in a text to callers, in their order."""
    for part in re.split(r"[.,:]", text):
        for are_capitals, words in groupby(part.split(), str.isupper):
            if are_capitals and len(word := " ".join(words)) > 1:
                yield type(WORDS.caller(word)).__name__


def texts(language: str, beginning: str) -> list[tuple[str, str, str]]:
    """Return (name, English, translation) of the texts whose names begin so."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "content.po").open("rb") as file:
        found = [each for each in read_po(file) if str(each.context).startswith(beginning)]
    return [(str(each.context), str(each.id), str(each.string)) for each in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_order_that_a_text_tells_is_understood_as_in_english(language: str) -> None:
    wrong = {name: (set(told(english)), set(told(said))) for name, english, said in texts(language, "to_ngo.")}
    assert {name: (wanted, heard) for name, (wanted, heard) in wrong.items() if wanted != heard} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_r18_each_word_that_a_text_tells_a_caller_is_understood(language: str) -> None:
    """STOP is one, whatever is told in its place, and so is the word for a call."""
    heard = {name: [*words_of_callers(said)] for name, _, said in texts(language, "to_caller.")}
    assert heard["to_caller.hello"] == heard["to_caller.over_stay"] == ["Ask", "Stop"]
    assert heard["to_caller.time"] == ["Stop", "Ask"]


def test_english_tells_orders() -> None:
    """So that the test above compares something."""
    assert set(told("{offer}: reached. When it is over: DONE {offer}. Passed on: HANDED {offer} name.")) == {
        "done",
        "handed",
    }
    assert set(told("LIST, UNDO, FULL 3, OPEN, DUTY OFF, AGAIN 12345")) == {
        "list", "undo", "full", "open", "duty_off", "again"
    }  # fmt: skip
