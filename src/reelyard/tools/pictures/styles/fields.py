"""Fields of chance and other pictures of numbers that finishes are made of. All are float32 of height by width."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageFilter

Field = Any  # an array of float32


def noise(size: tuple[int, int], cell: float, random: Any, octaves: int = 1) -> Field:
    """Smooth noise of about -1 to 1 whose spots are `cell` pixels wide; each octave adds half as much at half the width."""
    width, height = size
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        each = max(1.0, cell / 2**octave)
        small = (max(2, int(height / each) + 3), max(2, int(width / each) + 3))
        grid = random.random(small, dtype=np.float32) * 2 - 1
        image = Image.fromarray(grid)
        # A little of the grid is left outside, so that no border shows.
        box = (1.0, 1.0, 1.0 + width / each, 1.0 + height / each)
        box = (1.0, 1.0, min(box[2], small[1]), min(box[3], small[0]))
        total += np.asarray(image.resize((width, height), Image.Resampling.BICUBIC, box=box)) * 0.5**octave
    return total


def streaks(size: tuple[int, int], angle: float, random: Any, length: float = 90.0) -> Field:
    """Strokes of a pencil held at an angle: 0 to 1."""
    width, height = size
    side = int((width**2 + height**2) ** 0.5) + 8
    fine = random.random((side // 2, max(2, int(side / length))), dtype=np.float32)
    image = Image.fromarray(fine).resize((side, side), Image.Resampling.BICUBIC)
    turned = image.rotate(angle, Image.Resampling.BILINEAR)
    left, top = (side - width) // 2, (side - height) // 2
    return np.asarray(turned.crop((left, top, left + width, top + height)))


def blurred(field: Field, radius: float) -> Field:
    """Softened; wide blurs are made small first."""
    height, width = field.shape
    factor = max(1, int(radius / 4))
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    if factor > 1:
        image = image.reduce(factor)
    for _ in range(2):
        image = _box(image, radius / factor)
    if factor > 1:
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image)


def moved(field: Field, dx: int, dy: int) -> Field:
    """Shifted by whole pixels, the border repeated."""
    height, width = field.shape[:2]
    rows = np.clip(np.arange(height) - dy, 0, height - 1)
    columns = np.clip(np.arange(width) - dx, 0, width - 1)
    return field[rows][:, columns]


def wobbled(pictures: tuple[Field, ...], dx: Field, dy: Field) -> tuple[Field, ...]:
    """Each picture with every pixel taken from as far away as the fields say."""
    height, width = dx.shape
    rows = np.clip(np.arange(height, dtype=np.float32)[:, None] + dy, 0, height - 1).astype(np.int32)
    columns = np.clip(np.arange(width, dtype=np.float32)[None] + dx, 0, width - 1).astype(np.int32)
    places = (rows * width + columns).ravel()
    return tuple(
        np.take(picture.reshape(height * width, -1), places, axis=0).reshape(picture.shape)
        for picture in pictures
    )


def borders(ids: Field) -> Field:
    """1 where neighbouring pixels belong to different areas, else 0."""
    found = np.zeros(ids.shape, np.float32)
    found[:, 1:] = ids[:, 1:] != ids[:, :-1]
    found[1:] = np.maximum(found[1:], ids[1:] != ids[:-1])
    return found


def sheet_edge(size: tuple[int, int], margin: float, rough: Field) -> Field:
    """1 within the picture, 0 at the unpainted border, with an uneven edge between."""
    width, height = size
    x = np.minimum(np.arange(width), width - 1 - np.arange(width)).astype(np.float32)[None]
    y = np.minimum(np.arange(height), height - 1 - np.arange(height)).astype(np.float32)[:, None]
    inner = np.minimum(x, y) + rough
    return np.clip((inner - margin) / 3.0, 0, 1)


def _box(image: Any, radius: float) -> Any:
    """A box blur of a float image: Pillow's filter does not take them, so it is done by running sums."""
    r = max(1, round(radius))
    values = np.asarray(image)
    for axis in (0, 1):
        padded = np.concatenate(
            (
                np.repeat(values.take([0], axis), r + 1, axis),
                values,
                np.repeat(values.take([-1], axis), r, axis),
            ),
            axis,
        )
        sums = np.cumsum(padded, axis=axis, dtype=np.float32)
        count = values.shape[axis]
        hi = sums.take(range(2 * r + 1, 2 * r + 1 + count), axis)
        values = (hi - sums.take(range(count), axis)) / (2 * r + 1)
    return Image.fromarray(np.ascontiguousarray(values, np.float32))


__all__ = ["ImageFilter", "blurred", "borders", "moved", "noise", "sheet_edge", "streaks", "wobbled"]
