"""Print the screens of one language: translated, filled, folded, and cut into pages that a handset can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from menus import page_ends
from menus.book import SLOT, THERE, Local, Page, depends_on, fill, without_empty
from menus.gsm7 import USSD, Budget, fits, fold
from menus.page_ends import end_after, plain, split
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
BACK_SIGN = f"{BACK} <"
"""Says that key 0 goes back, where there is no room for a word."""
SMS = "sms."
"""What the names of the screens of the dialogue by SMS begin with."""


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints the screens of one language. `settings` are the placeholders with the same value at every hop."""

    tree: Tree
    language: str
    local: Local
    settings: Mapping[str, str]
    budget: Budget = USSD

    def say(self, text: Text | None) -> str:
        """Return a text translated, with its fixed placeholders filled, and folded. Return "" for None."""
        if text is None:
            return ""
        return plain(self._marked(text))

    def _marked(self, text: Text) -> str:
        """Return a text as `say` does, but with the marks where its pages may end."""
        said = self.local.catalog.get((text.path, text.english), "") or text.english
        values = {**self.settings, **self.local.own}
        return fold(fill(without_empty(said, values), values), self.language)

    def about(self, name: str, value: str) -> "Printer":
        """Return a printer that fills a placeholder with this value."""
        return replace(self, local=replace(self.local, own={**self.local.own, name: value}))

    def key(self, name: str) -> str:
        """Return the label of a fixed key with its digit: `9 More`."""
        return f"{name} {self.say(self.tree.notices[f'keys.{name}'])}"

    def fits(self, text: str) -> bool:
        """Whether `text` fits with the longest value of each placeholder."""
        return fits(fold(fill(text, self.local.longest), self.language), self.budget)

    def with_error(self, text: str, screen: str = "") -> str:
        """Return `text` with the error text after a wrong key above it."""
        return f"{self._error(screen)}\n{text}"

    def _error(self, screen: str) -> str:
        """Return the error text after a wrong key on a screen. An SMS has no keys, so it says what to send."""
        return self.say(self.tree.notices["hints.number" if screen.startswith(SMS) else "hints.key"])

    def _with_back(self, text: str, between: str = "\n") -> str:
        """Return `text` with `0 Back` below it, or with the sign `0 <` if only that fits (docs/authors.md)."""
        return self._first_that_fits(*(f"{text}{between}{back}" for back in (self.key(BACK), BACK_SIGN)), text)

    def _goes_back(self, screen: Choice | Ask) -> bool:
        """Whether key 0 leads back from a screen, and nothing on it says so.

        On the first screens there is nothing to go back to, and a text to a caller offers only what it asks.
        """
        tree = self.tree
        if screen.name in (tree.start, tree.home, tree.front_start, tree.front_home) or screen.name.startswith(SMS):
            return False
        return not screen.skip if isinstance(screen, Ask) else all(option.key != BACK for option in screen.options)

    def print(self, screen: Shown) -> tuple[Page, ...]:
        """Return the pages of a screen."""
        match screen:
            case Choice(each=Each(source="found")):
                return (self.found(screen.name, ()),)
            case Choice(each=Each() as each):
                return self.listed(screen, each, self.local.lists.get(each.source, ()))
            case Choice():
                return (self._choice(screen),)
            case Ask(skip=""):
                page = self._page(screen, self.say(screen.again), "", {})
                return (self._back_below(screen, page),)
            case Ask():
                skip = Option(BACK, self.tree.notices["keys.skip"], screen.skip)
                below = f"{BACK} {self.say(skip.label)}"
                return (self._page(screen, self.say(screen.again), below, {BACK: skip}),)
            case Statement():
                return self._statement(screen)
            case End():
                return (self._page(screen, "", "", {}),)

    def _choice(self, screen: Choice) -> Page:
        labels = [f"{_printed(option.key)} {self.say(option.label)}" for option in screen.options]
        below = (" " if screen.inline else "\n").join(labels)
        keys = {option.key: option for option in screen.options}
        head, again = self.say(screen.text), self.say(screen.again)
        page = self._page(screen, again, below, keys)
        if again and again.rstrip(".") == head.rstrip("."):
            page = replace(page, wrong=self._repeated(again, below, list(keys)))
        return self._back_below(screen, page, " " if screen.inline else "\n")

    def _repeated(self, head: str, below: str, keys: Sequence[str]) -> str:
        """Return a screen whose author repeats it after a wrong key: below the digits that work, if they fit.

        The label of a single key is left out where both do not fit.
        """
        text, digits = _over(head, below), _digits(keys)
        return self._first_that_fits(_over(digits, text), *([_over(digits, head)] if len(keys) == 1 else []), text)

    def _back_below(self, screen: Choice | Ask, page: Page, between: str = "\n") -> Page:
        """Return a page that says that key 0 goes back, if it does and there is room."""
        if not self._goes_back(screen):
            return page
        return replace(page, text=self._with_back(page.text, between), wrong=self._with_back(page.wrong, between))

    def _page(self, screen: Choice | Ask | End, again: str, below: str, keys: Mapping[str, Option | int]) -> Page:
        text, short = _over(self.say(screen.text), below), _over(again, below) if again else ""
        return Page(
            text, short or self.with_error(text, screen.name), keys, tuple(dict.fromkeys(SLOT.findall(text + short)))
        )

    def _reading_page(self, head: str, below: str, keys: Mapping[str, Option | int]) -> Page:
        """Return a page of a text to read.

        After a wrong key it is repeated below an error text, or below the digit that leads on. A full page leaves the
        label of that digit out then, so that no wrong key is answered in silence.
        """
        text, digit = _over(head, below), f"{below[0]}:"
        wrong = self._first_that_fits(self.with_error(text), _over(digit, text), _over(digit, head))
        return Page(text, wrong, keys, tuple(dict.fromkeys(SLOT.findall(text))))

    def _first_that_fits(self, *texts: str) -> str:
        return next((text for text in texts if self.fits(text)), texts[-1])

    def _statement(self, screen: Statement) -> tuple[Page, ...]:
        onward = Option("1", self.tree.notices["keys.next"], screen.goto)
        last = f"1 {self.say(onward.label)}"
        cut = self.cut(screen)
        end = len(cut) - 1
        return tuple(
            self._reading_page(
                text, last if at == end else self.key(MORE), {"1": onward} if at == end else {MORE: at + 1}
            )
            for at, text in enumerate(cut)
        )

    def cut(self, screen: Statement) -> Sequence[str]:
        """Return the pages of a statement, without the keys below them."""
        said, more, last = self._marked(screen.text), self.key(MORE), f"1 {self.say(self.tree.notices['keys.next'])}"
        return cut_text(said, more, last, self.fits) if SLOT.search(said) else _cut(said, more, last, self.budget)

    def unfinished(self, screen: Statement) -> list[tuple[int, str]]:
        """Return the pages (number, last word) that end in mid-sentence where the author set no mark."""
        if depends_on(screen):
            printers = [self.about(THERE, there) for there in self.local.there.values()]
            return [end for printer in printers for end in printer.unfinished_here(screen)]
        return self.unfinished_here(screen)

    def unfinished_here(self, screen: Statement) -> list[tuple[int, str]]:
        """Return the same with the values of this printer: those of one country, for a text that depends on it."""
        words, marked = split(self._marked(screen.text))
        found, count = [], 0
        for number, page in enumerate(self.cut(screen), 1):
            count += len(page.split(" "))
            if end_after(words, count, marked) > page_ends.End.QUESTION:
                found.append((number, words[count - 1]))
        return found

    def found(self, name: str, found: Sequence[tuple[str, str]]) -> Page:
        """Return the page of search results: as many of the best three as fit on one page."""
        match self.tree.screens[name]:
            case Choice(each=Each() as each) as screen if found:
                tries = [self.listed(screen, each, found[:count]) for count in range(MOST_FOUND, 0, -1)]
                return next((pages[0] for pages in tries if len(pages) == 1), tries[-1][0])
            case Choice() as screen:
                return self._choice(replace(screen, text=self.tree.notices["hints.nothing"], again=None))
        raise TypeError(name)

    def listed(self, screen: Choice, each: Each, items: Sequence[tuple[str, str]]) -> tuple[Page, ...]:
        """Return the pages of a list: its options divided into pages, each with the fixed options of the screen.

        A list without a question is that of the languages: after a wrong key it is repeated below the digits that
        work, since its reader has not chosen a language yet. If they do not fit, only the digits of the list are said.
        """
        fixed = [f"{option.key} {self.say(option.label)}" for option in screen.options]
        head, labels = self.say(screen.text), [label for _, label in items]
        error = self._error(screen.name) if head else ""
        chunks, tails = self._chunks(head, error, labels, fixed)
        if self._goes_back(screen):  # with room for it on each page, if that costs no page
            backs = [self.key(BACK), BACK_SIGN]
            roomier = (self._chunks(head, error, labels, [*fixed, back])[0] for back in backs)
            chunks = next((cut for cut in roomier if len(cut) == len(chunks)), chunks)
        pages, start = [], 0
        for at, chunk in enumerate(chunks):
            keys = _keys(each, [code for code, _ in items[start : start + len(chunk)]], screen.options)
            onward = {MORE: (at + 1) % len(chunks)} if len(chunks) > 1 else {}
            listed = [*map(str, range(1, len(chunk) + 1))]
            fixed_keys = [*onward, *(option.key for option in screen.options)]
            above = (error,) if error else (_digits([*listed, *fixed_keys]), _digits(listed))
            tail = tails[len(chunks) == 1]
            text = numbered(head if at == 0 else "", chunk, tail)
            wrong = self._first_that_fits(*(numbered(top, chunk, tail) for top in above))
            page = Page(text, wrong, {**keys, **onward}, tuple(SLOT.findall(text)))
            pages.append(self._back_below(screen, page))
            start += len(chunk)
        return tuple(pages)

    def _chunks(
        self, head: str, error: str, labels: Sequence[str], fixed: Sequence[str]
    ) -> tuple[list[list[str]], tuple[str, str]]:  # fmt: skip
        """Return a list cut into pages, and what is below each: on one of several pages, and on a single one."""
        tails = "\n".join([self.key(MORE), *fixed]), "\n".join(fixed)
        return cut_list((head, error) if head else (head,), labels, len(OPTION_KEYS), *tails, self.fits), tails


@lru_cache(maxsize=4096)
def _cut(text: str, tail: str, last: str, budget: Budget) -> tuple[str, ...]:
    """Cut a text without placeholders. Cached, so that it is cut once for all countries."""
    return tuple(cut_text(text, tail, last, lambda page: fits(page, budget)))


def _digits(keys: Sequence[str]) -> str:
    """Return keys as every reader understands them: `1-5, 8:`."""
    count = sum(key == str(at) for at, key in enumerate(keys, 1))
    row = [f"1-{count}"] if count > 1 else list(keys[:count])
    return f"{', '.join([*row, *keys[count:]])}:"


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
