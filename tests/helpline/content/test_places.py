"""The places of each country as callers see them: names in every offered language, in letters that phones have."""

from pathlib import Path

import pytest

from helpline.authoring.places_build.build import added
from helpline.authoring.places_build.check import faults
from helpline.authoring.places_build.letters import uz_cyrillic
from helpline.authoring.places_build.line import Line
from helpline.authoring.places_build.publishers import COUNTRIES
from helpline.content.gazetteer import FILE, Places, read
from helpline.content.sources import ROOT, load_country
from helpline.content.yaml_files import read_yaml
from menus.gsm7 import fits_gsm7

LONGEST_LABEL, LONGEST_LABEL_GSM7 = 21, 30


def places(country: str) -> Places:
    data = load_country(ROOT, country)
    return Places.load(ROOT, country, {region.code: region.name for region in data.regions}, data.languages)


@pytest.fixture(scope="module", params=COUNTRIES)
def country(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def known(country: str) -> Places:
    return places(country)


def test_the_file_has_no_faults() -> None:
    assert list(faults(ROOT)) == []


def test_a_place_that_no_source_has_is_added_by_hand() -> None:
    """Almaty has eight districts; the sources have two. The build stops when a source has one of the others by now."""
    places = read_yaml(ROOT / FILE.with_name("by_hand.yaml"))["add"]
    made = added(places, [])
    written = (ROOT / FILE).read_text("utf-8")
    assert [each.id for each in made.values() if f'"id": "{each.id}", "kind": "district"' not in written] == []
    almaty = [each for each in read(ROOT / FILE, "KZ", {}) if each.kind == "district" and each.region == "KZ-75"]
    assert len(almaty) == 8
    with pytest.raises(ValueError, match="KZ-75MEDEU"):
        added(places, [Line("KZ-75MEDEU", "district", "KZ-75")])


def test_the_file_is_sorted_with_one_line_for_each_place() -> None:
    lines = (ROOT / FILE).read_text("utf-8").splitlines()
    assert all(line.startswith('{"id": "') and line.endswith("}") for line in lines)
    countries = [line[8:10] for line in lines]
    assert countries == sorted(countries)
    assert len(lines) == len(set(lines))


def test_a_country_has_the_regions_of_its_own_file(country: str, known: Places) -> None:
    assert set(known.regions) == {region.code for region in load_country(ROOT, country).regions}


def test_only_one_country_is_read(country: str) -> None:
    assert {place.id[:2] for place in read(ROOT / FILE, country, {})} == {country}


def test_every_place_has_a_name_in_every_language_on_offer(country: str, known: Places) -> None:
    languages = load_country(ROOT, country).languages
    assert set(known.indices) == set(languages)
    assert all(known.name(code, language).strip() for code in known.known for language in languages)


def test_latin_names_have_only_letters_of_gsm7(country: str, known: Places) -> None:
    for language in {"en", "uz", "tk_gsm"} & set(known.indices):
        unfit = [known.name(code, language) for code in known.known if not fits_gsm7(known.name(code, language))]
        assert unfit == []


def test_a_label_is_short_enough_for_three_on_a_screen(known: Places) -> None:
    for index in known.indices.values():
        for row, label in zip((*index.rows, *index.rows), (*index.labels, *index.elsewhere), strict=True):
            if row.code != row.region:  # regions are in the country's own file and have their own rule
                assert len(label) <= (LONGEST_LABEL_GSM7 if fits_gsm7(label) else LONGEST_LABEL), label


def test_a_place_has_a_region_and_coordinates(known: Places) -> None:
    for code in known.known:
        assert known.region_of(code) in known.regions
        assert known.at(code)


def test_a_region_has_the_name_of_the_countrys_file(country: str, known: Places) -> None:
    for region in load_country(ROOT, country).regions:
        assert known.name(region.code, "ru") == region.name["ru"]


def test_codes_are_short_and_of_their_country(country: str, known: Places) -> None:
    assert all(code.isascii() and len(code) <= 16 and code.startswith(f"{country}-") for code in known.known)


def test_districts_belong_to_their_region() -> None:
    known = places("KG")
    assert "KG-9165773" in known.districts("KG-N")
    assert [known.name(code, "ky") for code in known.districts("KG-B")] == ["Лейлек", "Кадамжай", "Баткен"]
    assert known.districts("nowhere") == []


def test_an_unknown_code_causes_no_error() -> None:
    known = places("KG")
    assert (known.name("KG-1", "ru"), known.region_of("KG-1"), known.at("KG-1")) == ("KG-1", "", None)


@pytest.mark.parametrize(
    ("country", "language", "typed", "expected"),
    [
        ("KG", "ky", "кара суу", "Кара-Суу"),
        ("KG", "ru", "Джалал-Абад", "Джалал-Абад"),
        ("KG", "uz_Cyrl", "Узген", "Ўзган"),
        ("TJ", "tg", "Khujand", "Хуҷанд"),
        ("TJ", "ru", "Хуҷанд", "Худжанд"),
        ("UZ", "uz", "Коканд", "Qo'qon"),
        ("UZ", "uz_Cyrl", "Kokand", "Қўқон"),
        ("UZ", "tg", "qoqon", "Қӯқон"),
        ("UZ", "ru", "Qo'qon", "Коканд"),
        ("TM", "tk", "Чарджоу", "Türkmenabat"),
        ("TM", "tk_gsm", "Daşoguz", "Dasoguz"),
        ("KZ", "kk", "Ust-Kamenogorsk", "Өскемен"),
    ],
)  # fmt: skip
def test_search_results_are_in_the_callers_language(country: str, language: str, typed: str, expected: str) -> None:
    assert places(country).search(typed, language)[0].label.partition(" (")[0] == expected


def test_osh_is_both_the_city_and_the_region() -> None:
    found = places("KG").search("Ош", "ky")
    assert [each.code for each in found] == ["KG-GO", "KG-O"]
    assert len({each.label for each in found}) == len(found)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Qo'qon", "Қўқон"), ("G‘ijduvon", "Ғиждувон"), ("Yangiyo'l", "Янгийўл"), ("Yozyovon", "Ёзёвон"),
        ("Ellikqal’a", "Элликқалъа"), ("Shahrisabz", "Шаҳрисабз"), ("Chiroqchi", "Чироқчи"), ("O'zbekiston", "Ўзбекистон"),
        ("Yangiyer", "Янгиер"), ("Navoiy", "Навоий"), ("Xo'jayli", "Хўжайли"), ("Yuqorichirchiq", "Юқоричирчиқ"),
    ],
)  # fmt: skip
def test_uzbek_is_written_in_cyrillic_as_the_register_does(latin: str, cyrillic: str) -> None:
    assert uz_cyrillic(latin) == cyrillic


def test_faults_of_a_broken_file_are_found(tmp_path: Path) -> None:
    good = '{"id": "KG-1", "kind": "town", "region": "KG-X", "at": [1, 2], "people": 0, "names": {"en": "A  b"}, "also": []}'
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(f"{good}\n{good}\n")
    found = "\n".join(faults(tmp_path))
    for fault in ("not a region of its country", "outside its country", "no name in ky", "'A  b'", "is there 2 times"):
        assert fault in found


def test_no_label_means_two_regions(known: Places) -> None:
    """Even if a region's name is shortened to fit, because callers choose by it."""
    for index in known.indices.values():
        regions: dict[str, set[str]] = {}
        for row, label in zip((*index.rows, *index.rows), (*index.labels, *index.elsewhere), strict=True):
            regions.setdefault(label, set()).add(row.region)
        assert {label for label, several in regions.items() if len(several) > 1} == set()
