"""What a style decides while a picture is drawn; its finish works on the drawn picture afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from reelyard.tools.pictures.colours import graded
from reelyard.tools.pictures.palettes import Air, air_of, indoors
from reelyard.tools.pictures.scene import Circumstances, Hour, Place, Style


@dataclass(frozen=True, slots=True)
class Manner:
    """How a style draws."""

    name: Style
    tone: Callable[[str], str]  # what it makes of every colour
    shade: float = 0.26  # opacity of the side away from the light
    outline: float = 0.0  # pixels; 0 draws none
    flat: bool = False  # no gradients but in the sky
    soft: float = 1.0  # strength of glows
    night: bool = False  # every hour is night


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of one picture: its air, in the style's tone."""

    air: Air
    manner: Manner
    outside: Air  # the same but in a room, where it is what the window shows

    def ink(self, colour: str, depth: float, spot: float = 0.0) -> str:
        """A colour of plain daylight as it is painted at that depth; `spot` as for `Air.on`."""
        return self.manner.tone(self.air.on(colour, depth, spot))

    def plain(self, colour: str) -> str:
        """A colour of sky or light, in the style's tone only."""
        return self.manner.tone(colour)


MANNERS = {
    Style.WATERCOLOUR: Manner(
        Style.WATERCOLOUR, lambda c: graded(c, light=0.90, lift=0.075, chroma=1.08), shade=0.22, soft=0.8
    ),
    Style.PAPER_CUT: Manner(
        Style.PAPER_CUT, lambda c: graded(c, chroma=1.12), shade=0.15, flat=True, soft=0.75
    ),
    Style.PENCIL: Manner(
        Style.PENCIL,
        lambda c: graded(c, light=0.84, lift=0.13, chroma=0.86),
        shade=0.34,
        outline=2.2,
        soft=0.5,
    ),
    Style.NIGHT: Manner(Style.NIGHT, lambda c: graded(c, chroma=1.10), shade=0.34, soft=1.25, night=True),
}


def inks_of(style: Style, when: Circumstances, palette: int) -> tuple[Inks, Circumstances]:
    """The colours of a picture, and the circumstances as that style shows them."""
    manner = MANNERS[style]
    if manner.night:
        when = replace(when, hour=Hour.NIGHT)
    outside = air_of(when, palette)
    return Inks(indoors(when.hour, outside) if when.place is Place.ROOM else outside, manner, outside), when
