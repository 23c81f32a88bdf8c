"""The gentle movement over a picture: a window that changes its place and size slowly, by a seed; pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

LEAST, MOST = 0.012, 0.07  # of the picture's size: by how much the window changes
A_SECOND = 0.002
MIDDLE: Final = (0.3, 0.7)  # where the movement aims at: its fixed point, of width and height


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a picture that fills the film, in shares of the picture's width and height."""

    left: float = 0.0
    top: float = 0.0
    size: float = 1.0

    def to_json(self) -> list[float]:
        return [self.left, self.top, self.size]


WHOLE: Final = Window()


@dataclass(frozen=True, slots=True)
class Course:
    """From where to where a window moves."""

    start: Window = WHOLE
    end: Window = WHOLE

    def at(self, time: float) -> Window:
        """The window at `time`, 0 to 1; it begins and ends at rest."""
        if self.start == self.end:
            return self.start
        eased = time * time * (3 - 2 * time)
        a, b = self.start, self.end
        return Window(
            round(a.left + (b.left - a.left) * eased, 7),
            round(a.top + (b.top - a.top) * eased, 7),
            round(a.size + (b.size - a.size) * eased, 7),
        )


def course_of(seed: int, seconds: float) -> Course:
    """In, out, or across; the longer a picture is seen, the farther, yet slowly."""
    chance = random.Random(seed)  # noqa: S311 - taste, not secrecy
    change = min(MOST, LEAST + A_SECOND * seconds)
    kind = chance.choice(("in", "out", "across"))
    x, y = (chance.uniform(*MIDDLE) for _ in range(2))
    if kind == "across":
        size = 1 - change
        toward = chance.choice((0.0, 1.0))
        far = Window(change * toward, change * y, size)
        return Course(far, Window(change * (1 - toward), change * (1 - y), size))
    near = Window(change * x, change * y, 1 - change)
    return Course(WHOLE, near) if kind == "in" else Course(near, WHOLE)


def distance(a: Window, b: Window, width: int, height: int) -> float:
    """By how many pixels of the film its fastest corner moves from one window to the other."""
    across = max(abs(b.left - a.left), abs(b.left + b.size - a.left - a.size)) * width
    down = max(abs(b.top - a.top), abs(b.top + b.size - a.top - a.size)) * height
    return max(across, down) / min(a.size, b.size)
