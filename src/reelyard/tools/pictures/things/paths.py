"""Outlines as values: made by a few helpers, moved and turned by maths, written as SVG at the very end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
CIRCLE = 0.5523  # control points of a quarter circle drawn as a cubic curve


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an outline: M and L have one point, C has three, Z none. All absolute."""

    kind: str
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """An outline, possibly of several parts."""

    steps: tuple[Step, ...] = ()

    def __add__(self, other: Path) -> Path:
        return Path(self.steps + other.steps)

    def moved(self, dx: float, dy: float) -> Path:
        return self.mapped(1, 0, 0, 1, dx, dy)

    def scaled(self, sx: float, sy: float | None = None) -> Path:
        return self.mapped(sx, 0, 0, sx if sy is None else sy, 0, 0)

    def turned(self, degrees: float, about: Point = (0, 0)) -> Path:
        """Clockwise on the page."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x, y = about
        return self.mapped(c, s, -s, c, x - c * x + s * y, y - s * x - c * y)

    def mapped(self, *m: float) -> Path:
        """Through the matrix a b c d e f, as SVG names them."""
        a, b, c, d, e, f = m
        return Path(
            tuple(
                Step(step.kind, tuple((a * x + c * y + e, b * x + d * y + f) for x, y in step.points))
                for step in self.steps
            )
        )

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for step in self.steps for point in step.points)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of all its points; control points count as well."""
        points = self.points or ((0.0, 0.0),)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)

    def onward(self, other: Path) -> Path:
        """The outline, then straight on to another and back to the start: one area."""
        first, *rest = other.steps
        steps = (*self.steps, Step("L", first.points), *rest)
        return Path(steps if steps[-1].kind == "Z" else (*steps, Step("Z")))

    def svg(self, digits: int = 1) -> str:
        """The value of a `d` attribute."""
        form = f"%.{digits}f %.{digits}f"
        return "".join(step.kind + " ".join([form % point for point in step.points]) for step in self.steps)


def line(*points: Point) -> Path:
    """Straight from point to point, left open."""
    return Path((Step("M", (points[0],)), *(Step("L", (point,)) for point in points[1:])))


def polygon(*points: Point) -> Path:
    """Straight from point to point and back to the first."""
    return line(*points) + Path((Step("Z"),))


def rect(left: float, top: float, width: float, height: float) -> Path:
    return polygon((left, top), (left + width, top), (left + width, top + height), (left, top + height))


def ellipse(x: float, y: float, rx: float, ry: float | None = None) -> Path:
    ry = rx if ry is None else ry
    kx, ky = rx * CIRCLE, ry * CIRCLE
    return Path(
        (
            Step("M", ((x - rx, y),)),
            Step("C", ((x - rx, y - ky), (x - kx, y - ry), (x, y - ry))),
            Step("C", ((x + kx, y - ry), (x + rx, y - ky), (x + rx, y))),
            Step("C", ((x + rx, y + ky), (x + kx, y + ry), (x, y + ry))),
            Step("C", ((x - kx, y + ry), (x - rx, y + ky), (x - rx, y))),
            Step("Z"),
        )
    )


def smooth(points: Sequence[Point], *, closed: bool = True, tension: float = 1.0) -> Path:
    """A soft curve through all points (Catmull-Rom, as cubic curves)."""
    n = len(points)

    def at(i: int) -> Point:
        return points[i % n] if closed else points[max(0, min(n - 1, i))]

    steps = [Step("M", (points[0],))]
    for i in range(n if closed else n - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        k = tension / 6
        steps.append(
            Step(
                "C",
                (
                    (bx + (cx - ax) * k, by + (cy - ay) * k),
                    (cx - (dx - bx) * k, cy - (dy - by) * k),
                    (cx, cy),
                ),
            )
        )
    return Path((*steps, Step("Z"))) if closed else Path(tuple(steps))


def curve(start: Point, *rest: Point) -> Path:
    """Cubic curves from `start`: points come in threes (control, control, end); left open."""
    steps = [Step("C", (rest[i], rest[i + 1], rest[i + 2])) for i in range(0, len(rest) - 2, 3)]
    return Path((Step("M", (start,)), *steps))


def close(path: Path) -> Path:
    return path + Path((Step("Z"),))


def joined(paths: Iterable[Path]) -> Path:
    """Several outlines as one shape, painted at once: many leaves, many windows."""
    return Path(tuple(step for path in paths for step in path.steps))
