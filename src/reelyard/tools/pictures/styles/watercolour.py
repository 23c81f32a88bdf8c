"""Watercolour: washes of pigment on rough paper, darker where they dried at their edges, running where wet."""

from __future__ import annotations

from typing import Any

import numpy as np

from reelyard.tools.pictures.styles.fields import blurred, borders, noise, rim_light, softened, wobbled

PAPER = np.array((0.985, 0.972, 0.942), np.float32)
WET_BELOW = 52  # sheets lower than this run into each other
GREY = np.array((0.34, 0.33, 0.33), np.float32)


def finish(seen: Any, guide: Any, random: Any) -> Any:
    """The drawing (floats 0 to 1) as a watercolour."""
    height, width = seen.shape[:2]
    size = (width, height)
    wash, fine = noise(size, 190, random, 4), noise(size, 9, random)
    hand = noise(size, 52, random, 2)
    seen, areas = wobbled((_run(seen, guide, wash), guide), hand * 2.4 + fine, wash * 2.4 - fine)
    grain = noise(size, 3.2, random, 2)
    rim = _rim(areas[..., 1], wash, hand)
    pigment = -np.log(np.clip(seen / PAPER, 0.012, 1))
    # A thin wash shows the paper and how the water stood; a thick one covers both.
    thin = 1 / (1 + 0.9 * (pigment @ GREY))
    density = 1 + (0.20 * wash + 0.12 * grain + _per_area(areas[..., 1], random)) * thin + rim
    painted = 0.72 + 0.28 * rim_light(size, 90, hand * 30 + wash * 30)
    pigment *= (density * painted)[..., None]
    np.negative(pigment, out=pigment)
    np.exp(pigment, out=pigment)
    pigment *= PAPER
    pigment *= (1 + 0.016 * grain)[..., None]
    return pigment


def _rim(ids: Any, wash: Any, hand: Any) -> Any:
    """A dark line where a wash ended, here lost and there found, and a paler zone beside it."""
    line = borders(ids)
    near, far = blurred(line, 1.1), blurred(line, 6)
    return np.clip(near * (0.75 + 0.55 * wash + 0.4 * hand), 0, 0.6) - 0.30 * np.clip(
        far - near * 0.4, 0, 0.3
    )


def _per_area(ids: Any, random: Any) -> Any:
    """No two washes are mixed the same."""
    return (random.random(256, dtype=np.float32) * 0.22 - 0.11)[ids]


def _run(seen: Any, guide: Any, wash: Any) -> Any:
    """Far washes run into each other, near ones in a few places."""
    wet = blurred(np.where(guide[..., 0] < WET_BELOW, 0.6, 0.10).astype(np.float32), 8)
    wet = wet * np.clip(0.4 + 1.2 * wash, 0, 1)
    return seen + (softened(seen, 9) - seen) * wet[..., None]
