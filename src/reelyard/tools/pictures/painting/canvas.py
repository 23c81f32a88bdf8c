"""Two drawings made at once: what is seen, and a guide for the finish of a style.

In the guide red is the height of the sheet, green a number of the area, blue what its surface is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from reelyard.tools.pictures.things.paths import Path
from reelyard.tools.pictures.things.thing import Grain

Stop = tuple[float, str, float]  # offset, colour, opacity
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
GRAINS = {grain: 16 * (i + 2) for i, grain in enumerate(Grain)}
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
        d = path if isinstance(path, str) else path.svg()
        self._seen.append(f'<path d="{d}" fill="{fill}"{_opacity(opacity)}/>')
        if opacity > 0.6:
            number = 24 + self.random.randrange(208)
            self._guide.append(f'<path d="{d}" fill="#{min(sheet, 255):02x}{number:02x}{grain:02x}"/>')

    def veil(self, path: Path | str, fill: str, opacity: float = 1.0) -> None:
        """Something translucent over what is there: shade, mist, light. It is no area of its own."""
        d = path if isinstance(path, str) else path.svg()
        self._seen.append(f'<path d="{d}" fill="{fill}"{_opacity(opacity)}/>')

    def stroke(self, path: Path | str, colour: str, width: float, opacity: float = 1.0) -> None:
        """A line with round ends."""
        d = path if isinstance(path, str) else path.svg()
        self._seen.append(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:.2f}" stroke-linecap="round" '
            f'stroke-linejoin="round"{_opacity(opacity, "stroke")}/>'
        )

    def down(self, top: float, bottom: float, stops: Sequence[Stop]) -> str:
        """A fill that changes from `top` to `bottom`, in pixels."""
        place = f'gradientUnits="userSpaceOnUse" x1="0" y1="{top:.0f}" x2="0" y2="{bottom:.0f}"'
        return self._gradient("linearGradient", place, stops)

    def across(self, start: tuple[float, float], end: tuple[float, float], stops: Sequence[Stop]) -> str:
        """A fill that changes from point to point."""
        (ax, ay), (bx, by) = start, end
        place = f'gradientUnits="userSpaceOnUse" x1="{ax:.0f}" y1="{ay:.0f}" x2="{bx:.0f}" y2="{by:.0f}"'
        return self._gradient("linearGradient", place, stops)

    def round(self, x: float, y: float, radius: float, stops: Sequence[Stop]) -> str:
        """A fill that changes from a middle outwards."""
        place = f'gradientUnits="userSpaceOnUse" cx="{x:.1f}" cy="{y:.1f}" r="{max(radius, 0.1):.1f}"'
        return self._gradient("radialGradient", place, stops)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 0.8) -> None:
        """A soft light."""
        stops = (
            (0.0, colour, strength),
            (0.25, colour, strength * 0.45),
            (0.6, colour, strength * 0.12),
            (1.0, colour, 0.0),
        )
        fill = self.round(x, y, radius, stops)
        self._seen.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>')

    def raw(self, seen: str) -> None:
        """SVG as it is, in the seen drawing only; the caller answers for escaping."""
        self._seen.append(seen)

    def svg(self) -> str:
        return self._document(self._seen, self._defs)

    def guide(self) -> str:
        return self._document(self._guide, ())

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
