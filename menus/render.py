"""Print the book: each screen in each language is translated, filled, folded and cut into pages, once at the start.

A hop only looks up a page and fills in what is drawn from the session (key, code, words) or read from the database.
Whether everything fits is checked here, so a screen that is too long is a fault of the content and never of a hop.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from menus.book import SLOT, THERE, Book, Local, Misfit, Page, depends_on
from menus.misfits import misfits
from menus.printer import Printer
from menus.tree import (
    Ask,
    Choice,
    Each,
    Fork,
    Shown,
    Statement,
    Tree,
)


def print_book(
    tree: Tree,
    locals_: Mapping[str, Local],
    settings: Mapping[str, str],
    digest: str,
    on_misfit: Callable[[Misfit], None],
) -> Book:
    """Print every screen in every language. `on_misfit` is called for each text that a handset cannot show."""
    pages: dict[str, dict[str, tuple[Page, ...]]] = {}
    notices: dict[str, dict[str, str]] = {}
    printers: dict[str, Printer] = {}
    for language, local in locals_.items():
        printer = Printer(tree, language, local, settings)
        shown = {name: screen for name, screen in tree.screens.items() if not isinstance(screen, Fork)}
        printers[language] = printer
        pages[language] = {name: printer.print(screen) for name, screen in shown.items()} | _by_place(printer, shown)
        notices[language] = {name: printer.say(text) for name, text in tree.notices.items()}
        for misfit in misfits(printer, shown, pages[language]):
            on_misfit(misfit)
    return Book(tree, tuple(locals_), locals_, pages, notices, digest, printers)


def reprint(book: Book, settings: Mapping[str, str], own: Mapping[str, Mapping[str, str]]) -> Book:
    """Return the book with other values of some placeholders: `settings`, and in each language `own`.

    Only the screens and notices that show one of them are printed again.
    """
    names = {*settings, *(name for values in own.values() for name in values)}
    screens = {name: screen for name, screen in book.tree.screens.items() if not isinstance(screen, Fork)}
    changed = {name: screen for name, screen in screens.items() if not names.isdisjoint(_slots(screen))}
    texts = {path: text for path, text in book.tree.notices.items() if not names.isdisjoint(SLOT.findall(text.english))}
    locals_ = {code: replace(local, own={**local.own, **own.get(code, {})}) for code, local in book.locals.items()}
    printers = {code: Printer(book.tree, code, local, settings) for code, local in locals_.items()}
    return replace(
        book,
        locals=locals_,
        pages={
            code: {
                **book.pages[code],
                **{name: printer.print(screen) for name, screen in changed.items()},
                **_by_place(printer, changed),
            }
            for code, printer in printers.items()
        },
        notices={
            code: {**book.notices[code], **{path: printer.say(text) for path, text in texts.items()}}
            for code, printer in printers.items()
        },
        printers=printers,
    )


def _slots(screen: Shown) -> set[str]:
    """Return the placeholders in the texts of a screen."""
    again = screen.again if isinstance(screen, Choice | Ask) else None
    return {slot for text in (screen.text, again) if text for slot in SLOT.findall(text.english)}


def _by_place(printer: Printer, shown: Mapping[str, Shown]) -> dict[str, tuple[Page, ...]]:
    """Print each screen of districts for each region that has some, and each text with `{there}` for each country."""
    found = {}
    for name, screen in shown.items():
        match screen:
            case Choice(each=Each(source="districts") as each):
                for source, items in printer.local.lists.items():
                    if source.startswith("districts."):
                        found[f"{name}@{source.removeprefix('districts.')}"] = printer.listed(screen, each, items)
            case Statement() if depends_on(screen):
                for code, there in printer.local.there.items():
                    found[f"{name}@{code}"] = printer.about(THERE, there).print(screen)
    return found
