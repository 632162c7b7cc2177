"""Pictures of figures as SVG inside a page: attributes and classes only, since the policy allows no style of its own.

Each has a name for those who hear the page, and a table beside it that says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from markupsafe import Markup

WIDTH, ROW, BAR_TOP, BAR_HEIGHT, NUMBERS = 320, 40, 20, 12, 50
"""In units of the picture, which fills its place: a row has the name above and the bar below."""
LARGEST_CIRCLE, SMALLEST_CIRCLE, EDGE = 26, 4, 34


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle on the map. `at`: latitude and longitude in degrees; `count` None where there is none to show."""

    name: str
    at: tuple[float, float]
    count: int | None


def bars(rows: Sequence[tuple[str, int]], name: str) -> Markup:
    """Draw counts as lying bars, the name above each."""
    most = max((count for _, count in rows), default=1)
    inside = Markup("").join(
        _bar(ROW * at, label, count, (WIDTH - NUMBERS) * count / most) for at, (label, count) in enumerate(rows)
    )
    return _picture(name, ROW * len(rows), inside)


def _bar(top: int, label: str, count: int, width: float) -> Markup:
    name = Markup('<text x="0" y="{}">{}</text>').format(top + 14, label)
    bar = Markup('<rect x="0" y="{}" width="{:.1f}" height="{}"/>').format(top + BAR_TOP, width, BAR_HEIGHT)
    return name + bar + Markup('<text x="{:.1f}" y="{}">{}</text>').format(width + 6, top + BAR_TOP + 11, count)


def places(spots: Sequence[Spot], name: str) -> Markup:
    """Draw counts as circles where the places lie, on a plain frame; the area of a circle is the count."""
    stretch = cos(radians(sum(spot.at[0] for spot in spots) / len(spots)))
    xs, ys = [spot.at[1] * stretch for spot in spots], [-spot.at[0] for spot in spots]
    scale = (WIDTH - 2 * EDGE) / (max(xs) - min(xs) or 1)
    most = max((spot.count or 0 for spot in spots), default=0) or 1
    ordered = sorted(enumerate(spots), key=lambda each: -(each[1].count or 0))  # small ones lie on large ones
    inside = Markup("").join(
        _circle(spot, EDGE + (xs[at] - min(xs)) * scale, EDGE + (ys[at] - min(ys)) * scale, most, at + 1)
        for at, spot in ordered
    )
    return _picture(name, round((max(ys) - min(ys)) * scale + 2 * EDGE), inside, "chart map")


def _circle(spot: Spot, x: float, y: float, most: int, number: int) -> Markup:
    radius = max(SMALLEST_CIRCLE, LARGEST_CIRCLE * sqrt((spot.count or 0) / most))
    told = spot.name if spot.count is None else f"{spot.name}: {spot.count}"
    kind = "some" if spot.count else "none"
    circle = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>').format(kind, x, y, radius)
    mark = Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(x, y + 4, number)
    return Markup("<g><title>{}</title>{}{}</g>").format(told, circle, mark)


def _picture(name: str, height: int, inside: Markup, kind: str = "chart") -> Markup:
    return Markup(
        '<svg class="{}" role="img" aria-label="{}" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg">'
        "<title>{}</title>{}</svg>"
    ).format(kind, name, WIDTH, height, name, inside)
