"""The light of each hour: skies, haze and what they do to the colours of things. Chosen by eye, per story one set."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reelyard.tools.pictures.colours import graded, mix
from reelyard.tools.pictures.scene import Circumstances, Hour, Weather

SETS = 4
SNOW_LIGHT = "#dfe8f6"


@dataclass(frozen=True, slots=True)
class Air:
    """Sky and light of one picture."""

    top: str
    middle: str
    low: str
    haze: str  # what far things fade into
    sun: str
    tint: str  # what everything takes some of
    tinted: float
    light: float  # multiplies lightness
    chroma: float
    thick: float = 0.62  # how much of the haze lies on the farthest band

    def on(self, colour: str, depth: float, spot: float = 0.0) -> str:
        """A colour of plain daylight, in this air, at that depth (0 near, 1 far).

        `spot` 1 keeps most of its own colour: what a picture is about is seen in the dark, too.
        """
        light = self.light + (1 - self.light) * 0.5 * spot
        tinted = self.tinted * (0.85 + 0.15 * depth) * (1 - 0.6 * spot)
        seen = mix(graded(colour, light=light, chroma=self.chroma), self.tint, tinted)
        return mix(seen, self.haze, self.thick * depth**1.1)

    @property
    def shade(self) -> str:
        """The colour of shadows."""
        return mix(graded(self.top, light=0.42, chroma=0.9), self.tint, 0.25)


def _air(skies: str, sun: str, tint: str, *numbers: float) -> Air:
    top, middle, low, haze = skies.split()
    tinted, light, chroma = numbers
    return Air(top, middle, low, haze, sun, tint, tinted, light, chroma)


AIRS: dict[Hour, tuple[Air, ...]] = {
    Hour.DAY: (
        _air("#79afcb #b9d8de #f2ead6 #d3e0dd", "#fff3cf", "#f4e2b8", 0.07, 1.0, 1.0),
        _air("#86b6b4 #c5dcca #f6ebca #dbe3cd", "#fff1c4", "#f2dfa6", 0.10, 1.0, 0.96),
        _air("#8fb0dc #cbd8ea #f8e9da #dadfe8", "#fff4dc", "#f3dccb", 0.08, 1.0, 0.95),
        _air("#6ea6b8 #a9cfcf #efe3c0 #cfdccb", "#fff0bd", "#eed9a0", 0.10, 0.99, 1.02),
    ),
    Hour.DAWN: (
        _air("#7f9dc4 #eec6ba #fce4b8 #eed3c4", "#fff0c8", "#f7bfa2", 0.20, 0.95, 0.90),
        _air("#8d92c4 #e4b9c6 #fddfc4 #e3cbd0", "#ffeccb", "#f2b3b0", 0.20, 0.94, 0.88),
        _air("#83aebd #e3cdb8 #fde6ac #e6d8c0", "#fff2c0", "#f5cd94", 0.20, 0.95, 0.92),
        _air("#9a9fca #f0bfa8 #ffe2a4 #edcdbb", "#fff0be", "#f6b78c", 0.20, 0.95, 0.92),
    ),
    Hour.DUSK: (
        _air("#4b4a80 #b06a8e #f7aa72 #b98299", "#ffdf9e", "#8c4f86", 0.26, 0.80, 0.92),
        _air("#37507f #9c7497 #f4b684 #a58a9f", "#ffe0a6", "#5f5c96", 0.26, 0.80, 0.90),
        _air("#57406f #c4665f #f9c67a #c0837a", "#ffe29a", "#a2556a", 0.25, 0.80, 0.95),
        _air("#2f5a77 #7f8f9f #f3b976 #9c9c98", "#ffdf9a", "#5d6a8a", 0.26, 0.79, 0.92),
    ),
    Hour.NIGHT: (
        _air("#0e1838 #1f3160 #46598a #34477a", "#fdf6dc", "#1f3a78", 0.42, 0.64, 0.82),
        _air("#131a36 #283566 #565a92 #3d4379", "#fdf4dc", "#33397f", 0.42, 0.64, 0.82),
        _air("#0b1d33 #173d58 #3a6c84 #2b566f", "#fbf7e0", "#1b4a6e", 0.42, 0.64, 0.82),
        _air("#15142f #2c2a5a #5d5488 #413c74", "#fff3d8", "#38307a", 0.42, 0.64, 0.82),
    ),
}
GREY = {Hour.DAY: "#a3adb3", Hour.DAWN: "#b5aeb2", Hour.DUSK: "#6c6a80", Hour.NIGHT: "#1d2740"}
COVER = {  # how much of the sky is covered, and how thick the air is
    Weather.CLEAR: (0.0, 0.62),
    Weather.WIND: (0.06, 0.60),
    Weather.CLOUDY: (0.30, 0.66),
    Weather.SNOW: (0.26, 0.72),
    Weather.RAIN: (0.55, 0.76),
    Weather.STORM: (0.72, 0.72),
    Weather.FOG: (0.40, 0.92),
}


def air_of(when: Circumstances, palette: int) -> Air:
    """The air of a time and weather in one of a story's palettes."""
    air = AIRS[when.hour][palette % SETS]
    cover, thick = COVER[when.weather]
    if when.white and when.hour is not Hour.NIGHT:
        air = replace(air, haze=mix(air.haze, SNOW_LIGHT, 0.5), tint=mix(air.tint, SNOW_LIGHT, 0.55))
    grey = graded(GREY[when.hour], light=0.72) if when.weather is Weather.STORM else GREY[when.hour]
    return replace(
        air,
        top=mix(air.top, grey, cover),
        middle=mix(air.middle, grey, cover * 0.9),
        low=mix(air.low, grey, cover * 0.65),
        haze=mix(air.haze, grey, cover * 0.6),
        tint=mix(air.tint, grey, cover * 0.8),
        tinted=air.tinted + cover * 0.16,
        light=air.light * (1 - cover * 0.10),
        chroma=air.chroma * (1 - cover * 0.25),
        thick=thick,
    )


def indoors(hour: Hour, outside: Air) -> Air:
    """The light in a room: day by the window, lamps at night. Nothing in a room is far."""
    tint, tinted, light, chroma = {
        Hour.DAY: ("#f6e2b8", 0.08, 0.98, 0.98),
        Hour.DAWN: ("#f4c9a0", 0.14, 0.95, 0.95),
        Hour.DUSK: ("#dd8f5a", 0.22, 0.84, 0.95),
        Hour.NIGHT: ("#a85a35", 0.24, 0.76, 0.95),
    }[hour]
    return replace(outside, haze=tint, tint=tint, tinted=tinted, light=light, chroma=chroma, thick=0.0)
