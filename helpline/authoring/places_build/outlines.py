"""Makes the outlines of the five countries, for the map of the figures, of a file in TopoJSON.

A border that two countries share is one arc of such a file. Each arc is made simpler by itself, its ends stay: so
neighbours still meet. Where the file comes from, and whose it is: content/places/NOTICE.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import hypot
from pathlib import Path
from typing import Any

from helpline.authoring.places_build.publishers import COUNTRIES

NUMERIC = dict(zip(COUNTRIES, ("417", "398", "762", "795", "860"), strict=True))
"""The countries' numbers in ISO 3166-1, by which the file names them."""
TOLERANCE_DEGREES = 0.06
"""A line may be off by so much: half a pixel of the largest country on a telephone."""
SMALLEST_RING = 8
"""A ring of fewer points is an island or an exclave of a few kilometres, not to be seen on the map."""

Point = tuple[float, float]


def outlines(topology: Mapping[str, Any]) -> dict[str, list[list[Point]]]:
    """Give the rings of each country as points (latitude, longitude) in degrees, hundredths of them."""
    arcs = [_simpler(list(_points(arc, topology["transform"]))) for arc in topology["arcs"]]
    shapes = {shape.get("id"): shape for shape in topology["objects"]["countries"]["geometries"]}
    return {code: [*_rings(shapes[number], arcs)] for code, number in NUMERIC.items()}


def write(topology: Path, to: Path) -> int:
    """Read a file in TopoJSON and write the outlines, one line a country; give the number of points."""
    made = outlines(json.loads(topology.read_text("utf-8")))
    lines = ",\n".join(f'"{code}": {json.dumps(rings, separators=(",", ":"))}' for code, rings in made.items())
    to.write_text(f"{{{lines}}}\n", "utf-8")
    return sum(len(ring) for rings in made.values() for ring in rings)


def _points(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> Iterator[Point]:
    """Undo the deltas and the whole numbers of TopoJSON."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    for x, y in accumulate(arc, lambda before, step: (before[0] + step[0], before[1] + step[1])):
        yield round(y * high + south, 2), round(x * wide + west, 2)


def _simpler(line: list[Point]) -> list[Point]:
    """Leave out what is off the straight line by less than the tolerance (Douglas and Peucker)."""
    first, last = line[0], line[-1]
    far, at = max(((_off(point, first, last), at) for at, point in enumerate(line)), default=(0.0, 0))
    if far <= TOLERANCE_DEGREES:
        return [first, last]
    return [*_simpler(line[: at + 1]), *_simpler(line[at:])[1:]]


def _off(point: Point, first: Point, last: Point) -> float:
    (y, x), (north, east) = (point[0] - first[0], point[1] - first[1]), (last[0] - first[0], last[1] - first[1])
    length = hypot(north, east)
    return abs(x * north - y * east) / length if length else hypot(x, y)


def _rings(shape: Mapping[str, Any], arcs: Sequence[list[Point]]) -> Iterator[list[Point]]:
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    for outer, *_ in parts:  # what lies inside another country is a hole of that one, and a part of this
        ring: list[Point] = []
        for arc in outer:
            ring += (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[1 if ring else 0 :]
        if len(ring) >= SMALLEST_RING:
            yield ring
