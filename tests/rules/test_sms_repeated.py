"""Who writes CALL or a word of danger again before they answer reads what to send, and not the same question."""

import pytest
import sqlalchemy as sa

from helpline.core.ports import SendFailed
from helpline.store.schema import message, request
from tests.conftest import Databases
from tests.rules.test_sms_flows import texts
from tests.world import CALLER, World


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


def unsent(world: World, *words: str) -> None:
    """Send texts, and let the gateway take no reply to the last one yet."""
    *first, last = words
    for each in first:
        world.text(CALLER, each)
    world.gateway.fails = [SendFailed("busy", retry=True)]
    world.text(CALLER, last)
    assert world.gateway.fails == []


def test_r28_a_word_that_is_repeated_before_the_question_has_left_is_answered_with_the_question(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Else the caller would read how to answer a question that they were never asked."""
    unsent(world, "CALL")
    world.text(CALLER, "CALL")
    world.wait(minutes=5)
    assert world.inbox(CALLER) == [page(world, "en", "sms.ask")]
    assert not caplog.records, "a void text is no fault"


@pytest.mark.parametrize("word", ["CALL", "SOS", "позвоните", "FAMILY"])
def test_r06_the_words_of_a_request_reach_a_caller_who_writes_again_before_they_have_left(
    world: World, word: str
) -> None:
    """Without the words nobody knows the other one, and the answer to the call would be a wrong word (R8)."""
    unsent(world, "CALL", "1", "1")
    (text,) = [row for row in world.rows(message) if row.notice == "to_caller.kept"]
    kept = page(world, "en", "sms.kept").format(
        **world.work.outgoing.wording.words("en", text.values["word"], text.values["ours"])
    )
    before = len(world.inbox(CALLER))
    world.text(CALLER, word)
    world.wait(minutes=5)
    said, asked = world.inbox(CALLER)[before:]
    assert said == kept
    assert asked != said


def test_r18_a_stop_ends_also_the_words_of_an_earlier_dialogue(world: World) -> None:
    unsent(world, "CALL", "1", "1")
    world.gateway.fails = [SendFailed("busy", retry=True)] * 4
    world.text(CALLER, "CALL")
    before = len(world.inbox(CALLER))
    world.gateway.fails = []
    world.text(CALLER, "STOP")
    world.wait(hours=1)
    assert world.inbox(CALLER)[before:] == []


def test_r32_words_that_somebody_wrote_into_the_database_are_not_sent_when_the_caller_writes_again(
    world: World,
) -> None:
    """A reply is written again only if it has the code of the contact key."""
    unsent(world, "CALL", "1", "1")
    with world.db.write() as tx:
        tx.execute(sa.update(message).where(message.c.notice == "to_caller.kept").values(mac="forged"))
    before = len(world.inbox(CALLER))
    world.text(CALLER, "CALL")
    world.wait(minutes=5)
    assert world.inbox(CALLER)[before:] == [page(world, "en", "sms.ask")]
