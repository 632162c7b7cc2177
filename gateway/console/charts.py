"""Charts as SVG inside a page. They have attributes and classes only: the content security policy allows no styles.

Each chart has a name for screen readers, and a table beside it with the same figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, dist, radians, sqrt

from markupsafe import Markup

from helpline.content.gazetteer import Outline

WIDTH, ROW, BAR_TOP, BAR_HEIGHT, NUMBERS, DIGIT = 320, 40, 20, 12, 50, 8
"""In units of the SVG's view box. A row has the name above and the bar below. `DIGIT` is the width of one."""
LARGEST_CIRCLE, SMALLEST_CIRCLE, EDGE = 22, 8, 24
MOST_PUSHES = 60
HIGH, UNDER, FEW_COLUMNS = 110, 20, 12
"""Vertical bars: the greatest height, the space below, and up to how many columns show their count, if it fits."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle on the map."""

    told: str
    """Place and count in words."""
    at: tuple[float, float]
    """Latitude and longitude in degrees."""
    count: int | None
    """None if the count is hidden."""


def bars(rows: Sequence[tuple[str, int]], name: str) -> Markup:
    """Draw counts as horizontal bars, with the name above each."""
    most = max((count for _, count in rows), default=1)
    inside = Markup("").join(
        _bar(ROW * at, label, count, (WIDTH - NUMBERS) * count / most) for at, (label, count) in enumerate(rows)
    )
    return _picture(name, ROW * len(rows), inside)


def _bar(top: int, label: str, count: int, width: float) -> Markup:
    name = Markup('<text x="0" y="{}">{}</text>').format(top + 14, label)
    bar = Markup('<rect x="0" y="{}" width="{:.1f}" height="{}"/>').format(top + BAR_TOP, width, BAR_HEIGHT)
    return name + bar + Markup('<text x="{:.1f}" y="{}">{}</text>').format(width + 6, top + BAR_TOP + 11, count)


def columns(rows: Sequence[tuple[str, int | None, str]], name: str) -> Markup:
    """Draw counts in order of time as vertical bars. A row is label, count (None if hidden), and both in words."""
    most, wide = max((count or 0 for _, count, _ in rows), default=0) or 1, WIDTH / len(rows)
    inside = Markup("").join(
        Markup("<g><title>{}</title>{}</g>").format(told, _column(at, wide, label, count, most, len(rows)))
        for at, (label, count, told) in enumerate(rows)
    )
    return _picture(name, HIGH + 2 * UNDER, inside, "chart days")


def _column(at: int, wide: float, label: str, count: int | None, most: int, how_many: int) -> Markup:
    height, middle = HIGH * (count or 0) / most, (at + 0.5) * wide
    hidden = Markup('<rect class="none" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    bar = hidden if count is None else Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    height = UNDER / 2 if count is None else height
    drawn = bar.format(at * wide + 1, UNDER + HIGH - height, wide - 2, height)
    if how_many <= FEW_COLUMNS or at == 0 or (at + 1) % 5 == 0:
        drawn += Markup('<text x="{:.1f}" y="{}">{}</text>').format(middle, HIGH + 2 * UNDER - 4, label)
    if how_many <= FEW_COLUMNS and count is not None and DIGIT * len(str(count)) < wide:
        drawn += Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(middle, UNDER + HIGH - height - 5, count)
    return drawn


def places(spots: Sequence[Spot], outline: Outline, name: str) -> Markup:
    """Draw counts as circles on a map with the border. The area of a circle shows the count.

    A circle is at its place, or beside it where it would lie on another one: a city and the region around it.
    """
    points = [point for ring in outline for point in ring] + [spot.at for spot in spots]
    souths, wests = [point[0] for point in points], [point[1] for point in points]
    stretch = cos(radians((max(souths) + min(souths)) / 2))
    scale = (WIDTH - 2 * EDGE) / ((max(wests) - min(wests)) * stretch or 1)

    def place(at: tuple[float, float]) -> tuple[float, float]:
        return EDGE + (at[1] - min(wests)) * stretch * scale, EDGE + (max(souths) - at[0]) * scale

    most = max((spot.count or 0 for spot in spots), default=0) or 1
    radii = [max(SMALLEST_CIRCLE, LARGEST_CIRCLE * sqrt((spot.count or 0) / most)) for spot in spots]
    height = round((max(souths) - min(souths)) * scale + 2 * EDGE)
    points = apart([place(spot.at) for spot in spots], radii, height)
    circles = Markup("").join(
        _circle(spot, at, radius, number)
        for number, (spot, at, radius) in enumerate(zip(spots, points, radii, strict=True), 1)
    )
    return _picture(name, height, _border(outline, place) + circles, "chart map")


def _border(outline: Outline, place: Callable[[tuple[float, float]], tuple[float, float]]) -> Markup:
    rings = ("L".join("{:.1f} {:.1f}".format(*place(point)) for point in ring) for ring in outline)
    return Markup('<path class="border" d="{}"/>').format("".join(f"M{ring}Z" for ring in rings))


def apart(points: Sequence[tuple[float, float]], radii: Sequence[float], height: float) -> list[tuple[float, float]]:
    """Push circles away from each other until none lies on another, or after `MOST_PUSHES` rounds."""
    moved = list(points)
    for _ in range(MOST_PUSHES):
        pushed = [_push(moved, radii, one, other) for one, other in combinations(range(len(moved)), 2)]
        for at, ((x, y), radius) in enumerate(zip(moved, radii, strict=True)):
            moved[at] = min(max(x, radius), WIDTH - radius), min(max(y, radius), height - radius)
        if not any(pushed):
            break
    return moved


def _push(points: list[tuple[float, float]], radii: Sequence[float], one: int, other: int) -> bool:
    """Push two circles apart by what they lack in distance. Return whether they lacked any."""
    (left, top), (right, bottom) = points[one], points[other]
    away = dist(points[one], points[other])
    lack = radii[one] + radii[other] + 1 - away
    if lack <= 0:
        return False
    x, y = ((right - left) / away, (bottom - top) / away) if away else (1.0, 0.0)
    points[one] = left - x * lack / 2, top - y * lack / 2
    points[other] = right + x * lack / 2, bottom + y * lack / 2
    return True


def _circle(spot: Spot, at: tuple[float, float], radius: float, number: int) -> Markup:
    kind = "some" if spot.count else "none"
    circle = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>').format(kind, *at, radius)
    mark = Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(at[0], at[1] + 4, number)
    return Markup("<g><title>{}</title>{}{}</g>").format(spot.told, circle, mark)


def _picture(name: str, height: int, inside: Markup, kind: str = "chart") -> Markup:
    return Markup(
        '<svg class="{}" role="img" aria-label="{}" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg">'
        "<title>{}</title>{}</svg>"
    ).format(kind, name, WIDTH, height, name, inside)
