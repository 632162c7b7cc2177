"""Search for a place by a typed name, in any script and spelling, with typing mistakes.

Names are compared by their keys (`menus.spelling`). No result is taken as certain: the search returns at most three
places, and the caller chooses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Self

from rapidfuzz import fuzz, process

from menus.gsm7 import fits_gsm7
from menus.spelling import fold, folds, key, keys

MOST_FOUND = 3
LEAST_SIMILAR = 70.0
"""Minimum score of 100 (`rapidfuzz.fuzz.ratio`). It allows one or two mistakes in a name of some length."""
NEAREST = 24
"""How many similar keys are compared if no key is equal. Several keys can belong to one place."""
WIDTH, WIDTH_GSM7 = 17, 30
"""The greatest length of a label: three labels, their keys and *back* fill a screen of 70 UCS-2 units."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place to search for."""

    code: str
    region: str
    """The code of its region. A region has its own code here."""
    people: int
    """The number of inhabitants."""
    name: str
    """The name that is shown."""
    names: tuple[str, ...] = ()
    """The names in other languages."""
    also: tuple[str, ...] = ()
    """Other spellings, and names from before it was renamed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search result: the place's code, its label on the screen, and the code of its region."""

    code: str
    label: str
    region: str


@dataclass(frozen=True)
class Keys:
    """The search keys of places. They are made at the first search, because only the web process searches."""

    rows: tuple[Row, ...]

    @cached_property
    def by_key(self) -> Mapping[str, tuple[int, ...]]:
        """The key of each name → the indexes of its rows."""
        return _by_key(self.rows, keys)

    @cached_property
    def by_fold(self) -> Mapping[str, tuple[int, ...]]:
        """The fold (coarser key) of each name → the indexes of its rows."""
        return _by_key(self.rows, folds)


@dataclass(frozen=True, slots=True)
class Index:
    """The places of a country by their keys. It is made once at the start and never changed."""

    rows: tuple[Row, ...]
    keys: Keys
    labels: tuple[str, ...]
    elsewhere: tuple[str, ...]
    """The labels of places that are not in the region where the caller said they are: they name their region."""

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """Make an index of some places. Their order does not matter."""
        known = tuple(sorted(rows, key=lambda row: (-row.people, row.code)))
        return cls(known, Keys(known), _labels(known), _labels(known, always=True))

    def with_labels(self, names: Mapping[str, str]) -> Self:
        """Return the same index for another language. `names` maps each code to the name that is shown."""
        rows = [replace(row, name=names[row.code]) for row in self.rows]
        return replace(self, labels=_labels(rows), elsewhere=_labels(rows, always=True))

    def search(self, typed: str, region: str | None = None) -> list[Found]:
        """Return at most three places, best match first: equal key, then same beginning, then similar key.

        Of equally good matches, those in `region` (where the caller said they are) come first, then those with more
        inhabitants. A place outside `region` is shown with its own. Any text is allowed; the result can be empty, but
        nothing is raised.
        """
        found: dict[tuple[str, str], Found] = {}
        for at in self._matches(typed, region):
            row = self.rows[at]
            label = self.labels[at] if not region or row.region == region else self.elsewhere[at]
            found.setdefault((label, row.region), Found(row.code, label, row.region))
            if len(found) == MOST_FOUND:
                break
        return list(found.values())

    def _matches(self, typed: str, region: str | None) -> Iterator[int]:
        typed_key, typed_fold = key(typed), fold(typed)
        if not typed_key:
            return
        region_first = partial(sorted, key=lambda at: self.rows[at].region != region)
        equal = region_first(self.keys.by_key.get(typed_key, ())) + region_first(self.keys.by_fold.get(typed_fold, ()))
        yield from equal
        yield from region_first(_starting_with(self.keys.by_key, typed_key))
        yield from region_first(_starting_with(self.keys.by_fold, typed_fold))
        if not equal:  # after a correctly typed name, similar names are only noise
            yield from self._similar(typed_key, self.keys.by_key, region)
            yield from self._similar(typed_fold, self.keys.by_fold, region)

    def _similar(self, wanted: str, among: Mapping[str, tuple[int, ...]], region: str | None) -> Iterator[int]:
        nearest = process.extract(wanted, among.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_SIMILAR, limit=NEAREST)
        scored = [(-score, self.rows[at].region != region, at) for name, score, _ in nearest for at in among[name]]
        yield from (at for _, _, at in sorted(scored))


def _by_key(rows: Sequence[Row], make: Callable[[Sequence[str]], list[str]]) -> dict[str, tuple[int, ...]]:
    """Index rows by a key of their names. Places with this name come before those with this other spelling."""
    names = [(name, at) for at, row in enumerate(rows) for name in {row.name, *row.names}]
    spellings = [(name, at) for at, row in enumerate(rows) for name in set(row.also)]
    places: dict[str, dict[int, None]] = {}
    for group in (names, spellings):
        for made, (_, at) in zip(make([name for name, _ in group]), group, strict=True):
            places.setdefault(made, {})[at] = None
    return {made: tuple(places[made]) for made in sorted(places) if made}


def _starting_with(keys: Mapping[str, tuple[int, ...]], wanted: str) -> list[int]:
    return sorted({at for name, places in keys.items() if wanted and name.startswith(wanted) for at in places})


def _labels(rows: Iterable[Row], *, always: bool = False) -> tuple[str, ...]:
    """Return a label for each place. If several places have the same name, the label has the region in brackets.

    `always`: each place has it where the label stays short enough, but not the regions themselves.
    """
    known = list(rows)
    names = {row.code: row.name for row in known}
    regions: dict[str, set[str]] = {}
    for row in known:
        regions.setdefault(row.name, set()).add(row.region)

    def label(row: Row) -> str:
        whole = _with_region(row.name, names.get(row.region, row.region))
        if len(regions[row.name]) > 1:
            return whole
        room = WIDTH_GSM7 if fits_gsm7(whole) else WIDTH
        return whole if always and row.code != row.region and len(whole) <= room else row.name

    return tuple(map(label, known))


def _with_region(name: str, region: str) -> str:
    whole = f"{name} ({region})"
    left = (WIDTH_GSM7 if fits_gsm7(whole) else WIDTH) - len(name) - 3
    return whole if len(region) <= left else f"{name} ({region[: max(left - 1, 3)].rstrip(' -')}.)"
