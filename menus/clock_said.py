"""Read what a caller answers to "What time is it now where you are?": `15`, `15:20`, `15 часов`, `в 15`, `3 pm`.

The words are spelled as `menus/romanise.py` does, so each is in one spelling for all scripts. A number with any other
word beside it is no hour: neither *yes* nor a count of people sets a clock (R3).
"""

import re
from collections.abc import Mapping

from menus.folding import normalise
from menus.romanise import romanise

MIDNIGHT = 24
"""A clock that shows `00:20` is in the hour 24: the digit 0 alone is *no* everywhere."""
NOON = 12
LONGEST = 40
"""Letters of an answer that are read. None that says the time is as long."""
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})([:.][0-5]\d|-00)?(?!\d)", re.ASCII)
_BESIDE = """
    час часа часов ч h hrs hour hours oclock o clock в at its it is now сейчас ровно
    сағат сағ қазір саат азыр соат соати ҳозир soat hozir sagat häzir da de та те
"""
"""Words that leave a number as it is, if one of them is a word for the clock."""
_CLOCK = "час часа часов ч h hrs hour hours oclock clock в at сейчас now сағат саат соат соати soat sagat"
"""Words of which one says that a number is an hour: 13 or more, or with a zero before it."""
_PARTS: Mapping[str, str] = {
    "am": "am a.m",
    "pm": "pm p.m",
    "morning": """
        morning утра таңғы таңертең таңертеңгі таңкы эртеңменен саҳар субҳ субҳи пагоҳӣ ertalab ertalabki irden ertirki
    """,
    "afternoon": """
        afternoon дня түскі күндізгі түшкү түштөнкийин күндүзгү рӯз рӯзи пешин kunduzi kunduzgi gündiz gündizki
    """,
    "evening": "evening вечера кешкі кешке кечки кечинде бегоҳ бегоҳии бегоҳӣ kechqurun kechki agşam agşamky",
    "night": "night ночи түнгі түнкү шаб шаби шабона tungi tunda gije gijeki",
}  # fmt: skip
"""The part of the day that tells 3 in the night from 3 in the afternoon."""
_COUNTED = ("afternoon", "night")
"""Their words may also count: *3 дня* is three days, *2 ночи* two nights. A word for the clock beside them decides."""
_HOURS: Mapping[str, Mapping[int, int]] = {
    "am": {**{hour: hour for hour in range(1, NOON)}, NOON: MIDNIGHT},
    "pm": {**{hour: hour + NOON for hour in range(1, NOON)}, NOON: NOON},
    "morning": {hour: hour for hour in range(4, NOON)},
    "afternoon": {**{hour: hour + NOON for hour in range(1, 6)}, NOON: NOON},
    "evening": {hour: hour + NOON for hour in range(4, NOON)},
    "night": {**{hour: hour for hour in range(1, 6)}, 10: 22, 11: 23, NOON: MIDNIGHT},
}
"""Part of the day → the hours that people say in it, and those of a clock with 24."""


def _spelled(words: str) -> frozenset[str]:
    return frozenset(spelling for word in normalise(words).split() for spelling in romanise(word))


_BESIDE_SPELLED, _CLOCK_SPELLED = _spelled(_BESIDE), _spelled(_CLOCK)
_PARTS_SPELLED = {part: _spelled(words.replace("a.m", "am").replace("p.m", "pm")) for part, words in _PARTS.items()}


def clock_said(text: str) -> str:
    """Return the hour, 1 to 24, that a text says a clock shows. Nothing for any other text, and for a doubtful one.

    *3 часа* is doubtful: in the night, or in the afternoon. A number alone is taken as it is typed, from 1 to 24.
    """
    plain = _plain(text)
    numbers = list(_NUMBER.finditer(plain))
    if len(numbers) != 1 or len(plain) > LONGEST:
        return ""
    found, words = numbers[0], _words(plain, numbers[0])
    hour, has_minutes = int(found[1]), bool(found[2])
    if not words:
        return _of_clock(hour) if has_minutes else found[1] * (0 < hour <= MIDNIGHT)
    parts = [part for part, spelled in _PARTS_SPELLED.items() if not spelled.isdisjoint(words)]
    if len(parts) > 1 or not _BESIDE_SPELLED.union(*map(_PARTS_SPELLED.__getitem__, parts)).issuperset(words):
        return ""
    is_clock = has_minutes or not _CLOCK_SPELLED.isdisjoint(words)
    if parts:
        return _of_part(parts[0], hour) if is_clock or parts[0] not in _COUNTED else ""
    is_certain = has_minutes or hour > NOON or found[1].startswith("0")
    return _of_clock(hour) if is_clock and is_certain else ""


def _plain(text: str) -> str:
    """Return a text with ASCII digits, and `a.m.` as one word."""
    joined = re.sub(r"\b([ap])\.?\s?m\b\.?", r"\1m", text.casefold())
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in joined)


def _words(text: str, number: re.Match[str]) -> list[str]:
    """Return the words beside a number, spelled. *Эртең менен* (in the morning) is one: *эртең* alone is tomorrow."""
    beside = normalise(f"{text[: number.start()]} {text[number.end() :]}")
    for two in ("эртен менен", "туштон кийин"):
        beside = beside.replace(two, two.replace(" ", ""))
    return [romanise(word)[0] for word in beside.split()]


def _of_clock(hour: int) -> str:
    """Return the hour of a clock with 24 hours."""
    return str(hour or MIDNIGHT) if hour <= MIDNIGHT else ""


def _of_part(part: str, hour: int) -> str:
    """Return the hour of a part of the day. *15 pm* and *20 вечера* are already those of a clock with 24."""
    hours = _HOURS[part]
    is_late = hour > NOON and hour in hours.values()
    return str(hour if is_late else hours[hour]) if is_late or hour in hours else ""
