"""The texts of the menus as FLOIP resources: each screen as shown, each option by itself, in every language.

The ways through the menus as a FLOIP flow takes them: an expression for each, and where topics are entered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpline.authoring.flow_package import Json, id_of, resource
from menus.book import AT_HOP, Book, fill
from menus.graph import topic_of
from menus.gsm7 import fold
from menus.tree import BACK, Ask, Choice, Each, End, Fork, Option, Screen, Statement, Text, Tree


def resources(book: Book, screen: Screen, mode: str) -> Iterator[Json]:
    """Give the texts of a screen: all of it as shown, and each option by itself."""
    shown = {language: shown_in(book, screen, language) for language in book.languages}
    if any(shown.values()):
        yield resource(id_of("text", screen.name), shown, mode)
    if isinstance(screen, Choice):
        for option in screen.options:
            labels = {language: said_in(book, option.label, language) for language in book.languages}
            yield resource(id_of("text", option.label.path), labels, mode)
        for code in items(book, screen, book.languages[0]):
            labels = {language: items(book, screen, language)[code] for language in book.languages}
            yield resource(id_of("text", f"{screen.name}.each.{code}"), labels, mode)


def shown_in(book: Book, screen: Screen, language: str) -> str:
    """Give a screen as a handset shows it; a text of several pages whole, a list by its first."""
    match screen:
        case Fork():
            return ""
        case Statement(text=text):
            return said_in(book, text, language)
        case Choice() | Ask() | End():
            return book.pages[language][screen.name][0].text


def said_in(book: Book, text: Text, language: str) -> str:
    """Give a text in a language, with what is the same at every hop in place of its placeholders."""
    local = book.locals[language]
    fixed = {name: value for name, value in local.longest.items() if name not in AT_HOP}
    said = local.catalog.get((text.path, text.english), "") or text.english
    return fold(fill(said, {**fixed, **local.own}), language)


def items(book: Book, screen: Screen, language: str) -> dict[str, str]:
    """Give what a list offers, code → label, where it is the same for everybody."""
    match screen:
        case Choice(each=Each(source=source)):
            return dict(book.locals[language].lists.get(source, ())) if source != "found" else {}
        case _:
            return {}


NUMBERS: Mapping[str, tuple[int, int]] = {"hour": (1, 24)}
"""Typed answers that are numbers. A code or a telephone is a row of digits, whose zeros in front count."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way on from a screen: its name, the expression that takes it, where it leads, what is kept on it."""

    name: str
    test: str
    goto: str
    keep: tuple[tuple[str, str], ...] = ()


def entrances(tree: Tree, topic: str) -> list[str]:
    """Give the screens at which a topic is entered: from another topic, from the dial, or by the program itself."""
    since: dict[str, set[str]] = {name: set() for name in tree.screens if topic_of(name) == topic}
    for name, screen in tree.screens.items():
        for way in ways(screen):
            since.get(way.goto, set()).add(topic_of(name))
    first = [name for name in (tree.start, tree.home) if name in since]
    found = [*first, *(name for name, topics in since.items() if topics != {topic})]
    return list(dict.fromkeys(found or [*since][:1]))


def ways(screen: Screen, codes: tuple[str, ...] = ()) -> Iterator[Way]:
    """Give the ways on from a screen. `codes` are those that its list offers, if they are the same for everybody."""
    value = f"flow.{screen.name.replace('.', '_')}.value"
    match screen:
        case Choice(options=options, each=each):
            yield from (_pressed(option) for option in options)
            if each:
                yield Way("each", _listed(options, codes), each.goto, ((each.keep, value),))
        case Ask(keep=keep, goto=goto, skip=skip):
            yield from (Way(BACK, f"block.value = '{BACK}'", skip) for skip in (skip,) if skip)
            yield Way("typed", _typed(screen), goto, ((keep, value),))
        case Statement(goto=goto):
            yield Way("1", "", goto)
        case Fork(by=by, cases=cases, otherwise=otherwise):
            yield from (Way(said, f"contact.{by} = '{said}'", goto) for said, goto in cases.items())
            yield Way("else", "", otherwise)
        case End():
            pass


def _pressed(option: Option) -> Way:
    kept = tuple((name, f"'{said}'") for name, said in option.keep)
    return Way(option.key, f"block.value = '{option.key}'", option.goto, kept)


def _listed(options: tuple[Option, ...], codes: tuple[str, ...]) -> str:
    """Say that one of a list was chosen: these codes, or anything but the keys beside it."""
    if codes:
        return "OR({})".format(", ".join(f"block.value = '{code}'" for code in codes))
    others = [f"block.value != '{option.key}'" for option in options]
    return f"AND({', '.join(others)})" if others else "true"


def _typed(ask: Ask) -> str:
    if ask.keep in NUMBERS:
        least, most = NUMBERS[ask.keep]
        return f"AND(block.value >= {least}, block.value <= {most})"
    return f"AND(LEN(block.value) >= {ask.least or ask.digits}, LEN(block.value) <= {ask.digits})"
