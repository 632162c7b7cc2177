"""The conversation: properties that hold for any keys on the real menus, then each kind of screen in a small tree."""

from collections import deque
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from helpline.content.sources import countries
from helpline.core.config import Config
from menus.book import Book, Page
from menus.converse import Turn, converse, press
from menus.draft import PERMISSIONS, Act, Draft
from menus.salt import drawn_key
from menus.tree import BACK, DRAWN, EMERGENCY, HIDE, HOME, MORE, OPTION_KEYS, Ask, End, Statement
from tests.menus.test_render import TOWNS, book_of
from tests.world import contents

BOOKS = {country: contents(Config(country=country)).book for country in countries()}
ANY_PACE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The time of one example depends on the machine."""
SALT = bytes(16)
"""The salt that draws key 1."""
ANY_KEY = st.sampled_from([*"0123456789*#", "00", "000", " 1 ", "", "drawn", "12", "482913", "٣", "１", "-1", "1*2"])
ANY_KEY |= st.text(max_size=6)
salts = st.binary(min_size=16, max_size=16)
A_WAY = st.integers(0, 9)
"""The index of a key among those that the screen prints, so that a walk gets far."""
ANSWERS = ("482913", "12", "135", "4829135", "Ош")
"""Every question with a typed answer accepts one of these."""
TO_CONSENT = ("start.home", "danger.first", "close.first", "close.held")
"""The screens from which a caller can ask for a call."""


class Walk(NamedTuple):
    """A walk through the real menus of a country: the keys that were pressed."""

    country: str
    salt: bytes = SALT
    keys: tuple[str, ...] = ()

    @property
    def book(self) -> Book:
        """The menus."""
        return BOOKS[self.country]

    @property
    def turn(self) -> Turn:
        """The turn that the keys lead to."""
        return converse(self.book, self.keys, self.salt)

    @property
    def page(self) -> Page:
        """What the caller sees."""
        turn = self.turn
        return self.book.page(turn.draft.language, turn.screen, turn.page, turn.draft)

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return isinstance(self.book.tree.screens[self.turn.screen], End)

    def ways(self) -> list[str]:
        """Return the keys that lead on from here."""
        screen = self.book.tree.screens[self.turn.screen]
        typed = [next(filter(screen.takes, ANSWERS))] if isinstance(screen, Ask) else []
        return typed + [drawn_key(self.salt) if key == DRAWN else key for key in self.page.keys]

    def then(self, *keys: str) -> "Walk":
        """Press more keys."""
        return self._replace(keys=(*self.keys, *keys))

    def to(self, screen: str) -> "Walk":
        """Go to a screen by the fewest printed keys."""
        todo, known = deque([self]), {(self.turn.screen, self.turn.page)}
        while todo:
            walk = todo.popleft()
            if walk.turn.screen == screen:
                return walk
            for onward in map(walk.then, [] if walk.over else walk.ways()):
                there = (onward.turn.screen, onward.turn.page)
                if there not in known:
                    known.add(there)
                    todo.append(onward)
        raise AssertionError(f"no printed key leads to {screen} in {self.country}")

    def turned(self) -> list["Walk"]:
        """Return this page and the pages that *more* shows after it, each once."""
        seen = [self]
        while isinstance(seen[-1].page.keys.get(MORE), int):
            onward = seen[-1].then(MORE)
            if onward.turn.page in {walk.turn.page for walk in seen}:
                break
            seen.append(onward)
        return seen


@st.composite
def walks(draw: st.DrawFn, to: str = "start.home") -> Walk:
    """Walk through one of the books from screen `to` on, mostly by printed keys."""
    walk = Walk(draw(st.sampled_from(sorted(BOOKS))), draw(salts))
    walk = walk.then(str(draw(st.integers(1, len(walk.book.languages))))).to(to)
    for move in draw(st.lists(A_WAY | A_WAY | A_WAY | ANY_KEY, max_size=14)):
        ways = walk.ways()
        if isinstance(move, str) or ways:
            walk = walk.then(move if isinstance(move, str) else ways[move % len(ways)])
    return walk


def standing(turn: Turn) -> Turn:
    """Return a turn without what it says about its last key."""
    return turn._replace(wrong=False, consented_before=False)


open_walks = walks().filter(lambda walk: not walk.over)


@ANY_PACE
@given(st.sampled_from(sorted(BOOKS)), st.lists(ANY_KEY, max_size=70), salts, st.sets(st.integers(0, 80)))
def test_any_keys_lead_to_a_screen(country: str, keys: list[str], salt: bytes, shown: set[int]) -> None:
    """Any keys that are pressed, dialled ahead or sent by a broken gateway lead to a turn whose screen can be shown."""
    turn = converse(BOOKS[country], keys, salt, shown)
    assert isinstance(turn, Turn)
    assert BOOKS[country].page(turn.draft.language, turn.screen, turn.page).text


@ANY_PACE
@given(st.sampled_from(sorted(BOOKS)), st.lists(ANY_KEY, max_size=20), st.sampled_from(["ru", "en"]))
def test_any_answers_by_sms_lead_to_a_screen(country: str, keys: list[str], language: str) -> None:
    """The SMS dialogue is the same fold with another first screen.

    It stays within its four screens and its language.
    """
    turn = converse(BOOKS[country], keys, SALT, start="sms.ask", draft=Draft(language=language))
    assert turn.screen.startswith("sms.")
    assert turn.draft.language == language


@ANY_PACE
@given(walks())
def test_the_same_keys_lead_to_the_same_turn(walk: Walk) -> None:
    """A gateway that repeats a hop gets the same answer, although no process remembers the first one."""
    assert converse(walk.book, list(walk.keys), walk.salt) == walk.turn


@ANY_PACE
@given(walks(), ANY_KEY)
def test_each_key_is_one_step(walk: Walk, key: str) -> None:
    """Folding all keys gives the same as folding all but the last, then pressing the last.

    Spaces around a key are ignored.
    """
    after = walk.then(f" {key} ").turn
    step = press(walk.book, walk.turn, key.strip(), walk.salt)
    assert (
        step._replace(consent_at=after.consent_at, consented=after.consented, consented_before=after.consented_before)
        == after
    )
    assert after.consented == (walk.turn.consented or step.draft.asks_for_a_call)
    assert after.consented_before == walk.turn.consented
    assert walk.turn.consent_at in (None, after.consent_at)


@ANY_PACE
@given(open_walks, ANY_KEY)
def test_a_wrong_key_changes_nothing_and_says_so(walk: Walk, key: str) -> None:
    """The screen is shown again with an error text and keeps the answers. The next right key clears the error.

    A page of a text to read says it only if there is room: cutting it for that could cut a number or a *not*. So does the
    list of languages: where it is full, it is shown again as it is. And the legal duty: what it says stays (R22).
    """
    after = walk.then(key).turn
    assume(after.wrong)
    assert standing(after) == standing(walk.turn)
    screen = walk.book.tree.screens[walk.turn.screen]
    may_be_full = isinstance(screen, Statement) or screen.name in (walk.book.tree.start, "callback.duty")
    assert walk.page.wrong != walk.page.text or may_be_full
    assert not any(walk.then(key, way).turn.wrong for way in walk.ways())


@ANY_PACE
@given(open_walks)
def test_no_screen_is_a_dead_end(walk: Walk) -> None:
    """From any screen, after any keys, a printed key leads to another screen.

    A text of several pages must be read to its end, so there the last page may have the only such key.
    """
    others = [page.then(key).turn for page in walk.turned() for key in page.ways()]
    assert any(turn.screen != walk.turn.screen for turn in others)
    assert not any(turn.wrong for turn in others)


@ANY_PACE
@given(open_walks, A_WAY)
def test_back_removes_the_answer(walk: Walk, way: int) -> None:
    """0 shows the screen before as it was and removes the answer given there, unless 0 is an answer there."""
    ways = walk.ways()
    on = walk.then(ways[way % len(ways)])
    assume(not on.over)
    assume(BACK not in on.page.keys)
    assume(on.turn.screen != walk.turn.screen)  # 9 shows the next page
    back = on.then(BACK).turn
    here = (back.screen, back.page, back.draft, back.past)
    assert here == (walk.turn.screen, walk.turn.page, walk.turn.draft, walk.turn.past)


def test_there_is_no_way_back_from_the_first_screen() -> None:
    """0 and 00 are wrong keys there, as the error text says."""
    first = Walk("KG")
    for key in (BACK, HOME):
        assert first.then(key).turn == first.turn._replace(wrong=True)


@ANY_PACE
@given(open_walks)
def test_home_keeps_the_answers(walk: Walk) -> None:
    """00 leads to the home screen from anywhere after the choice of language, and the way back is then empty."""
    assume(walk.turn.screen != walk.book.tree.start)
    home = walk.then(HOME).turn
    assert (home.screen, home.page, home.draft) == (walk.book.tree.home, 0, walk.turn.draft)
    assert home.past == ()
    assert not home.wrong


@ANY_PACE
@given(st.sampled_from(sorted(BOOKS)), st.sampled_from("12"), st.sampled_from(["place", "need"]), st.integers(0, 4))
def test_more_shows_each_page_of_a_list_in_turn(country: str, language: str, asked: str, turned: int) -> None:
    """9 shows each page once and then the first again. It chooses nothing."""
    walk = Walk(country).then(language).to(f"callback.{asked}")
    pages = walk.book.pages[walk.turn.draft.language][walk.turn.screen]
    walk = walk.then(*[MORE] * (turned if len(pages) > 1 else 0))
    seen = [walk.then(*[MORE] * n).turn for n in range(len(pages) + 1)]
    assert sorted(turn.page for turn in seen[:-1]) == list(range(len(pages)))
    assert len({standing(turn)._replace(page=0) for turn in seen}) == 1
    assert (seen[-1].page, seen[-1].wrong) == (seen[0].page, len(pages) == 1)


@settings(ANY_PACE, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(walks().filter(lambda walk: walk.over), st.lists(ANY_KEY, min_size=1, max_size=5))
def test_keys_after_the_end_change_nothing(walk: Walk, keys: list[str]) -> None:
    """Later keys from a gateway that missed the end change nothing."""
    assert standing(walk.then(*keys).turn) == standing(walk.turn)


@ANY_PACE
@given(st.sampled_from(sorted(BOOKS)), st.sampled_from("12"), st.sampled_from(TO_CONSENT), salts, ANY_KEY)
def test_r28_only_the_drawn_key_continues(country: str, language: str, by: str, salt: bytes, key: str) -> None:
    """On the first consent screen 0 says no, 00 goes home, 8 shows the emergency numbers, and other keys are wrong."""
    way = Walk(country, salt).then(language).to(by)
    consent = way.to(way.book.tree.consent)
    drawn = drawn_key(salt)
    when = "danger.ask" if by in ("danger.first", "close.held") else "callback.when"
    goes = {drawn: when, BACK: "start.refused", HOME: consent.book.tree.home, EMERGENCY: "start.emergency"}
    for each in {*OPTION_KEYS, EMERGENCY, MORE, BACK, HOME, DRAWN, key.strip()}:
        after = consent.then(each).turn
        assert after.screen == goes.get(each, consent.book.tree.consent)
        assert after.wrong == (each not in goes)
        assert (after.draft.consent == "yes") == (each == drawn)


@ANY_PACE
@given(walks().filter(lambda walk: not walk.over))
def test_r19_key_8_shows_the_emergency_numbers_from_every_screen(walk: Walk) -> None:
    """Also from a question, a list and both consent screens, with the same answers. Nothing is agreed to by it."""
    before, after = walk.turn, walk.then(EMERGENCY).turn
    screen = walk.book.tree.screens[before.screen]
    if isinstance(screen, Ask) and screen.takes(EMERGENCY):
        assert after.screen != "start.emergency"
    else:
        assert (after.screen, after.draft, after.consented) == ("start.emergency", before.draft, before.consented)


def test_r19_a_wrong_key_on_the_first_screen_repeats_it() -> None:
    """The call goes on."""
    first = Walk("KG").then("7")
    assert (first.turn.screen, first.turn.wrong) == ("start.language", True)
    assert Walk("KG").page.text in first.page.wrong


def test_r28_any_of_seven_keys_may_be_drawn() -> None:
    """So six of seven strings that are dialled ahead fail."""
    assert {drawn_key(bytes([first]) + bytes(15)) for first in range(256)} == set(OPTION_KEYS)


@ANY_PACE
@given(walks(), st.lists(ANY_KEY | st.sampled_from(OPTION_KEYS), max_size=8))
def test_r28_nothing_dialled_ahead_passes_the_first_consent_screen(walk: Walk, ahead: list[str]) -> None:
    """If all keys came before the screen was shown, the call stops at it and the caller has agreed to nothing."""
    turn = converse(walk.book, [*walk.keys, *ahead], walk.salt, shown=())
    assert not turn.consented
    assert not turn.draft.asks_for_a_call
    assert turn.draft.consent == turn.draft.window == ""
    if turn.consent_at is not None:
        assert (turn.screen, turn.unseen, turn.wrong) == (walk.book.tree.consent, True, False)


SECOND = ("callback.when", "danger.ask")


@ANY_PACE
@given(walks(), st.lists(ANY_KEY | st.sampled_from(OPTION_KEYS), max_size=8))
def test_r28_nothing_dialled_ahead_passes_the_second_consent_screen(walk: Walk, ahead: list[str]) -> None:
    """Only the first screen was shown. The call stops at the second one, and no time is chosen."""
    keys = [*walk.keys, *ahead]
    first = converse(walk.book, keys, walk.salt).consent_at
    turn = converse(walk.book, keys, walk.salt, shown=() if first is None else {first})
    assert not turn.consented
    assert turn.draft.window == ""
    if turn.screen in SECOND:
        assert (turn.unseen, turn.wrong) == (True, False)


@ANY_PACE
@given(walks(), st.sets(st.integers(0, 16)), st.sets(st.integers(0, 16)))
def test_r28_a_call_whose_every_consent_screen_was_shown_loses_no_key(
    walk: Walk, lost: set[int], again: set[int]
) -> None:
    """Hops that lead to no consent screen may be lost, and any hop may come twice."""
    shown, turn = set[int](), walk.turn
    for count in range(len(walk.keys) + 1):
        if count in lost and count < len(walk.keys) and not arrives(walk, count):
            continue
        for _ in range(1 + (count in again)):
            turn = converse(walk.book, walk.keys[:count], walk.salt, shown)
            shown |= {count} if turn.unseen else set()
    assert turn._replace(unseen=False) == walk.turn


@ANY_PACE
@given(walks(to="callback.consent"), st.lists(st.sampled_from(OPTION_KEYS), max_size=6), st.data())
def test_r28_keys_sent_before_a_screen_was_shown_are_ignored(
    walk: Walk, unseen: list[str], data: st.DataObject
) -> None:
    """The keys after them count from the screen that was really shown, be it the first or the second."""
    assert walk.turn.consent_at == 2
    screens = [n for n in range(len(walk.keys) + 1) if arrives(walk, n)]
    at = data.draw(st.sampled_from(screens))
    keys = [*walk.keys[:at], *unseen, *walk.keys[at:]]
    shown = {n + len(unseen) * (n >= at) for n in screens}
    assert converse(walk.book, keys, walk.salt, shown) == walk.turn


def arrives(walk: Walk, count: int) -> bool:
    """Whether the key before `count` led to a consent screen, from another screen."""
    here = Walk(walk.country, walk.salt, walk.keys[:count]).turn.screen
    before = Walk(walk.country, walk.salt, walk.keys[: count - 1]).turn.screen if count else ""
    return here != before and here in walk.book.tree.consent_screens


@ANY_PACE
@given(walks())
def test_r29_a_call_needs_both_answers(walk: Walk) -> None:
    """`consented` says that both screens were once answered with yes, even if that was taken back later."""
    drafts = [converse(walk.book, walk.keys[:n], walk.salt).draft for n in range(len(walk.keys) + 1)]
    assert all(draft.asks_for_a_call == (draft.consent == "yes" and draft.window != "") for draft in drafts)
    assert walk.turn.consented == any(draft.asks_for_a_call for draft in drafts)
    assert walk.turn.consented <= (walk.turn.consent_at is not None)


@pytest.mark.parametrize("far", ["callback.kept", "callback.place", "callback.may_sms"])
@pytest.mark.parametrize("by", TO_CONSENT)
def test_r29_withdrawn_consent_is_remembered(by: str, far: str) -> None:
    """The answer is no, and the fold says that it was yes before.

    So a request that was stored meanwhile can be ended.
    """
    asked = Walk("KG").then("1").to("callback.kept")
    assert (asked.turn.consented, asked.turn.consented_before) == (True, False)
    assert asked.turn.draft.asks_for_a_call
    again = asked.to(far).then(HOME).to(by).to("callback.consent")
    assert again.turn.draft.asks_for_a_call
    refused = again.then(BACK).turn
    assert refused.screen == "start.refused"
    assert not refused.draft.asks_for_a_call
    assert (refused.consented, refused.consented_before) == (True, True)


@ANY_PACE
@given(walks())
def test_r04_a_permission_that_was_not_asked_for_is_not_given(walk: Walk) -> None:
    """Only 1 on the question itself means yes. A caller who hangs up before it has permitted nothing."""
    draft, screens = walk.turn.draft, [screen for screen, _, _ in walk.turn.past]
    for name in ("others_may_answer", "may_leave_message", "may_name_us", "may_sms"):
        assert getattr(draft, name) in {"not_said", "yes", "no"}
        if HOME not in walk.keys and f"callback.{name}" not in screens:
            assert getattr(draft, name) == "not_said"


LANGUAGES = [(country, key) for country, book in BOOKS.items() for key in OPTION_KEYS[: len(book.languages)]]
"""Each country, with the key of each of its languages."""


@pytest.mark.parametrize(("country", "key"), LANGUAGES)
def test_what_cannot_wait_is_few_presses_away(country: str, key: str) -> None:
    """Counted from the dial, with the key of the language."""
    home = Walk(country).then(key)
    assert len(Walk(country).to("start.emergency").keys) == 1
    presses = {screen: len(home.to(screen).keys) for screen in ("health.first", "start.stopped", "callback.kept")}
    assert presses == {"health.first": 2, "start.stopped": 3, "callback.kept": 4}


@pytest.mark.parametrize(("country", "key"), LANGUAGES)
def test_r25_a_family_is_stored_in_five_presses_and_told_right_after_that_we_tell_nobody(
    country: str, key: str
) -> None:
    """About a worry in five, about somebody who is held in six. Nothing is asked before that, and then the place."""
    for screen, risk, presses in (("close.first", "none", 5), ("close.held", "now", 6)):
        stored = Walk(country).then(key).to(screen).to("callback.kept")
        assert (stored.turn.draft.kind, stored.turn.draft.risk) == ("about_someone", risk)
        assert len(stored.keys) == presses
        told = stored.then("1")
        assert told.turn.screen == "close.secret"
        assert told.then("1").turn.screen == "close.place"


@pytest.mark.parametrize(("country", "key"), LANGUAGES)
def test_r23_the_age_is_the_first_question_after_saving(country: str, key: str) -> None:
    """It may be skipped. Whatever the answer, the place is asked next."""
    asked = Walk(country).then(key).to("callback.kept").then("1")
    assert asked.turn.screen == "callback.how_old"
    ages = {answer: asked.then(answer).turn for answer in ("1", "2", "0")}
    assert [turn.draft.age_band for turn in ages.values()] == ["under_18", "adult", ""]
    assert {turn.screen for turn in ages.values()} == {"callback.place"}


@pytest.mark.parametrize(("country", "key"), LANGUAGES)
def test_a_neutral_front_costs_one_press_at_most(country: str, key: str) -> None:
    """It comes after the language. *Call me* is on it, *more* leads to the first menu, and key 8 works on it."""
    book, drawn = BOOKS[country], drawn_key(SALT)
    front = converse(book, [key], SALT, draft=hidden_draft(book))
    assert front.screen == "front.first"
    for keys in (["4", drawn, "1"], ["9", "2", drawn, "1"]):
        assert converse(book, [key, *keys], SALT, draft=hidden_draft(book)).draft.asks_for_a_call
    assert press(book, front, EMERGENCY, SALT).screen == "start.emergency"


@pytest.mark.parametrize(("country", "key"), LANGUAGES)
def test_a_neutral_front_comes_back_and_the_languages_say_no_sos(country: str, key: str) -> None:
    """Key 00 leads to it, also from the first menu behind it. Key 8 works on the list of languages all the same."""
    book, hidden = BOOKS[country], hidden_draft(BOOKS[country])
    first = converse(book, [], SALT, draft=hidden)
    page = book.page(book.languages[0], first.screen, 0, first.draft)
    assert (first.screen, "SOS" in page.text, "8" in page.keys) == ("front.language", False, False)
    assert press(book, first, EMERGENCY, SALT).screen == "start.emergency"
    for keys in (["00"], ["9", "00"], ["4", "00"], ["9", "3", "00"]):
        assert converse(book, [key, *keys], SALT, draft=hidden).screen == "front.first"
    assert converse(book, [], SALT, start=book.tree.home, draft=hidden).screen == "front.first"


@ANY_PACE
@given(walks())
def test_key_99_hides_a_call_that_began_with_a_neutral_front(walk: Walk) -> None:
    """It ends the call on a harmless screen and keeps all answers. Without such a front it means nothing."""
    before = converse(walk.book, walk.keys, walk.salt, draft=hidden_draft(walk.book))
    assume(not isinstance(walk.book.tree.screens[before.screen], End))
    hidden = press(walk.book, before, HIDE, walk.salt)
    assert (hidden.screen, hidden.draft) == ("front.over", before.draft)
    assert walk.then(HIDE).turn.screen != "front.over"


def hidden_draft(book: Book) -> Draft:
    """Return the blank draft of a country with a neutral front."""
    return Draft(language=book.languages[0], front="yes")


FORKS = """
  home: {choice: "What?", options: {1: {say: See, keep: {wish: see}, goto: which}, 2: {say: End, keep: {wish: withdraw},
    goto: which}, 3: {say: Other, goto: which}}}
  which: {fork: wish, cases: {see: seen, withdraw: again}, else: bye}
  again: {fork: need, cases: {legal: lawyer}, else: ask}
  ask: {choice: "Need?", options: {1: {say: Law, keep: {need: legal}, goto: again}}}
  seen: {choice: "Seen.", options: {1: {say: On, goto: which}}}
  lawyer: {end: "A lawyer."}
"""


@pytest.mark.parametrize(
    ("keys", "screen"),
    [("1", "seen"), ("11", "seen"), ("2", "ask"), ("21", "lawyer"), ("3", "bye"), ("10", "home"), ("20", "home"),
        ("103", "bye"), ("1002", "ask")],
)  # fmt: skip
def test_a_fork_follows_an_answer_and_is_never_shown(keys: str, screen: str) -> None:
    """One fork may lead to another. Back skips it and removes the answer that it used."""
    turn = converse(book_of(FORKS), keys, SALT)
    assert turn.screen == f"a.{screen}"


def test_a_fork_uses_an_answer_from_before_home() -> None:
    """00 keeps the answer, so another path to the fork uses it."""
    screens = FORKS + '  start: {choice: "Hi", options: {1: {say: On, goto: home}}}\n'
    assert converse(book_of(screens), ["2", "00", "3"], SALT).screen == "a.ask"
    assert converse(book_of(screens), ["2", "0", "3"], SALT).screen == "a.bye"


STATEMENT = f"""
  home: {{choice: "Hi", options: {{1: {{say: Read, goto: long}}}}}}
  long: {{statement: "{"word " * 60}end.", goto: last}}
  last: {{choice: "Read?", options: {{1: {{say: "Yes", goto: bye}}}}}}
"""


@pytest.mark.parametrize(
    ("keys", "screen", "page", "wrong"),
    [("1", "long", 0, False), ("19", "long", 1, False), ("199", "long", 2, False), ("1999", "last", 0, False),
        ("11", "long", 1, False), ("191", "long", 2, False), ("1991", "last", 0, False), ("195", "long", 1, True),
        ("19910", "long", 2, False), ("190", "home", 0, False), ("19911", "bye", 0, False)],
)  # fmt: skip
def test_a_statement_is_read_page_by_page(keys: str, screen: str, page: int, wrong: bool) -> None:
    """9 and 1 both go on. Back from the next screen returns to the page the caller was on."""
    turn = converse(book_of(STATEMENT), keys, SALT)
    assert (turn.screen, turn.page, turn.wrong) == (f"a.{screen}", page, wrong)


SKIPPED = """
  home: {choice: "Hi", options: {1: {say: Ask, goto: leave}}}
  leave: {choice: "Message?", options: {1: {say: "Yes", keep: {may_leave_message: yes}, goto: name}, 0: {say: "No", keep: {may_leave_message: no}, goto: name}}}
  name: {choice: "Name us?", options: {1: {say: "Yes", keep: {may_name_us: yes}, goto: then}, 0: {say: "No", keep: {may_name_us: no}, goto: then}}}
  then: {choice: "Now?", options: {1: {say: "End", goto: bye}}}
"""


@pytest.mark.parametrize(
    ("keys", "screen", "answers"),
    [("1000", "home", ("not_said", "not_said")), ("1010", "name", ("no", "not_said")),
        ("1100", "leave", ("not_said", "not_said")), ("1110", "name", ("yes", "not_said")), ("10100", "then", ("no", "no"))],
)  # fmt: skip
def test_back_passes_over_what_0_answered(keys: str, screen: str, answers: tuple[str, str]) -> None:
    """There a second 0 would lead to the same screen again, for ever."""
    turn = converse(book_of(SKIPPED), keys, SALT)
    assert (turn.screen, turn.wrong) == (f"a.{screen}", False)
    assert (turn.draft.may_leave_message, turn.draft.may_name_us) == answers


ASK = """
  home: {ask: "Code?", digits: 6, keep: code, goto: then}
  then: {choice: "Sure?", options: {1: {say: "Yes", goto: bye}}}
"""


@pytest.mark.parametrize(
    ("key", "code"),
    [("482913", "482913"), ("000000", "000000"), (" 482913 ", "482913"), ("48291", None), ("4829130", None),
        ("48291a", None), ("", None), ("٤٨٢٩١٣", None), ("４８２９１３", None), ("²²²²²²", None), ("482 13", None),
        ("-82913", None), ("+82913", None)],
)  # fmt: skip
def test_a_typed_answer_needs_the_exact_number_of_ascii_digits(key: str, code: str | None) -> None:
    """Letters, digits of other scripts and any other length are wrong keys."""
    turn = converse(book_of(ASK), [key], SALT)
    assert (turn.screen, turn.draft.code) == (("a.then", code) if code else ("a.home", ""))
    assert turn.wrong == (code is None)


def test_back_deletes_a_typed_answer() -> None:
    """0 asks again and deletes the code."""
    turn = converse(book_of(ASK), ["482913", "0"], SALT)
    assert (turn.screen, turn.draft.code, turn.past) == ("a.home", "", ())


EACH = """
  home: {choice: "Where?", each: {from: regions, keep: place, goto: then}, options: {8: {say: SOS, goto: bye}}}
  then: {choice: "Sure?", options: {1: {say: "Yes", goto: bye}}}
"""


@pytest.mark.parametrize(
    ("keys", "screen", "place", "page"),
    [("1", "then", "T1", 0), ("7", "then", "T7", 0), ("9", "home", "", 1), ("91", "then", "T8", 0),
        ("92", "then", "T9", 0), ("93", "home", "", 1), ("99", "home", "", 0), ("993", "then", "T3", 0),
        ("8", "bye", "", 0), ("98", "bye", "", 0), ("920", "home", "", 1), ("9201", "then", "T8", 0),
        ("939", "home", "", 0)],
)  # fmt: skip
def test_a_list_is_shown_page_by_page(keys: str, screen: str, place: str, page: int) -> None:
    """The digits start again at 1 on each page. Back from the next screen returns to the page the caller was on."""
    turn = converse(book_of(EACH, TOWNS), keys, SALT)
    assert (turn.screen, turn.draft.place, turn.page) == (f"a.{screen}", place, page)
    assert turn.wrong == (keys == "93")


def test_an_end_screen_reports_its_action_from_every_path() -> None:
    """The action is a property of the screen; the fold only reports it."""
    first = Walk("KG").then("1")
    for walk in (first, Walk("KG").then("2"), first.to("callback.consent").then(HOME), first.to("request.code")):
        screen = walk.book.tree.screens[walk.then(HOME).to("start.stopped").turn.screen]
        assert isinstance(screen, End)
        assert screen.act is Act.PAUSE


def test_r28_a_new_time_for_an_earlier_request_is_no_consent() -> None:
    """After *My request*, another hour and home, the drawn key under *call me* alone stores nothing."""
    keys = ("2", "9", "2", "2", "1", "00", "2", drawn_key(SALT))
    turn = converse(BOOKS["KG"], keys, SALT)
    assert turn.draft.consent == "yes"
    assert not turn.draft.asks_for_a_call


def test_r04_permissions_of_an_earlier_request_do_not_apply_to_a_new_one() -> None:
    """The earlier request has four permissions; for the new one nothing was answered."""
    keys = ("2", "9", "2", "9", "1", "1", "1", "1", "1", "00", "2", drawn_key(SALT), "1")
    turn = converse(BOOKS["KG"], keys, SALT)
    assert turn.draft.asks_for_a_call
    assert {getattr(turn.draft, name) for name in PERMISSIONS} == {"not_said"}


def test_an_hour_until_which_must_be_later_than_the_first() -> None:
    """The same hour and an earlier one are asked for again; the number of digits does not matter."""
    book, keys = BOOKS["KG"], [*"19299", "2", "1", "14"]
    for wrong in ("14", "9", "09", "22", "7"):
        turn = converse(book, [*keys, wrong], SALT)
        assert (turn.screen, turn.wrong, turn.draft.new_until) == ("request.until", True, "")
    turn = converse(book, [*keys, "9", "15"], SALT)
    assert (turn.screen, turn.draft.new_from, turn.draft.new_until) == ("request.code", "14", "15")
