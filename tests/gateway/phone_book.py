"""A small book for the tests of the phone page: two languages, a consent screen, one request that is saved."""

from collections.abc import Mapping, Sequence
from functools import cache

from gateway.phone.guide import CHANNEL, Guide
from helpline.content import phone_texts
from helpline.content.phone_texts import PhoneTexts
from helpline.content.sources import ROOT
from menus.book import Book, Local, fill
from menus.converse import converse
from menus.parse import parse
from menus.render import print_book
from menus.salt import drawn_key
from menus.tree import End

SCREENS = """
start: language
home: home
consent: consent
screens:
  language:
    choice: ""
    each: {from: languages, keep: language, goto: home}
    options: {8: {say: "SOS", goto: danger}}
  home:
    choice: "How can we help?"
    options:
      1: {say: "Call me", goto: kept}
      2: {say: "My request", goto: consent}
      3: {say: "Do not ring me", goto: stopped}
      8: {say: "SOS", goto: danger}
  consent:
    choice: "A helper will ring you."
    inline: true
    options:
      drawn: {say: "Go on", keep: {consent: yes}, goto: kept}
      0: {say: "No", goto: stopped}
  kept: {end: "Written down. Code {code}, your word {word}, our word {ours}."}
  stopped: {end: "Good. Nobody will ring you."}
  danger: {end: "Danger now: 112."}
  unreached: {end: "This number cannot be rung from here."}
"""
NOTICES = """
keys: {9: "More", next: "Next"}
hints: {key: "No such key."}
promise: {window: "We ring {day} {from}-{to}."}
to_ngo: {offer: "Request {offer}: place not said. YES {offer} / NO {offer}", card: "{offer} is yours. Word {word}."}
"""
RUSSIAN = {
    "t.home": "Чем помочь?", "t.home.1": "Позвоните мне", "t.home.2": "Моя заявка", "t.home.3": "Не звоните",
}  # fmt: skip
PLACEHOLDERS = ("code", "word", "ours", "drawn", "promise", "offer", "day", "from", "to")
SAID = {"code": "482913", "word": "RAIN", "ours": "LAMP"}
LOCAL = {"drawn": "7", "code": "000000", "word": "BREAD", "ours": "LAMP"}


def small_book() -> Book:
    """Print the book."""
    tree = parse({"t.yaml": SCREENS}, {"n.yaml": NOTICES}, PLACEHOLDERS)
    words = [("0", "RAIN"), ("1", "BREAD")]
    lists = {"languages": [("ru", "Русский"), ("en", "English")], "regions": [], "needs": [], "words": words}
    home = tree.screens["t.home"]
    texts = [home.text, *(option.label for option in home.options)]  # type: ignore[union-attr]
    russian = {
        (text.path, text.english): _russian(text.english, at) for at, text in enumerate(texts) if text is not None
    }
    card = tree.notices["to_ngo.card"]
    russian[card.path, card.english] = "{offer}: ваша. Слово {word}."
    locals_ = {"ru": Local(russian, lists, ["LAMP"], LOCAL), "en": Local({}, lists, ["LAMP"], LOCAL)}
    return print_book(tree, locals_, {}, "first-digest", lambda misfit: None)


def _russian(english: str, at: int) -> str:
    texts = list(RUSSIAN.values())
    return texts[at] if at < len(texts) else english


@cache
def page_texts() -> PhoneTexts:
    """Return the texts of the page. They are read once for all tests."""
    return phone_texts.read(ROOT)


def salt(channel: str, session: str) -> bytes:
    """Return the same salt for every call of the tests. It draws key 3."""
    assert channel == CHANNEL
    return bytes([2, *session.encode()[:7].ljust(15)])


def small_guide(marks: Mapping[str, object] | None = None) -> Guide:
    """Return the guide of this book."""
    return Guide(small_book(), salt, marks or {})  # type: ignore[arg-type]


def answer(book: Book, session: str, texts: Sequence[str]) -> str:
    """Answer the last hop of a call. Each hop is the keys so far, as Africa's Talking posts them."""
    drawn, shown = salt(CHANNEL, session), set[int]()
    turn = converse(book, (), drawn)
    for text in texts:
        keys = text.split("*") if text else []
        turn = converse(book, keys, drawn, shown)
        shown |= {len(keys)} if turn.unseen else set()
    page = book.page(turn.draft.language, turn.screen, turn.page, turn.draft)
    verb = "END" if isinstance(book.tree.screens[turn.screen], End) else "CON"
    return f"{verb} {fill(page.wrong if turn.wrong else page.text, {'drawn': drawn_key(drawn), **SAID})}"
