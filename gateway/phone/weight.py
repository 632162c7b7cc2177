"""What a text weighs in both encodings, and which letters decide between them: the bars of the phone page."""

from menus.gsm7 import SMS, USSD, Budget, culprit, fits_gsm7, parts, room, weigh


def screen(text: str) -> dict[str, object]:
    """Weigh a screen of USSD."""
    return _weight(text, USSD) | {"parts": 1}


def sms(text: str) -> dict[str, object]:
    """Weigh an SMS; what takes several parts has the room of all of them."""
    cut = len(parts(text))
    budget = SMS if cut == 1 else Budget(153 * cut, 67 * cut)
    return _weight(text, budget) | {"parts": cut}


def _weight(text: str, budget: Budget) -> dict[str, object]:
    """`septets` is None where the alphabet lacks letters; `outside` are these, each once; `culprit` is the first."""
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
