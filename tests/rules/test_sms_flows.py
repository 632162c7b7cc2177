"""What a word by SMS begins: a call, a call about someone close, another language. Digits count as they are meant."""

import pytest

from helpline.store.schema import dialogue, message, request
from menus.keywords import FLOWS, KEYPAD, Ask, Keywords, Stop
from tests.menus.test_keywords import DATA, WORDS
from tests.story import ABROAD
from tests.world import CALLER, OTHER, World


def texts(world: World, *words: str, sender: str = CALLER) -> str:
    """Send texts of a telephone. Return the last reply."""
    for each in words:
        world.text(sender, each)
    return world.inbox(sender)[-1]


def test_r03_digits_beside_an_open_question_are_an_answer(world: World) -> None:
    """Abroad, 2255 is five to eleven in the evening, and not CALL. The question is asked again, in its language."""
    asked = texts(world, "помогите", "да", sender=ABROAD)
    again = texts(world, "2255", sender=ABROAD)
    assert again.endswith(asked)
    assert again != asked
    texts(world, "22", "1", sender=ABROAD)
    assert [row.hour for row in world.rows(request)] == ["22"]


@pytest.mark.parametrize("digits", [digits for digits, word in KEYPAD.items() if word != "stop"])
def test_digits_of_the_keypad_ask_for_a_call(world: World, digits: str) -> None:
    """With nothing open, they begin as the word does, in the first language of the country."""
    assert texts(world, digits) == world.public.ctx.book.pages["ky"]["sms.ask"][0].text


KEYS = {"latin": "abc def ghi jkl mno pqrs tuv wxyz", "cyrillic": "абвгәғ деёжз ийклқі мнопңө рстуўӯүұ фхцч шщъы ьэюя"}
WRITTEN = [
    ("ПОЗВОНИТЕ", "call"), ("ПОМОГИТЕ", "help"), ("СТОП", "stop"), ("ҚОҢЫРАУ", "call"), ("ТОҚТАТ", "stop"),
    ("ЧАЛЫҢЫЗ", "call"), ("ЖАРДАМ", "help"), ("ТОКТОТ", "stop"), ("ЗАНГ", "call"), ("БАС КУН", "stop"),
    ("ҚЎНҒИРОҚ", "call"), ("ТЎХТАТ", "stop"), ("QO'NG'IROQ", "call"), ("YORDAM", "help"), ("TO'XTAT", "stop"),
    ("JAŇ EDIŇ", "call"), ("TOGTAT", "stop"), ("CALL", "call"), ("HELP", "help"), ("STOP", "stop"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "meaning"), WRITTEN)
def test_r18_words_may_be_typed_as_the_digits_of_their_keys(word: str, meaning: str) -> None:
    """The word means the same, and its digits are those of the keypad in its script."""
    rows = [row.split() for row in KEYS.values()]
    key = {letter: str(digit) for keys in rows for digit, letters in enumerate(keys, 2) for letter in letters} | {
        "ň": "6"
    }
    digits = "".join(key.get(letter, "") for letter in word.lower())
    assert KEYPAD[digits] == meaning
    assert isinstance(WORDS.caller(digits), Stop) is isinstance(WORDS.caller(word), Stop) is (meaning == "stop")


def test_r18_no_digits_of_a_word_are_an_order_or_an_hour() -> None:
    """Five digits are those of a service, and up to three may be an hour."""
    assert not [digits for digits in KEYPAD if len(digits) in (1, 2, 3, 5)]


def test_r18_the_digits_for_stop_end_everything_beside_any_question(world: World) -> None:
    """STOP counts also where digits are an answer."""
    texts(world, "помогите", "да", "1")
    before = len(world.inbox(CALLER))
    world.text(CALLER, "7867")
    world.run()
    assert world.state() == "paused"
    assert len(world.inbox(CALLER)) == before
    assert not WORDS.stops("паспорт 7867"), "only as the whole text"


@pytest.mark.parametrize("words", ["семья", "FAMILY", "Үй-бүлө", "oila"])
def test_r25_who_writes_family_is_called_about_their_own_worry(world: World, words: str) -> None:
    """Their request says that it is about someone close, and their own number is called."""
    texts(world, words, "1", "1", "0")
    assert [(row.kind, row.risk) for row in world.rows(request)] == [("about_someone", "none")]


def test_r25_a_family_in_a_hurry_is_offered_at_once_and_stays_a_family(world: World) -> None:
    """Somebody close is held now: no wait of 45 seconds. The request is still about someone close."""
    texts(world, "FAMILY", "2", "1")
    assert [(row.kind, row.risk) for row in world.rows(request)] == [("about_someone", "now")]
    assert world.state() == "offered"


def test_r12_a_request_stays_in_danger_in_another_language(world: World) -> None:
    """A caller who changes the language after a word of danger is still offered at once."""
    texts(world, "SOS", "language", "2", "1", "1")
    assert [(row.risk, row.language) for row in world.rows(request)] == [("now", "ru")]


@pytest.mark.parametrize("answers", [("0",), ("нет",), ("1", "0", "0"), ("1", "1", "2"), ("1", "9", "9", "0")])
def test_r33_who_says_no_more_has_taken_nothing_back(world: World, answers: tuple[str, ...]) -> None:
    """The request is stored with the words. Whatever is answered to what comes after, a call will come."""
    texts(world, "помогите", "да", "1", *answers)
    world.wait(minutes=5)
    assert world.state() == "offered"


@pytest.mark.parametrize("words", ["1", "хм", "0"])
def test_r27_an_hour_later_no_reply_shows_that_a_request_was_made(world: World, words: str) -> None:
    """Somebody else may hold the telephone by then. They are answered as on a telephone that nobody has used."""
    texts(world, "помогите", "да", "1")
    world.wait(minutes=59)
    assert texts(world, "хм").startswith("Только")
    world.wait(minutes=61)
    assert texts(world, words) == world.public.ctx.book.notice("ru", "to_caller.hello")
    assert world.state() in ("offered", "stranded", "waiting")


def test_r06_no_code_ever_leaves_by_sms(world: World) -> None:
    """What a caller writes stays in their telephone, too: only the two words are sent."""
    texts(world, "помогите", "да", "1", "1", "1", "2")
    assert not any(digits.isdigit() and len(digits) > 1 for text in world.inbox(CALLER) for digits in text.split())
    assert {row.notice for row in world.rows(message) if row.to == "caller"} >= {"to_caller.where", "to_caller.need"}


def test_a_stop_and_a_request_come_before_a_word_for_another_dialogue() -> None:
    """Only a whole text begins one: *my family beats me* is a cry, and *семья* beside other words is not FAMILY."""
    assert WORDS.caller("my family beats me") == Ask("en", danger=True)
    assert WORDS.caller("семья не пускает меня на работу") in (None, Ask("ru"))
    assert WORDS.caller("стоп семья") != Ask("ru", flow="family")


@pytest.mark.parametrize("flow", FLOWS)
def test_every_language_has_words_for_each_dialogue(flow: str) -> None:
    """A word of two languages belongs to the one that the country offers first."""
    for language, words in DATA[flow].items():
        preferring = Keywords.of(DATA, (language,))
        assert {preferring.caller(word) for word in words} == {Ask(language, flow=flow)}
    assert isinstance(WORDS.caller("7867"), Stop)


def test_an_automatic_answer_to_every_text_ends_after_eight(world: World) -> None:
    """A machine answers each of our texts at once with its own. The eighth is the last, so both fall silent."""
    while world.inbox(OTHER)[8:] == [] and len(world.rows(message)) < 20:
        before = len(world.inbox(OTHER))
        world.text(OTHER, "Абонент занят и ответит позже.")
        if len(world.inbox(OTHER)) == before:
            break
    assert len(world.inbox(OTHER)) == 8


def test_r12_a_machine_that_answers_slowly_falls_silent_too(world: World) -> None:
    """Each of its texts comes when a reply is free again. After sixteen that say nothing, none is answered any more."""
    for _ in range(25):
        world.text(OTHER, "Абонент занят и ответит позже.")
        world.wait(minutes=11)
    assert len(world.inbox(OTHER)) == 16
    assert texts(world, "помогите", sender=OTHER) == world.public.ctx.book.pages["ru"]["sms.ask"][0].text


def test_r12_a_machine_beside_an_open_question_falls_silent_too(world: World) -> None:
    """An answer to the question still counts."""
    texts(world, "помогите")
    for _ in range(25):
        world.text(CALLER, "Абонент занят и ответит позже.")
        world.wait(minutes=11)
    assert len(world.inbox(CALLER)) == 17
    assert texts(world, "да") == world.public.ctx.book.pages["ru"]["sms.when"][0].text


@pytest.mark.parametrize("sender", ["+9964040", "+77771234", "+99640401234567", "+10000000"])
def test_r12_a_code_behind_a_country_prefix_gets_no_reply(world: World, sender: str) -> None:
    """Some gateways write the country before every sender. A cry from it still reaches a person."""
    for words in ("help", "хм", "стоп"):
        world.text(sender, words)
    assert world.gateway.sent == []
    world.text(sender, "SOS")
    assert [row.notice for row in world.rows(message)] == ["to_ngo.cry"]


@pytest.mark.parametrize(
    ("sent", "language"),
    [
        (("мага чалыңыз", "токтот", "ооба"), "ky"),
        (("мага чалыңыз", "стоп", "1"), "ky"),
        (("помогите", "стоп", "да"), "ru"),
        (("call", "stop", "да"), "en"),
        (("стоп", "ооба"), "ky"),
        (("stop", "yes"), "en"),
        (("жок",), "ky"),
    ],
)
def test_a_yes_after_a_stop_is_answered_in_the_language_of_the_caller(
    world: World, sent: tuple[str, ...], language: str
) -> None:
    """That of the dialogue that the stop has ended, else that of their *yes*. By the script alone it would be Russian."""
    assert texts(world, *sent) == world.public.ctx.book.notices[language]["to_caller.hello"]


def test_r48_a_stop_leaves_the_language_for_an_hour_and_nothing_else(world: World) -> None:
    """Then the telephone is as one that never wrote: digits are answered in the first language of the country."""
    texts(world, "помогите", "стоп")
    (row,) = world.rows(dialogue)
    assert (row.start, row.language, row.keys, row.replies) == ("", "ru", [], 0)
    world.wait(hours=1)
    assert texts(world, "1") == world.public.ctx.book.notices["ky"]["to_caller.hello"]
