"""Curves as SVG: the share of requests that had reached a step after that many minutes, on a logarithmic time axis."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BELOW, TOP = 720, 400, 56, 44, 40
TICKS = {1: "1 min", 5: "5 min", 15: "15 min", 60: "1 h", 240: "4 h", 720: "12 h", 1440: "1 day", 2880: "2 days"}
COLOURS = ("#1b6ca8", "#b5542b", "#3c7a3c", "#7a3c78")
FIRST, LAST = 0.5, 4320.0
"""The ends of the time axis, in minutes."""


def plot(title: str, curves: Mapping[str, Sequence[float]], of: int) -> str:
    """Draw, for each name, the share of `of` requests that took at most that many minutes."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif"'
        f' font-size="12"><title>{escape(title)}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>',
        *(_across(share) for share in (0, 25, 50, 75, 100)),
        *(_up(minutes, label) for minutes, label in TICKS.items()),
    ]
    for at, (name, minutes) in enumerate(curves.items()):
        colour = COLOURS[at % len(COLOURS)]
        points = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in _steps(sorted(minutes), of))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{LEFT + 12 + at * 150}" y="{TOP + 14}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _steps(minutes: Sequence[float], of: int) -> list[tuple[float, float]]:
    """Return at most two hundred points of the rising curve, from zero to its end."""
    every = max(1, len(minutes) // 200)
    rising = [
        (each, 100 * (at + 1) / of) for at, each in enumerate(minutes) if at % every == 0 or at == len(minutes) - 1
    ]
    return [(FIRST, 0.0), *rising, (LAST, 100 * len(minutes) / of)]


def _x(minutes: float) -> float:
    held = min(max(minutes, FIRST), LAST)
    return LEFT + (WIDTH - LEFT - 16) * math.log(held / FIRST) / math.log(LAST / FIRST)


def _y(share: float) -> float:
    return HEIGHT - BELOW - (HEIGHT - BELOW - TOP) * share / 100


def _across(share: int) -> str:
    y = _y(share)
    line = f'<line x1="{LEFT}" x2="{WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
    return line + f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share} %</text>'


def _up(minutes: int, label: str) -> str:
    x = _x(minutes)
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BELOW}" stroke="#eee"/>'
    return line + f'<text x="{x:.1f}" y="{HEIGHT - BELOW + 18}" text-anchor="middle">{label}</text>'
