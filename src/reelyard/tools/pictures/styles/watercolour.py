"""Watercolour: washes of pigment on rough paper, darker where they dried at their edges, running where wet."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from reelyard.tools.pictures.styles.fields import (
    as_bytes,
    blocks,
    borders,
    noise,
    rim_light,
    soft,
    softened,
    wobbled,
)

PAPER = np.array((0.985, 0.972, 0.942), np.float32)
WET_BELOW = 52  # sheets lower than this run into each other
GREY = (0.34, 0.33, 0.33)
# How much of each colour a byte means, by channel.
PIGMENT = -np.log(np.clip(np.arange(256) / 255 / PAPER[:, None], 0.012, 1)).astype(np.float32)


def finish(seen: Any, guide: Any, random: Any) -> Any:
    """The drawing (bytes) as a watercolour."""
    height, width = seen.shape[:2]
    size = (width, height)
    wash, fine = noise(size, 190, random, 4), noise(size, 9, random)
    hand = noise(size, 52, random, 2)
    run = _run(seen, guide, wash)
    seen, areas = wobbled(run, guide[..., 1], hand * 2.4 + fine, wash * 2.4 - fine)
    grain = noise(size, 3.2, random, 2)
    near, far = _rims(areas)
    found = 0.75 + 0.55 * wash + 0.4 * hand
    edge = rim_light(size, 90, hand * 30 + wash * 30)
    uneven = 0.20 * wash + 0.12 * grain + _per_area(areas, random)
    made = np.empty_like(run)
    for rows in blocks(height):
        pigment = np.stack([np.take(PIGMENT[i], seen[rows, :, i]) for i in range(3)], axis=-1)
        # A thin wash shows the paper and how the water stood; a thick one covers both.
        thick = GREY[0] * pigment[..., 0] + GREY[1] * pigment[..., 1] + GREY[2] * pigment[..., 2]
        density = 1 + uneven[rows] / (1 + 0.9 * thick) + _rim(near[rows], far[rows], found[rows])
        pigment *= (-density * (0.72 + 0.28 * edge[rows]))[..., None]
        np.exp(pigment, out=pigment)
        pigment *= PAPER
        pigment *= (1 + 0.016 * grain[rows])[..., None]
        as_bytes(pigment, made[rows])
    return made


def _rims(ids: Any) -> tuple[Any, Any]:
    """The borders of washes in bytes, drawn finely and broadly."""
    line = Image.fromarray(borders(ids))
    return np.asarray(line.filter(ImageFilter.BoxBlur(1.3))), np.asarray(soft(line, 6))


def _rim(near: Any, far: Any, found: Any) -> Any:
    """A dark line where a wash ended, here lost and there found, and a paler zone beside it."""
    near, far = near.astype(np.float32) / 255, far.astype(np.float32) / 255
    return np.clip(near * found, 0, 0.6) - 0.30 * np.clip(far - near * 0.4, 0, 0.3)


def _per_area(ids: Any, random: Any) -> Any:
    """No two washes are mixed the same."""
    return (random.random(256, dtype=np.float32) * 0.22 - 0.11)[ids]


def _run(seen: Any, guide: Any, wash: Any) -> Any:
    """Far washes run into each other, near ones in a few places."""
    far = Image.fromarray(np.where(guide[..., 0] < WET_BELOW, np.uint8(153), np.uint8(26)))
    mask = np.asarray(soft(far, 8)) * np.clip(0.4 + 1.2 * wash, 0, 1)
    sharp, mild = Image.fromarray(seen), Image.fromarray(softened(seen, 9))
    return np.asarray(Image.composite(mild, sharp, Image.fromarray(mask.astype(np.uint8))))
