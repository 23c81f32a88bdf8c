"""Fields of chance and other pictures of numbers that finishes are made of. All are float32 of height by width."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

ROWS = 24
FINE, TILE = 6, 720  # pixels: of grain, of its tiles
Field = Any  # an array of float32


def noise(size: tuple[int, int], cell: float, random: Any, octaves: int = 1) -> Field:
    """Smooth noise of about -1 to 1 whose spots are `cell` pixels wide; each octave adds half as much at half the width.

    It is made small, for there is nothing in it that is finer than its last octave, and then enlarged once. Fine grain
    is made once and laid out like tiles: nobody can see that.
    """
    if cell < FINE and max(size) > TILE:
        tile = noise((min(TILE, size[0]), min(TILE, size[1])), cell, random, octaves)
        rows, columns = -(-size[1] // tile.shape[0]), -(-size[0] // tile.shape[1])
        return np.tile(tile, (rows, columns))[: size[1], : size[0]]
    width, height = size
    factor = max(1, int(cell / 2 ** (octaves - 1) / 4))
    small = (width // factor + 2, height // factor + 2)
    total = np.zeros((small[1], small[0]), np.float32)
    for octave in range(octaves):
        each = max(1.0, cell / factor / 2**octave)
        grid = random.random((int(small[1] / each) + 3, int(small[0] / each) + 3), dtype=np.float32) * 2 - 1
        # A little of the grid is left outside, so that no border shows.
        box = (0.5, 0.5, 0.5 + small[0] / each, 0.5 + small[1] / each)
        image = Image.fromarray(grid).resize(small, Image.Resampling.BICUBIC, box=box)
        total += np.asarray(image) * 0.5**octave
    if factor == 1:
        return total[:height, :width]
    box = (0.0, 0.0, width / factor, height / factor)
    return np.asarray(Image.fromarray(total).resize(size, Image.Resampling.BILINEAR, box=box))


def streaks(
    size: tuple[int, int], angle: float, random: Any, length: float = 90.0, width: float = 2.0
) -> Field:
    """Strokes of a pencil held at an angle, so long and so wide: 0 to 1."""
    wide, high = size
    side = int((wide**2 + high**2) ** 0.5) + 8
    fine = random.random((max(2, int(side / width)), max(2, int(side / length))), dtype=np.float32)
    turn = math.radians(angle)
    c, s = math.cos(turn), math.sin(turn)
    rows, columns = fine.shape
    x, y = columns / side, rows / side
    # From the picture, turned about its middle, to the small field of strokes.
    to = (
        c * x, -s * x, columns / 2 - x * (c * wide - s * high) / 2,
        s * y, c * y, rows / 2 - y * (s * wide + c * high) / 2,
    )  # fmt: skip
    image = Image.fromarray((fine * 255).astype(np.uint8))
    turned = image.transform(size, Image.Transform.AFFINE, to, Image.Resampling.BILINEAR)
    return np.asarray(turned).astype(np.float32) / 255


def soft(image: Any, radius: float) -> Any:
    """A picture softened; for wide radii it is made small first."""
    factor = max(1, int(radius / 2))
    if factor == 1:
        return image.filter(ImageFilter.GaussianBlur(radius))
    small = image.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return small.resize(image.size, Image.Resampling.BILINEAR)


def softened(seen: Any, radius: float) -> Any:
    """A picture of bytes, softened."""
    return np.asarray(soft(Image.fromarray(seen), radius))


def moved(field: Field, dx: int, dy: int) -> Field:
    """Shifted by whole pixels to the right and down, the border repeated."""
    height, width = field.shape[:2]
    return np.pad(field[: height - dy, : width - dx], ((dy, 0), (dx, 0)), mode="edge")


def wobbled(seen: Any, areas: Any, dx: Field, dy: Field) -> tuple[Any, Any]:
    """A picture of bytes and the numbers of its areas, every pixel taken from as far away as the fields say."""
    height, width = dx.shape
    # Four bytes to a pixel are fetched at once.
    four = np.empty((height, width, 4), np.uint8)
    four[..., :3], four[..., 3] = seen, areas
    packed, taken = four.view(np.uint32).reshape(-1), np.empty((height, width), np.uint32)
    columns = np.arange(width, dtype=np.float32)[None]
    for rows in blocks(height):
        y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] + dy[rows]
        places = np.clip(y, 0, height - 1).astype(np.int32) * width
        places += np.clip(columns + dx[rows], 0, width - 1).astype(np.int32)
        np.take(packed, places, out=taken[rows], mode="clip")
    moved_ = taken.view(np.uint8).reshape(height, width, 4)
    return moved_[..., :3], moved_[..., 3]


def blocks(height: int) -> Iterator[slice]:
    """So few rows at a time that what is reckoned with them stays in the processor's own memory."""
    for start in range(0, height, ROWS):
        yield slice(start, min(height, start + ROWS))


def as_bytes(values: Field, out: Any) -> None:
    """Values of 0 to 1 written as 0 to 255; `values` is spent."""
    values *= 255
    values += 0.5
    np.clip(values, 0, 255, out=values)
    out[...] = values


def borders(ids: Any) -> Any:
    """255 where neighbouring pixels belong to different areas, else 0."""
    found = np.zeros(ids.shape, np.uint8)
    found[:, 1:] = ids[:, 1:] != ids[:, :-1]
    found[1:] |= ids[1:] != ids[:-1]
    found *= 255
    return found


def rim_light(size: tuple[int, int], reach: float, rough: Field) -> Field:
    """1 within the picture, less and less towards its border, unevenly: paint thins out there."""
    width, height = size
    x = np.minimum(np.arange(width), width - 1 - np.arange(width)).astype(np.float32)[None]
    y = np.minimum(np.arange(height), height - 1 - np.arange(height)).astype(np.float32)[:, None]
    inner = np.clip((np.minimum(x, y) + rough) / reach, 0, 1)
    return inner * (2 - inner)
