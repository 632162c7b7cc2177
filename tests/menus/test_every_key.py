"""Every key that a screen shows leads to another one, and key 0 pressed again and again comes to an end.

The first is walked in one language of each country with every answer that a fork asks for: the ways are the same in
all languages. What a page prints is compared in every language.
"""

import re
from collections.abc import Iterator

import pytest

from menus.book import Book, Page
from menus.converse import Turn, converse, press
from menus.draft import NO, YES, Draft
from menus.salt import SALT_BYTES, drawn_key
from menus.tree import BACK, DRAWN, EMERGENCY, Ask, Choice, End, Fork, Statement
from tests.menus.walking import books

SALT = bytes(SALT_BYTES)
BOOKS = books()
TYPED = ("1", "12", "9", "1234567", "482913", "ab")
PAGES = [(country, language) for country, book in BOOKS.items() for language in book.languages]


def shown_keys(book: Book, screen: str, page: Page) -> set[str]:
    """Return the keys that a page prints with a label."""
    of = book.tree.screens[screen.partition("@")[0]]
    inline = isinstance(of, Choice) and of.inline
    lines = page.text.rpartition("\n")[2] if inline or isinstance(of, Statement) else page.text
    found = re.findall(r"(?:^|\s)(\{drawn\}|\d) (?=\S)" if inline else r"(?m)^(\{drawn\}|\d) ", lines)
    return {DRAWN if key == "{drawn}" else key for key in found}


def begins(book: Book) -> Iterator[Turn]:
    """Yield where calls begin: at home and abroad, with and without a front, early and late in the day."""
    for abroad, front, to_come in ((NO, NO, "day"), (NO, NO, "none"), (NO, YES, "morning"), (YES, NO, "none")):
        draft = Draft(book.languages[0], abroad=abroad, duty=YES, front=front, to_come=to_come)
        yield press(book, converse(book, (), SALT, draft=draft), "1", SALT)


def keys_of(book: Book, turn: Turn) -> list[str]:
    """Return the keys to press on a page: of a list only the first and the last."""
    screen, page = book.tree.screens[turn.screen], book.page(turn.draft.language, turn.screen, turn.page, turn.draft)
    shown = sorted(shown_keys(book, turn.screen, page))
    if isinstance(screen, Choice) and screen.each:
        fixed = {option.key for option in screen.options}
        listed = [key for key in shown if key in "1234567" and key not in fixed]
        shown = [key for key in shown if key not in listed[1:-1]]
    if isinstance(screen, Ask):
        shown += [key for key in TYPED if screen.takes(key) and turn.draft.takes(screen.keep, key)][:1]
    return [drawn_key(SALT) if key == DRAWN else key for key in shown]


def walked(book: Book) -> list[Turn]:
    """Return one turn for each page, answers that a fork asks for, and screen before it. Check every key on the way."""
    asked = sorted({of.by for of in book.tree.screens.values() if isinstance(of, Fork)} - {"place", "new_place"})
    found: dict[tuple[object, ...], Turn] = {}
    todo = list(begins(book))
    while todo:
        turn = todo.pop()
        state = (
            turn.screen, turn.page, book.shown(turn.draft.language, turn.screen, turn.draft),
            turn.past[-1][:2] if turn.past else "", *(getattr(turn.draft, by) for by in asked),
        )  # fmt: skip
        if state in found or isinstance(book.tree.screens[turn.screen], End):
            continue
        found[state] = turn
        for key in keys_of(book, turn):
            there = press(book, turn, key, SALT)
            assert not there.wrong, f"{turn.screen} shows {key}, which does nothing"
            assert (there.screen, there.page) != (turn.screen, turn.page), f"{turn.screen}: {key} leads to itself"
            todo.append(there)
    return list(found.values())


def presses_of_back(book: Book, turn: Turn) -> Iterator[Turn]:
    """Yield what follows when the caller presses 0 again and again, until the call ends or starts again."""
    while turn.past and not isinstance(book.tree.screens[turn.screen], End):
        turn = press(book, turn, BACK, SALT)
        yield turn


@pytest.mark.parametrize("country", sorted(BOOKS))
def test_every_key_that_a_screen_shows_leads_elsewhere_and_0_comes_to_an_end(country: str) -> None:
    """*No* and *Skip* are key 0 as well as *Back*, so two screens could lead to each other for ever."""
    book = BOOKS[country]
    turns = walked(book)
    assert {turn.screen for turn in turns} >= {"callback.number_kept", "request.word", "close.need", "front.first"}
    for turn in turns:
        seen = set[tuple[object, ...]]()
        for there in presses_of_back(book, turn):
            assert not there.wrong, f"{turn.screen}: 0 does nothing on {there.screen}"
            state = (there.screen, len(there.past), tuple(there.draft.__dict__.items()))
            assert state not in seen, f"{turn.screen}: 0 leads to {there.screen} for ever"
            seen.add(state)


@pytest.mark.parametrize(("country", "language"), PAGES)
def test_a_page_prints_the_keys_that_work_on_it(country: str, language: str) -> None:
    """Key 0 goes back also where there is no room to say so."""
    book = BOOKS[country]
    for name, pages in book.pages[language].items():
        screen = book.tree.screens[name.partition("@")[0]]
        for page in pages if not name.startswith("sms.") and not isinstance(screen, End) else ():
            shown, work = shown_keys(book, name, page), set(page.keys)
            assert shown - {BACK, EMERGENCY} <= work <= shown, (name, page.text)


NO_ROOM = {("kk", "request.place"), ("ru", "request.their_place")}
"""Questions without room for the sign of key 0: the first page of two lists."""
FILLED_AT_THE_HOP = {"callback.number_kept", "health.place"}
"""Their longest value leaves no room for it."""


@pytest.mark.parametrize(("country", "language"), PAGES)
def test_a_question_from_which_0_goes_back_says_so(country: str, language: str) -> None:
    """In words, or where they do not fit, by the sign `0 <`."""
    book = BOOKS[country]
    first = {book.tree.start, book.tree.home, book.tree.front_start, book.tree.front_home}
    for name, pages in book.pages[language].items():
        of, screen = name.partition("@")[0], book.tree.screens[name.partition("@")[0]]
        if not isinstance(screen, Choice | Ask) or of in first | FILLED_AT_THE_HOP or of.startswith("sms."):
            continue
        for page in pages if (language, of) not in NO_ROOM else ():
            assert re.search(r"(^|\s)0 \S", page.text), (name, page.text)


@pytest.mark.parametrize(("country", "language"), PAGES)
def test_no_wrong_key_is_answered_with_the_same_page(country: str, language: str) -> None:
    """A page that is repeated without a word looks as if the phone had not sent the key."""
    book = BOOKS[country]
    for name, pages in book.pages[language].items():
        of = name.partition("@")[0]
        if isinstance(book.tree.screens[of], End) or of.startswith("sms.") or (language, of) in NO_ROOM:
            continue
        for page in pages:
            assert page.wrong.replace(".", "") != page.text.replace(".", ""), (name, page.text)


@pytest.mark.parametrize("topic", ["callback", "request"])
def test_r04_the_yes_that_names_us_is_another_key_than_the_yes_around_it(topic: str) -> None:
    """Somebody presses 1 by rhythm on four questions. Of the third, *yes* gives them away."""
    names = ("others_may_answer", "may_leave_message", "may_name_us", "may_sms")
    asked = [BOOKS["KG"].page("en", f"{topic}.{name}", 0).keys for name in names]
    yes = [next(key for key in keys if key != BACK) for keys in asked]
    assert yes == ["1", "1", "2", "1"]


@pytest.mark.parametrize("country", sorted(BOOKS))
def test_a_wrong_key_on_the_first_list_is_answered_with_the_digits_that_work(country: str) -> None:
    """Its reader has not chosen a language yet. The longest lists leave room for the digits of the languages only."""
    book = BOOKS[country]
    page, count = book.page(book.languages[0], "start.language", 0), len(book.languages)
    assert page.wrong in (f"1-{count}, 8:\n{page.text}", f"1-{count}:\n{page.text}")
