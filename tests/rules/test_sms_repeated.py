"""Who writes CALL or a word of danger again before they answer reads what to send, and not the same question."""

import pytest

from helpline.store.schema import request
from tests.conftest import Databases
from tests.rules.test_sms_flows import texts
from tests.world import World


def page(world: World, language: str, screen: str) -> str:
    """Return a screen by SMS in a language."""
    return world.public.ctx.book.pages[language][screen][0].text


@pytest.mark.parametrize(
    ("country", "language", "first", "second"),
    [
        ("TM", "tk", "howp", "howp"),
        ("TM", "tk", "мен ховпда", "мени урярлар"),
        ("KG", "en", "SOS", "help me they beat me"),
        ("KZ", "kk", "қауіп", "мені ұрады"),
        ("UZ", "uz_Cyrl", "хавф", "мени уришяпти"),
    ],
)
def test_r12_danger_that_is_repeated_is_told_what_to_send(
    new_sqlite: Databases, country: str, language: str, first: str, second: str
) -> None:
    """The answer to it makes a request in danger."""
    world = World.on(new_sqlite(), country=country)
    phone = f"{world.public.ctx.made_up}111001"
    assert texts(world, first, sender=phone) == page(world, language, "sms.danger")
    assert texts(world, second, sender=phone) == page(world, language, "sms.danger_again")
    assert texts(world, first, sender=phone) == page(world, language, "sms.danger_again")
    texts(world, "1", "1", sender=phone)
    assert [(row.risk, row.language) for row in world.rows(request)] == [("now", language)]


@pytest.mark.parametrize(
    ("words", "screen", "answer", "kept"),
    [
        (("call", "help"), "sms.ask_again", "1", ("self", "")),
        (("FAMILY", "FAMILY"), "sms.close_again", "1", ("about_someone", "none")),
        (("FAMILY", "FAMILY"), "sms.close_again", "2", ("about_someone", "now")),
        (("FAMILY", "FAMILY", "SOS"), "sms.close_danger", "1", ("about_someone", "now")),
        (("FAMILY", "SOS", "SOS"), "sms.close_danger_again", "1", ("about_someone", "now")),
    ],
)
def test_r12_a_repeated_word_begins_the_same_dialogue(
    world: World, words: tuple[str, ...], screen: str, answer: str, kept: tuple[str, str]
) -> None:
    """A call about somebody close stays one (R25)."""
    assert texts(world, *words) == page(world, "en", screen)
    texts(world, answer, "1")
    assert [(row.kind, row.risk) for row in world.rows(request)] == [kept]


def test_r27_after_an_hour_no_reply_shows_that_the_word_was_written_before(world: World) -> None:
    """Somebody else may hold the telephone by then."""
    first = texts(world, "SOS")
    world.wait(minutes=61)
    assert texts(world, "SOS") == first


def test_a_question_in_another_language_or_another_one_is_asked_in_its_own_words(world: World) -> None:
    texts(world, "SOS")
    assert texts(world, "опасно") == page(world, "ru", "sms.danger")
    assert texts(world, "1", "опасно") == page(world, "ru", "sms.danger"), "*when* is open, and not whether to call"


@pytest.mark.parametrize("language", ["en", "ru", "ky", "tg", "uz_Cyrl"])
def test_no_reply_by_sms_speaks_of_keys(world: World, language: str) -> None:
    """What a wrong key on a screen says is nothing for an SMS."""
    book = world.public.ctx.book
    pages = (page for name, shown in book.pages[language].items() if name.startswith("sms.") for page in shown)
    wrong = [page.wrong for page in pages]
    assert not [text for text in wrong if text.startswith(book.notice(language, "hints.key"))]
