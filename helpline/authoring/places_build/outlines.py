"""Make the outlines of the five countries from a TopoJSON file, for the map of the figures.

A border between two countries is one arc in TopoJSON. Each arc is simplified separately and keeps its end points, so
neighbours still touch. content/places/NOTICE names the source and the licence of the file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import hypot
from pathlib import Path
from typing import Any

from helpline.authoring.places_build.publishers import COUNTRIES

NUMERIC = dict(zip(COUNTRIES, ("417", "398", "762", "795", "860"), strict=True))
"""The countries' ISO 3166-1 numeric codes, which the file uses."""
TOLERANCE_DEGREES = 0.06
"""How far a simplified line may be from the real one: half a pixel of the largest country on a phone's screen."""
SMALLEST_RING = 8
"""A ring with fewer points is an island or exclave of a few kilometres, too small for the map."""

Point = tuple[float, float]


def outlines(topology: Mapping[str, Any]) -> dict[str, list[list[Point]]]:
    """Return the rings of each country as points (latitude, longitude), in degrees with two decimals."""
    arcs = [_simpler(list(_points(arc, topology["transform"]))) for arc in topology["arcs"]]
    shapes = {shape.get("id"): shape for shape in topology["objects"]["countries"]["geometries"]}
    return {code: [*_rings(shapes[number], arcs)] for code, number in NUMERIC.items()}


def write(topology: Path, to: Path) -> int:
    """Read a TopoJSON file and write the outlines, one line for each country. Return the number of points."""
    countries = outlines(json.loads(topology.read_text("utf-8")))
    lines = ",\n".join(f'"{code}": {json.dumps(rings, separators=(",", ":"))}' for code, rings in countries.items())
    to.write_text(f"{{{lines}}}\n", "utf-8")
    return sum(len(ring) for rings in countries.values() for ring in rings)


def _points(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> Iterator[Point]:
    """Decode TopoJSON's delta-encoded integers."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    for x, y in accumulate(arc, lambda before, step: (before[0] + step[0], before[1] + step[1])):
        yield round(y * high + south, 2), round(x * wide + west, 2)


def _simpler(line: list[Point]) -> list[Point]:
    """Simplify a line with the algorithm of Douglas and Peucker."""
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
    for outer, *_ in parts:  # holes are left out: an enclave is a hole of one country and a ring of the other
        ring: list[Point] = []
        for arc in outer:
            ring += (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[1 if ring else 0 :]
        if len(ring) >= SMALLEST_RING:
            yield ring
