"""The rules about who a caller is: a minor who asks alone, their sex, and who may call them besides an NGO."""

import re
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace

import pytest

from helpline.authoring.safe_wording import ELDER_STEMS, NO_ADULT_NEEDED, texts_that_need_an_adult, words_for_adults
from helpline.casework.order_lines import DIGITS
from helpline.content.catalogs import texts_on
from helpline.content.reviews import guarded
from helpline.content.sources import countries
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES
from helpline.request.offers import OfferState
from helpline.store.schema import request
from menus.book import Book
from menus.converse import Turn, press
from menus.draft import NO, NOT_SAID, YES, Draft
from menus.salt import SALT_BYTES, drawn_key
from menus.tree import DRAWN, Ask, Choice, End, Fork
from tests.steps.by_day import each_once
from tests.steps.caller import AGREED, save_draft, the_request
from tests.world import CALL_ME, CALLER, Call, World, contents

SALT = bytes(SALT_BYTES)
TYPED = ("7", "8", "9", "0555123456", "482913", "ош", "135")
"""Each screen that asks accepts one of these answers."""
BOOKS = {country: contents(Config(country=country)).book for country in countries()}
TONGUES = [(country, language) for country, book in BOOKS.items() for language in book.languages]
PLACES = ("place", "new_place")
AGES = {"under_18": "1", "adult": "2"}
Shown = tuple[str, dict[str, str]]
"""A page as shown, and the screen that each key leads to."""
TO_MORE = ("1", "0", "1", "0", "0", "0", "0", "0", "0", "1", "1", "9", "9")
"""The keys of the shortest path from the saved request to the last page of further questions."""


def reached(book: Book, language: str, age: str, *, all_at_once: bool) -> dict[tuple[object, ...], Shown]:
    """Enter an age, then press every key. Return each screen and page as shown, and where its keys lead.

    A screen counts again if an answer that a fork uses is another one, because other screens may follow, and if it
    shows something else. By day each such answer counts by itself. With `all_at_once` every combination of them counts:
    ten times as many screens.
    """
    begun = Turn("callback.how_old", 0, Draft(language, consent=YES, window="any"), book.tree.home)
    first = press(book, begun, AGES[age], SALT)
    assert first.draft.age_band == age
    known: dict[tuple[object, ...], Shown] = {(begun.screen,): ("", {"age": first.screen})}
    todo, forks = deque([first]), sorted({each.by for each in book.tree.screens.values() if isinstance(each, Fork)})
    seen = defaultdict[tuple[object, ...], set[object]](set)
    while todo:
        turn = todo.popleft()
        page = book.page(language, turn.screen, turn.page, turn.draft)
        answers = (page.text, *_fork_answers(forks, turn.draft))
        here = (turn.screen, turn.page, *answers)
        before, new = seen[turn.screen, turn.page, turn.draft.kind], {answers} if all_at_once else {*enumerate(answers)}
        if not new <= before:
            before |= new
            over = isinstance(book.tree.screens[turn.screen], End)
            ways = {} if over else {key: press(book, turn, key, SALT) for key in _keys(book, turn, tuple(page.keys))}
            known[here] = (page.text, {key: way.screen for key, way in ways.items()})
            todo += ways.values()
    return known


def _fork_answers(forks: Sequence[str], draft: Draft) -> tuple[object, ...]:
    """Return the answers that forks use. Of a place only whether it is said and abroad: no fork names a region."""
    said = [(by, getattr(draft, by)) for by in forks]
    return tuple([answer and answer == "abroad" if by in PLACES else answer for by, answer in said])


def _keys(book: Book, turn: Turn, keys: tuple[str, ...]) -> list[str]:
    screen = book.tree.screens[turn.screen]
    typed = [next(filter(screen.takes, TYPED))] if isinstance(screen, Ask) else []
    return [*typed, *(drawn_key(SALT) if key == DRAWN else key for key in keys), "00"]


def unlike(minor: dict[tuple[object, ...], Shown], adult: dict[tuple[object, ...], Shown]) -> set[str]:
    """Return the names of the screens that differ. Names alone: pytest takes minutes to compare thousands of screens."""
    return {str(at[0]) for at in minor.keys() | adult.keys() if minor.get(at) != adult.get(at)}


def sent_away(book: Book, language: str, screen: str) -> list[str]:
    """Return the words of a whole screen that name a parent or an adult as needed."""
    catalog = book.locals[language].catalog
    screen_texts = [catalog.get((path, english), english) for path, english in texts_on(book.tree, screen)]
    return [word for text in screen_texts for word in words_for_adults(text, language)]


@pytest.mark.parametrize(("country", "language"), each_once(TONGUES))
def test_r24_a_minor_may_ask_alone(country: str, language: str) -> None:
    """A caller under 18 sees exactly the screens of an adult, key by key, and none sends them to a parent."""
    book = BOOKS[country]
    minor, adult = (reached(book, language, age, all_at_once=False) for age in AGES)
    assert unlike(minor, adult) == set()
    later = Turn("callback.age", 0, Draft(language, consent=YES, window="any"), book.tree.home)
    assert len({press(book, later, key, SALT).screen for key in AGES.values()}) == 1, "who skipped it and says it later"
    names = {str(name) for name, *_ in minor}
    assert names >= {"callback.done", "callback.number", "advice.under_18", "danger.ask", "request.word"}
    assert {name: words for name in sorted(names) if (words := sent_away(book, language, name))} == {}


@pytest.mark.nightly
@pytest.mark.parametrize("country", countries())
def test_r24_a_minor_sees_the_screens_of_an_adult_whatever_they_have_answered(country: str) -> None:
    """The same with every combination of the answers that forks use.

    One language of each country is enough: no way depends on the language, and the test above shows each of its pages.
    One combination of country and language takes more than a minute.
    """
    language = BOOKS[country].languages[0]
    minor, adult = (reached(BOOKS[country], language, age, all_at_once=True) for age in AGES)
    assert unlike(minor, adult) == set()
    few = reached(BOOKS[country], language, "under_18", all_at_once=False)
    assert {at[:2] for at in few} == {at[:2] for at in minor}, "fewer combinations already show each page"


@pytest.mark.parametrize("country", countries())
def test_r24_no_text_sends_a_minor_to_an_adult(country: str) -> None:
    """`komek check` says so for SMS and all texts in screens too. Each language has its list of words."""
    content = contents(Config(country=country))
    assert list(texts_that_need_an_adult(content)) == []
    assert {each.base for each in LANGUAGES.values()} == set(ELDER_STEMS) == set(NO_ADULT_NEEDED)


SENT = [
    ("Ask a parent first.", "en", ["parent"]),
    ("We ask for no parent.", "en", []),
    ("We ask for no parent. Tell an adult!", "en", ["adult"]),
    ("Сначала скажите взрослым или маме.", "ru", ["взрослым", "маме"]),
    ("Просить можно без взрослых, без родителей. Материал, папка.", "ru", []),
    ("Ата-анаңызға айтыңыз.", "kk", ["ата-анаңызға"]),
    ("Құжатты әкеліңіз. Жасыңыз 18 не одан үлкен?", "kk", []),
    ("Ата-энеңизден сураңыз.", "ky", ["ата-энеңизден"]),
    ("Беш нерсени атаңыз.", "ky", []),
    ("Аз падару модар пурсед.", "tg", ["падару", "модар"]),
    ("Ota-onangizdan so'rang.", "uz", ["ota-onangizdan"]),
    ("Ота-онангиздан сўранг.", "uz_Cyrl", ["ота-онангиздан"]),
    ("Ene-ataňyzdan soraň.", "tk_gsm", ["ene-ataňyzdan"]),
]


@pytest.mark.parametrize(("text", "language", "words"), SENT)
def test_r24_texts_that_require_an_adult_are_found(text: str, language: str, words: list[str]) -> None:
    """A text may name parents to say that none is needed. Other words with the same beginning are no fault."""
    assert list(words_for_adults(text, language)) == words


def further_answers(world: World, *keys: str) -> Call:
    """Ask for a call, go to the last page of further questions, and press some keys there."""
    call = world.dial().press(*CALL_ME).agree().press("1").press(*TO_MORE)
    assert call.text.startswith("Записано. Что ещё?\n1 Женщина или мужчина")
    return call.press(*keys)


@pytest.mark.engines
@pytest.mark.parametrize(
    ("keys", "sex"), [((), NOT_SAID), (("1", "1"), "woman"), (("1", "2"), "man"), (("1", "0"), NOT_SAID)]
)
def test_r42_the_sex_is_stored_as_the_caller_gives_it_and_may_be_skipped(
    world: World, keys: tuple[str, ...], sex: str
) -> None:
    further_answers(world, *keys)
    assert the_request(world).sex == sex


READS = ("2", "1", "1")
"""The keys to the question whether a line of the state may call, past what may follow."""


@pytest.mark.parametrize(
    ("keys", "answer"),
    [((), NO), (("2",), NO), (("2", "0"), NO), (("2", "1"), NO), (("2", "1", "0"), NO), (READS, NO),
        ((*READS, "0"), NO), ((*READS, "7"), NO), ((*READS, "1"), YES), ((*READS, "1", "2", "0"), NO)],
)  # fmt: skip
def test_r21_a_line_of_the_state_may_call_only_after_the_warning_and_a_yes(
    world: World, keys: tuple[str, ...], answer: str
) -> None:
    """Every open answer is no, and a no cancels an earlier yes."""
    further_answers(world, *keys)
    assert the_request(world).state_line == answer


@pytest.mark.parametrize(("country", "language"), TONGUES, ids=["-".join(each) for each in TONGUES])
def test_r21_only_a_key_after_the_warning_says_yes_to_a_line_of_the_state(country: str, language: str) -> None:
    """Only one option stores yes. One key leads to its screen, and one key to the screen before it. Two ways lead there."""
    screens = [each for each in BOOKS[country].tree.screens.values() if isinstance(each, Choice)]
    options = [(screen.name, option) for screen in screens for option in screen.options]
    assert [name for name, option in options if ("state_line", YES) in option.keep] == ["callback.state_line_too"]
    steps = ["callback.state_line", "callback.state_line_talks", "callback.state_line_too"]
    ways = {after: [(name, option.key) for name, option in options if option.goto == after] for after in steps}
    assert ways[steps[0]] == [("callback.more_close", "1"), ("callback.more_last", "2")], "about somebody close, or not"
    assert [ways[after] for after in steps[1:]] == [[(before, "1")] for before in steps[:-1]]
    assert len({BOOKS[country].page(language, step, 0).text for step in steps}) == len(steps)


def test_r30_by_sms_a_caller_consents_to_an_ngo_only(world: World) -> None:
    """The short form has no such question, and an answer to it would not count."""
    world.text(CALLER, "Помогите")
    world.text(CALLER, "1")
    world.text(CALLER, "1")
    assert [(row.short_form, row.state_line) for row in world.rows(request)] == [(True, NO)]
    for name, screen in world.public.ctx.book.tree.screens.items():
        options = screen.options if isinstance(screen, Choice) else ()
        assert not (name.startswith("sms.") and any("state_line" in dict(option.keep) for option in options))


@pytest.mark.parametrize(
    ("short_form", "draft", "answer"),
    [(False, {}, YES), (True, {}, NO), (False, {"number": "0000111003", "number_ok": YES}, NO)],
)
def test_r30_a_yes_to_the_state_counts_for_the_callers_own_telephone_only(
    world: World, short_form: bool, draft: dict[str, str], answer: str
) -> None:
    """The owner of another phone has agreed to nothing. By SMS the caller cannot have read what may follow."""
    yes = replace(AGREED, state_line=YES, **draft)
    save_draft(world, yes, short_form=short_form)
    assert the_request(world).state_line == answer
    save_draft(world, yes, keys=9, short_form=short_form)
    assert the_request(world).state_line == answer


@pytest.mark.parametrize("country", countries())
def test_r13_the_screens_about_a_line_of_the_state_need_a_reviewer(country: str) -> None:
    """All three screens, since what may follow is part of what the caller agrees to."""
    steps = {"callback.state_line", "callback.state_line_talks", "callback.state_line_too"}
    assert steps <= set(guarded(BOOKS[country]))


PHRASE = {
    "en": "wrong number", "ru": "вы ошиблись", "kk": "қате түстіңіз", "ky": "жаңылыш чалдыңыз", "tg": "хато занг задед",
    "uz": "adashib tushdingiz", "uz_Cyrl": "адашиб тушдингиз", "tk": "ýalňyş jaň etdiňiz",
    "tk_gsm": "yalnys jan etdiniz",
}  # fmt: skip
"""What the caller is told to say, and the helper must recognise (small letters)."""


@pytest.mark.parametrize(("country", "language"), TONGUES, ids=["-".join(each) for each in TONGUES])
def test_r07_caller_and_helper_are_told_the_same_phrase(country: str, language: str) -> None:
    """On the screens after the permissions, after a wrong key, in the status of a request, and beside the number."""
    book, phrase = BOOKS[country], PHRASE[language]
    page, number = book.page(language, "callback.wrong_number", 0), book.notice(language, "to_ngo.number")
    for text in (page.text, page.wrong, book.notice(language, "status.claimed")):
        assert phrase in text.casefold()
    (key,) = [key for key, verb in DIGITS[OfferState.CLAIMED].items() if verb == "unsafe"]
    assert f"{{offer}} {key}" in number[number.casefold().rindex(phrase) :]


@pytest.mark.parametrize(("country", "language"), TONGUES, ids=["-".join(each) for each in TONGUES])
def test_r08_the_text_with_the_number_says_which_digits_stop_all_calls(country: str, language: str) -> None:
    """A service that sends one of them by mistake cannot undo it, so its last sentence names them."""
    last = BOOKS[country].notice(language, "to_ngo.number").rpartition(". ")[2]
    stopping = {key for key, verb in DIGITS[OfferState.CLAIMED].items() if verb in {"stranger", "wrong"}}
    assert set(re.findall(r"\d", last)) == stopping


def test_r07_the_phrase_is_shown_after_saving_and_costs_no_key(world: World) -> None:
    """*End* ends the call there as before, and earlier answers are stored."""
    call = world.dial().press(*CALL_ME).agree().press("1").press("1", "0", "1", "0", "0", "0", "0", "0", "1", "1")
    assert the_request(world).may_sms == YES
    assert "вы ошиблись" in call.text
    assert call.press("0").reply.last
