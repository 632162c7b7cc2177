"""A text typed on a keypad is read by its meaning: STOP first, then danger, then a request for a call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.content.sources import ROOT, read_sources, texts_of
from helpline.content.yaml_files import read_yaml
from menus.folding import normalise
from menus.keywords import ASKING, Ask, Category, Keywords, Stop, Unclear, collisions
from menus.orders import Order

DATA = read_yaml(ROOT / "keywords.yaml")
WORDS = Keywords.of(DATA)
LANGUAGES = ["en", "ru", "kk", "ky", "tg", "uz", "uz_Cyrl", "tk"]

STOPS = [
    "stop", "STOP!!", "s t o p", "С.Т.О.П", "CTOП", "ＳＴＯＰ", "st\u00adop", "please stop", "Stop it now", "unsubscribe",
    "don't call", "Don’t call me", "do not ring me any more, my husband reads this", "cancel", "enough", "no call",
    "стоп", "стой", "стоп не пишите больше мне ничего", "отмена", "хватит", "не звоните", "Не звоните мне больше",
    "больше не звоните сюда пожалуйста никогда", "ne zvonite", "не надо", "тихо",
    "тоқта", "токта", "TOQTAT", "қоңырау шалмаңыз", "конырау шалма", "керек емес", "хабарласпа",
    "токто", "токтотуңуз", "мага чалбаңыз", "чалба", "керек эмес", "toktot",
    "бас кун", "занг назанед", "ба ман занг назанед", "ист", "лозим нест", "bas kun",
    "to'xta", "toxta", "to‘xtating", "to´xta", "TUXTAT", "qo'ng'iroq qilmang", "qongiroq qilma", "kerak emas", "bas",
    "тўхта", "тухтат", "қўнғироқ қилманг", "кунгирок килманг", "керак эмас",
    "togtat", "togtadyň", "jaň etmäň", "jan etman", "bes et", "dur", "gerek däl", "тогтат", "җаң этме",
]  # fmt: skip

NOT_STOPS = [
    "", "1", "0", "?", "да", "нет", "ok", "дур", "call me, it is safe", "I did not stop working there until the winter came",
    "there was no call", "not enough money", "I want to quit my job", "nobody called",
    "денег не хватит", "мне не надо много", "тут тихо", "почему вы не звоните", "мне не звонили", "остановка автобуса",
    "останови машину", "стопка денег", "можно позвонить", "нет, завтра", "не знаю", "жду звонка",
    "бес жүз теңге", "ақша жетпейді", "маған қоңырау шалыңыз", "жоқ", "неге қоңырау шалмайсыз", "бас ауырады",
    "беш миң сом", "акча жетпейт", "мага чалыңыз", "жок", "эмне үчүн чалбайсыз", "бас деди ал киши",
    "хонаи ман дур аст", "пул нест", "кор нест", "чаро занг намезанед", "хона дур", "не", "бале", "истгоҳи автобус",
    "besh ming so'm", "pul yetmaydi", "menga qo'ng'iroq qiling", "yo'q", "nega qo'ng'iroq qilmaysiz", "bosh og'riyapti",
    "pul kerak emasmi sizga", "беш минг сўм", "йўқ", "нега қўнғироқ қилмаяпсиз",
    "bäş müň manat", "maňa jaň ediň", "ýok", "pul ýetmeýär", "näme üçin jaň etmeýärsiňiz", "ol öýde dur",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_r18_stop_is_recognised_in_any_language_and_script(text: str) -> None:
    """With a typo, without diacritics, in another script, spelled out, or with polite words."""
    assert WORDS.caller(text) == Stop()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("label", ["start.home_more.3", "request.wish.3"])
def test_r18_the_words_of_the_menu_also_stop_by_sms(label: str, language: str) -> None:
    """*Do not call me* and *never call me*, as the screen writes them, in each offered language."""
    parsed = read_sources().parsed
    english = texts_of(parsed)[label]
    catalog = read_sources().translation(language).catalog if language != "en" else {}
    assert WORDS.caller(catalog.get((label, english), english)) == Stop()


@pytest.mark.parametrize("text", NOT_STOPS)
def test_r18_an_ordinary_sentence_is_not_a_stop(text: str) -> None:
    """A mistake would pause a request silently. A word that means stop only when alone is read so only when alone."""
    assert not WORDS.stops(text)


HEARD = [
    ("help", Ask("en")), ("Help me please!", Ask("en")), ("call me", Ask("en")), ("hello", Ask("en")),
    ("пoмoщь", Ask("ru")), ("помогите он запер дверь", Ask("ru", danger=True)), ("Позвоните мне", Ask("ru")), ("zarplata", Ask("ru")),
    ("қоңырау шалыңыз", Ask("kk")), ("Комек", Ask("kk")), ("жұмыс", Ask("kk")), ("salem", Ask("kk")),
    ("жардам", Ask("ky")), ("мага чалыңыз", Ask("ky")), ("жумуш бар", Ask("ky")),
    ("занг занед", Ask("tg")), ("кумак кунед", Ask("tg")), ("шиноснома", Ask("tg")),
    ("yordam bering", Ask("uz")), ("qo‘ng‘iroq qiling", Ask("uz")), ("QONGIROQ", Ask("uz")), ("hujjatim yo'q", Ask("uz")),
    ("ёрдам беринг", Ask("uz_Cyrl")), ("кунгирок килинг", Ask("uz_Cyrl")),
    ("maňa jaň ediň", Ask("tk")), ("mana jan edin", Ask("tk")), ("kömek ediň", Ask("tk")), ("komek edin", Ask("tk")),
    ("SOS", Ask("en", danger=True)), ("СОС", Ask("ru", danger=True)), ("мне тут опасно быть одной", Ask("ru", danger=True)),
    ("опасно", Ask("ru", danger=True)), ("қауіп", Ask("kk", danger=True)), ("kauip", Ask("kk", danger=True)),
    ("коркунуч", Ask("ky", danger=True)), ("хатар", Ask("tg", danger=True)), ("xavf", Ask("uz", danger=True)),
    ("хавф", Ask("uz_Cyrl", danger=True)), ("howp", Ask("tk", danger=True)), ("помогите, опасно", Ask("ru", danger=True)),
    ("1", None), ("да", None), ("хм", None), ("Маша", None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "heard"), HEARD, ids=[row[0] for row in HEARD])
def test_a_request_and_a_danger_are_recognised_in_every_language(text: str, heard: Ask | None) -> None:
    """The reply is in the language of the word. Danger is reported beside it."""
    assert WORDS.caller(text) == heard


@pytest.mark.parametrize(("languages", "heard"), [((), "ky"), (("kk", "ru"), "kk"), (("tk",), "tk"), (("en",), "ky")])
def test_a_word_of_several_languages_counts_for_an_offered_one(languages: tuple[str, ...], heard: str) -> None:
    """If none of them is offered, the first language in the file counts."""
    data = {**DATA, "help": {"ky": ["salam"], "kk": ["salam"], "tk": ["salam"]}}
    assert Keywords.of(data, languages).caller("salam") == Ask(heard)


ANSWERS = [
    ("1", "1"), (" 2. ", "2"), ("Да!", "1"), ("yes", "1"), ("иә", "1"), ("ооба", "1"), ("ҳа", "1"), ("ha", "1"), ("бале", "1"),
    ("hawa", "1"), ("нет", "0"), ("no", "0"), ("жоқ", "0"), ("жок", "0"), ("йўқ", "0"), ("yo‘q", "0"), ("ýok", "0"),
    ("да потому что", "?"), ("он тут", "?"), ("", "?"), ("123", "?"), ("１", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), ANSWERS, ids=[row[0] or "nothing" for row in ANSWERS])
def test_r16_an_answer_is_a_digit_or_the_word_for_it(text: str, answer: str) -> None:
    """Other words beside the answer are not passed on."""
    assert WORDS.answer(text) == answer


ORDERS = [
    ("YES 12345", Order("yes", "12345")), ("12345 да", Order("yes", "12345")), ("Ооба, 12345", Order("yes", "12345")),
    ("иә 12345", Order("yes", "12345")), ("ҳа12345", Order("yes", "12345")), ("hawa 12345", Order("yes", "12345")),
    ("жоқ 12345 бос емес", Order("no", "12345")), ("yo'q 12345", Order("no", "12345")), ("ýok 12345", Order("no", "12345")),
    ("нест 12345", Order("no", "12345")), ("нөмір 12345", Order("number", "12345")), ("рақам 12345", Order("number", "12345")),
    ("belgi 12345", Order("number", "12345")), ("номер", Order("number", "")),
    ("да нет 12345", None), ("да 12345 54321", None), ("да 12345 позже", None), ("12345", Order("", "12345")), ("на 12345", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "order"), ORDERS, ids=[row[0] for row in ORDERS])
def test_services_can_send_orders_in_their_language(text: str, order: Order | None) -> None:
    """An order is one verb and one code in any order. An ambiguous text is not an order."""
    assert WORDS.order(text) == order


def test_no_keyword_is_mistaken_for_another() -> None:
    """This holds in every language of every country."""
    assert collisions(DATA, LANGUAGES) == []


def test_a_keyword_with_two_meanings_is_a_fault() -> None:
    """The fault names the word, its language, its position and its other meaning.

    Languages that are not asked for are skipped.
    """
    broken = {**DATA, "help": {**DATA["help"], "ky": ["токто"], "kk": ["қауіп"], "tg": ["бале"]}}
    broken["ngo"] = {"yes": {"tg": ["бале"], "uz": ["mayli"]}, "no": {"ru": ["майли"], "tk": ["mayli"]}, "number": {}}
    found = [fault.what for fault in collisions(broken, ["ky", "tg", "uz"])]
    assert found == [
        "'токто' (ky) is listed under help, but understood as unclear; remove one of them",
        "'бале' (tg) is listed under yes, but understood as ask; remove one of them",
        "'mayli' (uz) is listed under yes, but understood as no; remove one of them",
    ]
    assert [fault.what.split()[0] for fault in collisions(broken, ["kk"])] == ["'қауіп'"]


COMMON = {
    "en": "I me you he is it at my not and the in no man woman child boss police friend home today day time one two five",
    "ru": "я мне ты он она мой не и в на муж жена дети дома хозяин друг сегодня завтра день час один два пять тут там",
    "kk": "мен сен ол менің емес және күйеуім әйел бала үй бастық дос бүгін ертең күн сағат бір екі бес осында ері қатар",
    "ky": "мен сен ал менин эмес жана күйөөм аял бала үй кожоюн дос бүгүн эртең күн саат бир эки беш ушул эри чал иш",
    "tg": "ман ту ӯ ва дар аз шавҳар зан бача хона соҳиб дӯст имрӯз пагоҳ рӯз соат як ду панҷ ин ҷо дур на ёр",
    "uz": "men sen u va emas erim ayol bola uy xo'jayin do'st bugun ertaga kun soat bir ikki besh shu ko'r ish jon zang bosh",
    "uz_Cyrl": "мен сен у ва эмас эрим аёл бола уй хўжайин дўст бугун эртага кун соат бир икки беш шу кўр иш жон бош",
    "tk": "men sen ol we däl adamym aýal çaga öý hojaýyn dost şu gün ertir gün sagat bir iki bäş şu ýerde iş jan gör",
}


@pytest.mark.parametrize("language", COMMON)
def test_a_common_word_of_any_language_is_not_a_keyword(language: str) -> None:
    """A text that begins with a common word is not taken for an order in another language."""
    taken = [word for word in COMMON[language].split() if WORDS.caller(f"{word} xyz") is not None]
    assert taken == ["zang"] * (language == "uz"), "the Tajik word for a ring; in Uzbek as well, beside rust"


@pytest.mark.parametrize("section", ["danger", *ASKING, "yes", "no", "number"])
def test_every_language_has_its_own_words(section: str) -> None:
    """Each in its own script. STOP is tested word by word above."""
    rows = DATA[section] if section in DATA else DATA["ngo"][section]
    assert sorted(rows) == sorted(LANGUAGES)
    assert all(rows.values())


@given(st.text(max_size=40))
def test_folding_twice_equals_folding_once_for_any_text(text: str) -> None:
    """For any text, folding twice equals folding once, and reading never fails."""
    assert normalise(normalise(text)) == normalise(text)
    assert isinstance(WORDS.caller(text), Stop | Unclear | Ask | None)


CATEGORIES = [
    ("STOP", Category.STOP), ("тоқта", Category.STOP), ("do not call me", Category.STOP),
    ("I am in danger", Category.DANGER), ("danger", Category.DANGER),
    ("LOCK", Category.DANGER), ("lock now, they are here", Category.DANGER),
    ("YES 48291", Category.ORDER), ("48291", Category.ORDER), ("number 48291 right now please", Category.ORDER),
    ("да", Category.ORDER), ("1", Category.ORDER),
    ("help", Category.OTHER), ("call me", Category.OTHER), ("hello, who is this?", Category.OTHER), ("", Category.OTHER),
]  # fmt: skip


@pytest.mark.parametrize(("text", "category"), CATEGORIES)
def test_the_category_of_a_text_depends_only_on_its_words(text: str, category: Category) -> None:
    assert WORDS.category(text) is category


@pytest.mark.parametrize("text", STOPS)
def test_every_stop_is_in_the_category_that_is_read_first(text: str) -> None:
    assert WORDS.category(text) is Category.STOP


@given(st.text(max_size=200))
def test_the_category_of_any_text_agrees_with_its_meaning(text: str) -> None:
    heard, category = WORDS.caller(text), WORDS.category(text)
    assert (category is Category.STOP) == isinstance(heard, Stop | Unclear)
    assert category is Category.DANGER or not (isinstance(heard, Ask) and heard.danger)


@pytest.mark.parametrize("size", [250, 1_000, 50_000])
def test_r12_the_end_of_a_very_long_text_is_read(size: int) -> None:
    """A cry or a STOP may stand below a long story. What lies between is not read."""
    assert WORDS.category("слово " * size + "помогите, он меня бьет") is Category.DANGER
    assert WORDS.category("слово " * size + ". Не звоните мне.") is Category.STOP
    assert WORDS.category("помогите, он меня бьет " + "слово " * size) is Category.DANGER
