"""`komek check`: every fault of the content at once; what CI runs."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from helpline.config import Config
from helpline.content import ROOT, Content, load, texts_of
from helpline.reviews import Reviews, guarded, hash_of
from helpline.sample import sample
from menus.converse import converse
from menus.faults import ContentFaults, Fault, Mark
from menus.gsm7 import SMS, USSD, culprit, room, weigh
from menus.keywords import Keywords
from menus.proof import prove
from menus.render import Local, Page, fill
from menus.salt import CALLER_WORDS, drawn_key

ROOTS = (
    "sms.ask",
    "start.cannot_ring",
    "start.not_stored",
    "start.enough_today",
    "start.not_changed",
    "start.dial_anew",
)
"""Screens that no key leads to: the domain shows them, or an SMS begins there."""
MOST_TO_CALLER = 12
STEMS = (
    "traffick", "violen", "polic", "clinic", "hiv", "pregnan", "shelter", "rape", "abuse", "slave",
    "торгов", "насили", "полиц", "милиц", "клиник", "вич", "беремен", "приют", "жертв", "раб ",
)  # fmt: skip
"""Beginnings of words that must not lie on a phone that others look into (R13)."""
FORBIDDEN = re.compile(r"[0-9]{4}|https?:|www\.|[a-z0-9-]+\.(?:org|com|kg|tj|kz|uz|tm)\b|@", re.IGNORECASE)
SALT = bytes(16)


def countries(root: Path = ROOT) -> list[str]:
    """Give the codes of all countries that there is content for."""
    return sorted(path.stem.upper() for path in (root / "countries").glob("*.yaml"))


def faults(root: Path = ROOT) -> tuple[list[Fault], dict[str, Content]]:
    """Give every fault of every country, and what could be loaded."""
    found: set[Fault] = set()
    loaded: dict[str, Content] = {}
    for code in countries(root):
        try:
            content = load(Config(country=code), root)
            found |= {*prove(content.parsed, ROOTS), *unsafe_texts(content, root), *sms_misfits(content)}
            found |= set(unusable(content, root))
            loaded[code] = content
        except ContentFaults as error:
            found |= set(error.faults)
        except (LookupError, RuntimeError, StopIteration, TypeError, ValueError) as error:
            what = f"[{code}] {type(error).__name__}: {error}; Komek needs it: it is missing or misspelt"
            found.add(Mark("content", 1, 1).fault(what))
    return sorted(found), loaded


def unusable(content: Content, root: Path) -> Iterator[Fault]:
    """Use whatever else a process reads at its start or in a call, so that nobody learns of a fault only then."""
    Keywords.of(content.keywords)
    sample(content.country.code, content.country.zone, datetime.now(ZoneInfo(content.country.zone)).date(), root)
    for language, local in content.book.locals.items():
        presses(content, language)
        hers = {word for _, word in local.lists["words"]}
        if len(hers) != CALLER_WORDS or len(local.lists["words"]) != CALLER_WORDS or hers & set(local.ours):
            what = f"[{language}] callers need {CALLER_WORDS} different words, and none of ours among them (R6)"
            yield Mark("content/words.yaml", 1, 1).fault(what)


def unsafe_texts(content: Content, root: Path) -> Iterator[Fault]:
    """Name each text to a caller that says what a watched phone must not (R13)."""
    names = _directory_names(root)
    mine = [path for path in content.parsed.tree.notices if path.startswith("to_caller.")]
    if len(mine) > MOST_TO_CALLER:
        yield Mark("content/notices.yaml", 1, 1).fault(
            f"there are {len(mine)} texts to callers; at most {MOST_TO_CALLER} (R13)"
        )
    for path in mine:
        for language in content.book.languages:
            said = content.book.notices[language][path]
            for what in said_unsafely(said, names):
                yield content.parsed.marks[path].fault(f"[{language}] a text to a caller {what}; take it out (R13)")


def said_unsafely(text: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """Say what is wrong with a text that stays on a caller's phone."""
    low = text.casefold()
    if found := FORBIDDEN.search(text):
        yield f"holds {found[0]!r}: a code or an address"
    for stem in STEMS:
        if stem in f" {low} ":
            yield f"holds {stem!r}"
    for name in names:
        if name.casefold() in low:
            yield "names a service of the directory"


def _directory_names(root: Path) -> frozenset[str]:
    from helpline.content import read_yaml

    listed = read_yaml(root / "directory" / "sample.yaml").values()
    return frozenset(name for country in listed for row in country["services"] for name in row["names"].values())


def sms_misfits(content: Content) -> Iterator[Fault]:
    """Name each text by SMS that does not fit one part, two for the card, with its longest values."""
    for language in content.book.languages:
        local = content.book.locals[language]
        values = longest_in_sms(content, language)
        for path in content.parsed.tree.notices:
            section = path.partition(".")[0]
            if section not in ("to_caller", "to_ngo"):
                continue
            text = fill(content.book.notices[language][path], dict(local.longest) | values)
            most = 2 if path == "to_ngo.card" else 1
            limit = room(text, SMS) if most == 1 else (134 if culprit(text) else 306)
            if weigh(text) > limit:
                what = f"[{language}] is {weigh(text)} long, {limit} fit into {most} SMS; shorten it"
                yield content.parsed.marks[path].fault(what)


def longest_in_sms(content: Content, language: str) -> dict[str, str]:
    """Give the longest value of each placeholder of a text to an NGO."""
    book = content.book
    notices, local = book.notices[language], book.locals[language]
    places = [label for _, label in local.lists["regions"]] + [notices["to_ngo.place_not_said"]]
    windows = [text for name, text in notices.items() if name.startswith("windows.")]
    yes_no = max((notices["answers.yes"], notices["answers.no"]), key=len)
    every = [each for tongue in book.locals.values() for each in _words_of(tongue)]
    return {
        "offer": "00000", "place": max(places, key=weigh), "speaks": "RU", "number": "+996000000000",
        "need": max((label for _, label in local.lists["needs"]), key=weigh), "window": max(windows, key=weigh),
        "others": yes_no, "message": yes_no, "name": yes_no, "word": max(every, key=len), "ours": max(every, key=len),
    }  # fmt: skip


def _words_of(local: Local) -> list[str]:
    return [*(word for _, word in local.lists["words"]), *local.ours]


def summary(loaded: dict[str, Content]) -> Iterator[str]:
    """Say how the content stands: screens, the tightest ones, presses to a stored request, what awaits review."""
    for code, content in loaded.items():
        book = content.book
        unread = list(Reviews(book, content.reviews, all_allowed=False).missing())
        screens, texts = len(book.tree.screens), len(texts_of(content.parsed))
        unverified = ", ".join(content.country.unverified) or "none"
        yield f"{code}: {screens} screens, {texts} texts, languages {', '.join(book.languages)}"
        yield f"  not verified: {unverified}; awaiting review: {len(unread)} wordings"
        for language in book.languages:
            yield f"  {language}: a request is stored after {presses(content, language)} presses"
        for left, where in tightest(content)[:10]:
            yield f"  {left:>3} left  {where}"


def tightest(content: Content) -> list[tuple[int, str]]:
    """Give the screens by what is left of their budget, the tightest first."""
    rows = []
    for language, screens in content.book.pages.items():
        for name, pages in screens.items():
            rows += [(_left(page, content, language), f"{language} {name}") for page in pages]
    return sorted(rows)


def _left(page: Page, content: Content, language: str) -> int:
    text = fill(page.text, content.book.locals[language].longest)
    return room(text, USSD) - weigh(text)


def presses(content: Content, language: str) -> int:
    """Count the keys from the dial to a stored request: language, call me, the drawn key, a time."""
    book = content.book
    at = book.languages.index(language) + 1
    keys = (str(at), _key_to(content, language, book.tree.home, book.tree.consent), drawn_key(SALT), "1")
    stored = (n for n in range(len(keys) + 1) if converse(book, keys[:n], SALT).draft.asks_for_a_call)
    return next(stored)


def _key_to(content: Content, language: str, screen: str, goal: str) -> str:
    keys = content.book.page(language, screen, 0).keys
    return next(key for key, step in keys.items() if not isinstance(step, int) and step.goto == goal)


def hashes(content: Content) -> Iterator[str]:
    """Give what a review mark needs: each guarded wording with its hash now."""
    reviews = Reviews(content.book, content.reviews, all_allowed=False)
    for language in content.book.languages:
        for text in guarded(content.book):
            mark = "read" if reviews.allow(text, language) else "unread"
            yield f"{hash_of(reviews.wording(text, language))}  {language}  {mark:6}  {text}"
