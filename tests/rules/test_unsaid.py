"""R37, R2: no text in any language puts a label on a caller or asks who they are. `komek check` finds each that does."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.authoring.unsaid import old_exceptions, read_unsaid, unsaid_in_country, unsaid_words, waiting_exceptions
from helpline.commands.menus import check_content
from helpline.content.catalogs import file_of
from helpline.content.country_file import LegalDuty
from helpline.content.reviews import hash_of
from helpline.content.sources import ROOT, load_country, read_sources

UNSAID = read_unsaid(ROOT)
LABELS: Mapping[str, tuple[str, ...]] = {
    "en": ("Are you a victim?", "For victims of crime", "You were trafficked.", "Human trafficking", "Modern slavery",
        "They enslaved you?", "You are here illegally", "Help for migrants", "Undocumented? Call us."),
    "ru": ("Вы жертва? Имя?", "Помощь жертвам", "Вас сделали жертвой", "Торговля людьми", "Жертвы торговли людьми",
        "Вы раб?", "Вас держали в рабстве", "Рабыня", "Вы нелегал", "Вы здесь незаконно", "Мигрантам", "Для потерпевших"),
    "kk": ("Сіз құрбансыз ба?", "Құрбандарға көмек", "Адам саудасы", "Адам саудасының құрбаны", "Сіз құлсыз ба?",
        "Құлдықта болдыңыз ба?", "Заңсыз келдіңіз бе?", "Мигранттарға", "Жәбірленушілерге"),
    "ky": ("Сиз курмансызбы?", "Курмандыктарга жардам", "Адам соодасы", "Адам сатуу", "Кулчулукта болдуңузбу?",
        "Мыйзамсыз келдиңизби?", "Мигранттарга", "Жабырлануучуларга", "Жапа чеккендер"),
    "tg": ("Шумо қурбонӣ ҳастед?", "Ба қурбониён кӯмак", "Савдои одамон", "Хариду фурӯши одам", "Шумо ғуломед?",
        "Шуморо дар бардагӣ нигоҳ доштанд?", "Ғайриқонунӣ омадед?", "Ба муҳоҷирон", "Ҷабрдидагон"),
    "uz": ("Siz qurbonmisiz?", "Qurbonlarga yordam", "Odam savdosi", "Odam savdosi qurbonlari", "Siz qulmisiz?",
        "Qullikda bo'ldingizmi?", "Noqonuniy keldingizmi?", "Migrantlarga", "Jabrlanuvchilarga", "G‘ayriqonuniy"),
    "uz_Cyrl": ("Сиз қурбонмисиз?", "Қурбонларга ёрдам", "Одам савдоси", "Сиз қулмисиз?", "Қулликда бўлдингизми?",
        "Ноқонуний келдингизми?", "Мигрантларга", "Жабрланувчиларга", "Ғайриқонуний"),
    "tk": ("Siz pidamy?", "Pidalara kömek", "Adam söwdasy", "Adam söwdasynyň gurbanlary", "Gulçulykda bolduňyzmy?",
        "Bikanun geldiňizmi?", "Migrantlara", "Jebir çekenlere"),
}  # fmt: skip
"""Labels, inflected as a text would."""
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "en": ("Your name?", "Type your full name.", "What is your address?", "Passport number:", "Your nationality?",
        "Are you a citizen?", "What is your status?", "Where do you live?", "Do you have papers?", "Passport?",
        "Date of birth?", "Who are you?", "What happened to you?"),
    "ru": ("Ваше имя?", "Введите имя и фамилию.", "Как вас зовут?", "Ваш адрес?", "Напишите адрес", "Номер паспорта:",
        "Ваше гражданство?", "Вы гражданин?", "Ваша национальность?", "Какой у вас статус?", "Где вы живёте?",
        "Есть ли документы?", "Паспорт?", "Дата рождения?", "Кто вы?", "Расскажите, что случилось."),
    "kk": ("Атыңыз кім?", "Атың кім?", "Аты-жөніңізді жазыңыз.", "Есіміңіз?", "Мекенжайыңыз?", "Қайда тұрасыз?",
        "Паспорт нөмірі:", "Ұлтыңыз?", "Азаматтығыңыз?", "Паспортыңыз бар ма?", "Құжат?", "Туған күніңіз?", "Кімсіз?"),
    "ky": ("Атыңыз ким?", "Атың ким?", "Аты-жөнүңүздү жазыңыз.", "Ысымыңыз?", "Дарегиңиз?", "Кайда жашайсыз?",
        "Паспорттун номери:", "Улутуңуз?", "Жарандыгыңыз?", "Паспортуңуз барбы?", "Документ?", "Туулган күнүңүз?",
        "Кимсиз?"),
    "tg": ("Номатон чист?", "Номат чист?", "Ному насабатонро нависед.", "Суроғаи шумо?", "Дар куҷо зиндагӣ мекунед?",
        "Рақами шиноснома:", "Миллататон?", "Шаҳрвандии шумо?", "Ҳуҷҷат доред?", "Шиноснома?", "Соли таваллуд?",
        "Шумо кистед?"),
    "uz": ("Ismingiz nima?", "Isming nima?", "Ismi sharifingizni yozing.", "Manzilingiz?", "Qayerda yashaysiz?",
        "Pasport raqami:", "Millatingiz?", "Fuqaroligingiz?", "Hujjatingiz bormi?", "Pasport?", "Tug‘ilgan kuningiz?",
        "Kimsiz?", "Nima bo‘ldi?"),
    "uz_Cyrl": ("Исмингиз нима?", "Исминг нима?", "Исми шарифингизни ёзинг.", "Манзилингиз?", "Қаерда яшайсиз?",
        "Паспорт рақами:", "Миллатингиз?", "Фуқаролигингиз?", "Ҳужжатингиз борми?", "Паспорт?", "Туғилган кунингиз?",
        "Кимсиз?", "Нима бўлди?"),
    "tk": ("Adyňyz näme?", "Adyň näme?", "Familiýaňyzy ýazyň.", "Salgyňyz?", "Nirede ýaşaýarsyňyz?", "Pasport belgisi:",
        "Milletiňiz?", "Raýatlygyňyz?", "Pasportyňyz barmy?", "Pasport?", "Doglan günüňiz?", "Kimsiňiz?"),
}  # fmt: skip
"""Questions for a name, an address, a paper's number, a nationality, a status or a story."""
HARMLESS: Mapping[str, tuple[str, ...]] = {
    "en": ("Your passport is yours.", "Papers taken", "Where are you?", "How old are you?", "What do you need?"),
    "ru": ("Работа", "Вам не платят за работу?", "Паспорт забрали", "Где вы?", "Сколько вам лет?", "Жар, температура"),
    "kk": ("Жұмыс", "Қай жердесіз?", "Неше жастасыз?", "Құжатты алып қойды", "Құлақ ауырса", "Тегін", "Күн сайын"),
    "ky": ("Жумуш", "Кайдасыз?", "Канча жаштасыз?", "Паспортту алып коюшту", "Кулак", "Атын жазам"),
    "tg": ("Кор", "Шумо дар куҷо?", "Чандсолаед?", "Ҳуҷҷатро гирифтаанд", "Бардоред", "Номаълум"),
    "uz": ("Ish", "Qayerdasiz?", "Yoshingiz nechada?", "Hujjatni olib qo'yishgan", "Quloq", "Qulay vaqt"),
    "uz_Cyrl": ("Иш", "Қаердасиз?", "Ёшингиз нечада?", "Ҳужжатни олиб қўйишган", "Қулоқ", "Қулай вақт"),
    "tk": ("Iş", "Siz nirede?", "Ýaşyňyz näçe?", "Pasporty aldylar", "Gulak", "Ýene näme?", "Ýeriň adyny ýazyň"),
}  # fmt: skip
"""Sentences of everyday with words that begin alike, and the questions that Komek does ask."""
EVERYWHERE = tuple(LABELS)


def rows(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), rows(LABELS))
def test_r37_a_label_is_found_in_any_language_and_inflection(language: str, text: str) -> None:
    """Also in a text to a service."""
    assert list(UNSAID.in_text(text, language, to_caller=False))


@pytest.mark.parametrize(("language", "text"), rows(QUESTIONS))
def test_r02_a_question_for_name_status_or_story_is_found_in_any_language(language: str, text: str) -> None:
    assert list(UNSAID.in_text(text, language))


@pytest.mark.parametrize(("language", "text"), rows(HARMLESS))
def test_everyday_sentences_are_no_labels_and_no_questions(language: str, text: str) -> None:
    assert list(UNSAID.in_text(text, language)) == []


@pytest.mark.parametrize("text", ["Вы жертва?", "Ваше гражданство?", "Victims"])
@pytest.mark.parametrize("language", EVERYWHERE)
def test_r37_russian_and_english_are_found_in_a_text_of_any_language(language: str, text: str) -> None:
    assert list(UNSAID.in_text(text, language))


TWINS = dict(zip("авсенкмортхуАВСЕНКМОРТХ", "abcehkmoptxyABCEHKMOPTX", strict=True)) | {"о": "0", "з": "3"}
TWINS |= {latin: cyrillic for cyrillic, latin in TWINS.items() if latin.isalpha()}


@given(st.sampled_from([*rows(LABELS), *rows(QUESTIONS)]), st.data())
def test_r37_disguised_words_are_found(row: tuple[str, str], data: st.DataObject) -> None:
    """Letters of another alphabet that look the same, capitals, soft hyphens, and letters apart."""
    language, text = row
    swapped = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    said = "".join(TWINS.get(letter, letter) if swap else letter for letter, swap in zip(text, swapped, strict=True))
    words = said.split()
    at = data.draw(st.integers(0, len(words) - 1))
    hidden = data.draw(st.sampled_from(["", "\u00ad", "\u200b"]))
    words[at] = hidden.join(words[at])
    said = " ".join(words)
    assert list(UNSAID.in_text(data.draw(st.sampled_from([said, said.upper()])), language)), said


@pytest.mark.parametrize(
    ("language", "text"), [("ru", "в ы ж е р т в а ?"), ("uz", "q-u-r-b-o-n"), ("en", "v.i.c.t.i.m")]
)
def test_r37_a_word_with_its_letters_apart_is_found(language: str, text: str) -> None:
    assert list(UNSAID.in_text(text, language))


WANTED = read_sources().wanted


def copied(folder: Path, language: str) -> Path:
    """Copy the menus, the notices and one translation, which tests may break."""
    others = shutil.ignore_patterns("places", "directory", "fonts", "console", "schema", *({*EVERYWHERE} - {language}))
    return Path(shutil.copytree(ROOT, folder / "content", ignore=others))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path, "ru")


CHANNELS = {
    "start.home": "a screen",
    "callback.age.1": "an option",
    "callback.state_line.again": "an error text",
    "start.stopped": "a last screen",
    "to_caller.ask": "an SMS to a caller",
    "sms.when.1": "an option of a dialogue by SMS",
    "status.waiting": "how a request stands",
    "needs.talk": "one of the needs",
}


def put(root: Path, path: str, language: str, said: str) -> None:
    """Replace a text of the content, as an author or a translator would."""
    english, mark = WANTED[path]
    if language == "en":
        file = root.parent / mark.file
        lines = file.read_text("utf-8").split("\n")
        at = next(at for at in range(mark.line - 1, len(lines)) if f'"{english}"' in lines[at])
        lines[at] = lines[at].replace(f'"{english}"', f'"{said}"')
        file.write_text("\n".join(lines), "utf-8")
        return
    entry = re.compile(rf'(msgctxt "{re.escape(path)}"\nmsgid (?:".*"\n)+msgstr )(?:".*"\n)+')
    changed, count = entry.subn(lambda found: f'{found[1]}"{said}"\n', file_of(root, language).read_text("utf-8"))
    assert count == 1
    file_of(root, language).write_text(changed, "utf-8")


@pytest.mark.parametrize("language", EVERYWHERE)
def test_r37_r02_check_refuses_a_text_in_each_language_on_each_channel(tmp_path: Path, language: str) -> None:
    """A label, then a question, in a text of each kind that a caller sees. The fault is at the place of the text."""
    for number, said in enumerate((LABELS[language][0], QUESTIONS[language][0])):
        root = copied(tmp_path / str(number), language)
        for path in CHANNELS:
            put(root, path, language, said)
        sources = read_sources(root)
        found = {each.what.partition(" says ")[0]: each for each in unsaid_words(sources)}
        assert set(found) == {f"[{language}] {path}" for path in CHANNELS}
        for path in CHANNELS:
            place = sources.wanted[path][1] if language == "en" else sources.translation(language).mark(path)
            assert found[f"[{language}] {path}"].what.endswith("exceptions.yaml")
            assert str(found[f"[{language}] {path}"]).startswith(str(place and place.fault("")).rstrip())


def test_r37_komek_check_fails_on_a_label_and_a_question(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT, tmp_path / "content"))
    for country in (root / "countries").glob("*.yaml"):
        if country.stem != "kg":  # one country shows it, and the others take seconds
            country.unlink()
    put(root, "start.stopped", "ru", "Вы жертва? Имя?")
    (fault,) = check_content.survey(root).faults
    assert fault.what.startswith("[ru] start.stopped says 'жертв': nobody is labelled or asked who they are (R2, R37)")


def test_r37_a_legal_duty_has_no_such_word() -> None:
    """It is a text of a country's own file."""
    country = load_country(ROOT, "KG")
    assert list(unsaid_in_country(read_sources(), country)) == []
    duty = {"text": {"ru": "Мы сообщаем о жертвах."}, "signed": {"by": "A lawyer", "on": "2026-01-01"}}
    broken = country.model_copy(update={"legal_duty": LegalDuty.model_validate(duty)})
    (fault,) = unsaid_in_country(read_sources(), broken)
    assert (fault.file, "'жертв'" in fault.what) == ("content/countries/kg.yaml", True)


def except_(root: Path, **row: str) -> None:
    """Add an exception."""
    file = root / "exceptions.yaml"
    said = ", ".join(f'{name}: "{value}"' for name, value in row.items())
    file.write_text(file.read_text("utf-8") + f"- {{{said}}}\n", "utf-8")


def test_r37_an_exception_holds_for_one_wording_and_needs_a_reason(root: Path) -> None:
    """Any edit ends it. `komek check` says which exceptions nobody has reviewed, and which are out of date."""
    said = "Вы не жертва."
    put(root, "status.waiting", "ru", said)
    row = {"text": "status.waiting", "language": "ru", "hash": hash_of(said)}
    assert len(list(unsaid_words(read_sources(root)))) == 1
    except_(root, **row, reviewer="A caseworker", reason="")
    assert len(list(unsaid_words(read_sources(root)))) == 1
    except_(root, **row, reviewer="", reason="It says that they are none.")
    assert list(unsaid_words(read_sources(root))) == []
    assert "[ru] status.waiting waits for a reviewer: It says that they are none." in [
        each.what for each in waiting_exceptions(read_sources(root))
    ]
    put(root, "status.waiting", "ru", "Вы не жертва!")
    assert len(list(unsaid_words(read_sources(root)))) == 1
    assert f"[ru] status.waiting has other words now; remove its exception {hash_of(said)}" in [
        each.what for each in old_exceptions(read_sources(root))
    ]


def test_every_language_has_the_same_lists() -> None:
    """A language that is added must be searched, too."""
    bases = {path.parent.parent.name for path in ROOT.glob("locale/*/LC_MESSAGES/content.po")} | {"en"}
    for words in (UNSAID.labels, UNSAID.asked, UNSAID.alone):
        assert set(words) == bases
    assert bases == set(LABELS) == set(QUESTIONS) == set(HARMLESS)
