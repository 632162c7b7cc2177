"""Which screens a handset could not show: too long, or on several pages where it must be one."""

from collections.abc import Mapping, Sequence

from menus.book import FROM_DATABASE, Misfit, Page
from menus.printer import Printer
from menus.tree import Choice, End, Shown


def misfits(printer: Printer, shown: Mapping[str, Shown], pages: Mapping[str, tuple[Page, ...]]) -> list[Misfit]:
    """Name every screen of one language that is too long, or that tells of clock or database on several pages."""
    found = []
    for name, screen in shown.items():
        for page in _all_pages(printer, screen, pages):
            if not printer.fits(page.text):
                found.append(Misfit(name, printer.language, "does not fit one screen: shorten it"))
            elif not isinstance(screen, End) and not printer.fits(page.wrong):
                found.append(
                    Misfit(name, printer.language, "leaves no room for the hint after a wrong key: give it `again`")
                )
        if len(pages[name]) > 1:
            found += [Misfit(name, printer.language, what) for what in _one_page_only(screen, pages[name])]
    return found


def _all_pages(printer: Printer, screen: Shown, pages: Mapping[str, tuple[Page, ...]]) -> list[Page]:
    """Give every page that a screen may show: of all regions, and with the longest place that can be found."""
    found, source = list(pages[screen.name]), screen.each.source if isinstance(screen, Choice) and screen.each else ""
    if source == "districts":
        found += [page for name, of in pages.items() if name.startswith(f"{screen.name}@") for page in of]
    if source == "found":
        found.append(printer.found(screen.name, printer.local.lists.get("found", ())))
    return found


def _one_page_only(screen: Shown, pages: Sequence[Page]) -> list[str]:
    if any(FROM_DATABASE & set(page.slots) for page in pages):
        return ["tells of clock or database, so it must fit one page"]
    if isinstance(screen, Choice) and screen.each and screen.each.source == "words":
        return ["lists the words, whose digits must stay the same, so it must fit one page"]
    return []
