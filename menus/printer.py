"""Sets the screens of one language: translated, filled, folded, and cut into the pages that a handset can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from menus.book import SLOT, Local, Page, fill
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
