"""Print the book: each screen in each language is translated, filled, folded and cut into pages, once at the start.

A hop only looks up a page and fills in what is drawn from the session (key, code, words) or read from the database.
Whether everything fits is checked here, so a screen that is too long is a fault of the content and never of a hop.
"""

from collections.abc import Callable, Mapping

from menus.book import Book, Local, Misfit, Page
from menus.misfits import misfits
from menus.printer import Printer
from menus.tree import (
    Choice,
    Fork,
    Shown,
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
        pages[language] = {name: printer.print(screen) for name, screen in shown.items()} | _districts(printer, shown)
        notices[language] = {name: printer.say(text) for name, text in tree.notices.items()}
        for misfit in misfits(printer, shown, pages[language]):
            on_misfit(misfit)
    return Book(tree, tuple(locals_), locals_, pages, notices, digest, printers)


def _districts(printer: Printer, shown: Mapping[str, Shown]) -> dict[str, tuple[Page, ...]]:
    """Print each screen of districts once for each region that has districts."""
    found = {}
    for name, screen in shown.items():
        if isinstance(screen, Choice) and screen.each and screen.each.source == "districts":
            for source, items in printer.local.lists.items():
                if source.startswith("districts."):
                    found[f"{name}@{source.removeprefix('districts.')}"] = printer.listed(screen, screen.each, items)
    return found
