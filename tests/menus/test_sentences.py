"""What a caller's text means: the tables of sentences, and each rule of R18 by itself."""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.content.sentences import BAR, FEWEST, Heard, faults, measure, read
from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml
from menus.keywords import Ask, Category, Keywords, Stop, Unclear
from menus.lexicon import MOST_WORDS
from menus.romanise import romanise
from menus.sentences import Meaning, understand

WORDS = Keywords.of(read_yaml(ROOT / "keywords.yaml"))
LANGUAGES = ["en", "ru", "kk", "ky", "tg", "uz", "uz_Cyrl", "tk"]


@cache
def measured() -> dict[str, Heard]:
    """Return how many sentences of each language are understood."""
    return {each.language: each for each in measure(WORDS.lexicon, ROOT)}


def meanings(texts: Sequence[str]) -> dict[str, Meaning]:
    """Return what each text means."""
    return {text: understand(WORDS.lexicon, text)[0] for text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_r18_the_sentences_of_every_language_are_understood(language: str) -> None:
    """At least 95 of 100, of at least 200 sentences."""
    heard = measured()[language]
    assert heard.sentences >= FEWEST
    assert heard.percent >= BAR, heard.missed


MISSED = {"ёрӣ", "ёри"}
"""*Help* in Tajik, which is *their husband* in Kazakh (ері): in a sentence it is heard by the word beside it."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_r18_each_sentence_of_the_tables_has_its_verdict(language: str) -> None:
    """People held by force, locked up, beaten, sold, or forced to work are heard, and nobody else is taken for them.

    `komek check` lets 5 of 100 pass, so that translators can add sentences. Here each counts: add its words, or say why
    it cannot be understood.
    """
    assert [row for row in measured()[language].missed if row[0] not in MISSED] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_r18_no_sentence_that_asks_for_help_is_taken_for_stop(language: str) -> None:
    """Neither a cry, nor a request, nor a text that may be both."""
    assert measured()[language].silenced == ()


LOOKALIKES = [
    "ЅTOP", "CTOП", "СTOP", "STОР", "ＳＴＯＰ", "5TOP", "ST0P", "СТ0П", "стоп", "ѕτoр", "S.T.O.P", "s-t-o-p",
    "С Т О П", "s t 0 p", "STOOOOP", "stopall", "не званите", "незвоните", "TOQTAT", "токтат", "to‘xtating",
    "тухтатинг", "togtadyn", "END", "звонить не надо", "токтоткула", "durdur",
]  # fmt: skip


@pytest.mark.parametrize("text", LOOKALIKES)
def test_r18_stop_is_heard_in_letters_that_look_alike(text: str) -> None:
    """Latin for Cyrillic and the other way round, digits for letters, spelled out, or without the marks."""
    assert WORDS.caller(text) == Stop()


SPELLED = [
    "S O S",
    "s o s they are here",
    "s.o.s",
    "S-O-S",
    "S0S",
    "COC",
    "С О С",
    "о п а с н о",
    "с.п.а.с.и.т.е",
    "q u t q a r i n g",
    "қ а у і п",
]


@pytest.mark.parametrize("text", SPELLED)
def test_r18_danger_may_be_spelled_out_like_stop(text: str) -> None:
    """With spaces, dots or dashes, in either script, with digits for letters."""
    assert WORDS.category(text) is Category.DANGER


OBJECTS = [
    "stop him", "please stop him", "stop this man", "he does not stop", "остановите его", "оны тоқтатыңыз",
    "аны токтотуңуз", "ӯро боздоред", "uni to'xtating", "уни тўхтатинг", "ony togtadyň", "cancel the wedding",
    "отмените свадьбу", "тойды тоқтатыңыз",
]  # fmt: skip


@pytest.mark.parametrize("text", OBJECTS)
def test_r18_a_stop_word_with_another_object_is_a_cry(text: str) -> None:
    """Somebody else is to be stopped, not the calls."""
    heard = WORDS.caller(text)
    assert isinstance(heard, Ask)
    assert heard.danger


NEAR = ["stop here my boss", "he is here stop", "boss here stop", "стоп он здесь", "стоп муж рядом", "стоп телефон у мужа", "stop he is here", "stop my husband reads this",
    "тоқта күйеуім жанымда", "токто күйөөм жанымда", "бас кун шавҳарам ин ҷо", "to'xta erim yonimda", "тўхта эрим ёнимда",
    "togtaň adamym bärde"]  # fmt: skip


@pytest.mark.parametrize("text", NEAR)
def test_r18_a_stop_word_before_who_is_near_may_be_both(text: str) -> None:
    """The person is no object of it: nothing goes to the telephone that they look at. Beside violence it is a cry."""
    assert WORDS.caller(text) == Unclear()
    assert understand(WORDS.lexicon, "стоп он бьет")[0] is Meaning.DANGER


def test_r18_a_person_before_a_stop_word_may_be_who_is_to_stop_or_who_is_near() -> None:
    """Named as the subject, and not as the object: nothing goes to a telephone that they may look at."""
    both = ["муж хватит", "муж стоп", "муж, прекрати", "начальник хватит", "күйеуім тоқтат", "күйөөм токтот",
        "my husband does not want calls", "she does not agree to call", "он не согласен на звонок",
        "шавҳарам бас кун", "erim to'xtating", "ärim bes et"]  # fmt: skip
    assert set(meanings(both).values()) == {Meaning.BOTH}, meanings(both)
    cries = ["мужа остановите", "күйеуімді тоқтатыңыз", "күйөөмдү токтотуңуз", "шавҳарамро боздоред",
        "erimni to'xtating", "оны тоқтатыңыз", "uni to'xtating"]  # fmt: skip
    assert set(meanings(cries).values()) == {Meaning.DANGER}, meanings(cries)


def test_r18_harmless_words_are_no_cry_and_are_answered() -> None:
    """A cry beside them is one."""
    asked = ["forced to pay", "I was forced to pay for the visa", "меня заставили заплатить", "төлөөгө мажбурлашат",
        "төлеуге мәжбүрлейді", "маҷбур карданд пул диҳам", "to'lashga majburladi", "tölemäge mejbur etdiler",
        "страшно дорого"]  # fmt: skip
    assert set(meanings(asked).values()) == {Meaning.REQUEST}, meanings(asked)
    cries = ["forced to work", "forced to pay and beaten", "меня заставляют платить и бьют", "меня заставляют работать",
        "маҷбур карданд кор кунам", "страшно"]  # fmt: skip
    assert set(meanings(cries).values()) == {Meaning.DANGER}, meanings(cries)


def test_r18_who_is_forced_to_pay_with_their_body_or_is_taken_by_force_to_a_place_cries() -> None:
    """It is more than money. Who is kept waiting for others by force may be, too: what was left unsaid counts so (R1)."""
    cries = ["he forced me to pay with sex", "forced to pay with my body", "they forced me to move in with a man",
        "forced to wait for clients", "заставили платить сексом", "заставляют платить телом", "заставляют платить натурой",
        "заставили ждать клиентов", "денеммен төлеуге мәжбүрлейді", "сексу менен төлөөгө мажбурлашат",
        "денем менен төлөөгө мажбурлашат", "маҷбур карданд пул бо танам", "seks bilan to'lashga majburlashyapti",
        "танам билан тўлашга мажбурлашяпти", "seks bilen tölemäge mejbur edýärler"]  # fmt: skip
    assert set(meanings(cries).values()) == {Meaning.DANGER}, meanings(cries)


def test_r18_who_is_afraid_cries_whatever_else_they_are() -> None:
    """In Russian *afraid* and *terribly* are one word. In Tajik *forced* and *money* may be beside each other by chance."""
    cries = ["мне страшно, устала", "мне страшно. устала так жить", "мне страшно, дорого", "страшно, устали",
        "маҷбур кард пул кор кунам", "маҷбур карданд пул бо тан"]  # fmt: skip
    assert set(meanings(cries).values()) == {Meaning.DANGER}, meanings(cries)


def test_no_slip_is_forgiven_in_a_word_of_the_family_that_was_sold() -> None:
    """A house that was sold is no daughter who was sold."""
    assert set(meanings(["дом продали", "продали дом"]).values()) == {Meaning.OTHER}
    assert set(meanings(["дочь продали", "продали дочь", "дочь продалт"]).values()) == {Meaning.DANGER}


def test_r18_who_changed_their_mind_is_not_called() -> None:
    """In every language, by itself or beside other news. Beside a cry it may be either."""
    texts = ["передумала", "мы передумали спасибо", "нет, передумал", "спасибо, передумала, сын нашелся", "peredumala", "отбой",
        "i changed my mind", "no changed my mind", "changed my mind. my brother came", "ойымнан айныдым",
        "оюмду өзгөрттүм", "фикрам дигар шуд", "fikrimdan qaytdim", "қайтдим фикримдан", "pikirimi uytgetdim"]  # fmt: skip
    assert set(meanings(texts).values()) == {Meaning.STOP}, meanings(texts)
    both = ["передумала, он меня убьет", "changed my mind about the work", "сын приехал домой я передумала",
        "rad etdim meni urishdi"]  # fmt: skip
    assert set(meanings(both).values()) == {Meaning.BOTH}, meanings(both)


def test_r18_a_change_of_mind_of_another_person_or_denied_is_no_stop() -> None:
    """Nor is one with a request: who changed their mind may want the call now."""
    texts = ["она передумала, её держат", "муж передумал, помогите", "не передумала", "нет, не передумала, позвоните",
        "не отказываюсь, перезвоните", "i have not changed my mind", "not changed my mind, call me",
        "i changed my mind, please call me", "ол айныды, мені ұрады", "күйөөм айныды мени урат",
        "erim fikridan qaytdi meni uryapti", "fikrimdan qaytmadim tel qiling", "баш тартсам өлтүрөт",
        "pikirimi üýtgetmedim jaň ediň"]  # fmt: skip
    assert {Meaning.STOP, Meaning.BOTH}.isdisjoint(meanings(texts).values()), meanings(texts)


def test_r18_a_verb_of_deletion_beside_the_number_is_stop_in_any_order() -> None:
    """But not what somebody else has done, and not with words of help."""
    texts = ["убери номер мой", "номер мой сотри", "мой номер уберите пожалуйста", "delete me", "remove me from your list",
        "мені тізімнен өшіріңіз", "номеримди тизмеден алып салыңыз", "маро аз рӯйхат нест кунед",
        "meni ro'yxatdan o'chiring", "meni sanawdan pozuň"]  # fmt: skip
    assert set(meanings(texts).values()) == {Meaning.STOP}, meanings(texts)
    others = ["go away help", "don't go away please help", "уберите меня отсюда помогите", "remove me from this house",
        "как удалить смс", "raqamimni o'chirib tashladi meni uryapti"]  # fmt: skip
    assert {Meaning.STOP, Meaning.BOTH}.isdisjoint(meanings(others).values()), meanings(others)


def test_r18_who_wants_the_request_to_stay_does_not_stop_it() -> None:
    """A *not* right before "cancel my call" denies it. *No* before it, or a *not* said twice, does not."""
    texts = ["dont delete my number", "please do not cancel my request", "don't take me off the list",
        "dont stop calling me", "не снимайте заявку", "не отменяйте мой звонок"]  # fmt: skip
    assert {Meaning.STOP, Meaning.BOTH}.isdisjoint(meanings(texts).values()), meanings(texts)
    stops = ["no, cancel my call", "no cancel my call", "no stop", "нет стоп", "не не звоните", "dont dont call me",
        "i did not ask, delete my number", "its not me delete my number"]  # fmt: skip
    assert set(meanings(stops).values()) == {Meaning.STOP}, meanings(stops)


def test_r18_something_not_needed_beside_a_request_for_help_is_no_stop() -> None:
    """In several languages the words for *not needed* stand before the words for help that begin the next sentence."""
    texts = ["ақша керек емес көмектесіңіз", "акча керек эмес жардам бериңиз", "пул лозим нест ёрӣ диҳед",
        "pul kerak emas yordam bering", "пул керак эмас ёрдам беринг", "pul gerek däl kömek ediň",
        "ничего не надо помощь нужна", "i dont want anything help me"]  # fmt: skip
    assert set(meanings(texts).values()) == {Meaning.REQUEST}, meanings(texts)
    stops = ["керек емес көмек", "керек эмес жардам", "лозим нест ёрӣ", "kerak emas yordam", "gerek däl kömek",
        "не нужна помощь", "помощь не нужна", "no need for help", "help no longer needed"]  # fmt: skip
    assert set(meanings(stops).values()) == {Meaning.STOP}, meanings(stops)


def test_r18_no_slip_makes_a_refusal_of_another_word() -> None:
    """Words of refusal are near to words that say what has happened: *removed*, *did not arrive*, *no papers*."""
    texts = ["SMS yetmadi", "telefon olib tashlandi", "ҳуҷҷат нест", "бад шуд", "жакшы болду", "gowy boldy",
        "takes no more requests", "ол маған жазбады", "рад кардан"]  # fmt: skip
    assert {Meaning.STOP, Meaning.BOTH}.isdisjoint(meanings(texts).values()), meanings(texts)


def test_r18_a_stop_word_about_calls_and_texts_stays_stop() -> None:
    """With a politeness, a pronoun, or the calls as its object."""
    texts = ["stop calling me", "please stop texting", "отмените звонок", "қоңырауды тоқтатыңыз", "stop it",
        "чалууну токтотуңуз", "зангро бекор кунед", "qo'ng'iroqni to'xtating", "jaňy togtadyň"]  # fmt: skip
    assert set(meanings(texts).values()) == {Meaning.STOP}, meanings(texts)


HELP_FIRST = ["помогите отмените свадьбу", "help stop the wedding", "help at bus stop", "help! stop!", "помогите остановите", "жардам бериңиз тойду токтотуңуз",
    "ёрӣ диҳед тӯйро бекор кунед", "yordam bering to'yni to'xtating", "kömek ediň toýy togtadyň"]  # fmt: skip


@pytest.mark.parametrize("text", HELP_FIRST)
def test_r18_a_text_that_begins_with_help_is_not_stop(text: str) -> None:
    """Also after a greeting. But "помощь не нужна" is one."""
    assert WORDS.category(text) is not Category.STOP
    assert isinstance(WORDS.caller(f"здравствуйте {text}"), Ask)
    assert WORDS.caller("помощь не нужна") == Stop()


DENIED = ["не опасно", "тут не опасно", "I am not in danger", "no danger", "қауіп жоқ", "қауіпті емес", "коркунуч жок",
    "хатар нест", "xavf yo'q", "xavfli emas", "хавф йўқ", "howp ýok", "howply däl"]  # fmt: skip


@pytest.mark.parametrize("text", DENIED)
def test_r18_danger_that_is_denied_is_an_ordinary_request(text: str) -> None:
    """The *not* stands beside the word, before or after it."""
    heard = WORDS.caller(text)
    assert isinstance(heard, Ask)
    assert not heard.danger


def test_r18_a_not_elsewhere_denies_no_danger() -> None:
    """In another part of the text, or beside a cry."""
    texts = [
        "no! danger",
        "не знаю что делать, опасно",
        "не могу, спасите",
        "жоқ, қауіпті",
        "yo'q, xavfli",
        "don't let him kill me",
    ]
    assert set(meanings(texts).values()) == {Meaning.DANGER}, meanings(texts)


BOTH = ["stop sos", "не звоните, он меня убьет", "do not call my husband", "чалба өлтүрөт", "занг назанед, мезанад",
    "menga tel qilmang erim uradi", "jaň etmäň öldürer", "стоп помогите"]  # fmt: skip


@pytest.mark.parametrize("text", BOTH)
def test_r18_a_text_that_may_be_both_is_neither_stop_nor_a_request(text: str) -> None:
    """It is read with the stops, so that nothing goes out meanwhile."""
    assert WORDS.caller(text) == Unclear()
    assert WORDS.category(text) is Category.STOP


@given(st.text(max_size=300))
def test_r18_spelling_out_danger_never_makes_it_a_stop(text: str) -> None:
    """Whatever stands around it."""
    assert understand(WORDS.lexicon, f"{text} спасите")[0] is not Meaning.STOP


@pytest.mark.parametrize(
    "text", ["stop " * 20_000, "a" * 100_000, "s " * 50_000, "не он стоп ." * 8_000, "қ" * 100_000]
)
def test_a_text_of_any_length_is_read_up_to_a_limit(text: str) -> None:
    """A text of 100 kB costs no more than a long one."""
    assert len(WORDS.lexicon.words(text)) <= MOST_WORDS
    assert WORDS.category(text) in Category


@given(st.text(max_size=60))
def test_a_word_has_few_spellings_and_all_are_latin(text: str) -> None:
    """At most three, whatever was typed."""
    assert 1 <= len(romanise(text)) <= 3


def test_a_text_with_no_in_it_is_not_a_request_written_together() -> None:
    """*телефон нест* (no phone) is one letter from *telefon et* without its space. A real one stays a request."""
    heard = [understand(WORDS.lexicon, text)[0] for text in ("телефон нест", "те лефон эт", "не зво ните")]
    assert heard == [Meaning.OTHER, Meaning.REQUEST, Meaning.STOP]


def test_check_refuses_a_language_that_is_not_understood() -> None:
    """A missing table, a short one, one below the bar, and a cry that is taken for STOP are faults."""
    wrong = ("stop him", Meaning.DANGER, Meaning.STOP)
    heard = [Heard("ky", FEWEST, FEWEST, (), ()), Heard("ru", 10, 9, ("stop him",), (wrong,))]
    found = [str(fault).partition(": ")[2] for fault in faults(heard, ["ky", "ru", "tg"])]
    assert found == [
        "missing; it measures what callers' texts mean",
        "10 sentences, but 200 are needed to measure",
        "90.0 % are understood, but 95 % must be: 'stop him' is danger, not stop",
        "'stop him' asks for help, but is taken for STOP (R18)",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice_in_a_table(language: str) -> None:
    texts = [text for text, _ in read(ROOT / "sentences" / f"{language}.yaml")]
    assert len(texts) == len(set(texts))
