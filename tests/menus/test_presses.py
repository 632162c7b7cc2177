"""How few keys lead to what cannot wait, and what the keys of a screen say, in each language of each country."""

import re

import pytest

from helpline.content.sources import countries
from helpline.core.config import Config
from menus.book import Book
from menus.converse import Turn, converse
from menus.draft import YES, Draft
from menus.salt import SALT_BYTES, drawn_key
from menus.tree import BACK, Ask, Choice
from tests.world import contents

SALT = bytes(SALT_BYTES)
DRAWN = drawn_key(SALT)
BOOKS = {country: contents(Config(country=country)).book for country in countries()}
EACH = [(country, language) for country, book in BOOKS.items() for language in book.languages]


def after(book: Book, language: str, *keys: str) -> Turn:
    """Return the turn after the digit of a language and other keys."""
    return converse(book, (str(book.languages.index(language) + 1), *keys), SALT)


def text(book: Book, turn: Turn) -> str:
    return book.page(turn.draft.language, turn.screen, turn.page, turn.draft).text


@pytest.mark.parametrize(("country", "language"), EACH)
def test_what_cannot_wait_is_few_presses_away(country: str, language: str) -> None:
    """A stored request four, a family's five, *stop* three, 72 hours two, the emergency numbers one."""
    book = BOOKS[country]
    assert after(book, language, "2", DRAWN, "1").draft.asks_for_a_call
    family = after(book, language, "5", "3", DRAWN, "1").draft
    assert family.asks_for_a_call
    assert family.kind == "about_someone"
    assert after(book, language, "9", "3").screen == "start.stopped"
    assert "72" in text(book, after(book, language, "3"))
    assert converse(book, ("8",), SALT).screen == book.tree.emergency


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
