"""Twenty thousand random keys in each language, and each night in each country: every screen fits, its texts are right."""

from dataclasses import replace
from itertools import islice
from random import Random

import pytest

from helpline.content.glossary import Glossary
from helpline.content.sources import ROOT
from menus.book import Book, Page
from menus.converse import Turn
from menus.draft import Draft
from menus.graph import ways
from menus.tree import End, Fork, Tree
from tests.bench import walk as walk_bench
from tests.menus.walking import Caller, Watch, books

KEYS = 20_000
BOOKS = books()
WALKS = [(country, language) for country, book in BOOKS.items() for language in book.languages]
FIRST = {language: country for country, language in reversed(WALKS)}
"""For each language the first country that has it. A change needs one walk in each language."""


def reached(tree: Tree) -> set[str]:
    """Return the screens that a caller can reach and see."""
    found, todo = set[str](), [tree.start]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [goto for goto, _ in ways(tree, tree.screens[name])]
    return {name for name in found if not isinstance(tree.screens[name], Fork)}


def walk(book: Book, language: str, keys: int, seed: str) -> Watch:
    """Press that many keys and check every screen."""
    watch = Watch(book, language, Glossary.beside(ROOT / "menus"))
    for turn, page in islice(Caller(book, language, Random(seed)).calls(), keys):
        watch.look(turn, page)
    return watch


@pytest.mark.long
@pytest.mark.parametrize(
    ("country", "language"),
    [pytest.param(*at, marks=[pytest.mark.nightly] * (at[0] != FIRST[at[1]])) for at in WALKS],
)
def test_a_walk_finds_no_fault(country: str, language: str) -> None:
    """No dead end, no screen over budget, no open placeholder, no English text in another language."""
    watch = walk(BOOKS[country], language, KEYS, f"{country} {language}")
    assert watch.faults == []


@pytest.mark.long
@pytest.mark.parametrize("country", sorted(BOOKS))
def test_a_walk_reaches_every_screen(country: str) -> None:
    """A screen that was not seen is not proved. A legal duty is only shown where the country has one (R22)."""
    book = BOOKS[country]
    language = book.languages[0]
    duty = book.locals[language].own.get("duty")
    unseen = reached(book.tree) - walk(book, language, 3 * KEYS, country).screens
    assert unseen == (set() if duty else {"callback.duty"})


def test_a_call_is_over_at_an_end_screen() -> None:
    """The walker hangs up there, so it never sees what would follow."""
    book = BOOKS["KG"]
    for turn, _ in islice(Caller(book, book.languages[0], Random(1)).calls(), 2_000):
        assert not any(isinstance(book.tree.screens[name], End) for name, _, _ in turn.past)


def test_the_bench_prints_the_median_of_each_language(capsys: pytest.CaptureFixture[str]) -> None:
    """This test does not judge the times."""
    walk_bench.report(BOOKS, 50)
    output = capsys.readouterr().out
    assert all(f"{country} {language} " in output for country, language in WALKS)
    assert "worst median" in output


HOME = Turn("start.home", 0, Draft(language="en"), "start.home")


@pytest.mark.parametrize(
    ("page", "what"),
    [(Page("x" * 161, "", {}), "does not fit"), (Page("Ж" * 71, "", {}), "does not fit"),
        (Page("{dais} days", "", {}), "a placeholder is left"), (Page(" ", "", {}), "nothing is shown"),
        (Page("Hi", "", {}), "no key leads on"), (Page("Hi {code}.", "", BOOKS["KG"].page("en", "start.home", 0).keys), "")],
)  # fmt: skip
def test_the_watch_finds_each_kind_of_fault(page: Page, what: str) -> None:
    watch = Watch(BOOKS["KG"], "en", Glossary())
    stuck = replace(BOOKS["KG"], pages={"en": {"start.home": (page,)}})
    replace(watch, book=stuck if not page.keys else BOOKS["KG"]).look(HOME, page)
    assert any(what in fault for fault in watch.faults) == bool(what)


def test_the_watch_finds_an_english_text_in_another_language() -> None:
    book = BOOKS["KG"]
    russian = replace(book.locals["en"], catalog={})
    watch = Watch(replace(book, locals={**book.locals, "ru": russian}), "ru", Glossary())
    watch.look(HOME, Page("Hi", "Hi", book.page("en", "start.home", 0).keys))
    assert "start.home.1 is not translated" in watch.faults
