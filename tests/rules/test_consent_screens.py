"""R28 and R31 in every language of every country, on both channels, and on each consent screen.

A language that is not on offer any more fails too: the table is made from the countries' own lists.
"""

import re
from dataclasses import replace
from typing import Any

import pytest

from helpline.content.sources import countries, read_sources
from helpline.core.config import Config
from helpline.store.schema import request
from menus.draft import YES
from menus.tree import BACK, HOME, OPTION_KEYS, Option
from tests.conftest import Databases
from tests.steps.by_day import each_once
from tests.world import Call, World, contents

FIRST, SECOND, IN_DANGER, DUTY = "callback.consent", "callback.when", "danger.ask", "callback.duty"
WAYS = {
    "self": (("2",), SECOND, "1"),
    "danger": (("1", "2"), IN_DANGER, "1"),
    "close": (("5", "3"), SECOND, "4"),
    "held": (("5", "1", "1"), IN_DANGER, "1"),
}
"""The ways to the first consent screen, the second screen, and a key for a time."""
STOP = {
    "en": "dial again, choose Stop calls",
    "ru": "Стоп звонкам",
    "kk": "Тоқтату",
    "ky": "Токтотуу",
    "tg": "Бас кардан|боз чинед",
    "uz": "yana tering",
    "uz_Cyrl": "Стоп: ",
    "tk": "Bes etmek: menýuda|täzeden aýlaň",
    "tk_gsm": "Bes etmek: menyuda|täzeden aylan",
}
"""How each language says that the caller can stop it: by the name of the option in the menu, or by dialling again.

A pattern: a screen in danger may say it in the other way.
"""
AT_A_TIME = {
    "en": "[Oo]ne help service at a time",
    "ru": "за раз|по одной",
    "kk": "бір сәтте бір",
    "ky": "бир учурда бир",
    "tg": "як вақт ба як|ҳар бор дар як",
    "uz": "bir vaqtda bitta",
    "uz_Cyrl": "бир вақтда бир",
    "tk": "bir wagtda bir",
    "tk_gsm": "bir wagtda bir",
}
"""How each language says that another service may get the number later."""
ONLY_ONE = "only one|только одн|тек бір|бир гана|танҳо як|faqat bitta|фақат бит+а|diňe bir|dine bir"
"""What a consent screen must not promise, in all languages."""
SPOKEN = [
    (country, language) for country in countries() for language in contents(Config(country=country)).country.languages
]
SMS = {"sms.ask": (), "sms.when": ("1",), "sms.danger": ()}
"""The consent screens of the SMS dialogue, and the answers before them."""


@pytest.fixture(params=[pytest.param(each.values, id=each.id, marks=each.marks) for each in each_once(SPOKEN)])
def spoken(request: pytest.FixtureRequest, new_sqlite: Databases) -> tuple[World, str]:
    """A service in one country, and one of its languages."""
    country, language = request.param
    return World.on(new_sqlite(), country=country, requests_a_day=1_000), language


def page(world: World, language: str, screen: str) -> str:
    """Return the first page of a screen, up to what is filled in at the hop."""
    return world.public.ctx.book.pages[language][screen][0].text.partition("{")[0]


def number(world: World, at: int = 1) -> str:
    """Return a made-up telephone number of the country."""
    return f"{world.public.ctx.made_up}{111000 + at:06}"


def dial(world: World, language: str, *keys: str, at: int = 1) -> Call:
    """Dial and choose the language. Then press keys."""
    call = world.dial(number(world, at))
    for key in (str(world.public.ctx.book.languages.index(language) + 1), *keys):
        call.press(key)
    return call


def to_screen(world: World, language: str, screen: str, *, at: int = 1) -> Call:
    """Dial up to a consent screen, which has been shown then."""
    if screen == DUTY:
        world.public = replace(world.public, duty=YES)
    way = WAYS["danger" if screen == IN_DANGER else "self"][0]
    call = dial(world, language, *way, at=at)
    return call if screen in (FIRST, DUTY) else call.agree()


@pytest.mark.parametrize("way", WAYS)
def test_r28_keys_dialled_past_either_consent_screen_are_dropped(spoken: tuple[World, str], way: str) -> None:
    """All seven keys and a time after them, in one hop, stop at the first screen; once more, at the second one.

    Nothing is stored before a key is pressed on the second screen itself.
    """
    world, language = spoken
    book, (keys, second, time) = world.public.ctx.book, WAYS[way]
    blind = (*OPTION_KEYS, time, "1")
    call = world.dial(number(world)).ahead(str(book.languages.index(language) + 1), *keys, *blind)
    assert call.text.startswith(page(world, language, FIRST))
    for _ in range(2):  # the second time, the gateway repeats the hop
        call.ahead(*blind) if not call.text.startswith(page(world, language, second)) else call.show()
        assert call.text == page(world, language, second)
        assert world.rows(request) == []
    call.press(time)
    (row,) = world.rows(request)
    assert (row.language, row.short_form) == (language, False)


def test_r28_a_later_time_in_danger_is_chosen_on_a_screen_that_was_shown(spoken: tuple[World, str]) -> None:
    """*Call later* leads to the screen with the times, and a time dialled past it is dropped."""
    world, language = spoken
    call = to_screen(world, language, IN_DANGER).ahead("2", "1")
    assert call.text == page(world, language, SECOND)
    assert world.rows(request) == []
    call.press("1")
    assert [row.window for row in world.rows(request)] == ["any"]


def test_r28_keys_dialled_past_the_legal_duty_are_dropped(spoken: tuple[World, str]) -> None:
    """Where a law obliges us to report, its screen is one more that must have been shown."""
    world, language = spoken
    world.public = replace(world.public, duty=YES)
    call = dial(world, language).ahead("2", "1", *OPTION_KEYS, "1")
    assert call.text == page(world, language, DUTY)
    assert call.ahead("1", *OPTION_KEYS, "1").text.startswith(page(world, language, FIRST))
    assert call.ahead(*OPTION_KEYS, "1").text == page(world, language, SECOND)
    assert world.rows(request) == []


def test_r28_a_second_visit_shows_the_screens_again(spoken: tuple[World, str]) -> None:
    """After a call that was agreed to, home and back: another yes needs both screens again, also in another language."""
    world, language = spoken
    call = to_screen(world, language, SECOND).press("1")
    call.ahead(HOME, "2", *OPTION_KEYS, "3")
    assert call.text.startswith(page(world, language, FIRST))
    call.ahead(*OPTION_KEYS, "3")
    assert call.text == page(world, language, SECOND)
    assert [row.window for row in world.rows(request)] == ["any"]


def test_r28_the_screens_say_when_how_long_and_how_to_refuse(spoken: tuple[World, str]) -> None:
    """Each is one page. The first names the longest retention; `0` refuses on both."""
    world, language = spoken
    for screen in (FIRST, SECOND, IN_DANGER):
        pages = world.public.ctx.book.pages[language][screen]
        assert len(pages) == 1
        refuses = pages[0].keys[BACK]
        assert isinstance(refuses, Option)
        assert refuses.goto == "start.refused"
    first = world.public.ctx.book.pages[language][FIRST][0]
    assert all(str(world.config.keep_days) in text for text in (first.text, first.wrong))


def test_r30_consent_says_one_service_at_a_time_and_never_only_one(spoken: tuple[World, str]) -> None:
    """A second service may get the number if the first one cannot help. A wrong key does not weaken the words."""
    world, language = spoken
    (shown,) = world.public.ctx.book.pages[language][FIRST]
    for text in (shown.text, shown.wrong):
        assert re.search(AT_A_TIME[language], text)
        assert not re.search(ONLY_ONE, text, re.IGNORECASE)


def test_r28_the_screen_that_asks_for_a_time_says_how_to_stop(spoken: tuple[World, str]) -> None:
    """Nobody can choose a time without having read it, also after a wrong key."""
    world, language = spoken
    for screen in (SECOND, IN_DANGER):
        (shown,) = world.public.ctx.book.pages[language][screen]
        assert re.search(STOP[language], shown.text)
        assert re.search(STOP[language], shown.wrong)


def test_r28_a_wrong_key_on_a_consent_screen_is_answered_with_the_keys_that_work(spoken: tuple[World, str]) -> None:
    """Above the same options. A caller with an old phone sees no cursor that tells which keys there are."""
    world, language = spoken
    for screen, greatest in ((FIRST, ""), (SECOND, "4"), (IN_DANGER, "2")):
        call = to_screen(world, language, screen)
        below = call.text.partition("\n")[2]
        works = ["0", greatest] if greatest else [below[0], "0"]
        head, _, again = call.press("77").text.partition("\n")
        assert re.findall(r"\d+", head)[:2] == works
        assert again == below


@pytest.mark.parametrize("screen", [DUTY, FIRST, SECOND, IN_DANGER])
def test_r31_refusing_by_ussd_costs_nothing(spoken: tuple[World, str], screen: str) -> None:
    """The screen after *no* has the numbers. The next dial shows what a telephone sees that never refused."""
    world, language = spoken
    call = to_screen(world, language, screen).press(BACK)
    assert call.reply.last
    assert all(each in call.text for each in numbers(world))
    assert world.rows(request) == []
    stays_open(world, language)


@pytest.mark.parametrize("screen", SMS)
def test_r31_refusing_by_sms_costs_nothing(spoken: tuple[World, str], screen: str) -> None:
    """One neutral reply. The next text is answered as the first was, and a dial shows all that it did before."""
    world, language = spoken[0], spoken[1].removesuffix("_gsm")  # the same language in other letters
    caller, cry = number(world), word(world, language, "danger" if screen == "sms.danger" else "call")
    for text in (cry, *SMS[screen]):
        world.text(caller, text)
    assert world.inbox(caller)[-1] == page(world, language, screen)
    world.text(caller, "0")
    first, last = world.inbox(caller)[0], world.inbox(caller)[-1]
    assert last == world.public.ctx.book.notice(language, "to_caller.over_stay")
    world.text(caller, cry)
    assert world.inbox(caller)[-1] == first
    assert world.rows(request) == []
    stays_open(world, language)


def numbers(world: World) -> list[str]:
    """Return the emergency numbers and the direct line of the country."""
    country = contents(world.config).country
    lines = [each for each in (*country.emergency, country.direct_line) if each and each.brief]
    return [each.number for each in lines if not each.struck_out]


def word(world: World, language: str, section: str) -> str:
    """Return a word that asks for a call and is understood in this language. Another one may share its first word."""
    sections: Any = read_sources().keywords
    words: list[str] = sections[section][language]
    heard = world.work.inbound.dialogue.keywords.caller
    return next((each for each in words if getattr(heard(each), "language", "") == language), words[0])


def stays_open(world: World, language: str) -> None:
    """Check that numbers, rights, health and *call me* are what a telephone sees that never refused."""
    for way in (
        ("1",),
        ("1", "1"),
        ("3",),
        ("3", "9", "1"),
        ("4", "1", "1"),
        ("4", "1", "2"),
        ("4", "9", "4"),
        ("9", "2"),
    ):
        refused, other = (dial(world, language, *way, at=at) for at in (1, 2))
        assert refused.text == other.text
        assert not refused.reply.last
    emergency = world.dial(number(world)).press("8")
    assert all(each in emergency.text for each in numbers(world))
    asked = DUTY if world.public.duty == YES else FIRST
    assert dial(world, language, "2").text.startswith(page(world, language, asked))
