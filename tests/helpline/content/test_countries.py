"""The data of each country: complete, spelled as people there spell it, without unverified claims about numbers."""

import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import pytest
from pydantic import ValidationError

from helpline.content.country import ABROAD
from helpline.content.country_file import CountryData
from helpline.content.language_pack import emergency_in, numbers_there, readable_lines, settings_abroad, settings_of
from helpline.content.loading import compose
from helpline.content.sources import ROOT, load_country, read_sources
from helpline.content.yaml_files import read_yaml
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES, base_of, spoken
from helpline.core.phone_numbers import can_be_called, msisdn
from helpline.directory.sample import sample
from menus.book import fill
from menus.folding import normalise
from menus.gsm7 import USSD, fits, fits_gsm7, fold
from tests.world import contents

ALL = {code: load_country(ROOT, code) for code in ("KG", "KZ", "TJ", "TM", "UZ")}
BASES = sorted({language.base for language in LANGUAGES.values()})
WORDS = read_yaml(ROOT / "words.yaml")
SOURCES = read_sources(ROOT)
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
each_country = pytest.mark.parametrize("country", ALL.values(), ids=list(ALL))
each_base = pytest.mark.parametrize("base", BASES)


@pytest.mark.parametrize(
    ("code", "languages", "regions", "direct"),
    [
        ("KG", "ky ru uz_Cyrl en tg", 9, "189"),
        ("KZ", "kk ru uz_Cyrl en ky tg", 20, "11616"),
        ("TJ", "tg ru uz_Cyrl en ky", 5, "1313"),
        ("TM", "tk tk_gsm ru en uz", 6, "+99312463514"),
        ("UZ", "uz ru uz_Cyrl tg en", 14, ""),
    ],
)
def test_a_country_has_languages_regions_and_a_direct_line(
    code: str, languages: str, regions: int, direct: str
) -> None:
    """Its own language first, every region of ISO 3166-2, and a direct line if one is for everybody."""
    country = ALL[code]
    assert (country.code, " ".join(country.languages), len(country.regions)) == (code, languages, regions)
    assert (country.direct_line.number if country.direct_line else "") == direct


def test_there_is_data_for_five_countries() -> None:
    """And a sample directory for each."""
    assert sorted(path.stem.upper() for path in (ROOT / "countries").glob("*.yaml")) == list(ALL)
    assert sorted(read_yaml(ROOT / "directory/sample.yaml")) == list(ALL)


@each_country
def test_r19_no_number_claims_to_be_verified(country: CountryData) -> None:
    """Nobody has called one yet, so production must refuse them all."""
    there = [
        *country.embassies,
        country.emergency_abroad,
        *(line for each in country.abroad for line in each.emergency),
    ]
    shown = [line.number for line in (*country.emergency, *country.lines, *there)]
    assert country.unverified == list(dict.fromkeys(shown))
    assert country.short_code.assigned is None


@each_country
def test_the_whole_country_has_one_clock(country: CountryData) -> None:
    """The whole country has one time, summer and winter, so callers need not be asked for it."""
    for at in (NOW, NOW + timedelta(days=180)):
        assert {at.astimezone(ZoneInfo(zone)).utcoffset() for zone in country.zones} == {
            timedelta(hours=5 + (country.code == "KG"))
        }


@each_country
def test_r03_every_hour_of_a_country_abroad_has_its_zone(country: CountryData) -> None:
    """Russia has eleven zones. No two zones of a country show the same hour, so that an hour identifies one."""
    for there in country.abroad:
        offsets = {NOW.astimezone(ZoneInfo(zone)).utcoffset() for zone in there.zones}
        assert len(offsets) == len(there.zones) == (11 if there.code == "RU" else 1)
        assert set(there.zones) <= available_timezones()
        assert set(there.name) == set(BASES)


@each_country
def test_made_up_numbers_are_assigned_to_nobody(country: CountryData) -> None:
    """No number of a sample of them can be called, but the demo accepts each."""
    for tail in ("000000", "111001", "500001", "700001", "900001", "999999"):
        number = country.made_up + tail
        assert phonenumbers.is_possible_number(phonenumbers.parse(number)), "a gateway would refuse to carry it"
        assert not phonenumbers.is_valid_number(phonenumbers.parse(number))
        assert can_be_called(msisdn(number), country.code, country.made_up)


@each_country
def test_a_region_has_a_short_name_in_each_language(country: CountryData) -> None:
    """No two are alike, complete or without diacritics. The longest is Karakalpakstan in Uzbek."""
    for language in country.languages:
        names = [fold(region.name[base_of(language)], language) for region in country.regions]
        assert len({normalise(name) for name in names}) == len(names)
        assert max(map(len, names)) <= 16
        if language in ("en", "uz", "tk_gsm"):
            assert all(map(fits_gsm7, names))


@each_country
def test_regions_have_plausible_coordinates(country: CountryData) -> None:
    """Within Central Asia, and no two at one point."""
    assert len({region.at for region in country.regions}) == len(country.regions)
    assert all(35 < region.at[0] < 56 and 46 < region.at[1] < 88 for region in country.regions)


def broken(**fields: Any) -> list[str]:
    """Return the faults of Kyrgyzstan's data with other fields. None removes a field."""
    data = {**read_yaml(ROOT / "countries/kg.yaml"), **fields}
    with pytest.raises(ValidationError) as faults:
        CountryData.model_validate(data)
    return [f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}" for e in faults.value.errors()]


def line(number: str, **fields: object) -> dict[str, object]:
    """Return a line."""
    return {"number": number, "what": "x", "source": "x", "on": "2026-11-01", "verified": None, **fields}


def regions(change: Callable[[list[dict[str, Any]]], object]) -> list[dict[str, Any]]:
    """Return the regions of Kyrgyzstan with changes."""
    rows = read_yaml(ROOT / "countries/kg.yaml")["regions"]
    change(rows)
    return list(rows)


RUSSIA = {"code": "RU", "zones": ["Europe/Moscow"], "name": dict.fromkeys(BASES, "R")}
NO_EMBASSY: dict[str, Any] = {"embassies": []}
BROKEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"zone": "Asia/Biskek"}, ["zone: there is no time zone 'Asia/Biskek'"]),
    ({"zone": "../etc"}, ["zone: there is no time zone '../etc'"]),
    ({"zones": ["Asia/Almaty"]}, [": the zone Asia/Bishkek is not in zones"]),
    ({"languages": ["ky", "kx"]}, [f"languages.1: there is no language 'kx'; use one of: {', '.join(LANGUAGES)}"]),
    ({"languages": ["ky", "ky"]}, [": ky is listed twice"]),
    ({"languages": []}, ["languages: Tuple should have at least 1 item after validation, not 0"]),
    ({"languages": list(LANGUAGES)[:8]}, ["languages: Tuple should have at most 7 items after validation, not 8"]),
    ({"capital": "KG-XX"}, [": the capital KG-XX is not in regions"]),
    ({"emergency": []}, ["emergency: emergency needs at least one number (R19)"]),
    ({"emergency": [line("102", struck_out="dead")]}, ["emergency: emergency needs at least one number (R19)"]),
    ({"emergency": [line("110")]}, [": 110 is neither in short_codes nor a possible phone number"]),
    ({"direct_line": line("+996000500001", kind="talk")},
        [": +996000500001 is neither in short_codes nor a possible phone number"]),
    ({"direct_line": line("117", kind="women")},
        [": direct_line is of the kind women: it must be for everybody (R19); use more_lines"]),
    ({"direct_line": line("1 89", kind="talk")}, ["direct_line.number: String should match pattern '^\\+?[0-9]{2,15}$'"]),
    ({"made_up": "996000"}, ["made_up: String should match pattern '^\\+[1-9][0-9]{3,8}$'"]),
    ({"short_code": {"dial": "500", "assigned": None}},
        ["short_code.dial: String should match pattern '^\\*[0-9]+(\\*[0-9]+)*#$'"]),
    ({"short_codes": {"+1": "x"}},
        ["short_codes.+1.[key]: String should match pattern '^[0-9]{2,6}$'"]),
    ({**NO_EMBASSY, "abroad": [RUSSIA, RUSSIA]}, [": RU is listed twice"]),
    ({**NO_EMBASSY, "abroad": [{**RUSSIA, "code": "KG"}]}, [": KG cannot be abroad"]),
    ({"abroad": [{**RUSSIA, "zones": ["Europe/Moscow", "Europe/Moskow"]}]}, ["abroad.0.zones.1: there is no time zone 'Europe/Moskow'"]),
    ({"abroad": [{**RUSSIA, "zones": []}]}, ["abroad.0.zones: Tuple should have at least 1 item after validation, not 0"]),
    ({**NO_EMBASSY, "abroad": [{**RUSSIA, "name": {"en": "R", "ru": "R", "ky": ""}}]}, [": RU has no name in ky; RU has no name in uz_Cyrl; RU has no name in tg"]),
    ({"regions": regions(lambda rows: rows[1]["name"].pop("ky"))}, [": KG-GO has no name in ky"]),
    ({"regions": regions(lambda rows: rows.append({**rows[0], "code": "KZ-10"}))}, [": KZ-10 is not a region of KG (ISO 3166-2)"]),
    ({"regions": regions(lambda rows: rows.append(rows[0]))}, [": KG-GB is listed twice"]),
    ({"regions": regions(lambda rows: rows[0].update(at=["142", "7"]))},
        ["regions.0.at.0: Input should be less than or equal to 90"]),
    ({**NO_EMBASSY, "abroad": [{**RUSSIA, "emergency": [line("119")]}]}, [": 119 is no emergency number of RU"]),
    ({"embassies": [line("+74951234567", kind="embassy", country="FR")]},
        [": the embassy in FR is in no country of abroad"]),
    ({"legal_duty": {"text": {}}}, ["legal_duty.signed: Field required"]),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "says"), BROKEN, ids=[row[1][0] for row in BROKEN])
def test_a_fault_in_the_countrys_data_says_what_is_wrong(fields: dict[str, Any], says: list[str]) -> None:
    """In words for authors, with the field if there is one."""
    assert broken(**fields) == says


def with_fields(**fields: Any) -> CountryData:
    """Return the data of Kyrgyzstan with other fields."""
    return CountryData.model_validate({**read_yaml(ROOT / "countries/kg.yaml"), **fields})


def test_r19_a_removed_line_is_absent() -> None:
    """An emergency number leaves the list, and no text names the direct line. Neither needs verification."""
    country = with_fields(
        emergency=[line("102", struck_out="dead"), line("103")],
        direct_line=line("189", kind="talk", struck_out="nobody answers"),
    )
    assert [each.shown for each in country.emergency] == ["103?"]
    assert country.direct_line is not None
    assert country.direct_line.shown == "-"
    assert settings_of(Config(), country)["direct"] == ""
    abroad = [embassy.number for embassy in country.embassies]
    assert country.unverified == ["103", "111", "117", *abroad, "112", "119", "999", "998"]


@each_country
def test_r19_no_line_for_women_only_is_shown_as_the_line_to_talk(country: CountryData) -> None:
    """A man who reads "to talk" must be able to dial it. A file that names another line there is refused."""
    with pytest.raises(ValidationError, match="it must be for everybody"):
        CountryData.model_validate({**country.model_dump(), "direct_line": line("112", kind="women")})
    shown = settings_of(Config(), country)
    for other in country.more_lines:
        assert other.number not in shown["direct"]
        assert other.number not in shown["sos"]


ILL = ("health.signs", "health.injury", "advice.calmer", "close.came_back")
"""The texts that say what somebody ill or hurt dials. Where no clinic is known, `clinic.none` says it, too."""


@each_country
def test_r20_somebody_ill_reads_the_ambulance_and_not_the_police(country: CountryData) -> None:
    """`102, 103` without words would lead half of them to the police, at home and in each country of work."""
    content = contents(Config(country=country.code))
    for where, book in (("", content.book), *((place.code, content.abroad[place.code]) for place in country.abroad)):
        lines = emergency_in(country, where) if where else country.emergency
        police = [line.number for line in lines if line.kind == "police"]
        doctors = [line for line in lines if line.kind == "doctor"] or [line for line in lines if line.kind == "any"]
        for language in book.languages:
            read = {name: " ".join(page.text for page in book.pages[language][name]) for name in ILL}
            read["clinic.none"] = book.notice(language, "clinic.none")
            for name, text in read.items():
                assert doctors[0].shown in text, (where, language, name)
                assert not [number for number in police if re.search(rf"\b{number}\b", text)], (where, language, name)


def test_r20_where_no_ambulance_is_known_every_number_is_read() -> None:
    """Better the police than nobody."""
    assert settings_of(Config(), with_fields(emergency=[line("102", kind="police")]))["doctor"] == "102?"
    both = [line("102", kind="police"), line("103", kind="doctor")]
    assert settings_of(Config(), with_fields(emergency=both))["doctor"] == "103?"


SAID = {f"numbers.{kind}": kind.upper() for kind in ("talk", "children", "home", "embassy", "police", "doctor", "any")}
SAID |= {"places.elsewhere": "ELSEWHERE", "numbers.ask_embassy": "ASK", "numbers.call_me": "CALL ME"}


def test_a_family_reads_every_line_and_abroad_only_what_can_be_dialled_there() -> None:
    """Each with what it is. A removed line is left out."""
    removed = line("111", kind="children", struck_out="nobody answers")
    country = with_fields(more_lines=[removed, line("117", kind="home")])
    assert readable_lines(country, SAID) == "TALK 189?. HOME 117?"
    assert readable_lines(country, SAID, abroad=True) == "CALL ME"


def test_a_family_reads_of_each_country_the_embassy_there_and_what_is_dialled_there() -> None:
    """A page may end after the embassy. Where none is known, the text says where to look for it."""
    russia, korea = (line("+74951234567", kind="embassy", country=code) for code in ("RU", "KR"))
    removed = {**line("+903121234567", kind="embassy", country="TR"), "struck_out": "nobody answers"}
    country = with_fields(embassies=[russia, korea, removed])
    said = numbers_there(country, SAID, "en")
    assert said["RU"] == "Russia: EMBASSY +74951234567?, | ANY 112?"
    assert said["KR"] == "Korea: EMBASSY +74951234567?, | POLICE 112?, DOCTOR 119?"
    assert said["TR"] == "Turkey: ANY 112?. ASK"
    assert said["AE"] == "Emirates: POLICE 999?, DOCTOR 998?. ASK"
    assert said[ABROAD] == "ELSEWHERE: ANY 112?. ASK"
    assert {"+74951234567"} <= {*country.unverified}


@each_country
def test_an_embassy_has_a_number_that_is_dialled_from_home_and_in_its_country(country: CountryData) -> None:
    """In international form, and a possible number of the country that it is in. At most one for each country."""
    where = [embassy.country for embassy in country.embassies]
    assert where == [place.code for place in country.abroad if place.code in where]
    for embassy in country.embassies:
        number = phonenumbers.parse(embassy.number)
        assert phonenumbers.is_valid_number(number), embassy.number
        assert phonenumbers.region_code_for_number(number) == embassy.country
        assert embassy.kind == "embassy"


@each_country
def test_r19_abroad_no_short_code_of_this_country_is_shown(country: CountryData) -> None:
    """Only a number with its country code can be dialled there, and 112."""
    assert country.emergency_abroad.number == "112"
    shown = {**settings_of(Config(), country), **settings_abroad(country)}
    assert shown["emergency"] == country.emergency_abroad.shown
    assert settings_abroad(country, "RU" if country.code != "RU" else "KZ")["emergency"] == "112?"
    assert settings_abroad(country, "KR")["emergency"] == "112?, 119?"
    assert settings_abroad(country, "AE")["sos"].startswith("SOS: полиция/police 999?, врач/doctor 998?")
    assert shown["direct"] == "" or shown["direct"].startswith("+")
    for line in (*country.emergency, *country.lines):
        assert line.number == "112" or line.number.startswith("+") or line.number not in shown["sos"]


DUTY = {"en": "The law: if you are under 18 we must tell the state.", "ru": "Закон: если вам нет 18, мы должны сообщить.",
    "ky": "Мыйзам: 18ге чыга элек болсоңуз, айтышыбыз керек.", "uz_Cyrl": "Қонун: 18 га тўлмаган бўлсангиз, айтамиз.", "tg": "Қонун: агар то 18-сола бошед, хабар медиҳем."}  # fmt: skip
SIGNED = {"by": "A lawyer", "on": "2026-11-20"}


def test_r22_a_legal_duty_has_one_screen_in_each_language() -> None:
    """With the key that continues below it, signed off by a lawyer."""
    duty = with_fields(legal_duty={"text": DUTY, "signed": SIGNED}).legal_duty
    assert duty is not None
    assert all(fits(f"{text}\n1 1234567", USSD) for text in duty.text.values())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ({**DUTY, "ky": ""}, "legal_duty has no text in ky (R22)"),
        (
            {"en": DUTY["en"]},
            "; ".join(f"legal_duty has no text in {each} (R22)" for each in ("ky", "ru", "uz_Cyrl", "tg")),
        ),
        ({**DUTY, "ru": "Ы" * 61}, "legal_duty does not fit one screen in ru: shorten it (R22)"),
        ({**DUTY, "en": "x" * 151}, "legal_duty does not fit one screen in en: shorten it (R22)"),
    ],
)
def test_r22_a_duty_without_a_text_in_each_language_is_refused(text: dict[str, str], says: str) -> None:
    """Nobody consents without having read it in their language."""
    assert broken(legal_duty={"text": text, "signed": SIGNED}) == [f": {says}"]


def test_r22_a_duty_that_just_fits_is_accepted() -> None:
    """Sixty units, or 150 septets, above the key that continues."""
    text = {**DUTY, "ru": "Ы" * 60, "en": "x" * 150}
    duty = with_fields(legal_duty={"text": text, "signed": SIGNED}).legal_duty
    assert duty is not None
    assert duty.text == text


@pytest.mark.parametrize(
    ("code", "language"), [("uz", "uz"), ("uz_Cyrl", "uz"), ("tk_gsm", "tk"), ("ru", "ru"), ("xx", "xx")]
)
def test_a_language_is_the_same_in_every_script(code: str, language: str) -> None:
    """Uzbek in two scripts is one language for callers."""
    assert spoken(code) == language


def distance(one: str, other: str) -> int:
    """Return how many letters must change, be added or be dropped to turn one word into the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row = row, [at]
        for place, there in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != there)))
    return row[-1]


@each_base
def test_r06_words_are_short_and_cannot_be_confused(base: str) -> None:
    """Seven and sixteen.

    Any two differ in at least two letters, also without diacritics, and the seven fit a screen.
    """
    callers, ours = WORDS["caller"][base], WORDS["ours"][base]
    assert (len(callers), len(ours), len({*callers, *ours})) == (7, 16, 23)
    assert all(word.isalpha() and word.isupper() and 3 < len(word) <= 6 for word in (*callers, *ours))
    assert sum(map(len, callers)) <= 38
    assert not [pair for pair in itertools.combinations((*callers, *ours), 2) if distance(*map(normalise, pair)) < 2]


def test_r06_folded_turkmen_words_cannot_be_confused() -> None:
    """`tk_gsm` shows them folded, so that each is in the alphabet of every handset."""
    folded = [fold(word, "tk_gsm") for word in (*WORDS["caller"]["tk"], *WORDS["ours"]["tk"])]
    assert len(set(folded)) == 23
    assert all(map(fits_gsm7, folded))
    assert all(fits_gsm7(word) and "'" not in word for word in (*WORDS["caller"]["uz"], *WORDS["ours"]["uz"]))


@each_country
def test_the_sample_directory_is_made_up_and_covers_the_country(country: CountryData) -> None:
    """Unassigned phone numbers, every language, every region, one service for people abroad, short names."""
    services, people = sample(country.code, country.zone, NOW.date())
    bases = {base_of(language) for language in country.languages}
    seconds = [person for person in people if person.kind == "service"]
    rows = read_yaml(ROOT / "directory/sample.yaml")[country.code]
    coordinators = len(rows["coordinators"])
    assert (len(services), len(people) - len(seconds)) == (len(rows["services"]), coordinators)
    assert {person.service for person in seconds} <= {service.id for service in services}
    phones = [*(service.phone for service in services), *(person.phone for person in people)]
    names = [*(service.names for service in services), *(person.names for person in people)]
    assert all(phone.startswith(country.made_up) for phone in phones)
    assert len(set(phones)) == len(services) + coordinators + len(seconds)
    assert all(set(labels) == bases and max(map(len, labels.values())) <= 24 for labels in names)
    assert bases <= {language for service in services for language in service.languages} <= bases
    assert {code for service in services for code in service.regions} <= {region.code for region in country.regions}
    for region in country.regions:
        able = [service for service in services if not service.regions or region.code in service.regions]
        assert bases <= {language for service in able for language in service.languages}, region.code
        assert any(service.child_safeguarding for service in able)


@each_country
def test_the_sample_directory_shows_what_a_real_one_may_contain(country: CountryData) -> None:
    """Services for people abroad, for women only, with a hidden number, with a separate phone for health."""
    rows = read_yaml(ROOT / "directory/sample.yaml")[country.code]["services"]
    (abroad,) = [row for row in rows if row["abroad"]]
    assert abroad["abroad"] == [there.code for there in country.abroad]
    assert {row["shows"] for row in rows} <= {"number", "hidden"}
    assert ["woman"] in [row["sexes"] for row in rows]
    public = [row["public_phone"] for row in rows if "health" in row["needs"] and "public_phone" in row]
    assert public
    assert all(phone.startswith(country.made_up) for phone in public)
    assert not {row["phone"] for row in rows} & set(public)


@each_country
def test_r19_the_screens_of_every_country_of_work_fit_with_its_numbers(country: CountryData) -> None:
    """They are printed like those of home, and no page may be too long for a handset."""
    content, _ = compose(Config(country=country.code), SOURCES)
    for place, book in content.abroad.items():
        for language in book.languages:
            home, longest = content.book.pages[language], book.locals[language].longest
            changed = [
                page.text for name, pages in book.pages[language].items() if pages != home[name] for page in pages
            ]
            assert changed, (place, language)
            assert [text for text in changed if not fits(fold(fill(text, longest), language), USSD)] == [], place
