"""How a tree becomes screens: small trees of each kind to the letter, then any list and any text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.content.sources import countries
from helpline.core.config import Config
from menus.book import Book, Catalog, Local, Misfit, Page, fill, without_empty
from menus.gsm7 import USSD, fits
from menus.pages import cut_text
from menus.parse import parse
from menus.render import print_book
from menus.tree import OPTION_KEYS, Choice, Option, Statement, Tree
from tests.world import contents

NOTICES = {
    "n.yaml": 'keys: {0: "Back", 9: "More", next: "Next"}\nhints: {key: "No such key."}\nstatus: {paused: "Paused, {word}."}'
}
PLACEHOLDERS = ("drawn", "code", "word", "ours", "promise", "status", "days")
TOP = "start: home\nhome: home\nconsent: home\nscreens:\n"
BYE = '  bye: {end: "Bye."}\n'
LONGEST = {"drawn": "7", "code": "000000", "word": "BREAD", "ours": "LAMP"}
ANY_PACE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The time of one example depends on the machine."""
NO_CATALOG: Catalog = {}
TOWNS = [(f"T{n}", f"Town {n}") for n in range(1, 10)]


def tree_of(screens: str) -> Tree:
    """Read screens as an author writes them, in a file `a.yaml` that also has the screen `bye`."""
    return parse({"a.yaml": TOP + screens + BYE}, NOTICES, PLACEHOLDERS)


@dataclass
class Press:
    """Prints books and records what did not fit."""

    misfits: list[Misfit] = field(default_factory=list)

    def book(
        self,
        tree: Tree,
        regions: Sequence[tuple[str, str]] = (),
        words: Sequence[tuple[str, str]] = (("0", "RAIN"), ("1", "BREAD")),
        longest: Mapping[str, str] = LONGEST,
        catalog: Catalog = NO_CATALOG,
    ) -> Book:
        """Print a book in English and Russian. `catalog` and the lists belong to Russian too."""
        lists = {
            "languages": [("en", "English"), ("ru", "Русский")],
            "regions": regions,
            "needs": [("talk", "Talk"), ("legal", "Law")],
            "words": words,
        }
        locals_ = {name: Local(given, lists, ["LAMP"], longest) for name, given in (("en", {}), ("ru", catalog))}
        return print_book(tree, locals_, {"days": "30"}, "a digest", self.misfits.append)

    def pages(self, screens: str, language: str = "en", **more: object) -> tuple[Page, ...]:
        """Print the screen `a.home`."""
        return self.book(tree_of(screens), **more).pages[language]["a.home"]  # type: ignore[arg-type]


def book_of(screens: str, regions: Sequence[tuple[str, str]] = ()) -> Book:
    """Print a book that fits."""
    press = Press()
    book = press.book(tree_of(screens), regions)
    assert press.misfits == []
    return book


OPTIONS = '{1: {say: "Yes", goto: bye}, 0: {say: "No", goto: bye}, 8: {say: SOS, goto: bye}}'
CHOICE = f'  home: {{choice: "Well?", options: {OPTIONS}'
SKIPPED = (
    '  home: {choice: "Where?", each: {from: regions, keep: place, goto: bye}, options: {0: {say: Skip, goto: bye}}}\n'
)
CODE = '  home: {ask: "Code?", digits: 6, keep: code, goto: bye, again: "6 digits."}\n'
KINDS = [
    ("a choice has an option a line", CHOICE + "}\n", ["Well?\n1 Yes\n0 No\n8 SOS"],
        ["No such key.\nWell?\n1 Yes\n0 No\n8 SOS"]),
    ("options may stand beside each other", CHOICE + ", inline: true}\n", ["Well?\n1 Yes 0 No 8 SOS"],
        ["No such key.\nWell?\n1 Yes 0 No 8 SOS"]),
    ("words of its own after a wrong key", CHOICE + ', again: "1, 0 or 8."}\n', ["Well?\n1 Yes\n0 No\n8 SOS"],
        ["1, 0 or 8.\n1 Yes\n0 No\n8 SOS"]),
    ("the drawn key is open until the hop", '  home: {choice: "Ring you?", options: {drawn: {say: "On", goto: bye}}}\n',
        ["Ring you?\n{drawn} On"], ["No such key.\nRing you?\n{drawn} On"]),
    ("a list in front of what every page has", SKIPPED,
        ["Where?\n1 Town 1\n2 Town 2\n3 Town 3\n4 Town 4\n5 Town 5\n6 Town 6\n7 Town 7\n9 More\n0 Skip",
            "1 Town 8\n2 Town 9\n9 More\n0 Skip"],
        ["No such key.\n1 Town 1\n2 Town 2\n3 Town 3\n4 Town 4\n5 Town 5\n6 Town 6\n7 Town 7\n9 More\n0 Skip",
            "No such key.\n1 Town 8\n2 Town 9\n9 More\n0 Skip"]),
    ("a short list alone", "  home: {each: {from: languages, keep: language, goto: bye}}\n", ["1 English\n2 Русский"],
        ["1-2:\n1 English\n2 Русский"]),
    ("a question", CODE, ["Code?"], ["6 digits."]),
    ("a short statement", '  home: {statement: "You are free.", goto: bye}\n', ["You are free.\n1 Next"],
        ["No such key.\nYou are free.\n1 Next"]),
    ("an end has no keys", '  home: {end: "We keep it {days} days."}\n', ["We keep it 30 days."],
        ["No such key.\nWe keep it 30 days."]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "screens", "texts", "wrong"), KINDS, ids=[row[0] for row in KINDS])
def test_each_kind_of_screen_is_printed_to_the_letter(
    why: str, screens: str, texts: list[str], wrong: list[str]
) -> None:
    """The screen at first, and after a wrong key."""
    press = Press()
    pages = press.pages(screens, regions=TOWNS)
    assert [page.text for page in pages] == texts, why
    assert [page.wrong for page in pages] == wrong, why
    assert press.misfits == []


def test_each_line_of_a_list_leads_to_its_screen() -> None:
    """The digits start again at 1 on each page. Each digit keeps its code, and the other options are on every page."""
    screens = "  home: {each: {from: regions, keep: place, goto: bye}, options: {8: {say: SOS, goto: bye}}}\n"
    first, second = Press().pages(screens, regions=TOWNS)
    assert set(first.keys) == {*OPTION_KEYS, "8", "9"}
    assert set(second.keys) == {"1", "2", "8", "9"}
    assert (first.keys["9"], second.keys["9"]) == (1, 0)
    chosen = second.keys["2"]
    assert isinstance(chosen, Option)
    assert (chosen.goto, chosen.keep) == ("a.bye", (("place", "T9"),))


def test_a_long_statement_is_split_between_words_and_continues_only_from_its_last_page() -> None:
    """9 shows the next page. Only the last page has 1, so that nobody skips unread text."""
    screens = f'  home: {{statement: "{"word " * 60}end.", goto: bye}}\n'
    *others, last = Press().pages(screens)
    assert len(others) == 2
    assert [page.keys for page in others] == [{"9": 1}, {"9": 2}]
    assert set(last.keys) == {"1"}
    assert all(page.text.endswith("\n9 More") for page in others)
    assert last.text.endswith("end.\n1 Next")


CUT = [
    ("after a sentence", "Go now. Take no money with you.", 20, ["Go now.", "Take no money with", "you."]),
    ("after the last sentence that fits", "One. Two. Three four.", 11, ["One. Two.", "Three four."]),
    ("a question with its answer", "Rest. Hard to breathe? Call 102.", 26, ["Rest.", "Hard to breathe? Call 102."]),
    ("a question alone if it must", "Cold? Take a warm blanket.", 20, ["Cold?", "Take a warm blanket."]),
    ("not after a number that waits for its check", "Stay near, call 102?, 103? at once.", 27,
        ["Stay near,", "call 102?, 103? at once."]),
    ("where the author marked it", "Fear, wounds, | gifts, a debt.", 18, ["Fear, wounds,", "gifts, a debt."]),
    ("after a phrase", "Fear, many wounds, gifts and debts.", 25, ["Fear, many wounds,", "gifts and debts."]),
    ("not before what is forbidden", "You must not sign any new papers.", 14, ["You must", "not sign any", "new papers."]),
    ("not after a number", "It takes up to 72 hours or more.", 18, ["It takes up", "to 72 hours", "or more."]),
    ("not after a condition", "If it is safe, then go to them.", 17, ["If it is safe,", "then go to them."]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "most", "pages"), CUT, ids=[row[0] for row in CUT])
def test_a_page_ends_with_a_sentence_if_it_can(why: str, text: str, most: int, pages: list[str]) -> None:
    """Half of a prohibition, of a number or of a condition says something else."""
    assert cut_text(text, "", "", lambda page: len(page) <= most) == pages, why


def test_a_page_that_ends_in_mid_sentence_is_named_unless_the_author_marked_it() -> None:
    press = Press()
    for mark, found in (("", [(1, "word,")]), (" |", [])):
        words = "word " * 20 + f"word,{mark} " + "word " * 20 + "end."
        tree = tree_of(f'  home: {{statement: "{words}", goto: bye}}\n')
        screen = tree.screens["a.home"]
        assert isinstance(screen, Statement)
        assert list(press.book(tree).printers["en"].unfinished(screen)) == found


def test_a_sentence_whose_number_is_missing_is_left_out() -> None:
    """A country may have no line to talk."""
    values = {"emergency": "102", "direct": ""}
    assert without_empty("In danger? {emergency}. To talk: {direct}.", values) == "In danger? {emergency}."
    assert without_empty("In danger? {emergency}. To talk: {direct}.", {**values, "direct": "189"}).endswith(
        "{direct}."
    )


def test_a_word_longer_than_a_page_has_a_page_of_its_own() -> None:
    """The word is refused. The words after it do not share its page."""
    press = Press()
    first, second = press.pages(f'  home: {{statement: "{"x" * 161} end", goto: bye}}\n')
    assert (first.text, second.text) == (f"{'x' * 161}\n9 More", "end\n1 Next")


def test_a_long_question_is_only_on_the_first_page_of_a_list() -> None:
    """The other pages hold as many lines as their digits allow, below the shorter text."""
    screens = f'  home: {{choice: "{"x" * 120}", each: {{from: regions, keep: place, goto: bye}}}}\n'
    first, second = Press().pages(screens, regions=[*TOWNS, ("T10", "Town 10")])
    assert first.text == f"{'x' * 120}\n1 Town 1\n2 Town 2\n3 Town 3\n9 More"
    assert set(second.keys) == {*OPTION_KEYS, "9"}


def test_a_translation_belongs_to_a_path_and_its_english() -> None:
    """The same English elsewhere may have another translation. Without a translation the English is shown."""
    catalog = {
        ("a.home", "Well?"): "Ну?",
        ("a.home.1", "Yes"): "Да",
        ("a.elsewhere.0", "No"): "Нет",
        ("a.home", "No"): "Нет",
    }
    (page,) = Press().pages(CHOICE + "}\n", "ru", catalog=catalog)
    assert page.text == "Ну?\n1 Да\n0 No\n8 SOS"


def test_a_page_names_each_open_placeholder_once() -> None:
    """A hop fills only the placeholders of its page and of the page's text after a wrong key."""
    screens = '  home: {choice: "{code} {word} {days}", again: "{ours} {word}", options: {1: {say: "On", goto: bye}}}\n'
    (page,) = Press().pages(screens)
    assert page.slots == ("code", "word", "ours")
    assert fill(page.text, {"code": "123456"}) == "123456 {word} 30\n1 On"


def test_a_book_returns_a_notice_filled_and_folded() -> None:
    """As all texts of a language are. A placeholder without a value stays open."""
    book = book_of(CHOICE + "}\n")
    assert book.notice("en", "status.paused", word="RAIN") == "Paused, RAIN."
    assert book.notice("en", "status.paused") == "Paused, {word}."


MISFITS = [
    ("as long as a screen", f'  home: {{end: "{"x" * 160}"}}\n', []),
    ("longer than a screen", f'  home: {{end: "{"x" * 161}"}}\n', ["does not fit one screen: shorten it"]),
    ("longer with the longest word", f'  home: {{end: "{"x" * 156}{{word}}"}}\n',
        ["does not fit one screen: shorten it"]),
    ("no longer with the longest word", f'  home: {{end: "{"x" * 155}{{word}}"}}\n', []),
    ("one letter makes it dear", f'  home: {{end: "{"x" * 70}Ы"}}\n', ["does not fit one screen: shorten it"]),
    ("room for the hint", f'  home: {{ask: "{"x" * 147}", digits: 6, keep: code, goto: bye}}\n', []),
    ("no room for the hint", f'  home: {{ask: "{"x" * 148}", digits: 6, keep: code, goto: bye}}\n',
        ["leaves no room for the error text after a wrong key: give it a text `again`"]),
    ("no room for the hint, but words of its own",
        f'  home: {{ask: "{"x" * 148}", digits: 6, keep: code, goto: bye, again: "6 digits."}}\n', []),
    ("words of its own that are too long",
        f'  home: {{ask: "Code?", digits: 6, keep: code, goto: bye, again: "{"x" * 161}"}}\n',
        ["leaves no room for the error text after a wrong key: give it a text `again`"]),
    ("one word longer than a page", f'  home: {{statement: "{"x" * 161} end", goto: bye}}\n',
        ["does not fit one screen: shorten it"]),
    ("what the database says, over pages", f'  home: {{statement: "{{status}} {"word " * 40}end", goto: bye}}\n',
        ["shows values from the database, so it must fit one page"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "screens", "says"), MISFITS, ids=[row[0] for row in MISFITS])
def test_texts_that_a_handset_cannot_show_are_found_when_the_book_is_printed(
    why: str, screens: str, says: list[str]
) -> None:
    """The fault names the screen, in each language. It never appears first during a hop."""
    press = Press()
    press.book(tree_of(screens))
    assert press.misfits == [Misfit("a.home", language, what) for language in ("en", "ru") for what in says], why


def test_words_that_need_a_second_page_are_refused() -> None:
    """A caller finds their word by its digit, which must be the same in all languages."""
    press = Press()
    press.book(
        tree_of("  home: {each: {from: words, keep: word, goto: bye}}\n"), words=[(str(n), "RAIN") for n in range(8)]
    )
    what = "lists the words, which must keep their digits, so it must fit one page"
    assert press.misfits == [Misfit("a.home", language, what) for language in ("en", "ru")]


LABELS = st.lists(st.text("abЖ€", min_size=1, max_size=20), min_size=1, max_size=25)
LISTS = tree_of(SKIPPED)


@ANY_PACE
@given(LABELS)
def test_any_list_is_divided_completely_and_in_order(labels: list[str]) -> None:
    """Every line is on one page, beside the digit that keeps its code. Every page fits, also with the error text."""
    press = Press()
    listed = [(str(at), label) for at, label in enumerate(labels)]
    pages = press.book(LISTS, listed).pages["en"]["a.home"]
    assert press.misfits == []
    seen = []
    for page in pages:
        for key in (key for key in OPTION_KEYS if key in page.keys):
            option = page.keys[key]
            assert isinstance(option, Option)
            code = dict(option.keep)["place"]
            seen.append(int(code))
            assert f"{key} {labels[int(code)]}" in page.text.split("\n")
            assert f"{key} {labels[int(code)]}" in page.wrong.split("\n")
        assert fits(page.text, USSD)
        assert fits(page.wrong, USSD)
    assert seen == list(range(len(labels)))


@ANY_PACE
@given(st.lists(st.text("abcЖшы.", min_size=1, max_size=30), min_size=1, max_size=60))
def test_any_text_is_split_without_losing_a_word(words: list[str]) -> None:
    """The pages of a statement together are the statement. Each fits."""
    press = Press()
    pages = press.pages(f'  home: {{statement: "{" ".join(words)}", goto: bye}}\n')
    assert press.misfits == []
    parts = [page.text.rpartition("\n") for page in pages]
    assert " ".join(text for text, _, _ in parts) == " ".join(words)
    assert [tail for _, _, tail in parts] == ["9 More"] * (len(pages) - 1) + ["1 Next"]
    assert all(fits(page.wrong, USSD) and page.wrong != page.text for page in pages)


BOOKS = [contents(Config(country=country)).book for country in countries()]


@pytest.mark.parametrize("book", BOOKS, ids=countries())
def test_every_key_that_continues_is_printed_on_the_screen(book: Book) -> None:
    """This holds at first and after a wrong key, in every language, so a caller need not remember any."""
    for language in book.languages:
        for name, pages in book.pages[language].items():
            for page in pages:
                shown = {"{drawn}" if key == "drawn" else key for key in page.keys}
                for text in (page.text, page.wrong):
                    printed = {word.removesuffix(":") for line in text.split("\n") for word in line.split(" ")}
                    assert shown <= printed, (language, name, text)


@pytest.mark.parametrize("book", BOOKS, ids=countries())
def test_a_key_means_the_same_in_every_language(book: Book) -> None:
    """Lists may be divided differently, but an option that an author numbered has its number everywhere."""
    for name, screen in book.tree.screens.items():
        if isinstance(screen, Choice) and screen.each is None:
            first, *others = (book.page(language, name, 0).keys for language in book.languages)
            assert all(other == first for other in others), name
