"""A draft of Uzbek in Cyrillic: the letters, the words from Russian, and what must not change."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from helpline.authoring.uzbek_cyrillic import from_latin
from helpline.commands.translate.translate import translate
from helpline.commands.translate.update import draft_language
from helpline.content import catalogs, po
from helpline.content.po import Entry, Po

HEADER = Entry("", "", "Content-Type: text/plain; charset=UTF-8\n")
LATIN = st.text("abdefghijklmnopqrstuvxyz'", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("O'zbekcha", "Ўзбекча"),
        ("bog' va g'isht", "боғ ва ғишт"),
        ("Shu choy", "Шу чой"),
        ("yo'q, yo‘l, yoʻl", "йўқ, йўл, йўл"),
        ("yoz, yurist, yaxshi, yetarli", "ёз, юрист, яхши, етарли"),
        ("daryo, bermayapti, qidiryapmiz", "дарё, бермаяпти, қидиряпмиз"),
        ("Elchixona ertaga keladi", "Элчихона эртага келади"),
        ("aeroport, poeziya", "аэропорт, поэзия"),
        ("ma'no, e'tibor, va'da", "маъно, эътибор, ваъда"),
        ("aytsangiz, ketsa", "айтсангиз, кетса"),
        ("Is'hoq", "Исҳоқ"),
    ],
)
def test_each_letter_is_converted(latin: str, cyrillic: str) -> None:
    """Each rule of spelling once."""
    assert from_latin(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("militsiya", "милиция"),
        ("Militsiyaga", "Милицияга"),
        ("infeksiya", "инфекция"),
        ("litsenziyasini", "лицензиясини"),
        ("Sentabr", "Сентябрь"),
        ("1 sentabrda", "1 сентябрда"),
        ("kuryerlar", "курьерлар"),
    ],
)
def test_russian_words_are_spelled_as_in_russian(latin: str, cyrillic: str) -> None:
    """They have ц and ь. A final ь is dropped before a suffix."""
    assert from_latin(latin) == cyrillic


@pytest.mark.parametrize(
    "kept", ["{word}", "{other_phone}", "SMS", "HA/YO'Q {offer}", "https://example.org/a-b", "*500#", "komek backup"]
)
def test_placeholders_links_and_keywords_do_not_change(kept: str) -> None:
    """Placeholders, links, words to send by SMS, and commands."""
    assert from_latin(f"yoz: {kept}, so'z") == f"ёз: {kept}, сўз"


def test_an_abbreviation_with_a_suffix_is_converted() -> None:
    """It has small letters, so it is not a keyword."""
    assert from_latin("OIVga") == "ОИВга"


@given(LATIN, LATIN)
def test_no_latin_letter_is_left(one: str, two: str) -> None:
    """Every small letter of the alphabet is converted, whatever its neighbours. c and w are not in the alphabet."""
    assert not set(from_latin(f"{one} {two}")) & set("abdefghijklmnopqrstuvxyz'")


def write(root: Path, language: str, *entries: Entry) -> Path:
    """Write a PO file."""
    path = catalogs.file_of(root, language)
    path.parent.mkdir(parents=True)
    path.write_text(po.write(Po(HEADER, entries)), "utf-8")
    return path


def test_a_draft_fills_only_missing_texts_and_marks_them_as_guesses(tmp_path: Path) -> None:
    """So no person's translation is lost, and no unread one is offered."""
    root = tmp_path / "content"
    write(
        root, "uz", Entry("a", "Yes", "Ha"), Entry("b", "No", "Yo'q"), Entry("c", "Call", ""), Entry("d", "Go", "Bor")
    )
    path = write(
        root, "uz_Cyrl", Entry("a", "Yes", "Ҳа!"), Entry("b", "No", flags=("max-length:9",)), Entry("c", "Call"), Entry("d", "Go on")
    )  # fmt: skip
    assert draft_language("uz_Cyrl", root).endswith("1 drafted, 2 missing")
    found, faults = po.read(path.name, path.read_bytes())
    assert faults == []
    assert [(each.translation, each.flags) for each in found.entries] == [
        ("Ҳа!", ()), ("Йўқ", ("fuzzy", "max-length:9")), ("", ()), ("", ()),
    ]  # fmt: skip


def test_a_language_without_another_script_is_refused() -> None:
    """The command names the languages that can be converted."""
    done = CliRunner().invoke(translate, ["draft", "ky"])
    assert done.exit_code == 2
    assert "uz_Cyrl" in done.output
