"""Paper cut: sheets of coloured paper lying on each other, each with its shadow and its fibres."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from reelyard.tools.pictures.styles.fields import as_bytes, blocks, moved, noise, soft

SHINING = 255
COOL = np.array((1.0, 0.94, 0.84), np.float32)  # shadows on paper are bluish rather than black


def finish(seen: Any, guide: Any, random: Any) -> Any:
    """The drawing (bytes) as a paper cut."""
    height, width = seen.shape[:2]
    size = (width, height)
    sheets = np.ascontiguousarray(guide[..., 0])
    near, far = _above(sheets, (5, 7), 4), _above(sheets, (12, 18), 18)
    below = moved(sheets, 2, 2)
    fibres = noise(size, 2.2, random) * 0.018 + noise(size, 26, random, 2) * 0.012
    per_sheet = random.random(256, dtype=np.float32) * 0.05 - 0.025
    made = np.empty_like(seen)
    for rows in blocks(height):
        own = sheets[rows].astype(np.float32)
        shadow = _shadow(near[rows], own, 9.0) * 0.30 + _shadow(far[rows], own, 26.0) * 0.34
        shadow *= guide[rows, :, 2] != SHINING
        light = (1 - np.clip(shadow, 0, 0.62)) * (1 + fibres[rows] + per_sheet[sheets[rows]])
        bevel = np.clip((own - below[rows]) * (42 / 255), 0, 1) * 0.085
        values = seen[rows].astype(np.float32) / 255
        values *= 1 - (1 - light)[..., None] * COOL
        values += bevel[..., None]
        as_bytes(values, made[rows])
    return made


def _above(sheets: Any, offset: tuple[int, int], radius: float) -> Any:
    """How high the sheets lie on the side from which the light comes, softly."""
    return np.asarray(soft(Image.fromarray(moved(sheets, *offset)), radius))


def _shadow(above: Any, own: Any, reach: float) -> Any:
    """How much of the light higher sheets take away."""
    return np.clip((above - own - np.float32(1.5)) / np.float32(reach), 0, 1)
