"""Watercolour: washes of pigment on rough paper, darker where they dried at their edges, running where wet."""

from __future__ import annotations

from typing import Any

import numpy as np

from reelyard.tools.pictures.styles.fields import blurred, borders, noise, sheet_edge, wobbled

PAPER = np.array((0.985, 0.972, 0.942), np.float32)
WET_BELOW = 52  # sheets lower than this run into each other


def finish(seen: Any, guide: Any, random: Any) -> Any:
    """The drawing (floats 0 to 1) as a watercolour."""
    height, width = seen.shape[:2]
    size = (width, height)
    coarse = noise(size, 70, random, 3)
    fine = noise(size, 9, random)
    seen, guide = wobbled(
        (seen, guide), coarse * 3.2 + fine * 1.1, noise(size, 60, random, 2) * 3.2 + fine * 0.9
    )
    grain = noise(size, 3.2, random, 2)
    rim = _rim(guide[..., 1], coarse)
    density = 1 + 0.17 * coarse + 0.07 * grain + rim + _per_area(guide[..., 1], random)
    seen = _run(seen, guide[..., 0], coarse)
    pigment = -np.log(np.maximum(seen / PAPER, 0.012))
    painted = sheet_edge(size, 26, noise(size, 40, random, 3) * 15)
    # Pigment settles in the hollows of the paper: most where it is laid on thinly.
    settled = (density + 0.05 * grain)[..., None] * np.maximum(pigment, 0) * painted[..., None]
    return np.exp(-settled) * PAPER * (1 + 0.018 * grain)[..., None]


def _rim(ids: Any, coarse: Any) -> Any:
    """A dark line where a wash ended, here lost and there found, and a paler zone beside it."""
    line = borders(ids)
    near, far = blurred(line, 1), blurred(line, 7)
    return np.clip(near * (0.60 + 0.7 * coarse), 0, 0.55) - 0.35 * np.clip(far - near * 0.4, 0, 0.3)


def _per_area(ids: Any, random: Any) -> Any:
    """No two washes are mixed the same."""
    return (random.random(256, dtype=np.float32) * 0.16 - 0.08)[ids]


def _run(seen: Any, sheets: Any, coarse: Any) -> Any:
    """Far washes run into each other, near ones in a few places."""
    wet = np.where(sheets < WET_BELOW, 0.55, 0.14).astype(np.float32)
    wet = blurred(wet, 10) * np.clip(0.45 + coarse, 0, 1)
    soft = np.stack([blurred(seen[..., i], 9) for i in range(3)], axis=-1)
    return seen + (soft - seen) * wet[..., None]
