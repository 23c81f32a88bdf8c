"""Night: deep colour, lights that bloom, a dark rim and a breath of grain."""

from __future__ import annotations

from typing import Any

import numpy as np

from reelyard.tools.pictures.styles.fields import noise, softened


def finish(seen: Any, _guide: Any, random: Any) -> Any:
    """The drawing (floats 0 to 1) as a night picture."""
    height, width = seen.shape[:2]
    size = (width, height)
    bright = np.clip(seen - 0.52, 0, 1) * 1.6
    bloom = softened(bright, 26)
    lit = 1 - (1 - seen) * (1 - np.clip(bloom, 0, 0.8) * np.array((1.0, 0.92, 0.8), np.float32))
    # A steeper curve and stronger colour: deep darks beside what shines.
    grey = lit.mean(axis=-1, keepdims=True)
    lit = np.clip(grey + (lit - grey) * (1.26 - 0.42 * grey), 0, 1)
    lit = lit * (0.80 + 0.42 * lit) + 0.02 * lit
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    rim = 1 - 0.34 * np.clip((x * x + y * y) / 2, 0, 1) ** 1.3
    brush = 1 + 0.035 * noise(size, 46, random, 3) + 0.02 * noise(size, 5, random)
    # Dither of one step keeps the long dark gradients from showing bands.
    dither = (random.random((height, width, 1), dtype=np.float32) - 0.5) * 0.012
    return lit * (rim * brush)[..., None] + dither
