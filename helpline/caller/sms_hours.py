"""Answer "When?" with a word: *in the evening* is the key of the option *Evening*, in any language. And read a clock.

Only options that keep a time are answered so. Whether somebody may call at all is asked before, and answered by 1 or a
word for yes. The words are under `hours` in `content/keywords.yaml`.
"""

from collections.abc import Callable, Mapping, Sequence

from menus.book import Book
from menus.clock_said import clock_said
from menus.converse import Turn
from menus.keywords import TOMORROW, UNKNOWN
from menus.tree import Choice, Option

WINDOWS: Mapping[str, str] = {"any_time": "any", "afternoon": "day", "at_once": "now"}
"""Hour → the window that an option keeps, if it is called otherwise."""
NOW_AND = "now_"
"""The beginning of a window that is *within two hours*, and another one later."""
LATER = "sms.clock"
"""Where *later* leads to, beside *within two hours*."""
DAY_AFTER = "sms.tomorrow"


def hour_typed(text: str) -> str:
    """Return the hour, 1 to 24, that a text answers to "What time is it now where you are?", or `UNKNOWN`.

    *Yes* is no 1 there and *no* no 0: they would set a clock by which people are called at night (R3).
    """
    return clock_said(text) or UNKNOWN


def keys_of(book: Book, hours: Sequence[str], turn_after: Callable[[Sequence[str]], Turn]) -> tuple[str, ...]:
    """Return the keys of the options that some hours name, one screen after the other. Nothing if one has no option."""
    keys: tuple[str, ...] = ()
    for hour in hours:
        screen = turn_after(keys).screen
        if hour == TOMORROW and screen == DAY_AFTER:
            continue
        shown = book.tree.screens[screen]
        options = shown.options if isinstance(shown, Choice) else ()
        key = next((option.key for option in options if _is_of(option, hour)), "")
        if not key:
            return ()
        keys = (*keys, key)
    return keys


def window_of(hour: str) -> str:
    """Return the window that an hour is."""
    return WINDOWS.get(hour, hour)


def _is_of(option: Option, hour: str) -> bool:
    """Whether an option is the one for an hour. To repeat the hour that a question names is no yes to it (R28)."""
    kept = dict(option.keep)
    window = "" if "consent" in kept else kept.get("window", "").removeprefix(NOW_AND)
    return window_of(hour) == window or option.goto == {TOMORROW: DAY_AFTER, "later": LATER}.get(hour)
