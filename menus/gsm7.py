"""What a text weighs on the air, whether it fits, and how the network cuts it.

A phone network sends a text in one of two encodings. The GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1 and its
extension table) counts *septets*: one a letter, two for the ten letters that need an escape. If a single letter is
outside that alphabet, the whole text goes as UCS-2 and counts *units* of 16 bits: one a letter, two for an emoji, and
room for less than half as much. Cyrillic always does; Uzbek and Turkmen in Latin need not, once folded.
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
"""Per language, what people write on phones anyway. Ç Ä Ö Ü ä ö ü stay: the alphabet has them, but not ç."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most a text may weigh: in septets of 7 bits if it is GSM-7, else in UCS-2 units of 16 bits."""

    septets: int
    units: int


USSD = Budget(160, 70)
"""A USSD screen to plan for: some networks show no more."""

USSD_CAP = Budget(182, 80)
"""A USSD screen of 160 octets: the most that the standard allows, 3GPP TS 23.038, 6.1.2.3."""

SMS = Budget(160, 70)
"""An SMS that goes alone: 140 octets."""

_JOINED = Budget(153, 67)
"""One part of a longer SMS: six of its 140 octets say which part it is (3GPP TS 23.040, 9.2.3.24.1)."""


def culprit(text: str) -> str | None:
    """Find the first letter that forces UCS-2, for tools that show an author why a text is dear."""
    found = _OUTSIDE.search(text)
    return found.group() if found else None


def fits_gsm7(text: str) -> bool:
    """Tell whether every letter is in the GSM 7-bit alphabet or its extension."""
    return culprit(text) is None


def weigh(text: str) -> int:
    """Weigh a text in septets if the alphabet has all its letters, else in UCS-2 units."""
    if fits_gsm7(text):
        return len(text) + sum(map(text.count, _EXTENSION))
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def room(text: str, budget: Budget) -> int:
    """Choose the limit that this text's encoding is held to."""
    return budget.septets if fits_gsm7(text) else budget.units


def fits(text: str, budget: Budget) -> bool:
    """Tell whether a text stays within a budget."""
    return weigh(text) <= room(text, budget)


def parts(text: str) -> list[str]:
    """Cut a text as the network will. Its cost is the length of this list, and nothing else.

    Networks cut between letters, never inside an escape pair or a surrogate pair: so a part may stay a septet or a
    unit short, and dividing the weight would promise too few parts.
    """
    if fits(text, SMS):
        return [text]
    scale, most = _scale(text), room(text, _JOINED)
    cut, left = [""], most
    for letter in text:
        weight = scale(letter)
        if weight > left:
            cut.append("")
            left = most
        cut[-1] += letter
        left -= weight
    return cut


def fold(text: str, language: str) -> str:
    """Write a text with the letters that GSM-7 has, where its language has a table for that; else leave it alone."""
    return text.translate(_FOLDS.get(language, {}))


def _scale(text: str) -> Callable[[str], int]:
    return _SEPTETS.__getitem__ if fits_gsm7(text) else _units


def _units(letter: str) -> int:
    return 2 if letter > "\uffff" else 1
