"""The length of a text in both encodings, and the letters that force UCS-2, for the bars of the phone page."""

from menus.gsm7 import SMS, USSD, Budget, culprit, fits_gsm7, parts, room, weigh


def screen(text: str) -> dict[str, object]:
    """Return the length of a USSD screen."""
    return _weight(text, USSD) | {"parts": 1}


def sms(text: str) -> dict[str, object]:
    """Return the length of an SMS. Its room is that of all its parts."""
    cut = len(parts(text))
    budget = SMS if cut == 1 else Budget(153 * cut, 67 * cut)
    return _weight(text, budget) | {"parts": cut}


def _weight(text: str, budget: Budget) -> dict[str, object]:
    """Return the length. `outside` are the letters that GSM-7 lacks, `culprit` the first; `septets` is then None."""
    outside = "".join(dict.fromkeys(letter for letter in text if not fits_gsm7(letter)))
    return {
        "encoding": "UCS-2" if outside else "GSM-7",
        "used": weigh(text),
        "room": room(text, budget),
        "septets": None if outside else weigh(text),
        "units": len(text.encode("utf-16-be")) // 2,
        "most_septets": budget.septets,
        "most_units": budget.units,
        "culprit": culprit(text),
        "outside": outside,
        "count": sum(letter in outside for letter in text),
    }
