"""Answers that need more than one key: days, an hour, a phone number, a place name, and places from lists."""

from collections.abc import Mapping, Sequence

import pytest

from menus.book import Book, Local, Misfit
from menus.converse import Turn, converse
from menus.draft import Draft
from menus.parse import read
from menus.render import print_book

SALT = bytes(16)
NOTICES = {
    "n.yaml": '{keys: {0: Back, 9: More, next: Next, skip: Skip}, hints: {key: "No such key.", nothing: "No such place."}}'
}
ASKS = """
start: home
home: home
consent: home
screens:
  home: {choice: "What?", options: {1: {say: Days, goto: days}, 2: {say: Hour, goto: hour},
    3: {say: Number, goto: number}, 4: {say: Town, goto: town}, 5: {say: Region, goto: region}}}
  days: {ask: "Days?", digits: 1-7, keep: days, goto: bye}
  hour: {ask: "Hour?", digits: 1-2, keep: hour, goto: bye, skip: other}
  number: {ask: "Number?", digits: 7-15, keep: number, goto: bye}
  town: {ask: "Town?", letters: 2-40, keep: typed, goto: towns}
  towns: {choice: "Which?", each: {from: found, keep: place, goto: bye}, options: {0: {say: Again, goto: town}}}
  region: {each: {from: regions, keep: place, goto: district}}
  district: {choice: "Which?", each: {from: districts, keep: place, goto: bye}, options: {0: {say: Skip, goto: bye}}}
  other: {end: "Skipped."}
  bye: {end: "Bye."}
"""
LISTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "regions": [("R1", "North"), ("R2", "South")],
    "districts.R1": [(f"R1-{n}", f"District {n}") for n in range(1, 10)],
    "found": [("", "A very long name of a place indeed")],
}
FOUND = {"os": [("T1", "Osh")], "ak": [("T1", "Aktogay (North)"), ("T2", "Aktogay (South)"), ("T3", "Aksay")]}


def book_of(lists: Mapping[str, Sequence[tuple[str, str]]] = LISTS) -> Book:
    misfits: list[Misfit] = []
    parsed = read({"a.yaml": ASKS}, NOTICES, ())
    local = Local({}, lists, ["TEA"], {}, search=lambda typed, region: FOUND.get(typed.casefold(), []))
    book = print_book(parsed.tree, {"en": local}, {}, "digest", misfits.append)
    assert misfits == []
    return book


def after(*keys: str) -> Turn:
    return converse(book_of(), keys, SALT)


def text(turn: Turn) -> str:
    return book_of().page("en", turn.screen, turn.page, turn.draft).text


@pytest.mark.parametrize(
    ("keys", "answer", "why"),
    [
        (("1", "135"), "135", "three days"),
        (("1", "7"), "7", "one day"),
        (("1", "8"), "", "there is no eighth day"),
        (("1", "12345671"), "", "more than a week has"),
        (("2", "7"), "7", "one digit"),
        (("2", "07"), "07", "or two"),
        (("2", "24"), "24", "midnight"),
        (("2", "25"), "", "no such hour"),
        (("3", "0555123456"), "0555123456", "as people write it at home"),
        (("3", "996000111001"), "996000111001", "as they write it abroad"),
        (("3", "123456"), "", "too short for a telephone"),
        (("4", "Ош"), "Ош", "a name in any script"),
        (("4", "О"), "", "one letter finds too much"),
        (("4", "123"), "", "digits are no name"),
        (("4", "\U0001f642\U0001f642"), "", "nor are pictures"),
        (("4", "a" * 41), "", "longer than any name"),
    ],
)
def test_an_answer_is_accepted_or_the_question_is_asked_again(keys: tuple[str, str], answer: str, why: str) -> None:
    """A valid answer is stored whole. Otherwise the screen is shown again with an error text."""
    name = {"1": "days", "2": "hour", "3": "number", "4": "typed"}[keys[0]]
    turn = after(*keys)
    assert getattr(turn.draft, name) == answer, why
    assert turn.wrong == (answer == "")


def test_0_skips_an_optional_question_and_goes_back_from_any_other() -> None:
    """A skipped question stores no answer."""
    assert after("2", "0").screen == "a.other"
    assert text(after("2")) == "Hour?\n0 Skip"
    assert after("1", "0").screen == "a.home"
    assert after("1", "0").draft == Draft(language="en")


def test_00_goes_to_the_home_screen_and_is_not_midnight() -> None:
    """Midnight is typed as 24, so that 00 means the same on every screen."""
    assert after("2", "00").screen == "a.home"


def test_districts_are_those_of_the_region() -> None:
    """Districts are shown page by page. A region without districts has no such screen; the region is stored."""
    assert text(after("5", "1")).startswith("Which?\n1 District 1\n2 District 2")
    assert after("5", "1", "9", "2").draft.place == "R1-9"
    assert (after("5", "2").screen, after("5", "2").draft.place) == ("a.bye", "R2")


def test_skipping_the_districts_keeps_the_region() -> None:
    """The caller can always stop at the region."""
    assert (after("5", "1", "0").screen, after("5", "1", "0").draft.place) == ("a.bye", "R1")


def test_a_typed_place_name_must_be_confirmed() -> None:
    """The screen shows at most three matches, and only a key accepts one."""
    turn = after("4", "ak")
    assert text(turn) == "Which?\n1 Aktogay (North)\n2 Aktogay (South)\n3 Aksay\n0 Again"
    assert turn.draft.place == ""
    assert after("4", "ak", "2").draft.place == "T2"
    assert after("4", "ak", "4").wrong


def test_a_place_name_that_is_not_found_can_be_typed_again() -> None:
    """The screen says that nothing was found, and its key leads back to the question."""
    assert text(after("4", "zz")) == "No such place.\n0 Again"
    assert after("4", "zz", "0").screen == "a.town"
    assert after("4", "zz", "1").wrong
    assert after("4", "zz", "0", "os", "1").draft.place == "T1"


def test_places_that_do_not_fit_one_screen_are_left_out() -> None:
    """The best matches come first. Search results never need a second page."""
    long = [(f"T{n}", "Место с длинным именем") for n in range(3)]
    local = Local({}, {**LISTS, "found": long[:1]}, ["ЧАЙ"], {}, search=lambda typed, region: long)
    book = print_book(read({"a.yaml": ASKS}, NOTICES, ()).tree, {"en": local}, {}, "digest", lambda misfit: None)
    turn = converse(book, ["4", "место"], SALT)
    assert book.page("en", turn.screen, 0, turn.draft).text.count("Место") == 2
