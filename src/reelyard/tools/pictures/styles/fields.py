"""Fields of chance and other pictures of numbers that finishes are made of. All are float32 of height by width."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageFilter

Field = Any  # an array of float32


def noise(size: tuple[int, int], cell: float, random: Any, octaves: int = 1) -> Field:
    """Smooth noise of about -1 to 1 whose spots are `cell` pixels wide; each octave adds half as much at half the width.

    It is made small, for there is nothing in it that is finer than its last octave, and then enlarged once.
    """
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
    image = Image.fromarray((fine * 255).astype(np.uint8)).resize((side, side), Image.Resampling.BILINEAR)
    turned = image.rotate(angle, Image.Resampling.BILINEAR)
    left, top = (side - wide) // 2, (side - high) // 2
    return np.asarray(turned.crop((left, top, left + wide, top + high)), np.float32) / 255


def blurred(field: Field, radius: float) -> Field:
    """A field of 0 to 1, softened, in steps of 1/255."""
    image = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(soft(image, radius), np.float32) / 255


def soft(image: Any, radius: float) -> Any:
    """A picture softened; for wide radii it is made small first."""
    factor = max(1, int(radius / 2.5))
    if factor == 1:
        return image.filter(ImageFilter.GaussianBlur(radius))
    small = image.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return small.resize(image.size, Image.Resampling.BILINEAR)


def softened(seen: Field, radius: float) -> Field:
    """A picture of three colours, 0 to 1, softened."""
    image = Image.fromarray((np.clip(seen, 0, 1) * 255).astype(np.uint8))
    return np.asarray(soft(image, radius), np.float32) / 255


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
    places = rows * width + columns
    return tuple(np.take(picture.reshape(height * width, -1), places, axis=0) for picture in pictures)


def borders(ids: Field) -> Field:
    """1 where neighbouring pixels belong to different areas, else 0."""
    found = np.zeros(ids.shape, np.float32)
    found[:, 1:] = ids[:, 1:] != ids[:, :-1]
    found[1:] = np.maximum(found[1:], ids[1:] != ids[:-1])
    return found


def rim_light(size: tuple[int, int], reach: float, rough: Field) -> Field:
    """1 within the picture, less and less towards its border, unevenly: paint thins out there."""
    width, height = size
    x = np.minimum(np.arange(width), width - 1 - np.arange(width)).astype(np.float32)[None]
    y = np.minimum(np.arange(height), height - 1 - np.arange(height)).astype(np.float32)[:, None]
    inner = np.clip((np.minimum(x, y) + rough) / reach, 0, 1)
    return inner * (2 - inner)
