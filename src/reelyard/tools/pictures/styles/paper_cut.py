"""Paper cut: sheets of coloured paper lying on each other, each with its shadow and its fibres."""

from __future__ import annotations

from typing import Any

import numpy as np

from reelyard.tools.pictures.styles.fields import blurred, moved, noise

SHINING = 255


def finish(seen: Any, guide: Any, random: Any) -> Any:
    """The drawing (floats 0 to 1) as a paper cut."""
    height, width = seen.shape[:2]
    size = (width, height)
    sheets = guide[..., 0].astype(np.float32) / 255
    shadow = _shadow(sheets, (5, 7), 4, 9.0) * 0.30 + _shadow(sheets, (12, 18), 18, 26.0) * 0.34
    shadow *= guide[..., 2] != SHINING
    bevel = np.clip((sheets - moved(sheets, 2, 2)) * 42, 0, 1) * 0.085
    fibres = noise(size, 2.2, random) * 0.018 + noise(size, 26, random, 2) * 0.012
    per_sheet = (random.random(256, dtype=np.float32) * 0.05 - 0.025)[guide[..., 0]]
    light = (1 - np.clip(shadow, 0, 0.62)) * (1 + fibres + per_sheet)
    # Shadows on paper are bluish rather than black.
    cool = np.array((1.0, 0.94, 0.84), np.float32)
    return seen * (1 - (1 - light)[..., None] * cool) + bevel[..., None]


def _shadow(sheets: Any, offset: tuple[int, int], radius: float, reach: float) -> Any:
    """How much of the light higher sheets take away."""
    above = blurred(moved(sheets, *offset), radius)
    return np.clip(((above - sheets) * 255 - 1.5) / reach, 0, 1)
