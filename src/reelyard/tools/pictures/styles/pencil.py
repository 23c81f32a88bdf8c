"""Coloured pencil: strokes in several directions on off-white paper, closer where it is dark."""

from __future__ import annotations

from typing import Any

import numpy as np

from reelyard.tools.pictures.styles.fields import noise, rim_light, streaks, wobbled

PAPER = np.array((0.968, 0.952, 0.915), np.float32)
ANGLES = (38.0, -32.0, 62.0)


def finish(seen: Any, guide: Any, random: Any) -> Any:
    """The drawing (floats 0 to 1) as a pencil drawing."""
    height, width = seen.shape[:2]
    size = (width, height)
    wave = noise(size, 34, random, 2)
    seen, guide = wobbled((seen, guide), wave * 1.5, noise(size, 30, random, 2) * 1.5)
    first, second, cross = (streaks(size, angle, random, 55, 1.3) for angle in ANGLES)
    tooth = noise(size, 2.0, random) * 0.16
    dark = 1 - seen @ np.array((0.30, 0.59, 0.11), np.float32)
    stroke = np.where(guide[..., 1] % 2 == 0, first, second)
    laid = _laid(dark * 0.95 + 0.16, stroke + tooth)
    laid = np.maximum(laid, _laid(dark * 1.1 - 0.42, cross + tooth))
    edge = 0.68 + 0.32 * rim_light(size, 60, (first - 0.5) * 90)
    cover = (0.60 + 0.37 * laid) * edge
    pigment = _richer(seen)
    pigment -= PAPER
    pigment *= cover[..., None]
    pigment += PAPER
    pigment *= (1 + tooth * 0.06)[..., None]
    return pigment


def _laid(tone: Any, stroke: Any) -> Any:
    """Whether a stroke left colour: where it is high enough for the tone."""
    return np.clip((tone + 0.24 - stroke) * 2.0, 0, 1)


def _richer(seen: Any) -> Any:
    """Strokes are stronger than the tone that they make together with the paper between them."""
    grey = seen @ np.full(3, 1 / 3, np.float32)
    return np.clip(seen * 1.5 - (grey * 0.66)[..., None], 0, 1)
