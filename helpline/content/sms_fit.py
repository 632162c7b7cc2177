"""Check that each SMS text fits with the longest values: in one part, two or three for some, five to colleagues."""

from collections.abc import Iterator, Mapping, Sequence

from helpline.core.call_windows import WINDOWS
from menus.book import Book, Local, Misfit, fill
from menus.gsm7 import SMS, culprit, room, weigh

MOST_PLACE, MOST_NEED, MOST_NAME = 12, 15, 24
"""How many letters fit if each needs two octets (UCS-2). A longer label is cut and ends in a full stop."""


def fitting(lines: Sequence[str]) -> str:
    """Join as many lines as fit into the text that offers them. The first line is always among them."""
    joined = (BETWEEN.join(lines[:count]) for count in range(len(lines), 0, -1))
    return next((text for text in joined if len(text) <= MOST_LINES), "")


def brief(label: str, most: int) -> str:
    """Cut a label to `most` letters if it must be sent as UCS-2. Other labels have enough room."""
    return f"{label[: most - 1].rstrip()}." if len(label) > most and culprit(label) else label


OFFER, CARD, MORE, HOUR = "to_ngo.offer", "to_ngo.card", "to_ngo.card_more", "to_ngo.hour"
DETAILS = "to_ngo.details"
SILENT, TAKE_OVER = "to_ngo.silent", "to_ngo.take_over"
OUTSIDE = "to_ngo.next_outside"
TYPED_HOURS, SHORT_HOURS = "08:00-12", "08-12"
"""As long as the hours that a caller typed are in an offer, and beside the word for *urgent*."""
HURRIED = frozenset(f"windows.{name}" for name in WINDOWS)
"""The windows that an urgent request may have besides *now*. They are sent with the word for *urgent*."""
PLACES = frozenset({"regions", "districts", "abroad"})
BY_SMS = ("to_caller", "to_ngo", "to_pro")
PARTS = frozenset({
    "to_ngo.about_someone", "to_ngo.age_not_said", "to_ngo.age_under_18", "to_ngo.cover", "to_ngo.in_danger",
    "to_ngo.man", "to_ngo.need_not_said", "to_ngo.other_phone", "to_ngo.place_not_said", "to_ngo.urgent",
    "to_ngo.woman",
})  # fmt: skip
"""Texts that are inserted in other texts to a service."""
TWO_PARTS = (
    "to_ngo.cry", "to_ngo.danger", "to_ngo.figures", "to_ngo.handed_choose", "to_ngo.handing",
    "to_ngo.help_more", "to_ngo.list", "to_ngo.menu_more", "to_ngo.menu_reached", "to_ngo.pro", "to_ngo.redrawn",
    "to_ngo.remind_owner", TAKE_OVER,
)  # fmt: skip
MORE_PARTS: Mapping[str, int] = {**dict.fromkeys(TWO_PARTS, 2), CARD: 3, "to_ngo.number": 3}
"""The card says in whole words what the caller allows. The number comes with what to say and what to send after the
call: a wrong digit there stops all calls (R8)."""
OWN_COUNTS = ("asked", "taken", "declined", "silent", "reached")
"""The placeholders of `to_ngo.figures`."""
PARTS_TO_COLLEAGUES = 5
"""The most parts of a text to a colleague who has asked for it."""
LONGEST_NAME = "Ш" * MOST_NAME
"""The longest name. A service may only have a name in letters that need two octets, whatever the text's language."""
CODES = 3
"""The most names that one text offers to choose from."""
BETWEEN = " / "
"""Stands between lines of which a service sends one. With a comma they would look like one text."""
MOST_LINES = len(BETWEEN.join(["00000 0"] * CODES))
"""The most letters of the lines that one text offers to choose from. The list has all codes."""
SAID_WITH: Mapping[str, Mapping[str, str]] = {
    "to_ngo.which": {"need": "Ш" * MOST_LINES},
    "to_ngo.which_one": {"need": "0" * MOST_LINES},
    **{f"to_ngo.which_{verb}": {"need": "00000 00"} for verb in ("full", "duty_on", "duty_off")},
    "to_ngo.colleague": {"name": LONGEST_NAME},
    **{f"to_ngo.next_{name}": {"day": "000 00.00"} for name in ("saved", "soon")},
    "to_ngo.handed": {"name": LONGEST_NAME},
    "to_ngo.handed_unfit": {"name": LONGEST_NAME},
    "to_ngo.handed_over": {"name": LONGEST_NAME},
    "to_ngo.handing": {"name": LONGEST_NAME},
    "to_ngo.handing_no": {"name": LONGEST_NAME},
    "to_ngo.remind_owner": {"name": LONGEST_NAME},
    "to_ngo.handed_choose": {"need": ", ".join([LONGEST_NAME] * CODES)},
}
"""Texts in which a placeholder has other values than elsewhere."""


def sms_misfits(book: Book, changed: str = "") -> Iterator[Misfit]:
    """Yield each text that needs more SMS parts than it may have. With `changed`, only texts with that text in them."""
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
    fit = f"{most(path, text)} fit into {most_parts(path)} SMS"
    return Misfit(path, language, f"is {weigh(text)} long, {fit}; shorten it")


def most(path: str, text: str) -> int:
    """Return the greatest allowed length of a text, in septets or UCS-2 units depending on its letters."""
    parts = most_parts(path)
    return room(text, SMS) if parts == 1 else parts * (67 if culprit(text) else 153)


def most_parts(path: str) -> int:
    """Return how many SMS parts a text may have."""
    return PARTS_TO_COLLEAGUES if path.startswith("to_pro.") else MORE_PARTS.get(path, 1)


def longest_in_sms(book: Book, language: str) -> dict[str, str]:
    """Return the longest value of each placeholder in a text to a service."""
    notices, local = book.notices[language], book.locals[language]
    part = {name.removeprefix("to_ngo."): said for name, said in notices.items() if name.startswith("to_ngo.")}
    lists = [found for name, found in local.lists.items() if name.partition(".")[0] in PLACES]
    places = [label for found in lists for _, label in found] + [part["place_not_said"]]
    windows = {name: text for name, text in notices.items() if name.startswith("windows.")}
    hurried = [SHORT_HOURS, *(text for name, text in windows.items() if name in HURRIED)]
    urgent = [fill(part["urgent"], {"window": text}) for text in hurried]
    needs = [label for _, label in local.lists["needs"]] + [part["need_not_said"]]
    yes_no = max((notices["answers.yes"], notices["answers.no"]), key=weigh)
    words = [word for local_ in book.locals.values() for word in _words_of(local_)]
    return {
        "offer": "00000", "place": max((brief(label, MOST_PLACE) for label in places), key=weigh), "speaks": "RU",
        "need": max((brief(label, MOST_NEED) for label in needs), key=weigh),
        "window": max((windows["windows.now"], TYPED_HOURS, *urgent), key=weigh),
        "others": yes_no, "message": yes_no, "sms": yes_no, "name": yes_no, "number": "+996000000000",
        "word": max(words, key=len), "ours": max(words, key=len), "count": "0000000", "first": "0000", "again": "0000",
        "head": "00000000", "month": "12.2026", **dict.fromkeys(OWN_COUNTS, "0000"),
    }  # fmt: skip


def longest_with_parts(book: Book, language: str, path: str, values: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the longest values for one text to a service, including parts that only this text may have.

    `values` is the result of `longest_in_sms`, if the caller of this function already has it.
    """
    notices, plain = book.notices[language], dict(values or longest_in_sms(book, language))
    if path in SAID_WITH:
        return {**plain, **SAID_WITH[path]}
    sex = max((notices["to_ngo.woman"], notices["to_ngo.man"]), key=weigh)
    if path in (OFFER, DETAILS):
        age = max((notices["to_ngo.age_under_18"], notices["to_ngo.age_not_said"]), key=weigh)
        need = f"{plain['need']}, {age}, {notices['to_ngo.about_someone']}"
        return plain | {"speaks": f"{plain['speaks']} {sex}", "need": need}
    if path == TAKE_OVER:
        return plain | {"name": LONGEST_NAME, "need": f"{notices['to_ngo.in_danger']}, {plain['need']}"}
    days = "{1} {3} {5} {7}".format(*(notices.get(f"weekdays.{day}", "") for day in range(8)))
    if path == SILENT:
        return plain | {"name": LONGEST_NAME}
    if path in (HOUR, OUTSIDE):
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
    return [*(word for _, word in local.lists["words"]), *local.our_words]
