"""Brings a translation up to date with the English: keeps what still holds, marks what somebody must look at again.

A text is known by its path and its English. Where the English changed, its translation becomes a guess (fuzzy) with
the English of before beside it. Where a text only moved (an option got another key), it keeps its translation.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from helpline.content.po import Entry, Po, keyword_lines

OURS = ("python-brace-format", "max-length:")
"""Flags that are computed; all others of an entry are the translator's."""


def merge(old: Po, template: Sequence[Entry]) -> Po:
    """Give `old` with the texts of `template`, in its order; what is no text any more goes to the end as obsolete."""
    known = _Known(old.entries, {entry.key for entry in template})
    entries = [known.renewed(entry) for entry in template]
    return replace(old, entries=(*entries, *known.left()))


class _Known:
    """What was translated before, and which of it has been used."""

    def __init__(self, entries: Iterable[Entry], wanted: set[tuple[str, str]]) -> None:
        self.live = [entry for entry in entries if not entry.obsolete]
        self.past = [entry for entry in entries if entry.obsolete]
        self.wanted = wanted
        self.used: set[tuple[str, str]] = set()

    def renewed(self, new: Entry) -> Entry:
        """Give a text with the best translation that there is for it."""
        every = (*self.live, *self.past)
        free = [was for was in every if was.said and was.key not in self.wanted]
        if was := _first(every, lambda was: was.key == new.key):
            return self._take(was, new, was.flags, was.previous)
        if was := _first(free, lambda was: was.english == new.english and _screen(was) == _screen(new)):
            return self._take(was, new, was.flags, was.previous)
        if was := _first(free, lambda was: was.context == new.context):
            return self._take(was, new, _with_fuzzy(was), tuple(keyword_lines("msgid", was.english)))
        if was := _first(every, lambda was: was.english == new.english and was.said != "" and not was.fuzzy):
            return self._take(was, new, _with_fuzzy(was), (), mine=was.key not in self.wanted)
        return new

    def _take(
        self, was: Entry, new: Entry, flags: Iterable[str], previous: tuple[str, ...], *, mine: bool = True
    ) -> Entry:
        if mine:
            self.used.add(was.key)
        theirs = (flag for flag in flags if not flag.startswith(OURS))
        kept = dict.fromkeys((*theirs, *new.flags))
        comments = was.comments if mine else ()
        previous = previous if "fuzzy" in kept else ()
        return replace(new, said=was.said, flags=tuple(sorted(kept)), comments=comments, previous=previous)

    def left(self) -> Iterator[Entry]:
        """Give what has no place any more, for the day it comes back; what was never translated goes."""
        seen = set(self.used)
        for was in (*self.live, *self.past):
            if was.said and was.key not in seen:
                seen.add(was.key)
                flags = tuple(flag for flag in was.flags if not flag.startswith(OURS))
                yield replace(was, flags=flags, notes=(), places=(), obsolete=True)


def _first(entries: Iterable[Entry], fits: Callable[[Entry], bool]) -> Entry | None:
    return next(filter(fits, entries), None)


def _screen(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.context.split(".")[:2])


def _with_fuzzy(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("fuzzy", *entry.flags)))
