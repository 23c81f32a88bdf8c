"""Pictures as servers send them, fitted to the size that was ordered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from reelyard.errors import ServerRefused
from reelyard.kit.processes import runner_in
from reelyard.tools.servers.picture_files import fit_picture

GREEN, WHITE = (10, 200, 30), (255, 255, 255)


def fitted(folder: Path, image: Image.Image, size: tuple[int, int], **saved: object) -> Image.Image:
    source, target = folder / "picture.answer", folder / "picture.jpg"
    image.save(source, **saved)  # type: ignore[arg-type]
    fit_picture(source, target, size, run=runner_in(folder))
    return Image.open(target)


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 8 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_each_format_is_fitted(tmp_path: Path, form: str) -> None:
    found = fitted(tmp_path, Image.new("RGB", (96, 64), GREEN), (320, 180), format=form)

    assert (found.format, found.size) == ("JPEG", (320, 180))
    assert near(found.getpixel((160, 90)), GREEN)


def test_a_tall_picture_covers_a_wide_one_and_is_cut_about_its_middle(tmp_path: Path) -> None:
    image = Image.new("RGB", (100, 300), WHITE)
    image.paste(GREEN, (0, 125, 100, 175))

    found = fitted(tmp_path, image, (200, 80), format="PNG")

    assert near(found.getpixel((5, 40)), GREEN)
    assert near(found.getpixel((195, 40)), GREEN)


def test_what_shines_through_becomes_white(tmp_path: Path) -> None:
    found = fitted(tmp_path, Image.new("RGBA", (64, 64), (255, 0, 0, 0)), (32, 32), format="PNG")

    assert near(found.getpixel((16, 16)), WHITE)


def test_a_picture_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "picture.answer"
    Image.effect_noise((64, 64), 50).save(source, format="PNG")
    source.write_bytes(source.read_bytes()[:60])

    with pytest.raises(ServerRefused, match="cannot be read"):
        fit_picture(source, tmp_path / "picture.jpg", (32, 32), run=runner_in(tmp_path))
