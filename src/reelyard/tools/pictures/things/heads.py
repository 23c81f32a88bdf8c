"""Heads of people: face, hair, beard, hat, crown."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, mixed
from reelyard.tools.pictures.things.thing import Dress, Grain

if TYPE_CHECKING:
    from reelyard.tools.pictures.things.figures import Figure


class Hair(StrEnum):
    SHORT = "short"
    LONG = "long"
    BOB = "bob"
    BUN = "bun"
    BRAID = "braid"
    CURLS = "curls"
    RING = "ring"  # bald above


class Hat(StrEnum):
    BRIM = "brim"
    CAP = "cap"
    WOOL = "wool"
    BONNET = "bonnet"
    CROWN = "crown"
    HELMET = "helmet"
    SHAKO = "shako"
    POINTED = "pointed"  # of witches and wizards
    TRICORNE = "tricorne"
    STRAW = "straw"


FACE = "0,-8.8 5,-7.4 7.3,-3.4 7.3,-1.4 9.2,1 7.5,2.2 7.3,4.4 5.2,7.8 1,8.6 -4,7 -7.4,2.4 -8,-2 -5.4,-7"
HAIRS = {
    Hair.SHORT: "7.4,-5 4.6,-9.6 -1,-11 -7,-8.6 -9.8,-2 -9,4.4 -5.6,7 -4.6,3 -4.4,-0.6 -1.6,-3.2 3,-4",
    Hair.LONG: "7.2,-4.6 4.6,-9.8 -1,-11 -7,-8.8 -10,-2 -10.4,8 -12,20 -5,22 -1.4,17 -3.4,9 -3.6,0 -1,-3.4 3,-4.4",
    Hair.BOB: "7.4,-4 4.8,-9.8 -1,-11.2 -7.4,-8.8 -10.4,-2 -11,6 -9,9.6 -3,9 -2.4,3 -2.4,-1 0,-3.4 3.4,-3.6",
    Hair.BUN: "7.2,-4.8 4.6,-9.6 -1,-10.8 -7,-8.6 -9.4,-2 -8.4,3.6 -5.4,4.6 -4,0 -1.4,-3.4 3,-4.2",
    Hair.BRAID: "7.2,-4.6 4.6,-9.8 -1,-11 -7,-8.8 -9.8,-2 -9.4,5 -6,7 -4,2 -3.6,-1 -1,-3.6 3,-4.4",
    Hair.RING: "-3.6,-2.6 -7.4,-5 -9.2,-1 -8.6,4.6 -5.6,6.4 -4.2,3",
}
OWN = {Hat.CROWN: "#d6a94a", Hat.HELMET: "#9aa2a8", Hat.STRAW: "#d8bb78"}
USUAL = {Hat.POINTED: "#453d5c", Hat.TRICORNE: "#3d3a42"}  # where the dress names no hat
HATS: dict[
    Hat, tuple[tuple[float | str, str], ...]
] = {  # a colour, or how much lighter (darker) than the hat's own
    Hat.CROWN: (
        (0, "-8,-6! -9.6,-16! -5,-11.4! -1.4,-18! 2.4,-11.6! 7,-17! 6.8,-6.6!"),
        (0.4, "-10.7,-16 -9.6,-17.1 -8.5,-16 -9.6,-14.9"),
        (0.4, "-2.5,-18 -1.4,-19.1 -0.3,-18 -1.4,-16.9"),
        (0.4, "5.9,-17 7,-18.1 8.1,-17 7,-15.9"),
        (-0.25, "-8,-6! -8.2,-8! 6.9,-8.6! 6.8,-6.6!"),
    ),
    Hat.HELMET: (
        ("#a8463c", "-1,-12 -4,-19 -12,-20 -17,-13 -12,-15 -8,-13"),
        ("#9aa2a8", "-9.6,7! -10,-3 -6.6,-10 -0.6,-12.4 5.6,-10 8.6,-3 9.4,2! 3,1! 3,4! 8.4,5! 6,9.6 0,10!"),
    ),
    Hat.SHAKO: (
        (0, "-8.6,-4! -9,-19! 7.6,-19! 7.4,-4.4!"),
        (0, "7,-5 12,-2.6 7,-3"),
        ("#b8473d", "-0.4,-19! 1.4,-26! 3,-19!"),
        ("#d6a94a", "-0.6,-12 1.4,-14 3.4,-12 1.4,-10"),
    ),
    Hat.BRIM: (
        (0, "-8.6,-5 -8,-14.6 -3,-17.4 0,-16 3.6,-17 7,-14 7.6,-5.4"),
        (-0.4, "-8.8,-5! -8.6,-8! 7.4,-8.4! 7.7,-5.4!"),
        (0, "-15,-3 -8,-6 0,-5.4 8,-6.6 14.4,-4.6 8,-3.6 0,-2.8 -8,-2.6"),
    ),
    Hat.POINTED: (
        (0, "-9.4,-5! -6,-16 -5,-25 -12,-33! -1,-31 4,-22 7.8,-6!"),
        (-0.4, "-9.4,-5! -8.4,-9! 7.2,-9.6! 7.8,-6!"),
        (0.05, "-18,-2.4 -9,-6.4 0,-6 9,-7 17,-5 9,-3.6 0,-2.8 -9,-2.4"),
    ),
    Hat.TRICORNE: (
        (0, "-8.6,-5 -7,-12 0,-14.4 6,-12 7.6,-6"),
        (-0.15, "-15,-9! -8,-4 0,-3 9,-4.6 14,-10! 6,-7.6 0,-10.6 -8,-8"),
        ("#d6a94a", "-15,-9! -8,-8 0,-10.6 6,-7.6 14,-10! 6,-8.8 0,-12 -8,-9.4"),
    ),
    Hat.STRAW: (
        (0, "-8.8,-5 -8,-12 -2,-14.4 5,-13 7.8,-6"),
        ("#8a4f46", "-8.9,-4.6! -8.8,-8! 7.3,-8.6! 7.9,-5.4!"),
        (0.12, "-18,-2 -8,-5.6 0,-5 9,-6.4 17.4,-3.6 9,-2.8 0,-2 -9,-1.4"),
    ),
    Hat.CAP: (
        (0, "-9.8,-3.4 -9.6,-9 -3,-13 4,-12 8,-7.4 7.8,-4.6! -2,-5"),
        (-0.3, "6,-7 12.6,-4.2 12,-3.2 6,-4.4"),
    ),
    Hat.WOOL: (
        (0.4, "-5.8,-16 -2.4,-19.4 1,-16 -2.4,-12.6"),
        (0, "-10,-3.6 -9,-10.6 -2,-14.6 5,-12 8,-4.4"),
        (0.22, "-10.6,-6 0,-7.2 8.6,-6.8 8.8,-3.2 0,-3.4 -10.6,-2.4"),
    ),
    Hat.BONNET: (
        (0, "5,-12.4! 8.6,-4! 3,-2 -1,2 -1.6,8.4 -7,8 -11,1 -10,-8 -4,-13"),
        (0.18, "6,-13.4! 10.6,-6! 8,-3.4 2.6,-2 1,3! -1.4,3! -0.6,-4 3.4,-8"),
    ),
}


def head(sketch: Sketch, held: tuple[Point, float, float], figure: Figure, dress: Dress) -> None:
    """A head at a place, nodding by degrees, so many times its usual size."""
    (x, y), nod, size = held

    def put(path: Path) -> Path:
        return path.turned(nod).scaled(size).moved(x, y)

    sketch.fill(put(limb([(-1, 4), (-1.6, 14)], [7, 7.4], blunt=True)), darker(dress.skin, 0.14))
    if figure.hair is Hair.BRAID:
        braid = [ellipse(-10.2 - i * 0.3, 6 + i * 4.2, 2.6 - i * 0.16, 2.6) for i in range(5)]
        sketch.fill(put(joined(braid)), darker(dress.hair, 0.08))
    if figure.hair is Hair.BUN:
        sketch.fill(put(ellipse(-10.6, -5, 4.4)), darker(dress.hair, 0.08))
    sketch.fill(put(traced(FACE)), dress.skin)
    sketch.fill(put(ellipse(4.4, 3.2, 1.7, 1.3)), mixed(dress.skin, "#c9604f", 0.4))
    if figure.eyes_shut:
        sketch.line(put(soft([(3.2, -1), (4.6, -0.1), (6, -1)], closed=False)), "#2a2230", 0.7)
    else:
        sketch.fill(put(ellipse(4.6, -0.9, 0.75, 1)), "#2a2230")
    if figure.beard:
        sketch.fill(
            put(traced("7.4,2.6 8,5 7.4,11 4,15.6 0.4,13 -3.6,7 -4.6,2 -2.4,2.6 1,4.6 4.6,3.2")), figure.beard
        )
    if figure.hair is Hair.CURLS:
        curls = [
            ellipse(a, b, 3.4)
            for a, b in (
                (5, -7),
                (1, -9.6),
                (-4, -9.4),
                (-8, -6),
                (-9.6, -1.4),
                (-9.2, 3.4),
                (-6.6, 6.4),
                (-3, -5),
                (1.4, -6.4),
            )
        ]
        sketch.fill(put(joined(curls)), dress.hair)
    else:
        sketch.fill(put(traced(HAIRS[figure.hair])), dress.hair)
    if figure.hair not in (Hair.BRAID, Hair.RING):
        sketch.fill(put(ellipse(-2.4, 1.4, 1.3, 1.7)), darker(dress.skin, 0.06))
    _hat(sketch, put, figure.hat, dress)


def _hat(sketch: Sketch, place: Callable[[Path], Path], kind: Hat, dress: Dress) -> None:
    colour = OWN.get(kind) or dress.hat or USUAL.get(kind)
    if kind is Hat.SHAKO:
        colour = darker(dress.hat or dress.coat, 0.6)
    if not colour:
        return
    for tone, trace in HATS[kind]:
        sketch.fill(place(traced(trace)), _toned(colour, tone), Grain.CLOTH)


def _toned(colour: str, tone: float | str) -> str:
    if isinstance(tone, str):
        return tone
    return darker(colour, -tone) if tone < 0 else lighter(colour, tone)
