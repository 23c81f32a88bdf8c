"""Outlines drawn freely: traced curves, tapering limbs, lumpy blobs, and the shadowed sides of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from random import Random

from reelyard.tools.pictures.things.paths import Path, Point, Step, close, polygon


def soft(points: Sequence[Point], *, closed: bool = True, corners: Iterable[int] = ()) -> Path:
    """A soft curve through the points; those numbered in `corners` stay sharp.

    Unlike a plain Catmull-Rom curve it never overshoots where points lie unevenly: no handle is longer than two
    fifths of its stretch.
    """
    n, sharp = len(points), frozenset(corners)

    def handle(i: int, reach: float) -> Point:
        if i in sharp or (not closed and i in (0, n - 1)):
            return (0.0, 0.0)
        a, b = points[(i - 1) % n], points[(i + 1) % n]
        dx, dy = b[0] - a[0], b[1] - a[1]
        size = math.hypot(dx, dy) or 1.0
        pull = min(size / 6, reach * 0.4) / size
        return (dx * pull, dy * pull)

    steps = [Step("M", (points[0],))]
    for i in range(n if closed else n - 1):
        j = (i + 1) % n
        (ax, ay), (bx, by) = points[i], points[j]
        reach = math.hypot(bx - ax, by - ay)
        (ux, uy), (vx, vy) = handle(i, reach), handle(j, reach)
        steps.append(Step("C", ((ax + ux, ay + uy), (bx - vx, by - vy), (bx, by))))
    return close(Path(tuple(steps))) if closed else Path(tuple(steps))


def traced(text: str, *, closed: bool = True) -> Path:
    """A soft curve through points written "x,y x,y! …"; a ! keeps its point sharp."""
    words = text.split()
    points = [(float(x), float(y)) for x, y in (word.rstrip("!").split(",") for word in words)]
    return soft(points, closed=closed, corners=[i for i, word in enumerate(words) if word[-1] == "!"])


def limb(points: Sequence[Point], widths: Sequence[float], *, blunt: bool = False) -> Path:
    """A tapering band along the points, as wide as `widths` says at each: arms, trunks, tails.

    Its end is round, or cut straight when `blunt`.
    """
    n = len(points)
    left: list[Point] = []
    right: list[Point] = []
    for i, (x, y) in enumerate(points):
        a, b = points[max(i - 1, 0)], points[min(i + 1, n - 1)]
        dx, dy = b[0] - a[0], b[1] - a[1]
        size = math.hypot(dx, dy) or 1.0
        nx, ny, half = -dy / size, dx / size, widths[i] / 2
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    if blunt:
        return soft([*left, *reversed(right)], corners=[0, n - 1, n, 2 * n - 1])
    (x, y), (a0, b0) = points[-1], points[-2]
    size = math.hypot(x - a0, y - b0) or 1.0
    reach = widths[-1] * 0.5 / size
    tip = (x + (x - a0) * reach, y + (y - b0) * reach)
    return soft([*left, tip, *reversed(right)], corners=[0, 2 * n])


def capsule(start: Point, end: Point, first: float, last: float) -> Path:
    """A straight limb with both ends round."""
    (x, y), (a, b) = start, end
    size = math.hypot(a - x, b - y) or 1.0
    dx, dy = (a - x) / size, (b - y) / size
    f, g, k = first / 2, last / 2, 0.7
    return soft(
        [
            (x - dx * f, y - dy * f),
            (x - dy * f * k - dx * f * k, y + dx * f * k - dy * f * k),
            (x - dy * f, y + dx * f),
            (a - dy * g, b + dx * g),
            (a - dy * g * k + dx * g * k, b + dx * g * k + dy * g * k),
            (a + dx * g, b + dy * g),
            (a + dy * g * k + dx * g * k, b - dx * g * k + dy * g * k),
            (a + dy * g, b - dx * g),
            (x + dy * f, y - dx * f),
            (x + dy * f * k - dx * f * k, y - dx * f * k - dy * f * k),
        ]
    )


def ring(
    at: Point, rx: float, ry: float, count: int, *, uneven: float = 0.0, random: Random | None = None
) -> list[Point]:
    """Points round an ellipse, clockwise from its right; `uneven` (0 to 1) shakes their distance from the middle."""
    out: list[Point] = []
    for i in range(count):
        shake = 1 + (random.uniform(-uneven, uneven) if random else 0.0)
        turn = 2 * math.pi * i / count
        out.append((at[0] + rx * shake * math.cos(turn), at[1] + ry * shake * math.sin(turn)))
    return out


def blob(at: Point, rx: float, ry: float, random: Random, *, uneven: float = 0.1, count: int = 9) -> Path:
    """A soft, slightly irregular patch."""
    return soft(ring(at, rx, ry, count, uneven=uneven, random=random))


def lumpy(at: Point, rx: float, ry: float, random: Random, *, lumps: int = 9, depth: float = 0.35) -> Path:
    """A patch with a scalloped edge: foliage, wool, smoke, a cloud."""
    turns = sorted((i + random.uniform(-0.28, 0.28)) * 2 * math.pi / lumps for i in range(lumps))
    points = []
    for turn in turns:
        shake = random.uniform(0.9, 1.06)
        points.append((at[0] + rx * shake * math.cos(turn), at[1] + ry * shake * math.sin(turn)))
    steps = [Step("M", (points[0],))]
    for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
        out_a, out_b = (ax - at[0]) / rx, (bx - at[0]) / rx
        up_a, up_b = (ay - at[1]) / ry, (by - at[1]) / ry
        bulge = math.hypot(bx - ax, by - ay) * depth * random.uniform(0.85, 1.25)
        mx, my = (bx - ax) * 0.12, (by - ay) * 0.12
        steps.append(
            Step(
                "C",
                (
                    (ax + out_a * bulge + mx, ay + up_a * bulge + my),
                    (bx + out_b * bulge - mx, by + up_b * bulge - my),
                    (bx, by),
                ),
            )
        )
    return close(Path(tuple(steps)))


def crescent(
    at: Point, rx: float, ry: float, towards: float, *, share: float = 0.35, half: float = 105.0
) -> Path:
    """The part of an ellipse that lies away from the light: a sickle whose thickest place looks `towards` (degrees,
    0 right, 90 down), `share` of the radius deep there, reaching `half` degrees to both sides.
    """
    outer: list[Point] = []
    inner: list[Point] = []
    count = 9
    for i in range(count):
        off = -half + 2 * half * i / (count - 1)
        turn = math.radians(towards + off)
        depth = share * math.cos(math.radians(off * 90 / half)) ** 0.8 if abs(off) < half else 0.0
        outer.append((at[0] + rx * math.cos(turn), at[1] + ry * math.sin(turn)))
        inner.append((at[0] + rx * (1 - depth) * math.cos(turn), at[1] + ry * (1 - depth) * math.sin(turn)))
    return soft([*outer, *reversed(inner[1:-1])], corners=[0, count - 1])


def flattened(path: Path, per_curve: int = 6) -> list[list[Point]]:
    """Each part of an outline as points, curves cut into straight pieces."""
    parts: list[list[Point]] = []
    for step in path.steps:
        if step.kind == "M":
            parts.append([step.points[0]])
        elif step.kind == "L":
            parts[-1].append(step.points[0])
        elif step.kind == "C":
            a, (b, c, d) = parts[-1][-1], step.points
            for i in range(1, per_curve + 1):
                t = i / per_curve
                u = 1 - t
                k = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
                parts[-1].append(
                    (
                        k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * d[0],
                        k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * d[1],
                    )
                )
    return parts


def side_of(path: Path, start: Point, end: Point) -> Path:
    """What of a shape lies on the right hand of a straight line, walking from start to end (on the page: y down)."""
    (x, y), (a, b) = start, end
    dx, dy = a - x, b - y

    def within(p: Point) -> float:
        return dx * (p[1] - y) - dy * (p[0] - x)

    out = Path()
    for part in flattened(path):
        kept: list[Point] = []
        for p, q in zip(part, [*part[1:], part[0]], strict=True):
            s, t = within(p), within(q)
            if s >= 0:
                kept.append(p)
            if (s > 0) != (t > 0) and s != t:
                share = s / (s - t)
                kept.append((p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share))
        if len(kept) > 2:
            out = out + polygon(*kept)
    return out
