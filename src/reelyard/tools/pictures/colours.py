"""Colours as people see them: mixing and grading in OKLab (Björn Ottosson, 2020)."""

from __future__ import annotations

import math
from functools import lru_cache

Lab = tuple[float, float, float]


@lru_cache(maxsize=8192)
def lab(colour: str) -> Lab:
    """OKLab of #rrggbb: lightness 0 to 1, then green-red and blue-yellow."""
    r, g, b = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def rgb(value: Lab) -> str:
    """#rrggbb of an OKLab colour, the nearest that screens have."""
    light, a, b = value
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(part)):02x}" for part in parts)


def mix(one: str, other: str, share: float) -> str:
    """`share` of `other` in `one`: 0 is all `one`."""
    a, b = lab(one), lab(other)
    k = max(0.0, min(1.0, share))
    return rgb((a[0] + (b[0] - a[0]) * k, a[1] + (b[1] - a[1]) * k, a[2] + (b[2] - a[2]) * k))


def graded(
    colour: str, *, light: float = 1.0, chroma: float = 1.0, lift: float = 0.0, turn: float = 0.0
) -> str:
    """Lightness and colourfulness multiplied, then lightness lifted, hue turned by degrees."""
    value, a, b = lab(colour)
    c, s = math.cos(math.radians(turn)) * chroma, math.sin(math.radians(turn)) * chroma
    return rgb((max(0.0, min(1.0, value * light + lift)), a * c - b * s, a * s + b * c))


def lightness(colour: str) -> float:
    """0 black to 1 white."""
    return lab(colour)[0]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    part = max(0.0, min(1.0, part))
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
