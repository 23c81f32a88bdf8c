"""The pictures of a story, drawn by several children at once: each is its own, as if it had been drawn alone."""

from __future__ import annotations

from pathlib import Path

from reelyard.kit.processes import runner_in
from reelyard.media.info import Kind, MediaInfo
from reelyard.media.story import Chunk, Story
from reelyard.pipelines.story import PIPELINE
from reelyard.pipelines.telling.drawn import AT_ONCE, DrawnPictures
from reelyard.pipelines.telling.picture import Wanted
from reelyard.testing.local_context import LocalContext, LocalFolder
from reelyard.tools.pictures.drawing import PictureOrder, draw, picture_key
from reelyard.tools.pictures.look import look_of
from reelyard.tools.pictures.scene import PictureShape, Style

SHOWN = (
    "A red boat lay on the sea.", "The cat slept by the stove.", "A tower stood on the hill.", "Snow fell at night.",
    "A fox ran in the forest.", "The bridge led over the river.", "A lighthouse shone.", "The horse stood in the rain.",
)  # fmt: skip
CHUNKS = tuple(Chunk(number, text) for number, text in enumerate(SHOWN, 1))
LOOK = look_of(Story("Pictures", "en", CHUNKS), Style.PAPER_CUT)


def orders(folder: Path) -> list[PictureOrder]:
    return [
        PictureOrder(folder / f"picture-{chunk.number:04}.jpg", chunk.text, PictureShape.SQUARE)
        for chunk in CHUNKS
    ]


def test_what_several_children_draw_at_once_is_what_one_draws_alone(tmp_path: Path) -> None:
    assert len(CHUNKS) > AT_ONCE  # more than one child has to draw
    for name in ("alone", "work"):
        (tmp_path / name).mkdir()
    alone = orders(tmp_path / "alone")
    draw(alone, LOOK, tmp_path / "alone", run=runner_in(tmp_path / "alone"))
    stage = next(stage for stage in PIPELINE.stages if stage.name == "illustrate")
    info = MediaInfo(Kind.DOCUMENT, "txt", "text/plain", 1)
    wanted = [
        Wanted(number, order.path.name, order, picture_key(order, LOOK))
        for number, order in enumerate(orders(tmp_path / "work"), 1)
    ]

    with LocalFolder(tmp_path / "folder") as folder:
        context = LocalContext(
            folder, stage, tmp_path / "no.txt", info, PIPELINE.validate({}), {}, tmp_path / "work", cores=2
        )
        made = DrawnPictures(context, LOOK, instead=False).made(wanted)

        assert sorted(made) == [one.role for one in wanted]
        same = [folder.artifact(one.path.name).read_bytes() == one.path.read_bytes() for one in alone]
        assert same == [True] * len(CHUNKS)
