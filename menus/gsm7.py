"""The length of a text in its SMS or USSD encoding, whether it fits, and how the network cuts it.

A phone network sends a text in one of two encodings. The GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1 and its
extension table) counts *septets*: one for most letters, two for the ten letters that need an escape. If a single letter
is outside that alphabet, the whole text is sent as UCS-2. It counts *units* of 16 bits: one for most letters, two for
an emoji. Less than half as many fit. Cyrillic always needs UCS-2; folded Uzbek and Turkmen in Latin letters do not.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_SEPTETS: Mapping[str, int] = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENSION, 2)
_OUTSIDE = re.compile(f"[^{re.escape(_BASIC + _EXTENSION)}]")

_FOLDS: Mapping[str, Mapping[int, str]] = {
    "uz": str.maketrans(dict.fromkeys("\u02bb\u02bc\u2018\u2019\u0060", "'")),
    "tk_gsm": str.maketrans({"ý": "y", "ň": "n", "ş": "s", "ž": "z", "ç": "c", "Ý": "Y", "Ň": "N", "Ş": "S", "Ž": "Z"}),
}
"""Replacements in each language, as people write on phones anyway. GSM-7 has Ç Ä Ö Ü ä ö ü, but not ç."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The greatest length of a text: in septets of 7 bits if it is GSM-7, else in UCS-2 units of 16 bits."""

    septets: int
    units: int


USSD = Budget(160, 70)
"""A USSD screen. The standard allows 182 septets or 80 units (3GPP TS 23.038, 6.1.2.3), but some networks show less."""

SMS = Budget(160, 70)
"""A single SMS: 140 octets."""

_PART = Budget(153, 67)
"""One part of a longer SMS. Six of its 140 octets hold the number of the part (3GPP TS 23.040, 9.2.3.24.1)."""


def culprit(text: str) -> str | None:
    """Return the first letter that forces UCS-2, so that tools can show an author why a text is expensive."""
    found = _OUTSIDE.search(text)
    return found.group() if found else None


def fits_gsm7(text: str) -> bool:
    """Whether every letter is in the GSM 7-bit alphabet or its extension."""
    return culprit(text) is None


def weigh(text: str) -> int:
    """Return the length of a text: in septets if all its letters are in GSM-7, else in UCS-2 units."""
    if fits_gsm7(text):
        return len(text) + sum(map(text.count, _EXTENSION))
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def room(text: str, budget: Budget) -> int:
    """Return the limit of a budget for this text's encoding."""
    return budget.septets if fits_gsm7(text) else budget.units


def fits(text: str, budget: Budget) -> bool:
    """Whether a text is within a budget."""
    return weigh(text) <= room(text, budget)


def parts(text: str) -> list[str]:
    """Cut a text as the network does. The cost of an SMS is the length of this list.

    Networks cut between letters, never inside an escape pair or a surrogate pair. So a part can be a septet or a unit
    shorter, and dividing the length of the text would give too few parts.
    """
    if fits(text, SMS):
        return [text]
    weight_of, most = _weight_of_letters(text), room(text, _PART)
    cut, left = [""], most
    for letter in text:
        weight = weight_of(letter)
        if weight > left:
            cut.append("")
            left = most
        cut[-1] += letter
        left -= weight
    return cut


def fold(text: str, language: str) -> str:
    """Replace letters by GSM-7 letters if the language has a table for this, else return the text as it is."""
    return text.translate(_FOLDS.get(language, {}))


def _weight_of_letters(text: str) -> Callable[[str], int]:
    return _SEPTETS.__getitem__ if fits_gsm7(text) else _units


def _units(letter: str) -> int:
    return 2 if letter > "\uffff" else 1
