"""The texts of the menus as FLOIP resources: each screen as shown, each option by itself, in every language."""

from collections.abc import Iterator

from helpline.floip import Json, id_of, resource
from menus.book import AT_HOP, Book, fill
from menus.gsm7 import fold
from menus.tree import Ask, Choice, Each, End, Fork, Screen, Statement, Text


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
