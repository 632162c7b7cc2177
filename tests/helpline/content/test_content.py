"""What callers and services read: it fits, is complete and contains nothing unsafe, and faults name their position."""

import re
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from helpline.authoring.safe_wording import directory_names, unsafe_texts, unsafe_wordings
from helpline.authoring.unsaid import waiting_exceptions
from helpline.commands.menus import check_content, summary
from helpline.content.catalogs import BROWSER
from helpline.content.country import ABROAD
from helpline.content.country_file import CountryData
from helpline.content.glossary import Glossary
from helpline.content.language_pack import LONGEST_NAME, settings_of
from helpline.content.loading import Content, load, print_content
from helpline.content.sms_fit import MORE_PARTS, MOST_NEED, MOST_PLACE, brief, longest_with_parts, sms_misfits
from helpline.content.sources import ROOT, countries, digest_of, load_country, read_sources
from helpline.content.yaml_files import read_yaml
from helpline.core import log
from helpline.core.config import Config
from menus.book import AT_HOP, SLOT, fill
from menus.converse import converse
from menus.faults import ContentFaults
from menus.gsm7 import SMS, USSD, fits, fold, parts
from menus.tree import End
from tests.steps.by_day import waits
from tests.world import contents

COUNTRIES = countries()
BOOKS = [(country, language) for country in COUNTRIES for language in contents(Config(country=country)).book.languages]
PO = Path("locale/ru/LC_MESSAGES/content.po")
NAMED = f"content/{PO.as_posix()}"


def of(country: str) -> Content:
    """Return the content of a country as it is."""
    return contents(Config(country=country))


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A copy of all the content, which tests may break."""
    return Path(shutil.copytree(ROOT, tmp_path / "content"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all the content for several tests, each of which mends what it broke."""
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("shared") / "content"))


KEPT = {"countries": ("kg",), "locale": ("ky", "ru", "content"), "sentences": ("en", "ky", "ru")}
"""The files of folders from which a small copy leaves out the others."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of one country in three languages, which is quicker to check."""

    def others(folder: str, names: list[str]) -> list[str]:
        kept = KEPT.get(Path(folder).name)
        return [name for name in names if kept and Path(name).stem not in kept]

    copy = Path(shutil.copytree(ROOT, tmp_path / "content", ignore=others))
    edit(copy / "countries/kg.yaml", r"^languages: .*", "languages: [ky, ru, en]")
    return copy


def edit(path: Path, pattern: str, new: str) -> int:
    """Change the one place of a file that a pattern matches. Return its line."""
    text = path.read_text("utf-8")
    (found,) = re.finditer(pattern, text, re.MULTILINE)
    path.write_text(text[: found.start()] + found.expand(new) + text[found.end() :], "utf-8")
    return text.count("\n", 0, found.start()) + 1


def translate(root: Path, text: str, translation: str) -> int:
    """Change the Russian translation of a text. Return its line."""
    pattern = rf'^(msgctxt "{re.escape(text)}"\n(?:msgid|").*\n(?:".*\n)*)msgstr ".*"'
    return edit(root / PO, pattern, rf'\1msgstr "{translation}"')


def add(root: Path, path: str, english: str, translation: str) -> None:
    """Add one more text with a translation in every language of the copy."""
    for file in (root / "locale").glob("*/LC_MESSAGES/content.po"):
        with file.open("a", encoding="utf-8") as open_file:
            open_file.write(f'\nmsgctxt "{path}"\nmsgid "{english}"\nmsgstr "{translation}"\n')


def line_of(root: Path, file: str, pattern: str) -> int:
    """Return the line of a file that a pattern matches."""
    (found,) = re.finditer(pattern, (root / file).read_text("utf-8"), re.MULTILINE)
    return found.string.count("\n", 0, found.start()) + 1


def checked(root: Path) -> list[str]:
    """Return the output of `komek check` for a copy."""
    return [str(fault) for fault in check_content.survey(root).faults]


def test_the_present_content_has_no_fault_and_gives_no_warning() -> None:
    """The service can start with the content of the tree, and no page ends in mid-sentence, at home or abroad."""
    found = check_content.survey(ROOT)
    assert [*map(str, found.faults), *map(str, found.doubts)] == []


def test_a_check_names_a_page_that_ends_in_mid_sentence(root: Path) -> None:
    """Half of a prohibition may say the opposite. The author shortens the sentence, or accepts the end with a mark."""
    words = "слово " * 8
    line = translate(root, "health.sleep", f"{words}слово не {words}конец.")
    what = "[ru] health.sleep ends page 1 in mid-sentence, after “слово”; shorten the sentence, or write | there"
    assert f"{NAMED}:{line}:1: {what}" in map(str, check_content.survey(root).doubts)
    translate(root, "health.sleep", f"{words}слово | не {words}конец.")
    assert [str(doubt) for doubt in check_content.survey(root).doubts if "health.sleep" in str(doubt)] == []


SCREENS = [
    ("callback.consent", {"drawn": "6"}, "Позвоним. Номер: одной службе за раз, у нас до 30 дней\n6 Дальше 0 Нет", 70),
    ("callback.when", {}, "Стоп звонкам: в меню. Звонить:\n1 Весь день\n2 Утро\n3 День\n4 Вечер\n0 Нет", 70),
    ("callback.kept", {"code": "482913", "word": "ДОЖДЬ", "ours": "ЛАМПА"},
        "Записано. Помните 482913. Мы скажем ЛАМПА, вы ДОЖДЬ.\n1 Дальше 0 Конец", 69),
]  # fmt: skip


@pytest.mark.parametrize(("screen", "values", "text", "units"), SCREENS, ids=[row[0] for row in SCREENS])
@pytest.mark.parametrize("country", COUNTRIES)
def test_r28_the_screens_up_to_a_saved_request_in_russian(
    country: str, screen: str, values: dict[str, str], text: str, units: int
) -> None:
    """Three screens of 70 units say who calls, how long data is stored, how to stop, and how to recognise the call."""
    (page,) = of(country).book.pages["ru"][screen]
    assert fill(page.text, values) == text
    assert len(text.encode("utf-16-be")) // 2 <= units <= 70


def fillings(content: Content, language: str) -> Iterator[dict[str, str]]:
    """Return every value of the placeholders that a hop fills: all words, promises and answers."""
    book, local = content.book, content.book.locals[language]
    times = {"day": "30.12", "from": "08:00", "to": "12:00", "number": "9" * 15, "name": "x" * LONGEST_NAME}
    told = {
        kind: [book.notice(language, name, **times) for name in book.tree.notices if name.startswith(f"{kind}.")]
        for kind in ("promise", "status", "clinic", "shows")
    }
    fixed = {"drawn": "7", "code": "000000", "number": "9" * 15, "from": "08:00", "to": "12:00"}
    for at, ((_, word), ours) in enumerate(product(local.lists["words"], local.our_words)):
        promises = {kind: texts[at % len(texts)] for kind, texts in told.items()}
        yield {**fixed, **promises, "word": word, "ours": ours}


@pytest.mark.parametrize(("country", "language"), BOOKS)
def test_every_screen_fits_a_handset_with_any_values(country: str, language: str) -> None:
    """Each page fits 160 septets or 70 units, also after a wrong key."""
    content = of(country)
    pages = {(name, at): page for name, all_ in content.book.pages[language].items() for at, page in enumerate(all_)}
    assert len(pages) >= len(content.book.tree.screens) - 1  # a fork has no page
    for values in fillings(content, language):
        for where, page in pages.items():
            ends = isinstance(content.book.tree.screens[where[0].partition("@")[0]], End)  # no key is read after an end
            for text in (page.text,) if ends else (page.text, page.wrong):
                shown = fold(fill(text, values), language)
                assert fits(shown, USSD), (where, shown)


@pytest.mark.parametrize(("country", "language"), BOOKS)
def test_no_placeholder_is_left_open(country: str, language: str) -> None:
    """Screens have only placeholders that a hop fills, and none that only a text to an NGO has.

    The hours of a question by SMS are filled in when it is sent.
    """
    content = of(country)
    for name, pages in content.book.pages[language].items():
        filled = AT_HOP | {"from", "to"} if name.startswith("sms.ask_") else AT_HOP
        assert {slot for page in pages for slot in SLOT.findall(page.text + page.wrong)} <= filled, name


@pytest.mark.parametrize(("country", "language"), BOOKS)
def test_a_text_to_a_caller_is_one_sms_part(country: str, language: str) -> None:
    """With any values. Two parts would cost twice and may arrive separately. There are at most thirty (R13)."""
    content = of(country)
    texts = [text for name, text in content.book.notices[language].items() if name.startswith("to_caller.")]
    assert 0 < len(texts) <= 30
    for values, text in product(fillings(content, language), texts):
        assert fits(fill(text, values), SMS), text


@pytest.mark.parametrize(("country", "language"), BOOKS)
def test_a_text_to_a_service_is_one_sms_part_the_card_two_and_a_number_three(country: str, language: str) -> None:
    """With the longest values, the caller's words in any language, split as a network splits it."""
    content = of(country)
    for name, text in content.book.notices[language].items():
        values = {**content.book.locals[language].longest, **longest_with_parts(content.book, language, name)}
        if name.startswith("to_ngo."):
            assert len(parts(fill(text, values))) <= MORE_PARTS.get(name, 1), name


@pytest.mark.parametrize(("country", "language"), BOOKS)
def test_a_text_to_a_service_names_every_need_and_a_missing_place_in_whole_words(country: str, language: str) -> None:
    """Only the name of a region, a district or a town may be cut. *Another country* is sent as *abroad*."""
    notices = of(country).book.notices[language]
    places = [notices[name] for name in ("to_ngo.place_not_said", "places.abroad")]
    places += [label for code, label in of(country).book.locals[language].lists["abroad"] if code != ABROAD]
    assert [text for text in places if brief(text, MOST_PLACE) != text] == []
    needs = [text for name, text in notices.items() if name.startswith("needs.") or name == "to_ngo.need_not_said"]
    assert len(needs) > 5
    assert [text for text in needs if brief(text, MOST_NEED) != text] == []


def test_a_family_reads_an_embassy_that_an_operator_adds_to_the_file(root: Path) -> None:
    """With the country it is in, and *?* until somebody verifies it. Every other page names the ministry's site."""
    row = '{number: "+74951234567", what: x, kind: embassy, country: RU, source: x, on: 2026-11-30, verified: null}'
    edit(root / "countries/kg.yaml", r"^embassies:\n(?:#.*\n|  - .*\n)*", f"embassies: [{row}]\n")
    book = load(Config(country="KG"), root).book
    for keys, there in [("1", "Россия: наш консул +74951234567?, помощь 112?."), ("2", "Казахстан: помощь 112?.")]:
        turn = converse(book, ["2", "5", "9", "3", "9", "1", keys], b"")
        pages = book.pages["ru"][book.shown("ru", turn.screen, turn.draft)]
        read = " ".join(page.text.split("\n")[0] for page in pages)
        assert turn.screen == "close.there"
        assert read.startswith(there)
        assert ("Номера всех посольств" in read) == (keys == "2")


UNSAFE = [
    ("Хорошо. Мы не потревожим.", []),
    ("OK. We call and say LAMP, you answer RAIN. Delete this text.", []),
    ("Call 102.", []),
    ("Call 1021.", ["contains '1021': a code or an address"]),
    ("Ваш код 482913", ["contains '4829': a code or an address"]),
    ("See https://a.b", ["contains 'https:': a code or an address"]),
    ("See WWW.example", ["contains 'WWW.': a code or an address"]),
    ("See help.kg now", ["contains 'help.kg': a code or an address"]),
    ("Write me@there", ["contains '@': a code or an address"]),
    ("POLICE", ["contains 'polic'"]),
    ("Против насилия и торговли", ["contains 'торгов'", "contains 'насили'"]),
    ("Вы жертва?", ["contains 'жертв'"]),
    ("Милиция", ["contains 'милиц'"]),
    ("Тест на ВИЧ", ["contains 'вич'"]),
    ("HIV test at the clinic", ["contains 'clinic'", "contains 'hiv'"]),
    ("Shelter for pregnant women", ["contains 'pregnan'", "contains 'shelter'"]),
    ("Пишет Пример Бишкек", ["names a service of the directory"]),
    ("пример БИШКЕК пишет", ["names a service of the directory"]),
]


@pytest.mark.parametrize(("text", "says"), UNSAFE, ids=[row[0] for row in UNSAFE])
def test_r13_these_words_must_not_be_on_a_watched_phone(text: str, says: list[str]) -> None:
    """No four digits, no address, no word of danger, health or police, no name of a service, in any case."""
    assert list(unsafe_wordings(text, frozenset({"Пример Бишкек"}))) == says


@pytest.mark.parametrize("country", COUNTRIES)
def test_r13_no_present_text_to_a_caller_is_unsafe(country: str) -> None:
    """In every language, with the names of all services of the made-up directory."""
    assert list(unsafe_texts(of(country), directory_names(ROOT))) == []
    assert directory_names(ROOT) >= {"Sample Bishkek", "Пример Худжанд"}


def test_r13_an_unsafe_translation_is_reported_with_its_position(root: Path) -> None:
    """The position is that of the text in the source, and the language is named."""
    translate(root, "to_caller.no_call", "Пишет Пример Бишкек. Полиция?")
    line = line_of(root, "notices.yaml", "^  no_call:")
    assert checked(root) == [
        f"content/notices.yaml:{line}:3: [ru] a text to a caller contains 'полиц'; remove it (R13)",
        f"content/notices.yaml:{line}:3: [ru] a text to a caller names a service of the directory; remove it (R13)",
    ]


def test_r13_more_than_thirty_texts_to_callers_are_too_many(root: Path) -> None:
    """Each text is one more thing that another person may find. To add one more, remove one."""
    there = sum(name.startswith("to_caller.") for name in of("KG").book.tree.notices)
    more = range(31 - there)
    edit(root / "notices.yaml", "^to_caller:\n", "\\g<0>" + "".join(f'  more_{n}: "Good."\n' for n in more))
    for n in more:
        add(root, f"to_caller.more_{n}", "Good.", "Хорошо.")
    assert checked(root) == ["content/notices.yaml:1:1: there are 31 texts to callers; at most 30 are allowed (R13)"]


LONG = [
    ("to_caller.hello", "Ы" * 70, ""),
    ("to_caller.hello", "Ы" * 71, "is 71 long, 70 fit into 1 SMS"),
    ("to_caller.hello", "x" * 160, ""),
    ("to_caller.hello", "x" * 161, "is 161 long, 160 fit into 1 SMS"),
    ("to_caller.hello", "x" * 158 + "€", ""),
    ("to_caller.hello", "x" * 159 + "€", "is 161 long, 160 fit into 1 SMS"),
    ("to_ngo.passed", "Ы" * 65 + "{offer}", ""),
    ("to_ngo.passed", "Ы" * 66 + "{offer}", "is 71 long, 70 fit into 1 SMS"),
]


@pytest.mark.parametrize(
    ("text", "translation", "says"), LONG, ids=[f"{row[0]} {len(row[1])}{row[1][0]}" for row in LONG]
)
def test_a_text_with_too_many_sms_parts_is_found(root: Path, text: str, translation: str, says: str) -> None:
    """Weighed with the longest values, in the encoding that its letters force. The fault names its line."""
    line = translate(root, text, translation)
    assert checked(root) == [f"{NAMED}:{line}:1: [ru] {text} {says}; shorten it"][: bool(says)]


def test_the_card_may_have_three_sms_parts(root: Path) -> None:
    """201 units of Cyrillic are three joined parts. One unit more needs a fourth."""
    (english,) = (text.english for text in of("KG").parsed.tree.notices.values() if text.path == "to_ngo.card")
    slots = "".join(f"{{{slot}}}" for slot in SLOT.findall(english))
    book = load(Config(), root).book
    values = {**book.locals["ru"].longest, **longest_with_parts(book, "ru", "to_ngo.card")}
    for over in (0, 1):
        broken = Path(shutil.copytree(root, root.parent / f"over{over}" / "content"))
        translate(broken, "to_ngo.card", "Ы" * (201 - len(fill(slots, values)) + over) + slots)
        misfits = [misfit.what for misfit in sms_misfits(print_content(Config(), read_sources(broken))[0].book)]
        assert misfits == ["is 202 long, 201 fit into 3 SMS; shorten it"][:over]


def test_only_a_complete_language_is_offered(root: Path) -> None:
    """A missing, empty or guessed (fuzzy) text removes the language. Each is reported where it can be fixed."""
    rows = [
        (translate(root, "to_caller.no_call", ""), "to_caller.no_call is not translated; write its msgstr"),
        (edit(root / PO, '^msgctxt "keys.9"', "#, fuzzy\n\\g<0>") + 1,
            "keys.9 is a guess (fuzzy); correct it, then delete the word fuzzy"),
        (edit(root / PO, '^msgctxt "start.stopped"', 'msgctxt "start.stoped"'),
            "start.stoped: no text of the content has this path any more; run: ./komek translate update ru"),
    ]  # fmt: skip
    lines = {
        line_of(root, PO.as_posix(), rf'^msgctxt "{says.partition(" ")[0].rstrip(":")}"'): says for _, says in rows
    }
    stopped = line_of(root, "menus/start.yaml", "^  stopped:")
    faults = [f"{NAMED}:{line}:1: {says}" for line, says in lines.items()]
    faults += [
        f"content/menus/start.yaml:{stopped}:3: start.stopped has no translation into ru; run: ./komek translate update ru"
    ]
    assert sorted(checked(root)) == sorted(faults)


def test_an_incomplete_language_is_left_out_and_logged(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Callers choose among complete languages. The log has the code of the other language, and no text."""
    offered = load(Config(), root).book.languages
    translate(root, "to_caller.no_call", "")
    with caplog.at_level("WARNING", log.__name__):
        assert load(Config(), root).book.languages == tuple(each for each in offered if each != "ru")
    assert [(row.message, row.__dict__["ids"]) for row in caplog.records] == [("language_left_out", {"language": "ru"})]


def test_a_text_too_long_in_one_language_removes_only_that_language(root: Path) -> None:
    """The other languages stay as they were, and the list of languages is one shorter."""
    translate(root, "to_caller.hello", "Ы" * 71)
    book = load(Config(), root).book
    assert "ru" not in book.languages
    assert [code for code, _ in book.locals["en"].lists["languages"]] == list(book.languages)


def test_a_country_in_english_alone_does_not_start(root: Path) -> None:
    """It would serve nobody. The error says why each language is incomplete."""
    shutil.rmtree(root / "locale")
    with pytest.raises(ContentFaults) as faults:
        load(Config(), root)
    assert f"{NAMED}:1:1: is missing; create it: ./komek translate update ru" in map(str, faults.value.faults)


@pytest.mark.parametrize(
    ("translation", "says"),
    [
        ("Ваше слово {word}.", "{ours} of the English is missing; add it to the translation"),
        ("{word}, {ours}, {code}.", "no such placeholder: 'code'; use one of: ours, word"),
        ("{word} {ours} {Word}", "a curly bracket without a name; write {name} in small letters, or remove it"),
        ("{word}\u200b {ours}", "the character U+200B is invisible; remove it"),
        ("{word} {ours}\u00ad.", "the character U+00AD is invisible; remove it"),
        (r"{word}\n{ours}", "a new line that the English does not have; remove it"),
        (
            " {word} {ours}",
            "a space or a line end at the start or end of the text; remove it (block texts: '>-' or '|-')",
        ),
    ],
)
def test_a_translation_that_would_be_shown_wrongly_is_a_fault(root: Path, translation: str, says: str) -> None:
    """A caller would miss their word, read a name in curly brackets, or see a square."""
    line = translate(root, "to_caller.kept", translation.replace("\\", "\\\\"))
    assert checked(root) == [f"{NAMED}:{line}:1: to_caller.kept: {says}"]


HEADERS = [
    (
        "charset=UTF-8",
        "charset=koi8-r",
        "the header says charset=koi8-r; write Content-Type: text/plain; charset=UTF-8",
    ),
    ("Language: ru", "Language: kk", "says Language: kk; its folder is ru"),
]


@pytest.mark.parametrize(("was", "now", "says"), HEADERS, ids=["charset", "language"])
def test_a_file_of_another_language_or_charset_is_a_fault(root: Path, was: str, now: str, says: str) -> None:
    """So a file in the wrong folder or charset is found."""
    (root / PO).write_text(re.sub(was, now, (root / PO).read_text("utf-8"), count=1, flags=re.IGNORECASE), "utf-8")
    (fault,) = checked(root)
    assert fault.startswith(NAMED)
    assert fault.endswith(says)


def test_a_text_that_is_translated_twice_is_a_fault(root: Path) -> None:
    """It would be unclear which of the two is shown."""
    with (root / PO).open("a", encoding="utf-8") as file:
        file.write('\nmsgctxt "hints.key"\nmsgid "Use a key below."\nmsgstr "Нет."\n')
    (fault,) = checked(root)
    assert "hints.key is here twice (first at line" in fault


def test_a_translation_equal_to_the_english_is_a_warning(root: Path) -> None:
    """It may be right, like a name. A glossary term that is never translated (SOS) gives no warning."""
    english = of("KG").parsed.tree.notices["hints.nothing"].english
    line = translate(root, "hints.nothing", english)
    assert checked(root) == []
    assert [str(doubt) for doubt in check_content.doubts(root) if "hints.nothing" in str(doubt)] == [
        f"{NAMED}:{line}:1: hints.nothing is the same as the English; translate it, or mark its words in glossary.yaml"
    ]
    assert not [doubt for doubt in check_content.doubts(root) if "start.language.8" in str(doubt)]


def test_a_word_that_a_language_has_in_common_with_english_is_no_warning() -> None:
    """The glossary names it, with the reason beside it. It is one for each language."""
    glossary = Glossary.of(read_yaml(ROOT / "glossary.yaml"))
    assert [glossary.stays("Login", language) for language in ("tk", "uz", "ky")] == [True, True, False]
    assert not glossary.stays("Login and password", "tk")


def test_a_check_of_this_content_prints_no_such_warning() -> None:
    """What waits for a reviewer is work for people: it is counted, and listed on request."""
    assert check_content.doubts() == []
    waiting = [*waiting_exceptions(read_sources(ROOT))]
    assert list(check_content.awaiting(waiting, verbose=False)) == [
        f"{len(waiting)} exceptions wait for a reviewer; `komek check --verbose` lists them"
    ]
    assert len(list(check_content.awaiting(waiting, verbose=True))) == len(waiting)
    assert list(check_content.awaiting([], verbose=False)) == []


def test_a_word_of_two_scripts_is_a_warning(root: Path) -> None:
    """A Latin o in a Russian word looks right but is wrong."""
    line = translate(root, "hints.key", "Не тa цифра.")
    what = "hints.key: 'тa' has Latin and Cyrillic letters in one word; write it in one script"
    assert f"{NAMED}:{line}:1: {what}" in map(str, check_content.doubts(root))


def test_all_faults_of_a_country_are_reported_at_once(root: Path) -> None:
    """A screen that is too long does not hide a missing translation."""
    long = translate(root, "callback.may_sms", "Ы" * 71)
    empty = translate(root, "hints.nothing", "")
    assert checked(root) == [
        f"{NAMED}:{long}:1: [ru] callback.may_sms does not fit one screen: shorten it",
        f"{NAMED}:{empty}:1: hints.nothing is not translated; write its msgstr",
    ]


def test_a_screen_without_room_for_the_error_text_is_a_fault(root: Path) -> None:
    """It fits, but not with the error text, so its author must write a shorter text for that case."""
    line = translate(root, "callback.may_sms", "Ы" * 58)  # and below it, as usual, `1 Да` and `0 Нет`
    what = "callback.may_sms leaves no room for the error text after a wrong key: give it a text `again`"
    assert checked(root) == [f"{NAMED}:{line}:1: [ru] {what}"]


def test_a_text_to_read_has_six_pages_at_most(root: Path) -> None:
    """In any language: a watched caller will not turn a seventh page."""
    translate(root, "advice.wages", " ".join(["Ы" * 40] * 7))
    (fault,) = checked(root)
    assert fault.endswith("[ru] takes 7 pages, but callers read 6 at most; shorten it")


def test_a_screen_that_nobody_can_reach_is_a_fault(root: Path) -> None:
    """`check` follows every path, from the dial and from the screens that the program itself opens."""
    edit(root / "menus/start.yaml", "^  stopped:", '  alone: {end: "Hello."}\n\n\\g<0>')
    add(root, "start.alone", "Hello.", "Привет.")
    (fault,) = checked(root)
    assert "start.alone can never be reached" in fault


BROKEN = [
    ("words.yaml", "^ours:", "ours: [", "words.yaml:"),
    ("words.yaml", "^ours:", "hours:", "content:1:1: [KG] KeyError: 'ours'"),
    ("words.yaml", r", TABLE\]", "]", "content/words.yaml:1:1: [en] callers need 7 different words"),
    ("words.yaml", r"\[LAMP", "[RAIN", "content/words.yaml:1:1: [en] callers need 7 different words"),
    ("keywords.yaml", "^stop:", "stpo:", "content:1:1: KeyError: 'stop'"),
    (
        "sentences/en.yaml",
        r"^request: \|\n",
        "request: |\n  stop\n",
        "content/sentences/en.yaml:1:1: 'stop' asks for help, but is taken for STOP",
    ),
    ("reviews.yaml", r"^marks: \[\]", "marks: [{text: a}]", "content:1:1: TypeError"),
    ("countries/kg.yaml", "^zone: Asia/Bishkek", "zone: Asia/Biskek", "content/countries/kg.yaml:1:1: zone: "),
    ("directory/sample.yaml", r"^KG:\n(.*\n)*?TJ:", "KG: {services: []}\nTJ:", "content:1:1: [KG] KeyError"),
    ("notices.yaml", r'^  key: "', '  kee: "', "content:1:1: [KG] KeyError: 'hints.key'"),
    (
        "menus/callback.yaml",
        r"^(      drawn: .*)consent: yes",
        r"\1consent: no",
        "content/menus/start.yaml:7:1: [en] a caller cannot make a request with 8 keys",
    ),
]


@pytest.mark.parametrize(("file", "pattern", "new", "says"), BROKEN, ids=[f"{row[0]} {row[2]}" for row in BROKEN])
def test_check_finds_faults_that_a_process_would_meet_later(
    root: Path, file: str, pattern: str, new: str, says: str
) -> None:
    """`check` reads all that the service will read, so that authors and callers never meet its exceptions."""
    edit(root / file, pattern, new)
    faults = checked(root)
    assert any(line.startswith(says) for line in faults), faults


@pytest.mark.parametrize("file", ["words.yaml", "keywords.yaml", "reviews.yaml", "directory/sample.yaml"])
def test_a_file_that_is_missing_is_a_fault(root: Path, file: str) -> None:
    """The fault names the file."""
    (root / file).unlink()
    assert checked(root) == [f"{Path(file).name}:1:1: cannot be read (FileNotFoundError)"]


def test_a_country_without_content_is_refused_with_the_known_ones() -> None:
    """The error of the start lists the countries with content."""
    with pytest.raises(ContentFaults) as faults:
        load(Config(country="XX"))
    (fault,) = faults.value.faults
    assert str(fault) == f"content/countries/xx.yaml:1:1: there is no country XX; use one of: {', '.join(COUNTRIES)}"


@pytest.mark.parametrize(
    ("pattern", "new", "says"),
    [
        ("^zone:", "zoone:", ["zone: Field required", "zoone: Extra inputs are not permitted"]),
        (
            "^legal_duty: null",
            "legal_duty: yes",
            ["legal_duty: Input should be a valid dictionary or instance of LegalDuty"],
        ),
        (r'^  number: "189"\n', "", ["direct_line.number: Field required"]),
    ],
)
def test_a_fault_in_a_country_names_its_field(root: Path, pattern: str, new: str, says: list[str]) -> None:
    """All at once. An unknown field is a fault too, so that a misspelt field is not lost."""
    edit(root / "countries/kg.yaml", pattern, new)
    with pytest.raises(ContentFaults) as faults:
        load_country(root, "KG")
    assert [str(fault) for fault in faults.value.faults] == [f"content/countries/kg.yaml:1:1: {what}" for what in says]


def numbers_of(country: CountryData) -> list[str]:
    """Return the numbers of a country as a screen shows them."""
    settings = settings_of(Config(), country)
    return [*settings["emergency"].split(", "), *filter(None, [settings["direct"]])]


@pytest.mark.parametrize("country", COUNTRIES)
def test_r19_a_number_that_nobody_has_verified_is_marked(country: str) -> None:
    """On every screen and in every language. Today this is every number."""
    content = of(country)
    lines = [line for line in (*content.country.emergency, content.country.direct_line) if line and line.brief]
    assert numbers_of(content.country) == [f"{line.number}{'' if line.verified else '?'}" for line in lines]
    for language, pages in content.book.pages.items():
        (emergency,) = pages["start.emergency"]
        for number in numbers_of(content.country):
            assert number in emergency.text, language


def test_r19_a_verified_number_loses_its_mark(root: Path) -> None:
    """The file must say who verified it, when and how.

    The others keep their marks, and production still refuses them.
    """
    verified = "verified: {by: A. Person, on: 2026-11-20, how: a test call}"
    edit(root / "countries/kg.yaml", r'^(.*number: "102".*)verified: null', rf"\1{verified}")
    country = load_country(root, "KG")
    assert numbers_of(country) == ["102", "103?", "189?"]
    embassies = [embassy.number for embassy in country.embassies]
    assert country.unverified == ["103", "189", "111", "117", *embassies, "112", "119", "999", "998"]


PRESENT = digest_of(ROOT)
FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*") if path.suffix in {".yaml", ".po"})


@pytest.mark.parametrize("file", FILES, ids=str)
def test_any_edit_is_another_version(shared: Path, file: Path) -> None:
    """A consent names the exact content that was read: one more space in any file is another version."""
    copy = shared / file
    before = copy.read_bytes()
    copy.write_bytes(before + b" ")
    changed = digest_of(shared)
    copy.write_bytes(before)
    assert changed != digest_of(shared) == PRESENT


def test_a_moved_deleted_or_new_file_is_another_version(full: Path) -> None:
    """File names count as well as contents. Files that are not content do not."""
    seen = {digest_of(full)}
    for act in (
        lambda: (full / "countries/kg.yaml").rename(full / "countries/kz.yaml"),
        (full / "countries/tj.yaml").unlink,
        lambda: (full / "menus/new.yaml").write_text(""),
    ):
        act()
        seen.add(digest_of(full))
    assert len(seen) == 4
    (full / "notes.txt").write_text("not for callers")
    assert digest_of(full) in seen


@pytest.mark.parametrize(("country", "language"), BOOKS[:1] + [waits(*book) for book in BOOKS[1:]])
def test_an_operator_can_offer_one_language_alone(country: str, language: str) -> None:
    """It is another version: the keys of the first screen are others. Words by SMS are understood as before."""
    alone, whole = load(Config(country=country, languages=(language,))), of(country)
    assert alone.country.languages == alone.book.languages == (language,)
    assert alone.book.notices[language].keys() == whole.book.notices[language].keys()
    assert alone.book.digest != whole.book.digest
    for text in ("жардам", "ёрдам", "токто", "STOP", "помогите"):
        assert (type(alone.keywords.caller(text)), alone.keywords.stops(text)) == (
            type(whole.keywords.caller(text)),
            whole.keywords.stops(text),
        )


def test_the_order_of_languages_is_that_of_the_file() -> None:
    both = load(Config(country="KG", languages=("ru", "ky")))
    assert both.book.languages == ("ky", "ru")
    assert both.book.digest == load(Config(country="KG", languages=("ky", "ru"))).book.digest


def test_the_neighbours_languages_stay_those_of_neighbours_without_english() -> None:
    """A service needs no name in them: otherwise an import would ask for names that nobody has."""
    assert load_country(ROOT, "KG", ("tg", "ky")).own_languages == ("ky",)
    assert load_country(ROOT, "KG").own_languages == ("ky", "ru", "uz_Cyrl", "en")


def test_a_language_that_a_country_does_not_have_is_refused() -> None:
    with pytest.raises(ContentFaults, match="KOMEK_LANGUAGES: tk, xx is not offered; choose from ky, ru"):
        load(Config(country="KG", languages=("ru", "tk", "xx")))


@pytest.mark.parametrize(("country", "language"), BOOKS)
def test_a_request_is_stored_at_the_fourth_press(country: str, language: str) -> None:
    """Language, call me, the drawn key, a time: ten seconds are enough."""
    assert summary.to_request(of(country).book, language) == 4


@pytest.mark.parametrize(("country", "language"), BOOKS)
def test_r06_the_caller_has_seven_words_and_none_of_ours(country: str, language: str) -> None:
    """Each has its own digit on one screen, and no word can be mistaken for one of ours."""
    local = of(country).book.locals[language]
    callers_words = [word for _, word in local.lists["words"]]
    assert len(set(callers_words)) == 7
    assert len(of(country).book.pages[language]["request.word"]) == 1
    assert not set(callers_words) & set(local.our_words)
    assert len(set(local.our_words)) == len(local.our_words) >= 16


def test_the_book_of_callers_holds_no_text_of_the_console() -> None:
    """Those are two thirds of the translations, and every process would keep them in memory."""
    locals_ = contents(Config()).book.locals
    assert any(local.catalog for local in locals_.values())
    assert [path for local in locals_.values() for path, _ in local.catalog if path.startswith(BROWSER)] == []


def test_equal_sets_of_roles_are_one_object() -> None:
    """Thousands of words have a single role."""
    roles = contents(Config()).keywords.lexicon.roles.values()
    assert len({id(each) for each in roles}) == len(set(roles)) < len(roles) / 10
