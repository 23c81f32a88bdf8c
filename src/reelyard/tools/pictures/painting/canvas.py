"""Two drawings made at once: what is seen, and a guide for the finish of a style.

In the guide red is the height of the sheet, green a number of the area, blue what its surface is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from reelyard.tools.pictures.painting.ramps import Ramp, Stop, large, rings, single, strips
from reelyard.tools.pictures.things.paths import Path, polygon
from reelyard.tools.pictures.things.thing import Grain

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
GRAINS = {grain: 16 * (i + 2) for i, grain in enumerate(Grain)}
WIDE_GLOW = 60  # pixels of radius
CIRCLE = tuple(
    (math.cos(math.tau * i / 36), math.sin(math.tau * i / 36)) for i in range(36)
)  # as rings are drawn
AIRY, WATERY, SHINING = 8, 248, 255  # sky, water, lamps: as surfaces in the guide


@dataclass
class Canvas:
    """Collects areas from far to near."""

    width: int
    height: int
    random: Random
    _seen: list[str] = field(default_factory=list)
    _guide: list[str] = field(default_factory=list)
    _defs: list[str] = field(default_factory=list)
    _ramps: dict[str, Ramp] = field(default_factory=dict)

    def area(
        self,
        path: Path | str,
        fill: str,
        *,
        sheet: int,
        grain: int = GRAINS[Grain.SMOOTH],
        opacity: float = 1.0,
    ) -> None:
        """An area of one colour (or a fill that `gradient` gave), on a sheet of that height."""
        if opacity > 0.6:
            d = path if isinstance(path, str) else path.svg()
            path = path if fill in self._ramps else d
            number = 24 + self.random.randrange(208)
            self._guide.append(f'<path d="{d}" fill="#{min(sheet, 255):02x}{number:02x}{grain:02x}"/>')
        self.veil(path, fill, opacity)

    def veil(self, path: Path | str, fill: str, opacity: float = 1.0) -> None:
        """Something translucent over what is there: shade, mist, light. It is no area of its own."""
        ramp = self._ramps.get(fill)
        if ramp is not None and isinstance(path, Path) and single(path) and large(path):
            for part, colour, strong in strips(path, ramp, (0.0, float(self.height))):
                self.veil(polygon(*part).svg(), colour, opacity * strong)
            return
        d = path if isinstance(path, str) else path.svg()
        self._seen.append(
            f'<path d="{d}" fill="{fill if ramp is None else self._down(ramp)}"{_opacity(opacity)}/>'
        )

    def stroke(self, path: Path | str, colour: str, width: float, opacity: float = 1.0) -> None:
        """A line with round ends."""
        d = path if isinstance(path, str) else path.svg()
        self._seen.append(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:.2f}" stroke-linecap="round" '
            f'stroke-linejoin="round"{_opacity(opacity, "stroke")}/>'
        )

    def down(self, top: float, bottom: float, stops: Sequence[Stop]) -> str:
        """A fill that changes from `top` to `bottom`, in pixels."""
        ramp = Ramp(top, bottom, tuple(stops))
        name = f"ramp {len(self._ramps)}"
        self._ramps[name] = ramp
        return name

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 0.8) -> None:
        """A soft light."""
        stops = (
            (0.0, colour, strength),
            (0.25, colour, strength * 0.45),
            (0.6, colour, strength * 0.12),
            (1.0, colour, 0.0),
        )
        if radius > WIDE_GLOW:
            for inner, outer, strong in rings(radius, stops):
                d = _round(x, y, outer) + (_round(x, y, inner) if inner else "")
                # Without soft edges: these would show where rings meet.
                self._seen.append(
                    f'<path d="{d}" fill="{colour}" fill-rule="evenodd" fill-opacity="{strong:.4f}" '
                    'shape-rendering="crispEdges"/>'
                )
            return
        place = f'gradientUnits="userSpaceOnUse" cx="{x:.1f}" cy="{y:.1f}" r="{max(radius, 0.1):.1f}"'
        fill = self._gradient("radialGradient", place, stops)
        self._seen.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>')

    def raw(self, seen: str) -> None:
        """SVG as it is, in the seen drawing only; the caller answers for escaping."""
        self._seen.append(seen)

    def svg(self) -> str:
        return self._document(self._seen, self._defs)

    def guide(self) -> str:
        return self._document(self._guide, ())

    def _down(self, ramp: Ramp) -> str:
        place = f'gradientUnits="userSpaceOnUse" x1="0" y1="{ramp.top:.0f}" x2="0" y2="{ramp.bottom:.0f}"'
        return self._gradient("linearGradient", place, ramp.stops)

    def _gradient(self, kind: str, place: str, stops: Sequence[Stop]) -> str:
        name = f"g{len(self._defs)}"
        inner = "".join(
            f'<stop offset="{offset:.3f}" stop-color="{colour}" stop-opacity="{opacity:.3f}"/>'
            for offset, colour, opacity in stops
        )
        self._defs.append(f'<{kind} id="{name}" {place}>{inner}</{kind}>')
        return f"url(#{name})"

    def _document(self, body: Sequence[str], defs: Sequence[str]) -> str:
        head = HEAD.format(self.width, self.height)
        return f"{head}<defs>{''.join(defs)}</defs>{''.join(body)}</svg>"


def _opacity(value: float, of: str = "fill") -> str:
    """Of the paint rather than the element: that would be drawn on a layer of its own, at several times the cost."""
    return "" if value >= 1 else f' {of}-opacity="{value:.3f}"'


def _round(x: float, y: float, radius: float) -> str:
    """A circle of straight lines: where two rings meet, these end at the same pixels, which curves do not."""
    return "M" + "L".join(f"{x + radius * c:.1f} {y + radius * s:.1f}" for c, s in CIRCLE) + "Z"
