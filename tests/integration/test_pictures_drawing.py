"""Pictures are really drawn, in a limited child."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from reelyard.kit.processes import runner_in
from reelyard.media.story import Chunk, Story
from reelyard.tools.pictures.drawing import PictureOrder, draw, foretold, picture_key
from reelyard.tools.pictures.look import look_of
from reelyard.tools.pictures.scene import PictureShape, Style

TEXT = "At dusk the woman rowed her boat past the lighthouse, and a gull sat on the rocks by the sea."
STORY = Story("The lamp & the <gull>", "en", (Chunk(1, TEXT),))


def _order(
    folder: Path, name: str, shape: PictureShape = PictureShape.WIDE, text: str = TEXT
) -> PictureOrder:
    return PictureOrder(folder / f"{name}.jpg", text, shape)


@pytest.mark.parametrize("style", list(Style))
def test_every_style_draws_every_shape(style: Style, tmp_path: Path) -> None:
    orders = [_order(tmp_path, shape.name, shape) for shape in PictureShape]
    heard: list[int] = []

    made = draw(orders, look_of(STORY, style), tmp_path, run=runner_in(tmp_path), tell=heard.append)

    assert heard == [1, 2, 3]
    for order, one in zip(orders, made, strict=True):
        with Image.open(one.path) as image:
            assert (image.format, image.size) == ("JPEG", order.shape.size)
            colours = image.convert("RGB").resize((64, 64)).getcolors(4096)
        assert colours is not None
        assert len(colours) > 400
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".jpg"] * 3


def test_the_same_order_gives_the_same_bytes_whatever_else_is_drawn(tmp_path: Path) -> None:
    look = look_of(STORY, Style.PAPER_CUT)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()

    draw([_order(first, "a")], look, first, run=runner_in(first))
    draw(
        [_order(second, "z", text="A fox in the forest."), _order(second, "b")],
        look,
        second,
        run=runner_in(second),
    )

    digests = {
        hashlib.sha256((path).read_bytes()).hexdigest() for path in (first / "a.jpg", second / "b.jpg")
    }
    assert len(digests) == 1


def test_cover_and_card_carry_words_and_are_foretold(tmp_path: Path) -> None:
    abstract = Story("On enough", "en", (Chunk(1, "Nothing is harder to define than sufficiency."),))
    look = look_of(abstract, Style.WATERCOLOUR)
    card = _order(tmp_path, "card", PictureShape.SQUARE, abstract.text)
    cover = PictureOrder(tmp_path / "cover.jpg", TEXT, PictureShape.SQUARE, cover=True)

    made = draw([card, cover], look, tmp_path, run=runner_in(tmp_path))

    assert [one.drawn for one in made] == [False, True]
    assert "Nothing is harder to define than sufficiency." in made[0].description
    assert made[1].description.endswith("under the title “On enough”.")
    assert [foretold(order, look) for order in (card, cover)] == made


def test_a_key_changes_with_all_that_a_picture_depends_on_and_nothing_else(tmp_path: Path) -> None:
    look = look_of(STORY, Style.NIGHT)
    order = _order(tmp_path, "a")
    others = [
        (_order(tmp_path, "a", text=TEXT + " And a dog."), look),
        (_order(tmp_path, "a", PictureShape.TALL), look),
        (PictureOrder(order.path, TEXT, order.shape, seed=3), look),
        (PictureOrder(order.path, TEXT, order.shape, prompt="a fox"), look),
        (order, look_of(STORY, Style.PENCIL)),
        (order, look_of(STORY, Style.NIGHT, "in winter")),
    ]

    keys = {picture_key(one, its) for one, its in others} | {picture_key(order, look)}

    assert len(keys) == len(others) + 1
    assert picture_key(_order(tmp_path / "elsewhere", "b"), look) == picture_key(order, look)


def test_no_orders_start_no_child(tmp_path: Path) -> None:
    assert draw([], look_of(STORY, Style.NIGHT), tmp_path, run=runner_in(tmp_path)) == []
