"""Colours that change, as many flat ones side by side.

The renderer takes some sixty times as long for a pixel of a gradient as for a flat one. Wherever a gradient is large it
is cut where its value in eight bits changes; edges between cuts lie between rows of pixels, so that none shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from reelyard.tools.pictures.things.paths import Path, Point

Stop = tuple[float, str, float]  # offset, colour, opacity
LARGE = 40_000  # square pixels: below, a gradient is as good
PIECES = 8  # of a curve
FINEST = 100  # steps of opacity in a light
MOST = 256  # cuts
LAP = 6  # rows


@dataclass(frozen=True, slots=True)
class Ramp:
    """A fill that changes from `top` to `bottom`, in pixels."""

    top: float
    bottom: float
    stops: tuple[Stop, ...]

    def at(self, y: float) -> tuple[str, float]:
        """Colour and opacity there."""
        return _between(self.stops, (y - self.top) / max(self.bottom - self.top, 1e-6))

    def cuts(self, low: float, high: float) -> list[float]:
        """Whole rows from `low` to `high` between which the fill is as good as flat; the ends are as given."""
        rows = {low, high}
        for (start, a, dim), (end, b, strong) in pairwise(self.stops):
            begin, reach = (
                self.top + (self.bottom - self.top) * start,
                (self.bottom - self.top) * (end - start),
            )
            change = max(
                *(abs(p - q) for p, q in zip(_rgb(a), _rgb(b), strict=True)), abs(dim - strong) * 255
            )
            count = min(MOST, max(1, ceil(change)), max(1, int(reach)))
            rows |= {float(round(begin + reach * i / count)) for i in range(count + 1)}
        return sorted(row for row in rows if low <= row <= high)


def strips(
    path: Path, ramp: Ramp, limits: tuple[float, float]
) -> Iterator[tuple[Sequence[Point], str, float]]:
    """The parts of a single outline, each of one colour and opacity, within the rows of `limits`."""
    rest = _clipped(_clipped(flattened(path), lambda y: y - limits[0]), lambda y: limits[1] - y)
    if len(rest) < 3:
        return
    ys = [y for _, y in rest]
    for start, end in pairwise(ramp.cuts(min(ys), max(ys))):
        colour, strong = ramp.at((start + end) / 2)
        # What covers lies a little under the next, so that no seam shows in a reduced picture.
        below = end + LAP if strong >= 1 else end
        part = _clipped(rest, lambda y, below=below: below - y)  # type: ignore[misc]
        rest = _clipped(rest, lambda y, end=end: y - end)  # type: ignore[misc]
        if len(part) > 2:
            yield part, colour, strong


def rings(radius: float, stops: Sequence[Stop]) -> Iterator[tuple[float, float, float]]:
    """A round light from within outwards: inner and outer radius, opacity."""
    edges = [0.0]
    for (start, _, strong), (end, _, dim) in pairwise(stops):
        count = min(MOST, max(1, ceil(abs(strong - dim) * FINEST)), max(1, int(radius * (end - start))))
        edges += [radius * (start + (end - start) * (i + 1) / count) for i in range(count)]
    for inner, outer in pairwise(edges):
        yield inner, outer, _between(stops, (inner + outer) / 2 / radius)[1]


def single(path: Path) -> bool:
    """Whether it is one outline."""
    return sum(step.kind == "M" for step in path.steps) == 1


def large(path: Path) -> bool:
    left, top, right, bottom = path.box
    return (right - left) * (bottom - top) > LARGE


def flattened(path: Path) -> list[Point]:
    """The corners of an outline whose curves are broken into straight pieces."""
    points: list[Point] = []
    for step in path.steps:
        if step.kind == "C":
            points += _pieces(points[-1], *step.points)
        else:
            points += step.points
    return points


def _pieces(a: Point, b: Point, c: Point, d: Point) -> Iterator[Point]:
    for i in range(1, PIECES + 1):
        t = i / PIECES
        s = 1 - t
        w = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
        yield (
            w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
            w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
        )


def _clipped(points: Sequence[Point], inside: Callable[[float], float]) -> list[Point]:
    """What of an outline lies where `inside` of its height is not negative (Sutherland and Hodgman's way)."""
    kept: list[Point] = []
    for i, (x, y) in enumerate(points):
        before_x, before_y = points[i - 1]
        here, before = inside(y), inside(before_y)
        if (here < 0) != (before < 0):
            t = before / (before - here)
            kept.append((before_x + (x - before_x) * t, before_y + (y - before_y) * t))
        if here >= 0:
            kept.append((x, y))
    return kept


def _between(stops: Sequence[Stop], t: float) -> tuple[str, float]:
    if t <= stops[0][0]:
        return stops[0][1:]
    for (start, a, dim), (end, b, strong) in pairwise(stops):
        if t <= end:
            part = (t - start) / max(end - start, 1e-6)
            mixed = (round(p + (q - p) * part) for p, q in zip(_rgb(a), _rgb(b), strict=True))
            return "#{:02x}{:02x}{:02x}".format(*mixed), dim + (strong - dim) * part
    return stops[-1][1:]


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
