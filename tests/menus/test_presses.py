"""How few keys lead to what cannot wait, and what the keys of a screen say, in each language of each country."""

import re
from collections.abc import Callable

import pytest

from helpline.content.sources import ROOT, countries, load_country
from helpline.core.config import Config
from menus.book import Book
from menus.converse import Turn, converse, press
from menus.draft import YES, Draft
from menus.salt import SALT_BYTES
from menus.tree import BACK, EMERGENCY, MORE, OPTION_KEYS, Ask, Choice
from tests.world import contents

SALT = bytes(SALT_BYTES)
BOOKS = {country: contents(Config(country=country)).book for country in countries()}
EACH = [(country, language) for country, book in BOOKS.items() for language in book.languages]


def text(book: Book, turn: Turn) -> str:
    return book.page(turn.draft.language, turn.screen, turn.page, turn.draft).text


AFTER_WHAT = {
    "en": "Sex against your will?",
    "ru": "Секс против воли?",
    "kk": "Жыныстық зорлық па?",
    "ky": "Жыныстык зордукпу?",
    "tg": "Алоқаи ҷинсии маҷбурӣ?",
    "uz": "Jinsiy aloqa zo'rlik bilan bo'ldimi?",
    "uz_Cyrl": "Зўрлик билан алоқа?",
    "tk": "Zor bilen gatnaşyk?",
    "tk_gsm": "Zor bilen gatnasyk?",
}
"""What the first screen of *Health* is about, in each language."""


def fewest(book: Book, language: str, is_there: Callable[[Turn], bool]) -> int:
    """Return the smallest number of keys from the dial to a turn in this language. No way takes more than six."""
    turns = [converse(book, (), SALT)]
    for count in range(1, 7):
        ways = [press(book, turn, key, SALT) for turn in turns for key in (*OPTION_KEYS, EMERGENCY, MORE)]
        turns = list({(turn.screen, turn.page, turn.draft): turn for turn in ways if not turn.wrong}.values())
        if any(turn.draft.language in ("", language) and is_there(turn) for turn in turns):
            return count
        turns = [turn for turn in turns if turn.draft.language == language]
    raise AssertionError(f"no way in {language}")


@pytest.mark.parametrize(("country", "language"), EACH)
def test_what_cannot_wait_is_few_presses_away(country: str, language: str) -> None:
    """A stored request four, a family's five, *stop* three, 72 hours two. The emergency numbers one, in no language."""
    book = BOOKS[country]
    bars: list[tuple[int, Callable[[Turn], bool]]] = [
        (4, lambda turn: turn.draft.asks_for_a_call and turn.draft.kind == "self"),
        (5, lambda turn: turn.draft.asks_for_a_call and turn.draft.kind == "about_someone"),
        (3, lambda turn: turn.screen == "start.stopped"),
        (2, lambda turn: AFTER_WHAT[language] in (shown := text(book, turn)) and "72" in shown),
    ]
    assert [fewest(book, language, is_there) for _, is_there in bars] == [count for count, _ in bars]
    assert converse(book, (EMERGENCY,), SALT).screen == book.tree.emergency


@pytest.mark.parametrize(("country", "language"), EACH)
@pytest.mark.parametrize("topic", ["start", "close"])
def test_r19_everybody_reads_a_way_to_talk_under_numbers(country: str, language: str, topic: str) -> None:
    """A line for everybody, or the key *Call me* of the next screen by its very name.

    In Uzbekistan the only line that is confirmed is for women.
    """
    book, data = BOOKS[country], load_country(ROOT, country)
    line = data.direct_line or next((each for each in data.more_lines if each.kind == "talk"), None)
    key = re.search(r"^1 (.+)$", book.pages[language][f"{topic}.after"][0].text, re.MULTILINE)
    assert key
    read = " ".join(page.text for page in book.pages[language][f"{topic}.numbers"])
    assert (line.number if line else key[1]) in read
    assert (key[1] in read) == (line is None)


@pytest.mark.parametrize("country", BOOKS)
@pytest.mark.parametrize("front", ["no", YES])
def test_r43_a_wrong_key_before_a_language_is_chosen_is_answered_with_digits(country: str, front: str) -> None:
    """Its reader may not read the first language of the country. It is the same list, below the digits that work."""
    book = BOOKS[country]
    turn = converse(book, ("0",), SALT, draft=Draft(book.languages[0], front=front))
    assert turn.wrong
    for page in book.pages[book.languages[0]][turn.screen]:
        assert page.wrong.endswith(page.text)
        assert re.fullmatch(r"(1-\d(, \d)*:\n)?", page.wrong.removesuffix(page.text))


@pytest.mark.parametrize(("country", "language"), EACH)
def test_a_question_from_which_0_goes_back_says_so_where_it_fits(country: str, language: str) -> None:
    """Not the first menu, nor a text by SMS. No screen says it where 0 does something else."""
    book = BOOKS[country]
    back, first = f"{BACK} {book.notices[language]['keys.0']}", {book.tree.home, book.tree.start, book.tree.front_home}
    shown = set[str]()
    for name, screen in book.tree.screens.items():
        for page in book.pages[language].get(name, ()):
            if re.split(r"[\n ](?=0 )", page.text)[-1] == back:
                shown.add(name)
                assert isinstance(screen, Choice | Ask)
                assert BACK not in page.keys
                assert name not in first
                assert not name.startswith("sms.")
    assert {"start.home_more", "callback.which_day", "request.code", "request.details_more"} <= shown


@pytest.mark.parametrize("country", BOOKS)
def test_every_list_of_days_has_its_words_from_one_place(country: str) -> None:
    """Right after the part of the day, under *Which days* and in *My request*: the same day is the same word."""
    lists = {
        name: screen
        for name, screen in BOOKS[country].tree.screens.items()
        if isinstance(screen, Choice)
        and not name.startswith("sms.")
        and any(what in {"days", "new_days"} for option in screen.options for what, _ in option.keep)
    }
    assert {*lists} == {"callback.which_day", "callback.which_day_today", "callback.days", "request.days"}
    texts = [text for screen in lists.values() for text in (screen.text, *(each.label for each in screen.options))]
    assert all(text and text.path.startswith("which_days.") for text in texts)


@pytest.mark.parametrize(("country", "language"), EACH)
def test_r19_danger_takes_two_pages_at_most(country: str, language: str) -> None:
    """The numbers are on the first one, each with what it is. Somebody in danger may have the time for no more."""
    book, numbers = BOOKS[country], [line.number for line in load_country(ROOT, country).emergency if line.brief]
    (first,) = book.pages[language]["danger.first"]
    assert numbers
    assert all(re.search(rf"\w{{3,}} {number}", first.text) for number in numbers)
    assert len(book.pages[language]["danger.silent"]) <= 2
