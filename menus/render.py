"""Prints the book: every screen in every language, translated, filled, folded and cut into pages once at the start.

A hop only looks pages up and puts in what the session draws (the key, code and words) or the database says. All
that is proved here at the start: a screen that does not fit is a fault of the content, never of a hop.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from menus.book import FROM_DATABASE, SLOT, Book, Local, Misfit, Page, fill
from menus.gsm7 import USSD, Budget, fits, fold
from menus.pages import cut_list, cut_text, numbered
from menus.tree import (
    BACK,
    DRAWN,
    MORE,
    OPTION_KEYS,
    Ask,
    Choice,
    Each,
    End,
    Fork,
    Option,
    Shown,
    Statement,
    Text,
    Tree,
)

MOST_FOUND = 3


@dataclass(frozen=True, slots=True)
class Printer:
    """Sets the screens of one language. `settings` are the placeholders that are the same at every hop."""

    tree: Tree
    language: str
    local: Local
    settings: Mapping[str, str]
    budget: Budget = USSD

    def say(self, text: Text | None) -> str:
        """Translate, fill what is fixed, fold."""
        if text is None:
            return ""
        said = self.local.catalog.get((text.path, text.english), "") or text.english
        return fold(fill(said, {**self.settings, **self.local.own}), self.language)

    def key(self, name: str) -> str:
        """Give the label of a uniform key with its digit: `9 More`."""
        return f"{name} {self.say(self.tree.notices[f'keys.{name}'])}"

    def fits(self, text: str) -> bool:
        """Tell whether `text` fits with the longest value of each placeholder."""
        return fits(fold(fill(text, self.local.longest), self.language), self.budget)

    def fits_hinted(self, text: str) -> bool:
        """Tell whether `text` also fits with the hint above it."""
        return self.fits(self.hinted(text))

    def hinted(self, text: str) -> str:
        """Put the hint that a wrong key earns above `text`."""
        return f"{self.say(self.tree.notices['hints.key'])}\n{text}"

    def set(self, screen: Shown) -> tuple[Page, ...]:
        """Set a screen as pages."""
        match screen:
            case Choice(each=Each(source="found")):
                return (self.found(screen.name, ()),)
            case Choice(each=Each() as each):
                return self.listed(screen, each, self.local.lists.get(each.source, ()))
            case Choice():
                return (self._choice(screen),)
            case Ask(skip=""):
                return (self._page(self.say(screen.text), self.say(screen.again), "", {}),)
            case Ask():
                skip = Option(BACK, self.tree.notices["keys.skip"], screen.skip)
                below = f"{BACK} {self.say(skip.label)}"
                return (self._page(self.say(screen.text), self.say(screen.again), below, {BACK: skip}),)
            case Statement():
                return self._statement(screen)
            case End():
                return (self._page(self.say(screen.text), "", "", {}),)

    def _choice(self, screen: Choice) -> Page:
        labels = [f"{_printed(option.key)} {self.say(option.label)}" for option in screen.options]
        below = (" " if screen.inline else "\n").join(labels)
        return self._page(
            self.say(screen.text), self.say(screen.again), below, {option.key: option for option in screen.options}
        )

    def _page(self, head: str, again: str, below: str, keys: Mapping[str, Option | int]) -> Page:
        text, short = _over(head, below), _over(again, below) if again else ""
        return Page(text, short or self.hinted(text), keys, tuple(dict.fromkeys(SLOT.findall(text + short))))

    def _statement(self, screen: Statement) -> tuple[Page, ...]:
        onward = Option("1", self.tree.notices["keys.next"], screen.goto)
        last = f"1 {self.say(onward.label)}"
        said, more, hint = self.say(screen.text), self.key(MORE), self.say(self.tree.notices["hints.key"])
        fixed = not SLOT.search(said)
        texts = _cut(said, more, last, hint, self.budget) if fixed else cut_text(said, more, last, self.fits_hinted)
        end = len(texts) - 1
        return tuple(
            self._page(text, "", last if at == end else self.key(MORE), {"1": onward} if at == end else {MORE: at + 1})
            for at, text in enumerate(texts)
        )

    def found(self, name: str, found: Sequence[tuple[str, str]]) -> Page:
        """Set what a search found: as many of the best three as fit, never over a second page."""
        match self.tree.screens[name]:
            case Choice(each=Each() as each) as screen if found:
                sets = [self.listed(screen, each, found[:count]) for count in range(MOST_FOUND, 0, -1)]
                return next((pages[0] for pages in sets if len(pages) == 1), sets[-1][0])
            case Choice() as screen:
                return self._choice(replace(screen, text=self.tree.notices["hints.nothing"], again=None))
        raise TypeError(name)

    def listed(self, screen: Choice, each: Each, items: Sequence[tuple[str, str]]) -> tuple[Page, ...]:
        """Set a list: its options dealt out to pages, each with the options that are always there."""
        fixed = [f"{option.key} {self.say(option.label)}" for option in screen.options]
        tails = ["\n".join([self.key(MORE), *fixed]), "\n".join(fixed)]
        head, labels, hint = (
            self.say(screen.text),
            [label for _, label in items],
            self.say(self.tree.notices["hints.key"]),
        )
        dealt = cut_list((head, hint), labels, len(OPTION_KEYS), tails[0], tails[1], self.fits)
        pages, start = [], 0
        for at, chunk in enumerate(dealt):
            keys = _keys(each, [code for code, _ in items[start : start + len(chunk)]], screen.options)
            onward = {MORE: (at + 1) % len(dealt)} if len(dealt) > 1 else {}
            text, wrong = (numbered(top, chunk, tails[len(dealt) == 1]) for top in (head if at == 0 else "", hint))
            pages.append(Page(text, wrong, {**keys, **onward}, tuple(SLOT.findall(text))))
            start += len(chunk)
        return tuple(pages)


@lru_cache(maxsize=4096)
def _cut(text: str, tail: str, last: str, hint: str, budget: Budget) -> tuple[str, ...]:
    """Cut a text that holds no placeholder, once for all countries that have it."""
    return tuple(cut_text(text, tail, last, lambda page: fits(f"{hint}\n{page}", budget)))


def _keys(each: Each, codes: Sequence[str], options: Sequence[Option]) -> dict[str, Option | int]:
    listed = {
        key: Option(key, Text("", ""), each.goto, ((each.keep, code),))
        for key, code in zip(OPTION_KEYS, codes, strict=False)
    }
    return {**listed, **{option.key: option for option in options}}


def _printed(key: str) -> str:
    return "{drawn}" if key == DRAWN else key


def _over(head: str, below: str) -> str:
    return f"{head}\n{below}" if head and below else head or below


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
