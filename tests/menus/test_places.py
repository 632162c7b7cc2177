"""People's spelling of a place finds it in any script, with typos and by old names. The places are the real ones."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from menus.places import MOST_FOUND, WIDTH, Index, Row
from menus.spelling import fold, key

FILE = Path(__file__).parents[2] / "content" / "places" / "places.jsonl"
LINES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
CYRILLIC = re.compile(r"[\u0400-\u04ff' -]+")
SEED = 24
Query = tuple[str, str]
"""The code of a place, and the text that is typed for it."""


@cache
def index(country: str, *, latin: bool = False) -> Index:
    """Index a country's places. `latin` uses only their names in Latin letters."""
    rows = []
    for line in LINES:
        if line["id"].startswith(country):
            names, also = (
                tuple(name for name in several if not (latin and CYRILLIC.fullmatch(name)))
                for several in (line["names"].values(), line["also"])
            )
            rows.append(Row(line["id"], line["region"], line["people"], line["names"]["en"], names, also))
    return Index.of(rows)


def codes(typed: str, country: str, *, latin: bool = False, region: str | None = None) -> list[str]:
    return [found.code for found in index(country, latin=latin).search(typed, region)]


def labels(typed: str, country: str, region: str | None = None) -> list[str]:
    return [found.label for found in index(country).search(typed, region)]


def unique_names() -> list[Query]:
    """Return each name that only one place of its country has. Places of the same name are told apart by region."""
    times = Counter((line["id"][:2], each) for line in LINES for each in {key(name) for name in line["names"].values()})
    return sorted({
        (line["id"], name)
        for line in LINES
        for name in line["names"].values()
        if times[line["id"][:2], key(name)] == 1
    })  # fmt: skip


@cache
def twins(code: str) -> frozenset[str]:
    """Return a place and all places of the same name in its region. To a caller a town and its district are one."""
    place = next(line for line in LINES if line["id"] == code)
    names = set(map(fold, place["names"].values()))
    beside = (line for line in LINES if line["region"] == place["region"])
    return frozenset(line["id"] for line in beside if names & set(map(fold, line["names"].values())))


def share(queries: list[Query], *, latin: bool = False) -> tuple[float, float]:
    """Return the share of queries that find their place first, and the share that find it among three."""
    found = [(twins(code), codes(typed, code[:2], latin=latin)) for code, typed in queries]
    return (
        sum(bool(wanted & {*several[:1]}) for wanted, several in found) / len(found),
        sum(bool(wanted & {*several}) for wanted, several in found) / len(found),
    )


def has_similar_latin_name(code: str, name: str) -> bool:
    """Whether a Latin name is similar. Достық is Druzhba in Latin letters, which no search could find."""
    line = next(line for line in LINES if line["id"] == code)
    return any(
        fuzz.ratio(key(name), key(other)) >= 50
        for other in (*line["names"].values(), *line["also"])
        if not CYRILLIC.fullmatch(other)
    )


@pytest.mark.long
def test_900_cyrillic_names_find_places_that_have_only_latin_names() -> None:
    towns = {line["id"] for line in LINES if line["kind"] == "town"}
    held_out = [(code, name) for code, name in unique_names() if code in towns and CYRILLIC.fullmatch(name)]
    held_out = [query for query in held_out if has_similar_latin_name(*query)]
    first, among = share(Random(SEED).sample(held_out, 900), latin=True)
    assert first >= 0.94
    assert among >= 0.99


@pytest.mark.long
def test_every_name_finds_its_place() -> None:
    first, among = share(unique_names())
    assert (first, among) == (1.0, 1.0)


def typo(chance: Random, name: str) -> str:
    """Omit a letter, insert one, replace one, or swap two."""
    at = chance.choice([at for at, letter in enumerate(name) if letter.isalpha()])
    letter = chance.choice("абвгдежзийклмнопрстуфхцчшыюя" if CYRILLIC.fullmatch(name) else "abcdefghijklmnopqrstuvwxyz")
    return chance.choice([
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
    ])  # fmt: skip


@pytest.mark.long
def test_200_names_with_a_typo_are_among_the_three_results() -> None:
    chance = Random(SEED)
    names = [(code, name) for code, name in unique_names() if len(name) > 3]
    _, among = share([(code, typo(chance, name)) for code, name in chance.sample(names, 200)])
    assert among >= 0.97


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("Ош", "KG", "Osh"),
        ("Osh", "KG", "Osh"),
        ("oshe", "KG", "Osh"),
        ("г.Ош", "KG", "Osh"),
        ("Өзгөн", "KG", "Uzgen"),
        ("узген", "KG", "Uzgen"),
        ("Фрунзе", "KG", "Bishkek"),
        ("Пржевальск", "KG", "Karakol"),
        ("Худжанд", "TJ", "Khujand"),
        ("Хуҷанд", "TJ", "Khujand"),
        ("Khujand", "TJ", "Khujand"),
        ("Ленинабад", "TJ", "Khujand"),
        ("Курган-Тюбе", "TJ", "Bokhtar"),
        ("Куляб", "TJ", "Kulob"),
        ("Qarshi", "UZ", "Qarshi"),
        ("Карши", "UZ", "Qarshi"),
        ("Qo'qon", "UZ", "Qo'qon"),
        ("Qoʻqon", "UZ", "Qo'qon"),
        ("Qo‘qon", "UZ", "Qo'qon"),
        ("qoqon", "UZ", "Qo'qon"),
        ("Qöqon", "UZ", "Qo'qon"),
        ("Қўқон", "UZ", "Qo'qon"),
        ("кокон", "UZ", "Qo'qon"),
        ("Kokand", "UZ", "Qo'qon"),
        ("Коканд", "UZ", "Qo'qon"),
        ("Чиланзар", "UZ", "Chilonzor"),
        ("shaxrisabz", "UZ", "Shahrisabz"),
        ("Şahrisabz", "UZ", "Shahrisabz"),
        ("Türkmenabat", "TM", "Turkmenabat"),
        ("turkmenabat", "TM", "Turkmenabat"),
        ("Чарджоу", "TM", "Turkmenabat"),
        ("Ашхабад", "TM", "Ashgabat"),
        ("Красноводск", "TM", "Turkmenbashy"),
        ("Чимкент", "KZ", "Shymkent"),
        ("Өскемен", "KZ", "Ust-Kamenogorsk"),
        ("усть каменогорск", "KZ", "Ust-Kamenogorsk"),
        ("Целиноград", "KZ", "Tselinograd"),
        ("Алма-Ата", "KZ", "Almaty"),
        ("Қызылорда", "KZ", "Kyzylorda"),
        ("КЫЗЫЛОРДА", "KZ", "Kyzylorda"),
    ],
)  # fmt: skip
def test_a_common_spelling_finds_its_place_first(typed: str, country: str, expected: str) -> None:
    assert labels(typed, country)[0].partition(" (")[0] == expected


def test_a_renamed_town_is_found_by_both_names() -> None:
    assert {"KG-1528249"} <= set(codes("Джалал-Абад", "KG")) & set(codes("Жалал-Абад", "KG")) & set(
        codes("Manas", "KG")
    )


def test_the_first_letters_are_enough() -> None:
    assert labels("Кочк", "KG")[0] == "Kochkor-Ata"
    assert "KG-1527902" in codes("Кочк", "KG")


def test_a_present_name_comes_before_a_former_one() -> None:
    rows = [Row("X-1", "X", 9, "New", ("New",), ("Old",)), Row("X-2", "X", 1, "Old", ("Old",))]
    assert [found.code for found in Index.of(rows).search("old")] == ["X-2", "X-1"]


def test_a_name_that_occurs_twice_in_the_country_is_shown_with_its_region() -> None:
    found = labels("Актогай", "KZ")
    assert len(found) == MOST_FOUND == len(set(found))
    assert all(re.fullmatch(r"A[qk]tog(h)?ay \(.+\)", label) for label in found)


def test_no_two_offered_places_have_the_same_label() -> None:
    rows = [Row("X-1", "X-A", 2, "Twin"), Row("X-2", "X-A", 1, "Twin"), Row("X-A", "X-A", 0, "North")]
    assert [found.code for found in Index.of(rows).search("twin")] == ["X-1"]


def test_a_given_region_is_preferred_and_excludes_nothing() -> None:
    assert codes("Актогай", "KZ", region="KZ-55")[0].startswith("KZ-")
    assert index("KZ").search("Актогай", "KZ-55")[0].region == "KZ-55"
    assert labels("Худжанд", "TJ", "TJ-KT") == ["Khujand (Sughd)"]


def test_a_place_outside_the_given_region_names_its_own() -> None:
    """Similar names are searched in the whole country. Nobody may choose one without seeing that it is elsewhere."""
    assert labels("Ala-Too", "KG", "KG-GB") == ["Suluktu (Batken)", "Kaindy (Chuy)"]
    assert labels("Худжанд", "TJ", "TJ-SU") == labels("Худжанд", "TJ") == ["Khujand"]
    assert labels("Бишкек", "KG", "KG-O")[0] == "Bishkek"


def test_a_label_too_long_for_a_screen_has_its_region_shortened() -> None:
    rows = [
        Row("X-1", "X-A", 0, "Қызылжар"),
        Row("X-2", "X-B", 0, "Қызылжар"),
        Row("X-A", "X-A", 0, "Қарағанды"),
        Row("X-B", "X-B", 0, "Абай"),
    ]
    found = [each.label for each in Index.of(rows).search("Қызылжар")]
    assert found == ["Қызылжар (Қарағ.)", "Қызылжар (Абай)"]
    assert max(map(len, found)) <= WIDTH


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "0",
        "12345",
        "996555",
        "😀",
        "😀😀😀",
        "'",
        "ʻʻ",
        "*#",
        "\u0301",
        "\ud800",
        "\x00",
        "\n\n",
        "---",
    ],
)
def test_a_text_without_a_name_finds_nothing(typed: str) -> None:
    for country in ("KG", "KZ", "TJ", "TM", "UZ"):
        assert labels(typed, country) == []


@pytest.mark.parametrize(
    "typed", ["a" * 100, "Ош " * 400, "ﷺ" * 99, "щ" * 10_000, "İ" * 60, "Ош\x00", "ß", "Ꙗ", "中文"]
)
def test_long_or_strange_texts_raise_nothing(typed: str) -> None:
    assert len(labels(typed, "KZ")) <= MOST_FOUND


@pytest.mark.parametrize(
    "typed", ["Ош1", "12 Ош", "Ош 😀", "ош!!!", "  ош  ", "Ｏｓｈ", "о'ш", "О\u0301ш", "город Ош", "ОШ ШААРЫ"]
)
def test_words_around_a_name_do_not_matter(typed: str) -> None:
    assert labels(typed, "KG")[0] == "Osh (Osh)"


@given(st.text(max_size=100))
def test_any_text_finds_at_most_three_places_and_always_the_same(typed: str) -> None:
    found = index("TJ").search(typed)
    assert len(found) <= MOST_FOUND
    assert found == index("TJ").search(typed)
    assert key(typed).isascii()
    assert fold(typed).isascii()


def test_the_order_of_the_places_does_not_matter() -> None:
    rows = list(index("KG").rows)
    Random(SEED).shuffle(rows)
    assert Index.of(rows).search("Кара") == index("KG").search("Кара")


def test_another_language_names_the_same_places() -> None:
    tajik = index("TJ").with_labels({line["id"]: line["names"]["tg"] for line in LINES if line["id"].startswith("TJ")})
    assert [found.label for found in tajik.search("Khujand")] == ["Хуҷанд"]
