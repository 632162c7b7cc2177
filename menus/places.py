"""From what somebody typed to the place that she means: any script, any spelling, with slips.

A name is compared by its keys (`menus.spelling`). Nothing is ever taken for certain: at most three places are found,
and the caller chooses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Self

from rapidfuzz import fuzz, process

from menus.gsm7 import fits_gsm7
from menus.spelling import fold, folds, key, keys

MOST_FOUND = 3
LEAST_ALIKE = 70.0
"""Of 100 (`rapidfuzz.fuzz.ratio`): a slip or two in a name of some length."""
NEAREST = 24
"""Keys that are weighed when nothing fits: several may belong to one place."""
WIDTH, WIDTH_GSM7 = 17, 30
"""Letters that a label may have: three of them, their keys and *back* fill a screen of 70 UCS-2 units."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place: its code, the code of its region (a region's own is its code), how many people live there, its name
    as it is shown; what it is called in other languages; what else people write, or wrote before it was renamed."""

    code: str
    region: str
    people: int
    name: str
    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A place on offer: its code, how the screen calls it, the code of its region."""

    code: str
    label: str
    region: str


@dataclass(frozen=True)
class Keys:
    """The keys of places. Made when somebody first searches: of all processes only the web's ever does."""

    rows: tuple[Row, ...]

    @cached_property
    def plain(self) -> Mapping[str, tuple[int, ...]]:
        """Give where each name stands, in a to z."""
        return _by_key(self.rows, keys)

    @cached_property
    def folded(self) -> Mapping[str, tuple[int, ...]]:
        """Give where each name stands, by its coarser key."""
        return _by_key(self.rows, folds)


@dataclass(frozen=True, slots=True)
class Index:
    """Every place of a country, by its keys. Made once at the start, then only read."""

    rows: tuple[Row, ...]
    keys: Keys
    labels: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """Index some places; the order in which they come does not matter."""
        known = tuple(sorted(rows, key=lambda row: (-row.people, row.code)))
        return cls(known, Keys(known), _labels(known))

    def said(self, names: Mapping[str, str]) -> Self:
        """Give the same index for another language: `names` has the name of each code as it is shown."""
        return replace(self, labels=_labels([replace(row, name=names[row.code]) for row in self.rows]))

    def search(self, typed: str, region: str | None = None) -> list[Found]:
        """Find at most three places, the likeliest first: same key, then same beginning, then alike.

        Of those that are equally likely, one in `region` (a hint: where she said that she is) comes before others,
        then the one where more people live. Takes any text whatever; finds nothing rather than raise.
        """
        found: dict[tuple[str, str], Found] = {}
        for at in self._likely(typed, region):
            row, label = self.rows[at], self.labels[at]
            found.setdefault((label, row.region), Found(row.code, label, row.region))
            if len(found) == MOST_FOUND:
                break
        return list(found.values())

    def _likely(self, typed: str, region: str | None) -> Iterator[int]:
        plain, folded = key(typed), fold(typed)
        if not plain:
            return
        near = partial(sorted, key=lambda at: self.rows[at].region != region)
        same = near(self.keys.plain.get(plain, ())) + near(self.keys.folded.get(folded, ()))
        yield from same
        yield from near(_beginning(self.keys.plain, plain))
        yield from near(_beginning(self.keys.folded, folded))
        if not same:  # to whom typed a name without a slip, one that is merely alike is noise
            yield from self._alike(plain, self.keys.plain, region)
            yield from self._alike(folded, self.keys.folded, region)

    def _alike(self, wanted: str, among: Mapping[str, tuple[int, ...]], region: str | None) -> Iterator[int]:
        nearest = process.extract(wanted, among.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=NEAREST)
        weighed = [(-score, self.rows[at].region != region, at) for name, score, _ in nearest for at in among[name]]
        yield from (at for _, _, at in sorted(weighed))


def _by_key(rows: Sequence[Row], make: Callable[[Sequence[str]], list[str]]) -> dict[str, tuple[int, ...]]:
    """Index rows by a key of their names. What is called so now comes before what was called so once."""
    now = [(name, at) for at, row in enumerate(rows) for name in {row.name, *row.names}]
    once = [(name, at) for at, row in enumerate(rows) for name in set(row.also)]
    places: dict[str, dict[int, None]] = {}
    for spelled in (now, once):
        for made, (_, at) in zip(make([name for name, _ in spelled]), spelled, strict=True):
            places.setdefault(made, {})[at] = None
    return {made: tuple(places[made]) for made in sorted(places) if made}


def _beginning(keys: Mapping[str, tuple[int, ...]], wanted: str) -> list[int]:
    return sorted({at for name, places in keys.items() if wanted and name.startswith(wanted) for at in places})


def _labels(rows: Iterable[Row]) -> tuple[str, ...]:
    """Name each place; where a name repeats in the country, its region stands behind it in brackets."""
    known = list(rows)
    names = {row.code: row.name for row in known}
    regions: dict[str, set[str]] = {}
    for row in known:
        regions.setdefault(row.name, set()).add(row.region)
    return tuple(
        row.name if len(regions[row.name]) == 1 else _with_region(row.name, names.get(row.region, row.region))
        for row in known
    )


def _with_region(name: str, region: str) -> str:
    whole = f"{name} ({region})"
    left = (WIDTH_GSM7 if fits_gsm7(whole) else WIDTH) - len(name) - 3
    return whole if len(region) <= left else f"{name} ({region[: max(left - 1, 3)].rstrip()}.)"
