"""Whether each text by SMS fits: one part, two for the card and lists, with the longest values that may stand in it."""

from collections.abc import Iterator, Mapping

from helpline.core.call_windows import WINDOWS
from menus.book import Book, Local, Misfit, fill
from menus.gsm7 import SMS, culprit, room, weigh

MOST_PLACE, MOST_NEED, MOST_NAME = 12, 15, 24
"""Letters that a text has room for where they weigh two octets each; a longer name is cut, with a full stop."""


def brief(label: str, most: int) -> str:
    """Cut a label to `most` letters where one letter costs two octets; others have room enough."""
    return f"{label[: most - 1].rstrip()}." if len(label) > most and culprit(label) else label


OFFER, CARD, MORE, HOUR = "to_ngo.offer", "to_ngo.card", "to_ngo.card_more", "to_ngo.hour"
SILENT = "to_ngo.silent"
HURRIED = frozenset(f"windows.{name}" for name in WINDOWS)
"""Windows that an urgent request may have beside *now*, which says so itself."""
PLACES = frozenset({"regions", "districts", "abroad"})
BY_SMS = ("to_caller", "to_ngo")
PARTS = frozenset({
    "to_ngo.about_someone", "to_ngo.age_not_said", "to_ngo.age_under_18", "to_ngo.cover", "to_ngo.man",
    "to_ngo.other_phone", "to_ngo.place_not_said", "to_ngo.urgent", "to_ngo.woman",
})  # fmt: skip
"""Texts that are part of other texts to a service."""
TWO_PARTS = frozenset({CARD, "to_ngo.list", "to_ngo.handed_choose"})
LONGEST_NAME = "Ш" * MOST_NAME
"""A service may have no name in the reader's language, but one in letters of two octets."""
CODES = 3
"""Codes that one text asks somebody to choose from; all of them are in the list."""
SAID_WITH: Mapping[str, Mapping[str, str]] = {
    "to_ngo.which": {"need": " ".join(["00000"] * CODES)},
    "to_ngo.handed": {"name": LONGEST_NAME},
    "to_ngo.handed_unfit": {"name": LONGEST_NAME},
    "to_ngo.handed_over": {"name": LONGEST_NAME},
    "to_ngo.coming": {"name": LONGEST_NAME},
    "to_ngo.handed_choose": {"need": ", ".join([LONGEST_NAME] * CODES)},
}
"""Texts in which a placeholder stands for something of their own."""


def sms_misfits(book: Book, changed: str = "") -> Iterator[Misfit]:
    """Name each text that needs more SMS parts than it may; with `changed`, only those that contain that text."""
    for language in book.languages:
        plain = longest_in_sms(book, language)
        for path in _containing(changed) or book.notices[language]:
            if path.partition(".")[0] in BY_SMS and (misfit := _misfit(book, language, path, plain)):
                yield misfit


def _containing(path: str) -> list[str]:
    """Return the one text whose weight depends on `path`; an empty list if it may be any of them."""
    return [path] if path.startswith(BY_SMS) and path not in PARTS else []


def _misfit(book: Book, language: str, path: str, plain: Mapping[str, str]) -> Misfit | None:
    values = {**book.locals[language].longest, **longest_with_parts(book, language, path, plain)}
    text = fill(book.notices[language][path], values)
    if weigh(text) <= most(path, text):
        return None
    parts = 2 if path in TWO_PARTS else 1
    return Misfit(path, language, f"is {weigh(text)} long, {most(path, text)} fit into {parts} SMS; shorten it")


def most(path: str, text: str) -> int:
    """Give the most that a text may weigh, in septets or units as its letters demand."""
    if path in TWO_PARTS:
        return 134 if culprit(text) else 306
    return room(text, SMS)


def longest_in_sms(book: Book, language: str) -> dict[str, str]:
    """Give the longest value of each placeholder of a text to a service."""
    notices, local = book.notices[language], book.locals[language]
    part = {name.removeprefix("to_ngo."): said for name, said in notices.items() if name.startswith("to_ngo.")}
    lists = [found for name, found in local.lists.items() if name.partition(".")[0] in PLACES]
    places = [label for found in lists for _, label in found] + [part["place_not_said"]]
    windows = {name: text for name, text in notices.items() if name.startswith("windows.")}
    urgent = [fill(part["urgent"], {"window": text}) for name, text in windows.items() if name in HURRIED]
    yes_no = max((notices["answers.yes"], notices["answers.no"]), key=weigh)
    every = [each for tongue in book.locals.values() for each in _words_of(tongue)]
    return {
        "offer": "00000", "place": max((brief(label, MOST_PLACE) for label in places), key=weigh), "speaks": "RU",
        "need": max((brief(label, MOST_NEED) for _, label in local.lists["needs"]), key=weigh),
        "window": max((windows["windows.now"], *urgent), key=weigh),
        "others": yes_no, "message": yes_no, "name": yes_no, "number": "+996000000000",
        "word": max(every, key=len), "ours": max(every, key=len), "count": "0000000", "head": "00000000",
    }  # fmt: skip


def longest_with_parts(book: Book, language: str, path: str, values: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the longest values of one text to a service, with the parts that only this text may hold.

    `values`: what `longest_in_sms` gives, if it is at hand.
    """
    notices, plain = book.notices[language], dict(values or longest_in_sms(book, language))
    if path in SAID_WITH:
        return {**plain, **SAID_WITH[path]}
    sex = max((notices["to_ngo.woman"], notices["to_ngo.man"]), key=weigh)
    if path == OFFER:
        age = max((notices["to_ngo.age_under_18"], notices["to_ngo.age_not_said"]), key=weigh)
        need = f"{plain['need']}, {age}, {notices['to_ngo.about_someone']}"
        return plain | {"speaks": f"{plain['speaks']} {sex}", "need": need}
    days = "{1} {3} {5} {7}".format(*(notices.get(f"weekdays.{day}", "") for day in range(8)))
    if path == SILENT:  # a service may have no name in the reader's language, but one in two-octet letters
        return plain | {"name": "Ш" * MOST_NAME}
    if path == HOUR:
        return plain | {"window": f"30.12 08:00-12:00, {days}"}
    if path == CARD:
        return plain | {"window": max(("30.12 08:00-12:00", notices["windows.unknown"]), key=weigh)}
    if path == MORE:
        covers = [text for name, text in notices.items() if name.startswith("covers.")]
        cover = fill(notices["to_ngo.cover"], {"name": max(covers, key=weigh)})
        parts = (
            days,
            f"{plain['speaks']} {sex}",
            notices["to_ngo.other_phone"],
            cover,
            notices["to_ngo.about_someone"],
        )
        return plain | {"need": ", ".join(parts)}
    return plain


def _words_of(local: Local) -> list[str]:
    return [*(word for _, word in local.lists["words"]), *local.ours]
