"""Points on the earth, nearest first, one at a time: whoever wants the first few does not pay for the rest. Pure."""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

EARTH_KM = 6371.0

Point = tuple[float, float]
"""Latitude and longitude in degrees, the longitude from -180 to 180."""

_BAND, _ROW, _SITE = range(3)
"""What waits in the heap. At the same distance the wider comes first, so that no nearer site is missed."""
_FEW = 4
_SLACK = 1 - 1e-12
"""A bound is taken this much smaller, so that rounding never makes it larger than a distance behind it."""


def km(a: Point, b: Point) -> float:
    """Great-circle distance between two points, in kilometres, by the haversine formula."""
    return 2 * EARTH_KM * math.asin(math.sqrt(_h(a, b)))


def _h(a: Point, b: Point) -> float:
    """Give the haversine of the angle between two points: it grows with the distance, and is cheaper to have."""
    (lat1, lon1), (lat2, lon2) = a, b
    across = math.sin(math.radians(lon2 - lon1) / 2) ** 2
    up = math.sin(math.radians(lat2 - lat1) / 2) ** 2
    return min(1.0, up + math.cos(math.radians(lat1)) * math.cos(math.radians(lat2)) * across)


@dataclass(frozen=True, slots=True)
class _Band:
    """Sites between two latitudes (degrees), sorted by longitude. `least`: the smallest cosine of a latitude there."""

    south: float
    north: float
    least: float
    row: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sites:
    """Points in bands of like number: as many bands as there are points in each (sort-tile packing).

    `bands` go from south to north. Build it with `of`.
    """

    at: Sequence[Point]
    bands: Sequence[_Band]

    @classmethod
    def of(cls, at: Sequence[Point]) -> "Sites":
        """Sort points into bands: a microsecond a point for a million, a quarter for a thousand."""
        by_latitude = sorted(range(len(at)), key=lambda n: at[n][0])
        size = math.isqrt(len(at)) + 1
        return cls(at, [_band(at, by_latitude[n : n + size]) for n in range(0, len(at), size)])

    def outward(self, here: Point) -> Iterator[int]:
        """Give the numbers of the points, the nearest to `here` first; of equally near ones the lower number.

        Exact on the whole globe: what cannot yet be nearer waits in one heap under a lower bound of its distance,
        bands, rows of a band and single sites alike (best-first browsing, Hjaltason and Samet, 1999).
        """
        first = bisect_left(self.bands, here[0], key=lambda band: band.north)
        heap: list[tuple[float, ...]] = []
        self._reach(heap, here, first, 1)
        self._reach(heap, here, first - 1, -1)
        while heap:
            _, kind, number, *rest = heappop(heap)
            if kind == _SITE:
                yield int(number)
            elif kind == _BAND:
                self._open(heap, here, int(number))
                self._reach(heap, here, int(number + rest[0]), int(rest[0]))
            else:
                self._step(heap, here, int(number), *map(int, rest))

    def _reach(self, heap: list[tuple[float, ...]], here: Point, number: int, way: int) -> None:
        """Have the next band to the north or south wait, if there is one."""
        if 0 <= number < len(self.bands):
            heappush(heap, (_gap(self.bands[number], here) * _SLACK, _BAND, number, way))

    def _open(self, heap: list[tuple[float, ...]], here: Point, number: int) -> None:
        """Go into a band from her longitude, east and west, half around the earth each."""
        row, east = self.bands[number].row, here[1]
        opposite = east + 180 if east < 0 else east - 180
        start, end = (bisect_left(row, each, key=lambda n: self.at[n][1]) for each in (east, opposite))
        to_the_east = end - start if east < 0 else len(row) - (start - end)
        self._wait(heap, here, number, start, 1, to_the_east)
        self._wait(heap, here, number, start - 1, -1, len(row) - to_the_east)

    def _wait(self, heap: list[tuple[float, ...]], here: Point, number: int, place: int, way: int, left: int) -> None:
        """Have the rest of a row, `left` sites, wait for as long as nearer ones are there."""
        if left > 0:
            band = self.bands[number]
            place %= len(band.row)
            across = math.sin(math.radians(self.at[band.row[place]][1] - here[1]) / 2) ** 2
            bound = _gap(band, here) + math.cos(math.radians(here[0])) * band.least * across
            heappush(heap, (bound * _SLACK, _ROW, number, place, way, left))

    def _step(self, heap: list[tuple[float, ...]], here: Point, number: int, place: int, way: int, left: int) -> None:
        """Take the next few sites out of a row: one at a time would move the row through the heap as often."""
        row = self.bands[number].row
        taken = min(_FEW, left)
        for site in (row[(place + way * n) % len(row)] for n in range(taken)):
            heappush(heap, (_h(here, self.at[site]), _SITE, site))
        self._wait(heap, here, number, place + way * taken, way, left - taken)


def _band(at: Sequence[Point], by_latitude: Sequence[int]) -> _Band:
    south, north = at[by_latitude[0]][0], at[by_latitude[-1]][0]
    least = max(0.0, math.cos(math.radians(max(abs(south), abs(north)))))
    return _Band(south, north, least, sorted(by_latitude, key=lambda n: at[n][1]))


def _gap(band: _Band, here: Point) -> float:
    """Give the haversine of the least difference of latitude: nothing in the band is nearer."""
    return math.sin(math.radians(max(band.south - here[0], here[0] - band.north, 0.0)) / 2) ** 2
