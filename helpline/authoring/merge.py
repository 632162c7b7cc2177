"""Update a translation to the current English. Valid translations stay; the others are marked for review.

A text is identified by its path and its English. If the English changed, the translation becomes fuzzy (a guess) and
the previous English is stored with it. If a text only moved (an option got another key), it keeps its translation.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from helpline.content.po import Entry, Po, keyword_lines

COMPUTED_FLAGS = ("python-brace-format", "max-length:")
"""Flags that we calculate. All other flags of an entry belong to the translator."""


def merge(old: Po, template: Sequence[Entry]) -> Po:
    """Return `old` with the texts and the order of `template`. Texts that no longer exist move to the end, obsolete."""
    known = _Known(old.entries, {entry.key for entry in template})
    entries = [known.translated(entry) for entry in template]
    return replace(old, entries=(*entries, *known.unused()))


class _Known:
    """The existing translations, and which of them were used."""

    def __init__(self, entries: Iterable[Entry], wanted: set[tuple[str, str]]) -> None:
        self.wanted = wanted
        self.used: set[tuple[str, str]] = set()
        self.every = sorted(entries, key=lambda entry: entry.obsolete)
        self.free = [old for old in self.every if old.translation and old.key not in wanted]
        self.by_key = {old.key: old for old in reversed(self.every)}

    def translated(self, new: Entry) -> Entry:
        """Return `new` with the best existing translation."""
        every, free = self.every, self.free
        if old := self.by_key.get(new.key):
            return self._reuse(old, new, old.flags, old.previous)
        if old := _first(free, lambda old: old.english == new.english and _screen(old) == _screen(new)):
            return self._reuse(old, new, old.flags, old.previous)
        if old := _first(free, lambda old: old.context == new.context):
            return self._reuse(old, new, _with_fuzzy(old), tuple(keyword_lines("msgid", old.english)))
        if old := _first(every, lambda old: old.english == new.english and old.translation != "" and not old.fuzzy):
            return self._reuse(old, new, _with_fuzzy(old), (), moved=old.key not in self.wanted)
        return new

    def _reuse(
        self, old: Entry, new: Entry, flags: Iterable[str], previous: tuple[str, ...], *, moved: bool = True
    ) -> Entry:
        """Return `new` with the translation of `old`. Without `moved` it is a copy, and `old` stays in use itself."""
        if moved:
            self.used.add(old.key)
        flags = dict.fromkeys((*_translators_flags(flags), *new.flags))
        comments = old.comments if moved else ()
        previous = previous if "fuzzy" in flags else ()
        return replace(
            new, translation=old.translation, flags=tuple(sorted(flags)), comments=comments, previous=previous
        )

    def unused(self) -> Iterator[Entry]:
        """Yield translations whose text no longer exists, in case it comes back. Untranslated entries are dropped."""
        seen = set(self.used)
        for old in self.every:
            if old.translation and old.key not in seen:
                seen.add(old.key)
                flags = tuple(_translators_flags(old.flags))
                yield replace(old, flags=flags, notes=(), places=(), obsolete=True)


def _translators_flags(flags: Iterable[str]) -> Iterator[str]:
    return (flag for flag in flags if not flag.startswith(COMPUTED_FLAGS))


def _first(entries: Iterable[Entry], fits: Callable[[Entry], bool]) -> Entry | None:
    return next(filter(fits, entries), None)


def _screen(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.context.split(".")[:2])


def _with_fuzzy(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("fuzzy", *entry.flags)))
