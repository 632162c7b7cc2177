"""Prints the book: every screen in every language, translated, filled, folded and cut into pages once at the start.

A hop only looks pages up and puts in what the session draws (the key, code and words) or the database says. All
that is proved here at the start: a screen that does not fit is a fault of the content, never of a hop.
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
    """Set every screen in every language, telling `on_misfit` of each that a handset could not show."""
    pages: dict[str, dict[str, tuple[Page, ...]]] = {}
    notices: dict[str, dict[str, str]] = {}
    printers: dict[str, Printer] = {}
    for language, local in locals_.items():
        printer = Printer(tree, language, local, settings)
        shown = {name: screen for name, screen in tree.screens.items() if not isinstance(screen, Fork)}
        printers[language] = printer
        pages[language] = {name: printer.set(screen) for name, screen in shown.items()} | _districts(printer, shown)
        notices[language] = {name: printer.say(text) for name, text in tree.notices.items()}
        for misfit in misfits(printer, shown, pages[language]):
            on_misfit(misfit)
    return Book(tree, tuple(locals_), locals_, pages, notices, digest, printers)


def _districts(printer: Printer, shown: Mapping[str, Shown]) -> dict[str, tuple[Page, ...]]:
    """Set each list of districts once for each region that has some."""
    sets = {}
    for name, screen in shown.items():
        if isinstance(screen, Choice) and screen.each and screen.each.source == "districts":
            for source, items in printer.local.lists.items():
                if source.startswith("districts."):
                    sets[f"{name}@{source.removeprefix('districts.')}"] = printer.listed(screen, screen.each, items)
    return sets
