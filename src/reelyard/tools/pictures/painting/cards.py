"""Pictures with words: the title card where nothing can be drawn, and the title over the cover's scene."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from xml.sax.saxutils import escape

from reelyard.tools.pictures.colours import lightness, mix
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.lettering import Face, broken, cleaned, face_for
from reelyard.tools.pictures.painting.canvas import HEAD, Canvas
from reelyard.tools.pictures.painting.manner import Inks, inks_of
from reelyard.tools.pictures.painting.painter import Painting
from reelyard.tools.pictures.scene import Circumstances, Hour, PictureShape, Style
from reelyard.tools.pictures.things.paths import Path, ellipse, joined, line, rect, smooth

CREAM = "#fff6e3"
INK = "#2b2f45"


@dataclass(frozen=True, slots=True)
class Card:
    """Words to be set, in a story's colours."""

    words: str
    shape: PictureShape
    style: Style
    palette: int
    seed: int
    hour: Hour = Hour.DAWN


def paint_card(card: Card) -> Painting:
    """A designed card: hills of colour, a low sun, a sheet with the words; with no letters for them, ornament only."""
    width, height = card.shape.size
    random = dice("card", card.seed)
    canvas = Canvas(width, height, random)
    inks, _ = inks_of(card.style, Circumstances(hour=card.hour), card.palette)
    _ground(canvas, inks, random)
    _sprigs(canvas, inks, random)
    words = cleaned(card.words)
    face = face_for(words) if words else None
    sky = inks.plain(mix(inks.air.middle, inks.air.low, 0.3))
    over = letters(words, face, card.shape, colour_on(sky), (0.13, 0.52)) if face else None
    return Painting(card.style, canvas.svg(), canvas.guide(), card.shape.size, card.seed, over)


def colour_on(ground: str) -> str:
    """A colour for letters that can be read on it."""
    return CREAM if lightness(ground) < 0.66 else mix(INK, ground, 0.06)


def letters(words: str, face: Face, shape: PictureShape, colour: str, span: tuple[float, float]) -> str:
    """SVG of the words between two heights of the picture, as large as is good, with a fine rule below."""
    width, height = shape.size
    top, bottom = span[0] * height, span[1] * height
    wide = width * (0.74 if width > height else 0.82)
    size = min(width, height) * 0.115
    lines = broken(words, face, size, wide)
    while size > 20 and (
        len(lines) * size * 1.16 > bottom - top or max(face.width(one, size) for one in lines) > wide
    ):
        size *= 0.94
        lines = broken(words, face, size, wide)
    first = (top + bottom - (len(lines) - 1) * size * 1.16) / 2 + size * 0.32
    halo = CREAM if colour != CREAM else "#141a33"
    texts = "".join(
        f'<text x="{width / 2:.0f}" y="{first + i * size * 1.16:.1f}">{escape(one)}</text>'
        for i, one in enumerate(lines)
    )
    style = f'font-family="{face.family}" font-size="{size:.1f}" text-anchor="middle"'
    under = "".join(
        f'<g {style} fill="none" stroke="{halo}" stroke-width="{size * share:.1f}" stroke-linejoin="round" '
        f'opacity="{much}">{texts}</g>'
        for share, much in ((0.42, 0.07), (0.28, 0.10), (0.15, 0.14))
    )
    y = first + (len(lines) - 1) * size * 1.16 + size * 0.62
    rule = _rule(width / 2, y, min(wide * 0.28, size * 3), colour)
    return f'{HEAD.format(width, height)}{under}<g {style} fill="{colour}">{texts}</g>{rule}</svg>'


def _rule(x: float, y: float, wide: float, colour: str) -> str:
    """A fine line with a diamond."""
    gap, r = wide * 0.09, wide * 0.032
    diamond = f"M{x - r:.1f} {y:.1f}L{x:.1f} {y - r:.1f}L{x + r:.1f} {y:.1f}L{x:.1f} {y + r:.1f}Z"
    lines = f"M{x - wide / 2:.1f} {y:.1f}H{x - gap:.1f}M{x + gap:.1f} {y:.1f}H{x + wide / 2:.1f}"
    return f'<path d="{diamond}" fill="{colour}"/><path d="{lines}" stroke="{colour}" stroke-width="2" opacity="0.8"/>'


def _ground(canvas: Canvas, inks: Inks, random: Random) -> None:
    width, height, air = canvas.width, canvas.height, inks.air
    stops = ((0, inks.plain(air.top), 1.0), (0.5, inks.plain(air.middle), 1.0), (1, inks.plain(air.low), 1.0))
    canvas.area(rect(0, 0, width, height), canvas.down(0, height * 0.72, stops), sheet=0, grain=8)
    x, r = width * random.choice((0.3, 0.5, 0.7)), min(width, height) * 0.11
    canvas.glow(x, height * 0.70, r * 4.5, inks.plain(air.sun), 0.5)
    canvas.area(ellipse(x, height * 0.70, r), inks.plain(air.sun), sheet=8, grain=8)
    for i, green in enumerate(("#8fa6a0", "#87a382", "#7f9f6c", "#6e9060", "#5c7c58")):
        base, rise = height * (0.70 + 0.065 * i), height * 0.035
        turn, rate = random.uniform(0, math.tau), random.uniform(1.0, 1.9)
        points = [
            (width * (j / 12 * 1.04 - 0.02), base - rise * math.sin(rate * j / 12 * math.tau + turn))
            for j in range(13)
        ]
        hill = smooth(points, closed=False).onward(
            line((points[-1][0], height + 20.0), (points[0][0], height + 20.0))
        )
        canvas.area(hill, inks.ink(green, 0.85 - 0.2 * i), sheet=24 + 34 * i)


def _sprigs(canvas: Canvas, inks: Inks, random: Random) -> None:
    """Grasses and leaves at both lower corners."""
    unit = min(canvas.width, canvas.height)
    for side in (0, 1):
        for i in range(6):
            x = (canvas.width if side else 0) + (-1 if side else 1) * unit * (
                0.03 + 0.06 * i + random.uniform(-0.02, 0.02)
            )
            tall = unit * random.uniform(0.16, 0.34) * (1 - 0.07 * i)
            lean = random.uniform(-0.1, 0.25) * tall * (-1 if side else 1)
            stem, leaves = _sprig(x, canvas.height + 10.0, tall, lean)
            colour = inks.ink(random.choice(("#4f7350", "#6b8a4f", "#3f6660", "#7d8a48")), 0.0)
            canvas.stroke(stem, colour, unit * 0.004)
            canvas.area(leaves, colour, sheet=208)
            if random.random() < 0.5:
                bloom = ellipse(x + lean, canvas.height + 6.0 - tall, unit * 0.013)
                canvas.area(
                    bloom,
                    inks.ink(random.choice(("#d9785a", "#e2b34f", "#c9728a", "#f1e4c8")), 0.0),
                    sheet=216,
                )


def _sprig(x: float, y: float, tall: float, lean: float) -> tuple[Path, Path]:
    def at(t: float) -> tuple[float, float]:
        return x + lean * t * t, y - tall * t

    leaves = []
    for i in range(3, 10):
        (px, py), size = at(i / 10), tall * 0.11 * (1.25 - i / 12)
        way = 1 if i % 2 else -1
        leaves.append(
            smooth(
                [
                    (px, py),
                    (px + way * size * 0.7, py - size * 0.75),
                    (px + way * size * 1.5, py - size * 0.8),
                    (px + way * size * 0.8, py - size * 0.1),
                ]
            )
        )
    return smooth([at(t / 6) for t in range(7)], closed=False), joined(leaves)
