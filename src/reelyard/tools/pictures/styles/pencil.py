"""Coloured pencil: strokes in several directions on off-white paper, closer where it is dark."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from reelyard.tools.pictures.styles.fields import as_bytes, blocks, noise, rim_light, streaks, wobbled

PAPER = np.array((0.968, 0.952, 0.915), np.float32)
# Strokes are stronger than the tone that they make together with the paper between them.
RICHER = (1.28, -0.22, -0.22, 0, -0.22, 1.28, -0.22, 0, -0.22, -0.22, 1.28, 0)
ANGLES = (38.0, -32.0, 62.0)


def finish(seen: Any, guide: Any, random: Any) -> Any:
    """The drawing (bytes) as a pencil drawing."""
    height, width = seen.shape[:2]
    size = (width, height)
    wave = noise(size, 34, random, 2)
    seen, areas = wobbled(seen, guide[..., 1], wave * 1.5, noise(size, 30, random, 2) * 1.5)
    first, second, cross = (streaks(size, angle, random, 55, 1.3) for angle in ANGLES)
    tooth = noise(size, 2.0, random) * 0.16
    edge = rim_light(size, 60, (first - 0.5) * 90)
    image = Image.fromarray(np.ascontiguousarray(seen))
    grey, rich = np.asarray(image.convert("L")), np.asarray(image.convert("RGB", RICHER))
    made = np.empty_like(rich)
    for rows in blocks(height):
        dark, grain = 1 - grey[rows].astype(np.float32) / 255, tooth[rows]
        stroke = np.where(areas[rows] % 2 == 0, first[rows], second[rows])
        laid = _laid(dark * 0.95 + 0.16, stroke + grain)
        laid = np.maximum(laid, _laid(dark * 1.1 - 0.42, cross[rows] + grain))
        cover = (0.60 + 0.37 * laid) * (0.68 + 0.32 * edge[rows])
        pigment = rich[rows].astype(np.float32) / 255
        pigment -= PAPER
        pigment *= cover[..., None]
        pigment += PAPER
        pigment *= (1 + grain * 0.06)[..., None]
        as_bytes(pigment, made[rows])
    return made


def _laid(tone: Any, stroke: Any) -> Any:
    """Whether a stroke left colour: where it is high enough for the tone."""
    return np.clip((tone + 0.24 - stroke) * 2.0, 0, 1)
