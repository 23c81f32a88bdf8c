"""Night: deep colour, lights that bloom, a dark rim and a breath of grain."""

from __future__ import annotations

from typing import Any

import numpy as np

from reelyard.tools.pictures.styles.fields import as_bytes, blocks, noise, softened

BLOOM = np.array((1.0, 0.92, 0.8), np.float32)
BRIGHT = np.clip((np.arange(256) / 255 - 0.52) * 1.6 * 255, 0, 255).astype(np.uint8)  # what of a byte shines


def finish(seen: Any, _guide: Any, random: Any) -> Any:
    """The drawing (bytes) as a night picture."""
    height, width = seen.shape[:2]
    size = (width, height)
    bloom = softened(BRIGHT[seen], 26)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None] ** 2
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    brush = 1 + 0.035 * noise(size, 46, random, 3) + 0.02 * noise(size, 5, random)
    # Dither of one step keeps the long dark gradients from showing bands.
    dither = (random.random((height, width, 1), dtype=np.float32) - 0.5) * 0.012
    made = np.empty_like(seen)
    for rows in blocks(height):
        dark = 1 - seen[rows].astype(np.float32) / 255
        dark *= 1 - np.minimum(bloom[rows].astype(np.float32) / 255, 0.8) * BLOOM
        lit = 1 - dark
        # A steeper curve and stronger colour: deep darks beside what shines.
        grey = (lit[..., 0] + lit[..., 1] + lit[..., 2])[..., None] / 3
        lit = np.clip(grey + (lit - grey) * (1.26 - 0.42 * grey), 0, 1)
        lit *= 0.82 + 0.42 * lit
        rim = 1 - 0.34 * ((x + y[rows]) / 2) ** 1.3
        lit *= (rim * brush[rows])[..., None]
        lit += dither[rows]
        as_bytes(lit, made[rows])
    return made
