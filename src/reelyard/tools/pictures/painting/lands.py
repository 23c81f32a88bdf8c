"""The bands of land and water: their colour, and what their surface shows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from reelyard.tools.pictures.colours import graded, mix
from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.grounds import POINTS
from reelyard.tools.pictures.painting.canvas import GRAINS, Canvas
from reelyard.tools.pictures.painting.manner import Inks
from reelyard.tools.pictures.painting.things import base_sheet
from reelyard.tools.pictures.painting.water import paint_water
from reelyard.tools.pictures.scene import Band, Ground, Hour, Place, Scene, Weather
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, line, polygon, rect, smooth
from reelyard.tools.pictures.things.thing import Grain, Season

GREENS = {
    Season.SPRING: "#9fbe69",
    Season.SUMMER: "#8cab5c",
    Season.AUTUMN: "#b9a45b",
    Season.WINTER: "#a9ab84",
}
WOODS = {
    Season.SPRING: "#7ea070",
    Season.SUMMER: "#5f8464",
    Season.AUTUMN: "#b0793f",
    Season.WINTER: "#6d8488",
}
CORN = {
    Season.SPRING: "#b4c069",
    Season.SUMMER: "#dcb95f",
    Season.AUTUMN: "#cfa456",
    Season.WINTER: "#c9b68a",
}
BASE = {
    Ground.RIDGE: "#86a08c",
    Ground.PEAKS: "#7f93a6",
    Ground.ROOFS: "#a08c98",
    Ground.SAND: "#e6d0a2",
    Ground.ROCK: "#7b7673",
    Ground.STREET: "#928d8c",
    Ground.EARTH: "#bda27a",
    Ground.QUAY: "#a89e92",
    Ground.DUNES: "#e2b878",
    Ground.FLOOR: "#b98c60",
    Ground.CLOUD: "#f6f1ea",
}
SNOW = "#f2f5f8"
HIGH = {Place.MOUNTAINS, Place.LAKE, Place.SKY}  # where snow lies on the tops all year
BARE = {Ground.ROCK, Ground.STREET, Ground.QUAY, Ground.FLOOR, Ground.CLOUD, Ground.ROOFS, Ground.PEAKS}
GRAIN = {
    Ground.ROCK: Grain.STONE,
    Ground.PEAKS: Grain.STONE,
    Ground.STREET: Grain.STONE,
    Ground.QUAY: Grain.STONE,
    Ground.GRASS: Grain.LEAF,
    Ground.WOODS: Grain.LEAF,
    Ground.CROPS: Grain.LEAF,
    Ground.FLOOR: Grain.WOOD,
}


def colour_of(band: Band, scene: Scene) -> str:
    """The daylight colour of a band's ground in its season."""
    season = scene.when.season
    colour = {
        Ground.GRASS: GREENS[season],
        Ground.WOODS: WOODS[season],
        Ground.CROPS: CORN[season],
        Ground.RIDGE: mix(BASE[Ground.RIDGE], GREENS[season], 0.35),
    }.get(band.ground) or BASE[band.ground]
    if scene.when.white:
        return mix(
            colour, SNOW, 0.30 if band.ground in BARE else 0.55 if band.ground is Ground.WOODS else 0.93
        )
    return colour


@dataclass(frozen=True, slots=True)
class Land:
    """A band that is being painted."""

    canvas: Canvas
    scene: Scene
    inks: Inks
    band: Band
    nth: int
    random: Random
    colour: str  # daylight

    @property
    def sheet(self) -> int:
        return base_sheet(self.nth)

    @property
    def unit(self) -> float:
        return min(self.canvas.width, self.canvas.height) * max(0.35, self.band.scale)

    def ink(self, colour: str) -> str:
        return self.inks.ink(colour, self.band.depth)

    @property
    def bottom(self) -> float:
        """How far down it can be seen: to where the next band has begun everywhere."""
        later = self.scene.bands[self.nth + 1 :]
        ends = [max(y for _, y in band.edge) + 30.0 for band in later]
        return min((*ends, self.canvas.height + 30.0))

    def outline(self, edge: tuple[Point, ...] | None = None) -> Path:
        points = edge or self.band.edge
        return polygon(*points, (points[-1][0], self.bottom), (points[0][0], self.bottom))

    def spot(self, low: float = 1.0) -> Point:
        """Somewhere on the band, more often near its upper edge."""
        x = self.random.uniform(0, self.canvas.width)
        edge = self.band.at(x)
        return x, edge + (self.canvas.height - edge) * low * self.random.random() ** 1.5


def paint_band(canvas: Canvas, scene: Scene, inks: Inks, nth: int) -> None:
    """One band with its surface."""
    band = scene.bands[nth]
    if band.ground is Ground.WATER:
        paint_water(canvas, scene, inks, nth)
        return
    random = dice("land", scene.seed, nth)
    colour = graded(colour_of(band, scene), turn=random.uniform(-7, 7), lift=random.uniform(-0.025, 0.025))
    land = Land(canvas, scene, inks, band, nth, random, colour)
    top = min(y for _, y in band.edge)
    path = _OUTLINES.get(band.ground, _soft)(land)
    low = mix(colour, "#38435c", 0.42 if band.depth < 0.15 else 0.20 if band.depth < 0.6 else 0.0)
    fill = land.ink(colour)
    if not inks.manner.flat:
        reach = max(60.0, (canvas.height - top) * (0.9 if band.depth < 0.6 else 0.45))
        end = land.ink(low) if band.depth < 0.6 else mix(fill, inks.plain(inks.air.haze), 0.45)
        fill = canvas.down(top, top + reach, ((0.0, fill, 1.0), (1.0, end, 1.0)))
    canvas.area(path, fill, sheet=land.sheet, grain=GRAINS[GRAIN.get(band.ground, Grain.SMOOTH)])
    if inks.manner.outline:
        canvas.stroke(
            smooth(band.edge, closed=False),
            mix(land.ink(colour), "#2e2a2b", 0.5),
            inks.manner.outline * 0.7,
            0.55,
        )
    detail = _DETAILS.get(band.ground)
    if detail is not None:
        detail(land)


# --- outlines --------------------------------------------------------------------------------------------------------


def _soft(land: Land) -> Path:
    edge = smooth(land.band.edge, closed=False)
    return edge.onward(line((land.band.edge[-1][0], land.bottom), (land.band.edge[0][0], land.bottom)))


def _sharp(land: Land) -> Path:
    return land.outline()


def _woods(land: Land) -> Path:
    """The edge as tree tops: pointed or round."""
    pointed = land.random.random() < 0.6
    step = land.unit * (0.030 if land.band.depth > 0.85 else 0.042)
    x, points = -20.0, []
    while x < land.canvas.width + 20:
        y, size = land.band.at(x), land.random.uniform(0.6, 1.5) * step
        if pointed:
            points += [
                (x, y),
                (x + size * 0.18, y - size * 0.7),
                (x + size * 0.30, y - size * 0.72),
                (x + size * 0.5, y - size * 2.1),
                (x + size * 0.72, y - size * 0.75),
                (x + size * 0.82, y - size * 0.7),
            ]
        else:
            points += [
                (x, y),
                (x + size * 0.1, y - size * 0.6),
                (x + size * 0.5, y - size * 1.05),
                (x + size * 0.9, y - size * 0.6),
            ]
        x += size
    if pointed:
        return land.outline(tuple(points))
    edge = smooth(points, closed=False)
    return edge.onward(line((points[-1][0], land.bottom), (points[0][0], land.bottom)))


def _roofs(land: Land) -> Path:
    """A far town: walls and gables."""
    x, points = -30.0, []
    while x < land.canvas.width + 30:
        wide = land.unit * land.random.uniform(0.07, 0.19)
        y = land.band.at(x) + land.unit * land.random.uniform(-0.22, 0.22)
        kind = land.random.random()
        if kind < 0.35:
            points += [(x, y), (x + wide / 2, y - wide * 0.4), (x + wide, y)]
        elif kind < 0.5:
            points += [
                (x, y),
                (x + wide * 0.42, y),
                (x + wide * 0.46, y - wide * 0.7),
                (x + wide * 0.5, y),
                (x + wide, y),
            ]
        else:
            points += [(x, y), (x + wide, y)]
        x += wide
    return land.outline(tuple(points))


def _billows(land: Land) -> Path:
    """The upper side of clouds: rounds of many sizes."""
    x, rounds = -land.unit * 0.1, [land.outline()]
    while x < land.canvas.width + land.unit * 0.1:
        size = land.unit * land.random.uniform(0.05, 0.13)
        rounds.append(
            ellipse(x, land.band.at(x) + size * 0.25, size * 1.25, size * land.random.uniform(0.7, 1.0))
        )
        x += size * land.random.uniform(0.9, 1.5)
    return joined(rounds)


_OUTLINES: dict[Ground, Callable[[Land], Path]] = {
    Ground.PEAKS: _sharp,
    Ground.CLOUD: _billows,
    Ground.WOODS: _woods,
    Ground.ROOFS: _roofs,
}


# --- surfaces --------------------------------------------------------------------------------------------------------


def _peaks(land: Land) -> None:
    """Snow on the tops and shade on the side away from the light."""
    edge, side = land.band.edge, land.scene.light
    for i in range(1, len(edge) - 1):
        ay, y, by = edge[i - 1][1], edge[i][1], edge[i + 1][1]
        if not (y <= ay and y < by):
            continue
        land.canvas.veil(_flank(land, i, 1 if side < 0 else -1), land.inks.plain(land.inks.air.shade), 0.17)
        if land.scene.when.white or (land.band.depth > 0.9 and land.scene.when.place in HIGH):
            land.canvas.veil(_cap(land, i), land.ink(SNOW), 0.85)


def _flank(land: Land, peak: int, step: int) -> Path:
    """The side of a mountain away from the light: down its edge to the valley, back along a broken ridge."""
    edge = land.band.edge
    last = peak
    while 0 <= last + step < len(edge) and edge[last + step][1] >= edge[last][1]:
        last += step
    (x, y), (end, low) = edge[peak], edge[last]
    low = max(low, y + land.unit * 0.10) + land.unit * 0.10
    back = []
    for i in range(1, 7):
        t = 1 - i / 7
        sway = (0.16 if i % 2 else -0.10) * (end - x) * (1 - abs(2 * t - 1))
        back.append((x + (end - x) * 0.42 * t + sway, y + (low - y) * t))
    return polygon(
        *edge[peak : last + step : step] if step > 0 or last + step >= 0 else edge[peak::-1],
        (end, low),
        *back,
    )


def _cap(land: Land, i: int) -> Path:
    x, y = land.band.edge[i]
    deep, top = land.unit * land.random.uniform(0.05, 0.09), [(x, y)]
    wide = abs(land.band.edge[i + 1][0] - x) * 1.3
    right = [(x + wide * t, max(land.band.at(x + wide * t), y)) for t in (0.35, 0.7, 1.0)]
    left = [(x - wide * t, max(land.band.at(x - wide * t), y)) for t in (1.0, 0.7, 0.35)]
    inner = [
        (x + wide * (0.7 - i * 0.28), y + deep * (1.5 if i % 2 else 0.75) + deep * 0.3) for i in range(6)
    ]
    return polygon(*top, *right[:2], *inner, *left[1:])


def _grass(land: Land) -> None:
    """Broad strokes of light and shade, tufts, in spring and summer some flowers."""
    for _ in range(4):
        x, y = land.spot(0.8)
        wide = land.unit * land.random.uniform(0.18, 0.5)
        tone = graded(land.colour, light=land.random.choice((0.93, 1.05)), turn=land.random.uniform(-8, 8))
        land.canvas.veil(_lens(land, x, y + wide * 0.05, wide), land.ink(tone), 0.55)
    if land.scene.when.white or land.band.scale <= 0:
        return
    blades: list[Path] = []
    for _ in range(int(26 * land.band.scale)):
        x, y = land.spot(0.9)
        blades.extend(_tuft(land, x, y))
    land.canvas.stroke(
        joined(blades), land.ink(graded(land.colour, light=0.80)), 1.2 + 1.4 * land.band.scale, 0.75
    )
    if land.scene.when.season in {Season.SPRING, Season.SUMMER} and land.band.depth < 0.3:
        for colour in land.random.sample(("#f6efd8", "#f0c65c", "#d9788a", "#a58bc4"), 2):
            dots = [
                ellipse(*land.spot(0.9), land.unit * land.random.uniform(0.0022, 0.0045)) for _ in range(16)
            ]
            land.canvas.veil(joined(dots), land.ink(colour), 0.9)


def _tuft(land: Land, x: float, y: float) -> list[Path]:
    size = land.unit * land.random.uniform(0.010, 0.024)
    return [
        line(
            (x + i * size * 0.22, y),
            (x + i * size * 0.42 + size * 0.1, y - size * land.random.uniform(0.6, 1.1)),
        )
        for i in (-1, 0, 1)
    ]


def _lens(land: Land, x: float, y: float, wide: float) -> Path:
    """A flat patch that follows the ground."""
    tall = wide * land.random.uniform(0.05, 0.10)
    return smooth(
        [
            (x - wide, y),
            (x - wide * 0.3, y - tall),
            (x + wide * 0.5, y - tall * 0.7),
            (x + wide, y),
            (x + wide * 0.2, y + tall * 0.6),
            (x - wide * 0.5, y + tall * 0.5),
        ]
    )


def _crops(land: Land) -> None:
    """Furrows that run together towards the horizon."""
    wide, middle = land.canvas.width, land.canvas.width * (0.5 + 0.2 * land.random.uniform(-1, 1))
    rows = []
    for i in range(-16, 17):
        start = (middle + i * wide * 0.045, land.band.at(middle + i * wide * 0.045))
        end = (middle + i * wide * 0.16, float(land.canvas.height + 30))
        rows.append(line(start, end))
    land.canvas.stroke(joined(rows), land.ink(graded(land.colour, light=0.86)), 2 + 2 * land.band.scale, 0.5)
    for _ in range(int(40 * land.band.scale)):
        x, y = land.spot(0.9)
        land.canvas.stroke(
            joined(_tuft(land, x, y)),
            land.ink(graded(land.colour, light=land.random.choice((0.8, 1.12)))),
            1.5 + land.band.scale,
            0.7,
        )


def _rock(land: Land) -> None:
    """Facets and cracks."""
    for _ in range(22):
        x, y = land.spot(0.8)
        size = land.unit * land.random.uniform(0.02, 0.075)
        points = [
            (x + math.cos(a) * size * land.random.uniform(0.7, 1.3), y + math.sin(a) * size * 0.4)
            for a in (0.2, 1.2, 2.4, 3.4, 4.6, 5.6)
        ]
        tone = graded(land.colour, light=land.random.choice((0.80, 0.88, 1.10, 1.18)))
        land.canvas.veil(polygon(*points), land.ink(tone), 0.55)
    if land.band.depth < 0.5:
        _turf(land)


def _turf(land: Land) -> None:
    """Grass (or snow) over the rock: much where it is flat and inland, a fringe where it falls to the water."""
    wide, bottom = land.canvas.width, land.canvas.height + 30.0
    edge = [(x, y) for x, y in land.band.edge if y < bottom]
    if len(edge) < 4:
        return
    lower = []
    for i, (x, y) in enumerate(edge):
        before, after = edge[max(0, i - 2)], edge[min(len(edge) - 1, i + 2)]
        steep = abs(after[1] - before[1]) / max(1.0, after[0] - before[0])
        inland = _inland(x, edge) if len(edge) < POINTS else 0.0
        thick = 0.016 * max(0.0, 1 - steep) + 2.6 * max(0.0, inland / wide - 0.07) * max(0.0, 1 - steep * 1.2)
        lower.append(
            (x, min(bottom, y + land.unit * (thick + land.random.uniform(0, 0.016) * (steep < 0.9))))
        )
    turf = smooth(edge, closed=False).onward(smooth(list(reversed(lower)), closed=False))
    green = mix(
        graded(GREENS[land.scene.when.season], light=0.93, chroma=0.84),
        SNOW,
        0.93 if land.scene.when.white else 0.0,
    )
    land.canvas.area(turf, land.ink(green), sheet=land.sheet + 3, grain=GRAINS[Grain.LEAF])
    if not land.scene.when.white:
        blades = [blade for x, y in edge[::2] for blade in _tuft(land, x, y + land.unit * 0.02)]
        land.canvas.stroke(joined(blades), land.ink(graded(green, light=0.82)), 1.4 + land.band.scale, 0.75)


def _inland(x: float, edge: list[Point]) -> float:
    """How far a point is from where the land meets the water: from the end of the edge that is lower."""
    return x - edge[0][0] if edge[0][1] > edge[-1][1] else edge[-1][0] - x


def _dunes(land: Land) -> None:
    """A shaded slope under the crest."""
    edge = land.band.edge
    deep = land.unit * land.random.uniform(0.10, 0.2)
    lower = [(x, y + deep * (0.2 + abs(math.sin(i * 0.37 + land.nth)))) for i, (x, y) in enumerate(edge)]
    land.canvas.veil(
        smooth((*edge, *reversed(lower)), tension=0.9),
        land.ink(graded(land.colour, light=0.90, turn=-8)),
        0.75,
    )
    ripples = []
    for _ in range(9):
        x, y = land.spot(0.7)
        wide = land.unit * land.random.uniform(0.05, 0.16)
        ripples.append(
            smooth(
                [
                    (x - wide, y),
                    (x - wide * 0.3, y - wide * 0.06),
                    (x + wide * 0.4, y + wide * 0.03),
                    (x + wide, y - wide * 0.02),
                ],
                closed=False,
            )
        )
    land.canvas.stroke(joined(ripples), land.ink(graded(land.colour, light=0.86)), 2.0, 0.5)


def _sand(land: Land) -> None:
    for _ in range(3):
        x, y = land.spot(0.8)
        land.canvas.veil(
            _lens(land, x, y + 10, land.unit * land.random.uniform(0.2, 0.5)),
            land.ink(graded(land.colour, light=0.95)),
            0.6,
        )
    dots = [ellipse(*land.spot(1), land.unit * land.random.uniform(0.001, 0.003)) for _ in range(40)]
    land.canvas.veil(joined(dots), land.ink(graded(land.colour, light=0.75)), 0.6)


def _street(land: Land) -> None:
    """A kerb, stones, and in rain the lights in the wet."""
    height, wide = land.canvas.height, land.canvas.width
    top = land.band.at(wide / 2)
    stones = []
    for row in range(9):
        y = top + (height - top) * ((row + 0.6) / 9) ** 1.5
        size = land.unit * 0.03 * (0.5 + row / 6)
        for _ in range(12):
            x = land.random.uniform(0, wide)
            stones.append(line((x, y), (x + size, y)))
    land.canvas.stroke(joined(stones), land.ink(graded(land.colour, light=0.84)), 2.4, 0.5)
    if land.nth == len(land.scene.bands) - 1:
        land.canvas.veil(
            rect(-5, top - land.unit * 0.006, wide + 10, land.unit * 0.014),
            land.ink(graded(land.colour, light=1.14)),
            0.95,
        )
    if land.scene.when.weather in {Weather.RAIN, Weather.STORM}:
        _wet(land, top)


def _wet(land: Land, top: float) -> None:
    lamp = "#ffcf80" if land.scene.when.hour in {Hour.DUSK, Hour.NIGHT} else land.inks.air.low
    for _ in range(16):
        x, y = (
            land.random.uniform(0, land.canvas.width),
            top + (land.canvas.height - top) * land.random.random(),
        )
        wide = land.unit * land.random.uniform(0.02, 0.09)
        land.canvas.veil(ellipse(x, y, wide, wide * 0.09), lamp, 0.26)


def _earth(land: Land) -> None:
    """A path that winds away, with stones."""
    wide, height = land.canvas.width, float(land.canvas.height)
    start = wide * (0.5 + 0.2 * land.random.uniform(-1, 1))
    if land.scene.when.white:
        return
    bend = wide * 0.16 * land.random.choice((-1, 1))
    top = land.band.at(start + bend) + 2
    deep = height - top
    left = [
        (start + bend - 12, top),
        (start + bend * 0.2 - wide * 0.05, top + deep * 0.3),
        (start - wide * 0.22, height + 30),
    ]
    right = [
        (start + wide * 0.24, height + 30),
        (start + bend * 0.4 + wide * 0.06, top + deep * 0.3),
        (start + bend + 12, top),
    ]
    bottom = smooth(left, closed=False)
    land.canvas.veil(
        bottom.onward(smooth(right, closed=False)), land.ink(graded(land.colour, light=1.07)), 0.7
    )
    dots = [
        ellipse(*land.spot(1), land.unit * land.random.uniform(0.002, 0.006), land.unit * 0.002)
        for _ in range(26)
    ]
    land.canvas.veil(joined(dots), land.ink(graded(land.colour, light=0.8)), 0.7)


def _quay(land: Land) -> None:
    """Courses of stone."""
    lines = []
    for row in range(1, 7):
        y = row * land.unit * 0.034
        points = [(x, edge + y) for x, edge in land.band.edge]
        lines.append(line(*points))
    land.canvas.stroke(joined(lines), land.ink(graded(land.colour, light=0.84)), 2, 0.55)
    coping = [(x, y) for x, y in land.band.edge] + [
        (x, y + land.unit * 0.014) for x, y in reversed(land.band.edge)
    ]
    land.canvas.veil(polygon(*coping), land.ink(graded(land.colour, light=1.12)), 0.9)


def _roof_windows(land: Land) -> None:
    """Lit windows of a far town."""
    if not land.scene.when.lit:
        return
    panes = []
    for _ in range(60):
        x = land.random.uniform(0, land.canvas.width)
        y = land.band.at(x) + land.unit * land.random.uniform(0.10, 0.7)
        panes.append(rect(x, y, land.unit * 0.010, land.unit * 0.016))
    land.canvas.veil(joined(panes), "#ffd98a", 0.55 if land.band.depth > 0.9 else 0.8)


_DETAILS: dict[Ground, Callable[[Land], None]] = {
    Ground.PEAKS: _peaks,
    Ground.GRASS: _grass,
    Ground.CROPS: _crops,
    Ground.ROCK: _rock,
    Ground.DUNES: _dunes,
    Ground.SAND: _sand,
    Ground.STREET: _street,
    Ground.EARTH: _earth,
    Ground.QUAY: _quay,
    Ground.ROOFS: _roof_windows,
}
