"""A pad to draw one thing on, and the mixing of colours."""

from __future__ import annotations

from math import cos, radians, sin
from random import Random

from reelyard.tools.pictures.things.paths import Path
from reelyard.tools.pictures.things.thing import Drawing, Glow, Grain, Role, Shape


def mixed(first: str, second: str, share: float) -> str:
    """Two colours (#rrggbb) mixed; `share` of the second, 0 to 1."""
    a = [int(first[i : i + 2], 16) for i in (1, 3, 5)]
    b = [int(second[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(
        f"{max(0, min(255, round(x + (y - x) * share))):02x}" for x, y in zip(a, b, strict=True)
    )


def darker(colour: str, share: float = 0.25) -> str:
    """Towards a cool dark: plain black looks dead."""
    return mixed(colour, "#1c1a2b", share)


def lighter(colour: str, share: float = 0.25) -> str:
    """Towards a warm white."""
    return mixed(colour, "#fff6e4", share)


def varied(colour: str, random: Random, amount: float = 0.1) -> str:
    """The colour a little lighter or darker, by chance."""
    shift = random.uniform(-amount, amount)
    return lighter(colour, shift) if shift > 0 else darker(colour, -shift)


class Sketch:
    """Collects the shapes of one drawing, from the back to the front."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._glows: list[Glow] = []
        self._matrix: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
        self._scale = 1.0
        self.sheet = 0

    def place(
        self, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0, *, flip: bool = False, turn: float = 0.0
    ) -> None:
        """From here on, what is drawn is scaled, flipped, turned (degrees, clockwise) and then moved: so a thing may
        be drawn in handy numbers.
        """
        c, s = cos(radians(turn)) * scale, sin(radians(turn)) * scale
        side = -1.0 if flip else 1.0
        self._matrix, self._scale = (c * side, s * side, -s, c, dx, dy), scale

    def fill(self, path: Path, colour: str, grain: Grain = Grain.SMOOTH) -> None:
        """An area."""
        self._add(Shape(path, colour, grain=grain, sheet=self.sheet))

    def line(self, path: Path, colour: str, width: float = 1.0) -> None:
        """A stroke, `width` wide in the drawing's own numbers."""
        self._add(Shape(path, colour, Role.LINE, width * self._scale, sheet=self.sheet))

    def light(self, path: Path, colour: str = "#8fa3ad") -> None:
        """An area that shines when lamps are lit."""
        self._add(Shape(path, colour, Role.LIGHT, sheet=self.sheet))

    def shade(self, path: Path) -> None:
        """Dark laid over what is there; an empty outline draws nothing."""
        if path.steps:
            self._add(Shape(path, role=Role.SHADE, sheet=self.sheet))

    def shine(self, path: Path) -> None:
        """Light laid over what is there."""
        if path.steps:
            self._add(Shape(path, role=Role.SHINE, sheet=self.sheet))

    def copy(self, shape: Shape) -> None:
        """A shape drawn elsewhere, as it is."""
        self._add(shape)

    def glow(self, x: float, y: float, reach: float, colour: str = "#ffd98a") -> None:
        """A place that shines when lamps are lit."""
        a, b, c, d, e, f = self._matrix
        self._glows.append(Glow(x * a + y * c + e, x * b + y * d + f, reach * self._scale, colour))

    def drawing(self) -> Drawing:
        """All of it, with the box it lies in."""
        left = top = right = bottom = 0.0
        for shape in self._shapes:
            x, y, a, b = shape.path.box
            rim = shape.width / 2 if shape.role is Role.LINE else 0.0
            left, top, right, bottom = (
                min(left, x - rim),
                min(top, y - rim),
                max(right, a + rim),
                max(bottom, b + rim),
            )
        return Drawing(tuple(self._shapes), (left, top, right, bottom), tuple(self._glows))

    def _add(self, shape: Shape) -> None:
        a, b, c, d, e, f = self._matrix
        path = shape.path.mapped(a, b, c, d, e, f)
        self._shapes.append(Shape(path, shape.colour, shape.role, shape.width, shape.grain, shape.sheet))
