"""The cost of a text against an independent calculator, against the arithmetic of the standard, and for any text."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.gsm7 import SMS, USSD, Budget, culprit, fits, fits_gsm7, fold, parts, room, weigh

ORACLE: dict[str, Any] = json.loads(Path(__file__).with_name("gsm7_oracle.json").read_text(encoding="utf-8"))
JOINED = Budget(153, 67)
FULL_USSD = Budget(182, 80)  # the limit of the standard (3GPP TS 23.038, 6.1.2.3)

EDGY = st.sampled_from("aà@\r\n^{}\\[]~|€\fжңў\u02bb`’😀🆘\u0301\u200d\uffff\U00010000")
RUNS = st.lists(st.tuples(EDGY, st.integers(1, 160)), max_size=8).map(lambda runs: "".join(c * n for c, n in runs))
TEXTS = st.text() | st.text(EDGY, max_size=400) | RUNS


@pytest.mark.parametrize("row", ORACLE["rows"])
def test_results_equal_those_of_the_oracle(row: dict[str, Any]) -> None:
    """Encoding, weight and part boundaries equal those of the independent calculator, or the row gives the reason."""
    cut = parts(row["text"])
    assert fits_gsm7(row["text"]) is (row["encoding"] == "GSM-7")
    assert weigh(row["text"]) == row["weight"]
    assert [len(part) for part in cut] == row.get("network", row["segments"])
    assert "".join(cut) == row["text"]


def test_the_oracle_is_large_and_each_exception_still_differs() -> None:
    """The table covers what it should, and each row with a reason does differ."""
    assert len(ORACLE["rows"]) >= 300
    assert all(row["why"] and row["network"] != row["segments"] for row in ORACLE["rows"] if "network" in row)


def test_the_alphabet_equals_the_oracles() -> None:
    """Of the 65,536 letters of the first plane the same 137 are in GSM-7, and the same ten of them weigh double."""
    cheap = [letter for letter in map(chr, range(0x10000)) if fits_gsm7(letter)]
    assert {letter for letter in cheap if weigh(letter) == 1} == set(ORACLE["once"])
    assert {letter for letter in cheap if weigh(letter) == 2} == set(ORACLE["twice"])
    assert len(cheap) == 137


@pytest.mark.parametrize(("budget", "octets"), [(SMS, 140), (FULL_USSD, 160), (JOINED, 140 - 6)])
def test_a_budget_follows_from_the_octets(budget: Budget, octets: int) -> None:
    """The limits follow from the octets of the standards, at 7 bits or at 16."""
    assert budget == Budget(septets=octets * 8 // 7, units=octets // 2)


@pytest.mark.parametrize(
    ("letter", "budget", "most"),
    [
        ("a", USSD, 160),
        ("€", USSD, 80),
        ("я", USSD, 70),
        ("😀", USSD, 35),
        ("a", FULL_USSD, 182),
        ("€", FULL_USSD, 91),
        ("я", FULL_USSD, 80),
        ("a", SMS, 160),
        ("я", SMS, 70),
    ],
)
def test_how_many_letters_fit(letter: str, budget: Budget, most: int) -> None:
    """That many of a letter fit, and not one more."""
    assert fits(letter * most, budget)
    assert not fits(letter * (most + 1), budget)


def test_one_letter_outside_gsm7_costs_more_than_half_the_room() -> None:
    """A single U+02BB turns an Uzbek text of one part into three."""
    cheap, dear = "o'" * 80, "o'" * 79 + "oʻ"
    assert (room(cheap, SMS), room(dear, SMS)) == (160, 70)
    assert (len(parts(cheap)), len(parts(dear))) == (1, 3)


def test_an_escape_pair_at_a_part_boundary_costs_a_part() -> None:
    """By division 306 septets need two parts; on the air they need three, since the pair of € may not be split."""
    text = "a" * 152 + "€" + "a" * 152
    assert weigh(text) == 2 * JOINED.septets
    assert parts(text) == ["a" * 152, "€" + "a" * 151, "a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("Call us {now} €5", None),
        ("oʻzbek ‘a’", "ʻ"),
        ("Size jaň", "ň"),
        ("Çaga, çaga", "ç"),
        ("a\x1b", "\x1b"),
    ],
)
def test_the_letter_that_forces_ucs2_is_named(text: str, found: str | None) -> None:
    """The first letter that forces UCS-2 is named. An escape character typed as a letter is one too."""
    assert culprit(text) == found


@pytest.mark.parametrize(
    ("language", "text", "folded"),
    [
        ("uz", "Oʻzbek, maʼlumot, qo‘ng‘iroq, g’oya, to`g`ri", "O'zbek, ma'lumot, qo'ng'iroq, g'oya, to'g'ri"),
        ("uz", "Yordam kerak bo'lsa, 1 ni bosing", "Yordam kerak bo'lsa, 1 ni bosing"),
        ("uz", "Aa Bb Dd Ee Ff Gg Hh Ii Jj Kk Ll Mm Nn Oo Pp Qq Rr Ss Tt Uu Vv Xx Yy Zz Oʻoʻ Gʻgʻ Sh Ch Ng ʼ", None),
        ("tk_gsm", "Ýagdaýyňyz nähili? Şu ýere ýazyň: Çaga üçin", "Yagdayynyz nähili? Su yere yazyn: Çaga ücin"),
        ("tk_gsm", "AaBbÇçDdEeÄäFfGgHhIiJjŽžKkLlMmNnŇňOoÖöPpRrSsŞşTtUuÜüWwYyÝýZz", None),
        ("tk_gsm", "ÝŇŞŽÇÄÖÜ ýňşžçäöü", "YNSZÇÄÖÜ ynszcäöü"),
    ],
)
def test_a_folded_text_is_gsm7(language: str, text: str, folded: str | None) -> None:
    """Uzbek and Turkmen in Latin letters, and their whole alphabets, are GSM-7 once folded, letter for letter."""
    assert fold(text, language) == folded or folded is None
    assert fits_gsm7(fold(text, language))
    assert len(fold(text, language)) == len(text)


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky", "tg", "uz-Cyrl", "tr", "", "UZ"])
def test_only_two_languages_fold(language: str) -> None:
    """A language without a table keeps every letter, even one that another language folds."""
    text = "Oʻzbek ‘a’ ` Ýýňşžç Ғамхорлик"
    assert fold(text, language) == text


@pytest.mark.parametrize("language", ["uz", "tk_gsm"])
def test_cyrillic_is_never_folded(language: str) -> None:
    """The whole Cyrillic block stays unchanged in every language."""
    cyrillic = "".join(map(chr, range(0x400, 0x530)))
    assert fold(cyrillic, language) == cyrillic


@given(TEXTS)
def test_the_parts_contain_the_whole_text_and_each_fits(text: str) -> None:
    """The parts contain the whole text, each fits, and each is as full as possible.

    Each part can be encoded by itself, so no pair is split.
    """
    cut = parts(text)
    measure = weigh if fits_gsm7(text) else units
    most = room(text, SMS if len(cut) == 1 else JOINED)
    assert "".join(cut) == text
    assert all(measure(part) <= most for part in cut)
    assert all(measure(part + after[0]) > most for part, after in pairwise(cut))
    assert (len(cut) == 1) is fits(text, SMS)


@given(TEXTS)
def test_ucs2_weight_equals_utf16_units(text: str) -> None:
    """Outside GSM-7 a text weighs as much as Python's UTF-16 codec makes of it."""
    assert fits_gsm7(text) or weigh(text) == units(text)


@given(TEXTS)
def test_the_named_letter_is_the_first_outside_gsm7(text: str) -> None:
    """All letters before the named one are GSM-7 and that one is not. If none is named, the whole text is GSM-7."""
    found = culprit(text)
    before, _, _ = text.partition(found or "\0")
    assert fits_gsm7(before)
    assert (found is None) is fits_gsm7(text)
    assert found is None or not fits_gsm7(found)


@given(TEXTS, st.sampled_from(["uz", "tk_gsm", "ky", "kk", "tg", "ru", "en"]))
def test_folding_twice_is_folding_once(text: str, language: str) -> None:
    """Folding again changes nothing, keeps the number of letters, and never needs more parts."""
    folded = fold(text, language)
    assert fold(folded, language) == folded
    assert len(folded) == len(text)
    assert len(parts(folded)) <= len(parts(text))


def units(text: str) -> int:
    """Count UTF-16 units by encoding, which refuses half of a surrogate pair."""
    return len(text.encode("utf-16-be")) // 2
