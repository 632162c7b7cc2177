"""Find the screens that a handset cannot show: too long, or on several pages if only one is allowed."""

from collections.abc import Mapping, Sequence

from menus.book import FROM_DATABASE, Misfit, Page, depends_on
from menus.printer import Printer
from menus.tree import Choice, End, Shown


def misfits(printer: Printer, shown: Mapping[str, Shown], pages: Mapping[str, tuple[Page, ...]]) -> list[Misfit]:
    """Return each screen of one language that is too long, or that must be one page but has several."""
    found = []
    for name, screen in shown.items():
        for page in _all_pages(printer, screen, pages):
            if not printer.fits(page.text):
                found.append(Misfit(name, printer.language, "does not fit one screen: shorten it"))
            elif not isinstance(screen, End) and not printer.fits(page.wrong):
                what = "leaves no room for the error text after a wrong key: give it a text `again`"
                found.append(Misfit(name, printer.language, what))
        if len(pages[name]) > 1:
            found += [Misfit(name, printer.language, what) for what in _one_page_only(screen, pages[name])]
    return found


def _all_pages(printer: Printer, screen: Shown, pages: Mapping[str, tuple[Page, ...]]) -> list[Page]:
    """Return every page that a screen may show: for all places, and with the longest name that can be found."""
    found, source = list(pages[screen.name]), screen.each.source if isinstance(screen, Choice) and screen.each else ""
    if depends_on(screen):
        found += [page for name, of in pages.items() if name.startswith(f"{screen.name}@") for page in of]
    if source == "found":
        found.append(printer.found(screen.name, printer.local.lists.get("found", ())))
    return found


def _one_page_only(screen: Shown, pages: Sequence[Page]) -> list[str]:
    if any(FROM_DATABASE & set(page.slots) for page in pages):
        return ["shows values from the database, so it must fit one page"]
    if isinstance(screen, Choice) and screen.each and screen.each.source == "words":
        return ["lists the words, which must keep their digits, so it must fit one page"]
    return []
